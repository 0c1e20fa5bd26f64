import { assemblyPattern } from "../../src/algebra/pattern.ts"
import { addLumpedMass, cellUnknowns } from "../../src/fem/scalar.ts"
import { simplexGeometry } from "../../src/fem/simplex.ts"
import { faraday } from "../../src/laws/constants.ts"
import type { Mesh } from "../../src/mesh/mesh.ts"
import type { ActiveMaterial } from "../../src/model/resolved/parameters.ts"
import { addSolidDiffusion, localStressSlope } from "../../src/model/resolved/solid-diffusion.ts"
import { type BackwardDifference, backwardEuler, variableBackwardDifference } from "../../src/solve/bdf.ts"
import { sparseOperator } from "../../src/solve/linear-operator.ts"
import { createNewton } from "../../src/solve/newton.ts"

/** The product's lithium diffusion and time formula on a disc whose surface takes in a constant flux. */
export interface DiscDiffusion {
  readonly mesh: Mesh
  /** [node of the disc] */
  readonly nodes: Int32Array
  /** [node of the disc] area that belongs to it [m²] */
  readonly mass: Float64Array
  /** Concentration after equal steps, from uniform [mol/m³]. */
  readonly march: (options: {
    readonly initial: number
    /** Into the disc [mol/(m²·s)] */
    readonly flux: number
    readonly end: number
    readonly steps: number
    /** Smooth part of the hydrostatic stress for a concentration, iterated once more within each step [Pa] */
    readonly smooth?: (concentration: Float64Array) => Float64Array
  }) => Float64Array
}

export const discDiffusion = (
  mesh: Mesh,
  discNodes: number,
  boundary: Int32Array,
  active: ActiveMaterial,
  temperature: number,
): DiscDiffusion => {
  const geometry = simplexGeometry(2, mesh.nodes, mesh.cellToNode)
  const nodes = Int32Array.from({ length: discNodes }, (_, node) => node)
  const cells = Int32Array.from(
    [...mesh.cellToRegion.keys()].filter((cell) => mesh.regions[mesh.cellToRegion[cell]].kind === "particle"),
  )
  const identity = Int32Array.from({ length: mesh.nodes.length / 2 }, (_, node) => (node < discNodes ? node : -1))
  const dofs = cellUnknowns(mesh.cellToNode, 3, cells, identity)
  const { pattern, positions } = assemblyPattern(discNodes, [{ dofs, perElement: 3 }])
  const operator = sparseOperator(pattern, "general")
  const mass = new Float64Array(discNodes)
  addLumpedMass(geometry, mesh.cellToNode, cells, () => 1, identity, mass)
  const surface = new Float64Array(discNodes)
  for (let k = 0; k < boundary.length; k++) {
    const [a, b] = [boundary[k], boundary[(k + 1) % boundary.length]]
    const length = Math.hypot(mesh.nodes[2 * a] - mesh.nodes[2 * b], mesh.nodes[2 * a + 1] - mesh.nodes[2 * b + 1])
    surface[a] += length / 2
    surface[b] += length / 2
  }
  const slope = localStressSlope(active.elasticity)
  const amount = faraday * active.maximumConcentration
  const diagonal = new Int32Array(discNodes)
  for (let row = 0; row < discNodes; row++)
    for (let at = pattern.rowStart[row]; at < pattern.rowStart[row + 1]; at++)
      if (pattern.columnIndex[at] === row) diagonal[row] = at

  return {
    mesh,
    nodes,
    mass,
    march: ({ initial, flux, end, steps, smooth }) => {
      const step = end / steps
      let x = new Float64Array(discNodes).fill(initial / active.maximumConcentration)
      let older = x
      let stress: Float64Array = new Float64Array(discNodes)
      const size = Math.abs(flux) * faraday * surface.reduce((sum, share) => sum + share, 0)
      let previous = x
      let formula: BackwardDifference = backwardEuler
      const newton = createNewton(
        {
          jacobian: operator,
          residualScale: () => size,
          evaluateInto: (at, residual) => {
            const { values } = operator.matrix
            residual.fill(0)
            values.fill(0)
            for (let i = 0; i < discNodes; i++) {
              const weight = (amount * mass[i]) / step
              residual[i] =
                weight * (formula.newest * at[i] + formula.previous * previous[i] + formula.older * older[i]) -
                faraday * flux * surface[i]
              values[diagonal[i]] += weight * formula.newest
            }
            addSolidDiffusion(
              geometry,
              cells,
              dofs,
              active,
              slope,
              temperature,
              stress,
              positions[0],
              at,
              residual,
              values,
            )
          },
        },
        { residualTolerance: 1e-10, roundingTolerance: 1e-7, maximumIterations: 20 },
      )
      for (let k = 0; k < steps; k++) {
        previous = x
        formula = k === 0 ? backwardEuler : variableBackwardDifference(step, step)
        const next = previous.slice()
        for (let pass = 0; pass < (smooth ? 6 : 1); pass++) {
          const outcome = newton.solve(next)
          if (!outcome.converged) throw new Error(`diffusion: ${outcome.reason}`)
          if (smooth) stress = smooth(next.map((value) => value * active.maximumConcentration))
        }
        older = previous
        x = next
      }
      newton.forget()
      return x.map((value) => value * active.maximumConcentration)
    },
  }
}

/** Nodes of the outermost circle of a disc mesh, in order. */
export const discBoundary = (rings: number): Int32Array => {
  const count = 6 * rings
  const first = 1 + 3 * rings * (rings - 1)
  return Int32Array.from({ length: count }, (_, k) => first + k)
}

/** Nodes of a disc mesh without its ring. */
export const discNodeCount = (rings: number): number => 1 + 3 * rings * (rings + 1)

/** Root mean square over the disc of nodal errors. */
export const meanSquare = ({ mass }: DiscDiffusion, errors: Float64Array): number =>
  Math.sqrt(
    errors.reduce((sum, error, i) => sum + mass[i] * error * error, 0) / mass.reduce((sum, share) => sum + share, 0),
  )
