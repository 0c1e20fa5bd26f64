import fc from "fast-check"
import { expect, it } from "vitest"
import { type Distribution, distributionMonoid, distributionOf, equalBins } from "../../src/statistics/distribution.ts"
import { quantile } from "../../src/statistics/sample.ts"
import { expectMonoid, real } from "./laws.ts"

const edges = Float64Array.of(-5, 0, 1, 8)
const values = fc
  .array(fc.oneof(real, fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY)), { maxLength: 30 })
  .map((list) => Float64Array.from(list))

const expectClose = (a: Distribution, b: Distribution): void => {
  expect([a.histogram, a.sample, a.missing, a.moments.count]).toEqual([
    b.histogram,
    b.sample,
    b.missing,
    b.moments.count,
  ])
  const size = Math.max(Math.abs(a.moments.min), Math.abs(a.moments.max), 1e-100)
  if (a.moments.count === 0) return
  expect(Math.abs(a.moments.mean - b.moments.mean)).toBeLessThanOrEqual(1e-14 * size)
}

it("is a monoid, exactly but for the moments", () => {
  const element = values.map((list) => distributionOf(list, edges))
  expectMonoid(distributionMonoid(edges), element, expectClose)
})

it("is that of all values together, whatever the parts", () => {
  fc.assert(
    fc.property(values, values, (a, b) => {
      const together = distributionOf(Float64Array.of(...a, ...b), edges)
      expectClose(distributionMonoid(edges).concat(distributionOf(a, edges), distributionOf(b, edges)), together)
    }),
  )
})

it("counts apart what is not recorded", () => {
  const { missing, moments, histogram, sample } = distributionOf(Float64Array.of(1, Number.NaN, 3), edges)
  expect([missing, moments.count, moments.mean, quantile(sample, 0.5)]).toEqual([1, 2, 2, 2])
  expect([...histogram.counts]).toEqual([0, 0, 2])
})

it("has bins that hold every value, however equal they are", () => {
  fc.assert(
    fc.property(fc.array(real), (list) => {
      const bins = equalBins(list)
      const { histogram } = distributionOf(Float64Array.from(list), bins)
      expect([histogram.below, histogram.above]).toEqual([0, 0])
    }),
  )
  expect(equalBins([3, 3, 3]).length).toBe(2)
  expect([...equalBins([0, 0])]).toEqual([-0.5, 0.5])
  expect(equalBins(Float64Array.from({ length: 1000 }, (_, k) => k)).length).toBe(21)
})
