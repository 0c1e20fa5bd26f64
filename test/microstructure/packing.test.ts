import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { ElectrodeNetwork } from "../../src/microstructure/electrode-network.ts"
import type { ConductorLayout } from "../../src/microstructure/layout.ts"
import { assertNetwork } from "../../src/microstructure/network-check.ts"
import { type Packing, type PackingSettings, packed, sectionOf, slabVolume } from "../../src/microstructure/packing.ts"
import { defaultPackingMatrix, packingNetwork } from "../../src/microstructure/packing-network.ts"

const settings: PackingSettings = {
  dimension: 3,
  count: 60,
  sizes: { kind: "lognormal", median: 4e-6, spread: 0.25 },
  particleShare: 0.5,
  thickness: 40e-6,
  gap: 50e-9,
  isPeriodic: true,
  seed: 7,
}

const layout: ConductorLayout = {
  coverage: 0.5,
  coverageScatter: 0.15,
  coverageGradient: 0.2,
  morphology: 0.5,
  fingers: { kind: "bridges" },
  poreShare: 0.3,
  seed: 3,
}

/** Least distance between two surfaces, images beyond periodic sides included, and to walls [m]. */
const leastGap = ({ count, centre, radius, width, thickness, isPeriodic, dimension }: Packing): number => {
  let least = Number.POSITIVE_INFINITY
  const shifts = isPeriodic ? [-width, 0, width] : [0]
  for (let i = 0; i < count; i++) {
    least = Math.min(least, centre[3 * i + 2] - radius[i], thickness - centre[3 * i + 2] - radius[i])
    if (!isPeriodic)
      for (let axis = 0; axis < dimension - 1; axis++)
        least = Math.min(least, centre[3 * i + axis] - radius[i], width - centre[3 * i + axis] - radius[i])
    for (let j = i; j < count; j++)
      for (const dx of shifts)
        for (const dy of dimension === 3 ? shifts : [0]) {
          if (j === i && dx === 0 && dy === 0) continue
          const distance = Math.hypot(
            centre[3 * j] + dx - centre[3 * i],
            centre[3 * j + 1] + dy - centre[3 * i + 1],
            centre[3 * j + 2] - centre[3 * i + 2],
          )
          least = Math.min(least, distance - radius[i] - radius[j])
        }
  }
  return least
}

const coverageOf = ({ patches, particles }: ElectrodeNetwork): number[] =>
  Array.from({ length: particles.count }, (_, i) => {
    let [high, all] = [0, 0]
    for (let k = patches.start[i]; k < patches.start[i + 1]; k++) {
      high += patches.highShare[k] * patches.area[k]
      all += patches.area[k]
    }
    return high / all
  })

const arbitrarySettings: fc.Arbitrary<PackingSettings> = fc
  .record({
    dimension: fc.constantFrom(2 as const, 3 as const),
    count: fc.integer({ min: 2, max: 60 }),
    spread: fc.double({ min: 0, max: 0.4, noNaN: true }),
    particleShare: fc.double({ min: 0.2, max: 0.5, noNaN: true }),
    isPeriodic: fc.boolean(),
    seed: fc.nat(),
  })
  .map(({ dimension, count, spread, particleShare, isPeriodic, seed }) => ({
    dimension,
    count,
    sizes: { kind: "lognormal", median: 4e-6, spread },
    particleShare,
    // About as thick as wide, so that even two particles have room.
    thickness: dimension === 3 ? 10e-6 * Math.cbrt(count) * 1.2 : 11e-6 * Math.sqrt(count) * 1.2,
    gap: 40e-9,
    isPeriodic,
    seed,
  }))

/** A packing, or nothing where its particles do not fit between its walls. */
const tried = (wanted: PackingSettings): Packing | undefined => {
  try {
    return packed(wanted)
  } catch (cause) {
    if (cause instanceof RangeError && cause.message.includes("does not fit")) return undefined
    throw cause
  }
}

