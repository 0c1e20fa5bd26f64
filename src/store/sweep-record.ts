import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { Effect, Schema } from "effect"
import { writeAtomically } from "./atomic.ts"
import { RunUnreadable, type RunUnwritable, systemReason } from "./errors.ts"
import { RunStatus } from "./manifest.ts"

/** Where things lie in the directory of a sweep. */
export const sweepFiles = {
  record: "sweep.json",
  table: "sweep.csv",
  report: "report.html",
  runs: "runs",
} as const

const Choice = Schema.Struct({ path: Schema.String, text: Schema.String })

/** How far a run of a sweep has come; "waiting" has not begun. */
export const PointStatus = Schema.Literals(["waiting", ...RunStatus.literals])
export type PointStatus = typeof PointStatus.Type

const Point = Schema.Struct({
  /** Of its run directory, below runs/ */
  name: Schema.String,
  /** What it differs in, as written */
  choices: Schema.Array(Choice),
  /** [factor] in SI; null for words */
  values: Schema.Array(Schema.NullOr(Schema.Finite)),
  twin: Schema.String,
  scenario: Schema.String,
  /** `path=value`, those of all points included */
  set: Schema.Array(Schema.String),
  /** SHA-256 of everything that decides about its result: twin, scenario, tomogram */
  inputs: Schema.String,
  status: PointStatus,
  /** Why it stopped where it did not end as planned */
  reason: Schema.String,
})

/** What a sweep consists of and how far it is: sweep.json. */
export const SweepRecord = Schema.Struct({
  format: Schema.Literal(1),
  program: Schema.Struct({ name: Schema.String, version: Schema.String, node: Schema.String }),
  description: Schema.String,
  design: Schema.Union([
    Schema.Struct({ kind: Schema.Literals(["grid", "list"]) }),
    Schema.Struct({ kind: Schema.Literal("latin-hypercube"), samples: Schema.Finite, seed: Schema.Finite }),
  ]),
  tomogram: Schema.NullOr(Schema.String),
  /** What varies, with its coherent SI unit ("" for none and for words) */
  factors: Schema.Array(Schema.Struct({ path: Schema.String, unit: Schema.String, isLogarithmic: Schema.Boolean })),
  points: Schema.Array(Point),
  process: Schema.Struct({ id: Schema.Finite, host: Schema.String }),
  started: Schema.String,
  ended: Schema.NullOr(Schema.String),
  status: RunStatus,
})
export type SweepRecord = typeof SweepRecord.Type

/** Whether a directory holds a sweep. */
export const isSweep = (folder: string): boolean => existsSync(join(folder, sweepFiles.record))

export const writeSweepRecord = (folder: string, record: SweepRecord): Effect.Effect<void, RunUnwritable> =>
  writeAtomically(
    join(folder, sweepFiles.record),
    `${JSON.stringify(Schema.encodeSync(SweepRecord)(record), null, 2)}\n`,
  )

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(SweepRecord))

/** The record of a sweep's directory. */
export const readSweepRecord = Effect.fn("readSweepRecord")(function* (
  folder: string,
): Effect.fn.Return<SweepRecord, RunUnreadable> {
  const path = join(folder, sweepFiles.record)
  const text = yield* Effect.try({
    try: () => readFileSync(path, "utf8"),
    catch: (cause) => new RunUnreadable({ path, reason: systemReason(cause).reason }),
  })
  return yield* decode(text).pipe(
    Effect.mapError(({ message }) => new RunUnreadable({ path, reason: `is no record of a sweep: ${message}` })),
  )
})
