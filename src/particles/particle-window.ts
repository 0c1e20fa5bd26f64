import { type Box, boxShape, type Triple } from "../image/brick.ts"
import { assertFills, type Grid } from "../image/volume.ts"
import { matrixPhases, type ParticleCrop } from "./crop.ts"

/** What surrounds one particle closely, with room on every side even where the crop ends. */
export interface ParticleWindow extends Grid {
  /** Where its first voxel lies in the crop; may be negative [voxel] */
  readonly from: Triple
  /** [voxel] as in the crop; −1 beyond the border of the volume */
  readonly labels: Int32Array
  /** [voxel] 1 where the particle is whole, 0 in its cracks, if its label holds any, and outside */
  readonly solid: Uint8Array
  /** [voxel] 1 where carbon/binder is */
  readonly matrix: Uint8Array
}

/** Bounds of the particle within its crop. @throws RangeError where the crop does not hold it */
export const boundsIn = (crop: ParticleCrop): Box => {
  assertFills("labels", crop, crop.labels)
  if (crop.gray) assertFills("gray", crop, crop.gray)
  if (crop.phases) assertFills("phases", crop, crop.phases)
  if (!(crop.label >= 1)) throw new RangeError(`label ${crop.label} is no particle`)
  const [nx, ny, nz] = crop.shape
  const { labels, label } = crop
  let [x0, x1, y0, y1, z0, z1] = [nx, -1, ny, -1, nz, -1]
  for (let z = 0, i = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, i++) {
        if (labels[i] !== label) continue
        if (x < x0) x0 = x
        if (x > x1) x1 = x
        if (y < y0) y0 = y
        if (y > y1) y1 = y
        if (z < z0) z0 = z
        z1 = z
      }
  if (x1 < 0) throw new RangeError(`the crop of particle ${label} holds no voxel of it`)
  return { from: [x0, y0, z0], to: [x1 + 1, y1 + 1, z1 + 1] }
}

/**
 * The surroundings of a particle.
 * @param bounds of the particle in the crop
 * @param room   voxels around the bounds along x, y, z
 */
export const windowAround = (crop: ParticleCrop, bounds: Box, room: Triple): ParticleWindow => {
  const from: Triple = [bounds.from[0] - room[0], bounds.from[1] - room[1], bounds.from[2] - room[2]]
  const to: Triple = [bounds.to[0] + room[0], bounds.to[1] + room[1], bounds.to[2] + room[2]]
  const shape = boxShape({ from, to })
  const size = shape[0] * shape[1] * shape[2]
  const labels = new Int32Array(size)
  const solid = new Uint8Array(size)
  const matrix = new Uint8Array(size)
  const { shape: cropShape, phases, label, whole } = crop
  // The part of a row that lies in the volume, and of that the part that lies in the crop.
  const [volumeStart, volumeEnd] = [Math.max(from[0], -crop.from[0]), Math.min(to[0], whole[0] - crop.from[0])]
  const [start, end] = [Math.max(from[0], 0), Math.min(to[0], cropShape[0])]
  for (let z = from[2], row = 0; z < to[2]; z++)
    for (let y = from[1]; y < to[1]; y++, row += shape[0]) {
      const [v, w] = [y + crop.from[1], z + crop.from[2]]
      if (v < 0 || w < 0 || v >= whole[1] || w >= whole[2]) {
        labels.fill(-1, row, row + shape[0])
        continue
      }
      labels.fill(-1, row, row + volumeStart - from[0])
      labels.fill(-1, row + volumeEnd - from[0], row + shape[0])
      if (y < 0 || z < 0 || y >= cropShape[1] || z >= cropShape[2]) continue
      const first = cropShape[0] * (y + cropShape[1] * z)
      labels.set(crop.labels.subarray(first + start, first + end), row + start - from[0])
      for (let x = start, c = first + start, i = row + start - from[0]; x < end; x++, c++, i++) {
        if (labels[i] === label) solid[i] = phases === undefined || phases[c] === 1 ? 1 : 0
        else if (phases !== undefined && phases[c] === matrixPhases.carbonBinder) matrix[i] = 1
      }
    }
  return { shape, spacing: crop.spacing, from, labels, solid, matrix }
}

/** Bounds of the particle within the window around them. */
export const boundsInWindow = ({ from }: ParticleWindow, bounds: Box): Box => ({
  from: [bounds.from[0] - from[0], bounds.from[1] - from[1], bounds.from[2] - from[2]],
  to: [bounds.to[0] - from[0], bounds.to[1] - from[1], bounds.to[2] - from[2]],
})
