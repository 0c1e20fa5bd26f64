import { existsSync } from "node:fs"
import { join } from "node:path"
import { Effect } from "effect"
import type { Work } from "../engine/engine.ts"
import type { RunUnreadable, RunUnwritable, SnapshotMissing } from "../store/errors.ts"
import { runFiles } from "../store/run-directory.ts"
import { writeReport } from "./report.ts"
import { type RunError, type RunListener, type RunRequest, resumeRun, runTwin } from "./run.ts"

/** One run of a sweep as a job for an engine. */
export interface SweepJob {
  readonly request: RunRequest
  /** Whether a run in the directory goes on where it stopped; else a new one takes its place */
  readonly resumes: boolean
}

/** Told while a run goes on: the share that is done, 0 … 1 */
export interface SweepNews {
  readonly share: number
}

/** News come this often [ms] */
const interval = 200

const listenerOf = (tell: (news: SweepNews) => void): RunListener => {
  let last = 0
  return {
    onStage: () => Effect.void,
    onNote: () => Effect.void,
    onProgress: ({ share }) =>
      Effect.sync(() => {
        if (performance.now() - last < interval) return
        last = performance.now()
        tell({ share })
      }),
  }
}

/** Runs or goes on; the report is made in any case. A run without a snapshot that can be trusted begins again. */
const oneRun = Effect.fn("oneRun")(function* (
  { request, resumes }: SweepJob,
  tell: (news: SweepNews) => void,
): Effect.fn.Return<{ readonly status: string }, RunError | RunUnreadable | RunUnwritable | SnapshotMissing> {
  const listener = listenerOf(tell)
  const anew = Effect.suspend(() => runTwin({ ...request, overwrite: true }, listener))
  const { status, folder } = yield* resumes
    ? resumeRun(request.out, listener).pipe(
        Effect.catchTag("SnapshotMissing", () => anew),
        Effect.catchTag("RunUnreadable", () => anew),
      )
    : anew
  if (!existsSync(join(folder, runFiles.report))) yield* writeReport(folder)
  return { status }
})

/** Does one run of a sweep, for any engine. */
export const sweepWork: Work = (input, tell, signal) => Effect.runPromise(oneRun(input as SweepJob, tell), { signal })
