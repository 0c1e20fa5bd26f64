import fc from "fast-check"
import { createNetworkSimulation, type NetworkSimulation } from "../../src/model/network/simulation.ts"
import type { NetworkTwin } from "../arbitrary/network-twin.ts"
import { builtNetworkTwin, type NetworkCase } from "../arbitrary/network-twin-files.ts"
import { type JudgedRun, marchWithCheckpoint } from "./march.ts"

export const networkStartOf = ({ network, parameters, protocol, time }: NetworkCase): NetworkSimulation =>
  createNetworkSimulation(network, parameters, protocol, time)

/** A network twin's run. */
export interface NetworkRun extends NetworkCase, JudgedRun {
  readonly twin: NetworkTwin
}

/** A network twin ready to run; a packing whose particles do not fit between its walls is no case. */
export const runnableNetwork = async (twin: NetworkTwin): Promise<NetworkCase> => {
  try {
    return await builtNetworkTwin(twin)
  } catch (cause) {
    fc.pre(!(cause instanceof Error && /does not fit|has room for/.test(cause.message)))
    throw cause
  }
}

/** Runs a network twin. */
export const networkRun = async (twin: NetworkTwin): Promise<NetworkRun> => {
  const parts = await runnableNetwork(twin)
  const { cell, floating } = networkStartOf(parts)
  const { oneC, collectorArea, surface } = cell
  return {
    ...parts,
    ...marchWithCheckpoint(() => networkStartOf(parts)),
    twin,
    active: parts.parameters.active,
    cell: { oneC, collectorArea, surface },
    isCutOff: (particle) => floating[particle] === 1,
    restarted: (time) => networkStartOf({ ...parts, time }),
  }
}
