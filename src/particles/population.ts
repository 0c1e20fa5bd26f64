import {
  type DamageClasses,
  type DamageThresholds,
  damageClassesOf,
  defaultDamageThresholds,
} from "../statistics/damage-class.ts"
import { type Distribution, distributionOf, equalBins } from "../statistics/distribution.ts"
import { type Envelope, envelopeOf } from "../statistics/envelope.ts"
import { momentsOf } from "../statistics/moments.ts"
import {
  pairCorrelation,
  pairCorrelationNoise,
  pairSumsOf,
  type Window,
  windowSize,
} from "../statistics/pair-correlation.ts"
import { type Profile, profileOf } from "../statistics/profile.ts"
import {
  type MarkedCurve,
  type MarkedPoints,
  markedOf,
  markedPairCurve,
  meanNearestCurve,
  nearestMarkedCurve,
  randomLabellings,
} from "../statistics/random-labelling.ts"
import { type RankCorrelation, rankCorrelation, rankCorrelationInterval } from "../statistics/rank-correlation.ts"
import { type PointAttribute, representativeness, type SubvolumeSize } from "../statistics/representativeness.ts"
import { columnOf, type ParticleTable, wholeParticles } from "./table.ts"

/** What the statistics of a population go by. */
export interface PopulationSettings {
  readonly damage: DamageThresholds
  /** Relabellings of the null model */
  readonly simulations: number
  readonly seed: number
  /** Of all intervals and envelopes, in (0, 1) */
  readonly confidence: number
}

export const defaultPopulationSettings: PopulationSettings = {
  damage: defaultDamageThresholds,
  simulations: 999,
  seed: 1,
  confidence: 0.95,
}

/** How one attribute is spread over the whole particles. */
export interface AttributeDistribution {
  readonly name: string
  readonly unit: string
  readonly distribution: Distribution
}

/** How one attribute changes with depth. */
export interface DepthProfile {
  readonly name: string
  readonly unit: string
  readonly profile: Profile
  readonly correlation: RankCorrelation
  /** Confidence interval of the correlation's coefficient */
  readonly interval: readonly [number, number]
}

/** Where severely damaged particles are among all: by chance, or together. */
export type SevereNeighbours =
  | { readonly kind: "unknown damage" }
  | { readonly kind: "too few"; readonly count: number; readonly needed: number }
  | {
      readonly kind: "measured"
      readonly count: number
      /** [place] [m] */
      readonly distances: Float64Array
      /** Share of the severely damaged particles with another one no further than each distance */
      readonly nearest: Envelope
      /** Mean distance to the nearest other severely damaged one, a single place [m] */
      readonly meanNearest: Envelope
      /** [bin + 1] [m] */
      readonly edges: Float64Array
      /** Pair correlation among them [bin] */
      readonly pairs: Envelope
    }

/** Pair correlation of all centres. */
export interface CentreCorrelation {
  /** [bin + 1] [m] */
  readonly edges: Float64Array
  /** [bin] */
  readonly values: Float64Array
  /** [bin] standard deviation that independent centres would have */
  readonly noise: Float64Array
}

/** Statistics over the particles of one volume or slice. */
export interface Population {
  readonly particleCount: number
  readonly wholeCount: number
  readonly settings: PopulationSettings
  readonly attributes: readonly AttributeDistribution[]
  /** Null where damage is not in the table */
  readonly damage: DamageClasses | null
  readonly depth: readonly DepthProfile[]
  readonly severe: SevereNeighbours
  readonly correlation: CentreCorrelation
  readonly subvolumes: readonly SubvolumeSize[]
}

/** Fewer marks than this say nothing about where they are. */
export const leastMarks = 6
/** Attributes that are looked at over depth. */
const overDepth = ["Damage", "Volume", "Sphericity", "EDensity", "PDensity", "Contact", "ContactCB"]
/** Attributes in which parts must agree with the whole. */
const compared = ["Volume", "DistNearest"]
const places = 40
const bins = 24
/** Fewer where pairs are few. */
const severeBins = 12

/** [particle, 3] centres [m]; in a plane X and Z with nothing along the third axis. */
const centresOf = (table: ParticleTable, window: Window): Float64Array => {
  const isPlane = window[2] === 0
  const along = (name: string): Float64Array => {
    const column = columnOf(table, name)
    if (column === undefined) throw new RangeError(`a table without ${name} has no places of particles`)
    return column.values
  }
  const columns = isPlane ? [along("X"), along("Z")] : [along("X"), along("Y"), along("Z")]
  const out = new Float64Array(3 * table.particleCount)
  for (const [axis, values] of columns.entries())
    for (let particle = 0; particle < values.length; particle++) out[3 * particle + axis] = values[particle]
  return out
}

const depthProfiles = (table: ParticleTable, height: number, confidence: number): readonly DepthProfile[] => {
  const depth = columnOf(table, "Z")?.values
  if (depth === undefined || table.particleCount === 0) return []
  const count = Math.min(12, Math.max(3, Math.round(table.particleCount / 25)))
  const edges = Float64Array.from({ length: count + 1 }, (_, bin) => (height * bin) / count)
  return overDepth.flatMap((name) => {
    const column = columnOf(table, name)
    const known = momentsOf(column?.values.filter(Number.isFinite) ?? [])
    // What is the same everywhere does not change with depth.
    if (column === undefined || !(known.max > known.min)) return []
    const correlation = rankCorrelation(depth, column.values)
    return {
      name,
      unit: column.unit,
      profile: profileOf(depth, column.values, edges),
      correlation,
      interval: rankCorrelationInterval(correlation, confidence),
    }
  })
}

