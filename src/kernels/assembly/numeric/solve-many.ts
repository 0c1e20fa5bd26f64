import { at, real } from "../parts/memory"
import { negativeMultiplyAdd } from "../parts/simd"
import {
  columnScale, equationAt, firstPosition, gatheredMany, inverse, padded, panelStart, panels, permutedMany, pivotRow,
  rowScale, rows, rowsStart, unknownAt, unknowns,
} from "./state"
import { subtractRows } from "./tile"

/*
 * Four right-hand sides at a time: row u of the vectors holds the four numbers of position u, so that panels are read
 * once for all and the arithmetic is that of a matrix product.
 */

/** Right-hand sides stored one after the other; those beyond `columns` become zero. */
export function loadMany(rhs: usize, columns: i32): void {
  for (let u = 0; u < unknowns; u++) {
    const i = at(unknownAt, u)
    const scale = real(rowScale, i)
    const to = permutedMany + (<usize>u << 5)
    let from = rhs + (<usize>at(equationAt, u) << 3)
    for (let c = 0; c < 4; c++) {
      store<f64>(to + (<usize>c << 3), c < columns ? load<f64>(from) * scale : 0)
      from += <usize>unknowns << 3
    }
  }
}

export function storeMany(out: usize, columns: i32): void {
  for (let u = 0; u < unknowns; u++) {
    const i = at(unknownAt, u)
    const scale = real(columnScale, i)
    const from = permutedMany + (<usize>u << 5)
    let to = out + (<usize>i << 3)
    for (let c = 0; c < columns; c++) {
      store<f64>(to, load<f64>(from + (<usize>c << 3)) * scale)
      to += <usize>unknowns << 3
    }
  }
}

/** Row i less a multiple of row j, of four numbers each. */
@inline function eliminateRow(row: usize, by: usize, l: usize): void {
  const s = v128.load64_splat(l)
  v128.store(row, negativeMultiplyAdd(s, v128.load(by), v128.load(row)))
  v128.store(row, negativeMultiplyAdd(s, v128.load(by, 16), v128.load(row, 16)), 16)
}

@inline function scaleRow(row: usize, factor: f64): void {
  const s = f64x2.splat(factor)
  v128.store(row, f64x2.mul(s, v128.load(row)))
  v128.store(row, f64x2.mul(s, v128.load(row, 16)), 16)
}

@inline function copyRow(to: usize, from: usize): void {
  v128.store(to, v128.load(from))
  v128.store(to, v128.load(from, 16), 16)
}

export function forwardMany(fronts: i32, general: i32): void {
  for (let f = 0; f < fronts; f++) {
    const first = at(firstPosition, f)
    const k = at(firstPosition, f + 1) - first
    const base = at(rowsStart, f)
    const r = at(rowsStart, f + 1) - base
    const kp = padded(k)
    const stride = <usize>kp << 5
    const panel = panels + (<usize>at(panelStart, f) << 3)
    const own = permutedMany + (<usize>first << 5)
    for (let t = 0; t < k; t++)
      copyRow(gatheredMany + (<usize>t << 5), own + (<usize>(general ? at(pivotRow, first + t) : t) << 5))
    memory.fill(gatheredMany + (<usize>k << 5), 0, <usize>(kp - k) << 5)
    for (let g = 0; g < k; g += 4) {
      const row = panel + <usize>(g >> 2) * stride
      const z = gatheredMany + (<usize>g << 5)
      const l = row + (<usize>g << 5)
      if (g > 0) subtractRows(z, 32, row, gatheredMany, g, true)
      for (let i = 0; i < 4; i++) {
        const zi = z + (<usize>i << 5)
        for (let j = 0; j < i; j++) eliminateRow(zi, z + (<usize>j << 5), l + (<usize>j << 5) + (<usize>i << 3))
        if (!general && g + i < k) scaleRow(zi, Math.abs(real(inverse, first + g + i)))
      }
    }
    memory.copy(own, gatheredMany, <usize>k << 5)
    let row = panel + <usize>(kp >> 2) * stride
    const tile = gatheredMany + stride
    for (let i = 0; i < r; i += 4) {
      subtractRows(tile, 32, row, gatheredMany, k, false)
      const count = min(4, r - i)
      for (let a = 0; a < count; a++) {
        const to = permutedMany + (<usize>at(rows, base + i + a) << 5)
        const from = tile + (<usize>a << 5)
        v128.store(to, f64x2.add(v128.load(to), v128.load(from)))
        v128.store(to, f64x2.add(v128.load(to, 16), v128.load(from, 16)), 16)
      }
      row += stride
    }
  }
}

