/** Connected parts of a mask by union–find on its voxels. */

@inline function slot(parents: usize, i: i32): usize {
  return parents + (<usize>i << 2)
}

function rootOf(parents: usize, i: i32): i32 {
  let up = load<i32>(slot(parents, i))
  while (up != i) {
    const next = load<i32>(slot(parents, up))
    store<i32>(slot(parents, i), next)
    i = next
    up = load<i32>(slot(parents, i))
  }
  return i
}

/**
 * Numbers the parts of a mask 1 … in the order in which a scan meets them, plus `base`; 0 outside.
 * @param mask [nz, ny, nx] u8, 0 outside and on a rim of one voxel
 * @param steps [count] i32 offsets of the neighbours that come before a voxel
 * @param out [nz, ny, nx] i32
 * @returns how many parts there are
 */
export function label(mask: usize, nx: i32, ny: i32, nz: i32, steps: usize, count: i32, out: usize): i32 {
  const size = nx * ny * nz
  const last = steps + (<usize>count << 2)
  for (let i = 0; i < size; i++) {
    if (load<u8>(mask + i) == 0) {
      store<i32>(slot(out, i), 0)
      continue
    }
    let root = i
    store<i32>(slot(out, i), i)
    for (let s = steps; s < last; s += 4) {
      const other = i + load<i32>(s)
      if (load<u8>(mask + other) == 0) continue
      const up = rootOf(out, other)
      if (up < root) {
        store<i32>(slot(out, root), up)
        root = up
      } else if (up > root) store<i32>(slot(out, up), root)
    }
    store<i32>(slot(out, i), root)
  }
  let parts = 0
  // A parent lies before its child: it has its number already.
  for (let i = 0; i < size; i++) {
    if (load<u8>(mask + i) == 0) continue
    const up = load<i32>(slot(out, i))
    store<i32>(slot(out, i), up == i ? -(++parts) : load<i32>(slot(out, up)))
  }
  return parts
}

export { numbered } from "./parts/numbered"
