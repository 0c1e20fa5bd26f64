import { type Box, boxShape, type Triple } from "../image/brick.ts"
import { assertFills, type Grid } from "../image/volume.ts"
import type { VoxelPool } from "../image/voxel-pool.ts"
import { matrixPhases, type ParticleCrop } from "./crop.ts"

/** What a voxel of a window is; one byte each. */
export const kinds = {
  void: 0,
  /** Carbon/binder */
  matrix: 1,
  /** The particle where it is whole */
  solid: 2,
  /** Its cracks, as far as its label holds them */
  crack: 3,
  /** Another particle */
  other: 4,
  /** Beyond the border of the volume */
  beyond: 5,
} as const

/** What surrounds one particle closely, with room on every side even where the crop ends. */
export interface ParticleWindow extends Grid {
  /** Where its first voxel lies in the crop; may be negative [voxel] */
  readonly from: Triple
  /** [voxel] one of `kinds` */
  readonly kinds: Uint8Array
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
 * @param pool   from which its voxels are taken
 */
export const windowAround = (crop: ParticleCrop, bounds: Box, room: Triple, pool: VoxelPool): ParticleWindow => {
  const from: Triple = [bounds.from[0] - room[0], bounds.from[1] - room[1], bounds.from[2] - room[2]]
  const to: Triple = [bounds.to[0] + room[0], bounds.to[1] + room[1], bounds.to[2] + room[2]]
  const shape = boxShape({ from, to })
  const out = pool.zeros(shape[0] * shape[1] * shape[2])
  const { shape: cropShape, phases, label, labels, whole } = crop
  // The part of a row that lies in the volume, and of that the part that lies in the crop.
  const [volumeStart, volumeEnd] = [Math.max(from[0], -crop.from[0]), Math.min(to[0], whole[0] - crop.from[0])]
  const [start, end] = [Math.max(from[0], 0), Math.min(to[0], cropShape[0])]
  for (let z = from[2], row = 0; z < to[2]; z++)
    for (let y = from[1]; y < to[1]; y++, row += shape[0]) {
      const [v, w] = [y + crop.from[1], z + crop.from[2]]
      if (v < 0 || w < 0 || v >= whole[1] || w >= whole[2]) {
        out.fill(kinds.beyond, row, row + shape[0])
        continue
      }
      out.fill(kinds.beyond, row, row + volumeStart - from[0])
      out.fill(kinds.beyond, row + volumeEnd - from[0], row + shape[0])
      if (y < 0 || z < 0 || y >= cropShape[1] || z >= cropShape[2]) continue
      const first = cropShape[0] * (y + cropShape[1] * z)
      for (let x = start, c = first + start, i = row + start - from[0]; x < end; x++, c++, i++) {
        const here = labels[c]
        if (here === label) out[i] = phases === undefined || phases[c] === 1 ? kinds.solid : kinds.crack
        else if (here !== 0) out[i] = kinds.other
        else if (phases !== undefined && phases[c] === matrixPhases.carbonBinder) out[i] = kinds.matrix
      }
    }
  return { shape, spacing: crop.spacing, from, kinds: out }
}

/** Finds the voxel of the crop at a voxel of the window that lies in it. */
export const placeInCrop = (crop: ParticleCrop, { shape: [wx, wy], from }: ParticleWindow) => {
  const [nx, ny] = crop.shape
  return (voxel: number): number => {
    const x = voxel % wx
    const rest = (voxel - x) / wx
    const y = rest % wy
    return x + from[0] + nx * (y + from[1] + ny * ((rest - y) / wy + from[2]))
  }
}

/** Bounds of the particle within the window around them. */
export const boundsInWindow = ({ from }: ParticleWindow, bounds: Box): Box => ({
  from: [bounds.from[0] - from[0], bounds.from[1] - from[1], bounds.from[2] - from[2]],
  to: [bounds.to[0] - from[0], bounds.to[1] - from[1], bounds.to[2] - from[2]],
})
