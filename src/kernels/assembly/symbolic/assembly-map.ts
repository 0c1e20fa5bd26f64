import { add, at, fillIntegers, integers, mark as arenaMark, put, release } from "../parts/memory"
import { frontCount } from "./fronts"
import { firstPosition, padded, position, rows, rowsStart, unknownAt } from "./structure"

/** [front + 1] and [item]: entries of the matrix that a front takes, and their places in its panels */
export let itemStart: usize = 0
export let item: usize = 0
export let target: usize = 0

/**
 * Panels hold blocks of four rows, within a block column after column: entry (i, j) of a panel with `kp` columns is at
 * (⌊i/4⌋ kp + j) 4 + i mod 4.
 */
@inline function placeOf(i: i32, j: i32, kp: i32): i32 {
  return (((i >> 2) * kp + j) << 2) + (i & 3)
}

/** Numbers the unknowns of a front: pivots from 0, rows from the padded number of pivots. */
@inline function number(f: i32, local: usize): void {
  const first = at(firstPosition, f)
  const k = at(firstPosition, f + 1) - first
  for (let t = 0; t < k; t++) put(local, first + t, t)
  const base = at(rowsStart, f), end = at(rowsStart, f + 1)
  const shift = padded(k) - base
  for (let p = base; p < end; p++) put(local, at(rows, p), shift + p)
}

/** Map of a symmetric matrix, of which each pair of equal entries is read once, in the row that goes first. */
export function mapSymmetric(n: i32, rowStart: usize, column: usize): void {
  const places = at(rowStart, n)
  itemStart = integers(frontCount + 1)
  item = integers((places + n) / 2 + n)
  target = integers((places + n) / 2 + n)
  const arena = arenaMark()
  const local = integers(n)
  let count = 0
  for (let f = 0; f < frontCount; f++) {
    put(itemStart, f, count)
    number(f, local)
    const first = at(firstPosition, f), beyond = at(firstPosition, f + 1)
    const kp = padded(beyond - first)
    for (let u = first; u < beyond; u++) {
      const i = at(unknownAt, u)
      const end = at(rowStart, i + 1)
      for (let p = at(rowStart, i); p < end; p++) {
        const v = at(position, at(column, p))
        if (v < u) continue
        put(item, count, p)
        put(target, count++, placeOf(at(local, v), u - first, kp))
      }
    }
  }
  put(itemStart, frontCount, count)
  release(arena)
}

/** Map of a general matrix: pivot columns go to the first panel, rows beyond the pivot block to the second. */
export function mapGeneral(n: i32, rowStart: usize, column: usize): void {
  const places = at(rowStart, n)
  itemStart = integers(frontCount + 1)
  item = integers(places)
  target = integers(places)
  const arena = arenaMark()
  const local = integers(n), frontOf = integers(n), rowOf = integers(places), cursor = integers(frontCount)
  for (let f = 0; f < frontCount; f++)
    for (let u = at(firstPosition, f); u < at(firstPosition, f + 1); u++) put(frontOf, u, f)
  fillIntegers(itemStart, frontCount + 1, 0)
  for (let i = 0; i < n; i++) {
    const u = at(position, i)
    for (let p = at(rowStart, i); p < at(rowStart, i + 1); p++) {
      const v = at(position, at(column, p))
      add(itemStart, at(frontOf, u < v ? u : v) + 1, 1)
      put(rowOf, p, u)
    }
  }
  for (let f = 0; f < frontCount; f++) {
    add(itemStart, f + 1, at(itemStart, f))
    put(cursor, f, at(itemStart, f))
  }
  for (let p = 0; p < places; p++) {
    const u = at(rowOf, p), v = at(position, at(column, p))
    const f = at(frontOf, u < v ? u : v)
    put(item, at(cursor, f), p)
    add(cursor, f, 1)
  }
  for (let f = 0; f < frontCount; f++) {
    number(f, local)
    const beyond = at(firstPosition, f + 1)
    const kp = padded(beyond - at(firstPosition, f))
    const second = kp * (kp + padded(at(rowsStart, f + 1) - at(rowsStart, f)))
    for (let q = at(itemStart, f); q < at(itemStart, f + 1); q++) {
      const p = at(item, q)
      const u = at(rowOf, p), v = at(position, at(column, p))
      const i = at(local, u), j = at(local, v)
      put(target, q, v < beyond ? placeOf(i, j, kp) : second + placeOf(j - kp, i, kp))
    }
  }
  release(arena)
}
