import { assemblyPattern } from "../../src/algebra/pattern.ts"
import { quadrature } from "../../src/fem/quadrature.ts"
import type { SimplexGeometry } from "../../src/fem/simplex.ts"
import { type SparseOperator, sparseOperator } from "../../src/solve/linear-operator.ts"
import { createNewton } from "../../src/solve/newton.ts"

/** Adds ∫ f N of a source to linear-element rows. @param rowOf row of a node */
export const addSource = (
  geometry: SimplexGeometry,
  nodes: Float64Array,
  cellToNode: Int32Array,
  source: (x: number, y: number) => number,
  rowOf: (node: number) => number,
  out: Float64Array,
): void => {
  const { points, weights } = quadrature(2, 4)
  for (let cell = 0; cell < geometry.volume.length; cell++)
    weights.forEach((weight, p) => {
      let x = 0
      let y = 0
      for (let v = 0; v < 3; v++) {
        x += points[3 * p + v] * nodes[2 * cellToNode[3 * cell + v]]
        y += points[3 * p + v] * nodes[2 * cellToNode[3 * cell + v] + 1]
      }
      const value = weight * geometry.volume[cell] * source(x, y)
      for (let v = 0; v < 3; v++) out[rowOf(cellToNode[3 * cell + v])] += points[3 * p + v] * value
    })
}

/** A square system some of whose unknowns are given. */
export interface GivenValues {
  readonly operator: SparseOperator
  readonly positions: Int32Array
  /**
   * Solves F(x) = 0 with the listed unknowns held at their values in `x`.
   * @param assemble writes residual and Jacobian values
   */
  readonly solve: (
    x: Float64Array,
    held: Uint8Array,
    scale: number,
    assemble: (x: Float64Array, residual: Float64Array, jacobian: Float64Array) => void,
  ) => void
}

export const givenValues = (size: number, dofs: Int32Array, perElement: number): GivenValues => {
  const { pattern, positions } = assemblyPattern(size, [{ dofs, perElement }])
  const operator = sparseOperator(pattern, "general")
  return {
    operator,
    positions: positions[0],
    solve: (x, held, scale, assemble) => {
      const start = x.slice()
      const newton = createNewton(
        {
          jacobian: operator,
          residualScale: () => scale,
          evaluateInto: (at, residual) => {
            const { values } = operator.matrix
            residual.fill(0)
            values.fill(0)
            assemble(at, residual, values)
            for (let row = 0; row < size; row++) {
              if (!held[row]) continue
              residual[row] = scale * (at[row] - start[row])
              for (let e = pattern.rowStart[row]; e < pattern.rowStart[row + 1]; e++)
                values[e] = pattern.columnIndex[e] === row ? scale : 0
            }
          },
        },
        { residualTolerance: 1e-11, roundingTolerance: 1e-6, maximumIterations: 25 },
      )
      const outcome = newton.solve(x)
      newton.forget()
      if (!outcome.converged) throw new Error(`given values: ${outcome.reason}`)
    },
  }
}

/** Root mean square over the domain of a nodal error against a field, by quadrature on linear cells. */
export const rootMeanSquare = (
  geometry: SimplexGeometry,
  nodes: Float64Array,
  cellToNode: Int32Array,
  found: (node: number) => number,
  exact: (x: number, y: number) => number,
): number => {
  const { points, weights } = quadrature(2, 4)
  let sum = 0
  let area = 0
  for (let cell = 0; cell < geometry.volume.length; cell++) {
    area += geometry.volume[cell]
    weights.forEach((weight, p) => {
      let [x, y, value] = [0, 0, 0]
      for (let v = 0; v < 3; v++) {
        const node = cellToNode[3 * cell + v]
        x += points[3 * p + v] * nodes[2 * node]
        y += points[3 * p + v] * nodes[2 * node + 1]
        value += points[3 * p + v] * found(node)
      }
      sum += weight * geometry.volume[cell] * (value - exact(x, y)) ** 2
    })
  }
  return Math.sqrt(sum / area)
}
