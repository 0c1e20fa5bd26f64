import { existsSync } from "node:fs"
import { hostname } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import type { JobEnd } from "../engine/engine.ts"
import { makeFolder } from "../formats/make-folder.ts"
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
import { sweepTable } from "./sweep-table.ts"

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

/** What is known of the runs of a sweep while it goes on, kept true on disk; points are named by their index. */
export interface SweepLedger {
  /** Whatever is not over, or is without its report */
  readonly pending: readonly number[]
  readonly folderOf: (point: number) => string
  /** Whether there is a run to go on with */
  readonly hasBegun: (point: number) => boolean
  /** Whether its run found no solution, which is not to be tried again */
  readonly hasGivenUp: (point: number) => boolean
  readonly count: (status: PointStatus) => number
  readonly begin: (point: number) => void
  readonly end: (point: number, end: JobEnd) => Effect.Effect<void, RunUnwritable>
  /** Notes where each run stands that was broken off. */
  readonly breakOff: Effect.Effect<void, RunUnwritable>
  readonly close: Effect.Effect<
    { readonly record: SweepRecord; readonly data: readonly (SweepRunData | null)[] },
    RunUnwritable
  >
}

interface State {
  readonly status: PointStatus
  readonly reason: string
}

const waiting: State = { status: "waiting", reason: "" }
const broken: State = { status: "interrupted", reason: "broken off" }
const now = (): string => new Date().toISOString()

/** How far a run is, from its directory. */
const stateIn = Effect.fnUntraced(function* (folder: string): Effect.fn.Return<State> {
  if (!existsSync(join(folder, "manifest.json"))) return waiting
  const { status, reason } = yield* Effect.orElseSucceed(readManifest(folder), () => broken)
  // Whoever wrote "running" is gone, or the sweep would be occupied.
  return status === "running" ? broken : { status, reason }
})

/** What an earlier call left in the directory, if anything. */
const earlierRecord = Effect.fnUntraced(function* (
  folder: string,
): Effect.fn.Return<SweepRecord | undefined, RunOccupied | RunUnreadable> {
  if (existsSync(join(folder, "manifest.json"))) {
    return yield* new RunOccupied({ path: folder, reason: "holds a single run; choose another --out for the sweep" })
  }
  if (!isSweep(folder)) return undefined
  const record = yield* readSweepRecord(folder)
  yield* assertUnoccupied(folder, record)
  return record
})

/**
 * Opens the directory of a sweep, new or not. What the directories of its runs say counts; of an earlier call only
 * failures are believed, because a run that was lost could not note its own.
 */
export const openLedger = Effect.fn("openLedger")(function* (
  request: SweepRequest,
): Effect.fn.Return<SweepLedger, RunUnwritable | RunUnreadable | RunOccupied> {
  const { out, points } = request
  const earlier = yield* earlierRecord(out)
  yield* Effect.try({
    try: () => makeFolder(join(out, sweepFiles.runs)),
    catch: (cause) => unwritable(out, cause),
  })
  const folderOf = (point: number): string => join(out, sweepFiles.runs, points[point].name)
  const states: State[] = []
  const found: State[] = []
  const data: (SweepRunData | null)[] = []
  for (const [point, { name }] of points.entries()) {
    const noted = earlier?.points.find((candidate) => candidate.name === name)
    const state = yield* stateIn(folderOf(point))
    found.push(request.retriesFailed && state.status === "failed" ? waiting : state)
    states.push(noted?.status === "failed" && !request.retriesFailed ? noted : found[point])
    data.push(yield* readSweepRun(folderOf(point)))
  }
  const hasGivenUp = (point: number): boolean => found[point].status === "failed"
  const pending = points.flatMap((_, point) => {
    const { status } = states[point]
    const isOver = status === "done" || status === "failed"
    const hasReport = existsSync(join(folderOf(point), runFiles.report))
    const lacksReport = (status === "done" || hasGivenUp(point)) && !hasReport
    return isOver && !lacksReport ? [] : [point]
  })

  const { description, design, factors } = request
  const started = earlier?.started ?? now()
  const save = Effect.fnUntraced(function* (status: SweepRecord["status"]) {
    const record: SweepRecord = {
      format: 1,
      program,
      description,
      design,
      tomogram: request.tomogram ?? null,
      factors,
      points: points.map(({ modelTime: _, ...point }, index) => ({
        ...point,
        status: states[index].status,
        reason: states[index].reason,
      })),
      process: { id: process.pid, host: hostname() },
      started,
      ended: status === "running" ? null : now(),
      status,
    }
    const measures = data.map((each) => each?.measures ?? null)
    yield* writeSweepRecord(out, record)
    yield* writeAtomically(join(out, sweepFiles.table), sweepTable(record, measures))
    return record
  })
  const look = Effect.fnUntraced(function* (point: number) {
    states[point] = yield* stateIn(folderOf(point))
    data[point] = yield* readSweepRun(folderOf(point))
  })
  const count = (wanted: PointStatus): number => states.filter(({ status }) => status === wanted).length

  yield* save("running")
  return {
    pending,
    folderOf,
    hasGivenUp,
    hasBegun: (point) => states[point].status !== "waiting",
    count,
    begin: (point) => {
      states[point] = { status: "running", reason: "" }
    },
    end: Effect.fnUntraced(function* (point, end) {
      yield* look(point)
      if (end.kind !== "done") states[point] = { status: "failed", reason: end.reason }
      yield* save("running")
    }),
    breakOff: Effect.gen(function* () {
      for (const [point, { status }] of states.entries()) if (status === "running") yield* look(point)
      yield* save("interrupted")
    }),
    close: Effect.suspend(() => save(count("failed") > 0 ? "failed" : "done")).pipe(
      Effect.map((record) => ({ record, data })),
    ),
  }
})
