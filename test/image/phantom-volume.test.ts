import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { seededRandom } from "../../src/array/random.ts"
import { type Box, bricksOf, type Triple, wholeOf } from "../../src/image/brick.ts"
import { likeHolotomography } from "../../src/image/phantom-slice/settings.ts"
import { modelPower, ringPower, windowEdge, windowSpectrum } from "../../src/image/phantom-slice/spectrum.ts"
import { latticeBits, smoothField } from "../../src/image/phantom-volume/lattice-field.ts"
import { type PhantomVolumeSettings, phantomPresets } from "../../src/image/phantom-volume/settings.ts"
import { radiusToward, randomDirection, randomStarShape } from "../../src/image/phantom-volume/star-shape.ts"
import { addTally, emptyTally, particleTruths, solidLabels } from "../../src/image/phantom-volume/truth.ts"
import {
  type PhantomPart,
  type PhantomVolume,
  phantomBox,
  phantomVolume,
} from "../../src/image/phantom-volume/volume.ts"

const cube = (edge: number): Triple => [edge, edge, edge]
/** Voxels of 0.8 µm: particles of some 14 voxels */
const coarse = 0.8e-6

const whole = (phantom: PhantomVolume): PhantomPart => phantomBox(phantom, wholeOf(phantom))

/** Voxels of a box within a part of the whole volume. */
const within = <A extends { [at: number]: number }>(
  values: A,
  { shape }: PhantomVolume,
  { from, to }: Box,
): number[] => {
  const out: number[] = []
  for (let z = from[2]; z < to[2]; z++)
    for (let y = from[1]; y < to[1]; y++)
      for (let x = from[0]; x < to[0]; x++) out.push(values[x + shape[0] * (y + shape[1] * z)])
  return out
}

const share = (values: ArrayLike<number>, test: (value: number, at: number) => boolean): number => {
  let count = 0
  for (let i = 0; i < values.length; i++) if (test(values[i], i)) count++
  return count / values.length
}

const meanWhere = (values: ArrayLike<number>, test: (at: number) => boolean): number => {
  let [sum, count] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    if (!test(i)) continue
    sum += values[i]
    count++
  }
  return sum / count
}

/** Pairs of different labels that share a face, an edge or a corner, as text. */
const contacts = (labels: Int32Array, [nx, ny, nz]: Triple): ReadonlySet<string> => {
  const pairs = new Set<string>()
  for (let z = 0, i = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, i++) {
        if (labels[i] === 0) continue
        for (const [dx, dy, dz] of [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
          [1, 1, 0],
          [1, 0, 1],
          [0, 1, 1],
          [1, 1, 1],
        ]) {
          if (x + dx >= nx || y + dy >= ny || z + dz >= nz) continue
          const other = labels[i + dx + nx * (dy + ny * dz)]
          if (other !== 0 && other !== labels[i])
            pairs.add(`${Math.min(other, labels[i])} ${Math.max(other, labels[i])}`)
        }
      }
  return pairs
}

/** Everything at once on few voxels. */
const small: PhantomVolumeSettings = {
  ...phantomPresets.cracked([38, 30, 34], coarse, 5),
  collector: 2.4e-6,
  separator: 2.4e-6,
}
const smallPhantom = phantomVolume(small)
const smallWhole = whole(smallPhantom)

const box = fc
  .tuple(
    ...([0, 1, 2] as const).map((axis) => fc.tuple(fc.nat(small.shape[axis] - 1), fc.integer({ min: 1, max: 20 }))),
  )
  .map((spans): Box => {
    const at = (axis: 0 | 1 | 2): number => Math.min(small.shape[axis], spans[axis][0] + spans[axis][1])
    return { from: [spans[0][0], spans[1][0], spans[2][0]], to: [at(0), at(1), at(2)] }
  })

