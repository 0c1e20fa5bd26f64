import { negativeMultiplyAdd } from "../parts/simd"

/**
 * Sixteen numbers at `t`, four columns of four rows, less the product of a block of four rows (`x`, columns of four)
 * with another block transposed (`y`): t[j][i] −= Σ_q x[q][i] y[q][j].
 */
@inline export function subtractColumns(t: usize, x: usize, y: usize, count: i32): void {
  let c00 = v128.load(t), c01 = v128.load(t, 16), c10 = v128.load(t, 32), c11 = v128.load(t, 48)
  let c20 = v128.load(t, 64), c21 = v128.load(t, 80), c30 = v128.load(t, 96), c31 = v128.load(t, 112)
  const end = x + (<usize>count << 5)
  while (x < end) {
    const x0 = v128.load(x), x1 = v128.load(x, 16)
    let s = v128.load64_splat(y)
    c00 = negativeMultiplyAdd(s, x0, c00)
    c01 = negativeMultiplyAdd(s, x1, c01)
    s = v128.load64_splat(y, 8)
    c10 = negativeMultiplyAdd(s, x0, c10)
    c11 = negativeMultiplyAdd(s, x1, c11)
    s = v128.load64_splat(y, 16)
    c20 = negativeMultiplyAdd(s, x0, c20)
    c21 = negativeMultiplyAdd(s, x1, c21)
    s = v128.load64_splat(y, 24)
    c30 = negativeMultiplyAdd(s, x0, c30)
    c31 = negativeMultiplyAdd(s, x1, c31)
    x += 32
    y += 32
  }
  v128.store(t, c00)
  v128.store(t, c01, 16)
  v128.store(t, c10, 32)
  v128.store(t, c11, 48)
  v128.store(t, c20, 64)
  v128.store(t, c21, 80)
  v128.store(t, c30, 96)
  v128.store(t, c31, 112)
}

/**
 * Four rows of four numbers at `t`, rows `stride` bytes apart: t[i][j] = (keep ? t[i][j] : 0) − Σ_q x[q][i] y[q][j].
 */
@inline export function subtractRows(t: usize, stride: usize, x: usize, y: usize, count: i32, keep: bool): void {
  let c00 = f64x2.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00
  const t1 = t + stride, t2 = t1 + stride, t3 = t2 + stride
  if (keep) {
    c00 = v128.load(t)
    c01 = v128.load(t, 16)
    c10 = v128.load(t1)
    c11 = v128.load(t1, 16)
    c20 = v128.load(t2)
    c21 = v128.load(t2, 16)
    c30 = v128.load(t3)
    c31 = v128.load(t3, 16)
  }
  const end = x + (<usize>count << 5)
  while (x < end) {
    const y0 = v128.load(y), y1 = v128.load(y, 16)
    let s = v128.load64_splat(x)
    c00 = negativeMultiplyAdd(s, y0, c00)
    c01 = negativeMultiplyAdd(s, y1, c01)
    s = v128.load64_splat(x, 8)
    c10 = negativeMultiplyAdd(s, y0, c10)
    c11 = negativeMultiplyAdd(s, y1, c11)
    s = v128.load64_splat(x, 16)
    c20 = negativeMultiplyAdd(s, y0, c20)
    c21 = negativeMultiplyAdd(s, y1, c21)
    s = v128.load64_splat(x, 24)
    c30 = negativeMultiplyAdd(s, y0, c30)
    c31 = negativeMultiplyAdd(s, y1, c31)
    x += 32
    y += 32
  }
  v128.store(t, c00)
  v128.store(t, c01, 16)
  v128.store(t1, c10)
  v128.store(t1, c11, 16)
  v128.store(t2, c20)
  v128.store(t2, c21, 16)
  v128.store(t3, c30)
  v128.store(t3, c31, 16)
}
