import { electronGrid, particleGrid } from "../formats/network-grids.ts"
import type { Grid, GridField } from "../formats/vtu.ts"
import type { NetworkSimulation } from "../model/network/simulation.ts"

const field = (name: string, unit: string, values: Float64Array): GridField => ({ name, unit, components: 1, values })

/** Particles with what they do now, joined to those that they face. */
export const particlesNow = ({ cell, observation, innerDamage }: NetworkSimulation): Grid => {
  const { particles } = observation
  return particleGrid(cell.network, {
    particle: [
      field("stoichiometry", "", particles.meanStoichiometry),
      field("surface_stoichiometry", "", particles.surfaceStoichiometry),
      field("damage", "", particles.damage),
      field("crack_volume_share", "", innerDamage().crackVolumeShare),
      field("mean_gap", "m", particles.meanGap),
      field("current", "A/m^2", particles.current),
      field("stress_maximum_principal", "Pa", particles.maximumPrincipalStress),
    ],
  })
}

/** The electron network with its potentials against the collector's now. */
export const conductorNow = (simulation: NetworkSimulation): Grid => {
  const { cell } = simulation
  const { x } = simulation.state()
  const { electronic } = cell.electrochemistry.unknowns
  const potential = Float64Array.from({ length: cell.network.electrons.nodeCount }, (_, node) =>
    node === 0 ? 0 : x[electronic + node - 1],
  )
  return electronGrid(cell.network, { node: [field("potential_solid", "V", potential)] })
}
