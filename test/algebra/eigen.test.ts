import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { eigenSymmetric } from "../../src/algebra/eigen.ts"
import { seededRandom } from "../../src/array/random.ts"

describe("eigenSymmetric", () => {
  it("gives ascending values and orthonormal vectors that diagonalise, also where values repeat", () => {
    const cases = fc.record({
      size: fc.integer({ min: 1, max: 12 }),
      rank: fc.integer({ min: 0, max: 12 }),
      exponent: fc.integer({ min: -120, max: 120 }),
      seed: fc.integer(),
    })
    fc.assert(
      fc.property(cases, ({ size, rank, exponent, seed }) => {
        const random = seededRandom(seed)
        const scale = 10 ** exponent
        // A multiple of the identity plus a few outer products: repeated values.
        const a = new Float64Array(size * size)
        for (let i = 0; i < size; i++) a[i * size + i] = scale * 0.7
        for (let r = 0; r < Math.min(rank, size); r++) {
          const v = Array.from({ length: size }, random.normal)
          for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) a[i * size + j] -= scale * v[i] * v[j]
        }
        const { values, vectors } = eigenSymmetric(size, a)
        const norm = Math.max(...a.map(Math.abs)) * size
        for (let k = 0; k < size; k++) {
          if (k > 0) expect(values[k]).toBeGreaterThanOrEqual(values[k - 1])
          const v = vectors.subarray(k * size, (k + 1) * size)
          for (let i = 0; i < size; i++) {
            const product = v.reduce((sum, value, j) => sum + a[i * size + j] * value, 0)
            expect(Math.abs(product - values[k] * v[i])).toBeLessThan(1e-13 * norm)
          }
          for (let l = 0; l <= k; l++) {
            const dot = v.reduce((sum, value, j) => sum + value * vectors[l * size + j], 0)
            expect(Math.abs(dot - (k === l ? 1 : 0))).toBeLessThan(1e-13)
          }
        }
      }),
    )
  })

  it("knows the chain of springs", () => {
    const n = 9
    const a = new Float64Array(n * n)
    for (let i = 0; i < n; i++) {
      a[i * n + i] = 2
      if (i > 0) a[i * n + i - 1] = a[(i - 1) * n + i] = -1
    }
    eigenSymmetric(n, a).values.forEach((value, k) => {
      expect(value).toBeCloseTo(2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)), 13)
    })
  })

  it("gives zeros and unit vectors for nothing, and refuses what is no number", () => {
    expect(Array.from(eigenSymmetric(2, new Float64Array(4)).vectors)).toEqual([1, 0, 0, 1])
    expect(() => eigenSymmetric(1, Float64Array.of(Number.NaN))).toThrow(RangeError)
  })
})
