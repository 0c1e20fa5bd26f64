import type { Mesh } from "../mesh/mesh.ts"
import { quadraticElement } from "./element.ts"

/**
 * Nodes of the quadratic element on a mesh of simplices: the mesh's own nodes first, then one node an edge. Edges of
 * doubled facets exist once on each side, because their end nodes do.
 */
export interface QuadraticNodes {
  readonly dimension: 2 | 3
  readonly vertexCount: number
  /** Vertices and mid-edge nodes */
  readonly nodeCount: number
  /** [cell, nodesPerCell] vertices, then mid-edge nodes in the element's order */
  readonly cellToNode: Int32Array
  /** [edge, 2] end vertices of mid-edge node `vertexCount + edge`, ascending */
  readonly edgeToVertex: Int32Array
  /** Mid-edge node between two vertices, −1 where there is no such edge. */
  readonly between: (a: number, b: number) => number
}

/** Numbers the mid-edge nodes of a mesh in the order in which cells meet them. */
export const quadraticNodes = (mesh: Mesh): QuadraticNodes => {
  const { dimension, cellToNode } = mesh
  const vertices = dimension + 1
  const { edges, nodesPerCell } = quadraticElement(dimension)
  const vertexCount = mesh.nodes.length / dimension
  const cells = cellToNode.length / vertices
  const known = new Map<number, number>()
  const ends: number[] = []
  const out = new Int32Array(cells * nodesPerCell)
  for (let cell = 0; cell < cells; cell++) {
    for (let v = 0; v < vertices; v++) out[cell * nodesPerCell + v] = cellToNode[cell * vertices + v]
    for (let e = 0; e < edges.length; e++) {
      const p = cellToNode[cell * vertices + edges[e][0]]
      const q = cellToNode[cell * vertices + edges[e][1]]
      const key = p < q ? p * vertexCount + q : q * vertexCount + p
      let node = known.get(key)
      if (node === undefined) {
        node = vertexCount + ends.length / 2
        known.set(key, node)
        ends.push(Math.min(p, q), Math.max(p, q))
      }
      out[cell * nodesPerCell + vertices + e] = node
    }
  }
  return {
    dimension,
    vertexCount,
    nodeCount: vertexCount + ends.length / 2,
    cellToNode: out,
    edgeToVertex: Int32Array.from(ends),
    between: (a, b) => known.get(a < b ? a * vertexCount + b : b * vertexCount + a) ?? -1,
  }
}

/** Positions of all nodes: mid-edge nodes half-way between their ends. @returns [node, dimension] [m] */
export const quadraticPositions = (mesh: Mesh, numbering: QuadraticNodes): Float64Array => {
  const { dimension, vertexCount, nodeCount, edgeToVertex } = numbering
  const positions = new Float64Array(nodeCount * dimension)
  positions.set(mesh.nodes)
  for (let edge = 0; edge < nodeCount - vertexCount; edge++)
    for (let axis = 0; axis < dimension; axis++)
      positions[(vertexCount + edge) * dimension + axis] =
        (mesh.nodes[edgeToVertex[2 * edge] * dimension + axis] +
          mesh.nodes[edgeToVertex[2 * edge + 1] * dimension + axis]) /
        2
  return positions
}

/** Unknowns of a field that lives on some of the nodes. */
export interface Numbering {
  readonly count: number
  /** [node] unknown, −1 where the field does not live */
  readonly nodeToUnknown: Int32Array
  /** [unknown] node */
  readonly unknownToNode: Int32Array
}

/** Numbers the nodes of the chosen cells, ascending by node. */
export const numberCells = (
  nodeCount: number,
  cellToNode: Int32Array,
  nodesPerCell: number,
  chosen: (cell: number) => boolean,
): Numbering => {
  const nodeToUnknown = new Int32Array(nodeCount).fill(-1)
  const cells = cellToNode.length / nodesPerCell
  for (let cell = 0; cell < cells; cell++)
    if (chosen(cell)) for (let k = 0; k < nodesPerCell; k++) nodeToUnknown[cellToNode[cell * nodesPerCell + k]] = 0
  let count = 0
  for (let node = 0; node < nodeCount; node++) if (nodeToUnknown[node] === 0) nodeToUnknown[node] = count++
  const unknownToNode = new Int32Array(count)
  for (let node = 0; node < nodeCount; node++) if (nodeToUnknown[node] >= 0) unknownToNode[nodeToUnknown[node]] = node
  return { count, nodeToUnknown, unknownToNode }
}
