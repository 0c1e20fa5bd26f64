import { at, put, putReal, real } from "../parts/memory"
import { negativeMultiplyAdd } from "../parts/simd"
import { extendPanels, extendSquare } from "./extend"
import {
  contributionStart, contributions, firstChild, firstPosition, frontCount, inverse, item, itemStart, nextChild, padded,
  panelStart, panels, pivotRow, rowsStart, spare, target, values,
} from "./state"
import { setInverses, solveTile, solveTileWithNulls } from "./solve-tile"
import { subtractColumns, subtractRows } from "./tile"

const chunkGroups: i32 = 8
const passPivots: i32 = 256
const passBlocks: i32 = 32

/** Pivots without any digit left, in columns without any other entry; and those whose column has some. */
export let nullPivots: i32 = 0
export let weakPivots: i32 = 0
/** Pivots so much smaller than what lies below them that digits are lost */
export let poorPivots: i32 = 0
export let smallestPivot: f64 = 0
export let largestPivot: f64 = 0

/** In a matrix whose rows and columns are scaled to a largest entry near 1. */
const rounding: f64 = 1e-14
const negligible: f64 = 1e-12
/** Largest multiplier of a pivot that is not poor. */
const tolerable: f64 = 1e5

let lower: usize = 0
let upper: usize = 0
/** Rows of U in the chunk at hand: group after group, four columns a row. */
let packed: usize = 0
let replacement: f64 = 0
/** [position] marks of the unknowns whose pivot was weak */
let weak: usize = 0

/**
 * P A = L U of a general matrix in its symmetrised pattern, rows interchanged within the pivots of a front. A pivot
 * without digits is replaced, or its unknown is left out (and becomes zero) where `replaced` is 0.
 * @param weakPositions [position] out: 1 where the pivot was nothing or poor though its column was not
 */
export function factorGeneral(fronts: i32, replaced: f64, weakPositions: usize): void {
  nullPivots = 0
  weakPivots = 0
  poorPivots = 0
  smallestPivot = Infinity
  largestPivot = 0
  replacement = replaced
  weak = weakPositions
  packed = spare
  for (let f = 0; f < frontCount; f++) {
    const first = at(firstPosition, f)
    const k = at(firstPosition, f + 1) - first
    const r = at(rowsStart, f + 1) - at(rowsStart, f)
    const kp = padded(k), rp = padded(r)
    lower = panels + (<usize>at(panelStart, f) << 3)
    upper = lower + (<usize>(kp * (kp + rp)) << 3)
    memory.fill(lower, 0, (<usize>(kp * (kp + rp + rp))) << 3)
    const end = at(itemStart, f + 1)
    for (let q = at(itemStart, f); q < end; q++) putReal(lower, at(target, q), real(values, at(item, q)))
    for (let t = k; t < kp; t++) store<f64>(lower + (<usize>((t >> 2) * kp + t) << 5) + (<usize>(t & 3) << 3), 1)
    for (let c = at(firstChild, f); c != -1; c = at(nextChild, c)) extendPanels(c, lower, upper, kp)
    if (f >= fronts) continue
    for (let t = 0; t < k; t++) put(pivotRow, first + t, t)
    eliminate(k, kp, (kp + rp) >> 2, first)
    if (r == 0) continue
    solveUpper(k, kp, rp >> 2, first)
    const square = contributions + (<usize>at(contributionStart, f) << 3)
    contribute(square, <usize>rp << 3, k, kp, rp >> 2)
    for (let c = at(firstChild, f); c != -1; c = at(nextChild, c)) extendSquare(c, square, <usize>rp << 3, kp)
  }
}

/** P A = L U of one panel that is filled already, with rows interchanged throughout. */
export function factorPanelGeneral(weakPositions: usize): void {
  nullPivots = 0
  weakPivots = 0
  poorPivots = 0
  smallestPivot = Infinity
  largestPivot = 0
  replacement = 0
  weak = weakPositions
  packed = spare
  lower = panels
  const k = at(firstPosition, 1), kp = padded(k)
  for (let t = 0; t < k; t++) put(pivotRow, t, t)
  eliminate(k, kp, kp >> 2, 0)
}

@inline function entry(i: i32, j: i32, kp: i32): usize {
  return lower + (<usize>((i >> 2) * kp + j) << 5) + (<usize>(i & 3) << 3)
}