describe("any box of a phantom", () => {
  it("is the part of the whole, bit for bit", () => {
    fc.assert(
      fc.property(box, (part) => {
        const made = phantomBox(smallPhantom, part)
        for (const field of ["gray", "labels", "cracks", "phases"] as const) {
          expect([...made[field]]).toEqual(within(smallWhole[field], smallPhantom, part))
        }
      }),
      { numRuns: 25 },
    )
  })

  it("of the same settings is the same, of another seed another", () => {
    expect(whole(phantomVolume(small))).toEqual(smallWhole)
    const other = whole(phantomVolume({ ...small, seed: 6 }))
    expect(share(other.labels, (label, at) => label > 0 !== smallWhole.labels[at] > 0)).toBeGreaterThan(0.2)
  })

  it("adds to the same truth", () => {
    const tally = emptyTally(smallPhantom)
    for (const brick of bricksOf(smallPhantom, [17, 30, 9]))
      addTally(smallPhantom, phantomBox(smallPhantom, brick), tally)
    const once = emptyTally(smallPhantom)
    addTally(smallPhantom, smallWhole, once)
    expect(tally).toEqual(once)
  })

  it("has halo and noise of a tomograph where it is asked for: the same in any box, of the fitted spectrum", () => {
    const settings = phantomPresets.holotomography([96, 96, 96], 0.3e-6, 5)
    const phantom = phantomVolume(settings)
    const box: Box = { from: [30, 20, 40], to: [60, 60, 48] }
    const large: Box = { from: [10, 10, 34], to: [80, 70, 60] }
    const part = phantomBox(phantom, large)
    const inner: Box = { from: [20, 10, 6], to: [50, 50, 14] }
    const seen = { ...phantom, shape: [70, 60, 26] as Triple }
    expect(Array.from(phantomBox(phantom, box).gray)).toEqual(within(part.gray, seen, inner))

    const flat = { particle: 30_000, crack: 30_000, carbon: 30_000, pore: 30_000, collector: 30_000, separator: 30_000 }
    const bare = { particleSpread: 0, particleTexture: 0, matrixTexture: 0 }
    const even = phantomVolume({ ...settings, tones: { ...flat, ...bare }, drift: 0 })
    const { gray } = phantomBox(even, { from: [0, 0, 50], to: [96, 96, 51] })
    const { power } = windowSpectrum(Float32Array.from(gray), new Uint8Array(96 * 96).fill(1), 96, 96)
    const { bands, variance } = { bands: likeHolotomography(1, 1, 1).noise, variance: settings.noise ** 2 }
    const model = Float64Array.from({ length: power.length }, (_, k) => {
      const [f, g] = [k % windowEdge, Math.floor(k / windowEdge)].map((n) => (n > 16 ? n - windowEdge : n) / windowEdge)
      return modelPower({ bands, lean: 0 }, f, g)
    })
    const [found, wanted] = [power, model].map((one) => ringPower(one).all)
    const scale = variance / (model.reduce((sum, v) => sum + v, 0) / model.length)
    for (let ring = 1; ring < 14; ring++)
      expect(Math.abs(Math.log(found[ring] / (scale * wanted[ring])))).toBeLessThan(0.6)
  })

  it("must lie in it", () => {
    for (const wrong of [
      { from: [0, 0, 0], to: [39, 1, 1] },
      { from: [-1, 0, 0], to: [1, 1, 1] },
      { from: [3, 0, 0], to: [3, 1, 1] },
      { from: [0, 0, 0.5], to: [1, 1, 1] },
    ] as const) {
      expect(() => phantomBox(smallPhantom, wrong)).toThrow("does not lie in 38 × 30 × 34 voxels")
    }
  })
})

