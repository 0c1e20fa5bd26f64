/** Filters that look at a fixed surrounding of every voxel, always in the same order: boxes do not show in the result. */

/**
 * out[i] = w₀ v[i] + Σ w_k (v[i − k stride] + v[i + k stride]) for first ≤ i < end.
 * @param values f32 @param weights [radius + 1] f32 @param out f32, not the values
 */
export function blend(
  values: usize, first: i32, end: i32, stride: i32, weights: usize, radius: i32, out: usize,
): void {
  const step = <usize>stride << 2
  let at = values + (<usize>first << 2)
  let to = out + (<usize>first << 2)
  // What the last vector writes too much is written again by whoever owns it: blocks have room behind their end.
  for (let i = first; i < end; i += 4, at += 16, to += 16) {
    let sum = f32x4.mul(v128.load(at), v128.load32_splat(weights))
    let low = at
    let high = at
    for (let k = 1; k <= radius; k++) {
      low -= step
      high += step
      const both = f32x4.add(v128.load(low), v128.load(high))
      sum = f32x4.add(sum, f32x4.mul(both, v128.load32_splat(weights + (<usize>k << 2))))
    }
    v128.store(to, sum)
  }
}

/** Sorts a pair of vectors, lane by lane. */
@inline function exchange(low: usize, high: usize): void {
  const a = v128.load(low)
  const b = v128.load(high)
  v128.store(low, f32x4.pmin(a, b))
  v128.store(high, f32x4.pmax(a, b))
}

/** Moves the least of so many vectors to the front and the greatest to the back, lane by lane. */
@inline function part(scratch: usize, size: usize): void {
  // The lesser of each pair to the front, the greater to the back; then the least first and the greatest last.
  const back = scratch + ((size - 1) << 4)
  const half = (size >> 1) << 4
  for (let k: usize = 0; k < half; k += 16) exchange(scratch + k, back - k)
  const front = half + ((size & 1) << 4)
  for (let k: usize = 16; k < front; k += 16) exchange(scratch, scratch + k)
  for (let k: usize = 16; k < front; k += 16) exchange(back - k, back)
}

/**
 * Median over an odd number of places around each voxel, first ≤ i < end, by forgetting the least and the greatest of
 * just over half of them, over and over.
 * @param steps [count] i32 offsets @param scratch [count / 2 + 2] vectors @param out f32, not the values
 */
export function middle(
  values: usize, first: i32, end: i32, steps: usize, count: i32, scratch: usize, out: usize,
): void {
  const most = (count >> 1) + 2
  for (let i = first; i < end; i += 4) {
    const at = values + (<usize>i << 2)
    for (let k = 0; k < most; k++) {
      const offset = <isize>load<i32>(steps + (<usize>k << 2))
      v128.store(scratch + (<usize>k << 4), v128.load(at + (offset << 2)))
    }
    let size = <usize>most
    for (let next = most; ; next++) {
      part(scratch, size--)
      if (next == count) break
      const offset = <isize>load<i32>(steps + (<usize>next << 2))
      v128.store(scratch, v128.load(at + (offset << 2)))
    }
    v128.store(out + (<usize>i << 2), v128.load(scratch, 16))
  }
}

/** Sorts entries a and b of the scratch. */
@inline function order(scratch: usize, a: usize, b: usize): void {
  exchange(scratch + (a << 4), scratch + (b << 4))
}

/** Sorts nine vectors, lane by lane. R. W. Floyd's network of 25 exchanges. */
@inline function sortNine(s: usize): void {
  order(s, 0, 1); order(s, 3, 4); order(s, 6, 7)
  order(s, 1, 2); order(s, 4, 5); order(s, 7, 8)
  order(s, 0, 1); order(s, 3, 4); order(s, 6, 7)
  order(s, 0, 3); order(s, 3, 6); order(s, 0, 3)
  order(s, 1, 4); order(s, 4, 7); order(s, 1, 4)
  order(s, 2, 5); order(s, 5, 8); order(s, 2, 5)
  order(s, 1, 3); order(s, 5, 7)
  order(s, 2, 6); order(s, 4, 6); order(s, 2, 4)
  order(s, 2, 3); order(s, 5, 6)
}

/** Sorts three vectors and keeps the entries `keep…` of them: 1 the least, 2 the middle, 4 the greatest. */
@inline function sortThree(a: v128, b: v128, c: v128, keep: i32, to: usize): usize {
  const low = f32x4.pmin(a, b)
  const high = f32x4.pmax(a, b)
  const rest = f32x4.pmin(high, c)
  if (keep & 1) {
    v128.store(to, f32x4.pmin(low, rest))
    to += 16
  }
  if (keep & 2) {
    v128.store(to, f32x4.pmax(low, rest))
    to += 16
  }
  if (keep & 4) {
    v128.store(to, f32x4.pmax(high, c))
    to += 16
  }
  return to
}

