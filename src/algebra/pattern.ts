import { assertIndices, assertLength, assertStride } from "../array/assert.ts"

/** Places of the entries of a sparse matrix, row by row. */
export interface SparsePattern {
  readonly rowCount: number
  readonly columnCount: number
  /** [rowCount + 1] */
  readonly rowStart: Int32Array
  /** [entry] ascending within a row */
  readonly columnIndex: Int32Array
}

/** A pattern with one value an entry. */
export interface SparseMatrix {
  readonly pattern: SparsePattern
  /** [entry] */
  readonly values: Float64Array
}

/** Equal elements that couple all their unknowns with one another. */
export interface ElementGroup {
  /** [element, perElement] unknown, −1 where absent */
  readonly dofs: Int32Array
  readonly perElement: number
}

/** A square pattern and, for each group, where element matrices go. */
export interface AssemblyPattern {
  readonly pattern: SparsePattern
  /** [group][element, perElement, perElement] index into the values, −1 where a dof is absent */
  readonly positions: readonly Int32Array[]
}

/**
 * Pattern of the sum of element matrices; the diagonal is always present. Linear in the number of element entries.
 * @param size number of unknowns
 */
export const assemblyPattern = (size: number, groups: readonly ElementGroup[]): AssemblyPattern => {
  // All groups one after the other, so that what follows knows one list of unknowns and one of positions.
  const dofs = new Int32Array(groups.reduce((sum, group) => sum + group.dofs.length, 0))
  const touching = new Int32Array(size + 1)
  let end = 0
  let places = 0
  for (const group of groups) {
    assertStride("dofs", group.dofs, group.perElement)
    assertIndices("dofs", group.dofs, size, -1)
    dofs.set(group.dofs, end)
    end += group.dofs.length
    places += group.dofs.length * group.perElement
  }
  for (let i = 0; i < dofs.length; i++) if (dofs[i] >= 0) touching[dofs[i] + 1]++
  for (let row = 0; row < size; row++) touching[row + 1] += touching[row]

  // Elements by unknown, so that each row gathers its columns from the elements around it: where the element's list
  // begins and ends, and where its row of positions begins.
  const next = touching.slice(0, size)
  const slotBegin = new Int32Array(touching[size])
  const slotEnd = new Int32Array(touching[size])
  const slotOut = new Int32Array(touching[size])
  let from = 0
  let out = 0
  for (const { dofs: own, perElement } of groups) {
    const last = from + own.length
    for (let begin = from; begin < last; begin += perElement)
      for (let i = begin; i < begin + perElement; i++, out += perElement) {
        if (dofs[i] < 0) continue
        const slot = next[dofs[i]]++
        slotBegin[slot] = begin
        slotEnd[slot] = begin + perElement
        slotOut[slot] = out
      }
    from = last
  }

  const rowStart = new Int32Array(size + 1)
  const mark = new Int32Array(size).fill(-1)
  let columns = new Int32Array(Math.max(16, size * 8))
  let count = 0
  for (let row = 0; row < size; row++) {
    mark[row] = row
    if (count === columns.length) columns = grown(columns)
    columns[count++] = row
    for (let slot = touching[row]; slot < touching[row + 1]; slot++) {
      const last = slotEnd[slot]
      while (count + last - slotBegin[slot] > columns.length) columns = grown(columns)
      for (let i = slotBegin[slot]; i < last; i++) {
        const column = dofs[i]
        if (column < 0 || mark[column] === row) continue
        mark[column] = row
        columns[count++] = column
      }
    }
    rowStart[row + 1] = count
  }
  // The pattern is symmetric: its transpose is itself, with the columns of each row in ascending order.
  const columnIndex = new Int32Array(count)
  next.set(rowStart.subarray(0, size))
  for (let row = 0; row < size; row++)
    for (let at = rowStart[row]; at < rowStart[row + 1]; at++) columnIndex[next[columns[at]]++] = row

  const positions = new Int32Array(places).fill(-1)
  const place = mark
  for (let row = 0; row < size; row++) {
    for (let at = rowStart[row]; at < rowStart[row + 1]; at++) place[columnIndex[at]] = at
    for (let slot = touching[row]; slot < touching[row + 1]; slot++) {
      const last = slotEnd[slot]
      let at = slotOut[slot]
      for (let i = slotBegin[slot]; i < last; i++, at++) {
        const column = dofs[i]
        if (column >= 0) positions[at] = place[column]
      }
    }
  }
  let begun = 0
  const byGroup = groups.map((group) => {
    const begin = begun
    begun += group.dofs.length * group.perElement
    return positions.subarray(begin, begun)
  })
  return { pattern: { rowCount: size, columnCount: size, rowStart, columnIndex }, positions: byGroup }
}

const grown = (array: Int32Array): Int32Array<ArrayBuffer> => {
  const out = new Int32Array(array.length * 2)
  out.set(array)
  return out
}

/** out = A x. @param x [columnCount] @param out [rowCount] */
export const multiplyInto = ({ pattern, values }: SparseMatrix, x: Float64Array, out: Float64Array): void => {
  const { rowCount, columnCount, rowStart, columnIndex } = pattern
  assertLength("x", x, columnCount)
  assertLength("out", out, rowCount)
  for (let row = 0; row < rowCount; row++) {
    let sum = 0
    const end = rowStart[row + 1]
    for (let at = rowStart[row]; at < end; at++) sum += values[at] * x[columnIndex[at]]
    out[row] = sum
  }
}
