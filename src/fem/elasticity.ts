import type { Moduli } from "../laws/elasticity.ts"
import type { Element } from "./element.ts"
import { type Quadrature, quadrature } from "./quadrature.ts"
import type { SimplexGeometry } from "./simplex.ts"

/** Physical shape-function gradients at the quadrature points of one cell after another. */
export interface CellGradients {
  readonly rule: Quadrature
  readonly pointCount: number
  /** Writes ∇N_a at every point of a cell. @param out [point, node, dimension] [1/m] */
  readonly into: (cell: number, out: Float64Array) => void
}

/** Gradients of an element on straight-sided cells, with the rule that integrates their products exactly. */
export const cellGradients = (geometry: SimplexGeometry, element: Element): CellGradients => {
  const { dimension, gradient } = geometry
  const vertices = dimension + 1
  const rule = quadrature(dimension, element.order === 1 ? 1 : 2)
  const pointCount = rule.weights.length
  const slopes = new Float64Array(pointCount * element.nodesPerCell * vertices)
  for (let p = 0; p < pointCount; p++)
    element.slopesInto(
      rule.points.subarray(p * vertices, (p + 1) * vertices),
      slopes.subarray(p * element.nodesPerCell * vertices, (p + 1) * element.nodesPerCell * vertices),
    )
  return {
    rule,
    pointCount,
    into: (cell, out) => {
      const g = cell * vertices * dimension
      const rows = pointCount * element.nodesPerCell
      for (let row = 0; row < rows; row++)
        for (let axis = 0; axis < dimension; axis++) {
          let sum = 0
          for (let v = 0; v < vertices; v++) sum += slopes[row * vertices + v] * gradient[g + v * dimension + axis]
          out[row * dimension + axis] = sum
        }
    },
  }
}

/**
 * Adds the stiffness ∫ ε(v) : C : ε(u) of linear isotropic elasticity (plane strain in 2-D) for chosen cells.
 * Entry (a·dim + p, b·dim + q) is ∫ λ ∂_p N_a ∂_q N_b + μ (∂_q N_a ∂_p N_b + δ_pq ∇N_a·∇N_b).
 *
 * @param cells     [chosen]
 * @param moduli    of a chosen cell
 * @param positions [chosen, nodesPerCell·dimension, nodesPerCell·dimension] places in `values`, −1 to skip
 * @param values    added to [N/m per metre of depth in 2-D]
 */
export const addStiffness = (
  geometry: SimplexGeometry,
  element: Element,
  cells: Int32Array,
  moduli: (chosen: number) => Moduli,
  positions: Int32Array,
  values: Float64Array,
): void => {
  const { dimension, volume } = geometry
  const nodes = element.nodesPerCell
  const size = nodes * dimension
  const gradients = cellGradients(geometry, element)
  const dN = new Float64Array(gradients.pointCount * size)
  const local = new Float64Array(size * size)
  for (let k = 0; k < cells.length; k++) {
    const cell = cells[k]
    const { lambda, shear } = moduli(k)
    gradients.into(cell, dN)
    local.fill(0)
    for (let point = 0; point < gradients.pointCount; point++) {
      const weight = gradients.rule.weights[point] * volume[cell]
      const at = point * size
      for (let a = 0; a < nodes; a++)
        for (let b = 0; b < nodes; b++) {
          let dot = 0
          for (let axis = 0; axis < dimension; axis++)
            dot += dN[at + a * dimension + axis] * dN[at + b * dimension + axis]
          for (let p = 0; p < dimension; p++)
            for (let q = 0; q < dimension; q++) {
              const ap = dN[at + a * dimension + p]
              const aq = dN[at + a * dimension + q]
              const bp = dN[at + b * dimension + p]
              const bq = dN[at + b * dimension + q]
              local[(a * dimension + p) * size + b * dimension + q] +=
                weight * (lambda * ap * bq + shear * aq * bp + (p === q ? shear * dot : 0))
            }
        }
    }
    const to = k * size * size
    for (let entry = 0; entry < local.length; entry++) {
      const at = positions[to + entry]
      if (at >= 0) values[at] += local[entry]
    }
  }
}

/**
 * Element matrices of the divergence coupling g[a·dim + p, v] = ∫ K ∂_p N_a λ_v between displacement (any order) and a
 * linear scalar: its product with the volume change is the swelling load, its transpose with the displacement the
 * weak pressure K tr ε.
 *
 * @returns [chosen, nodesPerCell·dimension, dimension + 1] [N per metre of depth in 2-D]
 */
export const divergenceCoupling = (
  geometry: SimplexGeometry,
  element: Element,
  cells: Int32Array,
  bulk: (chosen: number) => number,
): Float64Array => {
  const { dimension, volume } = geometry
  const vertices = dimension + 1
  const size = element.nodesPerCell * dimension
  const gradients = cellGradients(geometry, element)
  const exact = quadrature(dimension, 2)
  const pointCount = exact.weights.length
  const linear = element.order === 1
  const dN = new Float64Array(gradients.pointCount * size)
  const out = new Float64Array(cells.length * size * vertices)
  for (let k = 0; k < cells.length; k++) {
    const cell = cells[k]
    gradients.into(cell, dN)
    const scale = bulk(k) * volume[cell]
    for (let point = 0; point < pointCount; point++) {
      const weight = exact.weights[point] * scale
      const from = linear ? 0 : point * size
      for (let row = 0; row < size; row++)
        for (let v = 0; v < vertices; v++)
          out[(k * size + row) * vertices + v] += weight * dN[from + row] * exact.points[point * vertices + v]
    }
  }
  return out
}
