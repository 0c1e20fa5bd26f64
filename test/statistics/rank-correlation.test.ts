import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { rankCorrelation } from "../../src/statistics/rank-correlation.ts"

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
