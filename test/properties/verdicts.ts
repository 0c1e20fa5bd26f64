import type { SmallTwin } from "../arbitrary/small-twin.ts"
import { type Finding, type Invariant, invariants } from "./invariants.ts"
import { type SmallRun, smallRun } from "./march.ts"

/** Runs kept for the properties that compare a case with a variant of it; they try the first cases of all. */
const runsKept = 60

/**
 * Lets many properties judge one simulation: the first of them that meets a twin runs it and all invariants judge it.
 * Properties that share their arbitrary and their seed meet the same twins.
 */
export const createVerdicts = () => {
  const verdicts = new Map<string, Map<Invariant, Finding> | Error>()
  const runs = new Map<string, SmallRun>()
  const counts = { runs: 0, damaged: 0, limited: 0, severed: 0 }
  const key = (twin: SmallTwin): string => JSON.stringify(twin)

  const runOf = async (twin: SmallTwin): Promise<SmallRun> => {
    const known = runs.get(key(twin))
    if (known) return known
    const run = await smallRun(twin)
    if (runs.size < runsKept) runs.set(key(twin), run)
    return run
  }

  const count = ({ march, twin }: SmallRun): void => {
    counts.runs++
    if (march.observations.some(({ particles }) => particles.damage.some((value) => value > 0.01))) counts.damaged++
    if (march.ends.some(({ end }) => end !== "duration")) counts.limited++
    if (twin.severed > 0) counts.severed++
  }

  const judged = async (twin: SmallTwin): Promise<Map<Invariant, Finding> | Error> => {
    try {
      const run = await runOf(twin)
      count(run)
      return new Map(invariants.map((invariant) => [invariant, invariant.finding(run)]))
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
    findingOf: async (invariant: Invariant, twin: SmallTwin): Promise<Finding> => {
      const verdict = verdicts.get(key(twin)) ?? (await judged(twin))
      verdicts.set(key(twin), verdict)
      if (verdict instanceof Error) throw verdict
      return verdict.get(invariant)
    },
  }
}
