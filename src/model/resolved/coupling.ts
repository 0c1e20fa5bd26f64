import { moduli } from "../../laws/elasticity.ts"
import type { Mesh } from "../../mesh/mesh.ts"
import type { Bodies } from "./bodies.ts"
import type { Electrochemistry } from "./electrochemistry.ts"
import type { InterfacePairs } from "./interface-pairs.ts"
import type { MechanicalState } from "./mechanics.ts"
import type { HalfCellParameters } from "./parameters.ts"
import { localStressSlope } from "./solid-diffusion.ts"

/** What mechanics and electrochemistry tell each other. */
export interface Coupling {
  /** Writes ΔV/V at the solid's nodes. @param x electrochemical unknowns */
  readonly volumeChangeInto: (x: Float64Array, out: Float64Array) => void
  /** Writes λ = ⟨δ_n⟩ at the charge-transfer points [m]. */
  readonly gapInto: (state: MechanicalState, out: Float64Array) => void
  /** Writes σ_h at the solid's nodes and σ_h + s ΔV/V, its smooth part [Pa]. */
  readonly hydrostaticInto: (
    state: MechanicalState,
    volumeChange: Float64Array,
    hydrostatic: Float64Array,
    smooth: Float64Array,
  ) => void
}

/** Maps between the charge-transfer points, the solid's nodes and the mechanical pairs. */
export const createCoupling = (
  mesh: Mesh,
  electrochemistry: Electrochemistry,
  bodies: Bodies,
  pairs: InterfacePairs,
  parameters: HalfCellParameters,
): Coupling => {
  const { points, unknowns } = electrochemistry
  const perFacet = points.rule.weights.length
  const pointToPair = new Int32Array(points.count)
  points.facets.forEach((facet, k) => {
    for (let q = 0; q < perFacet; q++) pointToPair[k * perFacet + q] = pairs.facetToPair[facet * perFacet + q]
  })
  const { active } = parameters
  const slope = localStressSlope(active.elasticity)
  const { bulk } = moduli(active.elasticity)
  const { dimension } = mesh
  return {
    volumeChangeInto: (x, out) => {
      for (let i = 0; i < unknowns.solid.count; i++)
        out[i] = active.swelling.volumeChange(x[i] * active.maximumConcentration)
    },
    gapInto: (state, out) => {
      for (let point = 0; point < out.length; point++) {
        const pair = pointToPair[point]
        out[point] = pair < 0 ? 0 : Math.max(0, state.opening[pair * dimension])
      }
    },
    hydrostaticInto: (state, volumeChange, hydrostatic, smooth) => {
      bodies.pressureInto(state.displacement, hydrostatic)
      for (let i = 0; i < hydrostatic.length; i++) {
        hydrostatic[i] -= bulk * volumeChange[i]
        smooth[i] = hydrostatic[i] + slope * volumeChange[i]
      }
    },
  }
}
