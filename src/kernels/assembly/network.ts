/**
 * Layers of a network on columns of samples: every quantity is a row of numbers, one a sample, rows a multiple of four
 * samples apart. `count` is that padded number; samples beyond the true ones must be kept at zero where they would add.
 */
import { multiplyAdd } from "./parts/simd"

/**
 * out[i] = bias[i] + Σ_k a[i rowStride + k columnStride] x[k] for `rows` rows of `count` samples; strides in numbers.
 * @param bias 0 for none
 */
export function affine(
  a: usize, rows: i32, depth: i32, rowStride: i32, columnStride: i32, bias: usize, x: usize, count: i32, out: usize,
): void {
  const line = <usize>count << 3
  const across = <usize>rowStride << 3, along = <usize>columnStride << 3
  let i = 0
  for (; i + 4 <= rows; i += 4) {
    const a0 = a + <usize>i * across, a1 = a0 + across, a2 = a1 + across, a3 = a2 + across
    const b0 = bias ? v128.load64_splat(bias + (<usize>i << 3)) : f64x2.splat(0)
    const b1 = bias ? v128.load64_splat(bias + (<usize>i << 3), 8) : f64x2.splat(0)
    const b2 = bias ? v128.load64_splat(bias + (<usize>i << 3), 16) : f64x2.splat(0)
    const b3 = bias ? v128.load64_splat(bias + (<usize>i << 3), 24) : f64x2.splat(0)
    const o0 = out + <usize>i * line, o1 = o0 + line, o2 = o1 + line, o3 = o2 + line
    for (let at: usize = 0; at < line; at += 32) {
      let c00 = b0, c01 = b0, c10 = b1, c11 = b1, c20 = b2, c21 = b2, c30 = b3, c31 = b3
      let p = x + at, q: usize = 0
      for (let k = 0; k < depth; k++) {
        const x0 = v128.load(p), x1 = v128.load(p, 16)
        let s = v128.load64_splat(a0 + q)
        c00 = multiplyAdd(s, x0, c00)
        c01 = multiplyAdd(s, x1, c01)
        s = v128.load64_splat(a1 + q)
        c10 = multiplyAdd(s, x0, c10)
        c11 = multiplyAdd(s, x1, c11)
        s = v128.load64_splat(a2 + q)
        c20 = multiplyAdd(s, x0, c20)
        c21 = multiplyAdd(s, x1, c21)
        s = v128.load64_splat(a3 + q)
        c30 = multiplyAdd(s, x0, c30)
        c31 = multiplyAdd(s, x1, c31)
        p += line
        q += along
      }
      v128.store(o0 + at, c00)
      v128.store(o0 + at, c01, 16)
      v128.store(o1 + at, c10)
      v128.store(o1 + at, c11, 16)
      v128.store(o2 + at, c20)
      v128.store(o2 + at, c21, 16)
      v128.store(o3 + at, c30)
      v128.store(o3 + at, c31, 16)
    }
  }
  for (; i < rows; i++) {
    const a0 = a + <usize>i * across
    const b0 = bias ? v128.load64_splat(bias + (<usize>i << 3)) : f64x2.splat(0)
    const o0 = out + <usize>i * line
    for (let at: usize = 0; at < line; at += 32) {
      let c0 = b0, c1 = b0
      let p = x + at, q = a0
      for (let k = 0; k < depth; k++) {
        const s = v128.load64_splat(q)
        c0 = multiplyAdd(s, v128.load(p), c0)
        c1 = multiplyAdd(s, v128.load(p, 16), c1)
        p += line
        q += along
      }
      v128.store(o0 + at, c0)
      v128.store(o0 + at, c1, 16)
    }
  }
}

@inline function total(a: v128): f64 {
  return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1)
}

@inline function addTo(at: usize, value: f64): void {
  store<f64>(at, load<f64>(at) + value)
}

