import { Effect } from "effect"
import type { Work } from "../engine/engine.ts"
import { writeReport } from "./report.ts"
import { type RunError, type RunListener, type RunRequest, resumeRun, runTwin } from "./run.ts"

/** What an engine does for a run of a sweep. */
export type SweepTask = SweepRun | SweepRunReport

export interface SweepRun {
  readonly kind: "run"
  readonly request: RunRequest
  /** Whether a run in the directory goes on where it stopped; else a new one takes its place */
  readonly resumes: boolean
}

/** The page and the pictures of a run that has ended */
export interface SweepRunReport {
  readonly kind: "report"
  /** Of the run */
  readonly folder: string
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

/** Runs or goes on. A run without a snapshot that can be trusted begins again. */
const oneRun = Effect.fn("oneRun")(function* (
  { request, resumes }: SweepRun,
  tell: (news: SweepNews) => void,
): Effect.fn.Return<{ readonly status: string }, RunError> {
  const listener = listenerOf(tell)
  const anew = Effect.suspend(() => runTwin({ ...request, overwrite: true }, listener))
  const { status } = yield* resumes
    ? resumeRun(request.out, listener).pipe(
        Effect.catchTag("SnapshotMissing", () => anew),
        Effect.catchTag("RunUnreadable", () => anew),
      )
    : anew
  return { status }
})

/** Does one task of a sweep, for any engine. */
export const sweepWork: Work = (input, tell, signal) => {
  const task = input as SweepTask
  const work: Effect.Effect<unknown, unknown> = task.kind === "run" ? oneRun(task, tell) : writeReport(task.folder)
  return Effect.runPromise(work, { signal })
}
