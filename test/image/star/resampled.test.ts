import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { resampled } from "../../../src/image/star/resampled.ts"

const edge = fc.integer({ min: 1, max: 40 })

describe("a plane image with other pixels", () => {
  it("stays constant where it was, at any size", () => {
    fc.assert(
      fc.property(edge, edge, edge, edge, (width, height, wide, high) => {
        const out = resampled(new Float32Array(width * height).fill(7), [width, height], [wide, high])
        expect(out.length).toBe(wide * high)
        for (const value of out) expect(value).toBeCloseTo(7, 4)
      }),
      { numRuns: 100 },
    )
  })

  it("keeps its mean where pixels become larger", () => {
    fc.assert(
      fc.property(edge, edge, fc.nat(1000), (width, height, seed) => {
        const [wide, high] = [1 + (seed % width), 1 + (Math.floor(seed / 7) % height)]
        const values = Float32Array.from({ length: width * height }, (_, i) => (i * 7919 + seed) % 101)
        const mean = (all: Float32Array): number => all.reduce((sum, value) => sum + value, 0) / all.length
        expect(mean(resampled(values, [width, height], [wide, high]))).toBeCloseTo(mean(values), 2)
      }),
      { numRuns: 100 },
    )
  })

  it("is linear between pixels where they become smaller, each in the middle of what it stands for", () => {
    const [width, height] = [9, 6]
    const ramp = Float32Array.from({ length: width * height }, (_, p) => (p % width) - 2 * Math.floor(p / width))
    const out = resampled(ramp, [width, height], [25, 13])
    for (let y = 0; y < 13; y++)
      for (let x = 0; x < 25; x++) {
        const [u, v] = [((x + 0.5) * width) / 25 - 0.5, ((y + 0.5) * height) / 13 - 0.5]
        const [inX, inY] = [Math.min(width - 1, Math.max(0, u)), Math.min(height - 1, Math.max(0, v))]
        expect(out[x + 25 * y]).toBeCloseTo(inX - 2 * inY, 4)
      }
  })
})
