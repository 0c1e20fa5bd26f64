import { type JointDistances, type JointSettings, jointDistances } from "../statistics/joint-distance.ts"
import { momentsOf, standardDeviation } from "../statistics/moments.ts"
import { defaultPermutations, type PermutationSettings } from "../statistics/permutation.ts"
import { type RankCorrelation, rankCorrelation, rankCorrelationInterval } from "../statistics/rank-correlation.ts"
import {
  type BootstrapSettings,
  type DistanceEstimate,
  defaultBootstrap,
  distanceInterval,
  distanceProbability,
  largestStep,
  stepArea,
} from "../statistics/step-distance.ts"
import { type Autoencoder, encodedRows } from "./autoencoder.ts"
import type { GivenColumn, LearningTable } from "./learning-table.ts"

/** How one attribute is spread in two tables. */
export type AttributeComparison =
  | {
      readonly kind: "compared"
      readonly name: string
      readonly unit: string
      /** Rows with a number, of either table */
      readonly counts: readonly [number, number]
      /** Rows without one */
      readonly missing: readonly [number, number]
      /** Largest difference of the distribution functions, 0 … 1 */
      readonly kolmogorov: DistanceEstimate
      /** Mean distance that values must be moved, in the attribute's unit */
      readonly wasserstein: DistanceEstimate
      /** The same in standard deviations of the first table; NaN where that is constant */
      readonly wassersteinInDeviations: number
      /** Of so large a `kolmogorov` by chance, this attribute alone */
      readonly probability: number
    }
  | { readonly kind: "not comparable"; readonly name: string; readonly reason: string }

/** How attributes are spread in two tables, one by one. */
export interface TableComparison {
  /** In the order of the first table */
  readonly attributes: readonly AttributeComparison[]
  readonly onlyInFirst: readonly string[]
  readonly onlyInSecond: readonly string[]
}

export interface ComparisonSettings {
  readonly bootstrap: BootstrapSettings
  readonly permutations: PermutationSettings
}

export const defaultComparison: ComparisonSettings = {
  bootstrap: defaultBootstrap,
  permutations: defaultPermutations,
}

const compareAttribute = (
  first: GivenColumn,
  second: GivenColumn,
  { bootstrap, permutations }: ComparisonSettings,
): AttributeComparison => {
  const { name, unit } = first
  const refused = (reason: string): AttributeComparison => ({ kind: "not comparable", name, reason })
  if (unit !== second.unit)
    return refused(`unit ${unit || "none"} in the first table, ${second.unit || "none"} in the second`)
  if (!(first.values instanceof Float64Array && second.values instanceof Float64Array))
    return refused("words, no numbers")
  const [a, b] = [first.values.filter(Number.isFinite), second.values.filter(Number.isFinite)]
  if (a.length === 0 || b.length === 0) return refused(`no numbers in the ${a.length === 0 ? "first" : "second"} table`)
  const wasserstein = distanceInterval(a, b, stepArea, bootstrap)
  const deviation = standardDeviation(momentsOf(a))
  return {
    kind: "compared",
    name,
    unit,
    counts: [a.length, b.length],
    missing: [first.values.length - a.length, second.values.length - b.length],
    kolmogorov: distanceInterval(a, b, largestStep, bootstrap),
    wasserstein,
    wassersteinInDeviations: deviation > 0 ? wasserstein.value / deviation : Number.NaN,
    probability: distanceProbability(a, b, largestStep, permutations),
  }
}

/** Compares two tables attribute by attribute; values that are no numbers are left out and counted. */
export const compareColumns = (
  first: readonly GivenColumn[],
  second: readonly GivenColumn[],
  settings: ComparisonSettings = defaultComparison,
): TableComparison => {
  const inSecond = new Map(second.map((column) => [column.name, column]))
  const names = new Set(first.map(({ name }) => name))
  return {
    attributes: first.flatMap((column) => {
      const other = inSecond.get(column.name)
      return other === undefined ? [] : [compareAttribute(column, other, settings)]
    }),
    onlyInFirst: [...names].filter((name) => !inSecond.has(name)),
    onlyInSecond: [...inSecond.keys()].filter((name) => !names.has(name)),
  }
}

/**
 * How far two tables are apart in the latent values of one autoencoder, all attributes together. Where it was trained on
 * rows of one table, pass rows that it has not learned from: it describes those it knows better than others.
 * @throws RangeError where columns are not those of the autoencoder
 */
export const latentDistances = (
  autoencoder: Autoencoder,
  first: LearningTable,
  second: LearningTable,
  settings?: JointSettings,
): JointDistances => {
  for (const table of [first, second]) {
    if (table.names.join("\n") !== autoencoder.names.join("\n")) {
      throw new RangeError(`columns ${table.names.join(", ")}; the autoencoder has ${autoencoder.names.join(", ")}`)
    }
  }
  const [x, y] = [first, second].map(({ values }) => encodedRows(autoencoder, values))
  return jointDistances(x, y, autoencoder.shape.latentCount, settings)
}

/** Importances of attributes by name. */
export interface AttributeScores {
  /** [attribute] */
  readonly names: readonly string[]
  /** [run, attribute] one row for each subsample or seed, ≥ 0 */
  readonly runs: Float64Array
}

/** [attribute] mean over the runs */
export const meanScores = ({ names, runs }: AttributeScores): Float64Array => {
  const runCount = runs.length / names.length
  const means = new Float64Array(names.length)
  for (let at = 0; at < runs.length; at++) means[at % names.length] += runs[at] / runCount
  return means
}

/** Whether two tables find the same attributes important: the rank correlation over those that both have. */
export const scoreAgreement = (
  first: AttributeScores,
  second: AttributeScores,
  confidence = 0.95,
): RankCorrelation & { readonly interval: readonly [number, number] } => {
  const [a, b] = [meanScores(first), meanScores(second)]
  const common = first.names.filter((name) => second.names.includes(name))
  const correlation = rankCorrelation(
    Float64Array.from(common, (name) => a[first.names.indexOf(name)]),
    Float64Array.from(common, (name) => b[second.names.indexOf(name)]),
  )
  return { ...correlation, interval: rankCorrelationInterval(correlation, confidence) }
}
