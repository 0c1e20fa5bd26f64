/** Dilation of masks by balls: rows of voxels widened, and laid over the rows that the ball reaches. */

/** Whole vectors in so many bytes. */
@inline function rounded(count: i32): i32 {
  return (count + 15) & ~15
}

/** Copies a row, whatever is not 0 as 1. @returns whether there is any */
@inline function rowInto(row: usize, n: i32, to: usize): bool {
  let any = v128.splat<i8>(0)
  let x = 0
  for (; x + 16 <= n; x += 16) {
    const flags = v128.and(i8x16.ne(v128.load(row + x), v128.splat<i8>(0)), v128.splat<i8>(1))
    v128.store(to + x, flags)
    any = v128.or(any, flags)
  }
  let rest: u8 = 0
  for (; x < n; x++) {
    const flag: u8 = load<u8>(row + x) != 0 ? 1 : 0
    store<u8>(to + x, flag)
    rest |= flag
  }
  return v128.any_true(any) || rest != 0
}

/**
 * 1 wherever a ball around a voxel of the mask reaches, otherwise 0.
 * @param mask [nz, ny, nx] u8
 * @param rows [count, 3] i32 the ball's rows: half-width, rising from row to row, and steps along y and z
 * @param widest half-width of the last one
 * @param line room for nx + 2 widest + 32 bytes, @param wide for nx + 16
 * @param out [nz, ny, nx] u8, with room for nz ny times the next multiple of 16 from nx on
 */
export function dilate(
  mask: usize, nx: i32, ny: i32, nz: i32, rows: usize, count: i32, widest: i32, line: usize, wide: usize, out: usize,
): void {
  const pitch = rounded(nx)
  const lines = ny * nz
  memory.fill(out, 0, <usize>pitch * <usize>lines)
  memory.fill(line, 0, nx + 2 * widest + 32)
  const row = line + widest
  for (let z = 0; z < nz; z++)
    for (let y = 0; y < ny; y++) {
      if (!rowInto(mask + <usize>nx * <usize>(y + ny * z), nx, row)) continue
      memory.copy(wide, row, pitch)
      let width = 0
      for (let r = rows, end = rows + <usize>(12 * count); r < end; r += 12) {
        for (const half = load<i32>(r); width < half; ) {
          width++
          for (let x = 0; x < pitch; x += 16) {
            const sides = v128.or(v128.load(row + x - width), v128.load(row + x + width))
            v128.store(wide + x, v128.or(v128.load(wide + x), sides))
          }
        }
        const v = y + load<i32>(r, 4)
        const w = z + load<i32>(r, 8)
        if (v < 0 || v >= ny || w < 0 || w >= nz) continue
        const to = out + <usize>pitch * <usize>(v + ny * w)
        for (let x = 0; x < pitch; x += 16) v128.store(to + x, v128.or(v128.load(to + x), v128.load(wide + x)))
      }
    }
  if (pitch > nx) {
    for (let k = 1; k < lines; k++) memory.copy(out + <usize>nx * <usize>k, out + <usize>pitch * <usize>k, nx)
  }
}
