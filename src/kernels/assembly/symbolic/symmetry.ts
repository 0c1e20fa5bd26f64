import { add, at, integers, mark as arenaMark, put, release } from "../parts/memory"
import { scrambled } from "./compression"

/** Whether each place (i, j) has its (j, i) and every diagonal place is there; wrong with a chance of about 2⁻³². */
export function isSymmetric(n: i32, rowStart: usize, column: usize): bool {
  let difference: i64 = 0
  for (let i = 0; i < n; i++) {
    const a = <i64>scrambled(i), end = at(rowStart, i + 1)
    const b = <i64>scrambled(i + 0x3c6ef372)
    let onDiagonal = false
    for (let p = at(rowStart, i); p < end; p++) {
      const j = at(column, p)
      onDiagonal = onDiagonal || i == j
      difference += a * <i64>scrambled(j + 0x3c6ef372) - b * <i64>scrambled(j)
    }
    if (!onDiagonal) return false
  }
  return difference == 0
}

export let fullStart: usize = 0
export let fullColumn: usize = 0

/** The pattern of A + Aᵀ with its diagonal, columns ascending: two transpositions sort the rows. */
export function symmetrise(n: i32, rowStart: usize, column: usize): void {
  const places = at(rowStart, n)
  fullStart = integers(n + 1)
  fullColumn = integers(2 * places + n)
  const arena = arenaMark()
  const columnStart = integers(n + 1), row = integers(places), cursor = integers(n), seen = integers(n)
  for (let i = 0; i <= n; i++) put(columnStart, i, 0)
  for (let p = 0; p < places; p++) add(columnStart, at(column, p) + 1, 1)
  for (let i = 0; i < n; i++) {
    add(columnStart, i + 1, at(columnStart, i))
    put(cursor, i, at(columnStart, i))
  }
  for (let i = 0; i < n; i++)
    for (let p = at(rowStart, i); p < at(rowStart, i + 1); p++) {
      const j = at(column, p)
      put(row, at(cursor, j), i)
      add(cursor, j, 1)
    }
  // Merge row i of A, column i of A and the diagonal: all ascend.
  let count = 0
  for (let i = 0; i < n; i++) {
    put(fullStart, i, count)
    let p = at(rowStart, i), q = at(columnStart, i)
    const pEnd = at(rowStart, i + 1), qEnd = at(columnStart, i + 1)
    let diagonal = i
    while (p < pEnd || q < qEnd || diagonal != i32.MAX_VALUE) {
      const a = p < pEnd ? at(column, p) : i32.MAX_VALUE
      const b = q < qEnd ? at(row, q) : i32.MAX_VALUE
      const least = min(min(a, b), diagonal)
      if (a == least) p++
      if (b == least) q++
      if (diagonal == least) diagonal = i32.MAX_VALUE
      put(fullColumn, count++, least)
    }
  }
  put(fullStart, n, count)
  release(arena)
}
