import { addLumpedMass } from "../../../src/fem/scalar.ts"
import { faraday } from "../../../src/laws/constants.ts"
import { addElectrolyte } from "../../../src/model/resolved/electrolyte-transport.ts"
import { variableBackwardDifference } from "../../../src/solve/bdf.ts"
import { addSource, givenValues, rootMeanSquare } from "../given-values.ts"
import * as electrolyte from "./electrolyte.ts"
import { square, wave } from "./square.ts"

/** Salt and potential of the electrolyte with properties that bend; errors of both, relative. */
export const electrolyteErrors = (count: number, steps: number): readonly [number, number] => {
  const reference = 1000
  const properties = {
    conductivity: (c: number) => 1 - 2e-7 * (c - 1000) ** 2,
    conductivitySlope: (c: number) => -4e-7 * (c - 1000),
    diffusivity: (c: number) => 3e-10 - 1e-13 * (c - 1000),
    diffusivitySlope: () => -1e-13,
    transference: (c: number) => 0.38 + 2e-5 * (c - 1000),
    transferenceSlope: () => 2e-5,
    thermodynamicFactor: (c: number) => 1 + 3e-4 * (c - 1000),
    thermodynamicFactorSlope: () => 3e-4,
  }
  const problem: electrolyte.ElectrolyteProblem = {
    electrolyte: properties,
    porosity: 0.5,
    bruggeman: 1.5,
    temperature: 298.15,
    mean: 1000,
    salt: wave(300, 3, 2, 0.3),
    ionic: wave(0.02, 2, 3, 0.5),
    frequency: 0.5,
  }
  const { mesh, geometry, cells, boundary, nodeCount } = square(count)
  const end = 2
  const step = end / steps
  const exactAt = (time: number): Float64Array => {
    const out = new Float64Array(2 * nodeCount)
    for (let n = 0; n < nodeCount; n++) {
      out[n] = electrolyte.concentration(problem, mesh.nodes[2 * n], mesh.nodes[2 * n + 1], time) / reference
      out[nodeCount + n] = electrolyte.potential(problem, mesh.nodes[2 * n], mesh.nodes[2 * n + 1], time)
    }
    return out
  }
  const dofs = new Int32Array(cells.length * 6)
  for (const cell of cells)
    for (let v = 0; v < 3; v++) {
      dofs[cell * 6 + v] = mesh.cellToNode[3 * cell + v]
      dofs[cell * 6 + 3 + v] = nodeCount + mesh.cellToNode[3 * cell + v]
    }
  const mass = new Float64Array(nodeCount)
  addLumpedMass(
    geometry,
    mesh.cellToNode,
    cells,
    () => problem.porosity,
    Int32Array.from({ length: nodeCount }, (_, n) => n),
    mass,
  )
  const system = givenValues(2 * nodeCount, dofs, 6)
  const { rowStart, columnIndex } = system.operator.matrix.pattern
  const diagonal = Int32Array.from({ length: nodeCount }, (_, row) => {
    let at = rowStart[row]
    while (columnIndex[at] !== row) at++
    return at
  })
  const pore = {
    porosity: new Float64Array(cells.length).fill(problem.porosity),
    hindrance: new Float64Array(cells.length).fill(problem.porosity ** problem.bruggeman),
  }
  const held = new Uint8Array(2 * nodeCount)
  held.set(boundary)
  held.set(boundary, nodeCount)
  let older = exactAt(-step)
  let previous = exactAt(0)
  for (let k = 1; k <= steps; k++) {
    const time = k * step
    const formula = variableBackwardDifference(step, step)
    const load = new Float64Array(2 * nodeCount)
    const add = (source: (px: number, py: number) => number, offset: number): void =>
      addSource(geometry, mesh.nodes, mesh.cellToNode, source, (n) => n + offset, load)
    add((px, py) => faraday * electrolyte.saltSource(problem, px, py, time), 0)
    add((px, py) => electrolyte.chargeSource(problem, px, py, time), nodeCount)
    const x = exactAt(time)
    for (let n = 0; n < 2 * nodeCount; n++) if (!held[n]) x[n] = previous[n]
    const [last, before] = [previous, older]
    system.solve(x, held, 1e-3, (at, residual, jacobian) => {
      for (let n = 0; n < 2 * nodeCount; n++) residual[n] = -load[n]
      for (let n = 0; n < nodeCount; n++) {
        const weight = (faraday * reference * mass[n]) / step
        residual[n] += weight * (formula.newest * at[n] + formula.previous * last[n] + formula.older * before[n])
        jacobian[diagonal[n]] += weight * formula.newest
      }
      addElectrolyte(
        geometry,
        cells,
        dofs,
        pore,
        properties,
        reference,
        298.15,
        system.positions,
        at,
        residual,
        jacobian,
      )
    })
    older = previous
    previous = x
  }
  const rms = (offset: number, exact: (px: number, py: number) => number): number =>
    rootMeanSquare(geometry, mesh.nodes, mesh.cellToNode, (n) => previous[offset + n], exact)
  return [
    rms(0, (px, py) => electrolyte.concentration(problem, px, py, end) / reference),
    rms(nodeCount, (px, py) => electrolyte.potential(problem, px, py, end)),
  ]
}
