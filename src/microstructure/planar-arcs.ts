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

/** Arcs of one phase each, in order of their angle, beginning at half a patch below x. */
const pureArcs = (electrode: PlanarElectrode, circle: number, patches: number): Arc[] => {
  const { centre, radius } = electrode.circles[circle]
  const first = -turn / patches / 2
  const ends = Array.from({ length: patches + 1 }, (_, k) => first + (turn * k) / patches)
  const within = crossings(electrode, circle).map((at) => (at > first + turn ? at - turn : at))
  const sorted = [...ends, ...within].sort((a, b) => a - b)
  return sorted.slice(1).flatMap((to, k) => {
    const from = sorted[k]
    if (!(to - from > 1e-12)) return []
    const middle = (from + to) / 2
    const isHigh = conductsWell(electrode, centre[0] + radius * Math.cos(middle), centre[1] + radius * Math.sin(middle))
    return [{ circle, from, to, highShare: isHigh ? 1 : 0 }]
  })
}

/**
 * Patches of a circle: equal angles, parted further where a cut meets the surface; what would be very small is joined with
 * its neighbour, which then has shares of both. Together they cover the circle exactly.
 */
export const arcsOf = (electrode: PlanarElectrode, circle: number, patches: number): readonly Arc[] => {
  if (!(Number.isInteger(patches) && patches >= 4))
    throw new RangeError(`${patches} patches of a circle, at least 4 expected`)
  const least = (smallest * turn) / patches
  const arcs: Arc[] = []
  for (const arc of pureArcs(electrode, circle, patches)) {
    const last = arcs.at(-1)
    const isSmall = arc.to - arc.from < least || (last !== undefined && last.to - last.from < least)
    if (last === undefined || !isSmall) {
      arcs.push(arc)
      continue
    }
    const [a, b] = [last.to - last.from, arc.to - arc.from]
    const highShare = (a * last.highShare + b * arc.highShare) / (a + b)
    arcs[arcs.length - 1] = { ...last, to: arc.to, highShare }
  }
  return arcs
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
