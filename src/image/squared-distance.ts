import type { Box } from "./brick.ts"
import { assertFills, type Grid, voxelCount } from "./volume.ts"

/** To what a distance map can be confined; each saves time. */
export interface DistanceExtent {
  /** No seed lies outside of it; the whole grid if absent */
  readonly seeds?: Box
  /** Distances outside of it are of no use and may be anything; the whole grid if absent */
  readonly wanted?: Box
  /** Squared distance above which the exact value is of no use: it may be anything above [m²] */
  readonly limit?: number
}

/**
 * [voxel] exact squared Euclidean distance between the centres of a voxel and of the nearest seed; infinite where there
 * is no seed [m²]. Voxels may be oblong; linear in their number.
 * @param seeds [voxel] not 0 where a seed is
 * @source P. F. Felzenszwalb, D. P. Huttenlocher, Theory of Computing 8 (2012) 415–428, doi:10.4086/toc.2012.v008a019
 */
export const squaredDistance = (grid: Grid, seeds: Uint8Array, extent: DistanceExtent = {}): Float64Array => {
  assertFills("seeds", grid, seeds)
  const [nx, ny, nz] = grid.shape
  const all: Box = { from: [0, 0, 0], to: [nx, ny, nz] }
  const { seeds: seeded = all, wanted = all, limit = Number.POSITIVE_INFINITY } = extent
  const out = new Float64Array(voxelCount(grid))
  if (extent.seeds) out.fill(Number.POSITIVE_INFINITY)
  const square = grid.spacing[0] ** 2
  for (let z = seeded.from[2]; z < seeded.to[2]; z++)
    for (let y = seeded.from[1]; y < seeded.to[1]; y++) {
      const start = nx * (y + ny * z)
      sweepInto(out, seeds, start, start + nx, square)
    }
  const scratch = {
    height: new Float64Array(Math.max(ny, nz)),
    site: new Int32Array(Math.max(ny, nz)),
    bound: new Float64Array(Math.max(ny, nz) + 1),
  }
  if (ny > 1)
    for (let z = seeded.from[2]; z < seeded.to[2]; z++)
      for (let x = wanted.from[0]; x < wanted.to[0]; x++)
        lowerEnvelopeInto(out, x + nx * ny * z, nx, ny, grid.spacing[1] ** 2, limit, scratch)
  if (nz > 1)
    for (let y = wanted.from[1]; y < wanted.to[1]; y++)
      for (let x = wanted.from[0]; x < wanted.to[0]; x++)
        lowerEnvelopeInto(out, x + nx * y, nx * ny, nz, grid.spacing[2] ** 2, limit, scratch)
  return out
}

/** Along a row the nearest seed is the last one passed, from the left or from the right. */
const sweepInto = (out: Float64Array, seeds: Uint8Array, start: number, end: number, square: number): void => {
  let gap = Number.POSITIVE_INFINITY
  for (let i = start; i < end; i++) {
    gap = seeds[i] !== 0 ? 0 : gap + 1
    out[i] = gap
  }
  gap = Number.POSITIVE_INFINITY
  for (let i = end - 1; i >= start; i--) {
    gap = seeds[i] !== 0 ? 0 : gap + 1
    const least = gap < out[i] ? gap : out[i]
    out[i] = square * least * least
  }
}

interface Scratch {
  readonly height: Float64Array
  readonly site: Int32Array
  readonly bound: Float64Array
}

/** Replaces one line by the lower envelope of the parabolas over it. */
const lowerEnvelopeInto = (
  out: Float64Array,
  start: number,
  stride: number,
  n: number,
  step: number,
  limit: number,
  { height, site, bound }: Scratch,
): void => {
  const scale = 1 / step
  let last = -1
  for (let j = 0, at = start; j < n; j++, at += stride) {
    const h = out[at]
    if (h > limit || h === Number.POSITIVE_INFINITY) continue
    const raised = h * scale + j * j
    let crossing = Number.NEGATIVE_INFINITY
    while (last >= 0) {
      const k = site[last]
      crossing = (raised - height[last]) / (2 * (j - k))
      if (crossing > bound[last]) break
      last--
    }
    last++
    site[last] = j
    height[last] = raised
    bound[last] = last === 0 ? Number.NEGATIVE_INFINITY : crossing
  }
  if (last < 0) return
  bound[last + 1] = Number.POSITIVE_INFINITY
  for (let i = 0, k = 0, at = start; i < n; i++, at += stride) {
    while (bound[k + 1] < i) k++
    const j = site[k]
    // (i − j)² + height, with the height raised by j².
    out[at] = step * (height[k] + i * (i - 2 * j))
  }
}
