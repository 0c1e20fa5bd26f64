import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Triple } from "../../src/image/brick.ts"
import { enclosedVolume } from "../../src/image/smooth-surface.ts"
import type { ParticleCrop } from "../../src/particles/crop.ts"
import { measureParticle, type ParticleMeasures, particleSurface } from "../../src/particles/measure-particle.ts"
import { type ParticleSettings, publishedSettings } from "../../src/particles/particle-settings.ts"
import { drawnCrop, ellipsoid, evenNumbers, frameOf } from "./bodies.ts"

const settings: ParticleSettings = { closingRadius: 2.5, crackDepth: 2, contactReach: 1, roughnessLength: 3 }
const both: ParticleSettings = { ...settings, published: publishedSettings }
const seeds = fc.noShrink(fc.integer({ min: 0, max: 2 ** 30 }))

/** Two balls at a random turn and place, the second cut where it reaches into the first. */
const pair = (seed: number, radius: number, gap: number): ParticleCrop => {
  const even = evenNumbers(seed)
  const [n] = frameOf(even(), even(), even())
  const distance = 2 * radius + gap
  const edge = Math.ceil(2 * radius + distance + 7)
  const first = [0, 1, 2].map((a) => edge / 2 + even() - 0.5 - (n[a] * distance) / 2)
  const second = first.map((value, a) => value + n[a] * distance)
  return drawnCrop([edge, edge, edge], [1, 1, 1], (x, y, z) => {
    const near = Math.hypot(x - first[0], y - first[1], z - first[2])
    const far = Math.hypot(x - second[0], y - second[1], z - second[2])
    return near <= radius && near <= far ? 1 : far <= radius ? 2 : 0
  })
}
/** Share of the surface of the first ball that lies on the second one, or within one voxel of it. */
const exactContact = (radius: number, gap: number): number => {
  const distance = 2 * radius + gap
  const cut = Math.min(1, distance / (2 * radius))
  const disc = Math.PI * radius ** 2 * (1 - cut ** 2)
  // On the sphere (radius + 1)² = radius² + distance² − 2 radius distance cos.
  const near = (radius ** 2 + distance ** 2 - (radius + 1) ** 2) / (2 * radius * distance)
  const ring = 2 * Math.PI * radius ** 2 * Math.max(0, cut - near)
  return (disc + ring) / (disc + 2 * Math.PI * radius ** 2 * (1 + cut))
}

describe("two balls", () => {
  it.each([-4, -2, 0, 2])("with a gap of %i voxels touch with the exact share, to 0.01", (gap) => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const found = measureParticle(pair(seed, 11, gap), settings)
        expect(Math.abs(found.contact - exactContact(11, gap))).toBeLessThan(0.01)
        const [neighbour] = found.neighbours
        expect(neighbour.contactArea).toBeCloseTo(found.contact * found.surfaceOuter, 9)
        expect(Math.abs(neighbour.distance - Math.max(0, gap))).toBeLessThan(0.4)
        if (gap < 0) expect(neighbour.distance).toBe(0)
      }),
      { numRuns: 4 },
    )
  })
  it("are as far apart as they are, to 0.4 voxels, and without bias", () => {
    const errors: number[] = []
    fc.assert(
      fc.property(seeds, fc.double({ min: 1, max: 8, noNaN: true }), (seed, gap) => {
        const error = measureParticle(pair(seed, 8, gap), settings).neighbours[0].distance - gap
        errors.push(error)
        expect(Math.abs(error)).toBeLessThan(0.5)
      }),
      { numRuns: 24 },
    )
    expect(Math.abs(errors.reduce((sum, error) => sum + error, 0) / errors.length)).toBeLessThan(0.12)
  })
})

