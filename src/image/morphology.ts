import * as bytes from "../kernels/generated/dilation.ts"
import { kernel } from "../kernels/loader.ts"
import { components } from "./components.ts"
import { nearestSeed } from "./distance.ts"
import { assertFills, type Connectivity, dimensionOf, type Grid, gridOf, type Mask, voxelCount } from "./volume.ts"
import { inWorkspace } from "./workspace.ts"

interface Exports {
  readonly dilate: (
    mask: number,
    nx: number,
    ny: number,
    nz: number,
    rows: number,
    count: number,
    widest: number,
    line: number,
    wide: number,
    out: number,
  ) => void
}

const dilationKernel = kernel<Exports>(bytes)

/** Slack against round-off in the comparison of squared lengths. */
const slack = 1 + 1e-9

/** Rows of a ball, added to the voxels by which they are widened, from which on a distance transform costs less. */
const mostRows = 900

/**
 * [row, 3] rows of voxels of a ball: half-width, the narrowest first, and steps along y and z [voxel]; undefined where
 * there are too many.
 * @param reach squared radius [m²]
 */
const ballRows = ({ shape, spacing }: Grid, reach: number): Int32Array | undefined => {
  const [sx, sy, sz] = spacing.map((edge) => edge ** 2)
  const most = shape.map((count, axis) => Math.min(count - 1, Math.floor(Math.sqrt(reach) / spacing[axis]) + 1))
  if (!((2 * most[1] - 1) * (2 * most[2] - 1) < 2 * mostRows)) return undefined
  const rows: (readonly [number, number, number])[] = []
  for (let z = -most[2]; z <= most[2]; z++)
    for (let y = -most[1]; y <= most[1]; y++) {
      // Added up as a distance transform does it, so that round-off is the same.
      const isInside = (x: number): boolean => sx * x * x + sy * y * y + sz * z * z <= reach
      if (!isInside(0)) continue
      let half = Math.min(most[0], Math.floor(Math.sqrt(Math.max(0, reach - sy * y * y - sz * z * z)) / spacing[0]))
      while (half > 0 && !isInside(half)) half--
      while (half < most[0] && isInside(half + 1)) half++
      rows.push([half, y, z])
    }
  rows.sort((a, b) => a[0] - b[0])
  return rows.length + 2 * (rows.at(-1)?.[0] ?? 0) > mostRows ? undefined : Int32Array.from(rows.flat())
}

/** Rows of the mask widened and laid over those that the ball reaches: cost grows with the rows of the ball. */
const stamped = (mask: Mask, ball: Int32Array): Uint8Array => {
  const [nx, ny, nz] = mask.shape
  const size = voxelCount(mask)
  const widest = ball[ball.length - 3] ?? 0
  const roomy = (nx + 15) * ny * nz
  return inWorkspace(size + roomy, (workspace) => {
    const blocks = workspace.lay(size, 4 * ball.length, nx + 2 * widest + 32, nx + 16, roomy)
    const [values, rows, line, wide, out] = blocks
    workspace.bytes(values, size).set(mask.values)
    workspace.ints(rows, ball.length).set(ball)
    const { dilate } = workspace.use(dilationKernel)
    dilate(values, nx, ny, nz, rows, ball.length / 3, widest, line, wide, out)
    return workspace.bytes(out, size).slice()
  })
}

/** Dilation by way of the distance to the mask: cost does not depend on the radius. */
const within = (mask: Mask, reach: number): Uint8Array => {
  const { squared } = nearestSeed(mask, mask.values)
  const values = new Uint8Array(squared.length)
  for (let i = 0; i < values.length; i++) values[i] = squared[i] <= reach ? 1 : 0
  return values
}

/** Every voxel whose centre is within `radius` [m] of the mask: dilation by an exact Euclidean ball. */
export const dilated = (mask: Mask, radius: number): Mask => {
  assertFills("mask", mask, mask.values)
  const reach = radius * radius * slack
  const rows = ballRows(mask, reach)
  return { ...gridOf(mask), values: rows === undefined ? within(mask, reach) : stamped(mask, rows) }
}

export const complement = (mask: Mask): Mask => {
  const values = new Uint8Array(mask.values.length)
  for (let i = 0; i < values.length; i++) values[i] = mask.values[i] === 0 ? 1 : 0
  return { ...gridOf(mask), values }
}

/** Erosion by a ball [m]; what lies beyond the border counts as inside, so that erosion and dilation are dual. */
export const eroded = (mask: Mask, radius: number): Mask => complement(dilated(complement(mask), radius))

/** Dilation, then erosion: bridges gaps narrower than the ball. Extensive and idempotent. */
export const closed = (mask: Mask, radius: number): Mask => {
  // Without a margin the erosion would see no background beyond the border and leave a rim there.
  const margin = Math.ceil(radius / Math.min(...mask.spacing)) + 1
  return unpadded(eroded(dilated(padded(mask, margin), radius), radius), mask, margin)
}

/** Erosion, then dilation: takes away what a ball cannot reach. Anti-extensive and idempotent. */
export const opened = (mask: Mask, radius: number): Mask => dilated(eroded(mask, radius), radius)

const padded = (mask: Mask, margin: number): Mask => {
  const depth = dimensionOf(mask) === 3 ? margin : 0
  const [nx, ny, nz] = mask.shape
  const shape: [number, number, number] = [nx + 2 * margin, ny + 2 * margin, nz + 2 * depth]
  const values = new Uint8Array(shape[0] * shape[1] * shape[2])
  for (let z = 0; z < nz; z++)
    for (let y = 0; y < ny; y++) {
      const row = nx * (y + ny * z)
      values.set(mask.values.subarray(row, row + nx), margin + shape[0] * (y + margin + shape[1] * (z + depth)))
    }
  return { spacing: mask.spacing, shape, values }
}

const unpadded = (large: Mask, original: Mask, margin: number): Mask => {
  const depth = dimensionOf(original) === 3 ? margin : 0
  const [nx, ny, nz] = original.shape
  const values = new Uint8Array(nx * ny * nz)
  for (let z = 0; z < nz; z++)
    for (let y = 0; y < ny; y++) {
      const from = margin + large.shape[0] * (y + margin + large.shape[1] * (z + depth))
      values.set(large.values.subarray(from, from + nx), nx * (y + ny * z))
    }
  return { ...gridOf(original), values }
}

/**
 * Fills the parts of the background that do not reach the border of the grid.
 * @param largest biggest hole that is filled [voxel]
 * @param connectivity of the background; `face` is the dual of objects connected over corners
 */
export const withoutHoles = (
  mask: Mask,
  largest = Number.POSITIVE_INFINITY,
  connectivity: Connectivity = "face",
): Mask => {
  const holes = components(complement(mask), connectivity)
  const size = new Float64Array(holes.count + 1)
  const open = new Uint8Array(holes.count + 1)
  const [nx, ny, nz] = mask.shape
  for (let z = 0, i = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, i++) {
        const hole = holes.values[i]
        size[hole]++
        if (x === 0 || y === 0 || x === nx - 1 || y === ny - 1 || (nz > 1 && (z === 0 || z === nz - 1))) open[hole] = 1
      }
  const values = new Uint8Array(mask.values.length)
  for (let i = 0; i < values.length; i++) {
    const hole = holes.values[i]
    values[i] = hole === 0 || (open[hole] === 0 && size[hole] <= largest) ? 1 : 0
  }
  return { ...gridOf(mask), values }
}