describe("packed", () => {
  it("keeps its gaps everywhere, fills nearly what was wanted, and is the same every time", () => {
    fc.assert(
      fc.property(arbitrarySettings, (wanted) => {
        const packing = tried(wanted)
        fc.pre(packing !== undefined)
        expect(leastGap(packing)).toBeGreaterThan(wanted.gap * (1 - 1e-6))
        expect(packing.particleShare).toBeGreaterThan(0.85 * wanted.particleShare)
        expect(packing.particleShare).toBeLessThanOrEqual(wanted.particleShare * (1 + 1e-12))
        expect(packed(wanted)).toEqual(packing)
      }),
      { numRuns: 60 },
    )
  })

  it("takes its sizes from the distribution", () => {
    const { radius } = packed({ ...settings, count: 400, thickness: 60e-6, particleShare: 0.3 })
    const logarithm = Array.from(radius, Math.log)
    const mean = logarithm.reduce((sum, each) => sum + each, 0) / 400
    const deviation = Math.sqrt(logarithm.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 400)
    expect(Math.exp(mean)).toBeCloseTo(4e-6, 6)
    expect(Math.abs(Math.exp(mean) / 4e-6 - 1)).toBeLessThan(0.05)
    expect(Math.abs(deviation - 0.25)).toBeLessThan(0.03)
    const mixed = packed({ ...settings, sizes: { kind: "mixed", radii: [2e-6, 5e-6], weights: [3, 1] }, count: 200 })
    const small = mixed.radius.filter((each) => each < 3e-6).length
    expect(small).toBeGreaterThan(125)
    expect(small).toBeLessThan(175)
  })

  it("refuses what cannot be packed, in words", () => {
    expect(() => packed({ ...settings, particleShare: 0.9 })).toThrow("particleShare of a packing is 0.9")
    expect(() => packed({ ...settings, thickness: 3e-6 })).toThrow("does not fit")
    expect(() => packed({ ...settings, count: 2, thickness: 40e-6 })).toThrow("does not fit into a width")
  })
})

describe("slabVolume", () => {
  it("adds up to the ball and the disc", () => {
    for (const [dimension, whole] of [
      [3, (4 / 3) * Math.PI * 8],
      [2, Math.PI * 4],
    ] as const) {
      let sum = 0
      for (let k = -5; k < 5; k++) sum += slabVolume(dimension, 2, k * 0.5, (k + 1) * 0.5)
      expect(sum).toBeCloseTo(whole, 10)
    }
  })
})

