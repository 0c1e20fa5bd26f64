import * as backgroundShapBytes from "../kernels/generated/background-shap.ts"
import { kernel, Layout, returnMemory, takeMemory } from "../kernels/loader.ts"
import { type Explanation, explanationGroups, joinExplanations } from "./path-dependent-shap.ts"
import { assertColumns, depthOf, predict, type Trees, treeCountOf, treesBetween } from "./trees.ts"

interface BackgroundShapKernel {
  readonly explain: (...values: number[]) => void
}

const backgroundShapKernel = kernel<BackgroundShapKernel>(backgroundShapBytes)

/** Rows that are explained together. */
const batchRows = 4096

/**
 * Shapley values of what a forest predicts against a background: a feature that is unknown takes the values of the
 * rows of the background in turn (interventional). Exact. With `expected`, the mean prediction over the background,
 * they sum to the prediction. Takes as long as rows × background rows.
 * @param columns    [feature][row], finite
 * @param background [feature][background row], finite, at least one
 * @source S. M. Lundberg et al., Nature Machine Intelligence 2 (2020) 56, doi:10.1038/s42256-019-0138-9, "independent
 * TreeSHAP"
 */
export const explainAgainst = (
  trees: Trees,
  columns: readonly Float64Array[],
  background: readonly Float64Array[],
): Explanation => {
  const treeCount = treeCountOf(trees)
  const groups = explanationGroups(treeCount).map(([from, to]) =>
    explainTreesAgainst(trees, columns, background, from, to),
  )
  return joinExplanations(groups, treeCount)
}

/** Sums over the trees [fromTree, toTree), as `explainAgainst` adds them. */
export const explainTreesAgainst = (
  trees: Trees,
  columns: readonly Float64Array[],
  background: readonly Float64Array[],
  fromTree: number,
  toTree: number,
): Explanation => {
  const { featureCount } = trees
  assertColumns("columns", trees, columns)
  assertColumns("background", trees, background)
  const rowCount = columns[0].length
  const backgroundRows = background[0].length
  if (backgroundRows === 0) throw new RangeError("a background without rows")
  const some = treesBetween(trees, fromTree, toTree)
  const values = new Float64Array(rowCount * featureCount)
  for (let start = 0; start < rowCount; start += batchRows) {
    explainBatch(some, columns, background, start, Math.min(rowCount, start + batchRows), values)
  }
  const answers = predict(some, background)
  const expected = answers.reduce((sum, value) => sum + (value * treeCountOf(some)) / backgroundRows, 0)
  return { rowCount, featureCount, expected, values }
}

const explainBatch = (
  trees: Trees,
  columns: readonly Float64Array[],
  background: readonly Float64Array[],
  start: number,
  end: number,
  out: Float64Array,
): void => {
  const { featureCount } = trees
  const rows = end - start
  const backgroundRows = background[0].length
  const roots = trees.treeStart.subarray(0, -1)
  const stride = roots.reduce((most, _, tree) => Math.max(most, Math.min(featureCount, depthOf(trees, tree))), 0) + 1
  const layout = new Layout()
  const rowsAt = layout.reserve(8 * rows * featureCount)
  const backgroundAt = layout.reserve(8 * backgroundRows * featureCount)
  const outAt = layout.reserve(8 * rows * featureCount)
  const followedAt = layout.reserve(4 * featureCount)
  const weightsAt = layout.reserve(8 * stride * stride)
  const nodeCount = trees.feature.length
  const featureAt = layout.reserve(4 * nodeCount)
  const thresholdAt = layout.reserve(8 * nodeCount)
  const leftAt = layout.reserve(4 * nodeCount)
  const rightAt = layout.reserve(4 * nodeCount)
  const valueAt = layout.reserve(8 * nodeCount)
  const memory = takeMemory(layout.bytes)
  const { buffer } = memory
  const numbers = (at: number, length: number) => new Float64Array(buffer, at, length)
  const integers = (at: number, length: number) => new Int32Array(buffer, at, length)
  const work = backgroundShapKernel.instantiate(memory)

  interleave(columns, start, end, numbers(rowsAt, rows * featureCount))
  interleave(background, 0, backgroundRows, numbers(backgroundAt, backgroundRows * featureCount))
  const values = numbers(outAt, rows * featureCount).fill(0)
  integers(followedAt, featureCount).fill(0)
  numbers(weightsAt, stride * stride).set(leafWeights(stride))
  integers(featureAt, nodeCount).set(trees.feature)
  numbers(thresholdAt, nodeCount).set(trees.threshold)
  integers(leftAt, nodeCount).set(trees.left)
  integers(rightAt, nodeCount).set(trees.right)
  numbers(valueAt, nodeCount).set(trees.value)
  for (const root of roots) {
    work.explain(
      ...[rowsAt, rows, backgroundAt, backgroundRows, featureCount, outAt, followedAt, weightsAt, stride],
      ...[featureAt + 4 * root, thresholdAt + 8 * root, leftAt + 4 * root, rightAt + 4 * root, valueAt + 8 * root],
    )
  }
  out.set(
    values.map((sum) => sum / backgroundRows),
    start * featureCount,
  )
  returnMemory(memory)
}

/** [row, feature] of the rows [start, end). */
const interleave = (columns: readonly Float64Array[], start: number, end: number, out: Float64Array): void => {
  for (const [k, column] of columns.entries()) {
    for (let row = start; row < end; row++) out[(row - start) * columns.length + k] = column[row]
  }
}

/** [a + b stride] (a − 1)! b! / (a + b)! = 1 / (a C(a + b, a)); 0 where a is 0. */
const leafWeights = (stride: number): Float64Array => {
  const weights = new Float64Array(stride * stride)
  for (let a = 1; a < stride; a++) {
    let weight = 1 / a
    for (let b = 0; b < stride; b++) {
      weights[a + b * stride] = weight
      weight *= (b + 1) / (a + b + 1)
    }
  }
  return weights
}
