import { assertLength } from "../array/assert.ts"
import { cycleSynchrony } from "./cycle.ts"
import type { EnsembleHistory, Synchronisation } from "./ensemble.ts"
import { assertSettings, defaultSynchronisationSettings, type SynchronisationSettings } from "./settings.ts"
import { judge } from "./verdict.ts"

const assertHistory = ({ particleCount, cycle, weight, ...matrices }: EnsembleHistory): void => {
  if (!(Number.isInteger(particleCount) && particleCount >= 1)) throw new RangeError(`${particleCount} particles`)
  const size = cycle.length * particleCount
  for (const name of ["endOfCharge", "endOfDischarge", "damage"] as const) {
    assertLength(name, matrices[name], size)
    const wrong = matrices[name].findIndex((value) => Math.abs(value) === Number.POSITIVE_INFINITY)
    if (wrong >= 0) throw new RangeError(`${name}[${wrong}] is infinite`)
  }
  assertLength("weight", weight, particleCount)
  if (!weight.every((share) => share > 0 && Number.isFinite(share))) throw new RangeError("a weight is not positive")
  for (let index = 1; index < cycle.length; index++) {
    if (cycle[index] <= cycle[index - 1]) throw new RangeError(`cycle ${cycle[index]} follows ${cycle[index - 1]}`)
  }
}

/**
 * Spreads, contraction and verdict of an ensemble over its cycles. The verdict is about the spread (largest minus smallest)
 * of the stoichiometry at end of charge; its rules are those of `judge`. A cycle counts in it where every particle has an
 * end of charge. Only the ratios of the weights matter.
 * @param history   values finite, or NaN where a cycle lacks them
 * @param settings  those of `defaultSynchronisationSettings` where not given
 * @throws where lengths do not fit, cycles do not rise, weights are not positive, a setting is out of range
 */
export const analyseSynchronisation = (
  history: EnsembleHistory,
  settings: Partial<SynchronisationSettings> = {},
): Synchronisation => {
  const used = { ...defaultSynchronisationSettings, ...settings }
  assertSettings(used)
  assertHistory(history)
  const cycles = Array.from(history.cycle, (_, index) => cycleSynchrony(history, index, used.severeDamage))
  const spreads = cycles
    .filter(({ spreadCharge }) => !Number.isNaN(spreadCharge))
    .map(({ cycle, spreadCharge }) => ({ cycle, spread: spreadCharge }))
  const judged =
    history.particleCount > 1
      ? judge(spreads, used)
      : { ...judge([], used), reason: "One particle has nothing to be in step with." }
  const severeShare = cycles.find(({ cycle }) => cycle === judged.syncCycle)?.severeShare ?? Number.NaN
  const throughputs = cycles.map(({ meanThroughput }) => meanThroughput).filter((value) => !Number.isNaN(value))
  const utilisation = throughputs[0] > 0 ? throughputs[throughputs.length - 1] / throughputs[0] : Number.NaN
  return {
    cycles,
    ...judged,
    severeShareAtSync: Number.isNaN(severeShare) ? null : severeShare,
    utilisation,
  }
}
