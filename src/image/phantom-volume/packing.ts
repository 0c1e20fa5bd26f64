import { latticeBits } from "./lattice-field.ts"
import { radiusToward, type StarShape, type Vector } from "./star-shape.ts"

/** A body with a place and a turn; lengths in voxels. */
export interface PlacedShape {
  readonly centre: Vector
  /** Of the ball of equal volume [voxel] */
  readonly radius: number
  readonly shape: StarShape
  /** [row, column] from the frame of the shape to that of the volume */
  readonly rotation: Float64Array
}

/** How bodies may lie. */
export interface PackingRules {
  readonly seed: number
  /** Edges of the cell that repeats itself [voxel]; not along z where there are walls */
  readonly cell: Vector
  /** Walls along z [voxel], or none */
  readonly walls: readonly [number, number] | null
  /** Share of pairs that touch where they are neighbours, and how deep, relative to the smaller radius */
  readonly contactShare: number
  readonly contactDepth: number
  /** Least free width between all other pairs [voxel] */
  readonly gap: number
}

/** Distance from the centre to the surface in a direction of the volume (any length) [voxel]. */
export const surfaceToward = ({ radius, shape, rotation: r }: PlacedShape, x: number, y: number, z: number): number =>
  radius *
  radiusToward(shape, r[0] * x + r[3] * y + r[6] * z, r[1] * x + r[4] * y + r[7] * z, r[2] * x + r[5] * y + r[8] * z)

/** Whether two bodies are of those that touch where they meet; the same for both orders. */
export const isTouchingPair = ({ seed, contactShare }: PackingRules, one: number, other: number): boolean =>
  (latticeBits(seed, Math.min(one, other), Math.max(one, other), 0x70616972) >>> 0) / 2 ** 32 < contactShare

/** Difference of two coordinates that lie in a cell which repeats itself. */
const nearestImage = (difference: number, edge: number): number =>
  difference > edge / 2 ? difference - edge : difference < -edge / 2 ? difference + edge : difference

/** Most sweeps, those in which the bodies grow to their size, and from which on they come to rest */
const sweeps = 180
const growing = 60
const calming = 120
/** It is enough when no pair is moved farther than this in a sweep, relative to the typical radius */
const settled = 2e-3
/** Neighbours nearer than this share of the smaller radius are drawn together if they are to touch. */
const drawn = 0.35

/** Bins of a cell and the bodies in them, as chains. */
interface Bins {
  readonly count: Vector
  /** [bin] and [body]: the first and the next body, −1 at the end */
  readonly first: Int32Array
  readonly next: Int32Array
}

const binned = (position: Float64Array, widest: number, { cell, walls }: PackingRules): Bins => {
  // Fewer than three bins along an axis would meet the same neighbour from both sides.
  const count = cell.map((edge, axis) => {
    const fitting = Math.floor(edge / widest)
    return fitting < 3 || (axis === 2 && walls !== null) ? 1 : fitting
  }) as unknown as Vector
  const first = new Int32Array(count[0] * count[1] * count[2]).fill(-1)
  const next = new Int32Array(position.length / 3)
  const along = (body: number, axis: 0 | 1 | 2): number =>
    Math.min(count[axis] - 1, Math.max(0, Math.floor((position[3 * body + axis] / cell[axis]) * count[axis])))
  for (let body = next.length - 1; body >= 0; body--) {
    const bin = along(body, 0) + count[0] * (along(body, 1) + count[1] * along(body, 2))
    next[body] = first[bin]
    first[bin] = body
  }
  return { count, first, next }
}

/** Numbers of a bin's neighbours that come after it in a walk around the cell: each two bins meet once. */
const forwardBins = ({ count: [bx, by, bz] }: Bins, bin: number): readonly number[] => {
  const [x, y, z] = [bin % bx, Math.floor(bin / bx) % by, Math.floor(bin / (bx * by))]
  const found: number[] = []
  for (let sz = -1; sz <= 1; sz++)
    for (let sy = -1; sy <= 1; sy++)
      for (let sx = -1; sx <= 1; sx++) {
        const isForward = sz > 0 || (sz === 0 && (sy > 0 || (sy === 0 && sx > 0)))
        if (!isForward || (bx === 1 && sx !== 0) || (by === 1 && sy !== 0) || (bz === 1 && sz !== 0)) continue
        found.push(((x + sx + bx) % bx) + bx * (((y + sy + by) % by) + by * ((z + sz + bz) % bz)))
      }
  return found
}

/** Pairs nearer than a limit that depends on both. @returns [pair, 2] */
const pairsWithin = (
  position: Float64Array,
  reach: Float64Array,
  margin: number,
  rules: PackingRules,
): Int32Array<ArrayBuffer> => {
  const { cell, walls } = rules
  const bins = binned(position, 2 * reach.reduce((most, each) => Math.max(most, each), 0) + margin, rules)
  const { first, next } = bins
  const pairs: number[] = []
  const meet = (body: number, from: number): void => {
    for (let other = from; other >= 0; other = next[other]) {
      const limit = reach[body] + reach[other] + margin
      const dx = nearestImage(position[3 * other] - position[3 * body], cell[0])
      if (dx > limit || dx < -limit) continue
      const dy = nearestImage(position[3 * other + 1] - position[3 * body + 1], cell[1])
      const rise = position[3 * other + 2] - position[3 * body + 2]
      const dz = walls === null ? nearestImage(rise, cell[2]) : rise
      if (dx * dx + dy * dy + dz * dz < limit * limit) pairs.push(body, other)
    }
  }
  for (let bin = 0; bin < first.length; bin++) {
    const forward = forwardBins(bins, bin)
    for (let body = first[bin]; body >= 0; body = next[body]) {
      meet(body, next[body])
      for (const other of forward) meet(body, first[other])
    }
  }
  return Int32Array.from(pairs)
}

