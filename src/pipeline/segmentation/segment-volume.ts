import { Effect, type Scope } from "effect"
import type { TomogramUnreadable } from "../../formats/tomogram-errors.ts"
import type { VolumeSource } from "../../formats/volume-source.ts"
import { voxelBytes } from "../../formats/voxel-type.ts"
import { type Grid, gridOf, voxelCount } from "../../image/volume.ts"
import { reinterpreted } from "../../store/scratch-box.ts"
import { type ScratchSpace, type ScratchUnusable, scratchInMemory, scratchOnDisk } from "../../store/scratch-volume.ts"
import { crewOf } from "./crew.ts"
import { MemoryTooSmall, type SegmentationLost, type VolumeUnsuitable } from "./errors.ts"
import { phasesOfGray } from "./gray-phases.ts"
import { importedGray, importedLabels, importedPhases } from "./importing.ts"
import { type LabelledVolume, labelledVolume } from "./labelled-volume.ts"
import { distancesInto, healedPart, measuredLabels, particlesInto, reaches } from "./particles.ts"
import type { Plan } from "./plan.ts"
import type { SegmentationProgress, SegmentationResources, VolumeSettings } from "./settings.ts"
import { type Site, weights } from "./site.ts"

/** Why the particles of a volume cannot be found. */
export type SegmentationError =
  | TomogramUnreadable
  | ScratchUnusable
  | VolumeUnsuitable
  | MemoryTooSmall
  | SegmentationLost

/** Bytes that all intermediate volumes take together for a voxel. */
export const scratchBytesPerVoxel = (source: VolumeSource, { meaning, healing }: VolumeSettings): number => {
  if (meaning.kind === "labels") return 4
  const gray = meaning.kind === "gray" ? voxelBytes(source.voxelType) : 0
  // Closed, filled and opened: two of them at a time.
  const { closing, fillsCavities, opening } = healing
  const steps = [reaches(source, closing), fillsCavities, reaches(source, opening)].filter(Boolean).length
  return gray + 1 + Math.min(2, steps) + 4 + 4
}

/** Memory of the program itself that each further thread takes [byte] */
const threadBytes = 50e6
/** Share of the memory that is left for pieces of work; tables, buffers and garbage take the rest. */
const pieceShare = 0.45
/** Larger pieces are no faster [byte] */
const mostPieceBytes = 512e6
/** Smaller pieces are hardly pieces [byte] */
const leastPieceBytes = 8e6
/** The longest shared array that is asked for [byte] */
const longestArray = 2 ** 32 - 1

/** What a way of finding particles takes besides what every way takes. */
export interface FurtherRoom {
  /** Of intermediate volumes, for a voxel [byte] */
  readonly voxelBytes: number
  /** Of each thread, whatever its pieces [byte] */
  readonly threadBytes: number
}

/** Whether volumes stay in memory, and how large pieces may be. */
const allotted = (
  source: VolumeSource,
  settings: VolumeSettings,
  { memory, threads }: SegmentationResources,
  further: FurtherRoom,
): Effect.Effect<{ readonly inMemory: boolean; readonly bytes: number }, MemoryTooSmall> => {
  const begun = process.memoryUsage.rss() + (threads > 1 ? threads * threadBytes : 0) + threads * further.threadBytes
  const free = memory - begun
  const voxels = voxelCount(source)
  const volumes = voxels * (scratchBytesPerVoxel(source, settings) + further.voxelBytes)
  const inMemory = volumes <= 0.5 * free && 8 * voxels <= longestArray
  const bytes = Math.min(mostPieceBytes, (pieceShare * (free - (inMemory ? volumes : 0))) / threads)
  if (bytes >= leastPieceBytes) return Effect.succeed({ inMemory, bytes })
  return Effect.fail(
    new MemoryTooSmall({ given: memory, needed: Math.ceil(begun + (threads * leastPieceBytes) / pieceShare) }),
  )
}

/** Weights of all steps up to labels. */
const totalWeight = (grid: Grid, { meaning, healing }: VolumeSettings): number => {
  const { importing, denoise, classify, ball, parts, planes, columns, soften, ascend, pass, label } = weights
  if (meaning.kind === "labels") return importing + label
  const isConnected = meaning.kind === "gray" && meaning.threshold.kind === "hysteresis"
  return (
    importing +
    (meaning.kind === "gray" ? denoise + classify : 0) +
    (isConnected ? parts : 0) +
    (reaches(grid, healing.closing) ? ball : 0) +
    (healing.fillsCavities ? parts : 0) +
    (reaches(grid, healing.opening) ? ball : 0) +
    (planes + columns + soften + ascend + pass + label)
  )
}

