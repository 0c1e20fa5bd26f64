import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { seededRandom } from "../../src/array/random.ts"
import { components } from "../../src/image/components.ts"
import { distanceInside, nearestSeed } from "../../src/image/distance.ts"
import { closed, complement, dilated, eroded, opened, withoutHoles } from "../../src/image/morphology.ts"
import { cropped, type Mask } from "../../src/image/volume.ts"
import { hMaxima, reconstructed, regionalMaxima, watershed } from "../../src/image/watershed.ts"

const masks = fc
  .record({
    shape: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 4 })),
    spacing: fc.tuple(fc.constantFrom(1, 0.7), fc.constantFrom(1, 1.3), fc.constantFrom(1, 2.5)),
    share: fc.constantFrom(0.02, 0.3, 0.7, 0.98),
    seed: fc.integer({ min: 1, max: 2 ** 31 }),
  })
  .map(({ shape, spacing, share, seed }): Mask => {
    let state = seed
    const values = Uint8Array.from({ length: shape[0] * shape[1] * shape[2] }, () => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
      return state / 0x7fffffff < share ? 1 : 0
    })
    return { shape, spacing, values }
  })

const place = ({ shape: [nx, ny], spacing: [a, b, c] }: Mask, i: number): [number, number, number] => [
  (i % nx) * a,
  (Math.floor(i / nx) % ny) * b,
  Math.floor(i / (nx * ny)) * c,
]

describe("Euclidean distance", () => {
  it("is exact against brute force in two and three dimensions with oblong voxels", () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const { squared, seed } = nearestSeed(mask, mask.values)
        const seeds = [...mask.values.keys()].filter((i) => mask.values[i] !== 0)
        for (let i = 0; i < squared.length; i++) {
          const [x, y, z] = place(mask, i)
          const distance = (j: number): number => {
            const [u, v, w] = place(mask, j)
            return (x - u) ** 2 + (y - v) ** 2 + (z - w) ** 2
          }
          const least = Math.min(Number.POSITIVE_INFINITY, ...seeds.map(distance))
          expect(squared[i]).toBeCloseTo(least, 9)
          if (seeds.length > 0) expect(distance(seed[i])).toBeCloseTo(least, 9)
          else expect(seed[i]).toBe(-1)
        }
      }),
      { numRuns: 150 },
    )
  })
  it("does not depend on the brick that holds it, given enough margin", () => {
    const values = Uint8Array.from({ length: 60 * 40 }, (_, i) => (i % 7 === 0 || i % 11 === 3 ? 1 : 0))
    const mask: Mask = { shape: [60, 40, 1], spacing: [1, 1, 1], values }
    const whole = distanceInside(mask).values
    const part = distanceInside(cropped(mask, [10, 5, 0], [50, 35, 1])).values
    for (let y = 8; y < 22; y++)
      for (let x = 8; x < 32; x++) expect(part[x + 40 * y]).toBe(whole[x + 10 + 60 * (y + 5)])
  })
})

describe("dilation", () => {
  const large = fc
    .record({
      shape: fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 6 })),
      spacing: fc.tuple(fc.constantFrom(7e-8, 1.1e-7), fc.constantFrom(7e-8, 9e-8), fc.constantFrom(7e-8, 3e-7)),
      share: fc.constantFrom(0, 0.01, 0.1, 0.6, 1),
      seed: fc.integer(),
    })
    .map(({ shape, spacing, share, seed }): Mask => {
      const { uniform } = seededRandom(seed)
      const values = Uint8Array.from({ length: shape[0] * shape[1] * shape[2] }, () => (uniform() < share ? 1 : 0))
      return { shape, spacing, values }
    })
  const byDistance = (mask: Mask, radius: number): Uint8Array => {
    const { squared } = nearestSeed(mask, mask.values)
    return Uint8Array.from(squared, (way) => (way <= radius * radius * (1 + 1e-9) ? 1 : 0))
  }

  it("holds what lies within the radius of the mask, right at it too", () => {
    const radius = fc.oneof(
      fc.integer({ min: 0, max: 60 }).map((count) => count * 7e-8),
      fc.double({ min: 0, max: 1e-6, noNaN: true }),
    )
    fc.assert(
      fc.property(large, radius, (mask, r) => {
        expect(dilated(mask, r).values).toEqual(byDistance(mask, r))
      }),
      { numRuns: 300 },
    )
  })
  it("holds the same for balls so large that the distance is taken", () => {
    const { uniform } = seededRandom(4)
    for (const radius of [14, 16, 18, 22]) {
      const values = Uint8Array.from({ length: 48 ** 3 }, () => (uniform() < 5e-5 ? 1 : 0))
      const mask: Mask = { shape: [48, 48, 48], spacing: [1, 1, 1], values }
      expect(dilated(mask, radius).values).toEqual(byDistance(mask, radius))
    }
  })
})

