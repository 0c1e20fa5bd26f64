import { eachWithin, pointGrid } from "../statistics/point-grid.ts"

/** Where particles may lie. */
export interface PackingSpace {
  readonly dimension: 2 | 3
  readonly width: number
  readonly thickness: number
  readonly isPeriodic: boolean
  readonly gap: number
}

/** Particles and their images beyond sides that repeat themselves. */
export interface Images {
  /** [image, 3] the particles themselves first [m] */
  readonly point: Float64Array
  /** [image] the particle that it is an image of */
  readonly particle: Int32Array
}

/** Particles with those images that lie no further outside than `reach`, which is at most the width. */
export const imagesOf = (
  { dimension, width, isPeriodic }: PackingSpace,
  centre: Float64Array,
  reach: number,
): Images => {
  const count = centre.length / 3
  const particle = Array.from({ length: count }, (_, i) => i)
  if (!isPeriodic) return { point: centre.slice(), particle: Int32Array.from(particle) }
  const point: number[] = []
  const shifts = [-width, 0, width]
  const outside = (at: number): boolean => at < -reach || at > width + reach
  for (let i = 0; i < count; i++)
    for (const dy of dimension === 3 ? shifts : [0])
      for (const dx of shifts) {
        if (dx === 0 && dy === 0) continue
        const [x, y] = [centre[3 * i] + dx, centre[3 * i + 1] + dy]
        if (outside(x) || (dimension === 3 && outside(y))) continue
        point.push(x, y, centre[3 * i + 2])
        particle.push(i)
      }
  const all = new Float64Array(centre.length + point.length)
  all.set(centre)
  all.set(point, centre.length)
  return { point: all, particle: Int32Array.from(particle) }
}

/** Pairs of particles that may meet, an image of the second being meant. */
interface Pairs {
  readonly one: Int32Array
  readonly other: Int32Array
  /** [pair, 2] from the second particle to its image along x and y [m] */
  readonly shift: Float64Array
}

const pairsWithin = (space: PackingSpace, centre: Float64Array, radius: Float64Array, margin: number): Pairs => {
  const largest = radius.reduce((most, each) => Math.max(most, each), 0)
  const typical = radius.reduce((sum, each) => sum + each, 0) / radius.length
  const { point, particle } = imagesOf(space, centre, Math.min(space.width, 2 * largest + space.gap + margin))
  const grid = pointGrid(point, 2 * typical + margin)
  const one: number[] = []
  const other: number[] = []
  const shift: number[] = []
  for (let i = 0; i < radius.length; i++) {
    const own = radius[i] + space.gap + margin
    // Each pair is met by its larger particle, so that small ones need not look far.
    eachWithin(grid, i, own + radius[i], (image, squared) => {
      const j = particle[image]
      if (radius[j] > radius[i] || (radius[j] === radius[i] && j < i)) return
      if (squared > (own + radius[j]) ** 2) return
      one.push(i)
      other.push(j)
      shift.push(point[3 * image] - centre[3 * j], point[3 * image + 1] - centre[3 * j + 1])
    })
  }
  return { one: Int32Array.from(one), other: Int32Array.from(other), shift: Float64Array.from(shift) }
}

/** Most sweeps, and those in which particles grow */
const sweeps = 240
const growing = 80
/** Overlap that is left alone, of the smaller radius: it comes off the radii at the end */
const tolerated = 1e-4

const farthestMove = (centre: Float64Array, before: Float64Array): number => {
  let most = 0
  for (let at = 0; at < centre.length; at++) most = Math.max(most, Math.abs(centre[at] - before[at]))
  return most
}

/** Calls `visit` with each pair, the vector between its centres and its length. */
const eachPair = (
  { one, other, shift }: Pairs,
  centre: Float64Array,
  visit: (i: number, j: number, x: number, y: number, z: number, distance: number) => void,
): void => {
  for (let p = 0; p < one.length; p++) {
    const [i, j] = [one[p], other[p]]
    const x = centre[3 * j] + shift[2 * p] - centre[3 * i]
    const y = centre[3 * j + 1] + shift[2 * p + 1] - centre[3 * i + 1]
    const z = centre[3 * j + 2] - centre[3 * i + 2]
    visit(i, j, x, y, z, Math.sqrt(x * x + y * y + z * z))
  }
}

