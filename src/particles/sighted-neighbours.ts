import { type Box, boxShape, type Triple } from "../image/brick.ts"
import { squaredDistance } from "../image/squared-distance.ts"
import type { Grid } from "../image/volume.ts"
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

/**
 * How far along a line from the centre of a voxel the surface of its particle lies [share of the line]: where the mask,
 * blurred by a Gaussian of 0.8 voxels, falls to one half.
 * @param at      the voxel
 * @param line    from it to the nearest voxel of the other particle [voxel]
 * @param belongs whether a voxel belongs to the particle
 */
const surfaceAlong = (at: Triple, line: Triple, belongs: (x: number, y: number, z: number) => boolean): number => {
  const side = 2 * blurReach + 1
  const inside = new Uint8Array(side ** 3)
  for (let z = 0, i = 0; z < side; z++)
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++, i++)
        inside[i] = belongs(at[0] + x - blurReach, at[1] + y - blurReach, at[2] + z - blurReach) ? 1 : 0
  const weights = [new Float64Array(side), new Float64Array(side), new Float64Array(side)]
  const shareAt = (t: number): number => {
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
    let sum = 0
    for (let z = 0, i = 0; z < side; z++)
      for (let y = 0; y < side; y++) {
        const w = weights[1][y] * weights[2][z]
        for (let x = 0; x < side; x++, i++) if (inside[i] !== 0) sum += w * weights[0][x]
      }
    return sum / total
  }
  // The surface lies within a voxel of the centre: at most half of one before it, where the particle ends in a tip.
  const voxel = 1 / Math.hypot(...line)
  let [low, high] = [-0.5 * voxel, voxel]
  for (let step = 0; step < 6; step++) {
    const middle = (low + high) / 2
    if (shareAt(middle) > 0.5) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Nearest voxel of another particle. */
interface Approach {
  squared: number
  voxel: number
}

/**
 * All other particles that lie in a crop, and how far their surfaces are. The distance between the nearest voxels is
 * exact; less what lies within both surfaces, to about a third of a voxel.
 * @param envelope [voxel] of the crop, not 0 within the envelope of the particle
 * @param surface  voxels of the envelope that have a face on its surface
 */
export const sightedNeighbours = (
  crop: ParticleCrop,
  envelope: Uint8Array,
  surface: Int32Array,
  contactWith: ReadonlyMap<number, number>,
): readonly SightedNeighbour[] => {
  const { labels, label, shape, spacing } = crop
  const grid: Grid = { shape, spacing }
  const squared = squaredDistance(grid, envelope)
  const approaches = new Map<number, Approach>()
  let current: Approach | undefined
  let currentLabel = 0
  for (let i = 0; i < labels.length; i++) {
    const other = labels[i]
    if (other <= 0 || other === label) continue
    if (other !== currentLabel || current === undefined) {
      current = approaches.get(other)
      if (current === undefined) {
        current = { squared: Number.POSITIVE_INFINITY, voxel: i }
        approaches.set(other, current)
      }
      currentLabel = other
    }
    if (squared[i] < current.squared) {
      current.squared = squared[i]
      current.voxel = i
    }
  }
  const near = nearestOf(grid, surface)
  return [...approaches]
    .map(([other, { squared: least, voxel }]) => ({
      label: other,
      distance: surfaceDistance(crop, envelope, near(voxel), voxel, other, least),
      contactArea: contactWith.get(other) ?? 0,
    }))
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

const surfaceDistance = (
  crop: ParticleCrop,
  envelope: Uint8Array,
  from: number,
  to: number,
  other: number,
  squared: number,
): number => {
  const [nx, ny, nz] = crop.shape
  const [a, b] = [positionOf(crop, from), positionOf(crop, to)]
  const line: Triple = [b[0] - a[0], b[1] - a[1], b[2] - a[2]]
  if (Math.abs(line[0]) + Math.abs(line[1]) + Math.abs(line[2]) === 1) return 0
  // Beyond the crop a particle goes on as it ends.
  const index = (x: number, y: number, z: number): number =>
    Math.max(0, Math.min(nx - 1, x)) + nx * (Math.max(0, Math.min(ny - 1, y)) + ny * Math.max(0, Math.min(nz - 1, z)))
  const own = surfaceAlong(a, line, (x, y, z) => envelope[index(x, y, z)] !== 0)
  const back: Triple = [-line[0], -line[1], -line[2]]
  const theirs = surfaceAlong(b, back, (x, y, z) => crop.labels[index(x, y, z)] === other)
  return Math.max(0, Math.sqrt(squared) * (1 - own - theirs))
}

/**
 * Distance up to which every neighbour of a particle lies in its crop [m]; infinite where the crop ends with the volume
 * on all sides.
 * @param bounds of the particle in the crop
 */
export const sightOf = (crop: ParticleCrop, bounds: Box): number => {
  const shape = boxShape({ from: [0, 0, 0], to: crop.shape })
  let reach = Number.POSITIVE_INFINITY
  for (const axis of [0, 1, 2] as const) {
    if (crop.from[axis] > 0) reach = Math.min(reach, bounds.from[axis] * crop.spacing[axis])
    if (crop.from[axis] + shape[axis] < crop.whole[axis])
      reach = Math.min(reach, (shape[axis] - bounds.to[axis]) * crop.spacing[axis])
  }
  return reach
}
