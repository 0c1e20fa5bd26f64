import { assertLength } from "../array/assert.ts"
import * as treeShapBytes from "../kernels/generated/tree-shap.ts"
import { kernel, returnMemory, takeMemory } from "../kernels/loader.ts"
import { gaussLegendre } from "./gauss-legendre.ts"
import { type TreeShape, treeShapes } from "./tree-shape.ts"
import { type Trees, treeCountOf } from "./trees.ts"

interface TreeShapKernel {
  readonly take: (bytes: number) => number
  readonly open: (
    columns: number,
    rows: number,
    values: number,
    features: number,
    rules: number,
    nodes: number,
    depth: number,
    most: number,
  ) => void
  readonly explain: (
    blockSplits: number,
    feature: number,
    threshold: number,
    left: number,
    right: number,
    value: number,
    share: number,
    splits: number,
  ) => void
}

const treeShapKernel = kernel<TreeShapKernel>(treeShapBytes)

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

/** Most features of a path whose conditions fit into a pattern. */
const patternFeatures = 31

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
  assertLength("columns", columns, featureCount)
  const rowCount = columns[0].length
  for (const column of columns) assertLength("column", column, rowCount)
  const shapes = treeShapes(trees, fromTree, toTree)
  const expected = shapes.reduce((sum, shape) => sum + shape.expected, 0)
  const values = new Float64Array(rowCount * featureCount)
  for (let start = 0; start < rowCount; start += batchRows) {
    explainBatch(trees, shapes, columns, start, Math.min(rowCount, start + batchRows), values)
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

const explainBatch = (
  trees: Trees,
  shapes: readonly TreeShape[],
  columns: readonly Float64Array[],
  start: number,
  end: number,
  out: Float64Array,
): void => {
  const { featureCount } = trees
  const rows = end - start
  const most = (pick: (shape: TreeShape) => number): number =>
    shapes.reduce((best, shape) => Math.max(best, pick(shape)), 1)
  const nodes = most(({ nodeCount }) => nodeCount)
  const pointCount = (most(({ mostFeatures }) => mostFeatures) + 1) >> 1
  const padded = (count: number): number => count + (count & 1)
  const memory = takeMemory(1)
  const work = treeShapKernel.instantiate(memory)
  const take = (bytes: number): number => work.take(bytes) >>> 0
  const columnsAt = take(8 * featureCount * rows)
  const valuesAt = take(8 * featureCount * rows)
  const rulesAt = take(4 * (pointCount + 1))
  const ruleAt = Array.from({ length: pointCount + 1 }, (_, count) => take(16 * padded(count)))
  const [featureAt, leftAt, rightAt, splitsAt] = [0, 1, 2, 3].map(() => take(4 * nodes))
  const [thresholdAt, valueAt, shareAt] = [0, 1, 2].map(() => take(8 * nodes))
  const depth = most((shape) => shape.depth)
  work.open(columnsAt, rows, valuesAt, featureCount, rulesAt, nodes, depth, padded(pointCount))
  const numbers = (at: number, length: number) => new Float64Array(memory.buffer, at, length)
  const integers = (at: number, length: number) => new Int32Array(memory.buffer, at, length)

  for (const [k, column] of columns.entries()) numbers(columnsAt + 8 * k * rows, rows).set(column.subarray(start, end))
  const values = numbers(valuesAt, featureCount * rows).fill(0)
  integers(rulesAt, pointCount + 1).set(ruleAt)
  for (let count = 1; count <= pointCount; count++) {
    const { points, weights } = gaussLegendre(count)
    // A point that makes a pair of an odd one: anywhere inside, without weight.
    numbers(ruleAt[count], padded(count)).fill(0.5).set(points)
    numbers(ruleAt[count] + 8 * padded(count), padded(count))
      .fill(0)
      .set(weights)
  }
  for (const shape of shapes) {
    const { root, nodeCount } = shape
    integers(featureAt, nodeCount).set(trees.feature.subarray(root, root + nodeCount))
    integers(leftAt, nodeCount).set(trees.left.subarray(root, root + nodeCount))
    integers(rightAt, nodeCount).set(trees.right.subarray(root, root + nodeCount))
    integers(splitsAt, nodeCount).set(shape.splits)
    numbers(thresholdAt, nodeCount).set(trees.threshold.subarray(root, root + nodeCount))
    numbers(valueAt, nodeCount).set(trees.value.subarray(root, root + nodeCount))
    numbers(shareAt, nodeCount).set(shape.share)
    work.explain(blockSplitsFor(rows, shape), featureAt, thresholdAt, leftAt, rightAt, valueAt, shareAt, splitsAt)
  }
  out.set(values, start * featureCount)
  returnMemory(memory)
}
