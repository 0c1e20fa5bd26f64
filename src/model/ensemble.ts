import type { EnsembleHistory } from "../synchronisation/ensemble.ts"
import { openLedger } from "../synchronisation/ledger.ts"
import { endedBlock, endsCycle } from "./blocks.ts"
import type { Observation, ParticleObservation } from "./observation.ts"
import type { Protocol } from "./protocol.ts"

/** What a step's end tells of an ensemble. */
interface StepObservation extends Pick<Observation, "current"> {
  readonly particles: Pick<ParticleObservation, "meanStoichiometry" | "damage">
}

/** Notes what synchronisation is judged by while a run goes on. */
export interface EnsembleCollector {
  /** To be told of every protocol step that has ended. @param step its index */
  readonly stepEnded: (step: number, observation: StepObservation) => void
  /** What was noted so far. */
  readonly history: () => EnsembleHistory
}

/**
 * Collects the ensemble's history of a run from the ends of its protocol steps; formation is left out.
 * @param weight  [particle] > 0, such as volumes in any unit
 */
export const collectEnsemble = (protocol: Protocol, weight: Float64Array): EnsembleCollector => {
  const ledger = openLedger(weight)
  return {
    stepEnded: (step, { current, particles }) => {
      const { cycle } = protocol.steps[step]
      const block = endedBlock(protocol, step, current)
      if (block === "charge") ledger.bookCharge(cycle, particles.meanStoichiometry)
      if (block === "discharge") ledger.bookDischarge(cycle, particles.meanStoichiometry)
      if (endsCycle(protocol, step)) ledger.bookDamage(cycle, particles.damage)
    },
    history: ledger.history,
  }
}
