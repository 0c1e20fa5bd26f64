import type { Box, Triple } from "../image/brick.ts"
import { visitSquaredDistance } from "../image/distance-planes.ts"
import type { Grid } from "../image/volume.ts"
import type { VoxelPool } from "../image/voxel-pool.ts"
import type { SurfaceAreas } from "./contact-shares.ts"
import type { ParticleCrop } from "./crop.ts"

/** Another particle as one particle sees it from its crop. */
export interface SightedNeighbour {
  readonly label: number
  /** Between the surfaces; 0 where voxels of both share a face [m] */
  readonly distance: number
  /** Area of the surface that touches it [m²] */
  readonly contactArea: number
}

/** Voxels to each side that count in the blurred mask of a particle. */
const blurReach = 3

/** Variance of that blur [voxel²] */
const blurVariance = 0.64

/** Where a line leaves a particle. */
interface Exit {
  /** How far along the line from the centre of its first voxel [share of the line] */
  readonly at: number
  /** Unit normal of the surface there, out of the particle */
  readonly normal: Triple
}

/**
 * Where a line from a voxel of a particle meets its surface: where the mask, blurred by a Gaussian of 0.8 voxels, falls to
 * one half.
 * @param voxel   where the line begins
 * @param line    from there to the nearest voxel of another particle [voxel]
 * @param belongs whether a voxel belongs to the particle
 */
const exitAlong = (
  voxel: Triple,
  line: Triple,
  spacing: Triple,
  belongs: (x: number, y: number, z: number) => boolean,
): Exit => {
  const side = 2 * blurReach + 1
  const inside = new Uint8Array(side ** 3)
  for (let z = 0, i = 0; z < side; z++)
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++, i++)
        inside[i] = belongs(voxel[0] + x - blurReach, voxel[1] + y - blurReach, voxel[2] + z - blurReach) ? 1 : 0
  const weights = [new Float64Array(side), new Float64Array(side), new Float64Array(side)]
  /** Blurred mask, and its slopes along x, y, z. */
  const blurredAt = (t: number): readonly [number, number, number, number] => {
    let total = 1
    for (const axis of [0, 1, 2] as const) {
      let sum = 0
      for (let k = 0; k < side; k++) {
        const d = k - blurReach - t * line[axis]
        weights[axis][k] = Math.exp((-d * d) / (2 * blurVariance))
        sum += weights[axis][k]
      }
      total *= sum
    }
    let [sum, sx, sy, sz] = [0, 0, 0, 0]
    for (let z = 0, i = 0; z < side; z++)
      for (let y = 0; y < side; y++) {
        let [row, slope] = [0, 0]
        for (let x = 0; x < side; x++, i++) {
          if (inside[i] === 0) continue
          row += weights[0][x]
          slope += weights[0][x] * (x - blurReach - t * line[0])
        }
        const w = weights[1][y] * weights[2][z]
        sum += w * row
        sx += w * slope
        sy += w * row * (y - blurReach - t * line[1])
        sz += w * row * (z - blurReach - t * line[2])
      }
    return [sum / total, sx, sy, sz]
  }
  // The surface lies within a voxel of the centre: at most half of one before it, where the particle ends in a tip.
  const step = 1 / Math.hypot(...line)
  let [low, high] = [-0.5 * step, step]
  for (let halving = 0; halving < 7; halving++) {
    const middle = (low + high) / 2
    if (blurredAt(middle)[0] > 0.5) low = middle
    else high = middle
  }
  const at = (low + high) / 2
  const [, sx, sy, sz] = blurredAt(at)
  const slope = [-sx / spacing[0], -sy / spacing[1], -sz / spacing[2]]
  const size = Math.hypot(...slope) || 1
  return { at, normal: [slope[0] / size, slope[1] / size, slope[2] / size] }
}

/** The voxels of another particle that are nearest to the envelope. */
interface Approach {
  /** [m²] */
  squared: number
  readonly voxels: number[]
}

/** Of voxels that are equally near, so many are looked at: some lie aslant. */
const mostCandidates = 4

/** Slack against round-off in the comparison of squared lengths. */
const slack = 1 + 1e-6

/** Of every other particle the voxels nearest to the envelope. */
const approachesOf = (crop: ParticleCrop, envelope: Envelope, pool: VoxelPool): ReadonlyMap<number, Approach> => {
  const { shape, labels, label } = crop
  const [nx, ny, nz] = shape
  const plane = nx * ny
  const approaches = new Map<number, Approach>()
  let current: Approach | undefined
  let currentLabel = 0
  visitSquaredDistance(
    { shape, spacing: crop.spacing },
    pool.workspace,
    { seeds: [envelope.bounds.from[2], envelope.bounds.to[2]], planes: [0, nz] },
    envelope.planeInto,
    (z, squared) => {
      for (let p = 0, i = plane * z; p < plane; p++, i++) {
        const other = labels[i]
        if (other <= 0 || other === label) continue
        if (other !== currentLabel || current === undefined) {
          current = approaches.get(other)
          if (current === undefined) {
            current = { squared: Number.POSITIVE_INFINITY, voxels: [] }
            approaches.set(other, current)
          }
          currentLabel = other
        }
        if (squared[p] > current.squared * slack) continue
        if (squared[p] * slack < current.squared) current.voxels.length = 0
        current.squared = Math.min(current.squared, squared[p])
        current.voxels.push(i)
      }
    },
  )
  return approaches
}

