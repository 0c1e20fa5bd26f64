import { addStiffness } from "../../../src/fem/elasticity.ts"
import { linearElement, quadraticElement } from "../../../src/fem/element.ts"
import { quadraticNodes, quadraticPositions } from "../../../src/fem/numbering.ts"
import { quadrature } from "../../../src/fem/quadrature.ts"
import { addConduction, addLumpedMass } from "../../../src/fem/scalar.ts"
import { simplexGeometry } from "../../../src/fem/simplex.ts"
import { faraday } from "../../../src/laws/constants.ts"
import { moduli } from "../../../src/laws/elasticity.ts"
import { addElectrolyte } from "../../../src/model/resolved/electrolyte-transport.ts"
import type { ActiveMaterial } from "../../../src/model/resolved/parameters.ts"
import { addSolidDiffusion } from "../../../src/model/resolved/solid-diffusion.ts"
import { backwardEuler, variableBackwardDifference } from "../../../src/solve/bdf.ts"
import { orderOf, type Result, type ValidationCase } from "../../case.ts"
import { squareMesh } from "../square-mesh.ts"
import * as conduction from "./conduction.ts"
import * as diffusion from "./diffusion.ts"
import * as elasticity from "./elasticity.ts"
import * as electrolyte from "./electrolyte.ts"
import { addSource, givenValues, rootMeanSquare } from "./square-problem.ts"
import type { Wave } from "./wave.ts"

const side = 10e-6
const wave = (amplitude: number, p: number, q: number, phase: number): Wave => ({
  amplitude,
  wavenumber: [p / side, q / side],
  phase: [phase, 0.7 - phase],
})

const square = (count: number) => {
  const made = squareMesh(side, side, count, count)
  const { mesh } = made
  return { ...made, geometry: simplexGeometry(2, mesh.nodes, mesh.cellToNode), nodeCount: mesh.nodes.length / 2 }
}

const conductionError = (count: number): number => {
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

/** Displacement error in linear or quadratic elements, free strain included in the body force. */
const elasticityError = (count: number, order: 1 | 2): number => {
  const problem: elasticity.ElasticityProblem = {
    elasticity: { young: 2e9, poisson: 0.3 },
    displacement: [wave(1e-8, 3, 2, 0.2), wave(0.7e-8, 2, 4, 0.5)],
    freeStrain: wave(0, 1, 1, 0),
  }
  const { mesh, geometry, cells } = square(count)
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
  const { rowStart, columnIndex } = system.operator.matrix.pattern
  const own = moduli(problem.elasticity)
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

/** Lithium diffusion with D (1 + θ c), over `steps` of the product's time formula. */
const diffusionError = (count: number, steps: number): number => {
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

/** Salt and potential of the electrolyte with properties that bend; errors of both, relative. */
const electrolyteErrors = (count: number, steps: number): readonly [number, number] => {
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
    const formula = steps === 1 ? backwardEuler : variableBackwardDifference(step, step)
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

export const validationCase: ValidationCase = {
  name: "analytic/manufactured",
  title: "Manufactured solutions of every operator on distorted triangles",
  reference: "P. J. Roache, J. Fluids Eng. 124 (2002) 4",
  tier: "fast",
  run: (): Result[] => {
    const salt = [8, 16, 32].map((count) => electrolyteErrors(count, count))
    return [
      orderOf("conduction with varying conductivity", 2, [8, 16, 32].map(conductionError)),
      orderOf(
        "elasticity, linear displacements",
        2,
        [8, 16, 32].map((count) => elasticityError(count, 1)),
      ),
      orderOf(
        "elasticity, quadratic displacements",
        3,
        [4, 8, 16].map((count) => elasticityError(count, 2)),
      ),
      orderOf(
        "lithium with stress coupling, space and time together",
        2,
        [8, 16, 32].map((count) => diffusionError(count, count)),
      ),
      orderOf(
        "electrolyte salt, space and time together",
        2,
        salt.map(([error]) => error),
      ),
      orderOf(
        "electrolyte potential, space and time together",
        2,
        salt.map(([, error]) => error),
      ),
    ]
  },
}
