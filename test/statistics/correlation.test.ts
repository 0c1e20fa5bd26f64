import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { seededRandom } from "../../src/array/random.ts"
import { correlationEdges, correlationMatrix, pearsonCorrelation } from "../../src/statistics/correlation.ts"

const pairs = fc.array(fc.tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: -99, max: 99 })), { minLength: 3 })
const columns = (some: readonly (readonly [number, number])[]) =>
  [0, 1].map((k) => Float64Array.from(some, (pair) => pair[k])) as [Float64Array, Float64Array]

describe("Pearson's correlation", () => {
  it("is that of the textbook", () => {
    fc.assert(
      fc.property(pairs, (some) => {
        const [x, y] = columns(some)
        const mean = (a: Float64Array) => a.reduce((sum, value) => sum + value, 0) / a.length
        const covariance = (a: Float64Array, b: Float64Array) =>
          a.reduce((sum, value, at) => sum + (value - mean(a)) * (b[at] - mean(b)), 0)
        const known = covariance(x, y) / Math.sqrt(covariance(x, x) * covariance(y, y))
        const found = pearsonCorrelation(x, y)
        if (new Set(x).size === 1 || new Set(y).size === 1) expect(found).toBeNaN()
        else expect(found).toBeCloseTo(known, 10)
      }),
    )
  })

  it("knows no units, and turns with a sign", () => {
    const random = seededRandom(3)
    const x = Float64Array.from({ length: 50 }, random.normal)
    const y = x.map((value) => value + random.normal())
    const r = pearsonCorrelation(x, y)
    expect(
      pearsonCorrelation(
        x.map((value) => 1e-200 * value),
        y.map((value) => 7 - 1e150 * value),
      ),
    ).toBeCloseTo(-r, 12)
    expect(pearsonCorrelation(x, x)).toBeCloseTo(1, 12)
  })

  it("of a matrix is symmetric with ones, NaN for constants alone", () => {
    const random = seededRandom(4)
    const values = Float64Array.from({ length: 90 }, (_, at) => (at % 3 === 2 ? 5 : random.normal()))
    const r = correlationMatrix(values, 3)
    expect(r[0]).toBe(1)
    expect(r[1]).toBe(r[3])
    expect([r[2], r[5], r[6], r[7], r[8]].every(Number.isNaN)).toBe(true)
    expect(() => correlationMatrix(Float64Array.of(1, Number.NaN), 1)).toThrow("values[1] is NaN")
  })

  it("has edges from a threshold on, the strongest first", () => {
    const r = Float64Array.of(1, 0.4, -0.9, 0.4, 1, Number.NaN, -0.9, Number.NaN, 1)
    expect(correlationEdges(r, 0.3)).toEqual([
      { first: 0, second: 2, correlation: -0.9 },
      { first: 0, second: 1, correlation: 0.4 },
    ])
    expect(correlationEdges(r, 0.5).length).toBe(1)
  })
})
