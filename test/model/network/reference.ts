import type { NetworkCellParameters } from "../../../src/model/network/parameters.ts"
import { createNetworkSimulation, type NetworkSimulation } from "../../../src/model/network/simulation.ts"
import type { Observation } from "../../../src/model/observation.ts"
import type { Protocol, StepEnd } from "../../../src/model/protocol.ts"
import { builtNetwork, type SmallNetwork } from "../../arbitrary/network.ts"
import { referenceParameters, time } from "../resolved/reference.ts"

export { atRate, fixedChargeCycle } from "../../../validation/analytic/reference-cell.ts"
export { time } from "../resolved/reference.ts"

/** The reference half-cell with the separator of its layouts. */
export const networkParameters: NetworkCellParameters = { ...referenceParameters, separatorThickness: 25e-6 }

export const simulationOf = (
  small: SmallNetwork,
  protocol: Protocol,
  change: Partial<NetworkCellParameters> = {},
): NetworkSimulation =>
  createNetworkSimulation(builtNetwork(small), { ...networkParameters, ...change }, protocol, time)

/** Follows a simulation to its end. @throws where it fails */
export const finish = (
  simulation: NetworkSimulation,
  visit?: (observation: Observation) => void,
): readonly StepEnd[] => {
  const ends: StepEnd[] = []
  for (;;) {
    const advance = simulation.advance()
    if (advance.kind === "finished") return ends
    if (advance.kind === "failed") throw new Error(JSON.stringify(advance.reason))
    visit?.(advance.observation)
    if (advance.kind === "step-ended") ends.push(advance.end)
  }
}
