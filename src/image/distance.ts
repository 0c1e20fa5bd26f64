import { assertFills, type Grid, gridOf, type Mask, type Volume, voxelCount } from "./volume.ts"

/**
 * Lower envelope of the parabolas s² (i − j)² + height[j] along one line.
 * `nearest[i]` becomes the j whose parabola is lowest at i (−1 where every height is infinite).
 */
const envelopeInto = (
  height: Float64Array,
  n: number,
  squaredSpacing: number,
  scratch: { readonly site: Int32Array; readonly bound: Float64Array },
  nearest: Int32Array,
): void => {
  const { site, bound } = scratch
  let last = -1
  for (let j = 0; j < n; j++) {
    if (height[j] === Number.POSITIVE_INFINITY) continue
    let crossing = Number.NEGATIVE_INFINITY
    while (last >= 0) {
      const k = site[last]
      crossing = (height[j] - height[k] + squaredSpacing * (j * j - k * k)) / (2 * squaredSpacing * (j - k))
      if (crossing > bound[last]) break
      last--
    }
    last++
    site[last] = j
    bound[last] = last === 0 ? Number.NEGATIVE_INFINITY : crossing
  }
  if (last < 0) {
    nearest.fill(-1, 0, n)
    return
  }
  for (let i = 0, k = 0; i < n; i++) {
    while (k < last && bound[k + 1] < i) k++
    nearest[i] = site[k]
  }
}

/** Along rows the nearest seed is the last one passed, from the left or from the right. */
const sweepRows = (grid: Grid, squared: Float64Array, seed: Int32Array): void => {
  const n = grid.shape[0]
  const step = grid.spacing[0] ** 2
  for (let start = 0; start < seed.length; start += n) {
    let last = -1
    for (let i = start; i < start + n; i++) {
      if (seed[i] >= 0) last = i
      else if (last >= 0) {
        seed[i] = last
        squared[i] = step * (i - last) * (i - last)
      }
    }
    last = -1
    for (let i = start + n - 1; i >= start; i--) {
      if (seed[i] === i) last = i
      else if (last >= 0 && (seed[i] < 0 || last - i < i - seed[i])) {
        seed[i] = last
        squared[i] = step * (last - i) * (last - i)
      }
    }
  }
}

/** The nearest seed of every voxel and how far it is. */
export interface NearestSeed extends Grid {
  /** [voxel] squared distance between voxel centres; infinite where there is no seed [m²] */
  readonly squared: Float64Array
  /** [voxel] index of that seed; −1 where there is none */
  readonly seed: Int32Array
}

/**
 * Exact Euclidean distance of every voxel to the nearest seed, rows by sweeps, then one pass of parabola envelopes an axis; voxels
 * may be oblong. Linear in the number of voxels.
 * @param seeds [voxel] non-zero where a seed is
 * @source P. F. Felzenszwalb, D. P. Huttenlocher, Theory of Computing 8 (2012) 415–428, doi:10.4086/toc.2012.v008a019
 */
export const nearestSeed = (grid: Grid, seeds: ArrayLike<number>): NearestSeed => {
  assertFills("seeds", grid, seeds)
  const size = voxelCount(grid)
  const squared = new Float64Array(size)
  const seed = new Int32Array(size)
  for (let i = 0; i < size; i++) {
    squared[i] = seeds[i] !== 0 ? 0 : Number.POSITIVE_INFINITY
    seed[i] = seeds[i] !== 0 ? i : -1
  }
  sweepRows(grid, squared, seed)
  const longest = Math.max(...grid.shape)
  const height = new Float64Array(longest)
  const origin = new Int32Array(longest)
  const nearest = new Int32Array(longest)
  const scratch = { site: new Int32Array(longest), bound: new Float64Array(longest) }
  for (const axis of [1, 2] as const) {
    const n = grid.shape[axis]
    if (n === 1) continue
    const stride = [1, grid.shape[0], grid.shape[0] * grid.shape[1]][axis]
    const step = grid.spacing[axis] ** 2
    for (let l = 0; l < size / n; l++) {
      const start = (l % stride) + Math.floor(l / stride) * stride * n
      for (let i = 0; i < n; i++) {
        height[i] = squared[start + i * stride]
        origin[i] = seed[start + i * stride]
      }
      envelopeInto(height, n, step, scratch, nearest)
      if (nearest[0] < 0) continue
      for (let i = 0; i < n; i++) {
        const j = nearest[i]
        squared[start + i * stride] = step * (i - j) * (i - j) + height[j]
        seed[start + i * stride] = origin[j]
      }
    }
  }
  return { ...gridOf(grid), squared, seed }
}

/**
 * Distance of every voxel of a mask to the nearest voxel outside it; 0 outside [m].
 * What lies beyond the border of the grid is unknown and does not count as outside.
 * A mask that fills its grid has infinite distances.
 */
export const distanceInside = (mask: Mask): Volume => {
  const outside = new Uint8Array(mask.values.length)
  for (let i = 0; i < outside.length; i++) outside[i] = mask.values[i] === 0 ? 1 : 0
  const { squared } = nearestSeed(mask, outside)
  for (let i = 0; i < squared.length; i++) squared[i] = Math.sqrt(squared[i])
  return { ...gridOf(mask), values: squared }
}
