import { seededRandom } from "../array/random.ts"
import {
  differencesAmongDivisions,
  type MeanDifference,
  type PermutationSettings,
  relabelledRows,
} from "../statistics/permutation.ts"
import type { ForestSettings } from "./forest-settings.ts"
import { importanceOf } from "./importance.ts"
import { neighbourShares } from "./observations.ts"
import { explainForest } from "./path-dependent-shap.ts"
import { type RegressionTable, rowsOf } from "./regression-table.ts"
import { grownForest } from "./score-runs.ts"

/** Rows of a group that a forest grows on at most: all of the published 2,000 find little more, for twice the time. */
export const divisionRows = 1000

/** Trees at most; more only steady what the permutations scatter. */
const divisionTrees = 40

/** Two tables and divisions of all their rows into two groups of the same sizes. */
export interface RowDivisions {
  readonly first: RegressionTable
  readonly second: RegressionTable
  readonly settings: ForestSettings
  readonly permutations: PermutationSettings
}

/** Two tables with the columns that both have, in the order of the first. */
export const sharedColumns = (
  first: RegressionTable,
  second: RegressionTable,
): readonly [RegressionTable, RegressionTable] => {
  const names = first.names.filter((name) => second.names.includes(name))
  const picked = (table: RegressionTable): RegressionTable => ({
    ...table,
    names,
    columns: names.map((name) => table.columns[table.names.indexOf(name)]),
  })
  return [picked(first), picked(second)]
}

const joined = (first: RegressionTable, second: RegressionTable): RegressionTable => {
  const both = (a: Float64Array, b: Float64Array): Float64Array => {
    const out = new Float64Array(a.length + b.length)
    out.set(a)
    out.set(b, a.length)
    return out
  }
  return {
    ...first,
    columns: first.columns.map((column, k) => both(column, second.columns[k])),
    target: both(first.target, second.target),
  }
}

/**
 * Importances of both groups in divisions [from, to), the first of all being the tables as they are: mean |φ| of a
 * forest of at most 40 trees on at most 1,000 rows of each group.
 * @returns [division − from, group, feature] in the unit of the target
 */
export const divisionScores = (
  { first, second, settings, permutations }: RowDivisions,
  from: number,
  to: number,
): Float64Array => {
  if (first.names.join("\n") !== second.names.join("\n")) throw new RangeError("tables of different columns")
  const all = joined(first, second)
  const width = all.names.length
  const divisions = relabelledRows(first.target.length, second.target.length, permutations)
  const smaller = { ...settings, treeCount: Math.min(divisionTrees, settings.treeCount) }
  const scores = new Float64Array((to - from) * 2 * width)
  for (let at = from; at < to; at++) {
    for (const [group, rows] of divisions[at].entries()) {
      const random = seededRandom(2 * at + group + 1)
      const places = random.permutation(rows.length).subarray(0, divisionRows).sort()
      const learnt = rowsOf(
        all,
        places.map((place) => rows[place]),
      )
      // A group whose target never changes has no importances.
      const isConstant = learnt.target.every((value) => value === learnt.target[0])
      if (isConstant) continue
      const { mean } = importanceOf(explainForest(grownForest(learnt, smaller).trees, learnt.columns))
      scores.set(mean, ((at - from) * 2 + group) * width)
    }
  }
  return scores
}

/** How importances differ between two tables, tested over their rows. */
export interface RowDifferences {
  /** [attribute] of the shares in all importances */
  readonly attributes: readonly (MeanDifference & { readonly name: string })[]
  /** [item] of `neighbourShares`, for the published observations */
  readonly neighbours: readonly MeanDifference[]
}

/**
 * Differences of the shares in all importances, second less first, with the probabilities that rows give which change
 * tables by chance: what other particles of the same kind would show. Exact where both tables are drawn from one
 * population; tables of different damage alone have equal shares, and there the test is an approximation.
 * @param names  [feature]
 * @param scores [division, group, feature] as `divisionScores` gives them, all divisions in their order
 */
export const rowDifferences = (names: readonly string[], scores: Float64Array): RowDifferences => {
  const width = names.length
  const count = scores.length / (2 * width)
  const groupOf = (division: number, group: number): Float64Array =>
    scores.subarray((2 * division + group) * width, (2 * division + group + 1) * width)
  const differencesOf = (share: (group: Float64Array) => Float64Array) =>
    differencesAmongDivisions(
      Array.from({ length: count }, (_, at) => {
        const [a, b] = [share(groupOf(at, 0)), share(groupOf(at, 1))]
        return b.map((value, item) => value - a[item])
      }),
    )
  const shares = (group: Float64Array): Float64Array => {
    const sum = group.reduce((total, value) => total + value, 0)
    return group.map((value) => (sum > 0 ? value / sum : 0))
  }
  return {
    attributes: differencesOf(shares).map((difference, k) => ({ name: names[k], ...difference })),
    neighbours: differencesOf((group) => neighbourShares({ names, runs: group }).shares),
  }
}
