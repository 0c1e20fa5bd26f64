import { createHash } from "node:crypto"
import { existsSync } from "node:fs"
import { hostname } from "node:os"
import { basename, join, resolve } from "node:path"
import { Effect, type Scope } from "effect"
import { makeFolder } from "../../formats/make-folder.ts"
import { openVolume } from "../../formats/open-volume.ts"
import {
  SliceOutOfRange,
  type TomogramUnreadable,
  type TomogramUnwritable,
  type VoxelSizeMissing,
} from "../../formats/tomogram-errors.ts"
import type { VolumeSource } from "../../formats/volume-source.ts"
import type { StarModelError } from "../../inference/star-model.ts"
import { defaultPopulationSettings } from "../../particles/population.ts"
import { RunOccupied, type RunUnreadable, type RunUnwritable, unwritable } from "../../store/errors.ts"
import { fingerprintOf } from "../../store/fingerprint.ts"
import {
  type ParticlesManifest,
  particleFiles,
  readParticlesManifest,
  writeParticlesManifest,
} from "../../store/particles-manifest.ts"
import { assertUnoccupied } from "../../store/run-directory.ts"
import type { SliceUnusable } from "../build.ts"
import { program } from "../program.ts"
import type { SegmentationError } from "../segmentation/segment-volume.ts"
import { meaningDoubts } from "./meaning-doubts.ts"
import type { MeasuringLost, ParticlesListener, ParticlesRequest, ParticleTooLarge } from "./request.ts"
import { stopwatch } from "./request.ts"
import { sliceParticles } from "./slice-particles.ts"
import { volumeParticles } from "./volume-particles.ts"

export type ParticlesError =
  | TomogramUnreadable
  | TomogramUnwritable
  | SliceOutOfRange
  | VoxelSizeMissing
  | SegmentationError
  | SliceUnusable
  | StarModelError
  | MeasuringLost
  | ParticleTooLarge
  | RunUnwritable
  | RunUnreadable
  | RunOccupied

/** What the work ended with; the directory holds the rest. */
export interface ParticlesOutcome {
  readonly folder: string
  readonly manifest: ParticlesManifest
}

/** A piece of the work that may change what is known of it. */
export interface Task {
  readonly request: ParticlesRequest
  readonly source: VolumeSource
  readonly title: string
  readonly watch: ReturnType<typeof stopwatch>
  readonly listener: ParticlesListener
  /** Of input and settings, for labels that an earlier call may have left */
  readonly key: string
  /** Labels and phases that an earlier call has left, of whatever input and settings */
  readonly saved: ParticlesManifest["segmentation"]
  /** Notes labels and phases on disk, for the next call. */
  readonly keep: (
    segmentation: NonNullable<ParticlesManifest["segmentation"]>,
    resumed: boolean,
  ) => Effect.Effect<void, RunUnwritable>
  readonly started: string
  /** What the values look like, where it is something else than they are said to be */
  readonly doubts: readonly string[]
}

/** What came of it. */
export interface TaskResult {
  readonly count: number
  readonly whole: number
  readonly warnings: readonly string[]
}

const now = (): string => new Date().toISOString()

/** Settings as the manifest states them. */
const settingsRecord = ({
  settings,
  segmenter,
  stated,
  published,
  depth,
  damage,
  dataset,
  meshSlice,
}: ParticlesRequest) => ({
  segmentation: settings,
  segmenter: segmenter?.file ?? null,
  published: published.kind,
  depth,
  damage,
  population: { ...defaultPopulationSettings, damage },
  dataset: dataset ?? null,
  stated: [...stated].sort(),
  meshSlice,
})

/** Name of what decides the labels: the same key, the same labels. @param network checksum of its file, if there is one */
const keyOf = (
  sha256: string,
  network: string | undefined,
  request: ParticlesRequest,
  { spacing }: VolumeSource,
): string => {
  const parts = [program.version, sha256, request.dataset ?? "", spacing, request.settings]
  return createHash("sha256")
    .update(JSON.stringify(network === undefined ? parts : [...parts, network]))
    .digest("hex")
}

/** The directory, made; what an earlier call has left there is told. */
const claimedFolder = Effect.fnUntraced(function* (folder: string, overwrite: boolean, file: string) {
  const earlier = yield* readParticlesManifest(folder).pipe(
    Effect.catchTag("RunUnreadable", () =>
      Effect.fail(
        new RunOccupied({ path: folder, reason: "holds something else than a particle table; choose another --out" }),
      ),
    ),
  )
  if (earlier !== undefined) {
    yield* assertUnoccupied(folder, earlier)
    if (earlier.input.file !== file && !overwrite) {
      const reason = `holds the particles of ${earlier.input.file}; choose another --out, or give --overwrite`
      return yield* new RunOccupied({ path: folder, reason })
    }
  }
  yield* Effect.try({
    try: () => makeFolder(folder),
    catch: (cause) => unwritable(folder, cause),
  })
  return earlier
})

