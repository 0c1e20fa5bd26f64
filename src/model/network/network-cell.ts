import type { ElectrodeNetwork } from "../../microstructure/electrode-network.ts"
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
  checkNetwork(network)
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

/** @throws RangeError naming the first thing that cannot be */
const checkNetwork = ({ collectorArea, particles, patches, electrons, ions }: ElectrodeNetwork): void => {
  const positive = (name: string, values: ArrayLike<number>, count: number): void => {
    if (values.length !== count) throw new RangeError(`${name} has ${values.length} entries, ${count} expected`)
    for (let i = 0; i < count; i++)
      if (!(values[i] > 0 && Number.isFinite(values[i])))
        throw new RangeError(`${name}[${i}] is ${values[i]}, expected > 0`)
  }
  const within = (name: string, values: ArrayLike<number>, count: number, low: number, high: number): void => {
    if (values.length !== count) throw new RangeError(`${name} has ${values.length} entries, ${count} expected`)
    for (let i = 0; i < count; i++)
      if (!(values[i] >= low && values[i] <= high))
        throw new RangeError(`${name}[${i}] is ${values[i]}, expected ${low} … ${high}`)
  }
  if (!(collectorArea > 0)) throw new RangeError(`collectorArea is ${collectorArea}, expected > 0`)
  if (particles.count < 1) throw new RangeError("a network needs at least one particle")
  positive("particles.volume", particles.volume, particles.count)
  within("patches.start", patches.start, particles.count + 1, 0, patches.count)
  for (let particle = 0; particle < particles.count; particle++)
    if (patches.start[particle + 1] < patches.start[particle])
      throw new RangeError(`patches.start falls after particle ${particle}`)
  positive("patches.area", patches.area, patches.count)
  within("patches.normal", patches.normal, 3 * patches.count, -1 - 1e-9, 1 + 1e-9)
  const { highShare, lowShare, poreShare, contactShare } = patches
  for (const [name, values] of Object.entries({ highShare, lowShare, poreShare, contactShare }))
    within(`patches.${name}`, values, patches.count, 0, 1 + 1e-9)
  for (let patch = 0; patch < patches.count; patch++) {
    const sum = highShare[patch] + lowShare[patch] + poreShare[patch] + contactShare[patch]
    if (Math.abs(sum - 1) > 1e-6) throw new RangeError(`the shares of patch ${patch} add to ${sum}, expected 1`)
  }
  within("patches.neighbour", patches.neighbour, patches.count, -1, particles.count - 1)
  within("patches.node", patches.node, patches.count, -1, electrons.nodeCount - 1)
  within("patches.layer", patches.layer, patches.count, 0, ions.count - 1)
  within("electrons.from", electrons.from, electrons.edgeCount, 0, electrons.nodeCount - 1)
  within("electrons.to", electrons.to, electrons.edgeCount, 0, electrons.nodeCount - 1)
  within("electrons.highShape", electrons.highShape, electrons.edgeCount, 0, Number.MAX_VALUE)
  within("electrons.lowShape", electrons.lowShape, electrons.edgeCount, 0, Number.MAX_VALUE)
}
