import { next, previous, type Triangulation } from "./triangulation.ts"

/** Ends of a constrained segment that is in the way of another. */
export interface Crossed {
  readonly from: number
  readonly to: number
}

/**
 * Forces the segment a → b into the triangulation with a mark, splitting it at vertices that lie exactly on it.
 * Returns null, or the constrained segment that crosses it.
 * @source S. W. Sloan, Computers & Structures 47 (1993) 441–450
 */
export const constrain = (mesh: Triangulation, a: number, b: number, mark: number): Crossed | null => {
  let from = a
  while (from !== b) {
    const reached = constrainOnce(mesh, from, b, mark)
    if (typeof reached !== "number") return reached
    from = reached
  }
  return null
}

/** Reaches b or the first vertex on the way to it. */
const constrainOnce = (mesh: Triangulation, a: number, b: number, mark: number): number | Crossed => {
  if (markEdge(mesh, a, b, mark)) return b
  // Leave a through the triangle that holds the direction of b.
  let start = -1
  let onWay = -1
  mesh.forEachLeaving(a, (edge) => {
    if (start >= 0 || onWay >= 0) return
    const right = mesh.target(edge)
    const left = mesh.origin[previous(edge)]
    const sideRight = mesh.side(a, b, right)
    const sideLeft = mesh.side(a, b, left)
    if (sideRight === 0 && ahead(mesh, a, b, right)) onWay = right
    else if (sideLeft === 0 && ahead(mesh, a, b, left)) onWay = left
    else if (sideRight < 0 && sideLeft > 0) start = next(edge)
  })
  if (onWay >= 0) {
    markEdge(mesh, a, onWay, mark)
    return onWay
  }
  const crossing: number[] = []
  let edge = start
  let end = b
  for (;;) {
    if (mesh.mark[edge] !== 0) return { from: mesh.origin[edge], to: mesh.target(edge) }
    crossing.push(mesh.origin[edge], mesh.target(edge))
    const twin = mesh.twin[edge]
    const apex = mesh.origin[previous(twin)]
    if (apex === b) break
    const side = mesh.side(a, b, apex)
    if (side === 0) {
      end = apex
      break
    }
    edge = side > 0 ? next(twin) : previous(twin)
  }
  const fresh: number[] = []
  while (crossing.length > 0) {
    const from = crossing.shift()!
    const to = crossing.shift()!
    const here = mesh.findEdge(from, to)
    if (here < 0) continue
    const c = mesh.origin[previous(here)]
    const d = mesh.origin[previous(mesh.twin[here])]
    if (
      !(mesh.side(d, c, from) > 0 && mesh.side(d, c, to) < 0) &&
      !(mesh.side(d, c, from) < 0 && mesh.side(d, c, to) > 0)
    ) {
      crossing.push(from, to)
      continue
    }
    mesh.flip(here)
    if ((c === a && d === end) || (c === end && d === a)) continue
    const sideC = mesh.side(a, end, c)
    const sideD = mesh.side(a, end, d)
    if (c !== a && c !== end && d !== a && d !== end && sideC * sideD < 0) crossing.push(c, d)
    else fresh.push(c, d)
  }
  markEdge(mesh, a, end, mark)
  restore(mesh, fresh)
  return end
}

/** Flips the listed edges until all are locally Delaunay. */
const restore = (mesh: Triangulation, pairs: number[]): void => {
  let swapped = true
  for (let round = 0; swapped && round < 50; round++) {
    swapped = false
    for (let k = 0; k < pairs.length; k += 2) {
      const edge = mesh.findEdge(pairs[k], pairs[k + 1])
      if (edge < 0 || mesh.mark[edge] !== 0) continue
      const twin = mesh.twin[edge]
      if (twin < 0) continue
      const d = mesh.origin[previous(twin)]
      if (mesh.inCircle((edge / 3) | 0, mesh.x(d), mesh.y(d)) <= 0) continue
      const c = mesh.origin[previous(edge)]
      mesh.flip(edge)
      pairs[k] = c
      pairs[k + 1] = d
      swapped = true
    }
  }
}

const ahead = (mesh: Triangulation, a: number, b: number, c: number): boolean => {
  return (mesh.x(b) - mesh.x(a)) * (mesh.x(c) - mesh.x(a)) + (mesh.y(b) - mesh.y(a)) * (mesh.y(c) - mesh.y(a)) > 0
}

/** Marks the edge between two vertices unless it is marked already; false where there is none. */
const markEdge = (mesh: Triangulation, a: number, b: number, mark: number): boolean => {
  const forward = mesh.findEdge(a, b)
  const edge = forward >= 0 ? forward : mesh.findEdge(b, a)
  if (edge < 0) return false
  if (mesh.mark[edge] !== 0) return true
  mesh.mark[edge] = forward >= 0 ? mark : -mark
  if (mesh.twin[edge] >= 0) mesh.mark[mesh.twin[edge]] = -mesh.mark[edge]
  return true
}
