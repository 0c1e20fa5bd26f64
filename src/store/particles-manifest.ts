import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { Effect, Schema } from "effect"
import { writeAtomically } from "./atomic.ts"
import { RunUnreadable, type RunUnwritable, systemReason } from "./errors.ts"
import { RunStatus } from "./manifest.ts"

/** Where things lie in the directory of a particle table. */
export const particleFiles = {
  manifest: "manifest.json",
  particles: "particles.csv",
  particlesParquet: "particles.parquet",
  published: "particles-published.csv",
  neighbours: "neighbours.csv",
  statistics: "statistics.json",
  report: "report.html",
  picture: "particles.png",
  network: "network.vtu",
  mesh: "mesh.vtu",
  surfaces: "surfaces",
  fields: "volume.vti",
  beside: "beside.html",
  besideRecord: "beside.json",
  besideLabels: "beside-labels.tif",
} as const

/** A volume that was written, and how it is known again. */
const WrittenVolume = Schema.Struct({
  file: Schema.String,
  bytes: Schema.Finite,
  /** Of the last change [ms] */
  modified: Schema.Finite,
})
export type WrittenVolume = typeof WrittenVolume.Type

const Triple = Schema.Tuple([Schema.Finite, Schema.Finite, Schema.Finite])

/** What a particle table was made from and how it went: manifest.json. */
export const ParticlesManifest = Schema.Struct({
  format: Schema.Literal(1),
  kind: Schema.Literal("particles"),
  program: Schema.Struct({ name: Schema.String, version: Schema.String, node: Schema.String }),
  input: Schema.Struct({
    file: Schema.String,
    sha256: Schema.String,
    /** Whether the sum is of samples of a file too large to be read twice */
    sampled: Schema.Boolean,
    bytes: Schema.Finite,
  }),
  volume: Schema.Struct({
    format: Schema.String,
    voxelType: Schema.String,
    /** [voxel] */
    shape: Triple,
    /** [m] */
    spacing: Triple,
    voxelSizeFrom: Schema.String,
  }),
  /** All that decides the result, as resolved; SI */
  settings: Schema.Unknown,
  threads: Schema.Finite,
  /** That the process was allowed [byte] */
  memory: Schema.Finite,
  /** Edge that was asked for [voxel]; null where memory decides */
  brick: Schema.NullOr(Schema.Finite),
  process: Schema.Struct({ id: Schema.Finite, host: Schema.String }),
  started: Schema.String,
  ended: Schema.NullOr(Schema.String),
  status: RunStatus,
  reason: Schema.String,
  warnings: Schema.Array(Schema.String),
  /** Labels and phases that the next call takes over where input and settings are the same; null before they are found */
  segmentation: Schema.NullOr(
    Schema.Struct({ key: Schema.String, labels: WrittenVolume, phases: Schema.NullOr(WrittenVolume) }),
  ),
  /** Whether labels and phases were taken over */
  resumed: Schema.Boolean,
  particles: Schema.NullOr(Schema.Struct({ count: Schema.Finite, whole: Schema.Finite })),
  stages: Schema.Array(Schema.Struct({ name: Schema.String, seconds: Schema.Finite })),
  /** Largest memory of the process [byte] */
  peakMemory: Schema.Finite,
})
export type ParticlesManifest = typeof ParticlesManifest.Type

export const writeParticlesManifest = (
  folder: string,
  manifest: ParticlesManifest,
): Effect.Effect<void, RunUnwritable> =>
  writeAtomically(
    join(folder, particleFiles.manifest),
    `${JSON.stringify(Schema.encodeSync(ParticlesManifest)(manifest), null, 2)}\n`,
  )

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(ParticlesManifest))

/** The manifest in a directory; undefined where there is none. */
export const readParticlesManifest = Effect.fn("readParticlesManifest")(function* (
  folder: string,
): Effect.fn.Return<ParticlesManifest | undefined, RunUnreadable> {
  const path = join(folder, particleFiles.manifest)
  if (!existsSync(path)) return undefined
  const text = yield* Effect.try({
    try: () => readFileSync(path, "utf8"),
    catch: (cause) => new RunUnreadable({ path, reason: systemReason(cause).reason }),
  })
  return yield* decode(text).pipe(
    Effect.mapError(() => new RunUnreadable({ path, reason: "is no manifest of a particle table" })),
  )
})
