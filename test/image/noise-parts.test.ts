import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { seededRandom } from "../../src/array/random.ts"
import { components } from "../../src/image/components.ts"
import { expectedNoiseParts, moreThanNoise } from "../../src/image/noise-parts.ts"
import { gaussian } from "../../src/image/smoothing.ts"
import { planeGrid } from "../../src/image/volume.ts"

const edge = 256
const grid = planeGrid(edge, edge, 1)
const width = 3

/** Smooth noise of unit variance, with its roughness: 1 / (2 width²) for a Gaussian of that width. */
const smoothNoise = (seed: number): Float32Array => {
  const random = seededRandom(seed)
  const white = Float32Array.from({ length: edge * edge }, () => 2 * width * Math.sqrt(Math.PI) * random.normal())
  return gaussian({ ...grid, values: white }, width).values as Float32Array
}
const roughness = 1 / (2 * width ** 2)

describe("parts of noise", () => {
  it("are as many of each size as in noise that was drawn", () => {
    const fields = Array.from({ length: 12 }, (_, seed) => smoothNoise(seed + 1))
    for (const height of [2, 2.5]) {
      const sizes = fields.flatMap((values) => {
        const parts = components({ ...grid, values: Uint8Array.from(values, (v) => (v > height ? 1 : 0)) }, "full")
        const counts = new Int32Array(parts.count + 1)
        for (const part of parts.values) counts[part]++
        return [...counts.subarray(1)]
      })
      for (const least of [1, 20, 40]) {
        const seen = sizes.filter((size) => size >= least).length / fields.length
        const expected = expectedNoiseParts(height, least, edge ** 2, roughness)
        expect(seen / expected, `height ${height}, ${least} pixels`).toBeGreaterThan(0.6)
        expect(seen / expected, `height ${height}, ${least} pixels`).toBeLessThan(1.5)
      }
    }
  })

  it("are none without noise", () => {
    expect(expectedNoiseParts(Number.POSITIVE_INFINITY, 1, 1e6, 0.1)).toBe(0)
    expect(expectedNoiseParts(Number.NaN, 1, 1e6, 0.1)).toBe(0)
  })

  it("grow fewer with height and size, and more with the area", () => {
    const height = fc.double({ min: 1.5, max: 6, noNaN: true })
    fc.assert(
      fc.property(height, height, fc.integer({ min: 1, max: 200 }), (a, b, size) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)]
        const of = (u: number, s: number, area: number) => expectedNoiseParts(u, s, area, 0.2)
        expect(of(low, size + 5, 1e4)).toBeLessThan(of(low, size, 1e4))
        expect(of(low, size, 2e4)).toBeCloseTo(2 * of(low, size, 1e4), 8)
        expect(of(high, 1, 1e4)).toBeLessThanOrEqual(of(low, 1, 1e4) * (1 + 1e-12))
      }),
    )
  })
})

describe("parts that are more than noise", () => {
  it("are those of the smallest numbers, of which a share at most is expected of noise", () => {
    const numbers = fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { maxLength: 30 })
    fc.assert(
      fc.property(numbers, fc.double({ min: 0.01, max: 0.9, noNaN: true }), (expected, share) => {
        const chosen = moreThanNoise(expected, share)
        const worst = Math.max(0, ...chosen.map((k) => expected[k]))
        expect(worst).toBeLessThanOrEqual(share * chosen.length)
        expected.forEach((number, k) => {
          if (!chosen.includes(k)) expect(number).toBeGreaterThanOrEqual(worst)
        })
        // Nothing more could have been chosen.
        const sorted = [...expected].sort((p, q) => p - q)
        for (let count = chosen.length + 1; count <= sorted.length; count++)
          expect(sorted[count - 1]).toBeGreaterThan(share * count)
      }),
    )
  })

  it("are many where each alone would be noise", () => {
    expect(moreThanNoise([0.2], 0.05)).toEqual([])
    expect(moreThanNoise([0.2, 0.1, 0.15, 0.12], 0.05)).toEqual([1, 3, 2, 0])
  })
})
