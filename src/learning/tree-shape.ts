import type { Trees } from "./trees.ts"

/** What explanations need to know of one tree. */
export interface TreeShape {
  /** Its first node, counted over all trees */
  readonly root: number
  readonly nodeCount: number
  /** Splits on the longest path */
  readonly depth: number
  /** Most different features on one path */
  readonly mostFeatures: number
  /** [node] splits of the subtree */
  readonly splits: Int32Array
  /** [node] share of the rows of its parent, by cover; 1 at the root */
  readonly share: Float64Array
  /** Mean over leaves, by the products of shares [target] */
  readonly expected: number
}

/** Shapes of the trees [fromTree, toTree). @throws RangeError where a node has no cover */
export const treeShapes = (trees: Trees, fromTree: number, toTree: number): TreeShape[] => {
  if (!(fromTree >= 0 && fromTree <= toTree && toTree < trees.treeStart.length))
    throw new RangeError(`trees ${fromTree} to ${toTree}`)
  return Array.from({ length: toTree - fromTree }, (_, tree) => treeShape(trees, fromTree + tree))
}

const treeShape = (trees: Trees, tree: number): TreeShape => {
  const { feature, left, right, value, cover } = trees
  const root = trees.treeStart[tree]
  const nodeCount = trees.treeStart[tree + 1] - root
  const splits = new Int32Array(nodeCount)
  const share = new Float64Array(nodeCount).fill(1)
  const uses = new Int32Array(trees.featureCount)
  let used = 0
  let mostFeatures = 0
  let depth = 0
  let expected = 0
  const walk = (node: number, level: number, reach: number): void => {
    const f = feature[root + node]
    depth = Math.max(depth, level)
    if (f < 0) {
      mostFeatures = Math.max(mostFeatures, used)
      expected += reach * value[root + node]
      return
    }
    if (uses[f]++ === 0) used++
    for (const child of [left[root + node], right[root + node]]) {
      share[child] = cover[root + child] / cover[root + node]
      if (!(share[child] > 0 && share[child] < Number.POSITIVE_INFINITY))
        throw new RangeError(`node ${child} of tree ${tree} has a cover of ${cover[root + child]}`)
      walk(child, level + 1, reach * share[child])
      splits[node] += splits[child]
    }
    splits[node]++
    if (--uses[f] === 0) used--
  }
  walk(0, 0, 1)
  return { root, nodeCount, depth, mostFeatures, splits, share, expected }
}
