import { seededRandom } from "../array/random.ts"
import { type DamageThresholds, defaultDamageThresholds } from "../statistics/damage-class.ts"
import { momentsOf } from "../statistics/moments.ts"
import {
  defaultPermutations,
  type MeanDifference,
  meanDifferences,
  type PermutationSettings,
  permutationProbability,
} from "../statistics/permutation.ts"
import { meanUncertainty } from "../statistics/profile.ts"
import { type MarkedPoints, markedOf, meanNearestCurve } from "../statistics/random-labelling.ts"
import { rankCorrelation, rankCorrelationInterval } from "../statistics/rank-correlation.ts"
import type { GivenColumn } from "./learning-table.ts"
import { type AttributeScores, meanScores } from "./table-comparison.ts"

/** One table of particles with the importances of its attributes for damage, where they are known. */
export interface ObservedTable {
  readonly columns: readonly GivenColumn[]
  readonly scores: AttributeScores | null
}

/** What two tables say about one published observation. */
export interface Observation {
  /** The observation in words */
  readonly statement: string
  /** What is measured, in words */
  readonly measure: string
  /** The observation asks for more than the threshold */
  readonly statistic: number
  readonly threshold: number
  /** Of so large a statistic by chance; null where the statistic is the safe end of an interval already */
  readonly probability: number | null
  readonly verdict:
    | { readonly kind: "holds" }
    | { readonly kind: "does not hold" }
    | { readonly kind: "not known"; readonly reason: string }
}

export interface ObservationSettings {
  readonly damage: DamageThresholds
  readonly permutations: PermutationSettings
  /** Of intervals, in (0, 1); tests hold at 1 − confidence */
  readonly confidence: number
}

export const defaultObservation: ObservationSettings = {
  damage: defaultDamageThresholds,
  permutations: defaultPermutations,
  confidence: 0.95,
}

/** Attributes of the particle itself that dominate early. @source J. Li et al., Science 376 (2022) 517, Fig. 4 */
export const ownAttributes: readonly string[] = ["Z", "VSratio", "Sphericity", "Elongation"]

/** Attributes of the neighbourhood that gain later. @source J. Li et al., Science 376 (2022) 517, Fig. 4 */
export const neighbourAttributes: readonly string[] = ["Contact", "DistNearest", "OrienIso", "PDensity", "VolumeStd"]

/** Fewer severely damaged particles than this say nothing about where they are. */
const leastSevere = 6

type Claim = Pick<Observation, "statement" | "measure" | "threshold">

const unknown = (claim: Claim, reason: string): Observation => ({
  ...claim,
  statistic: Number.NaN,
  probability: null,
  verdict: { kind: "not known", reason },
})

const judged = (claim: Claim, statistic: number, probability: number | null, level: number): Observation => {
  if (Number.isNaN(statistic)) return unknown(claim, "too few values that differ")
  const holds = statistic > claim.threshold && (probability === null || probability <= level)
  return { ...claim, statistic, probability, verdict: { kind: holds ? "holds" : "does not hold" } }
}

const numbersOf = ({ columns }: ObservedTable, name: string): Float64Array | undefined => {
  const values = columns.find((column) => column.name === name)?.values
  return values instanceof Float64Array ? values : undefined
}

const depthDependence = (table: ObservedTable, when: string, { confidence }: ObservationSettings): Observation => {
  const claim = {
    statement: `${when}, particles nearer to the separator are damaged more`,
    measure: "low end of the interval of the rank correlation of Damage and Z",
    threshold: 0,
  }
  const [damage, depth] = [numbersOf(table, "Damage"), numbersOf(table, "Z")]
  if (damage === undefined || depth === undefined) return unknown(claim, "Damage or Z is not in the table")
  const [low] = rankCorrelationInterval(rankCorrelation(damage, depth), confidence)
  return judged(claim, low, null, 1 - confidence)
}

const clustering = (
  table: ObservedTable,
  when: string,
  { damage: thresholds, permutations, confidence }: ObservationSettings,
): Observation => {
  const claim = {
    statement: `${when}, severely damaged particles lie together`,
    measure: "how much nearer the nearest severely damaged neighbour is than with labels set at random",
    threshold: 0,
  }
  const damage = numbersOf(table, "Damage")
  const places = ["X", "Y", "Z"].flatMap((name) => numbersOf(table, name) ?? [])
  if (damage === undefined || places.length < 2)
    return unknown(claim, "Damage or the particles' places are not in the table")
  const rows = [...damage.keys()].filter((row) => [damage, ...places].every((values) => Number.isFinite(values[row])))
  const points = new Float64Array(3 * rows.length)
  for (const [k, row] of rows.entries())
    for (const [axis, values] of places.entries()) points[3 * k + axis] = values[row]
  const marked: MarkedPoints = {
    points,
    marks: Uint8Array.from(rows, (row) => (damage[row] >= thresholds.severe ? 1 : 0)),
  }
  const severe = markedOf(marked)
  if (severe.length < leastSevere || severe.length === rows.length) {
    return unknown(claim, `${severe.length} of ${rows.length} particles are severely damaged`)
  }
  const nearest = meanNearestCurve(marked)
  const random = seededRandom(permutations.seed)
  const byChance = Float64Array.from(
    { length: permutations.permutations },
    () => nearest(random.permutation(rows.length).subarray(0, severe.length).sort())[0],
  )
  const [observed] = nearest(severe)
  const mean = byChance.reduce((sum, value) => sum + value, 0) / byChance.length
  const probability = permutationProbability(
    -observed,
    byChance.map((value) => -value),
  )
  return judged(claim, 1 - observed / mean, probability, 1 - confidence)
}

