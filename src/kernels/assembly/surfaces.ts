/** Small dense matrices, stored row by row without gaps, one for each particle. In memory that threads share. */
import { multiplyAdd, negativeMultiplyAdd } from "./parts/simd"

/** out = Σ_k x_k (row k of m): mᵀ x, and m x for a symmetric m. */
function combineRows(m: usize, x: usize, out: usize, n: i32): void {
  const stride = <usize>n << 3
  let i = 0
  for (; i + 8 <= n; i += 8) {
    let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0
    let p = m + (<usize>i << 3)
    for (let k = 0, q = x; k < n; k++, q += 8, p += stride) {
      const factor = v128.load64_splat(q)
      s0 = multiplyAdd(factor, v128.load(p), s0)
      s1 = multiplyAdd(factor, v128.load(p, 16), s1)
      s2 = multiplyAdd(factor, v128.load(p, 32), s2)
      s3 = multiplyAdd(factor, v128.load(p, 48), s3)
    }
    const to = out + (<usize>i << 3)
    v128.store(to, s0)
    v128.store(to, s1, 16)
    v128.store(to, s2, 32)
    v128.store(to, s3, 48)
  }
  for (; i + 2 <= n; i += 2) {
    let s0 = f64x2.splat(0), s1 = s0
    let p = m + (<usize>i << 3), q = x
    let k = 0
    for (; k + 2 <= n; k += 2, q += 16, p += stride << 1) {
      s0 = multiplyAdd(v128.load64_splat(q), v128.load(p), s0)
      s1 = multiplyAdd(v128.load64_splat(q, 8), v128.load(p + stride), s1)
    }
    if (k < n) s0 = multiplyAdd(v128.load64_splat(q), v128.load(p), s0)
    v128.store(out + (<usize>i << 3), f64x2.add(s0, s1))
  }
  if (i < n) {
    let sum: f64 = 0
    let p = m + (<usize>i << 3)
    for (let k = 0, q = x; k < n; k++, q += 8, p += stride) sum += load<f64>(q) * load<f64>(p)
    store<f64>(out + (<usize>i << 3), sum)
  }
}

/**
 * out = (1 + diag(b) Z)⁻¹, by Gauss and Jordan's elimination without pivoting: with Z ≥ 0 symmetric and b ≥ 0 all leading
 * minors are positive.
 * @param z [row, column] symmetric
 */
export function invert(z: usize, b: usize, out: usize, n: i32): void {
  const stride = <usize>n << 3
  const end = out + stride * n
  const even = <usize>(n & ~1) << 3
  for (let row = out, p = z, q = b; row < end; row += stride, p += stride, q += 8) {
    const factor = v128.load64_splat(q)
    for (let at: usize = 0; at < even; at += 16) v128.store(row + at, f64x2.mul(factor, v128.load(p + at)))
    if (n & 1) store<f64>(row + even, load<f64>(q) * load<f64>(p + even))
  }
  for (let i = 0, at = out; i < n; i++, at += stride + 8) store<f64>(at, load<f64>(at) + 1)
  for (let k = 0, pivotRow = out; k < n; k++, pivotRow += stride) {
    const corner = <usize>k << 3
    const reciprocal = 1 / load<f64>(pivotRow + corner)
    store<f64>(pivotRow + corner, 1)
    const scale = f64x2.splat(reciprocal)
    for (let at: usize = 0; at < even; at += 16) v128.store(pivotRow + at, f64x2.mul(scale, v128.load(pivotRow + at)))
    if (n & 1) store<f64>(pivotRow + even, reciprocal * load<f64>(pivotRow + even))
    for (let row = out; row < end; row += stride) {
      if (row == pivotRow) continue
      const own = load<f64>(row + corner)
      store<f64>(row + corner, 0)
      const factor = f64x2.splat(own)
      let at: usize = 0
      for (; at + 32 <= even; at += 32) {
        v128.store(row + at, negativeMultiplyAdd(factor, v128.load(pivotRow + at), v128.load(row + at)))
        v128.store(row + at, negativeMultiplyAdd(factor, v128.load(pivotRow + at, 16), v128.load(row + at, 16)), 16)
      }
      if (at < even) v128.store(row + at, negativeMultiplyAdd(factor, v128.load(pivotRow + at), v128.load(row + at)))
      if (n & 1) store<f64>(row + even, load<f64>(row + even) - own * load<f64>(pivotRow + even))
    }
  }
}

/**
 * Where surfaces go when currents change: out = −(1 + Z b)⁻¹ Z change.
 * @param inverse of `invert`
 * @param spare   n numbers
 */
export function tangent(z: usize, inverse: usize, change: usize, spare: usize, out: usize, n: i32): void {
  combineRows(z, change, spare, n)
  for (let i = 0, at = spare; i < n; i++, at += 8) store<f64>(at, -load<f64>(at))
  combineRows(inverse, spare, out, n)
}

/**
 * Newton's step of surfaces: out = (1 + Z b)⁻¹ (history − surfaces − Z current).
 * @param spare n numbers
 */
export function correction(
  z: usize,
  inverse: usize,
  history: usize,
  surfaces: usize,
  current: usize,
  spare: usize,
  out: usize,
  n: i32,
): void {
  combineRows(z, current, spare, n)
  const bytes = <usize>n << 3
  for (let at: usize = 0; at < bytes; at += 8)
    store<f64>(spare + at, load<f64>(history + at) - load<f64>(surfaces + at) - load<f64>(spare + at))
  combineRows(inverse, spare, out, n)
}