/** An ellipsoid among others in a volume with two matrix phases, cut by the border or not. */
const scene = (middle: Triple): ParticleCrop => {
  const shape: Triple = [44, 46, 48]
  const main = ellipsoid(11, 9, 7, frameOf(0.3, 0.6, 0.2))
  const second = ellipsoid(9, 8, 7, frameOf(0.8, 0.1, 0.5))
  const crop = drawnCrop(shape, [1, 1, 1], (x, y, z) => {
    const [u, v, w] = [x - middle[0], y - middle[1], z - middle[2]]
    if (main.inside(u, v, w)) return Math.abs(u + v) < 1 && w > -2 ? 0 : 1
    if (second.inside(u - 13, v - 9, w - 4)) return 2
    return Math.hypot(u + 14, v + 12, w) < 6 ? 3 : Math.hypot(u, v + 4, w - 17) < 5 ? 4 : 0
  })
  const phases = Uint8Array.from(crop.labels, (label, i) =>
    label > 0 ? 1 : Math.floor(i / 44) % 46 > middle[1] ? 2 : 0,
  )
  const gray = Float32Array.from(crop.labels, (label, i) => (label > 0 ? 100 + ((i * 7919) % 13) : 5))
  return { ...crop, phases, gray }
}
const inner: Triple = [21.3, 22.4, 20.2]

describe("the surface", () => {
  it.each([
    ["inside the volume", inner],
    ["cut by its border", [6.2, 22.4, 20.2] as Triple],
  ])("is shared out without rest, %s", (_, middle) => {
    const found = measureParticle(scene(middle), settings)
    const { contact, contactCarbonBinder, contactVoid, contactBorder } = found
    expect(contact + contactCarbonBinder + contactVoid + contactBorder).toBeCloseTo(1, 12)
    for (const share of [contact, contactCarbonBinder, contactVoid]) expect(share).toBeGreaterThan(0.01)
    const touching = found.neighbours.reduce((sum, { contactArea }) => sum + contactArea, 0)
    expect(touching / found.surfaceOuter).toBeCloseTo(contact, 12)
    expect(contactBorder > 0).toBe(found.cut)
  })
  it("is closed, looks outward, and encloses the volume where it lies", () => {
    const crop = { ...scene(inner), from: [100, 200, 300] as Triple, whole: [1000, 1000, 1000] as Triple }
    const surface = particleSurface(crop, settings)
    const found = measureParticle(crop, settings)
    const seen = new Map<string, number>()
    for (let t = 0; t < surface.triangles.length; t += 3)
      for (let k = 0; k < 3; k++) {
        const [a, b] = [surface.triangles[t + k], surface.triangles[t + ((k + 1) % 3)]]
        seen.set(`${a} ${b}`, (seen.get(`${a} ${b}`) ?? 0) + 1)
      }
    for (const [edge, count] of seen) expect(seen.get(edge.split(" ").reverse().join(" "))).toBe(count)
    const centred = surface.vertices.map((value, i) => value - found.centroid[i % 3])
    expect(enclosedVolume({ ...surface, vertices: centred }) / found.volume).toBeCloseTo(1, 9)
    expect(Math.max(...centred.map(Math.abs))).toBeLessThan(12)
    let area = 0
    for (let t = 0; t < surface.triangles.length; t += 3) {
      const [p, q, r] = [0, 1, 2].map((k) =>
        centred.subarray(3 * surface.triangles[t + k], 3 * surface.triangles[t + k] + 3),
      )
      const [u, v] = [q.map((value, a) => value - p[a]), r.map((value, a) => value - p[a])]
      area += Math.hypot(u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]) / 2
    }
    // Its triangles and the normals behind `surfaceOuter` are two measures of the same surface.
    expect(Math.abs(area / found.surfaceOuter - 1)).toBeLessThan(0.03)
  })
})

/** A crop whose axes are put in another order, some of them reversed. */
const rearranged = (crop: ParticleCrop, order: readonly number[], reversed: readonly boolean[]): ParticleCrop => {
  const shape = order.map((a) => crop.shape[a]) as unknown as Triple
  const source = Int32Array.from(crop.labels, (_, i) => {
    const place = [i % shape[0], Math.floor(i / shape[0]) % shape[1], Math.floor(i / (shape[0] * shape[1]))]
    const old = [0, 0, 0]
    order.forEach((axis, k) => {
      old[axis] = reversed[k] ? shape[k] - 1 - place[k] : place[k]
    })
    return old[0] + crop.shape[0] * (old[1] + crop.shape[1] * old[2])
  })
  return {
    ...crop,
    shape,
    whole: shape,
    spacing: order.map((a) => crop.spacing[a]) as unknown as Triple,
    labels: Int32Array.from(source, (i) => crop.labels[i]),
    ...(crop.phases ? { phases: Uint8Array.from(source, (i) => crop.phases![i]) } : {}),
    ...(crop.gray ? { gray: Float32Array.from(source, (i) => crop.gray![i]) } : {}),
  }
}

