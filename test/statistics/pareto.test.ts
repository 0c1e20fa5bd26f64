import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { paretoFronts } from "../../src/statistics/pareto.ts"

const values = fc.constantFrom(0, 1, 2, 3, Number.POSITIVE_INFINITY)
const tables = fc.array(fc.tuple(values, values, values), { minLength: 1, maxLength: 12 })

const frontsOf = (rows: readonly (readonly number[])[]): number[] => [
  ...paretoFronts([0, 1, 2].map((k) => Float64Array.from(rows, (row) => row[k]))),
]

const beats = (one: readonly number[], other: readonly number[]): boolean =>
  one.every((value, k) => value <= other[k]) && one.some((value, k) => value < other[k])

describe("fronts", () => {
  it("of a small table by hand", () => {
    expect([...paretoFronts([Float64Array.of(1, 2, 3, 2, 1), Float64Array.of(3, 2, 1, 3, 3)])]).toEqual([1, 1, 1, 2, 1])
    expect([...paretoFronts([Float64Array.of(1, Number.NaN), Float64Array.of(1, 0)])]).toEqual([1, 0])
    expect([...paretoFronts([])]).toEqual([])
  })

  it("are one more than the longest chain of items that beat an item", () => {
    fc.assert(
      fc.property(tables, (rows) => {
        const fronts = frontsOf(rows)
        rows.forEach((row, item) => {
          const above = rows.map((other, at) => (beats(other, row) ? fronts[at] : 0))
          expect(fronts[item]).toBe(1 + Math.max(...above))
        })
      }),
    )
  })

  it("do not hang on the order of the items", () => {
    fc.assert(
      fc.property(tables, (rows) => {
        expect(frontsOf(rows.toReversed()).toReversed()).toEqual(frontsOf(rows))
      }),
    )
  })
})
