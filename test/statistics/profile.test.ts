import fc from "fast-check"
import { expect, it } from "vitest"
import { seededRandom } from "../../src/array/random.ts"
import { momentsOf } from "../../src/statistics/moments.ts"
import { meanUncertainty, type Profile, profileMonoid, profileOf } from "../../src/statistics/profile.ts"
import { expectMonoid } from "./laws.ts"

const edges = Float64Array.of(0, 1, 2, 4)
const coordinate = fc.double({ min: -1, max: 5, noNaN: true })
const pairs = fc.array(fc.tuple(coordinate, fc.oneof(coordinate, fc.constant(Number.NaN))), { maxLength: 25 })
const of = (list: readonly (readonly [number, number])[]): Profile =>
  profileOf(
    Float64Array.from(list, ([x]) => x),
    Float64Array.from(list, ([, y]) => y),
    edges,
  )

const expectClose = (a: Profile, b: Profile): void => {
  expect(a.left).toBe(b.left)
  a.bins.forEach((bin, at) => {
    const { count, mean, deviation } = b.bins[at]
    expect(bin.count).toBe(count)
    expect(Math.abs(bin.mean - mean)).toBeLessThan(1e-13)
    expect(Math.abs(bin.deviation - deviation)).toBeLessThan(1e-11)
  })
}

it("is a monoid to rounding", () => expectMonoid(profileMonoid(edges), pairs.map(of), expectClose))

it("is that of all pairs together", () => {
  fc.assert(
    fc.property(pairs, pairs, (a, b) => expectClose(profileMonoid(edges).concat(of(a), of(b)), of([...a, ...b]))),
  )
})

it("puts an edge into the bin over it and the last into the last, and counts what it leaves out", () => {
  const { bins, left } = of([
    [0, 1],
    [1, 2],
    [1.5, 4],
    [4, 8],
    [4.1, 9],
    [2, Number.NaN],
  ])
  expect(bins.map(({ count, mean }) => [count, mean])).toEqual([
    [1, 1],
    [2, 3],
    [1, 8],
  ])
  expect(left).toBe(2)
})

it("states an interval that holds the true mean as often as it says", () => {
  const random = seededRandom(11)
  const trials = 4000
  let inside = 0
  for (let trial = 0; trial < trials; trial++) {
    const moments = momentsOf(Float64Array.from({ length: 6 }, random.normal))
    if (Math.abs(moments.mean) <= meanUncertainty(moments, 0.9)) inside++
  }
  // Four standard deviations of a share of 0.9 over the trials.
  expect(Math.abs(inside / trials - 0.9)).toBeLessThan(0.019)
  expect(meanUncertainty(momentsOf([1]), 0.9)).toBeNaN()
})

it("refuses profiles of other bins", () => {
  const { concat } = profileMonoid(edges)
  expect(() => concat(of([]), profileMonoid(Float64Array.of(0, 1)).empty)).toThrow("other edges")
})
