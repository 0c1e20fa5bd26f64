import { existsSync, mkdirSync } from "node:fs"
import { hostname } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import { Engine, type Job, type JobEnd } from "../engine/engine.ts"
import { writeAtomically } from "../store/atomic.ts"
import { RunOccupied, type RunUnreadable, type RunUnwritable, unwritable } from "../store/errors.ts"
import { readManifest } from "../store/manifest.ts"
import { assertUnoccupied, runFiles } from "../store/run-directory.ts"
import {
  isSweep,
  type PointStatus,
  readSweepRecord,
  type SweepRecord,
  sweepFiles,
  writeSweepRecord,
} from "../store/sweep-record.ts"
import { program } from "./program.ts"
import { readSweepRun, type SweepRunData } from "./sweep-measures.ts"
import type { SweepFactor, SweepPoint } from "./sweep-points.ts"
import { writeSweepReport } from "./sweep-report.ts"
import { sweepTable } from "./sweep-table.ts"
import type { SweepJob, SweepNews } from "./sweep-work.ts"

/** A sweep whose points have been checked. */
export interface SweepRequest {
  readonly out: string
  readonly description: string
  readonly design: SweepRecord["design"]
  readonly tomogram: string | undefined
  readonly factors: readonly SweepFactor[]
  readonly points: readonly SweepPoint[]
  /** Whether runs that failed are begun again */
  readonly retriesFailed: boolean
}

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

interface State {
  readonly status: PointStatus
  readonly reason: string
}

const waiting: State = { status: "waiting", reason: "" }
const now = (): string => new Date().toISOString()

/** How far the run of a point is, from its directory and from what an earlier call noted of it. */
const stateOf = Effect.fnUntraced(function* (folder: string, noted: State | undefined): Effect.fn.Return<State> {
  if (noted?.status === "failed") return noted
  if (!existsSync(join(folder, "manifest.json"))) return waiting
  const broken: State = { status: "interrupted", reason: "broken off" }
  const { status, reason } = yield* Effect.orElseSucceed(readManifest(folder), () => broken)
  // Whoever wrote "running" is gone, or the sweep would be occupied.
  return status === "running" ? broken : { status, reason }
})

/** What an earlier call noted, by the names of runs. */
const notedIn = Effect.fnUntraced(function* (folder: string) {
  if (existsSync(join(folder, "manifest.json"))) {
    return yield* new RunOccupied({ path: folder, reason: "holds a single run; choose another --out for the sweep" })
  }
  if (!isSweep(folder)) return undefined
  const record = yield* readSweepRecord(folder)
  yield* assertUnoccupied(folder, record)
  return record
})

const openFolder = (folder: string): Effect.Effect<void, RunUnwritable> =>
  Effect.try({
    try: () => void mkdirSync(join(folder, sweepFiles.runs), { recursive: true }),
    catch: (cause) => unwritable(folder, cause),
  })

/** Runs all points that are not done, as many side by side as the engine has places for. */
export const runSweep = Effect.fn("runSweep")(function* (
  request: SweepRequest,
  listener: SweepListener,
): Effect.fn.Return<SweepOutcome, SweepError, Engine> {
  const { out, points, factors } = request
  const engine = yield* Engine
  const noted = yield* notedIn(out)
  yield* openFolder(out)
  const folderOf = (point: SweepPoint): string => join(out, sweepFiles.runs, point.name)

  const states: State[] = []
  const data: (SweepRunData | null)[] = []
  for (const point of points) {
    const earlier = noted?.points.find(({ name }) => name === point.name)
    const state = yield* stateOf(folderOf(point), earlier)
    states.push(request.retriesFailed && state.status === "failed" ? waiting : state)
    data.push(yield* readSweepRun(folderOf(point)))
  }

  const started = noted?.started ?? now()
  const recordNow = (status: SweepRecord["status"]): SweepRecord => ({
    format: 1,
    program,
    description: request.description,
    design: request.design,
    tomogram: request.tomogram ?? null,
    factors,
    points: points.map((point, index) => ({ ...point, ...states[index] })),
    process: { id: process.pid, host: hostname() },
    started,
    ended: status === "running" ? null : now(),
    status,
  })
  const save = Effect.fnUntraced(function* (status: SweepRecord["status"]) {
    const record = recordNow(status)
    yield* writeSweepRecord(out, record)
    yield* writeAtomically(
      join(out, sweepFiles.table),
      sweepTable(
        record,
        data.map((each) => each?.measures ?? null),
      ),
    )
    return record
  })

  /** [job] index of its point: whatever is neither done with its report nor failed */
  const pending = points.flatMap((point, index) => {
    const { status } = states[index]
    const isWhole = status === "done" && existsSync(join(folderOf(point), runFiles.report))
    return isWhole || status === "failed" ? [] : [index]
  })
  const jobs = pending.map((index): Job => {
    const { name, twin, scenario, set } = points[index]
    const { tomogram } = request
    const input: SweepJob = {
      request: {
        twin,
        scenario,
        set,
        out: folderOf(points[index]),
        overwrite: true,
        threads: 1,
        ...(tomogram === undefined ? {} : { tomogram }),
      },
      resumes: states[index].status !== "waiting",
    }
    return { name, input }
  })

  const shares = new Float64Array(jobs.length)
  const count = (wanted: PointStatus): number => states.filter(({ status }) => status === wanted).length
  const progress = (): SweepProgress => ({
    share: shares.reduce((sum, share) => sum + share, 0) / Math.max(1, jobs.length),
    done: count("done"),
    failed: count("failed"),
    running: count("running"),
    total: points.length,
  })

  const ended = Effect.fnUntraced(function* (index: number, end: JobEnd) {
    const folder = folderOf(points[index])
    states[index] = end.kind === "done" ? yield* stateOf(folder, undefined) : { status: "failed", reason: end.reason }
    data[index] = yield* readSweepRun(folder)
    yield* save("running")
  })

  yield* save("running")
  yield* engine
    .runAll(jobs, (event) =>
      Effect.gen(function* () {
        const index = pending[event.job]
        if (event.kind === "started") states[index] = { status: "running", reason: "" }
        else if (event.kind === "told") shares[event.job] = (event.news as SweepNews).share
        else {
          shares[event.job] = 1
          yield* ended(index, event.end)
        }
        yield* listener.onProgress(progress())
      }),
    )
    .pipe(
      Effect.onInterrupt(() =>
        Effect.gen(function* () {
          for (const index of pending) {
            if (states[index].status !== "running") continue
            states[index] = yield* stateOf(folderOf(points[index]), undefined)
            data[index] = yield* readSweepRun(folderOf(points[index]))
          }
          yield* save("interrupted")
        }).pipe(Effect.ignore),
      ),
    )
  const record = yield* save(count("failed") > 0 ? "failed" : "done")
  yield* writeSweepReport(out, record, data)
  return { folder: out, record, ran: jobs.length }
})
