import { describe, expect, it } from "vitest"
import { besselJ, besselRoot } from "../../validation/analytic/diffusion-at-constant-flux/bessel.ts"
import {
  concentration,
  meanConcentration,
  type Shape,
  shapeFactor,
} from "../../validation/analytic/diffusion-at-constant-flux/solution.ts"
import { integrate } from "../../validation/analytic/diffusion-induced-stress/quadrature.ts"
import { radialProfile } from "../../validation/analytic/stress-coupled-diffusion/solution.ts"

const problem = { radius: 5e-6, diffusivity: 2e-14, initial: 46_679, flux: -5e-5 }
const unit = (problem.radius * problem.radius) / problem.diffusivity
const shapes: readonly Shape[] = ["plate", "cylinder", "sphere"]

describe("Bessel functions", () => {
  it("have the tabulated values (Abramowitz & Stegun, tables 9.1 and 9.5)", () => {
    expect(besselJ(0, 1)).toBeCloseTo(0.765197686557967, 14)
    expect(besselJ(1, 1)).toBeCloseTo(0.440050585744934, 14)
    expect(besselJ(0, 10)).toBeCloseTo(-0.245935764451348, 14)
    expect(besselJ(0, 2.404825557695773)).toBeCloseTo(0, 14)
    expect([1, 2, 3, 20].map(besselRoot)).toEqual(
      [3.831705970207512, 7.015586669815619, 10.17346813506272, 63.61135669848123].map((x) => expect.closeTo(x, 11)),
    )
  })
  it("are continuous where the formula changes", () => {
    for (const order of [0, 1] as const) expect(besselJ(order, 25 - 1e-13)).toBeCloseTo(besselJ(order, 25 + 1e-13), 12)
  })
})

describe.each(shapes)("constant flux into a %s", (shape) => {
  it("keeps the mean", () => {
    const n = shapeFactor[shape]
    for (const age of [0.003, 0.05, 0.6]) {
      const mean =
        n * integrate((s) => concentration(shape, problem, s * problem.radius, age * unit) * s ** (n - 1), 0, 1)
      expect(mean / meanConcentration(shape, problem, age * unit)).toBeCloseTo(1, 11)
    }
  })
  it("starts like a half-space", () => {
    const time = 1e-5 * unit
    const rise = concentration(shape, problem, problem.radius, time) - problem.initial
    // c − c₀ = 2 j sqrt(t/(π D)), the curvature enters at the next order
    const flat = 2 * problem.flux * Math.sqrt(time / (Math.PI * problem.diffusivity))
    expect(rise / flat).toBeGreaterThan(0.999)
    expect(rise / flat).toBeLessThan(1.006)
  })
  it("agrees with finite volumes, at second order", () => {
    const time = 0.08 * unit
    const error = (cells: number) => {
      const { radii, concentration: c } = radialProfile(
        {
          shape,
          radius: problem.radius,
          initial: problem.initial,
          diffusivity: () => problem.diffusivity,
          flux: () => problem.flux,
        },
        time,
        cells,
        4 * cells,
      )
      return Math.max(...c.map((value, k) => Math.abs(value - concentration(shape, problem, radii[k], time))))
    }
    const [coarse, fine] = [error(40), error(80)]
    const range = Math.abs(concentration(shape, problem, problem.radius, time) - concentration(shape, problem, 0, time))
    expect(fine / range).toBeLessThan(2e-4)
    expect(Math.log2(coarse / fine)).toBeGreaterThan(1.85)
  })
})