/** L and U of the pivot block and L of the rows below it. */
function eliminate(k: i32, kp: i32, blocks: i32, first: i32): void {
  const stride = <usize>kp << 5
  const groups = kp >> 2
  for (let chunk = 0; chunk < groups; chunk += chunkGroups) {
    const beyond = min(chunk + chunkGroups, groups)
    const done = chunk << 2
    // What earlier pivots leave of these columns: first U above, then the rest.
    for (let b = 0; b < chunk; b++) {
      const x = lower + <usize>b * stride
      for (let g = chunk; g < beyond; g++) {
        const t = x + (<usize>g << 7)
        const y = packed + <usize>(g - chunk) * stride
        subtractColumns(t, x, y, b << 2)
        solveRows(t, x + (<usize>b << 7), y + (<usize>b << 7))
      }
    }
    if (chunk > 0) {
      for (let b = chunk; b < blocks; b++) {
        const x = lower + <usize>b * stride
        for (let g = chunk; g < beyond; g++) {
          subtractColumns(x + (<usize>g << 7), x, packed + <usize>(g - chunk) * stride, done)
        }
      }
    }
    const nulls = pivot(done, min(beyond << 2, k), k, kp, first)
    for (let g = chunk; g < beyond; g++)
      for (let b = chunk; b < beyond; b++) {
        const t = lower + <usize>b * stride + (<usize>g << 7)
        transpose(t, packed + <usize>(g - chunk) * stride + (<usize>b << 7))
      }
    // Rows below the pivot block.
    for (let g = chunk; g < beyond; g++) {
      const c = g << 2
      setInverses(
        c < k ? real(inverse, first + c) : 1,
        c + 1 < k ? real(inverse, first + c + 1) : 1,
        c + 2 < k ? real(inverse, first + c + 2) : 1,
        c + 3 < k ? real(inverse, first + c + 3) : 1,
      )
      let nullColumns = 0
      if (nulls) for (let j = 0; j < 4 && c + j < k; j++) if (real(inverse, first + c + j) == 0) nullColumns |= 1 << j
      const y = packed + <usize>(g - chunk) * stride
      const shift = <usize>chunk << 7
      for (let b = groups; b < blocks; b++) {
        const x = lower + <usize>b * stride
        const t = x + (<usize>g << 7)
        subtractColumns(t, x + shift, y + shift, (g - chunk) << 2)
        if (nullColumns == 0) solveTile(t, y + (<usize>g << 7))
        else markWeak(solveTileWithNulls(t, y + (<usize>g << 7), nullColumns, negligible), first + c)
        if (exceeds(t)) markPoor(t, c, k, first)
      }
    }
  }
}

/** Whether one of sixteen numbers is beyond what is tolerable. */
@inline function exceeds(t: usize): bool {
  let a = f64x2.abs(v128.load(t)), b = f64x2.abs(v128.load(t, 16))
  a = f64x2.pmax(a, f64x2.abs(v128.load(t, 32)))
  b = f64x2.pmax(b, f64x2.abs(v128.load(t, 48)))
  a = f64x2.pmax(a, f64x2.abs(v128.load(t, 64)))
  b = f64x2.pmax(b, f64x2.abs(v128.load(t, 80)))
  a = f64x2.pmax(a, f64x2.abs(v128.load(t, 96)))
  b = f64x2.pmax(b, f64x2.abs(v128.load(t, 112)))
  return v128.any_true(f64x2.gt(f64x2.pmax(a, b), f64x2.splat(tolerable)))
}

/** Marks unknowns whose pivot is poor beside a row below. */
function markPoor(t: usize, c: i32, k: i32, first: i32): void {
  for (let j = 0; j < 4; j++) {
    if (c + j >= k || at(weak, first + c + j)) continue
    for (let i = 0; i < 4; i++) {
      if (Math.abs(load<f64>(t + (<usize>j << 5) + (<usize>i << 3))) <= tolerable) continue
      put(weak, first + c + j, 1)
      poorPivots++
      break
    }
  }
}

/** Four rows of U from a unit triangle of L: t in columns of four, copied to rows of four. */
@inline function solveRows(t: usize, triangle: usize, to: usize): void {
  const l10 = load<f64>(triangle, 8), l20 = load<f64>(triangle, 16), l30 = load<f64>(triangle, 24)
  const l21 = load<f64>(triangle, 48), l31 = load<f64>(triangle, 56), l32 = load<f64>(triangle, 88)
  for (let j = 0; j < 4; j++) {
    const p = t + (<usize>j << 5), q = to + (<usize>j << 3)
    const a = load<f64>(p)
    const b = load<f64>(p, 8) - l10 * a
    const c = load<f64>(p, 16) - l20 * a - l21 * b
    const d = load<f64>(p, 24) - l30 * a - l31 * b - l32 * c
    store<f64>(p, b, 8)
    store<f64>(p, c, 16)
    store<f64>(p, d, 24)
    store<f64>(q, a)
    store<f64>(q, b, 32)
    store<f64>(q, c, 64)
    store<f64>(q, d, 96)
  }
}

@inline function transpose(from: usize, to: usize): void {
  for (let j = 0; j < 4; j++)
    for (let i = 0; i < 4; i++)
      store<f64>(to + (<usize>i << 5) + (<usize>j << 3), load<f64>(from + (<usize>j << 5) + (<usize>i << 3)))
}

