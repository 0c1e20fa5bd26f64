/** Symmetric weighted means along one axis in double precision, always summed in the same order. */

/** (w₀ p[0] + Σ w_k (p[−k step] + p[k step])) / total. @param weights [radius + 1] f64 */
@inline function mean(p: usize, step: usize, weights: usize, radius: i32, total: f64): f64 {
  let sum = load<f64>(weights) * load<f64>(p)
  let low = p
  let high = p
  for (let k = 1; k <= radius; k++) {
    low -= step
    high += step
    sum += load<f64>(weights + (<usize>k << 3)) * (load<f64>(low) + load<f64>(high))
  }
  return sum / total
}

/** `mean` of `count` places one after the other. @param p f64 @param step bytes @param out [count] f32 */
function meansInto(p: usize, count: i32, step: usize, weights: usize, radius: i32, total: f64, out: usize): void {
  const first = v128.load64_splat(weights)
  const totals = f64x2.splat(total)
  let i = 0
  for (; i + 8 <= count; i += 8, p += 64, out += 32) {
    let a = f64x2.mul(first, v128.load(p))
    let b = f64x2.mul(first, v128.load(p, 16))
    let c = f64x2.mul(first, v128.load(p, 32))
    let d = f64x2.mul(first, v128.load(p, 48))
    let low = p
    let high = p
    for (let k = 1; k <= radius; k++) {
      low -= step
      high += step
      const w = v128.load64_splat(weights + (<usize>k << 3))
      a = f64x2.add(a, f64x2.mul(w, f64x2.add(v128.load(low), v128.load(high))))
      b = f64x2.add(b, f64x2.mul(w, f64x2.add(v128.load(low, 16), v128.load(high, 16))))
      c = f64x2.add(c, f64x2.mul(w, f64x2.add(v128.load(low, 32), v128.load(high, 32))))
      d = f64x2.add(d, f64x2.mul(w, f64x2.add(v128.load(low, 48), v128.load(high, 48))))
    }
    v128.store64_lane(out, f32x4.demote_f64x2_zero(f64x2.div(a, totals)), 0)
    v128.store64_lane(out, f32x4.demote_f64x2_zero(f64x2.div(b, totals)), 0, 8)
    v128.store64_lane(out, f32x4.demote_f64x2_zero(f64x2.div(c, totals)), 0, 16)
    v128.store64_lane(out, f32x4.demote_f64x2_zero(f64x2.div(d, totals)), 0, 24)
  }
  for (; i < count; i++, p += 8, out += 4) store<f32>(out, <f32>mean(p, step, weights, radius, total))
}

/**
 * Along rows of n voxels, in place.
 * @param values [line, n] f32
 * @param source [n + 2 radius] i32 where in the row its continuation beyond both ends is found
 * @param scratch [n + 2 radius] f64
 */
export function rows(
  values: usize, n: i32, lines: i32, source: usize, weights: usize, radius: i32, total: f64, scratch: usize,
): void {
  for (let l = 0; l < lines; l++, values += <usize>n << 2) {
    for (let i = 0; i < n + 2 * radius; i++) {
      const at = <usize>load<i32>(source + (<usize>i << 2)) << 2
      store<f64>(scratch + (<usize>i << 3), <f64>load<f32>(values + at))
    }
    meansInto(scratch + (<usize>radius << 3), n, 8, weights, radius, total, values)
  }
}

/** Columns that are taken together: a vector's load serves them, and they stay in the cache. */
const together: i32 = 32

/**
 * Along columns of n voxels, each m voxels after the last, in place.
 * @param values [n, m] f32 @param source as of `rows` @param scratch [n + 2 radius, together] f64
 */
export function columns(
  values: usize, n: i32, m: i32, source: usize, weights: usize, radius: i32, total: f64, scratch: usize,
): void {
  const step = <usize>together << 3
  for (let first = 0; first < m; first += together) {
    const count = min(together, m - first)
    for (let i = 0; i < n + 2 * radius; i++) {
      const from = values + (<usize>(m * load<i32>(source + (<usize>i << 2)) + first) << 2)
      const to = scratch + step * <usize>i
      for (let x = 0; x < count; x++) store<f64>(to + (<usize>x << 3), <f64>load<f32>(from + (<usize>x << 2)))
    }
    for (let i = 0; i < n; i++) {
      const out = values + (<usize>(m * i + first) << 2)
      meansInto(scratch + step * <usize>(i + radius), count, step, weights, radius, total, out)
    }
  }
}
