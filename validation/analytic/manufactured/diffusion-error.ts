import { addLumpedMass } from "../../../src/fem/scalar.ts"
import { faraday } from "../../../src/laws/constants.ts"
import type { ActiveMaterial } from "../../../src/model/resolved/parameters.ts"
import { addSolidDiffusion } from "../../../src/model/resolved/solid-diffusion.ts"
import { variableBackwardDifference } from "../../../src/solve/bdf.ts"
import { addSource, givenValues, rootMeanSquare } from "../given-values.ts"
import * as diffusion from "./diffusion.ts"
import { square, wave } from "./square.ts"

/** Lithium diffusion with D (1 + θ c), over `steps` of the product's time formula. */
export const diffusionError = (count: number, steps: number): number => {
  const maximumConcentration = 50_000
  const young = 140e9
  const problem: diffusion.DiffusionProblem = {
    diffusivity: 2e-14,
    coupling: (((2 * young) / (9 * 0.7)) * 1.5e-6 ** 2) / (8.314462618 * 298.15),
    mean: 30_000,
    wave: wave(8000, 3, 2, 0.3),
    frequency: 0.02,
  }
  const active = {
    maximumConcentration,
    diffusivity: { value: () => problem.diffusivity, slope: () => 0 },
    swelling: { volumeChange: () => 0, slope: () => 1.5e-6 },
    stressCoupling: true,
  } as unknown as ActiveMaterial
  const { mesh, geometry, cells, boundary, nodeCount } = square(count)
  const end = 60
  const step = end / steps
  const exactAt = (time: number): Float64Array =>
    Float64Array.from(
      { length: nodeCount },
      (_, n) => diffusion.concentration(problem, mesh.nodes[2 * n], mesh.nodes[2 * n + 1], time) / maximumConcentration,
    )
  const mass = new Float64Array(nodeCount)
  const identity = Int32Array.from({ length: nodeCount }, (_, n) => n)
  addLumpedMass(geometry, mesh.cellToNode, cells, () => 1, identity, mass)
  const system = givenValues(nodeCount, mesh.cellToNode, 3)
  const { rowStart, columnIndex } = system.operator.matrix.pattern
  const diagonal = Int32Array.from({ length: nodeCount }, (_, row) => {
    let at = rowStart[row]
    while (columnIndex[at] !== row) at++
    return at
  })
  const amount = faraday * maximumConcentration
  const smooth = new Float64Array(nodeCount)
  let older = exactAt(-step)
  let previous = exactAt(0)
  for (let k = 1; k <= steps; k++) {
    const time = k * step
    const formula = variableBackwardDifference(step, step)
    const load = new Float64Array(nodeCount)
    addSource(
      geometry,
      mesh.nodes,
      mesh.cellToNode,
      (px, py) => faraday * diffusion.source(problem, px, py, time),
      (n) => n,
      load,
    )
    const x = exactAt(time)
    for (let n = 0; n < nodeCount; n++) if (!boundary[n]) x[n] = previous[n]
    const [last, before] = [previous, older]
    system.solve(x, boundary, 1e-3, (at, residual, jacobian) => {
      for (let n = 0; n < nodeCount; n++) {
        const weight = (amount * mass[n]) / step
        residual[n] =
          weight * (formula.newest * at[n] + formula.previous * last[n] + formula.older * before[n]) - load[n]
        jacobian[diagonal[n]] += weight * formula.newest
      }
      addSolidDiffusion(
        geometry,
        cells,
        mesh.cellToNode,
        active,
        (2 * young) / (9 * 0.7),
        298.15,
        smooth,
        system.positions,
        at,
        residual,
        jacobian,
      )
    })
    older = previous
    previous = x
  }
  return rootMeanSquare(
    geometry,
    mesh.nodes,
    mesh.cellToNode,
    (n) => previous[n],
    (px, py) => diffusion.concentration(problem, px, py, end) / maximumConcentration,
  )
}
