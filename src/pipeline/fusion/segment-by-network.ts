import { Context, Effect, Layer, type Scope } from "effect"
import { Engine } from "../../engine/engine.ts"
import { inProcess } from "../../engine/in-process.ts"
import { lastingThreads } from "../../engine/threads.ts"
import type { VolumeSource } from "../../formats/volume-source.ts"
import { networkPixel, sectionImage } from "../../image/star/sampling.ts"
import { gridOf } from "../../image/volume.ts"
import { InferenceLive } from "../../inference/session.ts"
import type { StarModel, StarModelError } from "../../inference/star-model.ts"
import { defaultTile } from "../../inference/star-prediction.ts"
import { codeEnding } from "../program.ts"
import { crewOf } from "../segmentation/crew.ts"
import { phasesOfGray } from "../segmentation/gray-phases.ts"
import { importedGray } from "../segmentation/importing.ts"
import { type LabelledVolume, labelledVolume } from "../segmentation/labelled-volume.ts"
import { roomFor, type SegmentationError, type SegmentationRoom } from "../segmentation/segment-volume.ts"
import type { SegmentationProgress, SegmentationResources, VolumeSettings } from "../segmentation/settings.ts"
import { type Site, weights } from "../segmentation/site.ts"
import { openStarModel } from "../segmenter/identify.ts"
import {
  defaultFusionSettings,
  type FusionSettings,
  fusedParticles,
  type Looking,
  type LookingEffort,
} from "./fused-particles.ts"
import { sectionWork } from "./section-work.ts"
import { type SectionsTask, views } from "./sections.ts"

/** Labels by a network, and what that took. */
export interface NetworkLabels {
  readonly volume: LabelledVolume
  readonly effort: LookingEffort
  /** Edge of the pixels in which the network was shown the sections [m] */
  readonly pixel: number
}

/** Bytes a voxel of what the fusion keeps beside what the watershed does: votes and the polygons of three views. */
const fusionVoxelBytes = 1 + 3 * 2

/** What a network takes for a pixel of the window that it is given, and besides [byte] */
const windowPixelBytes = 190
const sessionBytes = 90e6

/** What a thread takes for a network, by the largest window that it is given [byte] */
const networkBytes = ({ shape, spacing }: VolumeSource, { sight }: StarModel, pixel: number): number => {
  const most = defaultTile + 2 * sight
  const windows = views.map(({ across, down }) => {
    const { size } = sectionImage([shape[across], shape[down]], [spacing[across], spacing[down]], pixel)
    return Math.min(most, size[0]) * Math.min(most, size[1])
  })
  return sessionBytes + windowPixelBytes * Math.max(...windows)
}

/** As `segmentByNetwork`, in a room that is given and with someone else to look at the sections. */
export const fuseIn = Effect.fn("fuseIn")(function* (
  { space, plan, memory }: SegmentationRoom,
  source: VolumeSource,
  settings: VolumeSettings,
  fusion: FusionSettings,
  looking: Looking,
  onProgress: (progress: SegmentationProgress) => Effect.Effect<void>,
): Effect.fn.Return<NetworkLabels, SegmentationError | StarModelError> {
  const { meaning } = settings
  if (meaning.kind !== "gray") throw new RangeError(`a network sees gray values; the volume holds ${meaning.kind}`)
  const grid = gridOf(source)
  const { importing, denoise, classify, parts, sections, fuse, ascend, pass, label, vote } = weights
  const total =
    importing +
    denoise +
    classify +
    (meaning.threshold.kind === "hysteresis" ? parts : 0) +
    sections +
    fuse +
    ascend +
    pass +
    2 * label +
    vote
  const work = Effect.gen(function* () {
    const crew = yield* crewOf(plan.threads, space.path, onProgress)
    const site: Site = { grid, crew, space, plan, memory, total }
    const labels = yield* space.volume("int32", "labels")
    const field = yield* space.volume("float32", "field")
    const { gray, range } = yield* importedGray(site, source)
    const { phases } = yield* phasesOfGray(site, source, meaning, gray, range, field, labels)
    const { effort, ...facts } = yield* fusedParticles(site, gray, phases, field, labels, looking, fusion)
    yield* space.release(field)
    return { volume: labelledVolume(grid, facts, { labels, phases, gray }), effort, pixel: looking.pixel }
  })
  const result = yield* Effect.scoped(work)
  yield* onProgress({ share: 1, doing: "done" })
  return result
})

/** Threads with a network each, or this one alone. */
const lookingEngine = (threads: number): Effect.Effect<Engine["Service"], never, Scope.Scope> =>
  threads > 1
    ? lastingThreads(new URL(`./section-worker.${codeEnding}`, import.meta.url), threads)
    : Effect.gen(function* () {
        const { work } = yield* Effect.acquireRelease(
          Effect.sync(() => sectionWork()),
          ({ close }) => close,
        )
        return Context.get(yield* Layer.build(inProcess(work)), Engine)
      })

/**
 * Finds the particles of a gray volume by a star-convex network that looks at all its sections (`fusedParticles`), within
 * a bounded memory; the same labels for any memory, bricks and threads. They hold cracks as well: voxels of a label whose
 * phase is not 1. They live as long as the scope.
 * @param file of the network
 */
export const segmentByNetwork = Effect.fn("segmentByNetwork")(function* (
  source: VolumeSource,
  settings: VolumeSettings,
  file: string,
  resources: SegmentationResources,
  onProgress: (progress: SegmentationProgress) => Effect.Effect<void>,
  chosen: Omit<FusionSettings, "smallestDiameter"> = defaultFusionSettings,
): Effect.fn.Return<NetworkLabels, SegmentationError | StarModelError, Scope.Scope> {
  // A network that does not suit is refused before anything is read.
  const model = yield* Effect.scoped(openStarModel(file, 1)).pipe(Effect.provide(InferenceLive))
  const pixel = networkPixel(source.spacing, model.pixel)
  const room = yield* roomFor(source, settings, resources, {
    voxelBytes: fusionVoxelBytes,
    threadBytes: networkBytes(source, model, pixel),
  })
  const fusion = { ...chosen, smallestDiameter: settings.smallestDiameter }
  const work = Effect.gen(function* () {
    const engine = yield* lookingEngine(resources.threads)
    const order = (task: SectionsTask) => ({ file, task })
    return yield* fuseIn(room, source, settings, fusion, { engine, order, model: file, pixel }, onProgress)
  })
  return yield* Effect.scoped(work)
})
