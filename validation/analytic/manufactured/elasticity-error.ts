import { addStiffness, divergenceCoupling } from "../../../src/fem/elasticity.ts"
import { linearElement, quadraticElement } from "../../../src/fem/element.ts"
import { quadraticNodes, quadraticPositions } from "../../../src/fem/numbering.ts"
import { quadrature } from "../../../src/fem/quadrature.ts"
import { moduli } from "../../../src/laws/elasticity.ts"
import { givenValues } from "../given-values.ts"
import * as elasticity from "./elasticity.ts"
import { side, square, wave } from "./square.ts"

/**
 * Root mean square error of the displacement in linear or quadratic elements.
 * @param count    cells along a side
 * @param swelling amplitude of the free strain, fed to the elements as nodal volume change
 */
export const elasticityError = (count: number, order: 1 | 2, swelling = 0): number => {
  const problem: elasticity.ElasticityProblem = {
    elasticity: { young: 2e9, poisson: 0.3 },
    displacement: [wave(1e-8, 3, 2, 0.2), wave(0.7e-8, 2, 4, 0.5)],
    freeStrain: wave(swelling, 3, 2, 0.6),
  }
  const { mesh, geometry, cells } = square(count)
  const own = moduli(problem.elasticity)
  const element = order === 1 ? linearElement(2) : quadraticElement(2)
  const numbering = quadraticNodes(mesh)
  const positions = order === 1 ? mesh.nodes : quadraticPositions(mesh, numbering)
  const cellToNode = order === 1 ? mesh.cellToNode : numbering.cellToNode
  const per = element.nodesPerCell
  const nodes = positions.length / 2
  const dofs = Int32Array.from({ length: cells.length * per * 2 }, (_, k) => 2 * cellToNode[k >> 1] + (k & 1))
  const system = givenValues(nodes * 2, dofs, per * 2)
  const held = new Uint8Array(nodes * 2)
  const x = new Float64Array(nodes * 2)
  for (let n = 0; n < nodes; n++) {
    const [px, py] = [positions[2 * n], positions[2 * n + 1]]
    if (px > 1e-12 && py > 1e-12 && px < side - 1e-12 && py < side - 1e-12) continue
    const exact = elasticity.displacement(problem, px, py)
    for (let axis = 0; axis < 2; axis++) {
      held[2 * n + axis] = 1
      x[2 * n + axis] = exact[axis]
    }
  }
  const rule = quadrature(2, 4)
  const N = new Float64Array(per)
  const load = new Float64Array(nodes * 2)
  const visit = (act: (cell: number, weight: number, px: number, py: number) => void): void => {
    for (const cell of cells)
      rule.weights.forEach((weight, p) => {
        const at = rule.points.subarray(3 * p, 3 * p + 3)
        element.valuesInto(at, N)
        let [px, py] = [0, 0]
        for (let v = 0; v < 3; v++) {
          px += at[v] * mesh.nodes[2 * mesh.cellToNode[3 * cell + v]]
          py += at[v] * mesh.nodes[2 * mesh.cellToNode[3 * cell + v] + 1]
        }
        act(cell, weight * geometry.volume[cell], px, py)
      })
  }
  visit((cell, weight, px, py) => {
    const force = elasticity.force(problem, px, py)
    for (let a = 0; a < per; a++)
      for (let axis = 0; axis < 2; axis++) load[2 * cellToNode[cell * per + a] + axis] += weight * N[a] * force[axis]
  })
  if (swelling !== 0) {
    const coupling = divergenceCoupling(geometry, element, cells, () => own.bulk)
    coupling.forEach((entry, at) => {
      const [row, v] = [Math.floor(at / 3), at % 3]
      const corner = mesh.cellToNode[3 * Math.floor(row / (2 * per)) + v]
      load[dofs[row]] += entry * 3 * elasticity.freeStrain(problem, mesh.nodes[2 * corner], mesh.nodes[2 * corner + 1])
    })
  }
  const { rowStart, columnIndex } = system.operator.matrix.pattern
  system.solve(x, held, 10, (at, residual, jacobian) => {
    addStiffness(geometry, element, cells, () => own, system.positions, jacobian)
    for (let row = 0; row < residual.length; row++) {
      residual[row] = -load[row]
      for (let e = rowStart[row]; e < rowStart[row + 1]; e++) residual[row] += jacobian[e] * at[columnIndex[e]]
    }
  })
  let sum = 0
  visit((cell, weight, px, py) => {
    const exact = elasticity.displacement(problem, px, py)
    for (let axis = 0; axis < 2; axis++) {
      let value = -exact[axis]
      for (let a = 0; a < per; a++) value += N[a] * x[2 * cellToNode[cell * per + a] + axis]
      sum += weight * value * value
    }
  })
  return Math.sqrt(sum) / side
}
