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

/** Difference of two coordinates in a cell that repeats itself. */
const nearestImage = (difference: number, edge: number): number => difference - edge * Math.round(difference / edge)

/** Sweeps, and those in which the bodies grow to their size */
const sweeps = 240
const growing = 100
/** Sweeps after which neighbours are looked up anew, and how far they may have come [voxel] */
const lookup = 8
/** Neighbours nearer than this share of the smaller radius are drawn together if they are to touch. */
const drawn = 0.35

/** Pairs nearer than a limit that depends on both. @returns [pair, 2] */
const pairsWithin = (
  position: Float64Array,
  reach: Float64Array,
  margin: number,
  { cell, walls }: PackingRules,
): Int32Array => {
  const count = reach.length
  const widest = 2 * reach.reduce((most, each) => Math.max(most, each), 0) + margin
  const bins = cell.map((edge, axis) => (axis === 2 && walls !== null ? 1 : Math.max(1, Math.floor(edge / widest))))
  // Fewer than three bins along an axis would meet the same neighbour from both sides.
  const [bx, by, bz] = bins.map((n) => (n < 3 ? 1 : n))
  const binOf = (body: number, axis: 0 | 1 | 2, n: number): number => {
    const place = position[3 * body + axis] / cell[axis]
    return Math.min(n - 1, Math.floor((place - Math.floor(place)) * n))
  }
  const first = new Int32Array(bx * by * bz).fill(-1)
  const next = new Int32Array(count)
  for (let body = count - 1; body >= 0; body--) {
    const bin = binOf(body, 0, bx) + bx * (binOf(body, 1, by) + by * binOf(body, 2, bz))
    next[body] = first[bin]
    first[bin] = body
  }
  const pairs: number[] = []
  const steps = (n: number): readonly number[] => (n === 1 ? [0] : [-1, 0, 1])
  for (let body = 0; body < count; body++) {
    const [ix, iy, iz] = [binOf(body, 0, bx), binOf(body, 1, by), binOf(body, 2, bz)]
    for (const sz of steps(bz))
      for (const sy of steps(by))
        for (const sx of steps(bx)) {
          const bin = ((ix + sx + bx) % bx) + bx * (((iy + sy + by) % by) + by * ((iz + sz + bz) % bz))
          for (let other = first[bin]; other >= 0; other = next[other]) {
            if (other <= body) continue
            const dx = nearestImage(position[3 * other] - position[3 * body], cell[0])
            const dy = nearestImage(position[3 * other + 1] - position[3 * body + 1], cell[1])
            const rise = position[3 * other + 2] - position[3 * body + 2]
            const dz = walls === null ? nearestImage(rise, cell[2]) : rise
            const limit = reach[body] + reach[other] + margin
            if (dx * dx + dy * dy + dz * dz < limit * limit) pairs.push(body, other)
          }
        }
  }
  return Int32Array.from(pairs)
}

/**
 * Moves bodies until they lie as the rules want: neighbours that are to touch press into one another by the stated depth,
 * all others keep their gap. Bodies grow from half their size while they are pushed apart; what is left of unwanted
 * overlap is small and is cut away where voxels are made.
 * @returns the centres, [body, 3] [voxel]; not folded back into the cell
 * @source W. S. Jodrey, E. M. Tory, Phys. Rev. A 32 (1985) 2347 (overlaps pushed apart while bodies grow); M. Müller et al.,
 * J. Vis. Commun. Image R. 18 (2007) 109–118 (positions corrected pair by pair)
 */
export const relaxedPacking = (bodies: readonly PlacedShape[], rules: PackingRules): Float64Array => {
  const { cell, walls, contactDepth, gap } = rules
  const position = Float64Array.from(bodies.flatMap(({ centre }) => [...centre]))
  const weight = Float64Array.from(bodies, ({ radius }) => radius ** 3)
  const reach = Float64Array.from(bodies, ({ radius, shape }) => radius * (shape.largest + drawn / 2) + gap / 2)
  const typical = Math.cbrt(weight.reduce((sum, each) => sum + each, 0) / Math.max(1, bodies.length))
  let pairs = new Int32Array(0)
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const size = Math.min(1, 0.5 + (0.5 * sweep) / growing)
    if (sweep % lookup === 0) pairs = pairsWithin(position, reach, typical, rules) as Int32Array<ArrayBuffer>
    for (let p = 0; p < pairs.length; p += 2) {
      const [one, other] = [pairs[p], pairs[p + 1]]
      const dx = nearestImage(position[3 * other] - position[3 * one], cell[0])
      const dy = nearestImage(position[3 * other + 1] - position[3 * one + 1], cell[1])
      const rise = position[3 * other + 2] - position[3 * one + 2]
      const dz = walls === null ? nearestImage(rise, cell[2]) : rise
      const distance = Math.hypot(dx, dy, dz)
      if (distance > reach[one] + reach[other] || distance < 1e-9) continue
      const touches = isTouchingPair(rules, one, other)
      const smaller = Math.min(bodies[one].radius, bodies[other].radius)
      const surfaces = surfaceToward(bodies[one], dx, dy, dz) + surfaceToward(bodies[other], -dx, -dy, -dz)
      const wanted = size * surfaces + (touches ? -contactDepth * smaller : gap)
      const error = wanted - distance
      if (error < 0 && !(touches && size === 1 && -error < (drawn + contactDepth) * smaller)) continue
      // Pulls are weaker than pushes, so that a third body between two keeps them apart.
      const step = ((error > 0 ? 0.8 : 0.25) * error) / distance
      const share = weight[other] / (weight[one] + weight[other])
      const back = step * share
      const forth = step * (1 - share)
      position[3 * one] -= back * dx
      position[3 * one + 1] -= back * dy
      position[3 * one + 2] -= back * dz
      position[3 * other] += forth * dx
      position[3 * other + 1] += forth * dy
      position[3 * other + 2] += forth * dz
    }
    if (walls === null) continue
    for (let body = 0; body < bodies.length; body++) {
      const [low, high] = walls
      const up = surfaceToward(bodies[body], 0, 0, 1)
      const down = surfaceToward(bodies[body], 0, 0, -1)
      const at = 3 * body + 2
      position[at] = high - low < up + down ? (low + high) / 2 : Math.min(high - up, Math.max(low + down, position[at]))
    }
  }
  return position
}
