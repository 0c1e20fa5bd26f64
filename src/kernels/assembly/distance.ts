/** Squared Euclidean distances, exact on a lattice, one axis after the other, in units of the first axis. */

/** Squares 1, 4, 9 … of a run that is as long as `count`, forward or backward. */
@inline function rise(at: usize, count: i32, most: f32): void {
  for (let k = 1; k <= count; k++, at += 4) store<f32>(at, min(<f32>k * <f32>k, most))
}
@inline function fall(at: usize, count: i32, most: f32): void {
  for (let k = count; k >= 1; k--, at += 4) store<f32>(at, min(<f32>k * <f32>k, most))
}

/**
 * Squared distance along each row of n voxels from those of the value `inside` to the nearest other one, 0 from the
 * others; at most `most`, which also stands where there is none.
 * @param values [line, n] u8 @param out [line, n] f32
 */
export function rows(values: usize, inside: i32, n: i32, lines: i32, most: f32, out: usize): void {
  for (let line = 0; line < lines; line++) {
    let i = 0
    while (i < n) {
      const start = i
      while (i < n && <i32>load<u8>(values + i) != inside) i++
      if (i > start) memory.fill(out + (<usize>start << 2), 0, <usize>(i - start) << 2)
      if (i == n) break
      const first = i
      while (i < n && <i32>load<u8>(values + i) == inside) i++
      const at = out + (<usize>first << 2)
      const count = i - first
      if (first == 0 && i == n) for (let k = 0; k < n; k++) store<f32>(at + (<usize>k << 2), most)
      else if (first == 0) fall(at, count, most)
      else if (i == n) rise(at, count, most)
      else {
        const half = (count + 1) >> 1
        rise(at, half, most)
        fall(at + (<usize>half << 2), count - half, most)
      }
    }
    values += n
    out += <usize>n << 2
  }
}

/** One voxel of `columns`, for what does not fill a vector. */
function lowest(at: usize, i: i32, n: i32, stride: usize, weight: f32): f32 {
  let d = load<f32>(at)
  for (let k = 1; k < n; k++) {
    const c = <f32>(k * k) * weight
    if (!(d > c)) break
    if (i - k >= 0) d = min(d, load<f32>(at - <usize>k * stride) + c)
    if (i + k < n) d = min(d, load<f32>(at + <usize>k * stride) + c)
  }
  return d
}

/**
 * out[i] = min over j of source[j] + weight (i − j)² along columns of n voxels, each `m` voxels after the last. The
 * search ends where the parabola alone is higher than the best so far: short wherever distances are.
 * @param source [n, m] f32 @param out [n, m] f32, not the source
 */
export function columns(source: usize, n: i32, m: i32, weight: f32, most: f32, out: usize): void {
  const stride = <usize>m << 2
  const highest = f32x4.splat(most)
  // Some hundred columns at a time stay in the cache.
  for (let first = 0; first < m; first += 256) {
    const end = min(first + 256, m)
    // Where no line of these has a seed there is nothing to search for, and it would take longest.
    let least = highest
    for (let i = 0; i < n; i++) {
      let x = first
      for (; x + 4 <= end; x += 4) least = f32x4.pmin(least, v128.load(source + <usize>i * stride + (<usize>x << 2)))
      for (; x < end; x++) least = f32x4.pmin(least, v128.load32_splat(source + <usize>i * stride + (<usize>x << 2)))
    }
    if (!v128.any_true(f32x4.lt(least, highest))) {
      for (let i = 0; i < n; i++) {
        const at = <usize>i * stride + (<usize>first << 2)
        memory.copy(out + at, source + at, <usize>(end - first) << 2)
      }
      continue
    }
    for (let i = 0; i < n; i++) {
      const row = <usize>i * stride
      const both = min(i, n - 1 - i)
      const longest = max(i, n - 1 - i)
      let x = first
      for (; x + 4 <= end; x += 4) {
        const at = source + row + (<usize>x << 2)
        let d = v128.load(at)
        let up = at
        let down = at
        let k = 1
        for (; k <= both; k++) {
          const c = f32x4.splat(<f32>(k * k) * weight)
          if (!v128.any_true(f32x4.gt(d, c))) break
          down -= stride
          up += stride
          d = f32x4.pmin(d, f32x4.add(f32x4.pmin(v128.load(down), v128.load(up)), c))
        }
        if (k > both) {
          const isDown = i > both
          for (; k <= longest; k++) {
            const c = f32x4.splat(<f32>(k * k) * weight)
            if (!v128.any_true(f32x4.gt(d, c))) break
            const other = isDown ? at - <usize>k * stride : at + <usize>k * stride
            d = f32x4.pmin(d, f32x4.add(v128.load(other), c))
          }
        }
        v128.store(out + row + (<usize>x << 2), d)
      }
      for (; x < end; x++) {
        const at = row + (<usize>x << 2)
        store<f32>(out + at, lowest(source + at, i, n, stride, weight))
      }
    }
  }
}

/**
 * One voxel of every column of `columns`: out = min over j of source[j] + weight (i − j)², at most `most`.
 * @param source [n, m] f32 @param i may lie before or behind the n voxels @param out [m] f32
 */
export function section(source: usize, n: i32, m: i32, i: i32, weight: f32, most: f32, out: usize): void {
  const stride = <usize>m << 2
  const highest = f32x4.splat(most)
  const both = min(i, n - 1 - i)
  const longest = max(i, n - 1 - i)
  const isDown = i > both
  const nearest = i < 0 ? -i : i >= n ? i - n + 1 : 0
  for (let x = 0; x < m; x += 4) {
    // The last vector reaches beyond the plane: into the next one, or into room that the caller keeps.
    const at = source + <usize>i * stride + (<usize>x << 2)
    let d = nearest == 0 ? f32x4.pmin(v128.load(at), highest) : highest
    let k = max(nearest, 1)
    for (; k <= both; k++) {
      const c = f32x4.splat(<f32>(k * k) * weight)
      if (!v128.any_true(f32x4.gt(d, c))) break
      const step = <usize>k * stride
      d = f32x4.pmin(d, f32x4.add(f32x4.pmin(v128.load(at - step), v128.load(at + step)), c))
    }
    if (k > both) {
      for (; k <= longest; k++) {
        const c = f32x4.splat(<f32>(k * k) * weight)
        if (!v128.any_true(f32x4.gt(d, c))) break
        const other = isDown ? at - <usize>k * stride : at + <usize>k * stride
        d = f32x4.pmin(d, f32x4.add(v128.load(other), c))
      }
    }
    v128.store(out + (<usize>x << 2), d)
  }
}

/** Distances from squares: scale · √square. @param values [count] f32, in place */
export function rooted(values: usize, count: i32, scale: f32): void {
  const end = values + (<usize>count << 2)
  for (; values + 16 <= end; values += 16) {
    v128.store(values, f32x4.mul(f32x4.sqrt(v128.load(values)), f32x4.splat(scale)))
  }
  for (; values < end; values += 4) store<f32>(values, sqrt<f32>(load<f32>(values)) * scale)
}
