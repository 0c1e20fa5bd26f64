import type { SparsePattern } from "./pattern.ts"

/** Entries that may come to the diagonal, relative to the largest of their row and column: the larger, the sooner. */
const thresholds = [0.1, 1e-3, 1e-6, 0]

/**
 * Rows in an order that brings large entries to the diagonal: as many as there are above each threshold, found by
 * augmenting paths that start from the diagonal as it is.
 * @param values [entry] scaled to a largest entry near 1 in each row and column
 * @returns      [column] the row that comes to its place; rows left over, of singular matrices, go to what is left
 * @source I. S. Duff, ACM Trans. Math. Softw. 7 (1981) 315; I. S. Duff, J. Koster, SIAM J. Matrix Anal. Appl. 20 (1999)
 *         889
 */
export const transversal = (pattern: SparsePattern, values: Float64Array): Int32Array => {
  const { rowCount: n, rowStart, columnIndex } = pattern
  const rowOf = new Int32Array(n).fill(-1)
  const columnOf = new Int32Array(n).fill(-1)
  const seen = new Int32Array(n).fill(-1)
  const cursor = new Int32Array(n)
  const path = new Int32Array(n)
  let stamp = 0
  for (const threshold of thresholds) {
    const admits = (at: number): boolean => Math.abs(values[at]) > threshold
    for (let i = 0; i < n; i++) {
      if (columnOf[i] >= 0 || rowOf[i] >= 0) continue
      for (let at = rowStart[i]; at < rowStart[i + 1]; at++)
        if (columnIndex[at] === i && admits(at)) {
          columnOf[i] = i
          rowOf[i] = i
        }
    }
    for (let start = 0; start < n; start++) {
      if (columnOf[start] >= 0) continue
      // Depth-first search for a free column over columns whose rows can move.
      let depth = 0
      path[0] = start
      cursor[start] = rowStart[start]
      let free = -1
      while (depth >= 0 && free < 0) {
        const row = path[depth]
        let next = -1
        while (cursor[row] < rowStart[row + 1]) {
          const at = cursor[row]++
          const column = columnIndex[at]
          if (seen[column] === stamp || !admits(at)) continue
          seen[column] = stamp
          if (rowOf[column] < 0) free = column
          else next = rowOf[column]
          break
        }
        if (next >= 0) {
          cursor[next] = rowStart[next]
          path[++depth] = next
        } else if (free < 0) depth--
      }
      for (; free >= 0; depth--) {
        const row = path[depth]
        const before = columnOf[row]
        rowOf[free] = row
        columnOf[row] = free
        free = depth > 0 ? before : -1
      }
      stamp++
    }
  }
  for (let column = 0, row = 0; column < n; column++) {
    if (rowOf[column] >= 0) continue
    while (columnOf[row] >= 0) row++
    rowOf[column] = row++
  }
  return rowOf
}

/** The pattern whose row i is row `rowOf[i]` of the given one. */
export const reordered = ({ rowCount, rowStart, columnIndex }: SparsePattern, rowOf: Int32Array): SparsePattern => {
  const start = new Int32Array(rowCount + 1)
  const columns = new Int32Array(columnIndex.length)
  for (let i = 0; i < rowCount; i++) {
    const row = columnIndex.subarray(rowStart[rowOf[i]], rowStart[rowOf[i] + 1])
    columns.set(row, start[i])
    start[i + 1] = start[i] + row.length
  }
  return { rowCount, columnCount: rowCount, rowStart: start, columnIndex: columns }
}

/** Values to go with the reordered pattern. */
export const reorderInto = (
  { rowCount, rowStart }: SparsePattern,
  rowOf: Int32Array,
  values: Float64Array,
  out: Float64Array,
): void => {
  let at = 0
  for (let i = 0; i < rowCount; i++) {
    const row = values.subarray(rowStart[rowOf[i]], rowStart[rowOf[i] + 1])
    out.set(row, at)
    at += row.length
  }
}
