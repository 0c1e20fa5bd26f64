import { Effect } from "effect"
import type { Engine } from "../../engine/engine.ts"
import { type GivenColumn, type LearningTable, learningTable, regressionTable } from "../../learning/learning-table.ts"
import type { RegressionTable } from "../../learning/regression-table.ts"
import { type RowDifferences, rowDifferences, sharedColumns } from "../../learning/row-differences.ts"
import { type ScoreRun, scoreRuns } from "../../learning/score-runs.ts"
import { chosenSize, defaultSizeScan, type SizeChoice, type SizeErrors } from "../../learning/size-scan.ts"
import type { RunUnwritable } from "../../store/errors.ts"
import type { KeptResults } from "../../store/kept-results.ts"
import { allDone, type Doing } from "./jobs.ts"
import type { AutoencoderStudy, FoldStudy, ForestStudy, LearnJob } from "./learn-work.ts"
import type { PreparedTable } from "./read-table.ts"
import type { LearningLost, LearnRequest } from "./request.ts"

/** All that was learnt from one table. */
export interface TableStudy {
  readonly prepared: PreparedTable
  readonly table: RegressionTable
  /** Attributes and target together, as the autoencoder has them */
  readonly together: LearningTable
  readonly forest: ForestStudy
  readonly folds: FoldStudy
  readonly runs: readonly ScoreRun[]
  /** [run, attribute] importances, mean |φ| [target] */
  readonly scores: Float64Array
  readonly autoencoder: AutoencoderStudy
  /** Empty without a scan */
  readonly sizes: readonly SizeErrors[]
  readonly choice: SizeChoice | null
}

export const foldCount = 10
const publishedHeldOut = 0.05

/** Attributes and target side by side. */
const togetherOf = ({ names, units, rowCount, values, target }: LearningTable): LearningTable => {
  const columns: GivenColumn[] = names.map((name, column) => ({
    name,
    unit: units[column],
    values: Float64Array.from({ length: rowCount }, (_, row) => values[row * names.length + column]),
  }))
  if (target !== null) columns.push(target)
  const outcome = learningTable(columns)
  if (outcome.kind === "refused") throw new RangeError("columns that were ready are not")
  return outcome.table
}

const forestJobs = (table: RegressionTable, runs: readonly ScoreRun[], request: LearnRequest): readonly LearnJob[] => {
  const settings = { ...request.preset.forest, seed: request.seed }
  const heldOutShare = publishedHeldOut
  return [
    { kind: "forest", table, settings, heldOutShare },
    { kind: "folds", table, settings, folds: Math.min(foldCount, table.target.length) },
    ...runs.map((run): LearnJob => ({ kind: "scores", table, settings, heldOutShare, run })),
  ]
}

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Learns all that there is to learn from some tables; every part has a seed of its own, whatever thread does it. */
export const studyTables = Effect.fn("studyTables")(function* (
  prepared: readonly PreparedTable[],
  request: LearnRequest,
  kept: KeptResults,
  onDone: Doing,
): Effect.fn.Return<readonly TableStudy[], LearningLost | RunUnwritable, Engine> {
  const { latent, seed } = request
  const parts = prepared.map((each) => {
    const table = regressionTable(each.table)
    const together = togetherOf(each.table)
    return { prepared: each, table, together, runs: scoreRuns(table.target.length, request.runs, seed) }
  })
  const most = (width: number): number => Math.max(1, width - 1)
  const sizes = (width: number): readonly number[] => {
    const fitting = defaultSizeScan.sizes.filter((size) => size <= most(width))
    return latent.kind === "count" ? [] : fitting.length === 0 ? [most(width)] : fitting
  }
  const jobs = parts.map(({ table, together, runs }) => [
    ...forestJobs(table, runs, request),
    ...sizes(together.names.length).map(
      (latentCount): LearnJob => ({ kind: "size", table: together, latentCount, seed }),
    ),
  ])
  const first = yield* allDone(jobs.flat(), kept, (share, doing) => onDone(0.85 * share, doing))
  let at = 0
  const halves = parts.map((part, place) => {
    const results = first.slice(at, at + jobs[place].length)
    at += results.length
    const width = part.together.names.length
    const errors = results.slice(2 + part.runs.length) as readonly SizeErrors[]
    const choice =
      errors.length === 0
        ? null
        : chosenSize(
            errors.map(({ latentCount }) => latentCount),
            errors.map(({ heldOut }) => meanOf(heldOut)),
            width,
          )
    const latentCount = choice?.latentCount ?? Math.min(latent.kind === "count" ? latent.count : 9, most(width))
    return { ...part, results, errors, choice, latentCount }
  })
  const last = yield* allDone(
    halves.map(({ together, latentCount }): LearnJob => ({ kind: "autoencoder", table: together, latentCount, seed })),
    kept,
    (share, doing) => onDone(0.85 + 0.15 * share, doing),
  )
  return halves.map(({ results, errors, choice, runs, ...part }, place): TableStudy => {
    const scores = new Float64Array(runs.length * part.table.names.length)
    for (let run = 0; run < runs.length; run++)
      scores.set(results[2 + run] as Float64Array, run * part.table.names.length)
    return {
      prepared: part.prepared,
      table: part.table,
      together: part.together,
      forest: results[0] as ForestStudy,
      folds: results[1] as FoldStudy,
      runs,
      scores,
      autoencoder: last[place] as AutoencoderStudy,
      sizes: errors,
      choice,
    }
  })
})

/** Divisions of the rows that one job scores. */
const divisionsAtOnce = 10

/** Differences of the scores between two tables, tested over their rows; null where no permutations are asked for. */
export const studyDifferences = Effect.fn("studyDifferences")(function* (
  [a, b]: readonly TableStudy[],
  { preset, permutations: count, seed }: LearnRequest,
  kept: KeptResults,
  onDone: Doing,
): Effect.fn.Return<RowDifferences | null, LearningLost | RunUnwritable, Engine> {
  if (b === undefined || count === 0) return null
  const [first, second] = sharedColumns(a.table, b.table)
  const divisions = { first, second, settings: { ...preset.forest, seed }, permutations: { permutations: count, seed } }
  const jobs: LearnJob[] = []
  for (let from = 0; from <= count; from += divisionsAtOnce)
    jobs.push({ kind: "divisions", divisions, from, to: Math.min(count + 1, from + divisionsAtOnce) })
  const parts = (yield* allDone(jobs, kept, onDone)) as readonly Float64Array[]
  const scores = new Float64Array((count + 1) * 2 * first.names.length)
  let at = 0
  for (const part of parts) {
    scores.set(part, at)
    at += part.length
  }
  return rowDifferences(first.names, scores)
})
