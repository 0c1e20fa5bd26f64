/** The highest passes between touching basins, gathered in a hash table; arrays have a rim of one voxel. */

/** [entry] of the table: two basins (lower first; 0 free), height, nothing, place */
const entryBytes = 24

@inline function slotOf(a: i32, b: i32, mask: i32): i32 {
  let h = a * 0x9e3779b1 ^ b * 0x85ebca6b
  h ^= h >>> 15
  h = h * 0x2c1b3c6d
  return (h ^ (h >>> 13)) & mask
}

/** Raises the entry of a pair; how many entries are new, 0 or 1. */
@inline function raise(table: usize, mask: i32, a: i32, b: i32, height: f32, place: f64): i32 {
  const low = min(a, b)
  const high = max(a, b)
  let slot = slotOf(low, high, mask)
  let at = table + <usize>slot * entryBytes
  while (load<i32>(at) != 0) {
    if (load<i32>(at) == low && load<i32>(at, 4) == high) {
      const old = load<f32>(at, 8)
      if (height > old || (height == old && place > load<f64>(at, 16))) {
        store<f32>(at, height, 8)
        store<f64>(at, place, 16)
      }
      return 0
    }
    slot = (slot + 1) & mask
    at = table + <usize>slot * entryBytes
  }
  store<i32>(at, low)
  store<i32>(at, high, 4)
  store<f32>(at, height, 8)
  store<f64>(at, place, 16)
  return 1
}

/** Not zero where a basin stands that is not the one here. */
@inline function alien(at: usize, here: v128): v128 {
  const other = v128.load(at)
  return v128.and(i32x4.ne(other, here), other)
}

/** The same for three voxels side by side. */
@inline function aliens(at: usize, here: v128): v128 {
  return v128.or(v128.or(alien(at - 4, here), alien(at, here)), alien(at + 4, here))
}

/**
 * Raises the entries of all pairs of touching voxels of unlike basins, one of them inside the rim and the other after
 * it in scan order: height min of both values, ties by place = 13 · (place of the first) + direction.
 * @param basins [nz, ny, nx] i32, 0 outside @param field [nz, ny, nx] f32
 * @param origin place of the first voxel (on the rim) in the whole volume, which has `wx` × `wy` voxels a plane
 * @param table zeroed, of 2^bits entries
 * @returns number of entries, or −1 where it would be more than half full
 */
export function gather(
  basins: usize, field: usize, nx: i32, ny: i32, nz: i32, origin: f64, wx: f64, wy: f64, table: usize, bits: i32,
): i32 {
  const mask = (1 << bits) - 1
  const most = 1 << (bits - 1)
  const row = <usize>nx << 2
  const plane = <usize>(nx * ny) << 2
  let count = 0
  for (let z = 1; z < nz - 1; z++)
    for (let y = 1; y < ny - 1; y++) {
      if (count > most - 13 * nx) return -1
      const start = nx * (y + ny * z)
      const begin = origin + wx * (<f64>y + wy * <f64>z)
      for (let x = 1; x < nx - 1; x += 4) {
        const i = start + x
        const at = basins + (<usize>i << 2)
        const here = v128.load(at)
        const isHere = i32x4.ne(here, i32x4.splat(0))
        if (!v128.any_true(isHere)) continue
        // Most voxels have only neighbours of their own basin or outside: looked at together first.
        let unlike = alien(at + 4, here)
        unlike = v128.or(unlike, aliens(at + row, here))
        unlike = v128.or(unlike, aliens(at + plane - row, here))
        unlike = v128.or(unlike, aliens(at + plane, here))
        unlike = v128.or(unlike, aliens(at + plane + row, here))
        if (!v128.any_true(v128.and(unlike, isHere))) continue
        const lanes = min(4, nx - 1 - x)
        let direction = 0
        for (let dz = 0; dz <= 1; dz++)
          for (let dy = -dz; dy <= 1; dy++)
            for (let dx = dz + dy > 0 || dz == 1 ? -1 : 1; dx <= 1; dx++) {
              const step = <isize>(dx + nx * (dy + ny * dz)) << 2
              const other = v128.load(at + step)
              let pairs = i32x4.bitmask(
                v128.and(v128.and(i32x4.ne(other, here), i32x4.ne(other, i32x4.splat(0))), isHere),
              )
              while (pairs != 0) {
                const lane = ctz(pairs)
                pairs &= pairs - 1
                if (lane >= lanes) break
                const p = at + (<usize>lane << 2)
                const q = p + step
                const height = min(load<f32>(field + (p - basins)), load<f32>(field + (q - basins)))
                const place = 13 * (begin + <f64>(x + lane)) + <f64>direction
                count += raise(table, mask, load<i32>(p), load<i32>(q), height, place)
              }
              direction++
            }
      }
    }
  return count
}

/** Moves the entries that are taken to the front, in no particular order. @returns how many there are */
export function pack(table: usize, bits: i32): i32 {
  let count = 0
  for (let slot = 0; slot < 1 << bits; slot++) {
    const from = table + <usize>slot * entryBytes
    if (load<i32>(from) == 0) continue
    const to = table + <usize>count * entryBytes
    if (to != from) memory.copy(to, from, entryBytes)
    count++
  }
  return count
}
