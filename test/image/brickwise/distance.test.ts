import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { seededRandom } from "../../../src/array/random.ts"
import type { Triple } from "../../../src/image/brick.ts"
import { ballStage, columnDistance, planeDistance } from "../../../src/image/brickwise/distance.ts"
import { distanceInside } from "../../../src/image/distance.ts"
import { closed, opened } from "../../../src/image/morphology.ts"
import { type Grid, type Mask, voxelCount } from "../../../src/image/volume.ts"
import { Workspace } from "../../../src/kernels/workspace.ts"

const work = new Workspace()

const edge = fc.integer({ min: 1, max: 13 })
const shapes = fc.tuple(edge, edge, edge)
const spacings = fc.constantFrom<Triple[]>([1, 1, 1], [1, 1, 2.5], [0.7, 1.1, 0.4])
const masks = fc
  .record({ shape: shapes, spacing: spacings, seed: fc.integer(), share: fc.constantFrom(0, 0.02, 0.3, 0.9, 1) })
  .map(({ shape, spacing, seed, share }): Mask => {
    const random = seededRandom(seed)
    const values = Uint8Array.from({ length: shape[0] * shape[1] * shape[2] }, () => (random.uniform() < share ? 0 : 1))
    return { shape, spacing, values }
  })

/** Both passes over the whole volume. */
const distances = (mask: Mask): Float32Array => {
  const planes = planeDistance(work, mask.shape, mask.spacing, 1)
  planes.values.set(mask.values)
  const squares = planes.run().slice()
  const columns = columnDistance(work, mask.shape, mask)
  columns.squares.set(squares)
  return columns.run().slice()
}

/** Every voxel against every other. */
const byForce = ({ shape: [nx, ny, nz], spacing: [sx, sy, sz], values }: Mask): number[] => {
  const outside: Triple[] = []
  const placeOf = (i: number): Triple => [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))]
  for (let i = 0; i < values.length; i++) if (values[i] === 0) outside.push(placeOf(i))
  const longest = Math.hypot(nx * sx, ny * sy, nz * sz)
  return Array.from(values, (_, i) => {
    const [x, y, z] = placeOf(i)
    return outside.reduce(
      (least, [a, b, c]) => Math.min(least, Math.hypot((a - x) * sx, (b - y) * sy, (c - z) * sz)),
      longest,
    )
  })
}

describe("the distance transform in two passes", () => {
  it("equals the distance to every voxel outside, tried one by one", () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const expected = byForce(mask)
        distances(mask).forEach((distance, i) => {
          expect(Math.abs(distance - expected[i])).toBeLessThanOrEqual(2e-6 * expected[i])
        })
      }),
    )
  })

  it("is exact to the last digit on cubic voxels", () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const cubic = { ...mask, spacing: [1, 1, 1] as Triple }
        const expected = distanceInside(cubic).values
        const found = distances(cubic)
        for (let i = 0; i < found.length; i++) {
          if (expected[i] !== Number.POSITIVE_INFINITY) expect(found[i]).toBe(Math.fround(expected[i]))
        }
      }),
    )
  })

  it("does not see how the volume is cut", () => {
    fc.assert(
      fc.property(masks, fc.integer({ min: 1, max: 5 }), (mask, thickness) => {
        const [nx, ny, nz] = mask.shape
        const plane = nx * ny
        const squares = new Float32Array(voxelCount(mask))
        for (let z = 0; z < nz; z += thickness) {
          const depth = Math.min(thickness, nz - z)
          const stage = planeDistance(work, [nx, ny, depth], mask.spacing, 1)
          stage.values.set(mask.values.subarray(z * plane, (z + depth) * plane))
          squares.set(stage.run(), z * plane)
        }
        const found = new Float32Array(squares.length)
        for (let y = 0; y < ny; y++) {
          const stage = columnDistance(work, [nx, 1, nz], mask)
          for (let z = 0; z < nz; z++) stage.squares.set(squares.subarray(z * plane + y * nx).subarray(0, nx), z * nx)
          const column = stage.run()
          for (let z = 0; z < nz; z++) found.set(column.subarray(z * nx, (z + 1) * nx), z * plane + y * nx)
        }
        expect(found).toEqual(distances(mask))
      }),
    )
  })
})

describe("balls", () => {
  /** The box with a margin of zeros, and what a stage makes of it. */
  const staged = (mask: Mask, margin: number, does: (stage: ReturnType<typeof ballStage>) => void): Uint8Array => {
    const [nx, ny, nz] = mask.shape
    const wide: Triple = [nx + 2 * margin, ny + 2 * margin, nz + 2 * margin]
    const stage = ballStage(work, wide, mask.spacing)
    stage.mask.fill(0)
    const rowAt = (y: number, z: number): number => margin + wide[0] * (y + margin + wide[1] * (z + margin))
    for (let z = 0; z < nz; z++)
      for (let y = 0; y < ny; y++) {
        const at = nx * (y + ny * z)
        stage.mask.set(mask.values.subarray(at, at + nx), rowAt(y, z))
      }
    does(stage)
    const out = new Uint8Array(voxelCount(mask))
    for (let z = 0; z < nz; z++)
      for (let y = 0; y < ny; y++) out.set(stage.mask.subarray(rowAt(y, z)).subarray(0, nx), nx * (y + ny * z))
    return out
  }

  const solid = masks.filter(({ shape }) => shape[2] > 1)
  const radii = fc.constantFrom(0.5, 1, 1.5, 2, 2.9)

  it("close as the whole volume is closed", () => {
    fc.assert(
      fc.property(solid, radii, (mask, radius) => {
        const margin = 2 * Math.ceil(radius / Math.min(...mask.spacing))
        const found = staged(mask, margin, ({ dilate, erode }) => {
          dilate(radius)
          erode(radius)
        })
        expect(found).toEqual(closed(mask, radius).values)
      }),
    )
  })

  it("open as the whole volume is opened", () => {
    fc.assert(
      fc.property(solid, radii, (mask, radius) => {
        const found = staged(mask, 0, ({ dilate, erode }) => {
          erode(radius)
          dilate(radius)
        })
        expect(found).toEqual(opened(mask, radius).values)
      }),
    )
  })
})

const ball = (grid: Grid, radius: number): Mask => {
  const [nx, ny] = grid.shape
  const centre = grid.shape.map((n, axis) => ((n - 1) / 2) * grid.spacing[axis])
  const values = Uint8Array.from({ length: voxelCount(grid) }, (_, i) => {
    const place = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))]
    return Math.hypot(...place.map((p, axis) => p * grid.spacing[axis] - centre[axis])) < radius ? 1 : 0
  })
  return { ...grid, values }
}

describe("a ball", () => {
  it.each([
    { name: "of cubic voxels", shape: [41, 41, 41] as Triple, spacing: [1, 1, 1] as Triple },
    { name: "of flat voxels", shape: [41, 41, 17] as Triple, spacing: [1, 1, 2.5] as Triple },
  ])("$name is deepest in its centre, by its radius", ({ shape, spacing }) => {
    const mask = ball({ shape, spacing }, 15)
    const found = distances(mask)
    const expected = distanceInside(mask).values
    found.forEach((distance, i) => {
      expect(Math.abs(distance - expected[i])).toBeLessThanOrEqual(1e-6 * expected[i])
    })
    const deepest = found.reduce((most, d) => Math.max(most, d), 0)
    expect(found[(found.length - 1) / 2]).toBe(deepest)
    expect(Math.abs(deepest - 15)).toBeLessThan(0.75 * Math.max(...spacing))
  })
})
