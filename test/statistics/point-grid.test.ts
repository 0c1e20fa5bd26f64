import fc from "fast-check"
import { expect, it } from "vitest"
import { eachWithin, nearestDistances, pointGrid } from "../../src/statistics/point-grid.ts"

/** Clouds of all shapes: spread, flat, along a line, coinciding, far apart. */
const cloud = fc
  .tuple(
    fc.array(fc.tuple(fc.nat(40), fc.nat(40), fc.nat(40)), { maxLength: 60 }),
    fc.constantFrom([1, 1, 1], [1, 1, 0], [1, 0, 0], [1e-6, 1e-6, 1e-9], [1e3, 1, 1e-3]),
  )
  .map(([points, scale]) => Float64Array.from(points.flatMap((point) => point.map((x, axis) => x * scale[axis]))))

const distance = (points: Float64Array, a: number, b: number): number =>
  Math.hypot(...[0, 1, 2].map((axis) => points[3 * a + axis] - points[3 * b + axis]))

it("finds the nearest other point as looking at all does", () => {
  fc.assert(
    fc.property(cloud, (points) => {
      const count = points.length / 3
      nearestDistances(points).forEach((found, point) => {
        const others = Array.from({ length: count }, (_, other) => other).filter((other) => other !== point)
        const expected = Math.min(...others.map((other) => distance(points, point, other)))
        if (Number.isFinite(expected)) expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-12 * expected)
        else expect(found).toBe(Number.POSITIVE_INFINITY)
      })
    }),
  )
})

it("visits each other point in reach once", () => {
  fc.assert(
    fc.property(cloud, fc.double({ min: 0.1, max: 30, noNaN: true }), (points, radius) => {
      const grid = pointGrid(points, radius / 2)
      for (let point = 0; point < points.length / 3; point++) {
        const seen: number[] = []
        eachWithin(grid, point, radius, (other) => seen.push(other))
        const expected = Array.from({ length: points.length / 3 }, (_, other) => other).filter(
          (other) =>
            other !== point &&
            [0, 1, 2].reduce((sum, axis) => sum + (points[3 * point + axis] - points[3 * other + axis]) ** 2, 0) <=
              radius * radius,
        )
        expect(seen.sort((a, b) => a - b)).toEqual(expected)
      }
    }),
    { numRuns: 40 },
  )
})

it("refuses points without a place, and cells without an edge", () => {
  expect(() => pointGrid(Float64Array.of(0, 0, 0, 1, Number.NaN, 0), 1)).toThrow("point 1 is not finite")
  expect(() => pointGrid(new Float64Array(3), 0)).toThrow("edge of 0 m")
})