/** out[i, k] += Σ_samples d[i] x[k], out [rows, depth] row by row. */
export function addOuter(d: usize, rows: i32, x: usize, depth: i32, count: i32, out: usize): void {
  const line = <usize>count << 3
  const width = <usize>depth << 3
  let i = 0
  for (; i + 2 <= rows; i += 2) {
    const d0 = d + <usize>i * line, d1 = d0 + line
    let o = out + <usize>i * width
    let k = 0
    for (; k + 4 <= depth; k += 4) {
      const x0 = x + <usize>k * line, x1 = x0 + line, x2 = x1 + line, x3 = x2 + line
      let c00 = f64x2.splat(0), c01 = c00, c02 = c00, c03 = c00, c10 = c00, c11 = c00, c12 = c00, c13 = c00
      for (let at: usize = 0; at < line; at += 16) {
        const left = v128.load(d0 + at), right = v128.load(d1 + at)
        let y = v128.load(x0 + at)
        c00 = multiplyAdd(left, y, c00)
        c10 = multiplyAdd(right, y, c10)
        y = v128.load(x1 + at)
        c01 = multiplyAdd(left, y, c01)
        c11 = multiplyAdd(right, y, c11)
        y = v128.load(x2 + at)
        c02 = multiplyAdd(left, y, c02)
        c12 = multiplyAdd(right, y, c12)
        y = v128.load(x3 + at)
        c03 = multiplyAdd(left, y, c03)
        c13 = multiplyAdd(right, y, c13)
      }
      addTo(o, total(c00))
      addTo(o + 8, total(c01))
      addTo(o + 16, total(c02))
      addTo(o + 24, total(c03))
      addTo(o + width, total(c10))
      addTo(o + width + 8, total(c11))
      addTo(o + width + 16, total(c12))
      addTo(o + width + 24, total(c13))
      o += 32
    }
    for (; k < depth; k++) {
      const x0 = x + <usize>k * line
      let c0 = f64x2.splat(0), c1 = c0
      for (let at: usize = 0; at < line; at += 16) {
        const y = v128.load(x0 + at)
        c0 = multiplyAdd(v128.load(d0 + at), y, c0)
        c1 = multiplyAdd(v128.load(d1 + at), y, c1)
      }
      addTo(o, total(c0))
      addTo(o + width, total(c1))
      o += 8
    }
  }
  for (; i < rows; i++) {
    const d0 = d + <usize>i * line
    let o = out + <usize>i * width
    for (let k = 0; k < depth; k++) {
      const x0 = x + <usize>k * line
      let c0 = f64x2.splat(0), c1 = c0
      for (let at: usize = 0; at < line; at += 32) {
        c0 = multiplyAdd(v128.load(d0 + at), v128.load(x0 + at), c0)
        c1 = multiplyAdd(v128.load(d0 + at, 16), v128.load(x0 + at, 16), c1)
      }
      addTo(o, total(f64x2.add(c0, c1)))
      o += 8
    }
  }
}

/** out[i] += Σ_samples d[i] */
export function addSums(d: usize, rows: i32, count: i32, out: usize): void {
  for (let i = 0; i < rows; i++) {
    let c0 = f64x2.splat(0), c1 = c0
    const end = d + (<usize>count << 3)
    for (; d < end; d += 32) {
      c0 = f64x2.add(c0, v128.load(d))
      c1 = f64x2.add(c1, v128.load(d, 16))
    }
    addTo(out + (<usize>i << 3), total(f64x2.add(c0, c1)))
  }
}

/** Samples from `used` on are set to zero in every row. */
export function clearBeyond(d: usize, rows: i32, used: i32, count: i32): void {
  if (used == count) return
  for (let i = 0; i < rows; i++) {
    memory.fill(d + (<usize>used << 3), 0, <usize>(count - used) << 3)
    d += <usize>count << 3
  }
}

