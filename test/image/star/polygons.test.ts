import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { seededRandom } from "../../../src/array/random.ts"
import {
  cornersOf,
  type StarPolygons,
  scaledPolygons,
  sharedArea,
  suppressed,
} from "../../../src/image/star/polygons.ts"

const star = (x: number, y: number, reach: readonly number[], probability = 1) => ({ x, y, reach, probability })

const polygons = (list: readonly ReturnType<typeof star>[]): StarPolygons => ({
  count: list.length,
  rayCount: list[0].reach.length,
  x: Float64Array.from(list, ({ x }) => x),
  y: Float64Array.from(list, ({ y }) => y),
  probability: Float64Array.from(list, ({ probability }) => probability),
  reach: Float32Array.from(list.flatMap(({ reach }) => reach)),
})

const stars = fc
  .record({
    x: fc.double({ min: 0, max: 20, noNaN: true }),
    y: fc.double({ min: 0, max: 20, noNaN: true }),
    reach: fc.array(fc.double({ min: 3, max: 12, noNaN: true }), { minLength: 16, maxLength: 16 }),
  })
  .map(({ x, y, reach }) => star(x, y, reach))

const isInside = ({ x, y }: { x: Float64Array; y: Float64Array }, px: number, py: number): boolean => {
  let inside = false
  for (let i = 0, j = x.length - 1; i < x.length; j = i++)
    if (y[i] > py !== y[j] > py && px < ((x[j] - x[i]) * (py - y[i])) / (y[j] - y[i]) + x[i]) inside = !inside
  return inside
}

describe("polygons in other pixels", () => {
  it("lie over the same field", () => {
    // Pixels twice as large: what was 0 … 3 is now half as far from the image's edge.
    const fine = polygons([star(9.5, 4.5, [4, 4, 4, 4])])
    const coarse = scaledPolygons(fine, [2, 2])
    const [one, other] = [cornersOf(fine)(0), cornersOf(coarse)(0)]
    for (const [a, b] of [
      [one.left, other.left],
      [one.right, other.right],
      [one.top, other.top],
      [one.bottom, other.bottom],
    ])
      expect((a + 0.5) / 2).toBeCloseTo(b + 0.5, 6)
    expect(scaledPolygons(coarse, [0.5, 0.5])).toEqual(fine)
  })
})

describe("shared area of polygons", () => {
  it("is that of squares", () => {
    // Four rays make squares on their corners; two of half diagonal 5 whose centres are 5 apart share a quarter.
    const square = [5, 5, 5, 5]
    const [one, other] = [0, 1].map(cornersOf(polygons([star(0, 0, square), star(5, 0, square)])))
    expect(one.area).toBeCloseTo(50, 5)
    expect(sharedArea(one, other)).toBeCloseTo(12.5, 5)
    expect(sharedArea(one, one)).toBeCloseTo(50, 5)
  })

  it("agrees with counting points, is symmetric, and never exceeds either", () => {
    fc.assert(
      fc.property(stars, stars, (a, b) => {
        const [one, other] = [0, 1].map(cornersOf(polygons([a, b])))
        const shared = sharedArea(one, other)
        expect(sharedArea(other, one)).toBeCloseTo(shared, 8)
        expect(shared).toBeLessThanOrEqual(Math.min(one.area, other.area) * (1 + 1e-9))
        expect(sharedArea(one, one)).toBeCloseTo(one.area, 8)
        const grid = 0.2
        let count = 0
        for (let y = -12; y < 32; y += grid)
          for (let x = -12; x < 32; x += grid) if (isInside(one, x, y) && isInside(other, x, y)) count++
        expect(Math.abs(shared - count * grid * grid)).toBeLessThan(3)
      }),
      { numRuns: 25 },
    )
  })
})

describe("suppression", () => {
  it("agrees with comparing every pair", () => {
    const random = seededRandom(1)
    const list = Array.from({ length: 150 }, () =>
      star(
        200 * random.uniform(),
        200 * random.uniform(),
        Array.from({ length: 16 }, () => 8 + 8 * random.uniform()),
        Math.round(20 * random.uniform()) / 20,
      ),
    )
    const all = polygons(list)
    const corners = list.map((_, k) => cornersOf(all)(k))
    const kept: number[] = []
    const order = list.map((_, k) => k).sort((a, b) => list[b].probability - list[a].probability || a - b)
    for (const k of order) {
      const free = kept.every(
        (other) => sharedArea(corners[other], corners[k]) <= 0.3 * Math.min(corners[other].area, corners[k].area),
      )
      if (free) kept.push(k)
    }
    expect(suppressed(all, 0.3)).toEqual(kept)
    expect(kept.length).toBeGreaterThan(20)
    expect(kept.length).toBeLessThan(120)
  })
})