/** All that does not turn with the axes. */
const invariants = ({ published, gray, cracks, neighbours, ...m }: ParticleMeasures): readonly number[] => [
  m.elongation,
  m.volume,
  m.solidVolume,
  m.damage,
  m.surfaceInner,
  m.surfaceOuter,
  m.roughInner,
  m.roughOuter,
  m.contact,
  m.contactCarbonBinder,
  m.contactVoid,
  gray!.mean,
  gray!.deviation,
  ...Object.values(published!),
  cracks.count,
  cracks.largest,
  cracks.open,
  cracks.core,
  ...[...neighbours].sort((a, b) => a.label - b.label).map(({ contactArea }) => contactArea),
]

describe("what is measured", () => {
  const crop = scene(inner)
  const found = measureParticle(crop, both)

  it("does not change where the volume is flipped or its axes exchanged; tensor and centre turn along", () => {
    const orders = [
      [0, 1, 2],
      [1, 2, 0],
      [2, 1, 0],
      [1, 0, 2],
    ]
    orders.forEach((order, k) => {
      const reversed = [k % 2 === 0, k > 1, k === 0 || k === 3]
      const turned = measureParticle(rearranged(crop, order, reversed), both)
      invariants(turned).forEach((value, q) => {
        expect(Math.abs(value / (invariants(found)[q] || 1) - (invariants(found)[q] === 0 ? 0 : 1))).toBeLessThan(1e-9)
      })
      found.neighbours.forEach(({ label, distance }) => {
        expect(Math.abs(turned.neighbours.find((n) => n.label === label)!.distance - distance)).toBeLessThan(0.3)
      })
      const full = (t: ParticleMeasures["tensor"]) => [
        [t[0], t[3], t[4]],
        [t[3], t[1], t[5]],
        [t[4], t[5], t[2]],
      ]
      order.forEach((a, i) => {
        const place = found.centroid[a]
        expect(turned.centroid[i]).toBeCloseTo(reversed[i] ? crop.shape[a] - place : place, 9)
        order.forEach((b, j) => {
          const sign = reversed[i] === reversed[j] ? 1 : -1
          expect(full(turned.tensor)[i][j]).toBeCloseTo(sign * full(found.tensor)[a][b], 8)
        })
      })
    })
  })
  it("does not depend on how wide the crop was cut, but for how far it sees", () => {
    const whole: Triple = [90, 90, 90]
    const place = { from: [20, 20, 20] as Triple, whole }
    const wide = measureParticle({ ...crop, ...place }, settings)
    const [x0, y0, z0, x1, y1, z1] = [4, 5, 3, 40, 42, 38]
    const index: number[] = []
    for (let z = z0; z < z1; z++)
      for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) index.push(x + 44 * (y + 46 * z))
    const narrow = measureParticle(
      {
        ...crop,
        whole,
        from: [24, 25, 23],
        shape: [x1 - x0, y1 - y0, z1 - z0],
        labels: Int32Array.from(index, (i) => crop.labels[i]),
        phases: Uint8Array.from(index, (i) => crop.phases![i]),
        gray: Float32Array.from(index, (i) => crop.gray![i]),
      },
      settings,
    )
    const without = ({ neighbours: _, sight: __, ...rest }: ParticleMeasures) => rest
    expect(without(narrow)).toEqual(without(wide))
    expect(narrow.sight).toBeLessThan(wide.sight)
    const seen = ({ neighbours }: ParticleMeasures) => neighbours.filter(({ distance }) => distance <= narrow.sight)
    expect(seen(narrow)).toEqual(seen(wide))
    expect(seen(narrow).length).toBeGreaterThan(0)
  })
  it("grows with the voxel", () => {
    const scaled = measureParticle(
      { ...crop, spacing: [2e-7, 2e-7, 2e-7] },
      { ...both, closingRadius: 5e-7, crackDepth: 4e-7, roughnessLength: 6e-7 },
    )
    expect(scaled.volume / found.volume).toBeCloseTo(8e-21, 30)
    expect(scaled.surfaceOuter / found.surfaceOuter / 4e-14).toBeCloseTo(1, 9)
    expect(scaled.roughOuter / found.roughOuter / 2e-7).toBeCloseTo(1, 9)
    expect(scaled.damage).toBe(found.damage)
    expect(scaled.elongation).toBeCloseTo(found.elongation, 9)
  })
})

