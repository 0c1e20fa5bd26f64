import { assertFills, type Connectivity, gridOf, type Labels, type Mask, neighbourSteps } from "./volume.ts"

/**
 * Numbers the connected parts of a mask 1 … count in the order in which a scan meets them (two passes, union–find).
 * @source C. Fiorio, J. Gustedt, Theor. Comput. Sci. 154 (1996) 165–181
 */
export const components = (mask: Mask, connectivity: Connectivity = "face"): Labels => {
  assertFills("mask", mask, mask.values)
  const [nx, ny, nz] = mask.shape
  // Only the neighbours that a scan has already seen.
  const steps = neighbourSteps(mask, connectivity).filter(
    ([x, y, z]) => z < 0 || (z === 0 && (y < 0 || (y === 0 && x < 0))),
  )
  const values = new Int32Array(mask.values.length)
  let parent = new Int32Array(1024)
  let used = 1
  const rootOf = (label: number): number => {
    let root = label
    while (parent[root] !== root) root = parent[root]
    for (let at = label; parent[at] !== root; ) {
      const next = parent[at]
      parent[at] = root
      at = next
    }
    return root
  }
  for (let z = 0, i = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, i++) {
        if (mask.values[i] === 0) continue
        let label = 0
        for (const [dx, dy, dz] of steps) {
          const a = x + dx
          const b = y + dy
          if (a < 0 || a >= nx || b < 0 || b >= ny || z + dz < 0) continue
          const other = values[i + dx + nx * (dy + ny * dz)]
          if (other === 0) continue
          const root = rootOf(other)
          if (label === 0) label = root
          else if (root < label) {
            parent[label] = root
            label = root
          } else parent[root] = label
        }
        if (label === 0) {
          if (used === parent.length) {
            const larger = new Int32Array(2 * used)
            larger.set(parent)
            parent = larger
          }
          label = used++
          parent[label] = label
        }
        values[i] = label
      }
  const number = new Int32Array(used)
  let count = 0
  for (let label = 1; label < used; label++) {
    const root = rootOf(label)
    if (root === label) number[label] = ++count
    else number[label] = number[root]
  }
  for (let i = 0; i < values.length; i++) values[i] = number[values[i]]
  return { ...gridOf(mask), values, count }
}
