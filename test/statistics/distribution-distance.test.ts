import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { kolmogorovDistance, wassersteinDistance } from "../../src/statistics/distribution-distance.ts"
import { real } from "./laws.ts"

const sample = fc.array(fc.oneof(real, fc.integer({ min: -3, max: 3 })), { minLength: 1, maxLength: 20 })

describe.each([
  ["Wasserstein", wassersteinDistance],
  ["Kolmogorov–Smirnov", kolmogorovDistance],
])("the %s distance", (_, distance) => {
  it("is a metric: zero for a sample and itself, symmetric, with the triangle inequality", () => {
    fc.assert(
      fc.property(sample, sample, sample, (a, b, c) => {
        expect(distance(a, [...a].reverse())).toBe(0)
        expect(distance(a, b)).toBe(distance(b, a))
        expect(distance(a, c)).toBeLessThanOrEqual((distance(a, b) + distance(b, c)) * (1 + 1e-9) + 1e-12)
      }),
    )
  })

  it("does not see how often a whole sample is repeated", () => {
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        expect(distance([...a, ...a], b)).toBeCloseTo(distance(a, b), 6)
      }),
    )
  })

  it("refuses empty samples and NaN", () => {
    expect(() => distance([], [1])).toThrow("the first sample is empty")
    expect(() => distance([1], [])).toThrow("the second sample is empty")
    expect(() => distance([1, Number.NaN], [1])).toThrow("the first sample holds something that is no number")
  })
})

describe("known distances", () => {
  it("a shift moves every value by itself", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 1 }),
        fc.integer({ min: -50, max: 50 }),
        (a, by) => {
          const moved = a.map((value) => value + by)
          expect(wassersteinDistance(a, moved)).toBeCloseTo(Math.abs(by), 9)
        },
      ),
    )
  })

  it("of equally many values is the mean difference in order; Kolmogorov counts how many lie elsewhere", () => {
    expect(wassersteinDistance([3, 1, 2], [4, 1, 6])).toBeCloseTo((0 + 2 + 3) / 3, 12)
    expect(wassersteinDistance([0], [0, 1])).toBe(0.5)
    expect(kolmogorovDistance([0, 1, 2, 3], [2, 3, 4, 5])).toBe(0.5)
    expect(kolmogorovDistance([0, 1], [5, 6])).toBe(1)
  })
})
