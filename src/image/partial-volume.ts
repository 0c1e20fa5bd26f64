import { distanceInside } from "./distance.ts"
import { complement } from "./morphology.ts"
import { gaussianWithinReach } from "./smoothing.ts"
import { type Grid, gridOf, type Labels, type Mask, maskWhere, type Volume, voxelCount } from "./volume.ts"

/**
 * Gray values within this distance of a surface are mixed by blur, thresholding and fringes, and say nothing pure of
 * either side [voxel]
 */
const mixed = 3
/** Pure gray values are averaged with a Gaussian of this width [voxel] */
const neighbourhood = 6
/** Least local contrast that counts, in parts of the contrast of the whole image */
const leastContrast = 0.25

/** How much of each voxel is particle, as far as gray values tell. */
export interface ParticleShare {
  /** [voxel] 0 … 1; NaN where matrix and particle cannot be told apart */
  readonly values: Float32Array
  /** Standard deviation of a share: noise and texture of the rougher material over the contrast */
  readonly noise: number
}

/**
 * Share of particle in each voxel near a surface, from where its gray value lies between those of the matrix and of the
 * particle close by: (g − g_matrix)/(g_particle − g_matrix), held in 0 … 1. Away from surfaces it is 1 or 0.
 * @param gray   undenoised: noise averages out along a surface, whereas denoising moves curved ones
 * @param seen   every particle, those left out of the result too
 * @param cracks [voxel] 1 in cracks
 */
export const particleShare = (gray: Volume, seen: Labels, cracks: ArrayLike<number>): ParticleShare => {
  const particle = maskWhere(seen, (label) => label > 0)
  const [inward, outward] = [particle, complement(particle)].map((mask) => distanceInside(mask).values)
  const rim = mixed * gray.spacing[0]
  const near = maskOf(gray, (i) => inward[i] + outward[i] <= rim)
  const sides = [inward, outward].map((depth) => {
    const pure = maskOf(gray, (i) => depth[i] > rim && cracks[i] === 0)
    const wanted = maskOf(gray, (i) => near.values[i] !== 0 || pure.values[i] !== 0)
    return { pure, level: gaussianWithinReach(gray, pure, neighbourhood, wanted).values }
  })
  const [high, low] = sides.map(({ level }) => level)
  const contrast = meanOf(near, (i) => high[i] - low[i])
  const texture = sides.map(({ pure, level }) => meanOf(pure, (i) => (gray.values[i] - level[i]) ** 2))
  const values = new Float32Array(particle.values)
  for (let i = 0; i < values.length; i++) {
    if (near.values[i] === 0) continue
    const here = high[i] - low[i]
    const isClear = here > leastContrast * contrast && here > 0
    values[i] = isClear ? Math.min(1, Math.max(0, (gray.values[i] - low[i]) / here)) : Number.NaN
  }
  return { values, noise: contrast > 0 ? Math.sqrt(Math.max(...texture)) / contrast : Infinity }
}

const meanOf = (inside: Mask, value: (i: number) => number): number => {
  let [sum, count] = [0, 0]
  for (let i = 0; i < inside.values.length; i++) {
    if (inside.values[i] === 0) continue
    sum += value(i)
    count++
  }
  return count > 0 ? sum / count : 0
}

const maskOf = (grid: Grid, inside: (i: number) => boolean): Mask => {
  const values = new Uint8Array(voxelCount(grid))
  for (let i = 0; i < values.length; i++) values[i] = inside(i) ? 1 : 0
  return { ...gridOf(grid), values }
}
