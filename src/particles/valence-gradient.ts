import { type Histogram, histogramCounter, histogramMonoid } from "../statistics/histogram.ts"
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
  const [nx, ny, nz] = shape
  const [dx, dy, dz] = spacing
  const layer = nx * ny
  const isSolid = (voxel: number): boolean => labels[voxel] === label && (phases === undefined || phases[voxel] === 1)
  let [sumX, sumY, sumZ, count] = [0, 0, 0, 0]
  for (let z = 0, voxel = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, voxel++) {
        if (!isSolid(voxel)) continue
        count++
        sumX += x * dx
        sumY += y * dy
        sumZ += z * dz
      }
  const [centreX, centreY, centreZ] = [sumX / count, sumY / count, sumZ / count]
  const voxels = histogramCounter(edges)
  const gradient = histogramCounter(edges)
  let missing = 0
  for (let z = 1; z < nz - 1; z++)
    for (let y = 1; y < ny - 1; y++)
      for (let x = 1, voxel = 1 + nx * (y + ny * z); x < nx - 1; x++, voxel++) {
        if (!isSolid(voxel) || !isSolid(voxel - 1) || !isSolid(voxel + 1)) continue
        if (!isSolid(voxel - nx) || !isSolid(voxel + nx)) continue
        if (!isSolid(voxel - layer) || !isSolid(voxel + layer)) continue
        const ux = (gray[voxel + 1] - gray[voxel - 1]) / dx
        const uy = (gray[voxel + nx] - gray[voxel - nx]) / dy
        const uz = (gray[voxel + layer] - gray[voxel - layer]) / dz
        const vx = centreX - x * dx
        const vy = centreY - y * dy
        const vz = centreZ - z * dz
        const [size, distance] = [Math.hypot(ux, uy, uz), Math.hypot(vx, vy, vz)]
        // A centre that rounding moves off its voxel gives no direction.
        if (!(size > 0 && distance > 1e-6 * dx)) {
          missing++
          continue
        }
        const cosine = (ux * vx + uy * vy + uz * vz) / (size * distance)
        const angle = (Math.acos(Math.min(1, Math.max(-1, cosine))) * 180) / Math.PI
        voxels.add(angle)
        gradient.add(angle, size)
      }
  return { voxels: voxels.histogram(), gradient: gradient.histogram(), undefined: missing }
}
