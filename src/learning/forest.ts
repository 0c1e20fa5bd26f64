import type { ForestSettings } from "./forest-settings.ts"
import { type ErrorOfPrediction, errorOfPrediction } from "./prediction-error.ts"
import { examine, type RegressionTable, type TableRefusal } from "./regression-table.ts"
import { growTrees, rowsDrawn } from "./tree-growth.ts"
import { joinTrees, leafOf, type Trees, treeCountOf } from "./trees.ts"

/** A random forest for regression: the mean of its trees. */
export interface RegressionForest {
  /** [feature] */
  readonly names: readonly string[]
  readonly targetName: string
  readonly trees: Trees
}

/** A forest, or why there is none. */
export type ForestOutcome =
  | {
      readonly kind: "grown"
      readonly forest: RegressionForest
      /** Features with one value alone */
      readonly constant: readonly string[]
      readonly isTargetConstant: boolean
    }
  | TableRefusal

/** Grows all trees of a forest, one after the other; the table is examined first. */
export const growForest = (table: RegressionTable, settings: ForestSettings): ForestOutcome => {
  const verdict = examine(table)
  if (verdict.kind !== "usable") return verdict
  const forest = forestOf(table, [growTrees(table, settings, 0, settings.treeCount)])
  return { ...verdict, kind: "grown", forest }
}

/** A forest of shares of trees in their order, as `growTrees` gives them to several workers. */
export const forestOf = (
  { names, targetName }: Pick<RegressionTable, "names" | "targetName">,
  shares: readonly Trees[],
): RegressionForest => ({ names, targetName, trees: joinTrees(shares) })

/** What the trees say of rows they have not seen. */
export interface OutOfBag extends ErrorOfPrediction {
  /** Rows [entry] that at least one tree has not seen, in rising order */
  readonly rows: Int32Array
  /** [entry] mean over the trees that have not seen the row */
  readonly predicted: Float64Array
}

/**
 * Error of a bootstrap forest on rows that its trees have not drawn.
 * @param table    the very table that the forest was grown on
 * @param settings those of the growth
 * @source L. Breiman, Machine Learning 45 (2001) 5, §3.1, doi:10.1023/A:1010933404324
 */
export const outOfBag = (table: RegressionTable, settings: ForestSettings, forest: RegressionForest): OutOfBag => {
  const { columns, target } = table
  const rowCount = target.length
  const sums = new Float64Array(rowCount)
  const voices = new Int32Array(rowCount)
  const { trees } = forest
  for (const [tree, counts] of rowsDrawn(settings, rowCount, 0, treeCountOf(trees)).entries()) {
    for (let row = 0; row < rowCount; row++) {
      if (counts[row] > 0) continue
      sums[row] += trees.value[leafOf(trees, tree, columns, row)]
      voices[row]++
    }
  }
  const rows = Int32Array.from([...voices.keys()].filter((row) => voices[row] > 0))
  const predicted = Float64Array.from(rows, (row) => sums[row] / voices[row])
  const actual = Float64Array.from(rows, (row) => target[row])
  return { ...errorOfPrediction(predicted, actual), rows, predicted }
}
