import { at, putReal, real } from "../parts/memory"
import { multiplyAdd } from "../parts/simd"
import {
  firstPosition, gathered, inverse, padded, panelStart, panels, permuted, pivotRow, rows, rowsStart,
} from "./state"

/** L y = P b in place, for so many fronts. */
export function forwardGeneral(fronts: i32): void {
  for (let f = 0; f < fronts; f++) {
    const first = at(firstPosition, f)
    const k = at(firstPosition, f + 1) - first
    const base = at(rowsStart, f)
    const r = at(rowsStart, f + 1) - base
    const kp = padded(k)
    const stride = <usize>kp << 5
    const panel = panels + (<usize>at(panelStart, f) << 3)
    for (let t = 0; t < k; t++) putReal(gathered, t, real(permuted, first + at(pivotRow, first + t)))
    for (let t = k; t < kp; t++) putReal(gathered, t, 0)
    for (let g = 0; g < k; g += 4) {
      const row = panel + <usize>(g >> 2) * stride
      const z = gathered + (<usize>g << 3)
      const own = row + (<usize>g << 5)
      let a = f64x2.splat(0), b = a
      for (let q = 0; q < g; q++) {
        const s = v128.load64_splat(gathered + (<usize>q << 3))
        a = multiplyAdd(s, v128.load(row + (<usize>q << 5)), a)
        b = multiplyAdd(s, v128.load(row + (<usize>q << 5), 16), b)
      }
      const x0 = load<f64>(z) - f64x2.extract_lane(a, 0)
      const x1 = load<f64>(z, 8) - f64x2.extract_lane(a, 1) - load<f64>(own, 8) * x0
      const x2 = load<f64>(z, 16) - f64x2.extract_lane(b, 0) - load<f64>(own, 16) * x0 - load<f64>(own, 48) * x1
      const x3 =
        load<f64>(z, 24) - f64x2.extract_lane(b, 1) - load<f64>(own, 24) * x0 - load<f64>(own, 56) * x1 -
        load<f64>(own, 88) * x2
      store<f64>(z, x0)
      store<f64>(z, x1, 8)
      store<f64>(z, x2, 16)
      store<f64>(z, x3, 24)
    }
    memory.copy(permuted + (<usize>first << 3), gathered, <usize>k << 3)
    let row = panel + <usize>(kp >> 2) * stride
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

/** U x = y in place, from the last of so many fronts. */
export function backwardGeneral(fronts: i32): void {
  for (let f = fronts - 1; f >= 0; f--) {
    const first = at(firstPosition, f)
    const k = at(firstPosition, f + 1) - first
    const base = at(rowsStart, f)
    const r = at(rowsStart, f + 1) - base
    const kp = padded(k), rp = padded(r)
    const stride = <usize>kp << 5
    const panel = panels + (<usize>at(panelStart, f) << 3)
    const upper = panel + (<usize>(kp * (kp + rp)) << 3)
    for (let t = k; t < kp; t++) putReal(gathered, t, 0)
    for (let i = 0; i < r; i++) putReal(gathered, kp + i, real(permuted, at(rows, base + i)))
    for (let i = r; i < rp; i++) putReal(gathered, kp + i, 0)
    for (let g = kp - 4; g >= 0; g -= 4) {
      // Rows beyond the pivot block, of which U is stored as columns.
      let a0 = f64x2.splat(0), a1 = a0, a2 = a0, a3 = a0
      let p = upper + (<usize>g << 5)
      let x = gathered + (<usize>kp << 3)
      const end = gathered + (<usize>(kp + rp) << 3)
      while (x < end) {
        const s = v128.load(x), t = v128.load(x, 16)
        a0 = multiplyAdd(t, v128.load(p, 16), multiplyAdd(s, v128.load(p), a0))
        a1 = multiplyAdd(t, v128.load(p, 48), multiplyAdd(s, v128.load(p, 32), a1))
        a2 = multiplyAdd(t, v128.load(p, 80), multiplyAdd(s, v128.load(p, 64), a2))
        a3 = multiplyAdd(t, v128.load(p, 112), multiplyAdd(s, v128.load(p, 96), a3))
        p += stride
        x += 32
      }
      const row = panel + <usize>(g >> 2) * stride
      let c = f64x2.splat(0), d = c
      for (let q = g + 4; q < kp; q++) {
        const s = v128.load64_splat(gathered + (<usize>q << 3))
        c = multiplyAdd(s, v128.load(row + (<usize>q << 5)), c)
        d = multiplyAdd(s, v128.load(row + (<usize>q << 5), 16), d)
      }
      const own = row + (<usize>g << 5)
      const z = gathered + (<usize>g << 3)
      const count = min(4, k - g)
      for (let j = count - 1; j >= 0; j--) {
        const sums = j == 0 ? a0 : j == 1 ? a1 : j == 2 ? a2 : a3
        const half = j < 2 ? c : d
        const within = j & 1 ? f64x2.extract_lane(half, 1) : f64x2.extract_lane(half, 0)
        let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1) + within
        for (let i = j + 1; i < count; i++)
          sum += load<f64>(own + (<usize>i << 5) + (<usize>j << 3)) * load<f64>(z + (<usize>i << 3))
        const solved = (real(permuted, first + g + j) - sum) * real(inverse, first + g + j)
        store<f64>(z + (<usize>j << 3), solved)
        putReal(permuted, first + g + j, solved)
      }
    }
  }
}