/**
 * Moves particles apart while they grow to their size, and shrinks those that still lie too near to others.
 * @param centre [particle, 3] [m]
 * @param radius [particle] [m]
 */
export const relaxInto = (space: PackingSpace, centre: Float64Array, radius: Float64Array): void => {
  const { dimension, gap } = space
  const weight = radius.map((each) => each ** dimension)
  const typical = radius.reduce((sum, each) => sum + each, 0) / radius.length
  // Wide enough to outlast several sweeps: pairs are looked up anew once two may have come nearer by this.
  const margin = 0.8 * typical
  let pairs = pairsWithin(space, centre, radius, margin)
  let looked = centre.slice()
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const size = Math.min(1, 0.7 + (0.3 * sweep) / growing)
    // Folding moves particles to the other side of the cell, so that pairs have to be looked up anew.
    if (farthestMove(centre, looked) > margin / 2 / Math.sqrt(3)) {
      foldInto(space, centre)
      pairs = pairsWithin(space, centre, radius, margin)
      looked = centre.slice()
    }
    let worst = 0
    eachPair(pairs, centre, (i, j, x, y, z, distance) => {
      const lack = size * (radius[i] + radius[j]) + gap - distance
      if (lack <= 0 || i === j) return
      worst = Math.max(worst, lack / Math.min(radius[i], radius[j]))
      const away = distance > 1e-9 * typical ? (0.85 * lack) / distance : 0
      const share = weight[j] / (weight[i] + weight[j])
      const [back, forth] = [away * share, away * (1 - share)]
      centre[3 * i] -= back * x
      centre[3 * i + 1] -= back * y
      centre[3 * i + 2] -= back * z
      centre[3 * j] += forth * x
      centre[3 * j + 1] += forth * y
      centre[3 * j + 2] += forth * z
    })
    keepBetweenWalls(space, radius, size, centre)
    if (size === 1 && worst < tolerated) break
  }
  foldInto(space, centre)
  shrinkInto(pairsWithin(space, centre, radius, margin), space, centre, radius)
}

/** Puts particles that have left a cell which repeats itself back on its other side. */
const foldInto = ({ dimension, width, isPeriodic }: PackingSpace, out: Float64Array): void => {
  if (!isPeriodic) return
  for (let at = 0; at < out.length; at++) if (at % 3 < dimension - 1) out[at] -= width * Math.floor(out[at] / width)
}

const keepBetweenWalls = (space: PackingSpace, radius: Float64Array, size: number, out: Float64Array): void => {
  const { dimension, width, thickness, isPeriodic, gap } = space
  for (let i = 0; i < radius.length; i++) {
    const margin = size * radius[i] + gap
    out[3 * i + 2] = Math.min(thickness - margin, Math.max(margin, out[3 * i + 2]))
    if (isPeriodic) continue
    for (let axis = 0; axis < dimension - 1; axis++)
      out[3 * i + axis] = Math.min(width - margin, Math.max(margin, out[3 * i + axis]))
  }
}

/** Takes what pairs lack in distance off both radii, in proportion. @throws RangeError where nothing would be left */
const shrinkInto = (pairs: Pairs, { gap }: PackingSpace, centre: Float64Array, radius: Float64Array): void => {
  const factor = new Float64Array(radius.length).fill(1)
  eachPair(pairs, centre, (i, j, _x, _y, _z, distance) => {
    const fitting = ((distance - gap) / (radius[i] + radius[j])) * (1 - 1e-12)
    factor[i] = Math.min(factor[i], fitting)
    factor[j] = Math.min(factor[j], fitting)
  })
  for (let i = 0; i < radius.length; i++) {
    if (!(factor[i] > 0.5)) {
      throw new RangeError(
        `particle ${i} has room for ${factor[i]} of its radius only: a smaller share or gap is needed`,
      )
    }
    radius[i] *= factor[i]
  }
}
