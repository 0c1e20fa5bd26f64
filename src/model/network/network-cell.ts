import type { ElectrodeNetwork } from "../../microstructure/electrode-network.ts"
import { assertNetwork } from "../../microstructure/network-check.ts"
import type { Crew } from "./crew.ts"
import { createNetworkElectrochemistry, type NetworkElectrochemistry } from "./electrochemistry.ts"
import type { Ligaments } from "./ligament.ts"
import type { NetworkCellParameters } from "./parameters.ts"

/** The network half-cell: everything that stays the same while it is cycled. */
export interface NetworkCell {
  readonly network: ElectrodeNetwork
  readonly parameters: NetworkCellParameters
  readonly electrochemistry: NetworkElectrochemistry
  readonly ligaments: Ligaments
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

/** Active material, floating particles included [kg] */
const massOf = ({ particles }: ElectrodeNetwork, { active }: NetworkCellParameters): number =>
  active.density * particles.volume.reduce((sum, volume) => sum + volume, 0)

/** Current of 1C [A], [A/m] in 2-D */
export const totalOneC = (network: ElectrodeNetwork, parameters: NetworkCellParameters): number =>
  (massOf(network, parameters) * parameters.active.nominalCapacity) / 3600

/**
 * Sets up a network half-cell.
 * @param crew does what particles need each by itself
 * @throws RangeError where the network contradicts itself or lacks parameters
 */
export const createNetworkCell = (
  network: ElectrodeNetwork,
  parameters: NetworkCellParameters,
  crew?: Crew,
): NetworkCell => {
  assertNetwork(network)
  const { particles, patches } = network
  const activeMass = massOf(network, parameters)
  const oneC = totalOneC(network, parameters)
  const electrochemistry = createNetworkElectrochemistry(network, parameters, oneC, crew)
  const { ligaments } = electrochemistry.particles
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
    surface,
    cohesiveArea,
    oneC,
    collectorArea: network.collectorArea,
    activeMass,
  }
}
