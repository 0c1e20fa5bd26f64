import { boxMeanInto } from "./smoothing.ts"
import { assertFills, gridOf, type Volume } from "./volume.ts"

export interface NonLocalMeansSettings {
  /** Half-width of the patches compared [voxel] */
  readonly patch: number
  /** Half-width of the search window [voxel] */
  readonly search: number
  /** Gray-value distance of patches at which the weight has fallen to 1/e */
  readonly strength: number
  /** Standard deviation of the noise, taken off the patch distance */
  readonly noise: number
}

/**
 * Non-local means: each voxel becomes the mean of the voxels around it whose patches look alike,
 * w = exp(−max(0, d² − 2σ²)/strength²), d² the mean squared difference of the patches.
 *
 * Goes shift by shift with box sums, so that the cost does not depend on the patch size.
 *
 * @source A. Buades, B. Coll, J.-M. Morel, CVPR (2005) 60–65; J. Darbon et al., ISBI (2008) 1331–1334
 */
export const nonLocalMeans = (volume: Volume, settings: NonLocalMeansSettings): Volume => {
  assertFills("volume", volume, volume.values)
  const [nx, ny, nz] = volume.shape
  const { values } = volume
  const { patch, search, strength, noise } = settings
  const size = values.length
  const sum = Float64Array.from(values)
  const weight = new Float64Array(size).fill(1)
  const distance = new Float32Array(size)
  const depth = nz > 1 ? search : 0
  // Half of the shifts: each pair of voxels serves both its ends.
  for (let dz = 0; dz <= depth; dz++)
    for (let dy = dz > 0 ? -search : 0; dy <= search; dy++)
      for (let dx = dz > 0 || dy > 0 ? -search : 1; dx <= search; dx++) {
        const offset = dx + nx * (dy + ny * dz)
        const x0 = Math.max(0, -dx)
        const x1 = Math.min(nx, nx - dx)
        const y0 = Math.max(0, -dy)
        const y1 = Math.min(ny, ny - dy)
        distance.fill(0)
        for (let z = 0; z < nz - dz; z++)
          for (let y = y0; y < y1; y++) {
            const row = nx * (y + ny * z)
            for (let i = row + x0; i < row + x1; i++) {
              const difference = values[i] - values[i + offset]
              distance[i] = difference * difference
            }
          }
        boxMeanInto(volume.shape, distance, patch, distance)
        for (let z = 0; z < nz - dz; z++)
          for (let y = y0; y < y1; y++) {
            const row = nx * (y + ny * z)
            for (let i = row + x0; i < row + x1; i++) {
              const excess = distance[i] - 2 * noise * noise
              const w = excess > 0 ? Math.exp(-excess / (strength * strength)) : 1
              sum[i] += w * values[i + offset]
              weight[i] += w
              sum[i + offset] += w * values[i]
              weight[i + offset] += w
            }
          }
      }
  const out = new Float32Array(size)
  for (let i = 0; i < size; i++) out[i] = sum[i] / weight[i]
  return { ...gridOf(volume), values: out }
}
