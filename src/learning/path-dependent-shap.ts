import { assertLength } from "../array/assert.ts"
import { openBatch, patternFeatures } from "./tree-shap-batch.ts"
import { type TreeShape, treeShapes } from "./tree-shape.ts"
import { assertColumns, type Trees, treeCountOf } from "./trees.ts"

/** What each feature of each row adds to the expected prediction. */
export interface Explanation {
  readonly rowCount: number
  readonly featureCount: number
  /** E[f], what is predicted when nothing is known [target] */
  readonly expected: number
  /** [row, feature] Shapley values; with `expected` they sum to the prediction of the row [target] */
  readonly values: Float64Array
}

/** Rows that are explained together. */
const batchRows = 4096

/** Rows below which a tree is one block, each row by itself: too few to share anything. */
const fewRows = 24

/** Trees whose sums are added before those of the next: the same for any number of workers. */
const groupTrees = 10

/** Ranges of trees [from, to) that are explained by themselves, by whatever worker, and then added in their order. */
export const explanationGroups = (treeCount: number): (readonly [from: number, to: number])[] =>
  Array.from({ length: Math.ceil(treeCount / groupTrees) }, (_, group) => [
    group * groupTrees,
    Math.min(treeCount, (group + 1) * groupTrees),
  ])

/** Sums over the trees of groups of a forest, in their order, as the explanation by the forest's mean. */
export const joinExplanations = (groups: readonly Explanation[], treeCount: number): Explanation => {
  const { rowCount, featureCount } = groups[0]
  const values = new Float64Array(rowCount * featureCount)
  let expected = 0
  for (const group of groups) {
    assertLength("values", group.values, values.length)
    for (let i = 0; i < values.length; i++) values[i] += group.values[i]
    expected += group.expected
  }
  return { rowCount, featureCount, expected: expected / treeCount, values: values.map((sum) => sum / treeCount) }
}

/**
 * Shapley values of what a forest predicts: the features of a row join in random order, and an unknown feature follows
 * the training rows at each split (path-dependent). Exact.
 * @param columns [feature][row], finite
 * @source S. M. Lundberg et al., Nature Machine Intelligence 2 (2020) 56, doi:10.1038/s42256-019-0138-9; P. Yu et al.,
 * Linear TreeShap, NeurIPS (2022), arXiv:2209.08192, here on Gauss points; J. Yang, Fast TreeSHAP (2021),
 * arXiv:2109.09847, for sharing between rows
 */
export const explainForest = (trees: Trees, columns: readonly Float64Array[]): Explanation => {
  const treeCount = treeCountOf(trees)
  const groups = explanationGroups(treeCount).map(([from, to]) => explainTrees(trees, columns, from, to))
  return joinExplanations(groups, treeCount)
}

/** Sums over the trees [fromTree, toTree) of Shapley values and expected predictions, as `explainForest` adds them. */
export const explainTrees = (
  trees: Trees,
  columns: readonly Float64Array[],
  fromTree: number,
  toTree: number,
): Explanation => {
  const { featureCount } = trees
  assertColumns("columns", trees, columns)
  const rowCount = columns[0].length
  const shapes = treeShapes(trees, fromTree, toTree)
  const expected = shapes.reduce((sum, shape) => sum + shape.expected, 0)
  const values = new Float64Array(rowCount * featureCount)
  for (let start = 0; start < rowCount; start += batchRows) {
    const end = Math.min(rowCount, start + batchRows)
    const batch = openBatch(trees, shapes, columns, start, end, featureCount)
    for (const shape of shapes) {
      const nodes = batch.load(shape)
      batch.work.explain(blockSplitsFor(end - start, shape), ...nodes)
    }
    batch.close(values.subarray(start * featureCount, end * featureCount))
  }
  return { rowCount, featureCount, expected, values }
}

/**
 * Most splits of a block, −1 for the whole tree row by row: the more rows share their patterns, the smaller. Measured
 * on a forest of 2,500 nodes a tree; the time has a flat minimum.
 */
const blockSplitsFor = (rowCount: number, { mostFeatures }: TreeShape): number => {
  if (rowCount < fewRows || mostFeatures > patternFeatures) return -1
  if (rowCount < 200) return 16
  return rowCount < 1000 ? 8 : 5
}
