import { assertColumns, type Trees, treeCountOf } from "./trees.ts"

/** Share of its parent's cover that a node gets which no row reaches, so that nothing is divided by 0. */
const unreachedShare = 1e-9

/**
 * The trees with the cover that rows of a table give them, for trees that come without their own: path-dependent
 * explanations then let unknown features follow these rows. A node that no row reaches counts as 1e-9 of its parent.
 * @param columns [feature][row], finite
 */
export const coveredBy = (trees: Trees, columns: readonly Float64Array[]): Trees => {
  const { feature, threshold, left, right, treeStart } = trees
  assertColumns("columns", trees, columns)
  const rowCount = columns[0].length
  if (rowCount === 0) throw new RangeError("no rows to cover the trees")
  const cover = new Float64Array(feature.length)
  for (let tree = 0; tree < treeCountOf(trees); tree++) {
    const root = treeStart[tree]
    for (let row = 0; row < rowCount; row++) {
      let node = root
      for (;;) {
        cover[node]++
        if (feature[node] < 0) break
        node = root + (columns[feature[node]][row] <= threshold[node] ? left[node] : right[node])
      }
    }
    for (let node = root; node < treeStart[tree + 1]; node++) {
      if (feature[node] < 0) continue
      for (const child of [root + left[node], root + right[node]]) {
        if (cover[child] === 0) cover[child] = unreachedShare * cover[node]
      }
    }
  }
  return { ...trees, cover }
}
