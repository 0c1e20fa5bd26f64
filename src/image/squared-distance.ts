import { assertFills, type Grid, voxelCount } from "./volume.ts"

/**
 * [voxel] exact squared Euclidean distance between the centres of a voxel and of the nearest seed; infinite where there
 * is no seed [m²]. Voxels may be oblong; linear in their number.
 * @param seeds [voxel] not 0 where a seed is
 * @source P. F. Felzenszwalb, D. P. Huttenlocher, Theory of Computing 8 (2012) 415–428, doi:10.4086/toc.2012.v008a019
 */
export const squaredDistance = (grid: Grid, seeds: Uint8Array): Float64Array => {
  assertFills("seeds", grid, seeds)
  const [nx, ny, nz] = grid.shape
  const out = new Float64Array(voxelCount(grid))
  const row = grid.spacing[0] ** 2
  for (let start = 0; start < out.length; start += nx) {
    let gap = Number.POSITIVE_INFINITY
    for (let i = start; i < start + nx; i++) {
      gap = seeds[i] !== 0 ? 0 : gap + 1
      out[i] = gap
    }
    gap = Number.POSITIVE_INFINITY
    for (let i = start + nx - 1; i >= start; i--) {
      gap = seeds[i] !== 0 ? 0 : gap + 1
      const least = gap < out[i] ? gap : out[i]
      out[i] = row * least * least
    }
  }
  const longest = Math.max(ny, nz)
  const height = new Float64Array(longest)
  const site = new Int32Array(longest)
  const bound = new Float64Array(longest + 1)
  for (const axis of [1, 2] as const) {
    const n = axis === 1 ? ny : nz
    if (n === 1) continue
    const stride = axis === 1 ? nx : nx * ny
    const step = grid.spacing[axis] ** 2
    const lines = out.length / n
    for (let l = 0; l < lines; l++) {
      const start = axis === 1 ? (l % nx) + Math.floor(l / nx) * nx * ny : l
      lowerEnvelopeInto(out, start, stride, n, step, height, site, bound)
    }
  }
  return out
}

/** Replaces one line by the lower envelope of the parabolas over it. */
const lowerEnvelopeInto = (
  out: Float64Array,
  start: number,
  stride: number,
  n: number,
  step: number,
  height: Float64Array,
  site: Int32Array,
  bound: Float64Array,
): void => {
  let last = -1
  for (let j = 0, at = start; j < n; j++, at += stride) {
    const h = out[at]
    height[j] = h
    if (h === Number.POSITIVE_INFINITY) continue
    let crossing = Number.NEGATIVE_INFINITY
    while (last >= 0) {
      const k = site[last]
      crossing = ((h - height[k]) / step + (j * j - k * k)) / (2 * (j - k))
      if (crossing > bound[last]) break
      last--
    }
    last++
    site[last] = j
    bound[last] = last === 0 ? Number.NEGATIVE_INFINITY : crossing
  }
  if (last < 0) return
  bound[last + 1] = Number.POSITIVE_INFINITY
  for (let i = 0, k = 0, at = start; i < n; i++, at += stride) {
    while (bound[k + 1] < i) k++
    const j = site[k]
    out[at] = height[j] + step * (i - j) * (i - j)
  }
}
