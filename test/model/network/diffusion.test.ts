import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { ElectrodeNetwork } from "../../../src/microstructure/electrode-network.ts"
import { createParticleDiffusion } from "../../../src/model/network/particle-diffusion.ts"
import { equivalentRadius, radialGrid } from "../../../src/model/network/radial-grid.ts"
import { backwardEuler, variableBackwardDifference } from "../../../src/solve/bdf.ts"
import { concentration } from "../../../validation/analytic/diffusion-at-constant-flux/solution.ts"
import { builtNetwork, plainNetwork } from "../../arbitrary/network.ts"
import { networkParameters } from "./reference.ts"

const { active, temperature } = networkParameters
const uncoupled = { ...active, stressCoupling: false }

const networkOf = (dimension: 2 | 3): ElectrodeNetwork => builtNetwork({ ...plainNetwork, dimension })

describe("shells", () => {
  it.each([2, 3] as const)("give the parabola of a constant flux its exact flux, in %d dimensions", (dimension) => {
    const grid = radialGrid(networkOf(dimension), 7)
    const outer = (j: number): number => (j < 0 ? 0 : grid.outerRadius[j])
    const meanSquare = Array.from({ length: 7 }, (_, j) => {
      const [low, high] = [outer(j - 1), outer(j)]
      return (
        ((dimension / (dimension + 2)) * (high ** (dimension + 2) - low ** (dimension + 2))) /
        (high ** dimension - low ** dimension)
      )
    })
    for (let j = 0; j < 7; j++) {
      const next = j === 6 ? 1 : meanSquare[j + 1]
      // Flux of x = r² through the sphere of radius r over the unit particle's volume: 2r · n r^(n−1)
      const flow = grid.conductance[j] * (next - meanSquare[j])
      expect(flow).toBeCloseTo(2 * dimension * outer(j) ** dimension, 12)
    }
    expect(grid.share.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 14)
  })

  it("refuses shares that do not add to one", () => {
    const network = networkOf(3)
    const { count } = network.particles
    const shellShare = new Float64Array(count * 4).fill(0.2)
    const particles = { ...network.particles, shellShare, shellCount: 4 }
    expect(() => radialGrid({ ...network, particles }, 16)).toThrow(/add to 0.8/)
  })
})

/** Marches one particle at a constant outflow, its surface found by the slope that the solve gives. */
const constantOutflow = (dimension: 2 | 3, shells: number, steps: number) => {
  const network = networkOf(dimension)
  const grid = radialGrid(network, shells)
  const radius = Float64Array.of(equivalentRadius(dimension, network.particles.volume[0]))
  const diffusion = createParticleDiffusion({ ...grid, stride: 0 }, radius, uncoupled, temperature)
  const D = active.diffusivity.value(0.5)
  const end = (0.1 * radius[0] ** 2) / D
  const step = end / steps
  const rate = 0.3 / end
  const surface = Float64Array.of(0.9)
  let previous: Float64Array = new Float64Array(shells).fill(0.9)
  let older: Float64Array = previous
  for (let n = 0; n < steps; n++) {
    const formula = n === 0 ? backwardEuler : variableBackwardDifference(step, step)
    diffusion.setStep(formula, step, previous, older, previous)
    for (let k = 0; k < 3; k++) {
      diffusion.solve(surface)
      surface[0] += (rate - diffusion.outflow[0]) / diffusion.slope[0]
    }
    diffusion.solve(surface)
    older = previous
    previous = diffusion.interior.slice()
  }
  const mean = previous.reduce((sum, x, j) => sum + grid.share[j] * x, 0)
  const flux = (-rate * radius[0]) / dimension
  const problem = { radius: radius[0], diffusivity: D, initial: 0.9, flux }
  const exact = concentration(dimension === 3 ? "sphere" : "cylinder", problem, radius[0], end)
  return { error: Math.abs(surface[0] - exact), drop: 0.9 - exact, lost: 0.9 - mean }
}

describe.each([2, 3] as const)("a body that gives lithium at a constant rate, in %d dimensions", (dimension) => {
  it("follows the series, to second order in the shells", () => {
    const [coarse, fine] = [constantOutflow(dimension, 8, 800), constantOutflow(dimension, 16, 800)]
    expect(fine.error).toBeLessThan(2e-3 * fine.drop)
    expect(Math.log2(coarse.error / fine.error)).toBeGreaterThan(1.7)
  })

  it("loses what leaves", () => {
    expect(constantOutflow(dimension, 16, 40).lost).toBeCloseTo(0.3, 12)
  })
})

it("outflow has its slope, and takes from the shells what leaves, also with stress and a curved diffusivity", () => {
  const curved = {
    ...active,
    diffusivity: { value: (x: number) => 2e-14 * (1 + x * x), slope: (x: number) => 4e-14 * x },
  }
  fc.assert(
    fc.property(
      fc.constantFrom<2 | 3>(2, 3),
      fc.double({ min: 0.1, max: 0.9, noNaN: true }),
      fc.double({ min: 0.1, max: 0.9, noNaN: true }),
      fc.double({ min: -1, max: 2, noNaN: true }),
      (dimension, inside, at, exponent) => {
        const grid = radialGrid(networkOf(dimension), 12)
        const diffusion = createParticleDiffusion(grid, Float64Array.of(5e-6), curved, temperature)
        const before = Float64Array.from({ length: 12 }, (_, j) => inside + 0.01 * j)
        const step = 10 ** exponent
        const solved = (surface: number) => {
          diffusion.setStep(backwardEuler, step, before, before, before)
          diffusion.solve(Float64Array.of(surface))
          return { outflow: diffusion.outflow[0], slope: diffusion.slope[0], interior: diffusion.interior.slice() }
        }
        const { outflow, slope, interior } = solved(at)
        const difference = (solved(at + 1e-6).outflow - solved(at - 1e-6).outflow) / 2e-6
        expect(Math.abs(slope - difference)).toBeLessThan(1e-5 * Math.abs(difference))
        const lost = before.reduce((sum, x, j) => sum + grid.share[j] * (x - interior[j]), 0)
        expect(Math.abs(lost - step * outflow)).toBeLessThan(1e-13)
      },
    ),
    { numRuns: 60 },
  )
})
