import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  backwardDifferenceOn,
  extrapolationWeights,
  localErrorFactor,
  plainClock,
  rootClock,
  variableBackwardDifference,
} from "../../src/solve/bdf.ts"

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

  it("differentiates what follows a jump exactly on the root clock", () => {
    fc.assert(
      fc.property(step, step, fc.double({ min: 0, max: 10, noNaN: true }), (now, last, since) => {
        // From the jump itself on, and from any time later.
        const times = [since + last + now, since + last, since]
        const { newest, previous, older } = backwardDifferenceOn(rootClock(0), times[0], times[1], times[2])
        const value = (t: number): number => 3 - 2 * Math.sqrt(t) + 0.7 * t
        const slope = (newest * value(times[0]) + previous * value(times[1]) + older * value(times[2])) / now
        expect(slope).toBeCloseTo(0.7 - 1 / Math.sqrt(times[0]), 6)
      }),
    )
    expect(backwardDifferenceOn(plainClock, 5, 3, 2)).toEqual(variableBackwardDifference(2, 1))
  })

  it("follows what a jump sets off on the root clock, where plain steps err", () => {
    // x' = −(x − √t)/τ + 1/(2√t) from 0: the solution is √t. Steps of equal growth from the jump to t = 100.
    const error = (steps: number, clock: typeof plainClock): number => {
      const first = 0.1
      const times = Array.from({ length: steps + 1 }, (_, k) => first * (100 / first) ** (k / steps))
      const values = [0, Math.sqrt(first)]
      const all = [0, ...times]
      let worst = 0
      for (let k = 2; k < all.length; k++) {
        const h = all[k] - all[k - 1]
        const formula = backwardDifferenceOn(clock, all[k], all[k - 1], all[k - 2])
        const past = formula.previous * values[k - 1] + formula.older * values[k - 2]
        const source = Math.sqrt(all[k]) + 0.5 / Math.sqrt(all[k])
        values.push((h * source - past) / (formula.newest + h))
        worst = Math.max(worst, Math.abs(values[k] - Math.sqrt(all[k])))
      }
      return worst
    }
    expect(error(10, rootClock(0))).toBeLessThan(1e-12)
    expect(error(10, plainClock)).toBeGreaterThan(0.02)
  })
})
