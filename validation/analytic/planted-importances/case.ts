import {
  type ForestSettings,
  publishedNotebookForest,
  publishedTextForest,
} from "../../../src/learning/forest-settings.ts"
import { importanceOf } from "../../../src/learning/importance.ts"
import { learningTable, regressionTable } from "../../../src/learning/learning-table.ts"
import { explainForest } from "../../../src/learning/path-dependent-shap.ts"
import {
  type Influence,
  neighbourInfluences,
  ownInfluences,
  plantedColumns,
} from "../../../src/learning/planted-table.ts"
import type { RegressionTable } from "../../../src/learning/regression-table.ts"
import { divisionScores, rowDifferences } from "../../../src/learning/row-differences.ts"
import { grownForest, scoreRuns, scoresOf } from "../../../src/learning/score-runs.ts"
import { meanDifferences } from "../../../src/statistics/permutation.ts"
import { found, type Result, type ValidationCase } from "../../case.ts"

const planted = (influences: readonly Influence[], rowCount: number, noise: number, seed: number): RegressionTable => {
  const columns = plantedColumns({ rowCount, influences, noise, seed })
  const outcome = learningTable(columns, { target: "Damage", without: ["X", "Y"], leastRows: 20 })
  if (outcome.kind === "refused") throw new RangeError("a planted table cannot be learnt from")
  return regressionTable(outcome.table)
}

const influences: readonly (readonly [name: string, planted: readonly Influence[]])[] = [
  ["own attributes", ownInfluences],
  ["attributes of the neighbourhood", neighbourInfluences],
]
const forests: readonly (readonly [name: string, settings: ForestSettings])[] = [
  ["the notebook's forest", publishedNotebookForest],
  ["the text's forest", publishedTextForest],
]

const seeds = Array.from({ length: 20 }, (_, at) => at + 1)

/** In how many of twenty tables the planted attributes are the foremost, in their order. */
const rankingRows = (): readonly Result[] =>
  influences.flatMap(([what, all]) =>
    forests.map(([forest, settings]): Result => {
      const wanted = all.map(({ attribute }) => attribute).join()
      const right = seeds.filter((seed) => {
        const table = planted(all, 500, 0.2, seed)
        const { trees } = grownForest(table, settings)
        const { ranking } = importanceOf(explainForest(trees, table.columns))
        return Array.from(ranking.subarray(0, all.length), (k) => table.names[k]).join() === wanted
      }).length
      return {
        quantity: `${what}, ${forest}: ranked right`,
        expected: "in at least 19 of 20 tables",
        found: `in ${right}`,
        error: 20 - right,
        tolerance: 1,
        passed: right >= 19,
      }
    }),
  )

const small = { ...publishedNotebookForest, treeCount: 10 }
const level = 0.05

/** A share of rejections that is within three standard errors of the nominal one. */
const rateRow = (quantity: string, rejections: number, trials: number): Result => {
  const [rate, reach] = [rejections / trials, 3 * Math.sqrt((level * (1 - level)) / trials)]
  return {
    quantity,
    expected: `${level} ± ${reach.toFixed(3)}`,
    found: `${rate.toFixed(3)} (${rejections} of ${trials})`,
    error: Math.abs(rate - level),
    tolerance: reach,
    passed: Math.abs(rate - level) <= reach,
  }
}

const trials = 300
const permutations = 19

/** How often the smallest of all attributes' probabilities is at most the level, where nothing tells of damage. */
const noiseRow = (): Result => {
  let rejections = 0
  for (let trial = 0; trial < trials; trial++) {
    const [first, second] = [planted([], 60, 0, 1000 + trial), planted([], 60, 0, 5000 + trial)]
    const divisions = { first, second, settings: small, permutations: { permutations, seed: trial } }
    const { attributes } = rowDifferences(first.names, divisionScores(divisions, 0, permutations + 1))
    if (Math.min(...attributes.map(({ familyProbability }) => familyProbability)) <= level + 1e-9) rejections++
  }
  return rateRow("pure noise: differences tested over rows, any attribute", rejections, trials)
}

/** The same with the runs of the published protocol, which share their rows. */
const runsRow = (): Result => {
  const count = 40
  let rejections = 0
  for (let trial = 0; trial < count; trial++) {
    const [first, second] = [1000, 5000].map((start) => {
      const table = planted([], 120, 0, start + trial)
      return Float64Array.from(scoreRuns(120, 10, trial + 1).flatMap((run) => [...scoresOf(table, small, 0.05, run)]))
    })
    const differences = meanDifferences(first, second, 21, { permutations: 199, seed: trial + 1 })
    if (Math.min(...differences.map(({ familyProbability }) => familyProbability)) <= level) rejections++
  }
  return found(
    "runs of one table share its rows: their spread is not that between tables of other particles",
    rateRow("pure noise: differences tested over runs, any attribute", rejections, count),
  )
}

export const validationCase: ValidationCase = {
  name: "analytic/planted-importances",
  title: "Importances that were planted, and none",
  reference: "rows drawn from a stated model; nominal rate of a permutation test",
  tier: "long",
  run: () => [...rankingRows(), noiseRow(), runsRow()],
}