/** Where the intermediate volumes lie, and in what pieces the work is done. */
export interface SegmentationRoom {
  readonly space: ScratchSpace
  readonly plan: Plan
  /** What the process may take as a whole, for messages [byte] */
  readonly memory: number
}

/** As `segmentVolume`, in a room that is given. */
export const segmentIn = Effect.fn("segmentIn")(function* (
  { space, plan, memory }: SegmentationRoom,
  source: VolumeSource,
  settings: VolumeSettings,
  onProgress: (progress: SegmentationProgress) => Effect.Effect<void>,
): Effect.fn.Return<LabelledVolume, SegmentationError> {
  const { meaning, healing } = settings
  const grid = gridOf(source)
  /** Threads go when the labels are there; the volumes stay. */
  const work = Effect.gen(function* () {
    const crew = yield* crewOf(plan.threads, space.path, onProgress)
    const site: Site = { grid, crew, space, plan, memory, total: totalWeight(grid, settings) }
    if (meaning.kind === "labels") {
      const labels = yield* importedLabels(site, source)
      return labelledVolume(grid, yield* measuredLabels(site, labels), { labels })
    }
    // Two volumes serve in turn: each step reads one and overwrites what the step before has left in the other.
    const labels = yield* space.volume("int32", "labels")
    const field = yield* space.volume("float32", "field")
    const [phases, gray] =
      meaning.kind === "phases"
        ? [yield* importedPhases(site, source, meaning), undefined]
        : yield* Effect.gen(function* () {
            const { gray: raw, range } = yield* importedGray(site, source)
            const found = yield* phasesOfGray(site, source, meaning, raw, range, field, labels)
            return [found.phases, raw] as const
          })
    const solid = { volume: phases, value: 1 }
    const part = yield* healedPart(site, solid, healing, labels)
    yield* distancesInto(site, part, reinterpreted(labels, "float32"), field)
    if (part !== solid) yield* space.release(part.volume)
    const facts = yield* particlesInto(site, field, solid, settings, labels)
    yield* space.release(field)
    return labelledVolume(grid, facts, { labels, phases, ...(gray === undefined ? {} : { gray }) })
  })
  const result = yield* Effect.scoped(work)
  yield* onProgress({ share: 1, doing: "done" })
  return result
})

/** Room for a segmentation within what it may use; it lives as long as the scope. */
export const roomFor = Effect.fn("roomFor")(function* (
  source: VolumeSource,
  settings: VolumeSettings,
  resources: SegmentationResources,
  further: FurtherRoom = { voxelBytes: 0, threadBytes: 0 },
): Effect.fn.Return<SegmentationRoom, MemoryTooSmall | ScratchUnusable, Scope.Scope> {
  const { inMemory, bytes } = yield* allotted(source, settings, resources, further)
  const { threads, brick, memory, scratch } = resources
  const needed = voxelCount(source) * (scratchBytesPerVoxel(source, settings) + further.voxelBytes)
  const space = inMemory ? scratchInMemory(source.shape) : yield* scratchOnDisk(source.shape, scratch, needed)
  return { space, plan: { bytes, threads, ...(brick === undefined ? {} : { brick }) }, memory }
})

/**
 * Finds the particles of a volume of any size: labels with their boxes and sizes, from gray values, phases or given
 * labels. What it needs beyond the memory lies in files; the result is the same bit for bit for whatever memory, bricks
 * and threads. It lives as long as the scope.
 *
 * Gray values are denoised and thresholded; cracks and cavities are healed as far as is asked for; particles are the
 * basins of the distance to the surface, merged where a peak does not stand out (watershed from h-maxima); labels hold
 * the solid voxels of each, numbered in the order in which a scan meets them. Labels that were given are taken as they
 * are.
 */
export const segmentVolume = Effect.fn("segmentVolume")(function* (
  source: VolumeSource,
  settings: VolumeSettings,
  resources: SegmentationResources,
  onProgress: (progress: SegmentationProgress) => Effect.Effect<void>,
): Effect.fn.Return<LabelledVolume, SegmentationError, Scope.Scope> {
  return yield* segmentIn(yield* roomFor(source, settings, resources), source, settings, onProgress)
})
