import { type Histogram, histogramMonoid, histogramOf } from "../statistics/histogram.ts"
import type { ParticleCrop } from "./crop.ts"

/** Angles between the gradient of the phase map and the way to the particle's centre, over its voxels. */
export interface GradientAngles {
  /** Voxels by angle; edges [bin + 1] 0 … 180 [deg] */
  readonly voxels: Histogram
  /** Sum of the gradient's size by angle [1/m of the map's unit] */
  readonly gradient: Histogram
  /** Voxels without a gradient, or at the very centre */
  readonly undefined: number
}

/** Equal bins from 0 to 180 degrees. */
export const angleEdges = (bins: number): Float64Array =>
  Float64Array.from({ length: bins + 1 }, (_, bin) => (180 * bin) / bins)

/** Angles over several particles; counts exactly, gradients to rounding associative and commutative. */
export const gradientAnglesMonoid = (edges: Float64Array) => {
  const { empty, concat } = histogramMonoid(edges)
  return {
    empty: { voxels: empty, gradient: empty, undefined: 0 },
    concat: (a: GradientAngles, b: GradientAngles): GradientAngles => ({
      voxels: concat(a.voxels, b.voxels),
      gradient: concat(a.gradient, b.gradient),
      undefined: a.undefined + b.undefined,
    }),
  }
}

/** Share of each bin where gradients point anywhere alike: half the difference of the cosines of its edges. */
export const isotropicShare = (edges: Float64Array): Float64Array =>
  Float64Array.from({ length: edges.length - 1 }, (_, bin) => {
    const [low, high] = [edges[bin], edges[bin + 1]].map((angle) => Math.cos((angle * Math.PI) / 180))
    return (low - high) / 2
  })

/**
 * For every voxel of a particle whose six neighbours belong to it (cracks do not): the angle between u, the sum of the
 * partial gradients of the phase map towards the six neighbours, and v, the vector to the particle's centre of
 * gravity. 90° all over is a map that is layered along radii, 0° or 180° one that changes with depth alone.
 * @param edges  of the angles [bin + 1], rising from 0 to 180 [deg]
 * @throws where the crop has no phase map
 * @source Z. Yang, F. Lin, J. Phys. Chem. C 125 (2021), §2.3 and fig. 4f, doi:10.1021/acs.jpcc.1c01703
 */
export const gradientAngles = (crop: ParticleCrop, edges: Float64Array): GradientAngles => {
  const { shape, spacing, label, labels, gray, phases } = crop
  if (gray === undefined) throw new RangeError("gradients need a phase map")
  const strides = [1, shape[0], shape[0] * shape[1]]
  const isSolid = (voxel: number): boolean => labels[voxel] === label && (phases === undefined || phases[voxel] === 1)
  const centre = [0, 0, 0]
  let count = 0
  const places: number[] = []
  for (let z = 0, voxel = 0; z < shape[2]; z++)
    for (let y = 0; y < shape[1]; y++)
      for (let x = 0; x < shape[0]; x++, voxel++) {
        if (!isSolid(voxel)) continue
        count++
        ;[x, y, z].forEach((at, axis) => {
          centre[axis] += at * spacing[axis]
        })
        const inner = x > 0 && y > 0 && z > 0 && x < shape[0] - 1 && y < shape[1] - 1 && z < shape[2] - 1
        if (inner && strides.every((stride) => isSolid(voxel - stride) && isSolid(voxel + stride))) places.push(x, y, z)
      }
  const angles: number[] = []
  const sizes: number[] = []
  let missing = 0
  for (let at = 0; at < places.length; at += 3) {
    const voxel = places[at] + shape[0] * (places[at + 1] + shape[1] * places[at + 2])
    const u = strides.map((stride, axis) => (gray[voxel + stride] - gray[voxel - stride]) / spacing[axis])
    const v = spacing.map((edge, axis) => centre[axis] / count - places[at + axis] * edge)
    const [gradient, distance] = [Math.hypot(...u), Math.hypot(...v)]
    // A centre that rounding moves off its voxel gives no direction.
    if (!(gradient > 0 && distance > 1e-6 * spacing[0])) {
      missing++
      continue
    }
    const cosine = u.reduce((sum, part, axis) => sum + part * v[axis], 0) / (gradient * distance)
    angles.push((Math.acos(Math.min(1, Math.max(-1, cosine))) * 180) / Math.PI)
    sizes.push(gradient)
  }
  return {
    voxels: histogramOf(angles, edges),
    gradient: histogramOf(angles, edges, sizes),
    undefined: missing,
  }
}