const growth = (early: ObservedTable, late: ObservedTable, { confidence }: ObservationSettings): Observation => {
  const claim = {
    statement: "later, particles are damaged more",
    measure: "low end of the interval of the difference of mean Damage",
    threshold: 0,
  }
  const [before, after] = [early, late].map((table) => numbersOf(table, "Damage")?.filter(Number.isFinite))
  if (before === undefined || after === undefined) return unknown(claim, "Damage is not in both tables")
  const [a, b] = [momentsOf(before), momentsOf(after)]
  const reach = Math.hypot(meanUncertainty(a, confidence), meanUncertainty(b, confidence))
  return judged(claim, b.mean - a.mean - reach, null, 1 - confidence)
}

const ownDominance = ({ scores }: ObservedTable, when: string): Observation => {
  const claim = {
    statement: `${when}, the particles' own attributes tell more of damage than their neighbourhood`,
    measure: `mean importance of ${ownAttributes.join(", ")} over that of ${neighbourAttributes.join(", ")}`,
    threshold: 1,
  }
  if (scores === null) return unknown(claim, "importances are not known")
  const means = meanScores(scores)
  const meanOf = (names: readonly string[]): number => {
    const there = names.filter((name) => scores.names.includes(name))
    return there.reduce((sum, name) => sum + means[scores.names.indexOf(name)], 0) / there.length
  }
  return judged(claim, meanOf(ownAttributes) / meanOf(neighbourAttributes), null, 1)
}

/**
 * Which of the published observations of one time a single table shows.
 * @param when which table, as statements begin
 */
export const tableObservations = (
  table: ObservedTable,
  when: string,
  settings: ObservationSettings = defaultObservation,
): readonly Observation[] => [
  depthDependence(table, when, settings),
  clustering(table, when, settings),
  ownDominance(table, when),
]

/** What the neighbourhood's attributes have together, as an item beside each of them. */
const together = `${neighbourAttributes.join(", ")} together`

/** Shares of the neighbourhood's attributes, one by one and together, in the importances of all. */
export interface NeighbourShares {
  /** [item] */
  readonly items: readonly string[]
  /** [run, item] 0 … 1 */
  readonly shares: Float64Array
}

/**
 * Shares of the neighbourhood's attributes in the importances of each run: what is compared between tables of different
 * damage.
 */
export const neighbourShares = ({ names, runs }: AttributeScores): NeighbourShares => {
  const there = neighbourAttributes.filter((name) => names.includes(name))
  const width = there.length + 1
  const runCount = runs.length / names.length
  const shares = new Float64Array(runCount * width)
  for (let run = 0; run < runCount; run++) {
    const row = runs.subarray(run * names.length, (run + 1) * names.length)
    const sum = row.reduce((total, value) => total + value, 0)
    for (const [item, name] of there.entries()) {
      const share = sum > 0 ? row[names.indexOf(name)] / sum : 0
      shares[run * width + item] = share
      shares[run * width + width - 1] += share
    }
  }
  return { items: [...there, together], shares }
}

/** Gains of each attribute of the neighbourhood, and of all of them together. */
const gains = (
  early: ObservedTable,
  late: ObservedTable,
  { permutations, confidence }: ObservationSettings,
  tested: readonly MeanDifference[] | null,
): readonly Observation[] => {
  const claimOf = (name: string): Claim => ({
    statement: `later, ${name} tell${name === together ? "" : "s"} more of damage than early`,
    measure: `rise of the mean share in all importances; chance is that of the ${tested === null ? "runs" : "rows"}`,
    threshold: 0,
  })
  const wanted = [...neighbourAttributes, together]
  const allUnknown = (reason: string) => wanted.map((name) => unknown(claimOf(name), reason))
  if (early.scores === null || late.scores === null) return allUnknown("importances are not known")
  const [before, after] = [early.scores, late.scores].map(neighbourShares)
  if (before.items.join() !== after.items.join()) return allUnknown("the tables have different attributes")
  const width = before.items.length
  if (tested === null && Math.min(before.shares.length, after.shares.length) < 2 * width) {
    return allUnknown("one run of importances shows no chance")
  }
  const found = tested ?? meanDifferences(before.shares, after.shares, width, permutations)
  return wanted.map((name) => {
    const item = before.items.indexOf(name)
    if (item < 0 || width === 1) return unknown(claimOf(name), "the attribute is not in the tables")
    return judged(claimOf(name), found[item].difference, found[item].familyProbability, 1 - confidence)
  })
}

/**
 * Which of the published observations two tables of particles show, early and late in their cycling, each with its
 * statistic, threshold and verdict: measured tables and simulated ones alike.
 * @param tested differences of `neighbourShares` by `relabelledDifferences`, which says what other particles would show;
 *   without them gains are tested over the runs of the scores, whose chance is that of the same particles drawn again
 * @source J. Li et al., Science 376 (2022) 517, Figs. 2 and 4, doi:10.1126/science.abm8962
 */
export const publishedObservations = (
  early: ObservedTable,
  late: ObservedTable,
  settings: ObservationSettings = defaultObservation,
  tested: readonly MeanDifference[] | null = null,
): readonly Observation[] => [
  depthDependence(early, "early", settings),
  depthDependence(late, "later", settings),
  clustering(early, "early", settings),
  clustering(late, "later", settings),
  growth(early, late, settings),
  ownDominance(early, "early"),
  ...gains(early, late, settings, tested),
]
