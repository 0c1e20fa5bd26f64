import fc from "fast-check"
import { expect, it } from "vitest"
import { bricksOf } from "../../src/image/brick.ts"
import { planeCollector } from "../../src/pipeline/compared-planes.ts"

const spacing = [1e-6, 1e-6, 2e-6] as const
const value = (x: number, y: number, z: number): number => 1 + x + 100 * y + 10_000 * z

it("planes are gathered from bricks of any size", () => {
  const grid = { shape: [7, 5, 6] as const, spacing }
  fc.assert(
    fc.property(
      fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 7 })),
      (edge) => {
        const planes = planeCollector(grid)
        for (const box of bricksOf(grid, edge)) {
          const values: number[] = []
          for (let z = box.from[2]; z < box.to[2]; z++)
            for (let y = box.from[1]; y < box.to[1]; y++)
              for (let x = box.from[0]; x < box.to[0]; x++) values.push(value(x, y, z))
          planes.add(
            box,
            Int32Array.from(values),
            Int32Array.from(values, (each) => -each),
          )
        }
        const [xy, xz, yz] = planes.planes()
        expect([xy, xz, yz].map(({ name }) => name)).toEqual(["xy, z = 7 µm", "xz, y = 2.5 µm", "yz, x = 3.5 µm"])
        expect([...xy.truth]).toEqual(Array.from({ length: 35 }, (_, i) => value(i % 7, Math.floor(i / 7), 3)))
        expect([...xz.truth]).toEqual(Array.from({ length: 42 }, (_, i) => value(i % 7, 2, Math.floor(i / 7))))
        expect([...yz.found]).toEqual(Array.from({ length: 30 }, (_, i) => -value(3, i % 5, Math.floor(i / 5))))
        expect(yz.pixel).toEqual([1e-6, 2e-6])
      },
    ),
  )
})

it("wide planes are thinned, an image has one plane", () => {
  const grid = { shape: [1900, 4, 1] as const, spacing }
  const planes = planeCollector(grid)
  for (const box of bricksOf(grid, [701, 3, 1])) {
    const [width, height] = [box.to[0] - box.from[0], box.to[1] - box.from[1]]
    const values = Int32Array.from({ length: width * height }, (_, i) =>
      value(box.from[0] + (i % width), box.from[1] + Math.floor(i / width), 0),
    )
    planes.add(box, values, values)
  }
  expect(planes.planes()).toHaveLength(1)
  const [{ width, height, truth, pixel }] = planes.planes()
  expect([width, height]).toEqual([634, 2])
  expect(pixel[0]).toBeCloseTo(3e-6, 12)
  expect([...truth]).toEqual(Array.from({ length: 1268 }, (_, i) => value(3 * (i % 634), 3 * Math.floor(i / 634), 0)))
})
