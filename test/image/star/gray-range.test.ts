import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { grayRange, rangedGray } from "../../../src/image/star/gray-range.ts"

describe("range of gray values", () => {
  it("goes by ranks: it turns with scale and offset, and strays do not move it", () => {
    const values = Float32Array.from({ length: 10_001 }, (_, k) => (k * 7919) % 10_001)
    const range = grayRange(values)
    expect(range).toEqual({ low: 100, high: 9980 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: -500, max: 500 }), (scale, offset) => {
        const moved = values.map((value) => scale * value + offset)
        expect(rangedGray(moved, grayRange(moved))[5]).toBeCloseTo(rangedGray(values, range)[5], 5)
      }),
    )
    const stray = values.slice()
    stray[17] = 1e9
    expect(Math.abs(grayRange(stray).high - range.high)).toBeLessThanOrEqual(1)
  })

  it("ranks evenly spread values of large images, and is never empty", () => {
    const large = Float32Array.from({ length: 2 ** 20 }, (_, k) => k % 1009)
    const { low, high } = grayRange(large)
    expect(Math.abs(low - 10)).toBeLessThan(2)
    expect(Math.abs(high - 1006)).toBeLessThan(2)
    expect(grayRange(new Float32Array(9).fill(4))).toEqual({ low: 4, high: 5 })
  })
})