describe("the truth of a phantom", () => {
  const { labels, cracks, phases, gray } = smallWhole

  it("agrees with itself: cracks lie in particles, phases follow, the bands are empty", () => {
    expect(share(labels, (label, at) => label === 0 && cracks[at] !== 0)).toBe(0)
    expect(share(phases, (phase, at) => (phase === 1) !== (labels[at] > 0 && cracks[at] === 0))).toBe(0)
    expect(share(phases, (phase) => phase > 2)).toBe(0)
    expect(share(labels, (label) => label < 0 || label > smallPhantom.particles.length)).toBe(0)
    const plane = 38 * 30
    expect(share(labels.subarray(0, 3 * plane), (label) => label > 0)).toBe(0)
    expect(share(labels.subarray(-3 * plane), (label) => label > 0)).toBe(0)
    expect(share(solidLabels(smallWhole), (label, at) => label !== (cracks[at] === 0 ? labels[at] : 0))).toBe(0)
  })

  it("is what the gray values show: particles bright, cracks and pores dark, carbon between", () => {
    const inPhase = (phase: number) => meanWhere(gray, (at) => phases[at] === phase)
    const { tones } = small
    expect(inPhase(1)).toBeGreaterThan(0.9 * tones.particle - 0.1 * tones.pore)
    expect(inPhase(2)).toBeLessThan(tones.particle / 2 + tones.carbon / 2)
    // Narrow cracks are brightened by the blur, but stay below the solid.
    expect(meanWhere(gray, (at) => cracks[at] === 1)).toBeLessThan(inPhase(1) - 5000)
  })

  it("has particles of the asked sizes, and cracks in the asked share of them", () => {
    const settings = { ...phantomPresets.cracked(cube(100), 1.2e-6, 2), fragmentShare: 0.5 }
    const { particles } = phantomVolume(settings)
    const bodies = [...new Map(particles.map((each) => [each.body, each])).values()]
    const grown = bodies.filter(({ isFragment }) => !isFragment)
    const logs = grown.map(({ radius }) => Math.log((2 * radius * settings.voxel) / settings.diameter))
    expect(grown.length).toBeGreaterThan(200)
    expect(Math.abs(meanWhere(logs, () => true))).toBeLessThan(0.03)
    expect(Math.max(...logs.map(Math.abs))).toBeLessThan(2 * settings.diameterSpread + 0.02)
    expect(
      Math.abs(
        share(
          grown.map(({ cracks: own }) => (own === null ? 0 : 1)),
          (one) => one === 1,
        ) - 0.83,
      ),
    ).toBeLessThan(0.08)
    expect(Math.abs((bodies.length - grown.length) / grown.length - 0.5)).toBeLessThan(0.1)
  })

  it("gives whole, separate, sound particles the volume of their ball", () => {
    const phantom = phantomVolume({ ...phantomPresets.separate(cube(70), coarse, 1), grain: 0 })
    const tally = emptyTally(phantom)
    addTally(phantom, whole(phantom), tally)
    const truths = particleTruths(phantom, tally).filter(({ isCut }) => !isCut)
    expect(truths.length).toBeGreaterThan(10)
    for (const { diameter, volume, damage } of truths) {
      // Where two would come nearer than the gap, both are trimmed.
      expect(volume / ((Math.PI / 6) * diameter ** 3)).toBeGreaterThan(0.93)
      expect(volume / ((Math.PI / 6) * diameter ** 3)).toBeLessThan(1.03)
      expect(damage).toBe(0)
    }
  })
})

