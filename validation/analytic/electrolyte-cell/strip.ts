import { addLumpedMass } from "../../../src/fem/scalar.ts"
import { type SimplexGeometry, simplexGeometry } from "../../../src/fem/simplex.ts"
import { faraday } from "../../../src/laws/constants.ts"
import type { Mesh } from "../../../src/mesh/mesh.ts"
import { addElectrolyte } from "../../../src/model/resolved/electrolyte-transport.ts"
import { backwardEuler, variableBackwardDifference } from "../../../src/solve/bdf.ts"
import { addSource, givenValues } from "../given-values.ts"
import { squareMesh } from "../square-mesh.ts"
import type { ElectrolyteCell } from "./solution.ts"

/** The cell as a strip of distorted triangles, x from the lithium. */
export interface Strip {
  readonly mesh: Mesh
  readonly geometry: SimplexGeometry
  /**
   * Concentration [mol/m³] and potential against the first node [V] at the nodes after equal steps of the product.
   * @param currents I of each step [A/m²]  @param step Δt [s]
   */
  readonly march: (
    currents: readonly number[],
    step: number,
  ) => { readonly concentration: Float64Array; readonly potential: Float64Array }
}

/** @param columns cells along the cell; the border between the layers must fall on one of them */
export const strip = (cell: ElectrolyteCell, columns: number): Strip => {
  const length = cell.separator.thickness + cell.electrode.thickness
  const rows = columns / 8
  const height = length / 8
  const { mesh, cells } = squareMesh(length, height, columns, rows)
  const border = Math.round((columns * cell.separator.thickness) / length)
  for (let row = 0; row <= rows; row++) mesh.nodes[2 * (row * (columns + 1) + border)] = cell.separator.thickness
  const geometry = simplexGeometry(2, mesh.nodes, mesh.cellToNode)
  const nodes = mesh.nodes.length / 2
  const layerOf = Array.from(cells, (own) => {
    let x = 0
    for (let v = 0; v < 3; v++) x += mesh.nodes[2 * mesh.cellToNode[3 * own + v]] / 3
    return x < cell.separator.thickness ? cell.separator : cell.electrode
  })
  const pore = {
    porosity: Float64Array.from(layerOf, ({ porosity }) => porosity),
    hindrance: Float64Array.from(layerOf, ({ porosity, bruggeman }) => porosity ** bruggeman),
  }
  const electrolyte = {
    conductivity: () => cell.conductivity,
    conductivitySlope: () => 0,
    diffusivity: () => cell.diffusivity,
    diffusivitySlope: () => 0,
    transference: () => cell.transference,
    transferenceSlope: () => 0,
    thermodynamicFactor: () => cell.thermodynamicFactor,
    thermodynamicFactorSlope: () => 0,
  }
  const dofs = new Int32Array(cells.length * 6)
  for (const own of cells)
    for (let v = 0; v < 3; v++) {
      dofs[own * 6 + v] = mesh.cellToNode[3 * own + v]
      dofs[own * 6 + 3 + v] = nodes + mesh.cellToNode[3 * own + v]
    }
  const system = givenValues(2 * nodes, dofs, 6)
  const { rowStart, columnIndex } = system.operator.matrix.pattern
  const diagonal = Int32Array.from({ length: nodes }, (_, row) => {
    let at = rowStart[row]
    while (columnIndex[at] !== row) at++
    return at
  })
  const mass = new Float64Array(nodes)
  const identity = Int32Array.from({ length: nodes }, (_, node) => node)
  addLumpedMass(geometry, mesh.cellToNode, cells, (own) => pore.porosity[own], identity, mass)
  // Charge balances as a whole, so one potential may be given
  const held = new Uint8Array(2 * nodes)
  held[nodes] = 1

  /** What leaves through the ends less what the reaction brings, per row of salt; the same for charge [A/m] */
  const outflowOf = (current: number): Float64Array => {
    const out = new Float64Array(nodes)
    const { thickness } = cell.electrode
    const edge = (column: number, density: number): void => {
      for (let row = 0; row < rows; row++) {
        const [a, b] = [row * (columns + 1) + column, (row + 1) * (columns + 1) + column]
        const half = (density * (mesh.nodes[2 * b + 1] - mesh.nodes[2 * a + 1])) / 2
        out[a] += half
        out[b] += half
      }
    }
    edge(0, current)
    if (thickness === 0) edge(columns, -current)
    else {
      const reaction = current / thickness
      const source = new Float64Array(nodes)
      addSource(
        geometry,
        mesh.nodes,
        mesh.cellToNode,
        (x) => (x > cell.separator.thickness ? reaction : 0),
        (node) => node,
        source,
      )
      for (let node = 0; node < nodes; node++) out[node] -= source[node]
    }
    return out
  }

  return {
    mesh,
    geometry,
    march: (currents, step) => {
      let previous: Float64Array = new Float64Array(2 * nodes).fill(1, 0, nodes)
      let older = previous
      currents.forEach((current, k) => {
        const formula = k === 0 ? backwardEuler : variableBackwardDifference(step, step)
        const outflow = outflowOf(current)
        const [last, before] = [previous, older]
        const x = previous.slice()
        system.solve(x, held, Math.abs(current) * height, (at, residual, jacobian) => {
          for (let node = 0; node < nodes; node++) {
            const weight = (faraday * cell.initial * mass[node]) / step
            residual[node] =
              weight * (formula.newest * at[node] + formula.previous * last[node] + formula.older * before[node]) +
              outflow[node]
            residual[nodes + node] = outflow[node]
            jacobian[diagonal[node]] += weight * formula.newest
          }
          addElectrolyte(
            geometry,
            cells,
            dofs,
            pore,
            electrolyte,
            cell.initial,
            cell.temperature,
            system.positions,
            at,
            residual,
            jacobian,
          )
        })
        older = previous
        previous = x
      })
      return {
        concentration: previous.subarray(0, nodes).map((value) => value * cell.initial),
        potential: previous.subarray(nodes),
      }
    },
  }
}
