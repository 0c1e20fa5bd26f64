import { assertLength } from "../array/assert.ts"
import type { SimplexGeometry } from "./simplex.ts"

/**
 * Adds the linear-element conduction matrix ∫ a ∇N_i·∇N_j of chosen cells to a fixed pattern.
 *
 * @param cells       [chosen] cells of the mesh
 * @param coefficient [chosen] a, constant on a cell
 * @param positions   [chosen, vertex, vertex] places in `values`, −1 to skip
 * @param values      added to
 */
export const addConduction = (
  geometry: SimplexGeometry,
  cells: Int32Array,
  coefficient: Float64Array,
  positions: Int32Array,
  values: Float64Array,
): void => {
  const { dimension, conduction } = geometry
  const vertices = dimension + 1
  assertLength("coefficient", coefficient, cells.length)
  assertLength("positions", positions, cells.length * vertices * vertices)
  for (let k = 0; k < cells.length; k++) {
    const own = cells[k] * vertices * vertices
    for (let entry = 0; entry < vertices * vertices; entry++) {
      const at = positions[k * vertices * vertices + entry]
      if (at >= 0) values[at] += coefficient[k] * conduction[own + entry]
    }
  }
}

/**
 * Lumped mass of the linear element: each vertex of a cell receives coefficient · volume / (dimension + 1).
 * @param nodeToUnknown [node] −1 where absent
 * @param out           [unknown], added to
 */
export const addLumpedMass = (
  geometry: SimplexGeometry,
  cellToNode: Int32Array,
  cells: Int32Array,
  coefficient: (chosen: number) => number,
  nodeToUnknown: Int32Array,
  out: Float64Array,
): void => {
  const vertices = geometry.dimension + 1
  for (let k = 0; k < cells.length; k++) {
    const share = (coefficient(k) * geometry.volume[cells[k]]) / vertices
    for (let v = 0; v < vertices; v++) {
      const unknown = nodeToUnknown[cellToNode[cells[k] * vertices + v]]
      if (unknown >= 0) out[unknown] += share
    }
  }
}

/**
 * Adds the consistent linear-element mass matrix ∫ N_i N_j of chosen cells.
 * @param positions [chosen, vertex, vertex] places in `values`, −1 to skip
 */
export const addMass = (
  geometry: SimplexGeometry,
  cells: Int32Array,
  positions: Int32Array,
  values: Float64Array,
): void => {
  const vertices = geometry.dimension + 1
  const scale = 1 / (vertices * (vertices + 1))
  for (let k = 0; k < cells.length; k++) {
    const weight = geometry.volume[cells[k]] * scale
    for (let i = 0; i < vertices; i++)
      for (let j = 0; j < vertices; j++) {
        const at = positions[(k * vertices + i) * vertices + j]
        if (at >= 0) values[at] += i === j ? 2 * weight : weight
      }
  }
}

/** Cell-to-unknown table of chosen cells for one field. @returns [chosen, nodesPerCell], −1 where absent */
export const cellUnknowns = (
  cellToNode: Int32Array,
  nodesPerCell: number,
  cells: Int32Array,
  nodeToUnknown: Int32Array,
): Int32Array => {
  const out = new Int32Array(cells.length * nodesPerCell)
  for (let k = 0; k < cells.length; k++)
    for (let v = 0; v < nodesPerCell; v++)
      out[k * nodesPerCell + v] = nodeToUnknown[cellToNode[cells[k] * nodesPerCell + v]]
  return out
}