describe("the packing", () => {
  it.each(Object.entries(phantomPresets))("of %s reaches the share of particles and of carbon/binder", (_, preset) => {
    const settings = preset(cube(88), coarse, 3)
    const { labels, phases } = whole(phantomVolume(settings))
    expect(Math.abs(share(labels, (label) => label > 0) - settings.particleShare)).toBeLessThan(0.025)
    const carbon = share(phases, (phase) => phase === 2) / share(labels, (label) => label === 0)
    expect(Math.abs(carbon - settings.carbonShare)).toBeLessThan(0.06)
  })

  it("of separate particles keeps them apart; with a share of contacts that many neighbours touch", () => {
    const countOf = (contactShare: number): number => {
      // So many that without contacts they have to be trimmed.
      const settings = { ...phantomPresets.touching(cube(60), coarse, 4), particleShare: 0.5, contactShare }
      return contacts(whole(phantomVolume(settings)).labels, settings.shape).size
    }
    const [none, half, all] = [0, 0.5, 1].map(countOf)
    expect(none).toBe(0)
    expect(half).toBeGreaterThan(20)
    expect(all).toBeGreaterThan(1.5 * half)
  })

  it("fills a single plane too", () => {
    const phantom = phantomVolume(phantomPresets.touching([90, 80, 1], coarse, 1))
    const { labels, gray } = whole(phantom)
    expect(gray.length).toBe(90 * 80)
    expect(Math.abs(share(labels, (label) => label > 0) - 0.42)).toBeLessThan(0.12)
  })

  it("refuses settings that make no sense", () => {
    const wrong = (part: Partial<PhantomVolumeSettings>) => () => phantomVolume({ ...small, ...part })
    expect(wrong({ particleShare: 0.7 })).toThrow("expected particleShare in (0, 0.6]; found 0.7")
    expect(wrong({ diameter: Number.NaN })).toThrow("diameter of at least 4 voxels")
    expect(wrong({ shape: [10, 10, 0] })).toThrow("shape in whole voxels")
    expect(wrong({ seed: 1.5 })).toThrow("seed, a whole number from 0")
    expect(wrong({ collector: 1 })).toThrow("an electrode between the bands")
    expect(wrong({ blur: -1 })).toThrow("blur from 0")
    expect(wrong({ halo: { weight: 2, width: 1 } })).toThrow("a halo's weight in [0, 1]")
    expect(wrong({ noiseBands: [{ share: 1, length: 0.5 }] })).toThrow("bands of noise")
  })
})

describe("a star-convex shape", () => {
  it("has the volume of the unit ball, whatever its roughness", () => {
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.double({ min: 1, max: 2.5, noNaN: true }),
        fc.double({ min: 0, max: 0.1, noNaN: true }),
        (seed, elongation, roughness) => {
          const random = seededRandom(seed)
          const shape = randomStarShape(elongation, roughness, random)
          let sum = 0
          const samples = 4000
          for (let k = 0; k < samples; k++) sum += radiusToward(shape, ...randomDirection(random)) ** 3
          expect(sum / samples).toBeGreaterThan(0.95)
          expect(sum / samples).toBeLessThan(1.05)
        },
      ),
      { numRuns: 8 },
    )
  })

  it("is the ball without roughness and elongation, and is whole where two faces of the cube meet", () => {
    const ball = randomStarShape(1, 0, seededRandom(1))
    expect(ball.largest - ball.least).toBeLessThan(1e-12)
    const rough = randomStarShape(1.4, 0.08, seededRandom(2))
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1, noNaN: true }), fc.constantFrom(1, -1), (t, side) => {
        expect(radiusToward(rough, side + 1e-9, 1, t)).toBeCloseTo(radiusToward(rough, side, 1 + 1e-9, t), 6)
        expect(radiusToward(rough, t, side, 1 + 1e-9)).toBeCloseTo(radiusToward(rough, t, side + 1e-9, 1), 6)
      }),
    )
  })
})

describe("a smooth field", () => {
  it("has mean 0 and deviation 1, and neighbours that are alike", () => {
    const field = smoothField(9, 3, { from: [5, -7, 100], to: [65, 53, 160] })
    const mean = meanWhere(field, () => true)
    expect(Math.abs(mean)).toBeLessThan(0.05)
    expect(
      Math.abs(
        meanWhere(
          field.map((v) => v * v),
          () => true,
        ) - 1,
      ),
    ).toBeLessThan(0.1)
    const steps = field.slice(1).map((v, at) => (v - field[at]) ** 2)
    expect(meanWhere(steps, (at) => at % 60 !== 59)).toBeLessThan(0.4)
  })

  it("comes from bits that depend on the seed and on every coordinate", () => {
    const seen = new Set(
      [0, 1, 2, 3].flatMap((s) =>
        [0, 1, 2, 3].flatMap((x) => [0, 1, 2, 3].flatMap((y) => [0, 1, 2, 3].map((z) => latticeBits(s, x, y, z)))),
      ),
    )
    expect(seen.size).toBe(256)
    expect(() => smoothField(1, 0.5, { from: [0, 0, 0], to: [1, 1, 1] })).toThrow("0.5 voxels wide")
  })
})
