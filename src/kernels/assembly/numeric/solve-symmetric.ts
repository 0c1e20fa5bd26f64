import { at, putReal, real } from "../parts/memory"
import { multiplyAdd } from "../parts/simd"
import {
  columnScale, equationAt, firstPosition, frontCount, gathered, inverse, padded, panelStart, panels, permuted,
  rowScale, rows, rowsStart, unknownAt, unknowns,
} from "./state"

/** Puts a right-hand side, scaled, in order of elimination. */
export function loadPermuted(rhs: usize): void {
  for (let u = 0; u < unknowns; u++) {
    const i = at(unknownAt, u)
    putReal(permuted, u, real(rhs, at(equationAt, u)) * real(rowScale, i))
  }
}

/** Takes the solution back from the order of elimination. */
export function storePermuted(out: usize): void {
  for (let u = 0; u < unknowns; u++) {
    const i = at(unknownAt, u)
    putReal(out, i, real(permuted, u) * real(columnScale, i))
  }
}

/** L y = b in place, for so many fronts. */
export function forwardSymmetric(fronts: i32): void {
  for (let f = 0; f < fronts; f++) {
    const first = at(firstPosition, f)
    const k = at(firstPosition, f + 1) - first
    const base = at(rowsStart, f)
    const r = at(rowsStart, f + 1) - base
    const kp = padded(k)
    const stride = <usize>kp << 5
    const panel = panels + (<usize>at(panelStart, f) << 3)
    const y = permuted + (<usize>first << 3)
    for (let g = 0; g < k; g += 4) {
      const row = panel + <usize>(g >> 2) * stride
      let a = f64x2.splat(0), b = a
      for (let q = 0; q < g; q++) {
        const s = v128.load64_splat(y + (<usize>q << 3))
        a = multiplyAdd(s, v128.load(row + (<usize>q << 5)), a)
        b = multiplyAdd(s, v128.load(row + (<usize>q << 5), 16), b)
      }
      const own = row + (<usize>g << 5)
      const count = min(4, k - g)
      const z = y + (<usize>g << 3)
      const x0 = (load<f64>(z) - f64x2.extract_lane(a, 0)) * Math.abs(real(inverse, first + g))
      store<f64>(z, x0)
      if (count == 1) break
      const x1 =
        (load<f64>(z, 8) - f64x2.extract_lane(a, 1) - load<f64>(own, 8) * x0) *
        Math.abs(real(inverse, first + g + 1))
      store<f64>(z, x1, 8)
      if (count == 2) break
      const x2 =
        (load<f64>(z, 16) - f64x2.extract_lane(b, 0) - load<f64>(own, 16) * x0 - load<f64>(own, 48) * x1) *
        Math.abs(real(inverse, first + g + 2))
      store<f64>(z, x2, 16)
      if (count == 3) break
      const left = load<f64>(z, 24) - f64x2.extract_lane(b, 1) - load<f64>(own, 24) * x0 - load<f64>(own, 56) * x1
      store<f64>(z, (left - load<f64>(own, 88) * x2) * Math.abs(real(inverse, first + g + 3)), 24)
    }
    const bytes = <usize>k << 5
    let row = panel + <usize>(kp >> 2) * stride
    for (let i = 0; i < r; i += 4) {
      let a = f64x2.splat(0), b = a, c = a, d = a
      let p = row, q = y
      const even = row + (bytes & ~63)
      while (p < even) {
        const s = v128.load64_splat(q), t = v128.load64_splat(q, 8)
        a = multiplyAdd(s, v128.load(p), a)
        b = multiplyAdd(s, v128.load(p, 16), b)
        c = multiplyAdd(t, v128.load(p, 32), c)
        d = multiplyAdd(t, v128.load(p, 48), d)
        p += 64
        q += 16
      }
      if (p < row + bytes) {
        const s = v128.load64_splat(q)
        a = multiplyAdd(s, v128.load(p), a)
        b = multiplyAdd(s, v128.load(p, 16), b)
      }
      a = f64x2.add(a, c)
      b = f64x2.add(b, d)
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

/** Lᵀ x = S y in place, from the last of so many fronts. */
export function backwardSymmetric(fronts: i32): void {
  for (let f = fronts - 1; f >= 0; f--) {
    const first = at(firstPosition, f)
    const k = at(firstPosition, f + 1) - first
    const base = at(rowsStart, f)
    const r = at(rowsStart, f + 1) - base
    const kp = padded(k), rp = padded(r)
    const stride = <usize>kp << 5
    const panel = panels + (<usize>at(panelStart, f) << 3)
    // The front's part of the solution: pivots with their padding, then rows.
    for (let t = k; t < kp; t++) putReal(gathered, t, 0)
    for (let i = 0; i < r; i++) putReal(gathered, kp + i, real(permuted, at(rows, base + i)))
    for (let i = r; i < rp; i++) putReal(gathered, kp + i, 0)
    for (let g = kp - 4; g >= 0; g -= 4) {
      let a0 = f64x2.splat(0), a1 = a0, a2 = a0, a3 = a0
      let p = panel + <usize>((g >> 2) + 1) * stride + (<usize>g << 5)
      let x = gathered + (<usize>(g + 4) << 3)
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
      const own = panel + <usize>(g >> 2) * stride + (<usize>g << 5)
      const z = gathered + (<usize>g << 3)
      const count = min(4, k - g)
      for (let j = count - 1; j >= 0; j--) {
        const sums = j == 0 ? a0 : j == 1 ? a1 : j == 2 ? a2 : a3
        let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)
        for (let i = j + 1; i < count; i++)
          sum += load<f64>(own + (<usize>j << 5) + (<usize>i << 3)) * load<f64>(z + (<usize>i << 3))
        const inverted = real(inverse, first + g + j)
        const y = real(permuted, first + g + j)
        const solved = ((inverted < 0 ? -y : y) - sum) * Math.abs(inverted)
        store<f64>(z + (<usize>j << 3), solved)
        putReal(permuted, first + g + j, solved)
      }
    }
  }
}
