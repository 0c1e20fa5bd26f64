import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { histogramMonoid, histogramOf } from "../../src/statistics/histogram.ts"
import { expectMonoid, real } from "./laws.ts"

const edges = Float64Array.of(-10, 0, 1, 2.5)
const sample = fc.array(fc.oneof(real, fc.constantFrom(...edges), fc.double({ noNaN: true, min: -12, max: 4 })))

describe("a histogram", () => {
  it("is a monoid, exactly", () => {
    expectMonoid(
      histogramMonoid(edges),
      sample.map((values) => histogramOf(values, edges)),
    )
  })

  it("counts every value once", () => {
    fc.assert(
      fc.property(sample, (values) => {
        const { counts, below, above } = histogramOf(values, edges)
        expect(counts.reduce((sum, count) => sum + count, below + above)).toBe(values.length)
      }),
    )
  })

  it("puts an edge into the bin over it, the last one into the last bin", () => {
    const { counts, below, above } = histogramOf([-10.1, -10, -1e-9, 0, 1, 2.4, 2.5, 2.6], edges)
    expect([below, ...counts, above]).toEqual([1, 2, 1, 3, 1])
  })

  it("adds weights", () => {
    expect([...histogramOf([0.5, 2, 0.1], edges, [2, 3, 4]).counts]).toEqual([0, 6, 3])
  })

  it("refuses edges that do not rise, other edges, and what is no number", () => {
    expect(() => histogramMonoid(Float64Array.of(0, 0))).toThrow("edge 1 does not rise")
    expect(() => histogramMonoid(Float64Array.of(0))).toThrow("two edges")
    expect(() => histogramOf([Number.NaN], edges)).toThrow("value 0 is not a number")
    expect(() => histogramOf([1], edges, [])).toThrow("1 values, 0 weights")
    const { concat, empty } = histogramMonoid(edges)
    expect(() => concat(empty, histogramMonoid(Float64Array.of(0, 1)).empty)).toThrow("other edges")
  })
})
