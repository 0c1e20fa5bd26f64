import { defaultSynchronisationSettings } from "../../src/synchronisation/settings.ts"
import type { SpreadOfCycle } from "../../src/synchronisation/trend.ts"
import { judge } from "../../src/synchronisation/verdict.ts"
import type { NetworkTwin } from "../arbitrary/network-twin.ts"
import type { NetworkCase } from "../arbitrary/network-twin-files.ts"
import { openInSpread, spreadOf } from "./feedback.ts"
import type { Finding } from "./invariants.ts"
import { march } from "./march.ts"
import { networkStartOf, runnableNetwork } from "./network-run.ts"

/** Spreads of the stoichiometry at the ends of charges that were not cut short, over particles with a path. */
export const chargeSpreads = (run: NetworkCase): readonly SpreadOfCycle[] => {
  const simulation = networkStartOf(run)
  return march(simulation)
    .ends.filter(({ observation, end }) => observation.stepType === "charge" && end === "duration")
    .map(({ observation }) => ({
      cycle: observation.cycle,
      spread: spreadOf(observation, (particle) => simulation.floating[particle] === 0),
    }))
}

/** What the cycles after the first verdict `synchronises` did; undefined where there is none, or nothing after it. */
export const afterVerdict = (
  spreads: readonly SpreadOfCycle[],
): { readonly decided: number; readonly envelope: number; readonly later: SpreadOfCycle } | undefined => {
  const { leastCycles } = defaultSynchronisationSettings
  for (let known = leastCycles; known < spreads.length; known++) {
    const { verdict, syncCycle } = judge(spreads.slice(0, known), defaultSynchronisationSettings)
    if (verdict !== "synchronises" || syncCycle === null) continue
    const largest = (points: readonly SpreadOfCycle[]): SpreadOfCycle =>
      points.reduce((most, point) => (point.spread > most.spread ? point : most))
    return {
      decided: spreads[known - 1].cycle,
      envelope: largest(spreads.slice(0, known).filter(({ cycle }) => cycle >= syncCycle)).spread,
      later: largest(spreads.slice(known)),
    }
  }
  return undefined
}

/**
 * Once the verdict is `synchronises`, more cycles do not raise the envelope of the spread, the largest that it has been since
 * the sync cycle, by more than {@link openInSpread}. Below that they do: patches go one by one (see the counterexample beside
 * the tests).
 */
export const envelopeFinding = async (twin: NetworkTwin): Promise<Finding> => {
  const after = afterVerdict(chargeSpreads(await runnableNetwork(twin)))
  if (after === undefined || after.later.spread <= after.envelope + openInSpread) return undefined
  const { decided, envelope, later } = after
  return `in step after ${decided} cycles within ${envelope}, the spread is ${later.spread} in cycle ${later.cycle}`
}
