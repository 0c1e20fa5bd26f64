import { type Random, seededRandom } from "../array/random.ts"
import { relaxInto } from "./packing-relaxation.ts"

/** How large the particles of a packing are. */
export type SizeDistribution =
  /** [m] */
  | { readonly kind: "equal"; readonly radius: number }
  /** Median [m] and standard deviation of the logarithm; cut off at 2.5 deviations */
  | { readonly kind: "lognormal"; readonly median: number; readonly spread: number }
  /** Radii [m] and how often each occurs, in any unit */
  | { readonly kind: "mixed"; readonly radii: readonly number[]; readonly weights: readonly number[] }

export interface PackingSettings {
  /** 2: circles in the plane of x and z */
  readonly dimension: 2 | 3
  readonly count: number
  readonly sizes: SizeDistribution
  /** Wanted share of the volume, in (0, 0.6] (0.8 in the plane) */
  readonly particleShare: number
  /** From collector to separator [m]; the width follows from the share */
  readonly thickness: number
  /** Least distance between surfaces, and of surfaces from walls, > 0 [m] */
  readonly gap: number
  /** Whether x and y repeat themselves; otherwise there are walls */
  readonly isPeriodic: boolean
  readonly seed: number
}

/** Balls, or circles, that do not overlap, between the collector at z = 0 and the separator. */
export interface Packing {
  readonly dimension: 2 | 3
  /** Extent along x and, in space, along y [m] */
  readonly width: number
  readonly thickness: number
  readonly isPeriodic: boolean
  readonly gap: number
  readonly count: number
  /** [particle, 3]; y is 0 in the plane [m] */
  readonly centre: Float64Array
  /** [particle] [m] */
  readonly radius: Float64Array
  /** That they fill; a little less than wanted where some had to shrink for their gaps */
  readonly particleShare: number
}

const assertSettings = (settings: PackingSettings): void => {
  const { dimension, count, particleShare, thickness, gap } = settings
  const most = dimension === 3 ? 0.6 : 0.8
  const complaint = (what: string, found: number, wanted: string): void => {
    throw new RangeError(`${what} of a packing is ${found}, ${wanted} expected`)
  }
  if (!(Number.isInteger(count) && count >= 1)) complaint("count", count, "a number of particles")
  if (!(particleShare > 0 && particleShare <= most))
    complaint("particleShare", particleShare, `above 0 and up to ${most}`)
  if (!(thickness > 0 && thickness < Infinity)) complaint("thickness", thickness, "a length")
  if (!(gap > 0 && gap < thickness)) complaint("gap", gap, "a length below the thickness")
}

/** Cut-off of the lognormal distribution, in standard deviations */
const furthest = 2.5

const radiusOf = (sizes: SizeDistribution, random: Random): number => {
  switch (sizes.kind) {
    case "equal":
      return sizes.radius
    case "lognormal": {
      let deviate = random.normal()
      while (Math.abs(deviate) > furthest) deviate = random.normal()
      return sizes.median * Math.exp(sizes.spread * deviate)
    }
    case "mixed": {
      const total = sizes.weights.reduce((sum, weight) => sum + weight, 0)
      let rest = random.uniform() * total
      for (let k = 0; k < sizes.radii.length; k++) {
        rest -= sizes.weights[k]
        if (rest < 0) return sizes.radii[k]
      }
      return sizes.radii[sizes.radii.length - 1]
    }
  }
}

const ballVolume = (dimension: 2 | 3, radius: number): number =>
  dimension === 3 ? (4 / 3) * Math.PI * radius ** 3 : Math.PI * radius * radius

/**
 * Particles packed at random: placed anywhere at 0.7 of their size, then grown while overlaps are pushed apart. What is
 * left of an overlap, or of a gap too small, is taken off both radii, so that no pair is ever nearer than the gap.
 * The same settings give the same packing. Cost O(N log N).
 * @throws RangeError where settings are out of range, or a particle does not fit between the walls
 * @source W. S. Jodrey, E. M. Tory, Phys. Rev. A 32 (1985) 2347, doi:10.1103/PhysRevA.32.2347
 */
export const packed = (settings: PackingSettings): Packing => {
  assertSettings(settings)
  const { dimension, count, sizes, particleShare, thickness, gap, isPeriodic } = settings
  const random = seededRandom(settings.seed)
  const radius = Float64Array.from({ length: count }, () => radiusOf(sizes, random))
  for (let i = 0; i < count; i++)
    if (!(radius[i] > 0 && radius[i] < Infinity)) throw new RangeError(`the radius of particle ${i} is ${radius[i]}`)
  const volume = radius.reduce((sum, each) => sum + ballVolume(dimension, each), 0)
  const section = volume / particleShare / thickness
  const width = dimension === 3 ? Math.sqrt(section) : section
  const largest = radius.reduce((most, each) => Math.max(most, each), 0)
  const room = 2 * (largest + gap)
  if (!(thickness >= room)) throw new RangeError(`a particle of ${2 * largest} m does not fit into ${thickness} m`)
  if (!(width >= room)) {
    throw new RangeError(
      `a particle of ${2 * largest} m does not fit into a width of ${width} m: more particles, a smaller share or a smaller thickness are needed`,
    )
  }
  const centre = new Float64Array(3 * count)
  for (let i = 0; i < count; i++) {
    const margin = radius[i] + gap
    const within = (extent: number): number => margin + (extent - 2 * margin) * random.uniform()
    const across = (): number => (isPeriodic ? width * random.uniform() : within(width))
    centre[3 * i] = across()
    if (dimension === 3) centre[3 * i + 1] = across()
    centre[3 * i + 2] = within(thickness)
  }
  sortByPlace(centre, radius, 4 * (radius.reduce((sum, each) => sum + each, 0) / count))
  relaxInto({ dimension, width, thickness, isPeriodic, gap }, centre, radius)
  const filled = radius.reduce((sum, each) => sum + ballVolume(dimension, each), 0)
  return {
    dimension,
    width,
    thickness,
    isPeriodic,
    gap,
    count,
    centre,
    radius,
    particleShare: filled / (section * thickness),
  }
}

/** Numbers particles cell by cell of a lattice, as a scan meets them: neighbours lie side by side in memory. */
const sortByPlace = (centre: Float64Array, radius: Float64Array, cell: number): void => {
  const at = (i: number, axis: number): number => Math.floor(centre[3 * i + axis] / cell)
  const order = Array.from(radius, (_, i) => i).sort(
    (a, b) => at(a, 2) - at(b, 2) || at(a, 1) - at(b, 1) || at(a, 0) - at(b, 0) || a - b,
  )
  centre.set(order.flatMap((i) => [...centre.subarray(3 * i, 3 * i + 3)]))
  radius.set(order.map((i) => radius[i]))
}

/** Of the current collector below a packing [m²]; its length in the plane [m] */
export const sectionOf = ({ dimension, width }: Packing): number => (dimension === 3 ? width * width : width)

/** Volume of the part of a ball, or area of that of a circle, between two heights above its centre [m³]. */
export const slabVolume = (dimension: 2 | 3, radius: number, low: number, high: number): number => {
  const [a, b] = [low, high].map((z) => Math.max(-radius, Math.min(radius, z)))
  if (dimension === 3) return Math.PI * (radius * radius * (b - a) - (b ** 3 - a ** 3) / 3)
  const part = (z: number): number =>
    z * Math.sqrt(Math.max(0, radius * radius - z * z)) + radius * radius * Math.asin(z / radius)
  return part(b) - part(a)
}
