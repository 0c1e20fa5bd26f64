import { Effect } from "effect"
import { Engine, type Job } from "../engine/engine.ts"
import type { RunOccupied, RunUnreadable, RunUnwritable } from "../store/errors.ts"
import type { SweepRecord } from "../store/sweep-record.ts"
import { openLedger, type SweepLedger, type SweepRequest } from "./sweep-ledger.ts"
import { writeSweepReport } from "./sweep-report.ts"
import type { SweepNews, SweepRun, SweepRunReport } from "./sweep-work.ts"

/** How far a sweep has come. */
export interface SweepProgress {
  /** Of the work that this call has to do, 0 … 1 */
  readonly share: number
  readonly done: number
  readonly failed: number
  readonly running: number
  readonly total: number
}

export interface SweepListener {
  readonly onProgress: (progress: SweepProgress) => Effect.Effect<void>
}

/** What a sweep ended with; its directory holds the rest. */
export interface SweepOutcome {
  readonly folder: string
  readonly record: SweepRecord
  /** Runs that this call began or went on with */
  readonly ran: number
}

export type SweepError = RunUnwritable | RunUnreadable | RunOccupied

/** The run of a point for an engine, and its report, which is all that a run lacks that has ended in failure. */
const jobOf = ({ points, tomogram }: SweepRequest, ledger: SweepLedger, point: number): Job => {
  const { name, twin, scenario, set } = points[point]
  const folder = ledger.folderOf(point)
  const report: SweepRunReport = { kind: "report", folder }
  if (ledger.hasGivenUp(point)) return { name, input: report }
  const request = { twin, scenario, set, out: folder, overwrite: true, threads: 1 }
  const input: SweepRun = {
    kind: "run",
    request: tomogram === undefined ? request : { ...request, tomogram },
    resumes: ledger.hasBegun(point),
  }
  return { name, input, followUp: report }
}

/** Share of a run's time that its report takes */
const reportShare = 0.05

/**
 * Runs all points that are not done, as many side by side as the engine has places for; keeps table and record true
 * from run to run, and makes the report at the end.
 */
export const runSweep = Effect.fn("runSweep")(function* (
  request: SweepRequest,
  listener: SweepListener,
): Effect.fn.Return<SweepOutcome, SweepError, Engine> {
  const { out, points } = request
  const engine = yield* Engine
  const ledger = yield* openLedger(request)
  const { count } = ledger
  // Long runs first: whoever gets free near the end finds a short one, and nobody waits long for the last.
  const pending = ledger.pending.toSorted((a, b) => points[b].modelTime - points[a].modelTime || a - b)
  const shares = new Float64Array(pending.length)
  const progress = (): SweepProgress => ({
    share: shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length),
    done: count("done"),
    failed: count("failed"),
    running: count("running"),
    total: points.length,
  })
  const jobs = pending.map((point) => jobOf(request, ledger, point))
  yield* engine
    .runAll(
      jobs,
      Effect.fnUntraced(function* (event) {
        const point = pending[event.job]
        if (event.kind === "started") ledger.begin(point)
        else if (event.kind === "told") shares[event.job] = (1 - reportShare) * (event.news as SweepNews).share
        else {
          const isDone = event.end.kind === "done"
          const isFollowed = event.kind === "ended" && isDone && jobs[event.job].followUp !== undefined
          shares[event.job] = isFollowed ? 1 - reportShare : 1
          if (event.kind === "ended" || !isDone) yield* ledger.end(point, event.end)
        }
        yield* listener.onProgress(progress())
      }),
    )
    // Where the record cannot be written the runs themselves still say how far they are.
    .pipe(Effect.onInterrupt(() => Effect.ignore(ledger.breakOff)))
  const { record, data } = yield* ledger.close
  yield* writeSweepReport(out, record, data)
  return { folder: out, record, ran: jobs.length }
})
