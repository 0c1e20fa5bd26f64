import { components } from "./components.ts"
import { nearestSeed } from "./distance.ts"
import { type Connectivity, dimensionOf, gridOf, type Mask } from "./volume.ts"

/** Slack against round-off in the comparison of squared lengths. */
const slack = 1 + 1e-9

/** Every voxel whose centre is within `radius` [m] of the mask: dilation by an exact Euclidean ball. */
export const dilated = (mask: Mask, radius: number): Mask => {
  const { squared } = nearestSeed(mask, mask.values)
  const reach = radius * radius * slack
  const values = new Uint8Array(squared.length)
  for (let i = 0; i < values.length; i++) values[i] = squared[i] <= reach ? 1 : 0
  return { ...gridOf(mask), values }
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