/** Puts bodies that have left a cell which repeats itself back on its other side. */
const foldInto = ({ cell, walls }: PackingRules, out: Float64Array): void => {
  for (let at = 0; at < out.length; at++) {
    const axis = at % 3
    if (axis === 2 && walls !== null) continue
    out[at] -= cell[axis] * Math.floor(out[at] / cell[axis])
  }
}

/** Whether any body is farther from where it was than a distance. */
const isFartherThan = (distance: number, position: Float64Array, before: Float64Array): boolean => {
  for (let at = 0; at < position.length; at += 3) {
    const dx = position[at] - before[at]
    const dy = position[at + 1] - before[at + 1]
    const dz = position[at + 2] - before[at + 2]
    if (dx * dx + dy * dy + dz * dz > distance * distance) return true
  }
  return false
}

/** Moves bodies back between two walls along z; into the middle where there is no room. */
const keepBetween = (
  [low, high]: readonly [number, number],
  bodies: readonly PlacedShape[],
  out: Float64Array,
): void => {
  for (let body = 0; body < bodies.length; body++) {
    const up = surfaceToward(bodies[body], 0, 0, 1)
    const down = surfaceToward(bodies[body], 0, 0, -1)
    const at = 3 * body + 2
    out[at] = high - low < up + down ? (low + high) / 2 : Math.min(high - up, Math.max(low + down, out[at]))
  }
}

/**
 * Moves bodies until they lie as the rules want: neighbours that are to touch press into one another by the stated depth,
 * all others keep their gap. Bodies grow to their size while they are pushed apart; what is left of unwanted
 * overlap is small and is cut away where voxels are made.
 * @returns the centres, [body, 3], perhaps a little outside the cell [voxel]
 * @source W. S. Jodrey, E. M. Tory, Phys. Rev. A 32 (1985) 2347 (overlaps pushed apart while bodies grow); M. Müller et al.,
 * J. Vis. Commun. Image R. 18 (2007) 109–118 (positions corrected pair by pair)
 */
export const relaxedPacking = (bodies: readonly PlacedShape[], rules: PackingRules): Float64Array => {
  const { cell, walls, contactDepth, gap } = rules
  const position = Float64Array.from(bodies.flatMap(({ centre }) => [...centre]))
  const weight = Float64Array.from(bodies, ({ radius }) => radius ** 3)
  const reach = Float64Array.from(bodies, ({ radius, shape }) => radius * (shape.largest + drawn / 2) + gap / 2)
  const typical = Math.cbrt(weight.reduce((sum, each) => sum + each, 0) / Math.max(1, bodies.length))
  // Pairs are looked up anew as soon as two bodies may have come nearer by this.
  const margin = typical / 2
  let pairs = new Int32Array(0)
  let touches = new Uint8Array(0)
  let looked = position.slice()
  let isStale = true
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const size = Math.min(1, 0.7 + (0.3 * sweep) / growing)
    // Neighbours that want several things at once swing about their middle; smaller and smaller steps find it.
    const calm = Math.min(1, 1 - (0.9 * (sweep - calming)) / (sweeps - calming))
    if (isStale) {
      foldInto(rules, position)
      pairs = pairsWithin(position, reach, margin, rules)
      touches = Uint8Array.from({ length: pairs.length / 2 }, (_, k) =>
        isTouchingPair(rules, pairs[2 * k], pairs[2 * k + 1]) ? 1 : 0,
      )
      looked = position.slice()
    }
    let farthest = 0
    for (let p = 0; p < pairs.length; p += 2) {
      const [one, other] = [pairs[p], pairs[p + 1]]
      const dx = nearestImage(position[3 * other] - position[3 * one], cell[0])
      const dy = nearestImage(position[3 * other + 1] - position[3 * one + 1], cell[1])
      const rise = position[3 * other + 2] - position[3 * one + 2]
      const dz = walls === null ? nearestImage(rise, cell[2]) : rise
      const limit = reach[one] + reach[other]
      const square = dx * dx + dy * dy + dz * dz
      if (square > limit * limit || square < 1e-18) continue
      const distance = Math.sqrt(square)
      const isTouching = touches[p / 2] === 1
      const smaller = Math.min(bodies[one].radius, bodies[other].radius)
      const surfaces = surfaceToward(bodies[one], dx, dy, dz) + surfaceToward(bodies[other], -dx, -dy, -dz)
      const wanted = size * surfaces + (isTouching ? -contactDepth * smaller : gap)
      const error = wanted - distance
      if (error < 0 && !(isTouching && size === 1 && -error < (drawn + contactDepth) * smaller)) continue
      // Pulls are weaker than pushes, so that a third body between two keeps them apart.
      const step = (calm * (error > 0 ? 0.8 : 0.25) * error) / distance
      const share = weight[other] / (weight[one] + weight[other])
      const back = step * share
      const forth = step * (1 - share)
      position[3 * one] -= back * dx
      position[3 * one + 1] -= back * dy
      position[3 * one + 2] -= back * dz
      position[3 * other] += forth * dx
      position[3 * other + 1] += forth * dy
      position[3 * other + 2] += forth * dz
      farthest = Math.max(farthest, Math.abs(step) * distance)
    }
    if (walls !== null) keepBetween(walls, bodies, position)
    isStale = isFartherThan(margin / 2, position, looked)
    if (size === 1 && farthest < settled * typical) break
  }
  return position
}
