import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { cutForCoverage } from "../../src/mesh/coverage.ts"
import type { ElectrodeNetwork } from "../../src/microstructure/electrode-network.ts"
import { assertNetwork } from "../../src/microstructure/network-check.ts"
import { conductThroughNetwork } from "../../src/microstructure/network-conduction.ts"
import { defaultPlanarResolution, type PlanarElectrode } from "../../src/microstructure/planar-electrode.ts"
import { planarNetwork } from "../../src/microstructure/planar-layout.ts"

const um = 1e-6
/** Circles of 10 µm above one another, parted by one slanted cut, as in Li et al. 2022. */
const column = (count: number, gap: number, side: number, first: number, last: number): PlanarElectrode => {
  const width = (10 + 2 * side) * um
  const centres = Array.from({ length: count }, (_, k) => [width / 2, (side + 5 + k * (10 + gap)) * um] as const)
  const cut = cutForCoverage(
    { centre: centres[0], radius: 5 * um, share: first },
    { centre: centres[count - 1], radius: 5 * um, share: last },
  )
  if (cut === null) throw new Error("no cut")
  return {
    width,
    height: (2 * side + 10 * count + gap * (count - 1)) * um,
    circles: centres.map((centre) => ({ centre, radius: 5 * um })),
    cuts: [{ ...cut, isLeftHigh: true, isRightHigh: false }],
    isHigh: true,
    carbonBinderPorosity: 0.5,
    bruggeman: 1.5,
  }
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

/** Mean potential of the surface of each particle while a current flows evenly out of all surfaces [V]. */
const drops = ({ electrons, patches, particles }: ElectrodeNetwork, high: number, low: number): number[] => {
  const held = new Float64Array(electrons.nodeCount).fill(Number.NaN)
  held[0] = 0
  const injected = new Float64Array(electrons.nodeCount)
  for (let k = 0; k < patches.count; k++) injected[patches.node[k]] += 10 * patches.area[k]
  const { potential, current } = conductThroughNetwork(electrons, { high, low }, held, injected)
  const total = patches.area.reduce((sum, area) => sum + area, 0)
  expect(current[0] / (-10 * total)).toBeCloseTo(1, 6)
  return Array.from({ length: particles.count }, (_, i) => {
    let [sum, all] = [0, 0]
    for (let k = patches.start[i]; k < patches.start[i + 1]; k++) {
      sum += potential[patches.node[k]] * patches.area[k]
      all += patches.area[k]
    }
    return sum / all
  })
}

const worstDifference = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value / b[i] - 1)), 0)

