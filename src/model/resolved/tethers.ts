import type { Bodies } from "./bodies.ts"
import type { InterfacePairs } from "./interface-pairs.ts"

/** A body that nothing holds is tied to its place with this share of its own stiffness. */
const tetherShare = 1e-6

/**
 * Springs for bodies that neither the outer edge nor any interface holds, such as a particle all round in a pore: they
 * take no load, but without them rigid motions leave the system singular. Zero for all others.
 * @returns [displacement unknown] [N/m], per metre of depth in 2-D
 */
export const tetherStiffness = (bodies: Bodies, pairs: InterfacePairs): Float64Array => {
  const parent = Int32Array.from({ length: bodies.unknownCount + 1 }, (_, unknown) => unknown)
  const ground = bodies.unknownCount
  const root = (unknown: number): number => {
    let at = unknown
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]]
      at = parent[at]
    }
    return at
  }
  const join = (dofs: Int32Array, perElement: number): void => {
    for (let from = 0; from < dofs.length; from += perElement) {
      const first = root(dofs[from] < 0 ? ground : dofs[from])
      for (let k = 1; k < perElement; k++) parent[root(dofs[from + k] < 0 ? ground : dofs[from + k])] = first
    }
  }
  join(bodies.elementDofs, bodies.elementDofs.length / Math.max(1, bodies.cells.length))
  join(pairs.dofs, 2 * pairs.dimension)
  const { pattern, values } = bodies.stiffness
  const held = root(ground)
  const out = new Float64Array(bodies.unknownCount)
  for (let row = 0; row < out.length; row++) {
    if (root(row) === held) continue
    for (let at = pattern.rowStart[row]; at < pattern.rowStart[row + 1]; at++)
      if (pattern.columnIndex[at] === row) out[row] = tetherShare * values[at]
  }
  return out
}
