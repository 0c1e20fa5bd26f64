import { at, putReal, real } from "../parts/memory"
import { extendPanel, extendTriangle } from "./extend"
import {
  contributionStart, contributions, firstChild, firstPosition, frontCount, inverse, item, itemStart, nextChild, padded,
  panelStart, panels, rowsStart, spare, target, triangleOffset, values,
} from "./state"
import { inverseAt, setInverse, solveTile, solveTileWithNulls } from "./solve-tile"
import { subtractColumns, subtractRows } from "./tile"

/** Columns that are eliminated before the rest of the panel sees them. */
const chunkGroups: i32 = 8
/** Pivots and columns of one pass over a contribution, so that what is read again stays in the second cache. */
const passPivots: i32 = 256
const passBlocks: i32 = 32

export let negativePivots: i32 = 0
export let nullPivots: i32 = 0
export let smallestPivot: f64 = 0
export let largestPivot: f64 = 0
/** Front that cannot go on without pivoting, −1 if none. */
export let failedFront: i32 = -1

/** A pivot below this, in a matrix scaled to a unit diagonal, is nothing but rounding. */
const rounding: f64 = 1e-14
/** A column below this, beside such a pivot, is nothing but rounding too. */
const negligible: f64 = 1e-7

/** Signed copy of the panel, 0 as long as all its pivots are positive. */
let signed: usize = 0
/** Bits of the columns of a group whose pivot is nothing. */
let nullColumns: i32 = 0

/**
 * A = L S Lᵀ of a symmetric matrix, S = ±1, without interchanges: stable for definite matrices; the growth of pivots
 * tells whether it was for others.
 * J. W. H. Liu, SIAM Review 34 (1992) 82
 * @param fronts how many fronts to eliminate; one more is assembled if there is one (the Schur complement)
 */
export function factorSymmetric(fronts: i32): void {
  negativePivots = 0
  nullPivots = 0
  smallestPivot = Infinity
  largestPivot = 0
  failedFront = -1
  for (let f = 0; f < frontCount; f++) {
    const first = at(firstPosition, f)
    const k = at(firstPosition, f + 1) - first
    const r = at(rowsStart, f + 1) - at(rowsStart, f)
    const kp = padded(k), blocks = (kp + padded(r)) >> 2
    const panel = panels + (<usize>at(panelStart, f) << 3)
    memory.fill(panel, 0, (<usize>(blocks * kp)) << 5)
    const end = at(itemStart, f + 1)
    for (let q = at(itemStart, f); q < end; q++) putReal(panel, at(target, q), real(values, at(item, q)))
    for (let t = k; t < kp; t++) store<f64>(panel + (<usize>((t >> 2) * kp + t) << 5) + (<usize>(t & 3) << 3), 1)
    for (let c = at(firstChild, f); c != -1; c = at(nextChild, c)) extendPanel(c, panel, kp)
    if (f >= fronts) continue
    signed = 0
    eliminate(panel, k, kp, blocks, first)
    if (failedFront != -1) {
      failedFront = f
      return
    }
    if (r == 0) continue
    const triangle = contributions + (<usize>at(contributionStart, f) << 3)
    contribute(panel, triangle, k, kp, blocks - (kp >> 2))
    for (let c = at(firstChild, f); c != -1; c = at(nextChild, c)) extendTriangle(c, triangle, kp)
  }
}

/** L S Lᵀ of one panel that is filled already. */
export function factorPanelSymmetric(): void {
  negativePivots = 0
  nullPivots = 0
  smallestPivot = Infinity
  largestPivot = 0
  failedFront = -1
  signed = 0
  const k = at(firstPosition, 1), kp = padded(k)
  eliminate(panels, k, kp, kp >> 2, 0)
}

/** Eliminates the pivots of a panel, chunk after chunk. */
function eliminate(panel: usize, k: i32, kp: i32, blocks: i32, first: i32): void {
  const stride = <usize>kp << 5
  const groups = kp >> 2
  for (let chunk = 0; chunk < groups; chunk += chunkGroups) {
    const beyond = min(chunk + chunkGroups, groups)
    if (chunk > 0) {
      for (let b = chunk; b < blocks; b++) {
        const x = panel + <usize>b * stride
        const last = min(beyond, b + 1)
        for (let g = chunk; g < last; g++) {
          const y = (signed ? signed : panel) + <usize>g * stride
          subtractColumns(x + (<usize>g << 7), x, y, chunk << 2)
        }
      }
    }
    for (let g = chunk; g < beyond; g++) {
      const done = <usize>chunk << 7
      const count = (g - chunk) << 2
      const x = panel + <usize>g * stride
      const own = x + (<usize>g << 7)
      subtractColumns(own, x + done, (signed ? signed : panel) + <usize>g * stride + done, count)
      eliminateBlock(panel, own, stride, blocks, g, min(4, k - (g << 2)), first + (g << 2))
      const y = (signed ? signed : panel) + <usize>g * stride
      const signs = y + (<usize>g << 7)
      for (let b = g + 1; b < blocks; b++) {
        const z = panel + <usize>b * stride
        const to = z + (<usize>g << 7)
        subtractColumns(to, z + done, y + done, count)
        if (nullColumns == 0) solveTile(to, signs)
        else if (solveTileWithNulls(to, signs, nullColumns, negligible)) failedFront = 0
        if (signed) copySigned(to, signed + <usize>b * stride + (<usize>g << 7))
      }
    }
  }
}