const inside = Effect.fnUntraced(function* (
  request: ParticlesRequest,
  listener: ParticlesListener,
): Effect.fn.Return<ParticlesOutcome, ParticlesError, Scope.Scope> {
  const watch = stopwatch()
  const { out: folder } = request
  const file = resolve(request.file)
  const started = now()
  yield* listener.onProgress({ share: 0, doing: "opening the volume" })
  const source = yield* openVolume(request.file, {
    ...(request.voxelSize === undefined ? {} : { voxelSize: request.voxelSize }),
    ...(request.dataset === undefined ? {} : { dataset: request.dataset }),
  })
  const { meshSlice } = request
  if (meshSlice.kind === "plane" && source.shape[2] > 1 && meshSlice.at >= source.shape[meshSlice.axis]) {
    return yield* new SliceOutOfRange({
      file: request.file,
      slice: meshSlice.at,
      slices: source.shape[meshSlice.axis],
    })
  }
  const earlier = yield* claimedFolder(folder, request.overwrite, file)
  const fingerprint = yield* watch.timed("reading the file through for its checksum", fingerprintOf(file))
  // A file that is not there is told of when the network is loaded.
  const network =
    request.segmenter === undefined || !existsSync(request.segmenter.file)
      ? undefined
      : (yield* fingerprintOf(request.segmenter.file)).sha256
  const key = keyOf(fingerprint.sha256, network, request, source)
  const saved = earlier?.segmentation ?? null
  let manifest: ParticlesManifest = {
    format: 1,
    kind: "particles",
    program,
    input: { file, ...fingerprint },
    volume: {
      format: source.format,
      voxelType: source.voxelType,
      shape: [...source.shape],
      spacing: [...source.spacing],
      voxelSizeFrom: source.voxelSizeFrom,
    },
    settings: settingsRecord(request),
    threads: request.threads,
    memory: request.memory,
    brick: request.brick ?? null,
    process: { id: process.pid, host: hostname() },
    started,
    ended: null,
    status: "running",
    reason: "",
    warnings: [],
    segmentation: saved?.key === key ? saved : null,
    resumed: false,
    particles: null,
    stages: [],
    peakMemory: 0,
  }
  const write = (changes: Partial<ParticlesManifest>) =>
    Effect.suspend(() => {
      const peakMemory = 1024 * process.resourceUsage().maxRSS
      manifest = { ...manifest, stages: [...watch.stages], peakMemory, ...changes }
      return writeParticlesManifest(folder, manifest)
    })
  yield* write({})
  const task: Task = {
    request,
    source,
    title: basename(file),
    watch,
    listener,
    key,
    saved,
    keep: (segmentation, resumed) => write({ segmentation, resumed }),
    started,
    doubts: yield* meaningDoubts(source, request.settings.meaning),
  }
  const work = source.shape[2] === 1 ? sliceParticles(task) : volumeParticles(task)
  const { count, whole, warnings } = yield* work.pipe(
    Effect.tapError((error) => Effect.ignore(write({ status: "failed", ended: now(), reason: error.message }))),
    Effect.onInterrupt(() => Effect.ignore(write({ status: "interrupted", ended: now() }))),
  )
  yield* write({ status: "done", ended: now(), warnings: [...warnings], particles: { count, whole } })
  return { folder, manifest }
})

/**
 * From a tomogram, phases or labels to the table of particles with its statistics, pictures, network and mesh, in a
 * directory. Labels that an earlier call has left there are taken over where input and settings are the same.
 */
export const measureTomogram = (
  request: ParticlesRequest,
  listener: ParticlesListener,
): Effect.Effect<ParticlesOutcome, ParticlesError> => Effect.scoped(inside(request, listener))

/** Whether a directory holds labels with which the next call goes on. */
export const hasLabels = (folder: string): Effect.Effect<boolean> =>
  existsSync(join(folder, particleFiles.manifest))
    ? readParticlesManifest(folder).pipe(
        Effect.map((manifest) => manifest?.segmentation != null),
        Effect.catchTag("RunUnreadable", () => Effect.succeed(false)),
      )
    : Effect.succeed(false)
