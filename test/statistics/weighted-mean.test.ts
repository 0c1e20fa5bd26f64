import fc from "fast-check"
import { expect, it } from "vitest"
import { momentsOf } from "../../src/statistics/moments.ts"
import { type WeightedMean, weightedMeanMonoid, weightedMeanOf } from "../../src/statistics/weighted-mean.ts"
import { expectMonoid, real } from "./laws.ts"

const weight = fc.oneof(fc.constant(0), fc.double({ noNaN: true, min: 1e-3, max: 1e3 }))
const rows = fc.array(fc.tuple(real, weight), { maxLength: 40 })
const meanOf = (pairs: readonly (readonly [number, number])[]): WeightedMean =>
  weightedMeanOf(
    pairs.map(([value]) => value),
    pairs.map(([, share]) => share),
  )

const expectClose = (a: WeightedMean, b: WeightedMean): void => {
  expect(Math.abs(a.weight - b.weight)).toBeLessThanOrEqual(1e-14 * Math.abs(a.weight) + 1e-300)
  expect(Math.abs(a.mean - b.mean)).toBeLessThanOrEqual(1e-14 * 40 * 1e6)
}

it("is a monoid to rounding", () => expectMonoid(weightedMeanMonoid, rows.map(meanOf), expectClose))

it("lies between the values that weigh", () => {
  fc.assert(
    fc.property(rows, (pairs) => {
      const heavy = pairs.filter(([, share]) => share > 0).map(([value]) => value)
      const { mean } = meanOf(pairs)
      if (heavy.length === 0) expect(mean).toBe(0)
      else {
        expect(mean).toBeGreaterThanOrEqual(Math.min(...heavy) - 1e-8)
        expect(mean).toBeLessThanOrEqual(Math.max(...heavy) + 1e-8)
      }
    }),
  )
})

it("is the mean where all weigh alike", () => {
  const values = Float64Array.from({ length: 1000 }, (_, index) => Math.sin(index))
  expect(
    weightedMeanOf(
      values,
      values.map(() => 1),
    ).mean,
  ).toBeCloseTo(momentsOf(values).mean, 14)
})

it("does not see what has no weight", () => {
  expect(weightedMeanOf([1, Number.NaN, 3], [1, 0, 3])).toEqual({ weight: 4, mean: 2.5 })
})

it("wants one weight for each value", () => {
  expect(() => weightedMeanOf([1, 2], [1])).toThrow("2 values, 1 weights")
})