/** Four rows `z` less the product of blocks of a panel, transposed, with rows of `x`. */
@inline function subtractTransposed(z: usize, panel: usize, stride: usize, x: usize, end: usize): void {
  let c00 = v128.load(z), c01 = v128.load(z, 16), c10 = v128.load(z, 32), c11 = v128.load(z, 48)
  let c20 = v128.load(z, 64), c21 = v128.load(z, 80), c30 = v128.load(z, 96), c31 = v128.load(z, 112)
  while (x < end) {
    for (let i: usize = 0; i < 4; i++) {
      const p = panel + (i << 3)
      const x0 = v128.load(x), x1 = v128.load(x, 16)
      let s = v128.load64_splat(p)
      c00 = negativeMultiplyAdd(s, x0, c00)
      c01 = negativeMultiplyAdd(s, x1, c01)
      s = v128.load64_splat(p, 32)
      c10 = negativeMultiplyAdd(s, x0, c10)
      c11 = negativeMultiplyAdd(s, x1, c11)
      s = v128.load64_splat(p, 64)
      c20 = negativeMultiplyAdd(s, x0, c20)
      c21 = negativeMultiplyAdd(s, x1, c21)
      s = v128.load64_splat(p, 96)
      c30 = negativeMultiplyAdd(s, x0, c30)
      c31 = negativeMultiplyAdd(s, x1, c31)
      x += 32
    }
    panel += stride
  }
  v128.store(z, c00)
  v128.store(z, c01, 16)
  v128.store(z, c10, 32)
  v128.store(z, c11, 48)
  v128.store(z, c20, 64)
  v128.store(z, c21, 80)
  v128.store(z, c30, 96)
  v128.store(z, c31, 112)
}

export function backwardMany(fronts: i32, general: i32): void {
  for (let f = fronts - 1; f >= 0; f--) {
    const first = at(firstPosition, f)
    const k = at(firstPosition, f + 1) - first
    const base = at(rowsStart, f)
    const r = at(rowsStart, f + 1) - base
    const kp = padded(k), rp = padded(r)
    const stride = <usize>kp << 5
    const panel = panels + (<usize>at(panelStart, f) << 3)
    const beyond = panel + (<usize>(general ? kp + rp : kp) >> 2) * stride
    const own = permutedMany + (<usize>first << 5)
    for (let t = 0; t < k; t++) {
      copyRow(gatheredMany + (<usize>t << 5), own + (<usize>t << 5))
      if (!general && real(inverse, first + t) < 0) scaleRow(gatheredMany + (<usize>t << 5), -1)
    }
    memory.fill(gatheredMany + (<usize>k << 5), 0, <usize>(kp - k) << 5)
    const others = gatheredMany + (<usize>kp << 5)
    for (let i = 0; i < r; i++) copyRow(others + (<usize>i << 5), permutedMany + (<usize>at(rows, base + i) << 5))
    memory.fill(others + (<usize>r << 5), 0, <usize>(rp - r) << 5)
    const end = others + (<usize>rp << 5)
    for (let g = kp - 4; g >= 0; g -= 4) {
      const z = gatheredMany + (<usize>g << 5)
      const row = panel + <usize>(g >> 2) * stride
      const l = row + (<usize>g << 5)
      subtractTransposed(z, beyond + (<usize>g << 5), stride, others, end)
      if (general) subtractRows(z, 32, row + (<usize>(g + 4) << 5), z + 128, kp - g - 4, true)
      else subtractTransposed(z, l + stride, stride, z + 128, others)
      for (let j = min(3, k - g - 1); j >= 0; j--) {
        const zj = z + (<usize>j << 5)
        for (let i = j + 1; i < 4; i++) {
          const entry = general ? l + (<usize>i << 5) + (<usize>j << 3) : l + (<usize>j << 5) + (<usize>i << 3)
          eliminateRow(zj, z + (<usize>i << 5), entry)
        }
        const inverted = real(inverse, first + g + j)
        scaleRow(zj, general ? inverted : Math.abs(inverted))
      }
    }
    memory.copy(own, gatheredMany, <usize>k << 5)
  }
}
