import type { ParticleCrop } from "./crop.ts"

/** A particle as seen from its centre: how far it reaches in given directions. */
export interface StarOutline {
  /** Centre of gravity in the whole volume along x, y and z [m] */
  readonly centre: readonly [number, number, number]
  /** [direction] [m] */
  readonly reach: Float64Array
}

/** Share of a point's surroundings, one voxel wide, that belongs to the particle: linear between voxel centres. */
const shareAt = (own: Uint8Array, [nx, ny, nz]: readonly number[], x: number, y: number, z: number): number => {
  const [x0, y0, z0] = [Math.floor(x), Math.floor(y), Math.floor(z)]
  const [fx, fy, fz] = [x - x0, y - y0, z - z0]
  let share = 0
  for (let corner = 0; corner < 8; corner++) {
    const [cx, cy, cz] = [x0 + (corner & 1), y0 + ((corner >> 1) & 1), z0 + (corner >> 2)]
    if (cx < 0 || cy < 0 || cz < 0 || cx >= nx || cy >= ny || cz >= nz) continue
    if (own[cx + nx * (cy + ny * cz)] === 0) continue
    share +=
      ((corner & 1) === 1 ? fx : 1 - fx) * (((corner >> 1) & 1) === 1 ? fy : 1 - fy) * (corner >> 2 === 1 ? fz : 1 - fz)
  }
  return share
}

/** Steps along a ray [shortest voxel edge] */
const step = 0.25

/**
 * The outline of a particle for pictures: from its centre of gravity outward, where each ray leaves the particle for
 * the last time. Exact for star-shaped particles up to the voxels; of others the far side is seen, without hollows.
 * @param directions  [direction, 3] unit vectors
 */
export const starOutline = (crop: ParticleCrop, directions: Float64Array): StarOutline => {
  const { shape, spacing, label, labels, from } = crop
  const own = Uint8Array.from(labels, (value) => (value === label ? 1 : 0))
  const sum = [0, 0, 0]
  let count = 0
  for (let z = 0, voxel = 0; z < shape[2]; z++)
    for (let y = 0; y < shape[1]; y++)
      for (let x = 0; x < shape[0]; x++, voxel++) {
        if (own[voxel] === 0) continue
        count++
        sum[0] += x
        sum[1] += y
        sum[2] += z
      }
  if (count === 0) throw new RangeError(`particle ${label} has no voxels`)
  const middle = sum.map((total) => total / count)
  const pace = step * Math.min(...spacing)
  const longest = Math.hypot(...shape.map((edge, axis) => edge * spacing[axis]))
  const reach = new Float64Array(directions.length / 3)
  for (let ray = 0; ray < reach.length; ray++) {
    const [dx, dy, dz] = [0, 1, 2].map((axis) => directions[3 * ray + axis] / spacing[axis])
    let last = 0
    let before = 1
    for (let way = 0; way <= longest; way += pace) {
      const [x, y, z] = [middle[0] + way * dx, middle[1] + way * dy, middle[2] + way * dz]
      if (x < -1 || y < -1 || z < -1 || x > shape[0] || y > shape[1] || z > shape[2]) break
      const share = shareAt(own, shape, x, y, z)
      // Where the share falls through one half, between this step and the one before.
      if (before >= 0.5 && share < 0.5) last = way - (pace * (0.5 - share)) / Math.max(before - share, 1e-9)
      before = share
    }
    reach[ray] = last
  }
  return {
    centre: [0, 1, 2].map((axis) => (from[axis] + middle[axis] + 0.5) * spacing[axis]) as [number, number, number],
    reach,
  }
}
