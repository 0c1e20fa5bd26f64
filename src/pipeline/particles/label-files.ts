import { rmSync, statSync } from "node:fs"
import { resolve } from "node:path"
import { Effect, type Scope } from "effect"
import { writeOmeZarr } from "../../formats/ome-zarr-writer.ts"
import { openVolume } from "../../formats/open-volume.ts"
import type { TomogramUnreadable, TomogramUnwritable, VoxelSizeMissing } from "../../formats/tomogram-errors.ts"
import { writeTiffStack } from "../../formats/tomogram-writer.ts"
import type { VolumeSource } from "../../formats/volume-source.ts"
import type { VolumeToWrite } from "../../formats/volume-to-write.ts"
import { type VoxelField, writeVti } from "../../formats/vti.ts"
import type { Box } from "../../image/brick.ts"
import { type RunUnwritable, unwritable } from "../../store/errors.ts"
import type { WrittenVolume } from "../../store/particles-manifest.ts"
import type { ScratchVolume } from "../../store/scratch-box.ts"
import type { ScratchUnusable } from "../../store/scratch-volume.ts"
import { type LabelledVolume, labelledVolume } from "../segmentation/labelled-volume.ts"
import { type SegmentationError, segmentVolume } from "../segmentation/segment-volume.ts"
import {
  defaultVolumeSettings,
  type SegmentationProgress,
  type SegmentationResources,
} from "../segmentation/settings.ts"
import { volumeStore } from "./volume-store.ts"

/** Labels, and phases where they are known, as they were written. */
export interface SavedSegmentation {
  readonly labels: WrittenVolume
  readonly phases: WrittenVolume | null
}

/** Whether a volume goes into a folder of chunks. */
const isZarr = (file: string): boolean => /\.zarr\/?$/.test(file)

const written = (file: string): Effect.Effect<WrittenVolume, RunUnwritable> =>
  Effect.try({
    try: () => {
      const { size, mtimeMs } = statSync(file)
      return { file: resolve(file), bytes: size, modified: mtimeMs }
    },
    catch: (cause) => unwritable(file, cause),
  })

const removed = (file: string): Effect.Effect<void, RunUnwritable> =>
  Effect.try({
    try: () => rmSync(file, { recursive: true, force: true }),
    catch: (cause) => unwritable(file, cause),
  })

/**
 * Writes numbers of particles or phases in the format that the name of the file asks for: OME-Zarr or a TIFF stack.
 * @param own a folder that an earlier call has written, which may be replaced
 */
export const writeVolume = Effect.fnUntraced(function* <E>(
  file: string,
  volume: VolumeToWrite<E>,
  own: string | undefined,
): Effect.fn.Return<WrittenVolume, E | RunUnwritable | TomogramUnwritable> {
  if (isZarr(file)) {
    if (own !== undefined && resolve(own) === resolve(file)) yield* removed(file)
    yield* writeOmeZarr(file, volume, { isLabels: true })
  } else yield* writeTiffStack(file, volume)
  return yield* written(file)
})

/** Labels as narrow as they fit. */
export const labelsToWrite = ({ grid, count, readLabels }: LabelledVolume): VolumeToWrite<ScratchUnusable> =>
  count < 2 ** 16
    ? { ...grid, voxelType: "uint16", read: (box) => Effect.map(readLabels(box), (values) => Uint16Array.from(values)) }
    : { ...grid, voxelType: "int32", read: readLabels }

/**
 * Writes labels and phases of a volume, so that they can be looked at and taken over by the next call.
 * @param earlier what that call may replace
 */
export const saveSegmentation = Effect.fn("saveSegmentation")(function* (
  volume: LabelledVolume,
  labelFile: string,
  phaseFile: string,
  earlier: SavedSegmentation | null,
): Effect.fn.Return<SavedSegmentation, RunUnwritable | ScratchUnusable | TomogramUnwritable> {
  const labels = yield* writeVolume(labelFile, labelsToWrite(volume), earlier?.labels.file)
  const { grid, readPhases } = volume
  const phases =
    readPhases === undefined
      ? null
      : yield* writeVolume(phaseFile, { ...grid, voxelType: "uint8", read: readPhases }, earlier?.phases?.file)
  return { labels, phases }
})

/** Writes labels, phases and gray values as one file for ParaView. */
export const saveFields = (
  volume: LabelledVolume,
  file: string,
): Effect.Effect<void, ScratchUnusable | TomogramUnwritable> => {
  const { readPhases, readGray } = volume
  const fields: VoxelField<ScratchUnusable>[] = [
    { name: "label", unit: "", voxelType: "int32", read: volume.readLabels },
  ]
  if (readPhases !== undefined) fields.push({ name: "phase", unit: "", voxelType: "uint8", read: readPhases })
  if (readGray !== undefined)
    fields.push({ name: "gray", unit: "", voxelType: "float32", read: (box: Box) => readGray(box) })
  return writeVti(file, volume.grid, fields)
}

const isThere = ({ file, bytes, modified }: WrittenVolume): boolean => {
  const facts = statSync(file, { throwIfNoEntry: false })
  return facts !== undefined && facts.size === bytes && facts.mtimeMs === modified
}

/** Whether what was saved is still as it was written. */
export const isIntact = ({ labels, phases }: SavedSegmentation): boolean =>
  isThere(labels) && (phases === null || isThere(phases))

/** Labels and phases that an earlier call has found. */
export const loadSegmentation = Effect.fn("loadSegmentation")(function* (
  saved: SavedSegmentation,
  source: VolumeSource,
  hasGray: boolean,
  resources: SegmentationResources,
  onProgress: (progress: SegmentationProgress) => Effect.Effect<void>,
): Effect.fn.Return<LabelledVolume, SegmentationError | VoxelSizeMissing | TomogramUnreadable, Scope.Scope> {
  const options = { voxelSize: source.spacing, scratch: resources.scratch }
  const labels = yield* openVolume(saved.labels.file, options)
  const volume = yield* segmentVolume(
    labels,
    { ...defaultVolumeSettings, meaning: { kind: "labels" } },
    resources,
    onProgress,
  )
  const stored = (from: VolumeSource, name: string) => volumeStore(from, name, resources.memory, resources.scratch)
  const phases =
    saved.phases === null
      ? undefined
      : ((yield* stored(yield* openVolume(saved.phases.file, options), "phases")) as ScratchVolume<"uint8">)
  const gray = hasGray ? yield* stored(source, "gray") : undefined
  return labelledVolume(volume.grid, volume, {
    labels: volume.stores.labels,
    ...(phases === undefined ? {} : { phases }),
    ...(gray === undefined ? {} : { gray }),
  })
})
