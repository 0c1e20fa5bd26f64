import { readFileSync } from "node:fs"
import { join } from "node:path"
import { Effect, Schema } from "effect"
import { writeAtomically } from "./atomic.ts"
import { RunUnreadable, type RunUnwritable, systemReason } from "./errors.ts"

const { optionalKey } = Schema

export const RunStatus = Schema.Literals(["running", "done", "interrupted", "failed"])
export type RunStatus = typeof RunStatus.Type

/** A file that went into the run. */
const Input = Schema.Struct({
  file: Schema.String,
  /** Of its bytes */
  sha256: Schema.String,
})

/** One value as it was used; SI. */
const Parameter = Schema.Struct({
  path: Schema.String,
  value: Schema.Union([Schema.Finite, Schema.String, Schema.Boolean]),
  unit: Schema.String,
  text: Schema.String,
  source: optionalKey(Schema.String),
  note: optionalKey(Schema.String),
})

/** What a run was made from, how it went and how it ended: manifest.json. */
export const Manifest = Schema.Struct({
  format: Schema.Literal(1),
  program: Schema.Struct({ name: Schema.String, version: Schema.String, node: Schema.String }),
  twin: Schema.Struct({
    name: Schema.String,
    description: Schema.String,
    file: Schema.String,
    /** The twin as resolved: what it extends and what the command line set included */
    content: Schema.Unknown,
  }),
  scenario: Schema.Struct({
    name: Schema.String,
    description: Schema.String,
    file: Schema.String,
    content: Schema.Unknown,
    /** Drive profiles that it names, by name */
    profiles: Schema.Record(
      Schema.String,
      Schema.Struct({ time: Schema.Array(Schema.Finite), rate: Schema.Array(Schema.Finite) }),
    ),
  }),
  /** `--set path=value` as typed */
  settings: Schema.Array(Schema.String),
  parameters: Schema.Array(Parameter),
  inputs: Schema.Array(Input),
  /** Sizes of what a resolved twin is solved on */
  mesh: optionalKey(
    Schema.Struct({
      particles: Schema.Finite,
      cells: Schema.Finite,
      nodes: Schema.Finite,
      interfaceFacets: Schema.Finite,
    }),
  ),
  /** Sizes of what a network twin is solved on */
  network: optionalKey(
    Schema.Struct({
      particles: Schema.Finite,
      patches: Schema.Finite,
      nodes: Schema.Finite,
      edges: Schema.Finite,
    }),
  ),
  seed: Schema.NullOr(Schema.Finite),
  threads: Schema.Finite,
  process: Schema.Struct({ id: Schema.Finite, host: Schema.String }),
  started: Schema.String,
  ended: Schema.NullOr(Schema.String),
  status: RunStatus,
  /** Why the run stopped where it did not end as planned */
  reason: Schema.String,
  warnings: Schema.Array(Schema.String),
  /** Of all sessions of the run together [s] */
  wallTime: Schema.Finite,
  /** Wall time of each finished cycle, formation first where there is one [s] */
  cycleTimes: optionalKey(Schema.Array(Schema.Finite)),
  /** The run whose state at the end of a cycle this one goes on from */
  origin: optionalKey(Schema.Struct({ folder: Schema.String, cycle: Schema.Finite })),
  /** Reached [s] */
  time: Schema.Finite,
  /** Counts and times of the solver, as it names them */
  solver: Schema.Record(Schema.String, Schema.Union([Schema.Finite, Schema.Record(Schema.String, Schema.Finite)])),
  /** Accumulated at the end, per metre of depth in 2-D [J/m]; null without mechanics */
  mechanicalEnergy: Schema.NullOr(
    Schema.Struct({
      input: Schema.Finite,
      elastic: Schema.Finite,
      dissipated: Schema.Finite,
      viscous: Schema.Finite,
    }),
  ),
  /** Snapshot from which the run can go on, if any */
  snapshot: Schema.NullOr(Schema.String),
})
export type Manifest = typeof Manifest.Type

const fileName = "manifest.json"

export const writeManifest = (folder: string, manifest: Manifest): Effect.Effect<void, RunUnwritable> =>
  writeAtomically(join(folder, fileName), `${JSON.stringify(Schema.encodeSync(Manifest)(manifest), null, 2)}\n`)

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Manifest))

/** The manifest of a run directory. */
export const readManifest = Effect.fn("readManifest")(function* (
  folder: string,
): Effect.fn.Return<Manifest, RunUnreadable> {
  const path = join(folder, fileName)
  const text = yield* Effect.try({
    try: () => readFileSync(path, "utf8"),
    catch: (cause) => {
      const { code, reason } = systemReason(cause)
      return new RunUnreadable({
        path: folder,
        reason: code === "ENOENT" ? `is no run directory: no ${fileName}` : reason,
      })
    },
  })
  return yield* decode(text).pipe(
    Effect.mapError(({ message }) => new RunUnreadable({ path, reason: `is no manifest of a run: ${message}` })),
  )
})