/** Mean distance of particles, as if each had a cell of its own [m]. */
const meanSpacing = (count: number, window: Window): number =>
  (windowSize(window) / Math.max(1, count)) ** (1 / (window[2] === 0 ? 2 : 3))

/**
 * Centres at least one radius of the largest particle away from the border, and the window that is left: all of them
 * belong to particles that are whole, and none has come in from beyond the border.
 */
const innerCentres = (table: ParticleTable, window: Window) => {
  const isPlane = window[2] === 0
  const volume = columnOf(wholeParticles(table), "Volume")?.values ?? new Float64Array(0)
  const largest = volume.reduce((most, value) => (value > most ? value : most), 0)
  const radius = isPlane ? Math.sqrt(largest / Math.PI) : Math.cbrt((3 * largest) / (4 * Math.PI))
  const guard = Math.min(radius, Math.min(...window.filter((edge) => edge > 0)) / 4)
  const inner: Window = [window[0] - 2 * guard, window[1] - 2 * guard, isPlane ? 0 : window[2] - 2 * guard]
  const centres = centresOf(table, window)
  const rows = [...table.cut.keys()].filter((row) =>
    inner.every((edge, axis) => {
      const at = centres[3 * row + axis] - guard
      return edge === 0 || (at >= 0 && at <= edge)
    }),
  )
  const points = new Float64Array(3 * rows.length)
  rows.forEach((row, place) => {
    for (let axis = 0; axis < (isPlane ? 2 : 3); axis++) points[3 * place + axis] = centres[3 * row + axis] - guard
  })
  return { points, rows, window: inner }
}

/** Equal bins up to a quarter of the window's shortest edge, or four spacings where that is less. */
const distanceEdges = (count: number, window: Window, binCount: number): Float64Array => {
  const shortest = Math.min(...window.filter((edge) => edge > 0))
  const reach = Math.min(shortest / 4, 4 * meanSpacing(count, window))
  return Float64Array.from({ length: binCount + 1 }, (_, bin) => (reach * bin) / binCount)
}

const severeNeighbours = (table: ParticleTable, window: Window, settings: PopulationSettings): SevereNeighbours => {
  const damage = columnOf(table, "Damage")?.values
  if (damage === undefined || !damage.some(Number.isFinite)) return { kind: "unknown damage" }
  const marked: MarkedPoints = {
    points: centresOf(table, window),
    marks: Uint8Array.from(damage, (value) => (value >= settings.damage.severe ? 1 : 0)),
  }
  const severe = markedOf(marked)
  const count = severe.length
  if (count < leastMarks || count === damage.length) return { kind: "too few", count, needed: leastMarks }
  const reach = 2.5 * meanSpacing(count, window)
  const distances = Float64Array.from({ length: places }, (_, place) => (reach * (place + 1)) / places)
  const edges = distanceEdges(count, window, severeBins)
  const among = (curve: MarkedCurve): Envelope =>
    envelopeOf(
      curve(severe),
      randomLabellings(curve, marked, settings.seed, 0, settings.simulations),
      settings.confidence,
    )
  return {
    kind: "measured",
    count,
    distances,
    nearest: among(nearestMarkedCurve(marked, distances)),
    meanNearest: among(meanNearestCurve(marked)),
    edges,
    pairs: among(markedPairCurve(marked, window, edges)),
  }
}

/** Numbers of parts along an axis for which a part holds some twenty particles or more. */
const divisionsFor = (count: number, isPlane: boolean): readonly number[] =>
  [2, 3, 4, 5].filter((division) => count / division ** (isPlane ? 2 : 3) >= 20)

/** An attribute of some particles, with nothing known of those that the border cuts. */
const ofWhole = (table: ParticleTable, name: string, rows: readonly number[]): readonly PointAttribute[] => {
  const column = columnOf(table, name)
  if (column === undefined) return []
  const values = Float64Array.from(rows, (row) => (table.cut[row] === 0 ? column.values[row] : Number.NaN))
  return values.some(Number.isFinite) ? [{ name, values }] : []
}

/**
 * Statistics of a table of particles. Particles that the border cuts are left out. Where centres are counted, for the
 * pair correlation and for parts of the volume, a rim as wide as the largest radius is left out instead: whole particles
 * alone would thin out towards the border, and middles of cut ones would gather there.
 * @param window  field of view [m]; 0 along the third axis for a slice, whose axes are X and Z
 */
export const populationOf = (
  table: ParticleTable,
  window: Window,
  settings: PopulationSettings = defaultPopulationSettings,
): Population => {
  const whole = wholeParticles(table)
  const inner = innerCentres(table, window)
  const edges = distanceEdges(inner.rows.length, inner.window, bins)
  const sums = pairSumsOf(inner.points, inner.window, edges)
  const damage = columnOf(whole, "Damage")?.values
  // Numbers of particles are names, not quantities.
  const measured = whole.columns.filter(({ name }) => name !== "Label")
  return {
    particleCount: table.particleCount,
    wholeCount: whole.particleCount,
    settings,
    attributes: measured.map(({ name, unit, values }) => ({
      name,
      unit,
      distribution: distributionOf(values, equalBins(values.filter(Number.isFinite))),
    })),
    damage: damage === undefined ? null : damageClassesOf(damage, settings.damage),
    depth: depthProfiles(whole, window[2] === 0 ? window[1] : window[2], settings.confidence),
    severe: severeNeighbours(whole, window, settings),
    correlation: {
      edges,
      values: pairCorrelation(sums, inner.rows.length, inner.window),
      noise: pairCorrelationNoise(sums, inner.rows.length, inner.window),
    },
    subvolumes: representativeness(
      inner.points,
      inner.window,
      compared.flatMap((name) => ofWhole(table, name, inner.rows)),
      divisionsFor(inner.rows.length, window[2] === 0),
    ),
  }
}
