import { negativeMultiplyAdd } from "../parts/simd"

/** Inverses of the four pivots at hand. */
export let inverse0: f64 = 1
export let inverse1: f64 = 1
export let inverse2: f64 = 1
export let inverse3: f64 = 1

@inline export function setInverses(a: f64, b: f64, c: f64, d: f64): void {
  inverse0 = a
  inverse1 = b
  inverse2 = c
  inverse3 = d
}

@inline export function setInverse(j: i32, value: f64): void {
  if (j == 0) inverse0 = value
  else if (j == 1) inverse1 = value
  else if (j == 2) inverse2 = value
  else inverse3 = value
}

/**
 * Four columns of four rows at `t` after division by a triangle: x[j] = (t[j] − Σ_{q<j} x[q] y[q][j]) inverse[j],
 * where y holds rows of four.
 */
@inline export function solveTile(t: usize, y: usize): void {
  let s = f64x2.splat(inverse0)
  const a0 = f64x2.mul(v128.load(t), s), b0 = f64x2.mul(v128.load(t, 16), s)
  s = v128.load64_splat(y, 8)
  let a1 = negativeMultiplyAdd(s, a0, v128.load(t, 32)), b1 = negativeMultiplyAdd(s, b0, v128.load(t, 48))
  s = v128.load64_splat(y, 16)
  let a2 = negativeMultiplyAdd(s, a0, v128.load(t, 64)), b2 = negativeMultiplyAdd(s, b0, v128.load(t, 80))
  s = v128.load64_splat(y, 24)
  let a3 = negativeMultiplyAdd(s, a0, v128.load(t, 96)), b3 = negativeMultiplyAdd(s, b0, v128.load(t, 112))
  s = f64x2.splat(inverse1)
  a1 = f64x2.mul(a1, s)
  b1 = f64x2.mul(b1, s)
  s = v128.load64_splat(y, 48)
  a2 = negativeMultiplyAdd(s, a1, a2)
  b2 = negativeMultiplyAdd(s, b1, b2)
  s = v128.load64_splat(y, 56)
  a3 = negativeMultiplyAdd(s, a1, a3)
  b3 = negativeMultiplyAdd(s, b1, b3)
  s = f64x2.splat(inverse2)
  a2 = f64x2.mul(a2, s)
  b2 = f64x2.mul(b2, s)
  s = v128.load64_splat(y, 88)
  a3 = negativeMultiplyAdd(s, a2, a3)
  b3 = negativeMultiplyAdd(s, b2, b3)
  s = f64x2.splat(inverse3)
  v128.store(t, a0)
  v128.store(t, b0, 16)
  v128.store(t, a1, 32)
  v128.store(t, b1, 48)
  v128.store(t, a2, 64)
  v128.store(t, b2, 80)
  v128.store(t, f64x2.mul(a3, s), 96)
  v128.store(t, f64x2.mul(b3, s), 112)
}

@inline export function inverseAt(j: i32): f64 {
  return j == 0 ? inverse0 : j == 1 ? inverse1 : j == 2 ? inverse2 : inverse3
}

/**
 * The same where some pivots were nothing: their columns become zero.
 * @param nulls bits of those columns
 * @returns     bits of those in which more than `limit` was lost
 */
export function solveTileWithNulls(t: usize, y: usize, nulls: i32, limit: f64): i32 {
  let lost = 0
  for (let j = 0; j < 4; j++) {
    const p = t + (<usize>j << 5)
    for (let i: usize = 0; i < 32; i += 8) {
      let value = load<f64>(p + i)
      for (let q = 0; q < j; q++)
        value -= load<f64>(t + (<usize>q << 5) + i) * load<f64>(y + (<usize>q << 5) + (<usize>j << 3))
      if ((nulls >>> j) & 1) {
        if (!(Math.abs(value) <= limit)) lost |= 1 << j
        store<f64>(p + i, 0)
      } else store<f64>(p + i, value * inverseAt(j))
    }
  }
  return lost
}
