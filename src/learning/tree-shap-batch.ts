import * as treeShapBytes from "../kernels/generated/tree-shap.ts"
import { kernel, returnMemory, takeMemory } from "../kernels/loader.ts"
import { gaussLegendre } from "./gauss-legendre.ts"
import type { TreeShape } from "./tree-shape.ts"
import type { Trees } from "./trees.ts"

/** Addresses of the nodes of a tree: feature, threshold, left, right, value, share, splits below. */
type NodeAddresses = [number, number, number, number, number, number, number]

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
  readonly openPairs: (path: number, most: number) => void
  readonly explain: (blockSplits: number, ...nodes: NodeAddresses) => void
  readonly explainPairs: (isAlone: number, ...nodes: NodeAddresses) => void
}

const treeShapKernel = kernel<TreeShapKernel>(treeShapBytes)

/** Most features of a path whose conditions fit into a pattern of the kernel. */
export const patternFeatures = 31

/** Some rows in the memory of the kernel, to which trees are shown one after the other. */
export interface Batch {
  readonly work: Pick<TreeShapKernel, "explain" | "explainPairs">
  /** Puts a tree there; it stays until the next. */
  readonly load: (shape: TreeShape) => NodeAddresses
  /** Copies what has been added up, [row, value], and gives the memory back. */
  readonly close: (out: Float64Array) => void
}

/**
 * Rows [start, end) of a table, for trees of the given shapes.
 * @param valuesPerRow features, or features² for interactions
 */
export const openBatch = (
  trees: Trees,
  shapes: readonly TreeShape[],
  columns: readonly Float64Array[],
  start: number,
  end: number,
  valuesPerRow: number,
): Batch => {
  const { featureCount } = trees
  const rows = end - start
  const most = (pick: (shape: TreeShape) => number): number =>
    shapes.reduce((best, shape) => Math.max(best, pick(shape)), 1)
  const nodes = most(({ nodeCount }) => nodeCount)
  const path = most(({ mostFeatures }) => mostFeatures)
  const pointCount = (path + 1) >> 1
  const padded = (count: number): number => count + (count & 1)
  const memory = takeMemory(1)
  const work = treeShapKernel.instantiate(memory)
  const take = (bytes: number): number => work.take(bytes) >>> 0
  const columnsAt = take(8 * featureCount * rows)
  const valuesAt = take(8 * valuesPerRow * rows)
  const rulesAt = take(4 * (pointCount + 1))
  const ruleAt = Array.from({ length: pointCount + 1 }, (_, count) => take(16 * padded(count)))
  const [featureAt, leftAt, rightAt, splitsAt] = [0, 1, 2, 3].map(() => take(4 * nodes))
  const [thresholdAt, valueAt, shareAt] = [0, 1, 2].map(() => take(8 * nodes))
  const depth = most((shape) => shape.depth)
  work.open(columnsAt, rows, valuesAt, featureCount, rulesAt, nodes, depth, padded(pointCount))
  if (valuesPerRow > featureCount) work.openPairs(path, padded(pointCount))

  // From here on the memory grows no more.
  const numbers = (at: number, length: number) => new Float64Array(memory.buffer, at, length)
  const integers = (at: number, length: number) => new Int32Array(memory.buffer, at, length)
  for (const [k, column] of columns.entries()) numbers(columnsAt + 8 * k * rows, rows).set(column.subarray(start, end))
  const values = numbers(valuesAt, valuesPerRow * rows).fill(0)
  integers(rulesAt, pointCount + 1).set(ruleAt)
  for (let count = 1; count <= pointCount; count++) {
    const { points, weights } = gaussLegendre(count)
    // A point that makes a pair of an odd one: anywhere inside, without weight.
    numbers(ruleAt[count], padded(count)).fill(0.5).set(points)
    const weightAt = ruleAt[count] + 8 * padded(count)
    numbers(weightAt, padded(count)).fill(0).set(weights)
  }
  return {
    work,
    load: ({ root, nodeCount, splits, share }) => {
      integers(featureAt, nodeCount).set(trees.feature.subarray(root, root + nodeCount))
      integers(leftAt, nodeCount).set(trees.left.subarray(root, root + nodeCount))
      integers(rightAt, nodeCount).set(trees.right.subarray(root, root + nodeCount))
      integers(splitsAt, nodeCount).set(splits)
      numbers(thresholdAt, nodeCount).set(trees.threshold.subarray(root, root + nodeCount))
      numbers(valueAt, nodeCount).set(trees.value.subarray(root, root + nodeCount))
      numbers(shareAt, nodeCount).set(share)
      return [featureAt, thresholdAt, leftAt, rightAt, valueAt, shareAt, splitsAt]
    },
    close: (out) => {
      out.set(values)
      returnMemory(memory)
    },
  }
}
