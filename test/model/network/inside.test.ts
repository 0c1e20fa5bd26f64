import { describe, expect, it } from "vitest"
import { crackLoad, crackVolumeShare, grownCrack, okane2022CrackGrowth as law } from "../../../src/laws/crack-growth.ts"
import { radialGrid } from "../../../src/model/network/radial-grid.ts"
import { shellStress, surfaceTension } from "../../../src/model/network/stress.ts"
import { builtNetwork, plainNetwork } from "../../arbitrary/network.ts"
import { finish, fixedChargeCycle, networkParameters, simulationOf } from "./reference.ts"

const { elasticity } = networkParameters.active
const { young, poisson } = elasticity

describe.each([2, 3] as const)("stress in a body of %d dimensions", (dimension) => {
  const grid = radialGrid(builtNetwork({ ...plainNetwork, dimension }), 60)
  const radiusOf = (share: number): number => share ** (1 / dimension)
  let inside = 0
  /** ΔV/V = −2 % (1 − r²), by shell */
  const parabola = Float64Array.from({ length: 60 }, (_, j) => {
    const outside = inside + grid.share[j]
    const power = (dimension + 2) / dimension
    const meanSquare = ((dimension / (dimension + 2)) * (outside ** power - inside ** power)) / grid.share[j]
    inside = outside
    return -0.02 * (1 - meanSquare)
  })
  const mean = -0.02 * (1 - dimension / (dimension + 2))

  it("is that of a free body with a parabola in it", () => {
    const { principal } = shellStress(dimension, grid, 0, elasticity, parabola, 0, 0)
    const base = young / (3 * (1 - poisson))
    // All principal stresses are largest at the centre, where lithium is missing most; along the axis of a cylinder
    // the swelling is held back as well.
    const centre = dimension === 3 ? ((2 * base) / 3) * (mean + 0.02) : base * (poisson * mean + 0.02)
    expect(principal / centre).toBeCloseTo(1, 2)
    expect(radiusOf(1)).toBe(1)
  })

  it("is the tension of the surface that the closed form says", () => {
    expect(surfaceTension(elasticity, mean, 0, 0)).toBeCloseTo((young * mean) / (3 * (1 - poisson)), 3)
    const uniform = new Float64Array(60).fill(-0.01)
    const { principal, hydrostatic, energy } = shellStress(dimension, grid, 0, elasticity, uniform, -0.01, 5e6)
    if (dimension === 2) {
      // Held along its axis a cylinder that shrinks is pulled there.
      expect(principal).toBeCloseTo((young * 0.01) / 3 + 2 * poisson * 5e6, -3)
      return
    }
    expect(principal).toBeCloseTo(5e6, 3)
    expect(hydrostatic).toBeCloseTo(5e6, 3)
    expect(energy).toBeCloseTo((5e6 ** 2 * 3 * (1 - 2 * poisson)) / (2 * young), 9)
  })
})

describe("cracks", () => {
  it("grow by Paris' law, and never beyond the particle", () => {
    const stress = 2e8
    const rate = law.coefficient * (stress * law.geometry * Math.sqrt(Math.PI * law.initialLength)) ** law.exponent
    const grown = grownCrack(law, law.initialLength, crackLoad(law, stress) * 0.01, 5e-6)
    expect((grown - law.initialLength) / (0.01 * rate)).toBeCloseTo(1, 3)
    expect(grownCrack(law, law.initialLength, crackLoad(law, 1e12) * 1e9, 5e-6)).toBe(5e-6)
    expect(crackLoad(law, -1e9)).toBe(0)
  })

  it("grow the same in one step as in many", () => {
    const load = crackLoad(law, 5e8)
    let length = law.initialLength
    for (let k = 0; k < 100; k++) length = grownCrack(law, length, load * 10, 5e-6)
    expect(length / grownCrack(law, law.initialLength, load * 1000, 5e-6)).toBeCloseTo(1, 9)
  })

  it("hold no more than the particle", () => {
    expect(crackVolumeShare(law, 5e-6, 1e12, young, 1e6)).toBe(1)
    expect(crackVolumeShare(law, 1e-7, -1, young, 1e6)).toBe(0)
  })

  it("lengthen while a network charges, and stay apart from the damage of its bonds", () => {
    const simulation = simulationOf(
      plainNetwork,
      { name: "charge", steps: fixedChargeCycle.steps.slice(0, 1) },
      { cracking: law },
    )
    const before = simulation.innerDamage()
    expect(before.crackLength.every((length) => length === law.initialLength)).toBe(true)
    finish(simulation)
    const { crackLength, crackVolumeShare } = simulation.innerDamage()
    crackLength.forEach((length, particle) => {
      expect(length).toBeGreaterThan(law.initialLength)
      expect(crackVolumeShare[particle]).toBeGreaterThan(0)
      expect(crackVolumeShare[particle]).toBeLessThan(1)
    })
    const without = simulationOf(plainNetwork, { name: "charge", steps: fixedChargeCycle.steps.slice(0, 1) })
    finish(without)
    expect(without.observation).toEqual(simulation.observation)
  })
})
