import { join } from "node:path"
import { Effect } from "effect"
import { collectEnsemble } from "../../src/model/ensemble.ts"
import type { Observation } from "../../src/model/observation.ts"
import type { StepEnd } from "../../src/model/protocol.ts"
import { buildTwin } from "../../src/pipeline/build.ts"
import { packageFolder } from "../../src/pipeline/program.ts"
import { particleWeights } from "../../src/pipeline/run-source.ts"
import { splitSettings } from "../../src/pipeline/settings.ts"
import { startSimulation } from "../../src/pipeline/simulation.ts"
import { analyseSynchronisation } from "../../src/synchronisation/analysis.ts"
import type { EnsembleHistory, Synchronisation } from "../../src/synchronisation/ensemble.ts"
import { loadTwin } from "../../src/twin/load.ts"
import { loadScenario } from "../../src/twin/scenario/load.ts"

/** A shipped twin under a shipped scenario, with values set as on the command line. */
export interface Setup {
  readonly twin: string
  readonly scenario: string
  readonly set?: readonly string[]
}

/** What a run has shown, as far as the published cases ask. */
export interface Cycled {
  readonly history: EnsembleHistory
  readonly synchronisation: Synchronisation
  /** [particle] time in the first charge at which damage passes 0.001, over the charge's duration; Infinity if never */
  readonly onset: Float64Array
  /** [protocol step] voltage at its end [V] */
  readonly endVoltage: readonly number[]
  /** [protocol step] */
  readonly ends: readonly StepEnd[]
  /** Worst balance error of lithium or charge at any accepted step */
  readonly imbalance: number
  /** Why the run stopped before the end of its protocol, "" where it did not */
  readonly stopped: string
}

const shipped = (folder: string, name: string): string => join(packageFolder, folder, `${name}.yaml`)

/** Mean damage of a particle from which on it counts as begun. */
const begun = 1e-3

/**
 * Runs a twin through a scenario, through the functions that `synchrode run` uses, but without a run directory.
 * @param visit sees every accepted step
 */
export const cycled = async (
  { twin, scenario, set = [] }: Setup,
  visit?: (observation: Observation) => void,
): Promise<Cycled> => {
  const { source, loaded, protocol } = await Effect.runPromise(
    Effect.gen(function* () {
      const settings = yield* splitSettings(set)
      const loaded = yield* loadTwin(shipped("twins", twin), settings.twin)
      const { protocol } = yield* loadScenario(shipped("scenarios", scenario), settings.scenario)
      return { source: (yield* buildTwin(loaded)).source, loaded, protocol }
    }),
  )
  const simulation = startSimulation(source, loaded, protocol)
  const weight = particleWeights(source)
  const collector = collectEnsemble(protocol, weight)
  const onset = new Float64Array(weight.length).fill(Number.POSITIVE_INFINITY)
  const firstCharge = protocol.steps.findIndex(({ cycle }) => cycle === 1)
  const ends: StepEnd[] = []
  const endVoltage: number[] = []
  let imbalance = 0
  let stopped = ""
  let [start, duration] = [0, Number.NaN]
  for (;;) {
    const advance = simulation.advance()
    if (advance.kind === "finished") break
    if (advance.kind === "failed") {
      stopped = `"${advance.reason.phrase}" could not go on at ${advance.reason.time.toFixed(0)} s`
      break
    }
    const { observation } = advance
    const { time, balance } = observation
    visit?.(observation)
    imbalance = Math.max(imbalance, Math.abs(balance.lithium), Math.abs(balance.charge))
    if (ends.length === firstCharge) {
      for (const [particle, damage] of observation.particles.damage.entries())
        if (damage >= begun) onset[particle] = Math.min(onset[particle], time - start)
    }
    if (advance.kind === "step-ended") {
      collector.stepEnded(advance.step, observation)
      if (advance.step === firstCharge) duration = time - start
      if (advance.step === firstCharge - 1) start = time
      ends.push(advance.end)
      endVoltage.push(observation.voltage)
    }
  }
  const history = collector.history()
  return {
    history,
    synchronisation: analyseSynchronisation(history),
    onset: onset.map((time) => time / duration),
    endVoltage,
    ends,
    imbalance,
    stopped,
  }
}
