import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { extrapolationWeights, localErrorFactor, variableBackwardDifference } from "../../src/solve/bdf.ts"

const step = fc.double({ min: 0.01, max: 10, noNaN: true })

describe("backward differentiation on unequal steps", () => {
  it("differentiates parabolas exactly", () => {
    fc.assert(
      fc.property(step, step, (now, last) => {
        const { newest, previous, older } = variableBackwardDifference(now, last)
        const parabola = (t: number): number => 3 - 2 * t + 0.7 * t * t
        const slope = (newest * parabola(0) + previous * parabola(-now) + older * parabola(-now - last)) / now
        expect(slope).toBeCloseTo(-2, 6)
      }),
    )
  })

  it("extrapolates parabolas exactly", () => {
    fc.assert(
      fc.property(step, step, step, (a, b, c) => {
        const times = [10 - a, 10 - a - b, 10 - a - b - c]
        const weights = extrapolationWeights(times, 10)
        const parabola = (t: number): number => 1 + t - 0.3 * t * t
        const value = weights.reduce((sum, weight, k) => sum + weight * parabola(times[k]), 0)
        expect(value).toBeCloseTo(parabola(10), 5)
      }),
    )
  })

  it("estimates the local error of a cubic exactly", () => {
    fc.assert(
      fc.property(step, step, step, (a, b, c) => {
        const times = [-a, -a - b, -a - b - c]
        const cubic = (t: number): number => t ** 3
        // One BDF2 step for x' = 3t² from exact values.
        const { newest, previous, older } = variableBackwardDifference(a, b)
        const solved = -(previous * cubic(times[0]) + older * cubic(times[1])) / newest
        const predicted = extrapolationWeights(times, 0).reduce((sum, weight, k) => sum + weight * cubic(times[k]), 0)
        const estimate = localErrorFactor(2, times, 0) * Math.abs(solved - predicted)
        expect(estimate).toBeGreaterThan(0.2 * Math.abs(solved))
        expect(estimate).toBeLessThan(5 * Math.abs(solved) + 1e-12)
      }),
    )
  })
})