/** eˣ of two numbers in [−708, 708], to 2 units in the last place: 2ⁿ eʳ, |r| ≤ ln 2 / 2, by Taylor's series. */
@inline function exponential(x: v128): v128 {
  x = f64x2.min(f64x2.max(x, f64x2.splat(-708)), f64x2.splat(708))
  const n = f64x2.nearest(f64x2.mul(x, f64x2.splat(1.4426950408889634)))
  let r = multiplyAdd(n, f64x2.splat(-0.6931471803691238), x)
  r = multiplyAdd(n, f64x2.splat(-1.9082149292705877e-10), r)
  let p = f64x2.splat(1.0 / 6227020800.0)
  p = multiplyAdd(p, r, f64x2.splat(1.0 / 479001600.0))
  p = multiplyAdd(p, r, f64x2.splat(1.0 / 39916800.0))
  p = multiplyAdd(p, r, f64x2.splat(1.0 / 3628800.0))
  p = multiplyAdd(p, r, f64x2.splat(1.0 / 362880.0))
  p = multiplyAdd(p, r, f64x2.splat(1.0 / 40320.0))
  p = multiplyAdd(p, r, f64x2.splat(1.0 / 5040.0))
  p = multiplyAdd(p, r, f64x2.splat(1.0 / 720.0))
  p = multiplyAdd(p, r, f64x2.splat(1.0 / 120.0))
  p = multiplyAdd(p, r, f64x2.splat(1.0 / 24.0))
  p = multiplyAdd(p, r, f64x2.splat(1.0 / 6.0))
  p = multiplyAdd(p, r, f64x2.splat(0.5))
  p = multiplyAdd(p, r, f64x2.splat(1))
  p = multiplyAdd(p, r, f64x2.splat(1))
  // 2ⁿ by its exponent: adding 1.5·2⁵² leaves n in the low bits.
  const bits = i64x2.add(f64x2.add(n, f64x2.splat(6755399441055744)), i64x2.splat(1023))
  return f64x2.mul(p, i64x2.shl(bits, 52))
}

/** z ← 1 / (1 + e⁻ᶻ) */
export function sigmoid(z: usize, numbers: i32): void {
  const one = f64x2.splat(1)
  const end = z + (<usize>numbers << 3)
  for (; z < end; z += 16) v128.store(z, f64x2.div(one, f64x2.add(one, exponential(f64x2.neg(v128.load(z))))))
}

/** z ← tanh z, as 2 / (1 + e⁻²ᶻ) − 1: to some 1e-16 of 1 */
export function hyperbolicTangent(z: usize, numbers: i32): void {
  const one = f64x2.splat(1), two = f64x2.splat(2)
  const end = z + (<usize>numbers << 3)
  for (; z < end; z += 16) {
    const e = exponential(f64x2.mul(f64x2.splat(-2), v128.load(z)))
    v128.store(z, f64x2.sub(f64x2.div(two, f64x2.add(one, e)), one))
  }
}

/** d ← (d + extra) y (1 − y) of each row; @param extra [row] */
export function backThroughSigmoid(d: usize, y: usize, extra: usize, rows: i32, count: i32): void {
  const one = f64x2.splat(1)
  for (let i = 0; i < rows; i++) {
    const more = v128.load64_splat(extra + (<usize>i << 3))
    const end = d + (<usize>count << 3)
    for (; d < end; d += 16) {
      const a = v128.load(y)
      v128.store(d, f64x2.mul(f64x2.add(v128.load(d), more), f64x2.mul(a, f64x2.sub(one, a))))
      y += 16
    }
  }
}

/** d ← d (1 − y²) */
export function backThroughTangent(d: usize, y: usize, numbers: i32): void {
  const one = f64x2.splat(1)
  const end = d + (<usize>numbers << 3)
  for (; d < end; d += 16) {
    const a = v128.load(y)
    v128.store(d, f64x2.mul(v128.load(d), f64x2.sub(one, f64x2.mul(a, a))))
    y += 16
  }
}

/** Σ (y − x)² over rows of true samples; out ← factor (y − x), zero beyond them. */
export function residual(y: usize, x: usize, rows: i32, used: i32, count: i32, factor: f64, out: usize): f64 {
  let squares = f64x2.splat(0)
  const scale = f64x2.splat(factor)
  clearBeyond(y, rows, used, count)
  clearBeyond(x, rows, used, count)
  const end = y + (<usize>(rows * count) << 3)
  for (; y < end; y += 16) {
    const d = f64x2.sub(v128.load(y), v128.load(x))
    squares = multiplyAdd(d, d, squares)
    v128.store(out, f64x2.mul(scale, d))
    x += 16
    out += 16
  }
  return total(squares)
}