describe("particles at the limit", () => {
  const isDefined = (m: ParticleMeasures): void => {
    expect(Object.values(m.published!).filter((v) => !Number.isFinite(v)).length).toBeLessThanOrEqual(2)
    for (const name of [
      "volume",
      "solidVolume",
      "damage",
      "surfaceOuter",
      "elongation",
      "contact",
      "roughOuter",
    ] as const)
      expect(Number.isFinite(m[name]), name).toBe(true)
    for (const value of [...m.centroid, ...m.tensor]) expect(Number.isFinite(value)).toBe(true)
    expect(m.surfaceInner).toBe(0)
    expect(m.roughInner).toBeNaN()
    expect([m.cracks.largest, m.cracks.open]).toEqual([Number.NaN, Number.NaN])
  }
  it("one voxel", () => {
    const found = measureParticle(
      drawnCrop([25, 25, 25], [1, 1, 1], (x, y, z) => (Math.hypot(x - 12.5, y - 12.5, z - 12.5) < 0.1 ? 1 : 0)),
      both,
    )
    isDefined(found)
    expect(found).toMatchObject({
      volume: 1,
      damage: 0,
      elongation: 1,
      surfaceOuter: 6,
      sight: Number.POSITIVE_INFINITY,
    })
    expect(found.published).toMatchObject({
      filledCount: 1,
      surfaceOuter: 1,
      surfaceInner: 0,
      roughOuter: 0,
      contact: 0,
    })
  })
  it("one that fills its volume", () => {
    const found = measureParticle(
      drawnCrop([12, 9, 7], [1, 1, 1], () => 1),
      both,
    )
    expect(found).toMatchObject({ volume: 756, damage: 0, contactBorder: 1, contact: 0, cut: true, neighbours: [] })
    expect(found.surfaceOuter).toBeLessThan(2 * (12 * 9 + 12 * 7 + 9 * 7))
    expect(found.published?.contact).toBeNaN()
    isDefined(found)
  })
  it("a sheet and a needle of one voxel", () => {
    const sheet = measureParticle(
      drawnCrop([40, 40, 24], [1, 1, 1], (x, y, z) =>
        Math.abs(z - 12) < 0.6 && Math.hypot(x - 20, y - 20) < 7 ? 1 : 0,
      ),
      both,
    )
    isDefined(sheet)
    expect(sheet.elongation).toBeGreaterThan(5)
    const needle = measureParticle(
      drawnCrop([24, 24, 40], [1, 1, 1], (x, y, z) =>
        Math.abs(x - 12.5) < 0.1 && Math.abs(y - 12.5) < 0.1 && Math.abs(z - 20) < 8 ? 1 : 0,
      ),
      both,
    )
    isDefined(needle)
    expect(needle.elongation).toBeCloseTo(16, 9)
  })
  it("a label that holds nothing solid has no gray value", () => {
    const crop = drawnCrop([12, 12, 12], [1, 1, 1], (x, y, z) => (Math.hypot(x - 6, y - 6, z - 6) < 3 ? 1 : 0))
    const found = measureParticle({ ...crop, phases: new Uint8Array(1728), gray: new Float32Array(1728) }, settings)
    expect(found).toMatchObject({ damage: 1, solidVolume: 0, gray: { mean: Number.NaN, deviation: Number.NaN } })
  })
  it("refuses a crop without the particle, or too close to it", () => {
    const crop = drawnCrop([9, 9, 9], [1, 1, 1], (x, y, z) => (Math.hypot(x - 4.5, y - 4.5, z - 4.5) < 3.5 ? 1 : 0))
    expect(() => measureParticle({ ...crop, label: 5 }, settings)).toThrow(/particle 5 holds no voxel/)
    expect(() => measureParticle({ ...crop, label: 0 }, settings)).toThrow(/label 0/)
    expect(() => measureParticle({ ...crop, whole: [30, 9, 9] }, settings)).toThrow(/has 1 voxels beside it along x; 2/)
    expect(() => measureParticle({ ...crop, labels: new Int32Array(3) }, settings)).toThrow(/labels has 3 values/)
  })
})