describe("packingNetwork", () => {
  it("keeps the contract for any packing and layout, with the surface and the coverage that were asked for", () => {
    fc.assert(
      fc.property(
        arbitrarySettings,
        fc.double({ min: 0.1, max: 0.9, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom<ConductorLayout["fingers"]>(
          { kind: "bridges" },
          { kind: "random" },
          { kind: "aligned", direction: [0, 0, -1] },
        ),
        (wanted, coverage, morphology, fingers) => {
          const packing = tried(wanted)
          fc.pre(packing !== undefined)
          const network = packingNetwork(packing, {
            ...layout,
            coverage,
            coverageScatter: 0,
            coverageGradient: 0,
            morphology,
            fingers,
          })
          assertNetwork(network)
          for (const share of coverageOf(network)) expect(share).toBeCloseTo(coverage, 9)
          for (let i = 0; i < packing.count; i++) {
            const r = packing.radius[i]
            const surface = network.patches.area.subarray(network.patches.start[i], network.patches.start[i + 1])
            const whole = packing.dimension === 3 ? 4 * Math.PI * r * r : 2 * Math.PI * r
            expect(surface.reduce((sum, a) => sum + a, 0) / whole).toBeCloseTo(1, 12)
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  it("measures ligaments along normals: two balls on one axis", () => {
    const packing: Packing = {
      ...packed({
        ...settings,
        count: 2,
        sizes: { kind: "equal", radius: 4e-6 },
        isPeriodic: false,
        thickness: 20e-6,
        particleShare: 0.1,
      }),
      count: 2,
      width: 40e-6,
      thickness: 40e-6,
      centre: Float64Array.from([20e-6, 20e-6, 10e-6, 20e-6, 20e-6, 20e-6]),
      radius: Float64Array.from([4e-6, 4e-6]),
    }
    const { patches } = packingNetwork(packing, layout)
    // Patch 5 looks along +z, patch 4 along −z.
    expect(patches.neighbour[5]).toBe(1)
    expect(patches.neighbour[14 + 4]).toBe(0)
    expect(patches.ligament[5]).toBeCloseTo(patches.ligament[14 + 4], 12)
    // h(θ) over the patch, by a sum over rings: square, not round, so within some per cent.
    let [weight, inverse] = [0, 0]
    const edge = 0.7227
    for (let k = 0; k < 400; k++) {
      const angle = ((k + 0.5) / 400) * edge
      const along = 10e-6 * Math.cos(angle)
      const off = 10e-6 * Math.sin(angle)
      if (off >= 4e-6) continue
      const way = along - Math.sqrt(16e-12 - off * off) - 4e-6
      weight += Math.sin(angle)
      inverse += Math.sin(angle) / way
    }
    expect(patches.ligament[5]).toBeGreaterThan(2e-6)
    expect(patches.ligament[5]).toBeLessThan(4e-6)
    expect(weight / inverse).toBeLessThan(patches.ligament[5] * 1.2)
    // Sideways there is nothing within a mean radius.
    expect(patches.neighbour[0]).toBe(-1)
    expect(patches.ligament[0]).toBeCloseTo(4e-6, 12)
  })

  it("is mirrored with its packing", () => {
    const packing = packed({ ...settings, count: 20 })
    const mirrored: Packing = {
      ...packing,
      centre: packing.centre.map((value, at) => (at % 3 === 0 ? packing.width - value : value)),
    }
    const even = { ...layout, fingers: { kind: "bridges" } as const }
    const [a, b] = [packingNetwork(packing, even), packingNetwork(mirrored, even)]
    // x turned round exchanges the patches along −x and x, and the corners in pairs.
    const partner = [1, 0, 2, 3, 4, 5, 7, 6, 9, 8, 11, 10, 13, 12]
    for (let patch = 0; patch < a.patches.count; patch++) {
      const other = 14 * Math.floor(patch / 14) + partner[patch % 14]
      expect(b.patches.ligament[other] / a.patches.ligament[patch]).toBeCloseTo(1, 6)
      expect(b.patches.neighbour[other]).toBe(a.patches.neighbour[patch])
      expect(b.patches.highShare[other]).toBeCloseTo(a.patches.highShare[patch], 6)
    }
    const total = (network: ElectrodeNetwork): number =>
      network.electrons.highShape.reduce((sum, shape) => sum + shape, 0)
    expect(total(b) / total(a)).toBeCloseTo(1, 6)
  })

  it("follows its knobs: scatter and gradient of coverage, fingers, pores, porosity", () => {
    const packing = packed({ ...settings, count: 500, thickness: 80e-6 })
    const film = packingNetwork(packing, { ...layout, morphology: 0, coverageGradient: 0 })
    const coverage = coverageOf(film)
    const mean = coverage.reduce((sum, c) => sum + c, 0) / 500
    const deviation = Math.sqrt(coverage.reduce((sum, c) => sum + (c - mean) ** 2, 0) / 500)
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02)
    expect(Math.abs(deviation - 0.15)).toBeLessThan(0.015)
    for (let k = 0; k < 14; k++) expect(film.patches.highShare[k]).toBeCloseTo(coverage[0], 12)
    const fingers = packingNetwork(packing, { ...layout, morphology: 1, coverageGradient: 0.4 })
    let partly = 0
    for (const share of fingers.patches.highShare) if (share > 1e-12 && share < 1 - 1e-12) partly++
    expect(partly).toBeLessThanOrEqual(500)
    const half = coverageOf(fingers).map((c, i) => [packing.centre[3 * i + 2] / 80e-6 > 0.5, c] as const)
    const meanOf = (upper: boolean): number => {
      const chosen = half.filter(([isUpper]) => isUpper === upper)
      return chosen.reduce((sum, [, c]) => sum + c, 0) / chosen.length
    }
    // Halves lie about half the thickness apart.
    expect(Math.abs(meanOf(true) - meanOf(false) - 0.2)).toBeLessThan(0.05)
    const { patches, ions } = fingers
    for (let k = 0; k < patches.count; k++)
      expect(patches.poreShare[k]).toBeCloseTo((1 - patches.highShare[k]) * 0.3, 12)
    const solid = defaultPackingMatrix(packing).carbonBinderShare * 0.5
    const whole = ions.porosity.reduce((sum, share) => sum + share, 0) / ions.count
    expect(whole).toBeCloseTo(1 - packing.particleShare - solid, 6)
    expect(sectionOf(packing)).toBeCloseTo(fingers.collectorArea, 20)
  })

  it("more carbon/binder across ligaments leaves fewer particles without a path to the collector", () => {
    const packing = packed({ ...settings, count: 100, particleShare: 0.35 })
    const matrix = defaultPackingMatrix(packing)
    const connected = [0, 0.2e-6, 1e-6, Number.POSITIVE_INFINITY].map(
      (bridging) =>
        packingNetwork(packing, layout, { ...matrix, bridging }).electrons.connected.reduce(
          (sum, flag) => sum + flag,
          0,
        ) - 1,
    )
    expect(connected[0]).toBe(0)
    expect([...connected].sort((a, b) => a - b)).toEqual(connected)
    expect(connected[3]).toBe(14 * 100)
  })
})
