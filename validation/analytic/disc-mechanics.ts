import { numberCells } from "../../src/fem/numbering.ts"
import { simplexGeometry } from "../../src/fem/simplex.ts"
import type { CohesiveLaw, IsotropicElasticity } from "../../src/laws/contracts.ts"
import { cellCount, type Mesh, nodeCount } from "../../src/mesh/mesh.ts"
import { type Bodies, createBodies } from "../../src/model/resolved/bodies.ts"
import { createInterfacePairs, type InterfacePairs } from "../../src/model/resolved/interface-pairs.ts"
import { createMechanics, type MechanicalState } from "../../src/model/resolved/mechanics.ts"
import type { HalfCellParameters } from "../../src/model/resolved/parameters.ts"
import type { Unknowns } from "../../src/model/resolved/unknowns.ts"

/** The product's own mechanics on a disc in a ring. */
export interface DiscMechanics {
  readonly bodies: Bodies
  readonly pairs: InterfacePairs
  readonly solid: Unknowns["solid"]
  /** Equilibrium for a nodal volume change, from rest. */
  readonly solve: (volumeChange: Float64Array, step: number) => MechanicalState
}

export const discMechanics = (
  mesh: Mesh,
  particle: IsotropicElasticity,
  ring: IsotropicElasticity,
  cohesion: CohesiveLaw,
): DiscMechanics => {
  const geometry = simplexGeometry(2, mesh.nodes, mesh.cellToNode)
  const isSolid = (cell: number): boolean => mesh.regions[mesh.cellToRegion[cell]].kind === "particle"
  const solid = numberCells(nodeCount(mesh), mesh.cellToNode, 3, isSolid)
  const solidCells = Int32Array.from(
    Array.from({ length: cellCount(mesh) }, (_, cell) => cell).filter((cell) => isSolid(cell)),
  )
  const parameters = {
    active: { elasticity: particle },
    matrices: { high: { elasticity: ring } },
  } as unknown as HalfCellParameters
  const bodies = createBodies(mesh, geometry, parameters, { solid, solidCells } as Unknowns)
  const pairs = createInterfacePairs(mesh, bodies)
  const mechanics = createMechanics(bodies, pairs, cohesion)
  return {
    bodies,
    pairs,
    solid,
    solve: (volumeChange, step) => {
      const rest = mechanics.initial()
      const { outcome, state } = mechanics.solve(volumeChange, rest, rest, step)
      if (!outcome.converged) throw new Error(`mechanics: ${outcome.reason}`)
      return state
    },
  }
}
