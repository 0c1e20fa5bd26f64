import type { FacetSet, Mesh } from "./mesh.ts"
import { verticesOf } from "./topology.ts"

/**
 * Vertices in reverse Cuthill–McKee order, which keeps matrices over the mesh in a narrow band. Nodes that coincide
 * follow each other. Every connected part begins at a vertex as far as possible from another.
 * @returns [new place] old node
 * @source E. Cuthill, J. McKee, Proc. 24th ACM Nat. Conf. (1969) 157–172; A. George, J. W. H. Liu, ACM Trans. Math.
 *   Softw. 5 (1979) 284–295 (starting vertex)
 */
export const bandOrder = (mesh: Mesh): Int32Array => {
  const { count, cellToVertex, nodeToVertex } = verticesOf(mesh)
  const { start, neighbour } = neighbours(count, cellToVertex)
  const degree = (vertex: number): number => start[vertex + 1] - start[vertex]
  const level = new Int32Array(count).fill(-1)
  const queue = new Int32Array(count)
  /** Breadth first from a vertex; returns how many were reached, in `queue` from `from` on. */
  const sweep = (root: number, from: number): number => {
    let end = from
    queue[end++] = root
    level[root] = 0
    for (let head = from; head < end; head++) {
      const here = queue[head]
      const first = end
      for (let k = start[here]; k < start[here + 1]; k++) {
        if (level[neighbour[k]] >= 0) continue
        level[neighbour[k]] = level[here] + 1
        queue[end++] = neighbour[k]
      }
      queue.subarray(first, end).sort((one, other) => degree(one) - degree(other) || one - other)
    }
    return end
  }
  let done = 0
  for (let seed = 0; seed < count; seed++) {
    if (level[seed] >= 0) continue
    let root = seed
    let depth = -1
    for (;;) {
      const end = sweep(root, done)
      const last = queue[end - 1]
      if (level[last] <= depth) {
        done = end
        break
      }
      depth = level[last]
      for (let k = done; k < end; k++) level[queue[k]] = -1
      root = last
    }
  }
  const place = new Int32Array(count)
  for (let k = 0; k < count; k++) place[queue[k]] = count - 1 - k
  return Int32Array.from({ length: nodeToVertex.length }, (_, node) => node).sort(
    (one, other) => place[nodeToVertex[one]] - place[nodeToVertex[other]] || one - other,
  )
}

/** Neighbours of each vertex over cell edges: those of v are neighbour[start[v] … start[v + 1] − 1], ascending. */
const neighbours = (count: number, cellToVertex: Int32Array): { start: Int32Array; neighbour: Int32Array } => {
  const lists: number[][] = Array.from({ length: count }, () => [])
  for (let corner = 0; corner < cellToVertex.length; corner++) {
    const a = cellToVertex[corner]
    const b = cellToVertex[corner % 3 === 2 ? corner - 2 : corner + 1]
    lists[a].push(b)
    lists[b].push(a)
  }
  const start = new Int32Array(count + 1)
  const all: number[] = []
  lists.forEach((list, vertex) => {
    for (const other of [...new Set(list)].sort((one, two) => one - two)) all.push(other)
    start[vertex + 1] = all.length
  })
  return { start, neighbour: Int32Array.from(all) }
}

/** The same mesh with nodes and cells in another order; facets keep theirs. */
export const renumbered = (mesh: Mesh, nodeOrder: Int32Array, cellOrder: Int32Array): Mesh => {
  const { dimension, nodes, cellToNode, cellToRegion, regions, interfaces, boundaries } = mesh
  const newNode = inverse(nodeOrder)
  const newCell = inverse(cellOrder)
  const outNodes = new Float64Array(nodes.length)
  nodeOrder.forEach((old, node) => {
    for (let axis = 0; axis < dimension; axis++) outNodes[node * dimension + axis] = nodes[old * dimension + axis]
  })
  const corners = dimension + 1
  const outCells = new Int32Array(cellToNode.length)
  cellOrder.forEach((old, cell) => {
    for (let k = 0; k < corners; k++) outCells[cell * corners + k] = newNode[cellToNode[old * corners + k]]
  })
  const facets = ({ facetToNode, facetToCell }: FacetSet): FacetSet => ({
    facetToNode: facetToNode.map((node) => newNode[node]),
    facetToCell: facetToCell.map((cell) => newCell[cell]),
  })
  return {
    dimension,
    nodes: outNodes,
    cellToNode: outCells,
    cellToRegion: cellOrder.map((old) => cellToRegion[old]),
    regions,
    interfaces: {
      innerNode: interfaces.innerNode.map((node) => newNode[node]),
      outerNode: interfaces.outerNode.map((node) => newNode[node]),
      innerCell: interfaces.innerCell.map((cell) => newCell[cell]),
      outerCell: interfaces.outerCell.map((cell) => newCell[cell]),
    },
    boundaries: {
      collector: facets(boundaries.collector),
      lithium: facets(boundaries.lithium),
      outer: facets(boundaries.outer),
    },
  }
}

const inverse = (order: Int32Array): Int32Array => {
  const out = new Int32Array(order.length)
  order.forEach((old, place) => {
    out[old] = place
  })
  return out
}

/** Largest difference between the numbers of two nodes of a cell. */
export const bandwidth = ({ cellToNode, dimension }: Mesh): number => {
  let widest = 0
  const corners = dimension + 1
  for (let first = 0; first < cellToNode.length; first += corners) {
    for (let a = 0; a < corners; a++) {
      for (let b = 0; b < a; b++) widest = Math.max(widest, Math.abs(cellToNode[first + a] - cellToNode[first + b]))
    }
  }
  return widest
}
