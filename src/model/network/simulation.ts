import type { ElectrodeNetwork } from "../../microstructure/electrode-network.ts"
import { createMarch, type March, type MarchCheckpoint, type MarchSettings, type SolverStatistics } from "../march.ts"
import type { Protocol } from "../protocol.ts"
import { exhaustion } from "../solution-range.ts"
import type { Crew } from "./crew.ts"
import { createNetworkStepper } from "./implicit-step.ts"
import { createNetworkCell, type NetworkCell } from "./network-cell.ts"
import { type InnerDamage, innerDamage, observeNetwork } from "./observe.ts"
import type { NetworkCellParameters } from "./parameters.ts"
import type { NetworkState } from "./state.ts"
import { concentrationRange } from "./unknowns.ts"

/** Everything that a run needs to go on bit-equally. */
export type NetworkCheckpoint = MarchCheckpoint<NetworkState>

/** A network half-cell on its march through a protocol. */
export interface NetworkSimulation
  extends Pick<March<NetworkState>, "observation" | "advance" | "checkpoint" | "restore" | "state"> {
  readonly cell: NetworkCell
  /** [particle] 1 where no patch has a path for electrons to the collector */
  readonly floating: Uint8Array
  /** Cracks inside the particles, now */
  readonly innerDamage: () => InnerDamage
  readonly statistics: () => SolverStatistics
}

/** Error control of a network: as of the resolved half-cell. */
export interface NetworkTimeSettings extends MarchSettings {
  /** Local error allowed a step: stoichiometry and damage (absolute) */
  readonly tolerance: number
}

/**
 * Sets up a network half-cell at rest and its march through a protocol.
 * @param crew does what particles need each by itself; this thread alone unless told
 */
export const createNetworkSimulation = (
  network: ElectrodeNetwork,
  parameters: NetworkCellParameters,
  protocol: Protocol,
  settings: NetworkTimeSettings,
  crew?: Crew,
): NetworkSimulation => {
  const cell = createNetworkCell(network, parameters, crew)
  const stepper = createNetworkStepper(cell, settings.tolerance)
  const { unknowns, floating } = cell.electrochemistry
  const march = createMarch<NetworkState>(
    {
      initial: stepper.initial(),
      attempt: stepper.attempt,
      forget: stepper.forget,
      oneC: cell.oneC,
      collectorArea: cell.collectorArea,
      voltage: ({ x }) => x[unknowns.voltage],
      hasSmoothErrors: true,
      exhaustion: ({ x }, current, margin) => exhaustion(x, concentrationRange(unknowns), current, margin),
      observe: (state, step) => observeNetwork(cell, state, step),
    },
    protocol,
    settings,
  )
  const { advance, checkpoint, restore, state } = march
  return {
    cell,
    floating,
    get observation() {
      return march.observation
    },
    advance,
    checkpoint,
    restore,
    state,
    innerDamage: () => innerDamage(cell, march.state()),
    statistics: () => {
      const electrochemistry = stepper.newton.statistics()
      const bonds = stepper.statistics()
      const counts = march.counts()
      const { seconds } = electrochemistry
      return {
        accepted: counts.accepted,
        rejected: counts.rejected,
        passes: bonds.passes,
        electrochemistry: {
          iterations: electrochemistry.iterations,
          krylov: electrochemistry.krylovIterations,
          factorisations: electrochemistry.factorisations,
        },
        mechanics: { iterations: bonds.iterations, krylov: 0, factorisations: 0 },
        seconds: {
          "electrochemistry: assembly and laws": seconds.assembly,
          "electrochemistry: factorisation": seconds.factor,
          "electrochemistry: solves": seconds.solve,
          "mechanics: bonds and balance": bonds.seconds,
          observation: counts.observing,
          total: counts.total,
        },
      }
    },
  }
}
