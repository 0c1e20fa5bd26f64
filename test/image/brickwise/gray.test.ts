import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { addCounts, classifyInto, equalBins, grayRange } from "../../../src/image/brickwise/gray.ts"
import { histogramMonoid, histogramOf } from "../../../src/statistics/histogram.ts"

const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 60 })

describe("gray values", () => {
  it("have the range of their extremes", () => {
    fc.assert(
      fc.property(values, (list) => {
        expect(grayRange(list)).toEqual({ lowest: Math.min(...list), highest: Math.max(...list), firstBad: -1 })
      }),
    )
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("are refused where one is %f", (bad) => {
    expect(grayRange(Float32Array.of(1, 2, bad, bad, 3)).firstBad).toBe(2)
  })

  it("count as a histogram over edges does, and merge over parts", () => {
    fc.assert(
      fc.property(values, values, (one, other) => {
        // Bins between half-way values: no value lies on an edge, where rounding may decide.
        const edges = equalBins(-50.5, 50.5, 101)
        const counts = new Float64Array(101)
        addCounts(one, -50.5, 50.5, counts)
        addCounts(other, -50.5, 50.5, counts)
        const { concat } = histogramMonoid(edges)
        expect(counts).toEqual(concat(histogramOf(one, edges), histogramOf(other, edges)).counts)
      }),
    )
  })

  it("lose none at the ends", () => {
    const counts = new Float64Array(4)
    addCounts([0, 1, 1, 0.1], 0, 1, counts)
    expect([...counts]).toEqual([2, 0, 0, 2])
  })

  it("belong to the class of the thresholds that they reach", () => {
    fc.assert(
      fc.property(
        values,
        fc.uniqueArray(fc.integer({ min: -40, max: 40 }), { minLength: 1, maxLength: 3 }),
        (list, cuts) => {
          const thresholds = [...cuts].sort((a, b) => a - b)
          const codes = thresholds.map((_, k) => 10 + k).concat(99)
          const out = new Uint8Array(list.length)
          classifyInto(list, thresholds, codes, out)
          expect([...out]).toEqual(list.map((value) => codes[thresholds.filter((cut) => value >= cut).length]))
        },
      ),
    )
  })
})
