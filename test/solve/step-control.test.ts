import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { bracketGuess, bracketWidth, narrowed, nextStep, stepTowards } from "../../src/solve/step-control.ts"

describe("step control", () => {
  const limits = { shortest: 1e-4, longest: 20, growth: 2 }

  it("shrinks after a large error, grows after a small one, and stays within its limits", () => {
    expect(nextStep(1, 8, 2, limits)).toBeCloseTo(0.45, 12)
    expect(nextStep(1, 0, 2, limits)).toBe(2)
    expect(nextStep(15, 0, 2, limits)).toBe(20)
    expect(nextStep(2e-4, 1e9, 2, limits)).toBe(1e-4)
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
})
