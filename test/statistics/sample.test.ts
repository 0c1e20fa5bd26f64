import fc from "fast-check"
import { expect, it } from "vitest"
import { seededRandom } from "../../src/array/random.ts"
import {
  blindKolmogorovDistance,
  countUpTo,
  kolmogorovDistance,
  quantile,
  sampleMonoid,
  sampleOf,
  shareUpTo,
  wassersteinDistance,
} from "../../src/statistics/sample.ts"
import { expectMonoid, real } from "./laws.ts"

/** Few distinct values, so that ties are common. */
const sample = fc.array(fc.oneof(real, fc.integer({ min: -3, max: 3 })), { maxLength: 30 })

it("is a monoid, exactly", () => expectMonoid(sampleMonoid, sample.map(sampleOf)))

it("is that of all values together", () => {
  fc.assert(
    fc.property(sample, sample, (a, b) => {
      expect(sampleMonoid.concat(sampleOf(a), sampleOf(b))).toEqual(sampleOf([...a, ...b]))
    }),
  )
})

it("counts what lies below as looking at every value does", () => {
  fc.assert(
    fc.property(sample, fc.oneof(real, fc.integer({ min: -3, max: 3 })), (values, x) => {
      expect(countUpTo(sampleOf(values), x)).toBe(values.filter((value) => value <= x).length)
    }),
  )
})

it("has quantiles between its values, and the values themselves at whole places", () => {
  const even = sampleOf([40, 10, 30, 20, 50])
  expect([0, 0.25, 0.5, 0.6, 1].map((share) => quantile(even, share))).toEqual([10, 20, 30, 34, 50])
  expect(quantile(sampleMonoid.empty, 0.5)).toBeNaN()
  expect(shareUpTo(even, 30)).toBe(0.6)
})

it("measures the largest distance of two distribution functions, ties and all", () => {
  expect(kolmogorovDistance(sampleOf([1, 2, 3, 4]), sampleOf([3, 4, 5, 6]))).toBe(0.5)
  expect(kolmogorovDistance(sampleOf([1, 1, 1]), sampleOf([1]))).toBe(0)
  expect(kolmogorovDistance(sampleOf([1]), sampleOf([2]))).toBe(1)
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1 }), (values) => {
      const other = [2, 2, 5]
      const [a, b] = [sampleOf(values), sampleOf(other)]
      const expected = Math.max(...[...values, ...other].map((x) => Math.abs(shareUpTo(a, x) - shareUpTo(b, x))))
      expect(kolmogorovDistance(a, b)).toBeCloseTo(expected, 14)
    }),
  )
})

it("measures how far values must be moved: a metric, in the unit of the values", () => {
  const distance = (one: readonly number[], other: readonly number[]) =>
    wassersteinDistance(sampleOf(one), sampleOf(other))
  const some = fc.array(fc.oneof(real, fc.integer({ min: -3, max: 3 })), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(some, some, some, (a, b, c) => {
      expect(distance(a, [...a, ...a])).toBeCloseTo(0, 6)
      expect(distance(a, b)).toBe(distance(b, a))
      expect(distance(a, c)).toBeLessThanOrEqual((distance(a, b) + distance(b, c)) * (1 + 1e-9) + 1e-9)
    }),
  )
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 1 }),
      fc.integer({ min: -50, max: 50 }),
      (a, by) => {
        const moved = a.map((value) => value + by)
        expect(distance(a, moved)).toBeCloseTo(Math.abs(by), 9)
      },
    ),
  )
  // Of equally many values it is the mean difference in order.
  expect(distance([3, 1, 2], [4, 1, 6])).toBeCloseTo((0 + 2 + 3) / 3, 12)
  expect(distance([0], [0, 1])).toBe(0.5)
  expect(distance([], [1])).toBeNaN()
})

it("knows how far a blindly drawn part is from the whole", () => {
  const random = seededRandom(5)
  const [population, drawn, trials] = [600, 150, 300]
  const whole = sampleOf(Float64Array.from({ length: population }, random.normal))
  let sum = 0
  for (let trial = 0; trial < trials; trial++) {
    const chosen = random.permutation(population).subarray(0, drawn)
    sum += kolmogorovDistance(sampleOf(Float64Array.from(chosen, (at) => whole.sorted[at])), whole)
  }
  // The formula is that of large samples, which smaller ones approach from below.
  const expected = blindKolmogorovDistance(drawn, population)
  expect(sum / trials / expected).toBeGreaterThan(0.92)
  expect(sum / trials / expected).toBeLessThan(1.04)
  expect(blindKolmogorovDistance(population, population)).toBe(0)
})

it("refuses what is no number", () => {
  expect(() => sampleOf([1, Number.NaN])).toThrow("value 1 is NaN")
  expect(() => quantile(sampleOf([1]), 1.2)).toThrow("share of 1.2")
})
