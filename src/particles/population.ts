import {
  type DamageClasses,
  type DamageThresholds,
  damageClassesOf,
  defaultDamageThresholds,
} from "../statistics/damage-class.ts"
import { type Distribution, distributionOf, equalBins } from "../statistics/distribution.ts"
import { momentsOf } from "../statistics/moments.ts"
import { pairCorrelation, pairCorrelationNoise, pairSumsOf, type Window } from "../statistics/pair-correlation.ts"
import { type Profile, profileOf } from "../statistics/profile.ts"
import { type RankCorrelation, rankCorrelation, rankCorrelationInterval } from "../statistics/rank-correlation.ts"
import { type PointAttribute, representativeness, type SubvolumeSize } from "../statistics/representativeness.ts"
import { centresOf, distanceEdges, type SevereNeighbours, severeNeighbours } from "./severe-neighbours.ts"
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

/** Attributes that are looked at over depth. */
const overDepth = ["Damage", "Volume", "Sphericity", "EDensity", "PDensity", "Contact", "ContactCB"]
/** Attributes in which parts must agree with the whole. */
const compared = ["Volume", "DistNearest"]
const bins = 24

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
 * @param severe  what `severeNeighbours` gives, where its many relabellings have been done elsewhere
 */
export const populationOf = (
  table: ParticleTable,
  window: Window,
  settings: PopulationSettings = defaultPopulationSettings,
  severe: SevereNeighbours = severeNeighbours(table, window, settings),
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
    severe,
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
