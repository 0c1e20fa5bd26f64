import fc from "fast-check"
import { expect, it } from "vitest"
import { type Moments, momentsMonoid, momentsOf, standardDeviation, variance } from "../../src/statistics/moments.ts"
import { expectMonoid, real } from "./laws.ts"

const sample = fc.array(real, { maxLength: 40 })

/** Rounding of sums over numbers of the sample's size. */
const expectClose = (a: Moments, b: Moments): void => {
  const size = Math.max(Math.abs(a.min), Math.abs(a.max), 1e-100)
  expect(a.count).toBe(b.count)
  expect([a.min, a.max]).toEqual([b.min, b.max])
  if (a.count === 0) return
  expect(Math.abs(a.mean - b.mean)).toBeLessThanOrEqual(1e-14 * size)
  expect(Math.abs(a.deviation - b.deviation)).toBeLessThanOrEqual(1e-13 * size * size * a.count)
}

it("is a monoid to rounding", () => expectMonoid(momentsMonoid, sample.map(momentsOf), expectClose))

it("equals the sums written out", () => {
  fc.assert(
    fc.property(fc.array(real, { minLength: 1, maxLength: 60 }), (values) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      const deviation = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
      const range = { min: Math.min(...values), max: Math.max(...values) }
      expectClose(momentsOf(values), { count: values.length, mean, deviation, ...range })
    }),
  )
})

it("is the same for a sample in two parts", () => {
  fc.assert(
    fc.property(sample, sample, (a, b) => {
      expectClose(momentsMonoid.concat(momentsOf(a), momentsOf(b)), momentsOf([...a, ...b]))
    }),
  )
})

it("keeps small deviations on a large offset", () => {
  const values = Float64Array.from({ length: 100_000 }, (_, index) => 1e9 + (index % 2))
  const moments = momentsOf(values)
  expect(variance(moments)).toBeCloseTo(0.25, 9)
  expect(moments.mean).toBe(1e9 + 0.5)
})

it("divides by n, and by nothing where there is nothing", () => {
  expect(standardDeviation(momentsOf([1, 3]))).toBe(1)
  expect(standardDeviation(momentsOf([5]))).toBe(0)
  expect(standardDeviation(momentsOf([]))).toBe(0)
  expect(momentsOf([]).mean).toBe(0)
})
