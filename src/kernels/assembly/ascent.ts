/**
 * Where water would run if a field were turned upside down: every voxel points to its steepest higher neighbour of 26,
 * among equals to the last one after it, so that the order of (value, place) rises along every path.
 * Arrays have a rim of one voxel; values ≤ 0 are outside.
 */

/** Offset of the neighbour that a voxel points to, 0 from a peak. @param weights [27] f32 one over the distance */
@inline function step(at: usize, row: i32, plane: i32, weights: usize): i32 {
  const here = load<f32>(at)
  let best: f32 = 0
  let found = 0
  let equal = 0
  let w = weights
  for (let z = -plane; z <= plane; z += plane)
    for (let y = -row; y <= row; y += row)
      for (let x = -1; x <= 1; x++) {
        const offset = x + y + z
        const other = load<f32>(at + (<isize>offset << 2))
        const slope = (other - here) * load<f32>(w)
        if (slope > best) {
          best = slope
          found = offset
        }
        if (other == here && offset > 0) equal = offset
        w += 4
      }
  return found != 0 ? found : equal
}

/**
 * Index each voxel points to: itself on a peak, on the rim and outside.
 * @param field [nz, ny, nx] f32 with rim @param weights [27] f32 @param out [nz, ny, nx] i32
 */
export function point(field: usize, nx: i32, ny: i32, nz: i32, weights: usize, out: usize): void {
  const count = nx * ny * nz
  const row = nx
  const plane = nx * ny
  for (let i = 0; i < count; i++) store<i32>(out + (<usize>i << 2), i)
  for (let z = 1; z < nz - 1; z++)
    for (let y = 1; y < ny - 1; y++) {
      let i = plane * z + row * y + 1
      const end = i + nx - 2
      for (; i + 4 <= end; i += 4) {
        const at = field + (<usize>i << 2)
        const here = v128.load(at)
        if (!v128.any_true(f32x4.gt(here, f32x4.splat(0)))) continue
        let best = f32x4.splat(0)
        let found = i32x4.splat(0)
        let w = weights
        for (let dz = -plane; dz <= plane; dz += plane)
          for (let dy = -row; dy <= row; dy += row) {
            const base = dz + dy
            const line = at + (<isize>base << 2)
            const s0 = f32x4.mul(f32x4.sub(v128.load(line - 4), here), v128.load32_splat(w))
            const g0 = f32x4.gt(s0, best)
            best = v128.bitselect(s0, best, g0)
            found = v128.bitselect(i32x4.splat(base - 1), found, g0)
            const s1 = f32x4.mul(f32x4.sub(v128.load(line), here), v128.load32_splat(w + 4))
            const g1 = f32x4.gt(s1, best)
            best = v128.bitselect(s1, best, g1)
            found = v128.bitselect(i32x4.splat(base), found, g1)
            const s2 = f32x4.mul(f32x4.sub(v128.load(line + 4), here), v128.load32_splat(w + 8))
            const g2 = f32x4.gt(s2, best)
            best = v128.bitselect(s2, best, g2)
            found = v128.bitselect(i32x4.splat(base + 1), found, g2)
            w += 12
          }
        const inside = f32x4.gt(here, f32x4.splat(0))
        found = v128.and(found, inside)
        const places = i32x4.add(i32x4.splat(i), i32x4.add(found, i32x4(0, 1, 2, 3)))
        v128.store(out + (<usize>i << 2), places)
        // Plateaus and peaks are few.
        let flat = i32x4.bitmask(v128.and(inside, i32x4.eq(found, i32x4.splat(0))))
        while (flat != 0) {
          const lane = ctz(flat)
          flat &= flat - 1
          const p = i + lane
          store<i32>(out + (<usize>p << 2), p + step(field + (<usize>p << 2), row, plane, weights))
        }
      }
      for (; i < end; i++) {
        const at = field + (<usize>i << 2)
        if (load<f32>(at) > 0) store<i32>(out + (<usize>i << 2), i + step(at, row, plane, weights))
      }
    }
}

/**
 * Follows the pointers to where they end, on a peak or on the rim, and numbers the ends 1 … in the order in which a
 * scan of the voxels meets them; the pointers become minus that number (0 outside).
 * @param ends [number − 1] i32 index of each end
 * @returns how many ends there are
 */
export function resolve(field: usize, nx: i32, ny: i32, nz: i32, pointers: usize, ends: usize): i32 {
  const row = nx
  const plane = nx * ny
  let count = 0
  for (let z = 1; z < nz - 1; z++)
    for (let y = 1; y < ny - 1; y++) {
      let i = plane * z + row * y + 1
      const last = i + nx - 2
      for (; i < last; i++) {
        if (!(load<f32>(field + (<usize>i << 2)) > 0)) {
          store<i32>(pointers + (<usize>i << 2), 0)
          continue
        }
        let end = i
        let next = load<i32>(pointers + (<usize>end << 2))
        while (next >= 0 && next != end) {
          end = next
          next = load<i32>(pointers + (<usize>end << 2))
        }
        if (next >= 0) {
          store<i32>(ends + (<usize>count << 2), end)
          next = -++count
          store<i32>(pointers + (<usize>end << 2), next)
        }
        for (let at = i; at != end; ) {
          const place = pointers + (<usize>at << 2)
          at = load<i32>(place)
          store<i32>(place, next)
        }
      }
    }
  return count
}

export { numbered } from "./parts/numbered"
