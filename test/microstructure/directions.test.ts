import { describe, expect, it } from "vitest"
import { nearestDirection, planarDirections, spatialDirections } from "../../src/microstructure/directions.ts"

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0)

describe("directions of patches", () => {
  it.each([planarDirections(), planarDirections(12, 5), spatialDirections(), spatialDirections(12)])(
    "cover the surface once, by unit vectors near their own direction",
    (set) => {
      expect(sum(set.share)).toBeCloseTo(1, 12)
      expect(set.start[set.count]).toBe(set.share.length)
      for (let k = 0; k < set.count; k++)
        for (let ray = set.start[k]; ray < set.start[k + 1]; ray++) {
          const [x, y, z] = set.ray.subarray(3 * ray, 3 * ray + 3)
          expect(Math.hypot(x, y, z)).toBeCloseTo(1, 12)
          expect(nearestDirection(set, x, y, z)).toBe(k)
        }
    },
  )

  it("part a ball as the faces of a truncated octahedron seen from its middle part the sky", () => {
    const set = spatialDirections(32)
    const portion = (k: number): number => sum(set.share.subarray(set.start[k], set.start[k + 1]))
    // A direction lies with the axis x where (√3 − 1) x > |y| + |z|: here integrated on a fine grid of the cube's face.
    const n = 2000
    let solid = 0
    for (let a = 0; a < n; a++)
      for (let b = 0; b < n; b++) {
        const [y, z] = [(2 * (a + 0.5)) / n - 1, (2 * (b + 0.5)) / n - 1]
        if (Math.abs(y) + Math.abs(z) < Math.sqrt(3) - 1) solid += (4 / n / n) * (1 + y * y + z * z) ** -1.5
      }
    for (let k = 0; k < 6; k++) expect(portion(k)).toBeCloseTo(solid / (4 * Math.PI), 2)
    for (let k = 6; k < 14; k++) expect(portion(k)).toBeCloseTo((1 - (6 * solid) / (4 * Math.PI)) / 8, 2)
  })

  it("meet along 36 borders in space, each patch surrounded wholly", () => {
    const set = spatialDirections()
    expect(set.borderLength).toHaveLength(36)
    const around = Array.from({ length: 14 }, () => 0)
    for (let b = 0; b < 36; b++) for (const end of [0, 1]) around[set.border[2 * b + end]]++
    expect(around).toEqual([...Array(6).fill(4), ...Array(8).fill(6)])
  })
})