/** The envelope of a particle as its crop sees it. */
export interface Envelope {
  /** Of the particle in the crop */
  readonly bounds: Box
  /** Whether a voxel of the crop lies within */
  readonly holds: (x: number, y: number, z: number) => boolean
  /** Writes a plane of the crop within the bounds, [voxel] not 0 within the envelope */
  readonly planeInto: (z: number, out: Uint8Array) => void
}

/**
 * All other particles that lie in a crop, and how far their surfaces are: the distance between the nearest voxels, which
 * is exact, less what of it lies within the two surfaces. Good to a third of a voxel; 0 where voxels share a face.
 * @param surface  voxels of the crop that have a face on the surface of the envelope
 * @param touched  what they touch
 */
export const sightedNeighbours = (
  crop: ParticleCrop,
  envelope: Envelope,
  surface: Int32Array,
  { adjacent, contactWith }: Pick<SurfaceAreas, "adjacent" | "contactWith">,
  pool: VoxelPool,
): readonly SightedNeighbour[] => {
  const grid: Grid = { shape: crop.shape, spacing: crop.spacing }
  const near = nearestOf(grid, surface)
  return [...approachesOf(crop, envelope, pool)]
    .map(([other, { voxels }]) => {
      const step = Math.ceil(voxels.length / mostCandidates)
      const candidates = adjacent.has(other) ? [] : voxels.filter((_, k) => k % step === 0)
      const distances = candidates.map((voxel) => surfaceDistance(crop, envelope, near(voxel), voxel, other))
      return {
        label: other,
        distance: adjacent.has(other) ? 0 : Math.min(...distances),
        contactArea: contactWith.get(other) ?? 0,
      }
    })
    .sort((a, b) => a.distance - b.distance || a.label - b.label)
}

const positionOf = ({ shape: [nx, ny] }: Grid, voxel: number): Triple => {
  const x = voxel % nx
  const rest = (voxel - x) / nx
  return [x, rest % ny, Math.floor(rest / ny)]
}

/** Finds the surface voxel that lies nearest to another voxel; the first of equals. */
const nearestOf = (grid: Grid, surface: Int32Array) => {
  const [dx, dy, dz] = grid.spacing
  const places = new Float64Array(3 * surface.length)
  surface.forEach((voxel, k) => {
    const [x, y, z] = positionOf(grid, voxel)
    places.set([x * dx, y * dy, z * dz], 3 * k)
  })
  return (voxel: number): number => {
    const [i, j, k] = positionOf(grid, voxel)
    const [x, y, z] = [i * dx, j * dy, k * dz]
    let best = -1
    let least = Number.POSITIVE_INFINITY
    for (let s = 0; s < places.length; s += 3) {
      const distance = (places[s] - x) ** 2 + (places[s + 1] - y) ** 2 + (places[s + 2] - z) ** 2
      if (distance < least) {
        least = distance
        best = s
      }
    }
    return surface[best / 3]
  }
}

const surfaceDistance = (crop: ParticleCrop, envelope: Envelope, from: number, to: number, other: number): number => {
  const [nx, ny, nz] = crop.shape
  const [a, b] = [positionOf(crop, from), positionOf(crop, to)]
  const line: Triple = [b[0] - a[0], b[1] - a[1], b[2] - a[2]]
  // Beyond the crop a particle goes on as it ends.
  const within = (at: number, count: number): number => Math.max(0, Math.min(count - 1, at))
  const index = (x: number, y: number, z: number): number => within(x, nx) + nx * (within(y, ny) + ny * within(z, nz))
  const own = exitAlong(a, line, crop.spacing, (x, y, z) => envelope.holds(within(x, nx), within(y, ny), within(z, nz)))
  const back: Triple = [-line[0], -line[1], -line[2]]
  const theirs = exitAlong(b, back, crop.spacing, (x, y, z) => crop.labels[index(x, y, z)] === other)
  const length = Math.hypot(line[0] * crop.spacing[0], line[1] * crop.spacing[1], line[2] * crop.spacing[2])
  // The nearest voxels rarely face each other straight: what counts is the way along the normals.
  let [along, across] = [0, 0]
  for (const axis of [0, 1, 2] as const) {
    const normal = own.normal[axis] - theirs.normal[axis]
    along += (normal * line[axis] * crop.spacing[axis]) / length
    across += normal * normal
  }
  const cosine = across > 0 && along > 0 ? along / Math.sqrt(across) : 1
  return Math.max(0, length * (1 - own.at - theirs.at) * cosine)
}

/**
 * Distance up to which a crop shows every neighbour of its particle, with enough around its nearest voxel to measure it
 * [m]; infinite where the crop ends with the volume on all sides.
 * @param bounds of the particle in the crop
 */
export const sightOf = (crop: ParticleCrop, bounds: Box): number => {
  let sight = Number.POSITIVE_INFINITY
  const look = (room: number, edge: number): void => {
    sight = Math.min(sight, Math.max(0, room - blurReach) * edge)
  }
  for (const axis of [0, 1, 2] as const) {
    if (crop.from[axis] > 0) look(bounds.from[axis], crop.spacing[axis])
    if (crop.from[axis] + crop.shape[axis] < crop.whole[axis])
      look(crop.shape[axis] - bounds.to[axis], crop.spacing[axis])
  }
  return sight
}

/** Margin of a crop that shows the neighbours up to a distance [voxel]. */
export const marginFor = (distance: number, spacing: Triple): number =>
  Math.ceil(distance / Math.min(...spacing)) + blurReach