describe("planarNetwork", () => {
  const three = column(3, 1, 0.5, 0.75, 0.25)
  const network = planarNetwork(three)

  it("covers the surfaces of the reference layouts exactly", () => {
    assertNetwork(network)
    coverageOf(network).forEach((share, i) => {
      expect(share).toBeCloseTo([0.75, 0.5, 0.25][i], 12)
    })
    const five = planarNetwork(column(5, 1, 1, 0.8, 0.2))
    assertNetwork(five)
    coverageOf(five).forEach((share, i) => {
      expect(share).toBeCloseTo([0.8, 0.63256, 0.5, 0.36744, 0.2][i], 5)
    })
    expect(five.particles.count).toBe(5)
  })

  it("parts the whole surface into pure patches, or nearly so", () => {
    const { patches } = network
    for (let i = 0; i < 3; i++) {
      const own = patches.area.subarray(patches.start[i], patches.start[i + 1])
      expect(own.length).toBeGreaterThanOrEqual(24)
      expect(own.length).toBeLessThanOrEqual(28)
      expect(own.reduce((sum, a) => sum + a, 0)).toBeCloseTo(2 * Math.PI * 5 * um, 15)
    }
    for (const share of patches.highShare) expect(Math.min(share, 1 - share)).toBeLessThanOrEqual(0.12)
  })

  it("sees ligaments along the normals", () => {
    const { patches } = network
    const lookingAlong = (x: number, z: number, particle: number): number => {
      for (let k = patches.start[particle]; k < patches.start[particle + 1]; k++)
        if (patches.normal[3 * k] * x + patches.normal[3 * k + 2] * z > 1 - 1e-9) return k
      throw new Error("no such patch")
    }
    // Sideways: the harmonic mean of (5.5 / cos θ) − 5 µm over half a patch to each side.
    let inverse = 0
    for (let s = 0; s < 1000; s++) inverse += 1 / (5.5 / Math.cos(((s + 0.5) / 1000) * (Math.PI / 24)) - 5) / 1000
    for (let i = 0; i < 3; i++) {
      expect(patches.ligament[lookingAlong(1, 0, i)] / (um / inverse)).toBeCloseTo(1, 3)
      expect(patches.neighbour[lookingAlong(1, 0, i)]).toBe(-1)
    }
    const up = lookingAlong(0, 1, 0)
    const down = lookingAlong(0, -1, 1)
    expect(patches.neighbour[up]).toBe(1)
    expect(patches.neighbour[down]).toBe(0)
    expect(patches.ligament[up]).toBeCloseTo(patches.ligament[down], 12)
    expect(patches.ligament[up]).toBeGreaterThan(1 * um)
  })

  it("conducts as a finer grid does", () => {
    const usual = defaultPlanarResolution(three)
    const fine = planarNetwork(three, { ...usual, cell: usual.cell / 2 })
    for (const low of [2e-3, 100])
      expect(worstDifference(drops(network, 100, low), drops(fine, 100, low))).toBeLessThan(0.03)
    expect(worstDifference([...network.ions.tortuosity], [...fine.ions.tortuosity])).toBeLessThan(0.03)
  })

  it("conducts nearly as with twice as many patches", () => {
    const finer = planarNetwork(three, { ...defaultPlanarResolution(three), patches: 48 })
    for (const low of [2e-3, 100])
      expect(worstDifference(drops(network, 100, low), drops(finer, 100, low))).toBeLessThan(0.12)
  })

  it("a cut between equal halves changes little", () => {
    const whole = planarNetwork({ ...three, cuts: [] })
    expect(worstDifference(drops(network, 7, 7), drops(whole, 7, 7))).toBeLessThan(0.08)
  })

  it("any column keeps the contract and its coverage, and its mirror image has the mirrored network", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 4 }),
        fc.double({ min: 0.4, max: 2, noNaN: true }),
        fc.double({ min: 0.4, max: 2, noNaN: true }),
        fc.double({ min: 0.1, max: 0.9, noNaN: true }),
        (count, gap, side, share) => {
          const electrode = column(count, gap, side, share, 1 - share)
          const resolution = { ...defaultPlanarResolution(electrode), cell: 0.25 * um }
          const found = planarNetwork(electrode, resolution)
          assertNetwork(found)
          expect(found.electrons.connected.every((flag) => flag === 1)).toBe(true)
          const coverage = coverageOf(found)
          expect(coverage[0]).toBeCloseTo(share, 9)
          expect(coverage[count - 1]).toBeCloseTo(1 - share, 9)
          const mirrored: PlanarElectrode = {
            ...electrode,
            circles: electrode.circles.map(({ centre: [x, z], radius }) => ({
              centre: [electrode.width - x, z],
              radius,
            })),
            cuts: electrode.cuts.map(({ through: [x, z], angle }) => ({
              through: [electrode.width - x, z],
              angle: -angle,
              isLeftHigh: false,
              isRightHigh: true,
            })),
          }
          const turned = planarNetwork(mirrored, resolution)
          coverageOf(turned).forEach((each, i) => {
            expect(each).toBeCloseTo(coverage[i], 9)
          })
          // Cells whose middle lies on an edge, to rounding, may fall to either side.
          expect(worstDifference(drops(turned, 100, 2e-3), drops(found, 100, 2e-3))).toBeLessThan(0.01)
        },
      ),
      { numRuns: 12 },
    )
  })

  it("refuses circles that touch or leave the electrode", () => {
    const [first, second] = three.circles
    const outside = { ...first, centre: [4 * um, 5.5 * um] as const }
    expect(() => planarNetwork({ ...three, circles: [outside, second] })).toThrow("free width")
    const touching = { ...second, centre: [5.5 * um, 15.4 * um] as const }
    expect(() => planarNetwork({ ...three, circles: [first, touching] })).toThrow("free width")
  })
})