/** Eliminates columns from `c0` to `c1` within the rows of the pivot block; returns whether a pivot was nothing. */
function pivot(c0: i32, c1: i32, k: i32, kp: i32, first: i32): bool {
  const stride = <usize>kp << 5
  let nulls = false
  for (let j = c0; j < c1; j++) {
    let best = j
    let largest: f64 = -1
    for (let i = j; i < k; i++) {
      const magnitude = Math.abs(load<f64>(entry(i, j, kp)))
      if (magnitude > largest) {
        largest = magnitude
        best = i
      }
    }
    if (best != j) {
      let p = entry(j, 0, kp), q = entry(best, 0, kp)
      const end = p + stride
      while (p < end) {
        const kept = load<f64>(p)
        store<f64>(p, load<f64>(q))
        store<f64>(q, kept)
        p += 32
        q += 32
      }
      const row = at(pivotRow, first + j)
      put(pivotRow, first + j, at(pivotRow, first + best))
      put(pivotRow, first + best, row)
    }
    const diagonal = entry(j, j, kp)
    let d = load<f64>(diagonal)
    let inverted: f64 = 0
    if (largest > largestPivot) largestPivot = largest
    if (largest > rounding) {
      if (largest < smallestPivot) smallestPivot = largest
      inverted = 1 / d
    } else {
      smallestPivot = 0
      nullPivots++
      nulls = true
      if (replacement > 0) {
        d = d < 0 ? -replacement : replacement
        store<f64>(diagonal, d)
        inverted = 1 / d
      }
    }
    putReal(inverse, first + j, inverted)
    // Multipliers, and what they take from the other columns of the chunk.
    for (let i = j + 1; i < ((j + 4) & ~3); i++) {
      if (i >= kp) break
      const p = entry(i, j, kp)
      const l = load<f64>(p) * inverted
      store<f64>(p, l)
      for (let c = j + 1; c < c1; c++) {
        const q = entry(i, c, kp)
        store<f64>(q, load<f64>(q) - l * load<f64>(entry(j, c, kp)))
      }
    }
    const scale = f64x2.splat(inverted)
    for (let b = (j >> 2) + 1; b < kp >> 2; b++) {
      const p = lower + <usize>b * stride + (<usize>j << 5)
      const l0 = f64x2.mul(v128.load(p), scale), l1 = f64x2.mul(v128.load(p, 16), scale)
      v128.store(p, l0)
      v128.store(p, l1, 16)
      let q = p + 32
      const end = p + (<usize>(c1 - j) << 5)
      let u = entry(j, j + 1, kp)
      while (q < end) {
        const s = v128.load64_splat(u)
        v128.store(q, negativeMultiplyAdd(s, l0, v128.load(q)))
        v128.store(q, negativeMultiplyAdd(s, l1, v128.load(q, 16)), 16)
        q += 32
        u += 32
      }
    }
  }
  return nulls
}

/** Marks unknowns whose pivot was nothing while rows below still hold something in their column. */
function markWeak(columns: i32, position: i32): void {
  for (let j = 0; j < 4; j++) {
    if (!((columns >>> j) & 1) || at(weak, position + j)) continue
    put(weak, position + j, 1)
    weakPivots++
  }
}

/** Rows of U beyond the pivot block, stored as columns: interchanged as the pivots were, then L x = a. */
function solveUpper(k: i32, kp: i32, blocks: i32, first: i32): void {
  const stride = <usize>kp << 5
  let moved = false
  for (let t = 0; t < k; t++) if (at(pivotRow, first + t) != t) moved = true
  if (moved) {
    for (let b = 0; b < blocks; b++) {
      const x = upper + <usize>b * stride
      memory.copy(packed, x, stride)
      for (let t = 0; t < k; t++) {
        const from = packed + (<usize>at(pivotRow, first + t) << 5), to = x + (<usize>t << 5)
        v128.store(to, v128.load(from))
        v128.store(to, v128.load(from, 16), 16)
      }
    }
  }
  setInverses(1, 1, 1, 1)
  const groups = kp >> 2
  for (let chunk = 0; chunk < groups; chunk += chunkGroups) {
    const beyond = min(chunk + chunkGroups, groups)
    for (let b = 0; b < blocks; b++) {
      const x = upper + <usize>b * stride
      for (let g = chunk; g < beyond; g++) {
        const t = x + (<usize>g << 7)
        const y = lower + <usize>g * stride
        subtractColumns(t, x, y, g << 2)
        solveTile(t, y + (<usize>g << 7))
      }
    }
  }
}

/** The front's contribution −L U, rows one after the other. */
function contribute(square: usize, stride: usize, k: i32, kp: i32, blocks: i32): void {
  const step = <usize>kp << 5
  const x0 = lower + <usize>(kp >> 2) * step
  for (let pass = 0; pass < k; pass += passPivots) {
    const count = min(passPivots, k - pass)
    const shift = <usize>pass << 5
    for (let from = 0; from < blocks; from += passBlocks) {
      const last = min(from + passBlocks, blocks)
      for (let b = 0; b < blocks; b++) {
        const x = x0 + <usize>b * step + shift
        const row = square + (<usize>b << 2) * stride
        for (let c = from; c < last; c++)
          subtractRows(row + (<usize>c << 5), stride, x, upper + <usize>c * step + shift, count, pass > 0)
      }
    }
  }
}