describe("morphology", () => {
  const radius = fc.constantFrom(0, 1, 1.5, 2.3)
  const below = (a: Mask, b: Mask): boolean => a.values.every((v, i) => v <= b.values[i])

  it("closing is extensive and idempotent, opening its dual, both rise with the mask", () => {
    fc.assert(
      fc.property(masks, radius, (mask, r) => {
        const c = closed(mask, r)
        const o = opened(mask, r)
        expect(below(mask, c)).toBe(true)
        expect(below(o, mask)).toBe(true)
        expect(closed(c, r).values).toEqual(c.values)
        expect(opened(o, r).values).toEqual(o.values)
        expect(eroded(mask, r).values).toEqual(complement(dilated(complement(mask), r)).values)
        expect(below(closed(opened(mask, 1), r), c)).toBe(true)
      }),
      { numRuns: 100 },
    )
  })
  it("fills holes, not bays, and only up to a size", () => {
    const rows = ["........", ".######.", ".#....#.", ".#.##.#.", ".#....#.", ".######.", "..##..#.", "..####.."]
    const mask: Mask = {
      shape: [8, 8, 1],
      spacing: [1, 1, 1],
      values: Uint8Array.from(rows.join(""), (c) => (c === "#" ? 1 : 0)),
    }
    const count = (m: Mask): number => m.values.reduce((a: number, b) => a + b, 0)
    expect(count(withoutHoles(mask)) - count(mask)).toBe(12)
    expect(count(withoutHoles(mask, 3)) - count(mask)).toBe(2)
    expect(count(withoutHoles(mask, 1))).toBe(count(mask))
  })
})

describe("components", () => {
  it("have the same parts as a flood fill, numbered in scan order", () => {
    fc.assert(
      fc.property(masks, fc.constantFrom("face" as const, "full" as const), (mask, connectivity) => {
        const { values, count } = components(mask, connectivity)
        const [nx, ny, nz] = mask.shape
        const flooded = new Int32Array(values.length)
        let parts = 0
        for (let start = 0; start < values.length; start++) {
          if (mask.values[start] === 0 || flooded[start] !== 0) continue
          parts++
          flooded[start] = parts
          const stack = [start]
          for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
            const [x, y, z] = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))]
            for (let j = 0; j < values.length; j++) {
              const d = [(j % nx) - x, (Math.floor(j / nx) % ny) - y, Math.floor(j / (nx * ny)) - z].map(Math.abs)
              const near = Math.max(...d) === 1 && (connectivity === "full" || d[0] + d[1] + d[2] === 1)
              if (!near || mask.values[j] === 0 || flooded[j] !== 0) continue
              flooded[j] = parts
              stack.push(j)
            }
          }
        }
        expect(nz).toBeGreaterThan(0)
        expect(values).toEqual(flooded)
        expect(count).toBe(parts)
      }),
      { numRuns: 60 },
    )
  })
})

describe("maxima and watershed", () => {
  /** Two overlapping discs whose centres are 26 apart. */
  const discs = (): Mask => ({
    shape: [70, 40, 1],
    spacing: [1, 1, 1],
    values: Uint8Array.from({ length: 70 * 40 }, (_, i) => {
      const [x, y] = [i % 70, Math.floor(i / 70)]
      return Math.hypot(x - 20, y - 20) < 15 || Math.hypot(x - 46, y - 20) < 15 ? 1 : 0
    }),
  })
  it("reconstruction lies between marker and mask and has no new peak", () => {
    const mask = distanceInside(discs())
    const marker = { ...mask, values: mask.values.map((v) => Math.max(0, v - 3)) }
    const rebuilt = reconstructed(marker, mask)
    rebuilt.values.forEach((v, i) => {
      expect(v).toBeLessThanOrEqual(mask.values[i])
      expect(v).toBeGreaterThanOrEqual(marker.values[i])
    })
    expect(Math.max(...rebuilt.values)).toBeCloseTo(Math.max(...mask.values) - 3, 6)
  })
  it("h-maxima join what the saddle hardly parts", () => {
    const mask = discs()
    const distance = distanceInside(mask)
    expect(hMaxima(distance, mask, 2).count).toBe(2)
    expect(hMaxima(distance, mask, 10).count).toBe(1)
    expect(regionalMaxima(distance, mask).count).toBeGreaterThanOrEqual(2)
  })
  it("the watershed cuts two discs at their neck and covers the mask", () => {
    const mask = discs()
    const distance = distanceInside(mask)
    const { values } = watershed(distance, hMaxima(distance, mask, 2), mask)
    for (let i = 0; i < values.length; i++) expect(values[i] > 0).toBe(mask.values[i] > 0)
    const left = values[20 + 70 * 20]
    expect(values[46 + 70 * 20]).not.toBe(left)
    for (let y = 10; y < 30; y++)
      for (let x = 7; x < 31; x++) if (mask.values[x + 70 * y]) expect(values[x + 70 * y]).toBe(left)
    for (let y = 10; y < 30; y++)
      for (let x = 36; x < 60; x++) if (mask.values[x + 70 * y]) expect(values[x + 70 * y]).not.toBe(left)
  })
})
