import type { CohesiveLaw, IsotropicElasticity } from "../../src/laws/contracts.ts"
import type { Mesh } from "../../src/mesh/mesh.ts"
import { createMechanics, type MechanicalState } from "../../src/model/resolved/mechanics.ts"
import { type ElasticParts, elasticParts } from "./elastic-parts.ts"

/** The product's own mechanics on a disc in a ring. */
export interface DiscMechanics extends ElasticParts {
  readonly rest: () => MechanicalState
  /** Equilibrium for a nodal volume change, one step after a state. @param step [s] */
  readonly after: (volumeChange: Float64Array, previous: MechanicalState, step: number) => MechanicalState
  /** The same, from rest. */
  readonly solve: (volumeChange: Float64Array, step: number) => MechanicalState
}

export const discMechanics = (
  mesh: Mesh,
  particle: IsotropicElasticity,
  ring: IsotropicElasticity,
  cohesion: CohesiveLaw,
): DiscMechanics => {
  const parts = elasticParts(mesh, particle, ring)
  const mechanics = createMechanics(parts.bodies, parts.pairs, cohesion)
  const after = (volumeChange: Float64Array, previous: MechanicalState, step: number): MechanicalState => {
    const { outcome, state } = mechanics.solve(volumeChange, previous, previous.displacement, step)
    if (!outcome.converged) throw new Error(`mechanics: ${outcome.reason}`)
    return state
  }
  return {
    ...parts,
    rest: mechanics.initial,
    after,
    solve: (volumeChange, step) => after(volumeChange, mechanics.initial(), step),
  }
}