/** One pivot block of four, of which `count` columns are not padding. */
function eliminateBlock(
  panel: usize, own: usize, stride: usize, blocks: i32, g: i32, count: i32, position: i32,
): void {
  nullColumns = 0
  let signs = 0
  for (let j = 0; j < 4; j++) {
    const diagonal = own + (<usize>j << 5) + (<usize>j << 3)
    let d = load<f64>(diagonal)
    for (let t = 0; t < j; t++) {
      const l = load<f64>(own + (<usize>t << 5) + (<usize>j << 3))
      d -= (signs >>> t) & 1 ? -l * l : l * l
    }
    let inverted: f64 = 1
    if (j < count) {
      const magnitude = Math.abs(d)
      if (magnitude > largestPivot) largestPivot = magnitude
      if (magnitude > rounding) {
        if (magnitude < smallestPivot) smallestPivot = magnitude
        const root = Math.sqrt(magnitude)
        store<f64>(diagonal, root)
        inverted = 1 / root
        if (d < 0) {
          signs |= 1 << j
          inverted = -inverted
          negativePivots++
        }
      } else if (magnitude <= rounding) {
        // The column is left out: its unknown becomes zero.
        smallestPivot = 0
        nullPivots++
        nullColumns |= 1 << j
        inverted = 0
        store<f64>(diagonal, 1)
      } else {
        failedFront = 0
        inverted = 0
      }
      putReal(inverse, position + j, inverted)
    }
    for (let i = j + 1; i < 4; i++) {
      const p = own + (<usize>j << 5) + (<usize>i << 3)
      let a = load<f64>(p)
      for (let t = 0; t < j; t++) {
        const column = own + (<usize>t << 5)
        const product = load<f64>(column + (<usize>i << 3)) * load<f64>(column + (<usize>j << 3))
        a -= (signs >>> t) & 1 ? -product : product
      }
      if (inverted == 0 && Math.abs(a) > negligible) failedFront = 0
      store<f64>(p, a * inverted)
    }
    setInverse(j, inverted)
  }
  if (signs && !signed) {
    signed = spare
    memory.copy(signed, panel, <usize>blocks * stride)
  }
  if (signed) copySigned(own, signed + (own - panel))
}

/** Copies a tile with the signs of the pivots at hand. */
function copySigned(from: usize, to: usize): void {
  for (let j = 0; j < 4; j++) {
    const inverted = inverseAt(j)
    const s = f64x2.splat(inverted < 0 ? -1 : 1)
    const p = <usize>j << 5
    v128.store(to + p, f64x2.mul(s, v128.load(from + p)))
    v128.store(to + p, f64x2.mul(s, v128.load(from + p, 16)), 16)
  }
}

/** The front's contribution −L S Lᵀ, lower triangle in blocks of four rows. */
function contribute(panel: usize, triangle: usize, k: i32, kp: i32, blocks: i32): void {
  const stride = <usize>kp << 5
  const x0 = panel + <usize>(kp >> 2) * stride
  const y0 = (signed ? signed : panel) + <usize>(kp >> 2) * stride
  for (let pass = 0; pass < k; pass += passPivots) {
    const count = min(passPivots, k - pass)
    const shift = <usize>pass << 5
    const keep = pass > 0
    for (let from = 0; from < blocks; from += passBlocks) {
      for (let b = from; b < blocks; b++) {
        const x = x0 + <usize>b * stride + shift
        const row = triangle + triangleOffset(b)
        const length = <usize>(b + 1) << 5
        const last = min(from + passBlocks, b + 1)
        for (let c = from; c < last; c++) {
          subtractRows(row + (<usize>c << 5), length, x, y0 + <usize>c * stride + shift, count, keep)
        }
      }
    }
  }
}
