import { type Finding, type Invariant, invariants } from "./invariants.ts"
import type { JudgedRun } from "./march.ts"

/** Runs kept for the properties that compare a case with a variant of it; they try the first cases of all. */
const runsKept = 60

/**
 * Lets many properties judge one simulation: the first of them that meets a twin runs it and all invariants judge it.
 * Properties that share their arbitrary and their seed meet the same twins.
 * @param run of a twin
 */
export const createVerdicts = <Twin, Run extends JudgedRun>(run: (twin: Twin) => Promise<Run>) => {
  const verdicts = new Map<string, Map<Invariant, Finding> | Error>()
  const runs = new Map<string, Run>()
  const counts = { runs: 0, damaged: 0, limited: 0, severed: 0 }
  const key = (twin: Twin): string => JSON.stringify(twin)

  const runOf = async (twin: Twin): Promise<Run> => {
    const known = runs.get(key(twin))
    if (known) return known
    const own = await run(twin)
    if (runs.size < runsKept) runs.set(key(twin), own)
    return own
  }

  const count = ({ march, cell, isCutOff }: Run): void => {
    counts.runs++
    if (march.observations.some(({ particles }) => particles.damage.some((value) => value > 0.01))) counts.damaged++
    if (march.ends.some(({ end }) => end !== "duration")) counts.limited++
    if (cell.surface.some((_, particle) => isCutOff(particle))) counts.severed++
  }

  const judged = async (twin: Twin): Promise<Map<Invariant, Finding> | Error> => {
    try {
      const own = await runOf(twin)
      count(own)
      return new Map(invariants.map((invariant) => [invariant, invariant.finding(own)]))
    } catch (cause) {
      return cause instanceof Error ? cause : new Error(String(cause))
    }
  }

  return {
    /** How many runs were judged, and in how many of them something happened. */
    census: () => counts,
    /** The run of a twin, anew where it is not kept. */
    runOf,
    /** What an invariant finds on a twin's run. @throws what the run threw */
    findingOf: async (invariant: Invariant, twin: Twin): Promise<Finding> => {
      const verdict = verdicts.get(key(twin)) ?? (await judged(twin))
      verdicts.set(key(twin), verdict)
      if (verdict instanceof Error) throw verdict
      return verdict.get(invariant)
    },
  }
}
