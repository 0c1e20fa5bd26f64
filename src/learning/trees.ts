import { assertFinite, assertLength } from "../array/assert.ts"

/**
 * Regression trees one after the other. A row goes left where its value is at most the threshold. The first node of a
 * tree is its root, and every node stands behind its parent.
 */
export interface Trees {
  readonly featureCount: number
  /** [tree + 1] first node of each tree; the last is the number of nodes */
  readonly treeStart: Int32Array
  /** [node] −1 at leaves */
  readonly feature: Int32Array
  /** [node] in the unit of the feature; 0 at leaves */
  readonly threshold: Float64Array
  /** [node] counted from the root of its tree; −1 at leaves */
  readonly left: Int32Array
  /** [node] counted from the root of its tree; −1 at leaves */
  readonly right: Int32Array
  /** [node] what it would predict as a leaf; 0 at splits read from a file, which has none */
  readonly value: Float64Array
  /** [node] rows that reached it while it grew, as often as they were drawn, > 0; 0 everywhere where unknown */
  readonly cover: Float64Array
}

/** Trees of a forest. */
export const treeCountOf = (trees: Trees): number => trees.treeStart.length - 1

/** Groups of trees taken together, in their order. */
export const joinTrees = (groups: readonly Trees[]): Trees => {
  const integers = (pick: (trees: Trees) => Int32Array): Int32Array => {
    const parts = groups.map(pick)
    const out = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const part of parts) {
      out.set(part, at)
      at += part.length
    }
    return out
  }
  const numbers = (pick: (trees: Trees) => Float64Array): Float64Array => {
    const parts = groups.map(pick)
    const out = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const part of parts) {
      out.set(part, at)
      at += part.length
    }
    return out
  }
  const starts = [0]
  for (const { treeStart } of groups) {
    const offset = starts[starts.length - 1]
    for (let tree = 1; tree < treeStart.length; tree++) starts.push(offset + treeStart[tree])
  }
  for (const { featureCount } of groups) {
    if (featureCount !== groups[0].featureCount) throw new RangeError("trees of different tables")
  }
  return {
    featureCount: groups[0].featureCount,
    treeStart: Int32Array.from(starts),
    feature: integers(({ feature }) => feature),
    threshold: numbers(({ threshold }) => threshold),
    left: integers(({ left }) => left),
    right: integers(({ right }) => right),
    value: numbers(({ value }) => value),
    cover: numbers(({ cover }) => cover),
  }
}

/** Some of the trees, [from, to). */
export const treesBetween = (trees: Trees, from: number, to: number): Trees => {
  const { treeStart } = trees
  if (!(from >= 0 && from <= to && to < treeStart.length)) throw new RangeError(`trees ${from} to ${to}`)
  const start = treeStart[from]
  const end = treeStart[to]
  return {
    featureCount: trees.featureCount,
    treeStart: treeStart.slice(from, to + 1).map((at) => at - start),
    feature: trees.feature.slice(start, end),
    threshold: trees.threshold.slice(start, end),
    left: trees.left.slice(start, end),
    right: trees.right.slice(start, end),
    value: trees.value.slice(start, end),
    cover: trees.cover.slice(start, end),
  }
}

/** Leaf that a row reaches in one tree, counted over all trees. */
export const leafOf = (trees: Trees, tree: number, columns: readonly Float64Array[], row: number): number => {
  const { feature, threshold, left, right } = trees
  const root = trees.treeStart[tree]
  let node = root
  while (feature[node] >= 0) {
    node = root + (columns[feature[node]][row] <= threshold[node] ? left[node] : right[node])
  }
  return node
}

/** Throws unless columns fit the trees: one a feature, of one length, every number finite. */
export const assertColumns = (name: string, { featureCount }: Trees, columns: readonly Float64Array[]): void => {
  assertLength(name, columns, featureCount)
  for (const [k, column] of columns.entries()) {
    assertLength(`${name}[${k}]`, column, columns[0].length)
    assertFinite(`${name}[${k}]`, column)
  }
}

/**
 * Mean over the trees of what they predict for each row.
 * @param columns [feature][row], finite
 * @returns [row] in the unit of the target
 */
export const predict = (trees: Trees, columns: readonly Float64Array[]): Float64Array => {
  assertColumns("columns", trees, columns)
  const out = new Float64Array(columns[0].length)
  const treeCount = treeCountOf(trees)
  for (let tree = 0; tree < treeCount; tree++) {
    for (let row = 0; row < out.length; row++) out[row] += trees.value[leafOf(trees, tree, columns, row)]
  }
  return out.map((sum) => sum / treeCount)
}

/** Splits on the longest path of a tree. */
export const depthOf = (trees: Trees, tree: number): number => {
  const root = trees.treeStart[tree]
  const depth = new Int32Array(trees.treeStart[tree + 1] - root)
  let deepest = 0
  for (let node = 0; node < depth.length; node++) {
    deepest = Math.max(deepest, depth[node])
    if (trees.feature[root + node] < 0) continue
    depth[trees.left[root + node]] = depth[node] + 1
    depth[trees.right[root + node]] = depth[node] + 1
  }
  return deepest
}

/** Leaves of all trees. */
export const leafCountOf = (trees: Trees): number => {
  let count = 0
  for (const feature of trees.feature) if (feature < 0) count++
  return count
}
