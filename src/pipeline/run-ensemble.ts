import { readFileSync } from "node:fs"
import { join } from "node:path"
import { Effect } from "effect"
import { readCsv } from "../formats/csv.ts"
import { numbersOf, rowCount, type Table, wordsOf } from "../formats/table.ts"
import { blockEnd } from "../model/blocks.ts"
import type { Observation } from "../model/observation.ts"
import { RunUnreadable, type SnapshotMissing, systemReason } from "../store/errors.ts"
import { readManifest } from "../store/manifest.ts"
import { runFiles } from "../store/run-directory.ts"
import type { EnsembleHistory } from "../synchronisation/ensemble.ts"
import { openLedger } from "../synchronisation/ledger.ts"
import { particleWeights, readSource } from "./run-source.ts"

const tableIn = (folder: string, file: string): Effect.Effect<Table, RunUnreadable> =>
  Effect.try({
    try: () => readCsv(readFileSync(join(folder, file), "utf8")),
    catch: (cause) => new RunUnreadable({ path: join(folder, file), reason: systemReason(cause).reason }),
  })

/** The last that is known of a step of the run's protocol. */
interface StepRow {
  readonly time: number
  readonly cycle: number
  readonly type: Observation["stepType"]
  readonly current: number
}

/** Steps as history.csv shows them; all but the last have ended. */
const stepsIn = (history: Table): readonly StepRow[] => {
  const [time, cycle, step, current] = ["time", "cycle", "step", "current"].map((name) => numbersOf(history, name))
  const types = wordsOf(history, "step_type") as readonly Observation["stepType"][]
  const steps: StepRow[] = []
  for (let row = 0; row < time.length; row++) {
    if (step[row + 1] === step[row] && cycle[row + 1] === cycle[row]) continue
    steps.push({ time: time[row], cycle: cycle[row], type: types[row], current: current[row] })
  }
  return steps
}

/**
 * What the particles of a run did in each cycle, from the tables it has written. A step that has not ended does not count,
 * nor does one that was over before it began.
 * @param weight  [particle]
 * @param isDone  the run has come to the end of its protocol
 */
export const runEnsemble = Effect.fn("runEnsemble")(function* (
  folder: string,
  weight: Float64Array,
  isDone: boolean,
): Effect.fn.Return<EnsembleHistory, RunUnreadable> {
  const steps = stepsIn(yield* tableIn(folder, runFiles.history))
  const particles = yield* tableIn(folder, runFiles.particleHistory)
  const count = weight.length
  const [time, stoichiometry, damage] = ["time", "mean_stoichiometry", "damage"].map((name) =>
    numbersOf(particles, name),
  )
  // A step's end is written to both tables with the same time.
  const rowOf = new Map<number, number>()
  for (let row = 0; row + count <= rowCount(particles); row += count) rowOf.set(time[row], row)
  const ledger = openLedger(weight)
  for (const [index, { time: end, cycle, type, current }] of steps.entries()) {
    const next = steps[index + 1]
    if (next === undefined && !isDone) break
    const row = rowOf.get(end)
    if (row === undefined) {
      const reason = `expected the particles at ${end} s, where a step ends; found no such rows`
      return yield* new RunUnreadable({ path: join(folder, runFiles.particleHistory), reason })
    }
    const block = blockEnd(type, current, next?.type)
    if (block === "charge") ledger.bookCharge(cycle, stoichiometry.subarray(row, row + count))
    if (block === "discharge") ledger.bookDischarge(cycle, stoichiometry.subarray(row, row + count))
    if (next?.cycle !== cycle) ledger.bookDamage(cycle, damage.subarray(row, row + count))
  }
  return ledger.history()
})

/** What the particles of the run in a directory did in each cycle. */
export const readRunEnsemble = Effect.fn("readRunEnsemble")(function* (
  folder: string,
): Effect.fn.Return<EnsembleHistory, RunUnreadable | SnapshotMissing> {
  const manifest = yield* readManifest(folder)
  const source = yield* readSource(folder)
  return yield* runEnsemble(folder, particleWeights(source), manifest.status === "done")
})
