import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { extrapolationWeights, localErrorFactor } from "../../src/solve/bdf.ts"
import {
  bracketGuess,
  bracketWidth,
  guessBeyond,
  leastSlope,
  narrowed,
  nextStep,
  nextStepOnTrend,
  stepTowards,
} from "../../src/solve/step-control.ts"

describe("step control", () => {
  const limits = { shortest: 1e-4, longest: 20, growth: 2 }

  it("shrinks after a large error, grows after a small one, and stays within its limits", () => {
    expect(nextStep(1, 8, 2, limits)).toBeCloseTo(0.45, 12)
    expect(nextStep(1, 0, 2, limits)).toBe(2)
    expect(nextStep(15, 0, 2, limits)).toBe(20)
    expect(nextStep(2e-4, 1e9, 2, limits)).toBe(1e-4)
  })

  it("takes up the trend of errors while steps grow after a jump", () => {
    // What follows a jump goes as √t; steps to t = 1000 by each controller, as an implicit formula of second order errs.
    const march = (isOnTrend: boolean): { readonly count: number; readonly refused: number } => {
      const wide = { ...limits, longest: 1e9 }
      let times = [0.3, 0.2, 0.1]
      let [step, count, refused] = [0.1, 0, 0]
      let judged: { readonly step: number; readonly error: number } | undefined
      while (times[0] < 1000) {
        const time = times[0] + step
        const weights = extrapolationWeights(times, time)
        const predicted = weights.reduce((sum, weight, k) => sum + weight * Math.sqrt(times[k]), 0)
        const error = (localErrorFactor(2, times, time) * Math.abs(predicted - Math.sqrt(time))) / 0.02
        const next = { step, error }
        if (error > 1) refused++
        else {
          times = [time, times[0], times[1]]
          count++
        }
        step =
          isOnTrend && judged && error <= 1 ? nextStepOnTrend(next, judged, 2, wide) : nextStep(step, error, 2, wide)
        judged = error > 1 ? undefined : next
      }
      return { count, refused }
    }
    const [plain, onTrend] = [march(false), march(true)]
    expect(onTrend.count).toBeLessThan(0.9 * plain.count)
    expect(onTrend.refused).toBeLessThanOrEqual(plain.refused)
    expect(nextStepOnTrend({ step: 1, error: 8 }, { step: 1, error: 8 }, 2, limits)).toBeCloseTo(0.45, 12)
    expect(nextStepOnTrend({ step: 1, error: 0 }, { step: 1, error: 8 }, 2, limits)).toBe(2)
    expect(nextStepOnTrend({ step: 19, error: 0.1 }, { step: 10, error: 0.1 }, 2, limits)).toBe(20)
    expect(nextStepOnTrend({ step: 1, error: 1e9 }, { step: 1, error: 1 }, 2, limits)).toBe(0.2)
  })

  it("hits a target exactly and leaves no sliver", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 50, noNaN: true }),
        fc.double({ min: 0.01, max: 50, noNaN: true }),
        (step, left) => {
          const taken = stepTowards(step, 100, 100 + left)
          const rest = left - taken
          expect(taken).toBeGreaterThan(0)
          expect(rest).toBeGreaterThanOrEqual(-1e-12)
          expect(rest < 1e-9 || rest >= 0.25 * taken).toBe(true)
        },
      ),
    )
  })

  it("finds a root within a millisecond in a few dozen evaluations", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 9.9, noNaN: true }), (root) => {
        const value = (t: number): number => Math.expm1(t - root)
        let bracket = { kept: 0, atKept: value(0), latest: 10, atLatest: value(10) }
        let evaluations = 0
        while (bracketWidth(bracket) > 1e-3) {
          const guess = bracketGuess(bracket)
          bracket = narrowed(bracket, guess, value(guess))
          evaluations++
        }
        expect(evaluations).toBeLessThan(60)
        expect(Math.min(bracket.kept, bracket.latest)).toBeLessThanOrEqual(root)
        expect(Math.max(bracket.kept, bracket.latest)).toBeGreaterThanOrEqual(root)
      }),
    )
  })

  it("ends a search right behind the root, as soon as the slope tells that it is near", () => {
    // Rising ever faster, as a voltage does at the end of charge, and ever slower.
    const curves = [(t: number) => Math.expm1(t), (t: number) => 1 - Math.exp(-t), (t: number) => t]
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 9.9, noNaN: true }), fc.constantFrom(...curves), (root, curve) => {
        const value = (t: number): number => curve(t - root)
        let bracket = { kept: 0, atKept: value(0), latest: 10, atLatest: value(10) }
        let [best, evaluations] = [10, 0]
        while (bracketWidth(bracket) > 1e-3) {
          const guess = guessBeyond(bracket, 1e-3)
          const own = value(guess)
          evaluations++
          if (own >= 0) {
            best = guess
            if (own <= 1e-3 * leastSlope(bracket, guess, own)) break
          }
          bracket = narrowed(bracket, guess, own)
        }
        expect(best - root).toBeGreaterThanOrEqual(0)
        expect(best - root).toBeLessThanOrEqual(1e-3)
        expect(evaluations).toBeLessThan(40)
      }),
    )
  })
})
