import { conductsWell, type PlanarElectrode } from "./planar-electrode.ts"

/** A piece of a circle's surface. */
export interface Arc {
  readonly circle: number
  /** Angles from x towards z, from < to [rad] */
  readonly from: number
  readonly to: number
  /** Share on carbon/binder that conducts well */
  readonly highShare: number
}

/** Pieces shorter than this share of a patch go to their neighbour. */
const smallest = 0.12

const turn = 2 * Math.PI

/** Angles in [0, 2π) at which a circle meets the cuts. */
const crossings = ({ circles, cuts }: PlanarElectrode, circle: number): number[] => {
  const { centre, radius } = circles[circle]
  return cuts.flatMap(({ through, angle }) => {
    // Signed distance of the centre to the left of the cut; the left normal is (−cos, sin) in x and z.
    const distance = -Math.cos(angle) * (centre[0] - through[0]) + Math.sin(angle) * (centre[1] - through[1])
    if (Math.abs(distance) >= radius) return []
    const towards = Math.atan2(Math.sin(angle), -Math.cos(angle))
    const half = Math.acos(-distance / radius)
    return [towards - half, towards + half].map((at) => ((at % turn) + turn) % turn)
  })
}

/** One patch of equal angles as arcs of one phase each. */
const pureArcs = (
  electrode: PlanarElectrode,
  circle: number,
  first: number,
  end: number,
  within: readonly number[],
): Arc[] => {
  const { centre, radius } = electrode.circles[circle]
  const sorted = [first, ...within.filter((at) => at > first && at < end).sort((a, b) => a - b), end]
  return sorted.slice(1).flatMap((to, k) => {
    const from = sorted[k]
    if (!(to - from > 1e-12)) return []
    const middle = (from + to) / 2
    const isHigh = conductsWell(electrode, centre[0] + radius * Math.cos(middle), centre[1] + radius * Math.sin(middle))
    return [{ circle, from, to, highShare: isHigh ? 1 : 0 }]
  })
}

const joined = (one: Arc, other: Arc): Arc => {
  const [a, b] = [one.to - one.from, other.to - other.from]
  return { ...one, to: other.to, highShare: (a * one.highShare + b * other.highShare) / (a + b) }
}

/** Joins every arc that is shorter than `least` with the shorter of its neighbours in the same patch. */
const withoutSmall = (arcs: readonly Arc[], least: number): readonly Arc[] => {
  const length = (k: number): number => (k < 0 || k >= arcs.length ? Infinity : arcs[k].to - arcs[k].from)
  const shortest = arcs.reduce((best, _, k) => (length(k) < length(best) ? k : best), 0)
  if (arcs.length < 2 || length(shortest) >= least) return arcs
  const first = length(shortest - 1) < length(shortest + 1) ? shortest - 1 : shortest
  const pair = joined(arcs[first], arcs[first + 1])
  return withoutSmall([...arcs.slice(0, first), pair, ...arcs.slice(first + 2)], least)
}

/**
 * Patches of a circle: equal angles, parted further where a cut meets the surface; what would be very small is joined with
 * the rest of its patch, which then has shares of both. Together they cover the circle exactly.
 */
export const arcsOf = (electrode: PlanarElectrode, circle: number, patches: number): readonly Arc[] => {
  if (!(Number.isInteger(patches) && patches >= 4))
    throw new RangeError(`${patches} patches of a circle, at least 4 expected`)
  const step = turn / patches
  // The first patch lies around x, half of it below.
  const within = crossings(electrode, circle).map((at) => (at > turn - step / 2 ? at - turn : at))
  return Array.from({ length: patches }, (_, k) => {
    const arcs = pureArcs(electrode, circle, (k - 0.5) * step, (k + 0.5) * step, within)
    return withoutSmall(arcs, smallest * step)
  }).flat()
}

/** Points of an arc at which its ligament is measured */
const samples = 16

/** Way along the outward normal from a point of a circle to the next circle or border [m], and which (−1 a border). */
export const wayFrom = (
  { circles, width, height }: PlanarElectrode,
  circle: number,
  angle: number,
): { readonly length: number; readonly neighbour: number } => {
  const { centre, radius } = circles[circle]
  const [ux, uz] = [Math.cos(angle), Math.sin(angle)]
  const toBorder = (at: number, along: number, extent: number): number =>
    along > 0 ? (extent - at) / along : along < 0 ? -at / along : Number.POSITIVE_INFINITY
  let way = Math.min(toBorder(centre[0], ux, width), toBorder(centre[1], uz, height))
  let neighbour = -1
  circles.forEach((other, j) => {
    if (j === circle) return
    const [dx, dz] = [other.centre[0] - centre[0], other.centre[1] - centre[1]]
    const along = dx * ux + dz * uz
    const inside = other.radius ** 2 - (dx * dx + dz * dz - along * along)
    if (along <= 0 || inside < 0) return
    const distance = along - Math.sqrt(inside)
    if (distance >= way) return
    way = distance
    neighbour = j
  })
  return { length: way - radius, neighbour }
}

/** Harmonic mean of the ligament over an arc: springs side by side. The neighbour is what most of them end at. */
export const harmonicLigament = (
  electrode: PlanarElectrode,
  { circle, from, to }: Arc,
): { readonly length: number; readonly neighbour: number } => {
  let inverse = 0
  const stiffness = new Map<number, number>()
  for (let s = 0; s < samples; s++) {
    const { length, neighbour } = wayFrom(electrode, circle, from + ((s + 0.5) / samples) * (to - from))
    inverse += 1 / length / samples
    stiffness.set(neighbour, (stiffness.get(neighbour) ?? 0) + 1 / length)
  }
  let best = -1
  for (const [neighbour, value] of stiffness)
    if (value > (stiffness.get(best) ?? 0) || (value === stiffness.get(best) && neighbour < best)) best = neighbour
  return { length: 1 / inverse, neighbour: best }
}