/** Median of thirteen vectors, lane by lane. */
@inline function middleOfThirteen(s: usize): v128 {
  for (let size: usize = 8, next: usize = 8; ; next++) {
    part(s, size--)
    if (next == 13) break
    v128.store(s, v128.load(s + (next << 4)))
  }
  return v128.load(s, 16)
}

/**
 * Median over 3 × 3 × 3 voxels, inside a rim of one. Squares across x are sorted once and serve three voxels: of three
 * sorted squares beside each other, sorted rank by rank, only thirteen values can be the median.
 * @param values [nz, ny, nx] f32 @param scratch 9 (nx + 8) f32 and 13 vectors @param out [nz, ny, nx] f32
 */
export function middleOfCube(values: usize, nx: i32, ny: i32, nz: i32, scratch: usize, out: usize): void {
  const pitch = <usize>((nx + 7) & ~3) << 2
  const nine = scratch + 9 * pitch
  const row = <isize>nx << 2
  const plane = <isize>(nx * ny) << 2
  for (let z = 1; z < nz - 1; z++)
    for (let y = 1; y < ny - 1; y++) {
      const start = <usize>(nx * (y + ny * z)) << 2
      for (let x: usize = 0; x < <usize>nx << 2; x += 16) {
        const at = values + start + x
        for (let k: isize = 0; k < 3; k++) {
          const line = at + (k - 1) * plane
          v128.store(nine + (<usize>k * 48), v128.load(line - row))
          v128.store(nine + (<usize>k * 48), v128.load(line), 16)
          v128.store(nine + (<usize>k * 48), v128.load(line + row), 32)
        }
        sortNine(nine)
        for (let k: usize = 0; k < 9; k++) v128.store(scratch + k * pitch + x, v128.load(nine + (k << 4)))
      }
      for (let x: usize = 4; x < <usize>(nx - 1) << 2; x += 16) {
        let to = nine
        for (let k: usize = 0; k < 9; k++) {
          const at = scratch + k * pitch + x
          // By rank: of the first two only the greatest, of the last two only the least, and so on.
          const keep = k < 2 ? 4 : k < 4 ? 6 : k < 5 ? 2 : k < 7 ? 3 : 1
          to = sortThree(v128.load(at - 4), v128.load(at), v128.load(at + 4), keep, to)
        }
        v128.store(out + start + x, middleOfThirteen(nine))
      }
    }
}

/** e^−x for 0 ≤ x, to 2·10⁻⁷. */
@inline function decay(x: v128): v128 {
  const t = f32x4.mul(f32x4.pmin(x, f32x4.splat(80)), f32x4.splat(1.4426950408889634))
  const whole = f32x4.floor(t)
  const f = f32x4.sub(whole, t)
  // 2^f on (−1, 0], Taylor in f ln 2.
  let p = f32x4.splat(1.52527338e-5)
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1.54035304e-4))
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1.33335581e-3))
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(9.61812911e-3))
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(5.55041087e-2))
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(2.40226507e-1))
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(6.93147181e-1))
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1))
  const power = i32x4.shl(i32x4.sub(i32x4.splat(127), i32x4.trunc_sat_f32x4_s(whole)), 23)
  return f32x4.mul(p, power)
}

/** out[i] = (v[i] − v[i + step])² for first ≤ i < end. */
export function differences(values: usize, first: i32, end: i32, step: i32, out: usize): void {
  for (let i = first; i < end; i += 4) {
    const at = values + (<usize>i << 2)
    const d = f32x4.sub(v128.load(at), v128.load(at + (<isize>step << 2)))
    v128.store(out + (<usize>i << 2), f32x4.mul(d, d))
  }
}

/**
 * Adds w v[i + step] to the sum and w to the total, w = e^(−max(0, d[i] − free) scale), for first ≤ i < end.
 * @param distance d, f32 @param sum f32 @param total f32
 */
export function gatherAlike(
  values: usize, distance: usize, first: i32, end: i32, step: i32, free: f32, scale: f32, sum: usize, total: usize,
): void {
  for (let i = first; i < end; i += 4) {
    const at = <usize>i << 2
    const excess = f32x4.pmax(f32x4.splat(0), f32x4.sub(v128.load(distance + at), f32x4.splat(free)))
    const w = decay(f32x4.mul(excess, f32x4.splat(scale)))
    const other = v128.load(values + at + (<isize>step << 2))
    v128.store(sum + at, f32x4.add(v128.load(sum + at), f32x4.mul(w, other)))
    v128.store(total + at, f32x4.add(v128.load(total + at), w))
  }
}

/** a[i] /= b[i] for 0 ≤ i < count. */
export function divide(a: usize, b: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    const at = <usize>i << 2
    v128.store(a + at, f32x4.div(v128.load(a + at), v128.load(b + at)))
  }
}
