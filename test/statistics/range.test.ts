import fc from "fast-check"
import { expect, it } from "vitest"
import { type Range, rangeMonoid, rangeOf, spread } from "../../src/statistics/range.ts"
import { expectMonoid, real } from "./laws.ts"

const range: fc.Arbitrary<Range> = fc.oneof(
  fc.constant(rangeMonoid.empty),
  fc.tuple(real, real).map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) })),
)

it("is a monoid, exactly", () => expectMonoid(rangeMonoid, range))

it("spreads from the smallest to the largest", () => {
  expect([3, -1, 2].map(rangeOf).reduce(rangeMonoid.concat)).toEqual({ min: -1, max: 3 })
  expect(spread({ min: -1, max: 3 })).toBe(4)
  expect(spread(rangeOf(7))).toBe(0)
  expect(spread(rangeMonoid.empty)).toBe(0)
})

it("never shrinks", () => {
  fc.assert(fc.property(range, range, (a, b) => spread(rangeMonoid.concat(a, b)) >= Math.max(spread(a), spread(b))))
})
