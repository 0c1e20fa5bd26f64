import type { ParticleCrop } from "./crop.ts"

/** A particle as seen from its centre: how far it reaches in given directions. */
export interface StarOutline {
  /** Centre of gravity in the whole volume along x, y and z [m] */
  readonly centre: readonly [number, number, number]
  /** [direction] [m] */
  readonly reach: Float64Array
}

/** Share of a point's surroundings, one voxel wide, that belongs to the particle: linear between voxel centres. */
const shareAt = ({ labels, label, shape: [nx, ny, nz] }: ParticleCrop, x: number, y: number, z: number): number => {
  const [x0, y0, z0] = [Math.floor(x), Math.floor(y), Math.floor(z)]
  let share = 0
  for (let k = Math.max(0, z0); k <= Math.min(nz - 1, z0 + 1); k++) {
    const along = 1 - Math.abs(z - k)
    for (let j = Math.max(0, y0); j <= Math.min(ny - 1, y0 + 1); j++) {
      const row = nx * (j + ny * k)
      const weight = along * (1 - Math.abs(y - j))
      if (x0 >= 0 && x0 < nx && labels[row + x0] === label) share += weight * (1 - x + x0)
      if (x0 >= -1 && x0 + 1 < nx && labels[row + x0 + 1] === label) share += weight * (x - x0)
    }
  }
  return share
}

/** Makes a box hold a voxel. */
const widen = (low: number[], high: number[], x: number, y: number, z: number): void => {
  low[0] = Math.min(low[0], x)
  low[1] = Math.min(low[1], y)
  low[2] = Math.min(low[2], z)
  high[0] = Math.max(high[0], x)
  high[1] = Math.max(high[1], y)
  high[2] = Math.max(high[2], z)
}

/** Way along one axis until a ray is a voxel outside of low … high. */
const leaving = (from: number, pace: number, low: number, high: number): number =>
  pace > 0 ? (high + 1 - from) / pace : pace < 0 ? (low - 1 - from) / pace : Number.POSITIVE_INFINITY

/** Steps along a ray [shortest voxel edge] */
const step = 0.25

/**
 * The outline of a particle for pictures: from its centre of gravity outward, where each ray leaves the particle for
 * the last time. Exact for star-shaped particles up to the voxels; of others the far side is seen, without hollows.
 * @param directions  [direction, 3] unit vectors
 */
export const starOutline = (crop: ParticleCrop, directions: Float64Array): StarOutline => {
  const { shape, spacing, label, labels, from } = crop
  const [low, high] = [[...shape], [-1, -1, -1]]
  let [count, sumX, sumY, sumZ] = [0, 0, 0, 0]
  for (let z = 0, voxel = 0; z < shape[2]; z++)
    for (let y = 0; y < shape[1]; y++)
      for (let x = 0; x < shape[0]; x++, voxel++) {
        if (labels[voxel] !== label) continue
        widen(low, high, x, y, z)
        count++
        sumX += x
        sumY += y
        sumZ += z
      }
  if (count === 0) throw new RangeError(`particle ${label} has no voxels`)
  const middle = [sumX / count, sumY / count, sumZ / count]
  const pace = step * Math.min(...spacing)
  const reach = new Float64Array(directions.length / 3)
  for (let ray = 0; ray < reach.length; ray++) {
    const dx = directions[3 * ray] / spacing[0]
    const dy = directions[3 * ray + 1] / spacing[1]
    const dz = directions[3 * ray + 2] / spacing[2]
    // From where the ray leaves the box around the particle back to where it is inside.
    let way = Math.min(leaving(middle[0], dx, low[0], high[0]), leaving(middle[1], dy, low[1], high[1]))
    way = Math.min(way, leaving(middle[2], dz, low[2], high[2])) + pace
    let before = 0
    for (; way > 0; way -= pace) {
      const share = shareAt(crop, middle[0] + way * dx, middle[1] + way * dy, middle[2] + way * dz)
      if (share >= 0.5) {
        // Where the share falls through one half, between this step and the one outside of it.
        way += (pace * (share - 0.5)) / Math.max(share - before, 1e-9)
        break
      }
      before = share
    }
    reach[ray] = Math.max(0, way)
  }
  return {
    centre: [0, 1, 2].map((axis) => (from[axis] + middle[axis] + 0.5) * spacing[axis]) as [number, number, number],
    reach,
  }
}
