import type { ElectrodeNetwork } from "../../microstructure/electrode-network.ts"
import { assertNetwork } from "../../microstructure/network-check.ts"
import { createNetworkElectrochemistry, type NetworkElectrochemistry } from "./electrochemistry.ts"
import { createLigaments, type Ligaments } from "./ligament.ts"
import type { NetworkCellParameters } from "./parameters.ts"
import { createPatchMechanics, type PatchMechanics } from "./patch-mechanics.ts"

/** The network half-cell: everything that stays the same while it is cycled. */
export interface NetworkCell {
  readonly network: ElectrodeNetwork
  readonly parameters: NetworkCellParameters
  readonly electrochemistry: NetworkElectrochemistry
  readonly ligaments: Ligaments
  /** Absent when mechanics are switched off. */
  readonly mechanics?: PatchMechanics
  /** [particle] area of its patches [m²] */
  readonly surface: Float64Array
  /** [particle] area on carbon/binder [m²] */
  readonly cohesiveArea: Float64Array
  /** Current of 1C [A], [A/m] in 2-D */
  readonly oneC: number
  /** [m²], [m] in 2-D */
  readonly collectorArea: number
  /** Active material, floating particles included [kg] */
  readonly activeMass: number
}

/**
 * Sets up a network half-cell.
 * @throws RangeError where the network contradicts itself or lacks parameters
 */
export const createNetworkCell = (network: ElectrodeNetwork, parameters: NetworkCellParameters): NetworkCell => {
  assertNetwork(network)
  const { particles, patches } = network
  const activeMass = parameters.active.density * particles.volume.reduce((sum, volume) => sum + volume, 0)
  const oneC = (activeMass * parameters.active.nominalCapacity) / 3600
  const electrochemistry = createNetworkElectrochemistry(network, parameters, oneC)
  const ligaments = createLigaments(network, electrochemistry.radius, parameters)
  const surface = new Float64Array(particles.count)
  const cohesiveArea = new Float64Array(particles.count)
  for (let particle = 0; particle < particles.count; particle++)
    for (let patch = patches.start[particle]; patch < patches.start[particle + 1]; patch++) {
      surface[particle] += patches.area[patch]
      cohesiveArea[particle] += ligaments.cohesiveArea[patch]
    }
  return {
    network,
    parameters,
    electrochemistry,
    ligaments,
    ...(parameters.mechanics && { mechanics: createPatchMechanics(network, ligaments, parameters.cohesion) }),
    surface,
    cohesiveArea,
    oneC,
    collectorArea: network.collectorArea,
    activeMass,
  }
}
