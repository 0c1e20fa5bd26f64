import { at, putReal, real } from "../parts/memory"
import { multiplyAdd } from "../parts/simd"
import {
  columnScale, equationAt, firstPosition, gathered, inverse, padded, panelStart, panels, permuted, pivotRow, rowScale,
  rows, rowsStart, unknownAt, unknowns,
} from "./state"

/** Puts a right-hand side of the transposed system, scaled, in order of elimination. */
export function loadTransposed(rhs: usize): void {
  for (let u = 0; u < unknowns; u++) {
    const i = at(unknownAt, u)
    putReal(permuted, u, real(rhs, i) * real(columnScale, i))
  }
}

export function storeTransposed(out: usize): void {
  for (let u = 0; u < unknowns; u++)
    putReal(out, at(equationAt, u), real(permuted, u) * real(rowScale, at(unknownAt, u)))
}

/** Four sums Σ_b p[b][j][i] x[b][i] of blocks `stride` apart, for four columns j. */
let sum0: f64 = 0
let sum1: f64 = 0
let sum2: f64 = 0
let sum3: f64 = 0

@inline function sumColumns(p: usize, stride: usize, x: usize, end: usize): void {
  let a0 = f64x2.splat(0), a1 = a0, a2 = a0, a3 = a0
  while (x < end) {
    const s = v128.load(x), t = v128.load(x, 16)
    a0 = multiplyAdd(t, v128.load(p, 16), multiplyAdd(s, v128.load(p), a0))
    a1 = multiplyAdd(t, v128.load(p, 48), multiplyAdd(s, v128.load(p, 32), a1))
    a2 = multiplyAdd(t, v128.load(p, 80), multiplyAdd(s, v128.load(p, 64), a2))
    a3 = multiplyAdd(t, v128.load(p, 112), multiplyAdd(s, v128.load(p, 96), a3))
    p += stride
    x += 32
  }
  sum0 = f64x2.extract_lane(a0, 0) + f64x2.extract_lane(a0, 1)
  sum1 = f64x2.extract_lane(a1, 0) + f64x2.extract_lane(a1, 1)
  sum2 = f64x2.extract_lane(a2, 0) + f64x2.extract_lane(a2, 1)
  sum3 = f64x2.extract_lane(a3, 0) + f64x2.extract_lane(a3, 1)
}

@inline function sumOf(j: i32): f64 {
  return j == 0 ? sum0 : j == 1 ? sum1 : j == 2 ? sum2 : sum3
}

/** Uᵀ y = b in place. */
export function forwardTransposed(fronts: i32): void {
  for (let f = 0; f < fronts; f++) {
    const first = at(firstPosition, f)
    const k = at(firstPosition, f + 1) - first
    const base = at(rowsStart, f)
    const r = at(rowsStart, f + 1) - base
    const kp = padded(k), rp = padded(r)
    const stride = <usize>kp << 5
    const panel = panels + (<usize>at(panelStart, f) << 3)
    const upper = panel + (<usize>(kp * (kp + rp)) << 3)
    for (let t = 0; t < k; t++) putReal(gathered, t, real(permuted, first + t))
    for (let t = k; t < kp; t++) putReal(gathered, t, 0)
    for (let g = 0; g < k; g += 4) {
      const column = panel + (<usize>g << 5)
      const z = gathered + (<usize>g << 3)
      sumColumns(column, stride, gathered, z)
      const own = column + <usize>(g >> 2) * stride
      const count = min(4, k - g)
      for (let j = 0; j < count; j++) {
        let value = load<f64>(z + (<usize>j << 3)) - sumOf(j)
        for (let i = 0; i < j; i++)
          value -= load<f64>(own + (<usize>j << 5) + (<usize>i << 3)) * load<f64>(z + (<usize>i << 3))
        store<f64>(z + (<usize>j << 3), value * real(inverse, first + g + j))
      }
    }
    memory.copy(permuted + (<usize>first << 3), gathered, <usize>k << 3)
    let row = upper
    for (let i = 0; i < r; i += 4) {
      let a = f64x2.splat(0), b = a
      let p = row, q = gathered
      const end = row + (<usize>k << 5)
      while (p < end) {
        const s = v128.load64_splat(q)
        a = multiplyAdd(s, v128.load(p), a)
        b = multiplyAdd(s, v128.load(p, 16), b)
        p += 32
        q += 8
      }
      const at0 = base + i, left = r - i
      subtractAt(at(rows, at0), f64x2.extract_lane(a, 0))
      if (left > 1) subtractAt(at(rows, at0 + 1), f64x2.extract_lane(a, 1))
      if (left > 2) subtractAt(at(rows, at0 + 2), f64x2.extract_lane(b, 0))
      if (left > 3) subtractAt(at(rows, at0 + 3), f64x2.extract_lane(b, 1))
      row += stride
    }
  }
}

@inline function subtractAt(u: i32, value: f64): void {
  putReal(permuted, u, real(permuted, u) - value)
}

/** Lᵀ x = y in place, then the interchanges of rows undone. */
export function backwardTransposed(fronts: i32): void {
  for (let f = fronts - 1; f >= 0; f--) {
    const first = at(firstPosition, f)
    const k = at(firstPosition, f + 1) - first
    const base = at(rowsStart, f)
    const r = at(rowsStart, f + 1) - base
    const kp = padded(k), rp = padded(r)
    const stride = <usize>kp << 5
    const panel = panels + (<usize>at(panelStart, f) << 3)
    for (let t = 0; t < k; t++) putReal(gathered, t, real(permuted, first + t))
    for (let t = k; t < kp; t++) putReal(gathered, t, 0)
    for (let i = 0; i < r; i++) putReal(gathered, kp + i, real(permuted, at(rows, base + i)))
    for (let i = r; i < rp; i++) putReal(gathered, kp + i, 0)
    const end = gathered + (<usize>(kp + rp) << 3)
    for (let g = kp - 4; g >= 0; g -= 4) {
      const own = panel + <usize>(g >> 2) * stride + (<usize>g << 5)
      const z = gathered + (<usize>g << 3)
      sumColumns(own + stride, stride, z + 32, end)
      const count = min(4, k - g)
      for (let j = count - 1; j >= 0; j--) {
        let value = load<f64>(z + (<usize>j << 3)) - sumOf(j)
        for (let i = j + 1; i < count; i++)
          value -= load<f64>(own + (<usize>j << 5) + (<usize>i << 3)) * load<f64>(z + (<usize>i << 3))
        store<f64>(z + (<usize>j << 3), value)
      }
    }
    for (let t = 0; t < k; t++) putReal(permuted, first + at(pivotRow, first + t), real(gathered, t))
  }
}
