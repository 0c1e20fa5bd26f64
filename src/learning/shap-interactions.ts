import { explainForest } from "./path-dependent-shap.ts"
import { openBatch, patternFeatures } from "./tree-shap-batch.ts"
import { treeShapes } from "./tree-shape.ts"
import { type Trees, treeCountOf } from "./trees.ts"

/** How each pair of features of each row acts together. */
export interface Interactions {
  readonly rowCount: number
  readonly featureCount: number
  /** E[f], what is predicted when nothing is known [target] */
  readonly expected: number
  /**
   * [row, feature, feature], symmetric [target]. Off the diagonal half of what the pair does beyond the sum of the two;
   * on it the rest of the feature's Shapley value, so that each line sums to that value.
   */
  readonly values: Float64Array
}

/** Rows that are explained together, and most numbers that they may have. */
const batchRows = 512
const batchNumbers = 2 ** 23

/**
 * Shapley interaction values of what a forest predicts, path-dependent as `explainForest`. Exact.
 * @param columns [feature][row], finite
 * @source S. M. Lundberg et al., Nature Machine Intelligence 2 (2020) 56, doi:10.1038/s42256-019-0138-9, eqs. 4–6 of the
 * methods
 */
export const explainInteractions = (trees: Trees, columns: readonly Float64Array[]): Interactions => {
  const { rowCount, featureCount, expected, values: single } = explainForest(trees, columns)
  const treeCount = treeCountOf(trees)
  const shapes = treeShapes(trees, 0, treeCount)
  const numbersPerRow = featureCount * featureCount
  const values = new Float64Array(rowCount * numbersPerRow)
  const isWide = shapes.some(({ mostFeatures }) => mostFeatures > patternFeatures)
  const batch = isWide ? 1 : Math.min(batchRows, Math.max(1, Math.floor(batchNumbers / numbersPerRow)))
  // A single feature has no pairs, and the batch would take its values for Shapley values.
  for (let start = 0; start < rowCount && featureCount > 1; start += batch) {
    const end = Math.min(rowCount, start + batch)
    const opened = openBatch(trees, shapes, columns, start, end, numbersPerRow)
    for (const shape of shapes) {
      const nodes = opened.load(shape)
      opened.work.explainPairs(end - start === 1 ? 1 : 0, ...nodes)
    }
    opened.close(values.subarray(start * numbersPerRow, end * numbersPerRow))
  }
  for (let row = 0; row < rowCount; row++) {
    const home = row * numbersPerRow
    for (let i = 0; i < featureCount; i++) {
      for (let j = i + 1; j < featureCount; j++) {
        const pair = values[home + i * featureCount + j] / treeCount
        values[home + i * featureCount + j] = pair
        values[home + j * featureCount + i] = pair
        values[home + i * featureCount + i] -= pair
        values[home + j * featureCount + j] -= pair
      }
      values[home + i * featureCount + i] += single[row * featureCount + i]
    }
  }
  return { rowCount, featureCount, expected, values }
}
