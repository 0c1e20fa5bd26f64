import fc from "fast-check"
import { joinTrees, leafOf, type Trees, treeCountOf } from "../../src/learning/trees.ts"

/** What is predicted for a row when the features of a set alone are known. */
export type Game = (known: (feature: number) => boolean) => number

/** Unknown features follow the cover at each split. */
export const pathDependentGame = (trees: Trees, columns: readonly Float64Array[], row: number): Game => {
  const { feature, threshold, left, right, value, cover, treeStart } = trees
  return (known) => {
    let sum = 0
    for (let tree = 0; tree < treeCountOf(trees); tree++) {
      const root = treeStart[tree]
      const inside = (node: number): number => {
        const f = feature[root + node]
        if (f < 0) return value[root + node]
        const sides = [left[root + node], right[root + node]]
        if (known(f)) return inside(sides[columns[f][row] <= threshold[root + node] ? 0 : 1])
        return sides.reduce((mean, side) => mean + (cover[root + side] / cover[root + node]) * inside(side), 0)
      }
      sum += inside(0)
    }
    return sum / treeCountOf(trees)
  }
}

/** Unknown features are those of the rows of a background, in turn. */
export const interventionalGame = (
  trees: Trees,
  columns: readonly Float64Array[],
  row: number,
  background: readonly Float64Array[],
): Game => {
  const backgroundRows = background[0].length
  return (known) => {
    let sum = 0
    for (let other = 0; other < backgroundRows; other++) {
      const mixed = columns.map((column, f) => Float64Array.of(known(f) ? column[row] : background[f][other]))
      for (let tree = 0; tree < treeCountOf(trees); tree++) sum += trees.value[leafOf(trees, tree, mixed, 0)]
    }
    return sum / backgroundRows / treeCountOf(trees)
  }
}

/** What a game gives for every set of features, a bit each. */
const gainsOf = (game: Game, featureCount: number): Float64Array =>
  Float64Array.from({ length: 2 ** featureCount }, (_, set) => game((f) => ((set >> f) & 1) === 1))

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1))

const sizeOf = (set: number): number => (set === 0 ? 0 : (set & 1) + sizeOf(set >> 1))

/** Shapley values by their definition, over all sets of features. */
export const shapleyValues = (game: Game, featureCount: number): Float64Array => {
  const gains = gainsOf(game, featureCount)
  const values = new Float64Array(featureCount)
  for (let set = 0; set < gains.length; set++) {
    const size = sizeOf(set)
    const weight = (factorial(size) * factorial(featureCount - size - 1)) / factorial(featureCount)
    for (let f = 0; f < featureCount; f++) {
      if (((set >> f) & 1) === 0) values[f] += weight * (gains[set | (1 << f)] - gains[set])
    }
  }
  return values
}

/** Shapley interaction values by their definition: halves off the diagonal, the rest of each value on it. */
export const shapleyInteractions = (game: Game, featureCount: number): Float64Array => {
  const gains = gainsOf(game, featureCount)
  const values = shapleyValues(game, featureCount)
  const out = new Float64Array(featureCount * featureCount)
  for (let i = 0; i < featureCount; i++) {
    out[i * featureCount + i] += values[i]
    for (let j = 0; j < featureCount; j++) {
      if (i === j) continue
      for (let set = 0; set < gains.length; set++) {
        if (((set >> i) & 1) === 1 || ((set >> j) & 1) === 1) continue
        const size = sizeOf(set)
        const weight = (factorial(size) * factorial(featureCount - size - 2)) / (2 * factorial(featureCount - 1))
        const both = gains[set | (1 << i) | (1 << j)]
        const gain = weight * (both - gains[set | (1 << i)] - gains[set | (1 << j)] + gains[set])
        out[i * featureCount + j] += gain
        out[i * featureCount + i] -= gain
      }
    }
  }
  return out
}

interface Branch {
  readonly feature: number
  readonly threshold: number
  /** Part of the cover that goes left */
  readonly part: number
  readonly left: Branch | number
  readonly right: Branch | number
}

const treeOf = (top: Branch | number, featureCount: number): Trees => {
  const nodes = { feature: [-1], threshold: [0], left: [-1], right: [-1], value: [0], cover: [100] }
  const add = (branch: Branch | number, node: number): void => {
    if (typeof branch === "number") {
      nodes.value[node] = branch
      return
    }
    const first = nodes.feature.length
    for (const cover of [branch.part, 1 - branch.part]) {
      for (const list of [nodes.feature, nodes.left, nodes.right]) list.push(-1)
      nodes.threshold.push(0)
      nodes.value.push(0)
      nodes.cover.push(cover * nodes.cover[node])
    }
    nodes.feature[node] = branch.feature
    nodes.threshold[node] = branch.threshold
    nodes.left[node] = first
    nodes.right[node] = first + 1
    add(branch.left, first)
    add(branch.right, first + 1)
  }
  add(top, 0)
  return {
    featureCount,
    treeStart: Int32Array.of(0, nodes.feature.length),
    feature: Int32Array.from(nodes.feature),
    threshold: Float64Array.from(nodes.threshold),
    left: Int32Array.from(nodes.left),
    right: Int32Array.from(nodes.right),
    value: Float64Array.from(nodes.value),
    cover: Float64Array.from(nodes.cover),
  }
}

/** Forests of few features and deep trees, so that features come again on most paths; impossible turns among them. */
export const smallForests = fc.integer({ min: 1, max: 5 }).chain((featureCount) => {
  const { branch } = fc.letrec<{ tree: Branch | number; branch: Branch }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6 },
      { arbitrary: fc.double({ min: -4, max: 4, noNaN: true }), weight: 2 },
      { arbitrary: tie("branch"), weight: 3 },
    ),
    branch: fc.record({
      feature: fc.nat(featureCount - 1),
      threshold: fc.integer({ min: -2, max: 1 }).map((cut) => cut + 0.5),
      part: fc.oneof(fc.double({ min: 0.01, max: 0.99, noNaN: true }), fc.constant(1e-6)),
      left: tie("tree"),
      right: tie("tree"),
    }),
  }))
  return fc
    .array(branch, { minLength: 1, maxLength: 3 })
    .map((tops) => joinTrees(tops.map((top) => treeOf(top, featureCount))))
})

/** Rows whose values lie between and beyond the thresholds of `smallForests`. */
export const gridRows = (featureCount: number, rowCount: number): fc.Arbitrary<Float64Array[]> =>
  fc.array(
    fc
      .array(fc.integer({ min: -2, max: 2 }), { minLength: rowCount, maxLength: rowCount })
      .map((column) => Float64Array.from(column)),
    { minLength: featureCount, maxLength: featureCount },
  )

/**
 * A tree in which feature k alone decides at depth k: above 0 a row goes on, else it ends in leaf k.
 * @param part    share of the cover that ends at depth k
 * @param inLeaf of leaf 0 … depth
 */
export const chainTree = (depth: number, part: (k: number) => number, inLeaf: (leaf: number) => number): Trees => {
  let branch: Branch | number = inLeaf(depth)
  for (let k = depth - 1; k >= 0; k--) {
    branch = { feature: k, threshold: 0, part: part(k), left: inLeaf(k), right: branch }
  }
  return treeOf(branch, depth)
}
