import { at } from "../parts/memory"
import { contributionStart, contributions, relative, rowsStart, triangleOffset } from "./state"

/** How many rows of a child are pivots of its parent. */
@inline export function sharedPivots(list: usize, count: i32, kp: i32): i32 {
  let shared = 0
  while (shared < count && at(list, shared) < kp) shared++
  return shared
}

/** Adds the columns of a child's triangle that the parent eliminates to the parent's panel. */
export function extendPanel(child: i32, panel: usize, kp: i32): void {
  const base = at(rowsStart, child)
  const count = at(rowsStart, child + 1) - base
  const list = relative + (<usize>base << 2)
  const shared = sharedPivots(list, count, kp)
  if (shared == 0) return
  const from = contributions + (<usize>at(contributionStart, child) << 3)
  for (let i = 0; i < count; i++) {
    const to = at(list, i)
    const row = panel + (<usize>((to >> 2) * kp) << 5) + (<usize>(to & 3) << 3)
    const block = i >> 2
    const source = from + triangleOffset(block) + ((<usize>(i & 3) * <usize>(block + 1)) << 5)
    const end = i < shared ? i + 1 : shared
    for (let j = 0; j < end; j++) {
      const p = row + (<usize>at(list, j) << 5)
      store<f64>(p, load<f64>(p) + load<f64>(source + (<usize>j << 3)))
    }
  }
}

/** Adds the rest of a child's triangle to the parent's triangle. */
export function extendTriangle(child: i32, triangle: usize, kp: i32): void {
  const base = at(rowsStart, child)
  const count = at(rowsStart, child + 1) - base
  const list = relative + (<usize>base << 2)
  const shared = sharedPivots(list, count, kp)
  const from = contributions + (<usize>at(contributionStart, child) << 3)
  for (let i = shared; i < count; i++) {
    const to = at(list, i) - kp
    const toBlock = to >> 2
    const row = triangle + triangleOffset(toBlock) + ((<usize>(to & 3) * <usize>(toBlock + 1)) << 5) - (<usize>kp << 3)
    const block = i >> 2
    const source = from + triangleOffset(block) + ((<usize>(i & 3) * <usize>(block + 1)) << 5)
    addRow(row, source, list, shared, i + 1)
  }
}

/** row[list[j]] += source[j], in pairs where two places are neighbours. */
@inline export function addRow(row: usize, source: usize, list: usize, from: i32, end: i32): void {
  let j = from
  while (j < end - 1) {
    const here = at(list, j)
    const p = row + (<usize>here << 3), q = source + (<usize>j << 3)
    if (at(list, j + 1) == here + 1) {
      v128.store(p, f64x2.add(v128.load(p), v128.load(q)))
      j += 2
    } else {
      store<f64>(p, load<f64>(p) + load<f64>(q))
      j++
    }
  }
  if (j < end) {
    const p = row + (<usize>at(list, j) << 3)
    store<f64>(p, load<f64>(p) + load<f64>(source + (<usize>j << 3)))
  }
}

/** Adds a child's square to the two panels of its parent. */
export function extendPanels(child: i32, lower: usize, upper: usize, kp: i32): void {
  const base = at(rowsStart, child)
  const count = at(rowsStart, child + 1) - base
  const list = relative + (<usize>base << 2)
  const shared = sharedPivots(list, count, kp)
  if (shared == 0) return
  const from = contributions + (<usize>at(contributionStart, child) << 3)
  const stride = <usize>((count + 3) & ~3) << 3
  for (let i = 0; i < count; i++) {
    const to = at(list, i)
    const row = lower + (<usize>((to >> 2) * kp) << 5) + (<usize>(to & 3) << 3)
    const source = from + <usize>i * stride
    for (let j = 0; j < shared; j++) {
      const p = row + (<usize>at(list, j) << 5)
      store<f64>(p, load<f64>(p) + load<f64>(source + (<usize>j << 3)))
    }
    if (i >= shared) continue
    const columns = upper + (<usize>to << 5)
    for (let j = shared; j < count; j++) {
      const t = at(list, j) - kp
      const p = columns + (<usize>((t >> 2) * kp) << 5) + (<usize>(t & 3) << 3)
      store<f64>(p, load<f64>(p) + load<f64>(source + (<usize>j << 3)))
    }
  }
}

/** Adds the rest of a child's square to its parent's, whose rows are `stride` bytes apart. */
export function extendSquare(child: i32, square: usize, stride: usize, kp: i32): void {
  const base = at(rowsStart, child)
  const count = at(rowsStart, child + 1) - base
  const list = relative + (<usize>base << 2)
  const shared = sharedPivots(list, count, kp)
  const from = contributions + (<usize>at(contributionStart, child) << 3)
  const sourceStride = <usize>((count + 3) & ~3) << 3
  for (let i = shared; i < count; i++) {
    const row = square + <usize>(at(list, i) - kp) * stride - (<usize>kp << 3)
    addRow(row, from + <usize>i * sourceStride, list, shared, count)
  }
}
