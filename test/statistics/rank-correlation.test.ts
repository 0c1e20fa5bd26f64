import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { seededRandom } from "../../src/array/random.ts"
import { rankCorrelation, rankCorrelationInterval } from "../../src/statistics/rank-correlation.ts"

const of = (first: readonly number[], second: readonly number[]) =>
  rankCorrelation(Float64Array.from(first), Float64Array.from(second))

const pairs = fc.array(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: -5, max: 5 })), { maxLength: 30 })

describe("the rank correlation", () => {
  it("is that of scipy.stats.spearmanr, ties included", () => {
    expect(of([1, 2, 3, 4, 5], [5, 6, 7, 8, 7])).toEqual({
      coefficient: expect.closeTo(0.8207826816681233, 12),
      count: 5,
    })
  })

  it("is symmetric, lies within ±1, turns with one column and knows only ranks", () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const [x, y] = [rows.map(([first]) => first), rows.map(([, second]) => second)]
        const { coefficient, count } = of(x, y)
        expect(count).toBe(rows.length)
        expect(of(y, x).coefficient).toEqual(Number.isNaN(coefficient) ? Number.NaN : expect.closeTo(coefficient, 12))
        const turned = of(
          x,
          y.map((value) => -value),
        ).coefficient
        expect(turned).toEqual(Number.isNaN(coefficient) ? Number.NaN : expect.closeTo(-coefficient, 12))
        expect(of(x.map(Math.exp), y).coefficient).toEqual(coefficient)
        if (!Number.isNaN(coefficient)) expect(Math.abs(coefficient)).toBeLessThanOrEqual(1 + 1e-12)
      }),
    )
  })

  it("leaves out rows without a value, and says how many it used", () => {
    expect(of([1, Number.NaN, 2, 3], [1, 9, 2, Number.NaN])).toEqual({ coefficient: 1, count: 2 })
    expect(of([1, 1], [1, 2])).toEqual({ coefficient: Number.NaN, count: 2 })
    expect(of([], [])).toEqual({ coefficient: Number.NaN, count: 0 })
  })
})

describe("its confidence interval", () => {
  it("holds the true coefficient as often as it says", () => {
    const random = seededRandom(17)
    const [trials, count, rho] = [1500, 40, 0.6]
    // Of two normal variables with this correlation, by Pearson's relation.
    const truth = (6 / Math.PI) * Math.asin(rho / 2)
    let inside = 0
    for (let trial = 0; trial < trials; trial++) {
      const x = Float64Array.from({ length: count }, random.normal)
      const y = x.map((value) => rho * value + Math.sqrt(1 - rho * rho) * random.normal())
      const [low, high] = rankCorrelationInterval(rankCorrelation(x, y), 0.9)
      if (low <= truth && truth <= high) inside++
    }
    // Four standard deviations over the trials; the formula errs by a hundredth besides.
    expect(Math.abs(inside / trials - 0.9)).toBeLessThan(0.041)
  })

  it("says nothing of three pairs, or of a constant column", () => {
    expect(rankCorrelationInterval(of([1, 2, 3], [1, 2, 3]), 0.9)).toEqual([Number.NaN, Number.NaN])
    expect(rankCorrelationInterval(of([1, 2, 3, 4, 5], [1, 1, 1, 1, 1]), 0.9)).toEqual([Number.NaN, Number.NaN])
  })
})
