import { addConduction } from "../../../src/fem/scalar.ts"
import { addSource, givenValues, rootMeanSquare } from "../given-values.ts"
import * as conduction from "./conduction.ts"
import { square, wave } from "./square.ts"

/** Root mean square error of the potential over its amplitude. @param count cells along a side */
export const conductionError = (count: number): number => {
  const problem: conduction.ConductionProblem = {
    conductivity: 2,
    variation: wave(0.8, 3, 2, 0.3),
    wave: wave(0.1, 4, 3, 0.4),
  }
  const { mesh, geometry, cells, boundary, nodeCount } = square(count)
  const x = Float64Array.from({ length: nodeCount }, (_, n) =>
    conduction.potential(problem, mesh.nodes[2 * n], mesh.nodes[2 * n + 1]),
  )
  for (let n = 0; n < nodeCount; n++) if (!boundary[n]) x[n] = 0
  const sigma = Float64Array.from(cells, (cell) => {
    let [cx, cy] = [0, 0]
    for (let v = 0; v < 3; v++) {
      cx += mesh.nodes[2 * mesh.cellToNode[3 * cell + v]] / 3
      cy += mesh.nodes[2 * mesh.cellToNode[3 * cell + v] + 1] / 3
    }
    return conduction.conductivity(problem, cx, cy)
  })
  const system = givenValues(nodeCount, mesh.cellToNode, 3)
  const load = new Float64Array(nodeCount)
  addSource(
    geometry,
    mesh.nodes,
    mesh.cellToNode,
    (px, py) => conduction.source(problem, px, py),
    (n) => n,
    load,
  )
  const { rowStart, columnIndex } = system.operator.matrix.pattern
  system.solve(x, boundary, 1e-3, (at, residual, jacobian) => {
    addConduction(geometry, cells, sigma, system.positions, jacobian)
    for (let row = 0; row < nodeCount; row++) {
      residual[row] = -load[row]
      for (let e = rowStart[row]; e < rowStart[row + 1]; e++) residual[row] += jacobian[e] * at[columnIndex[e]]
    }
  })
  return rootMeanSquare(
    geometry,
    mesh.nodes,
    mesh.cellToNode,
    (n) => x[n],
    (px, py) => conduction.potential(problem, px, py),
  )
}
