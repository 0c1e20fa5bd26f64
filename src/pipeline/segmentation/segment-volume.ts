import { Effect, type Scope } from "effect"
import type { TomogramUnreadable } from "../../formats/tomogram-errors.ts"
import type { VolumeSource } from "../../formats/volume-source.ts"
import { wholeOf } from "../../image/brick.ts"
import { distanceInside } from "../../image/distance.ts"
import { withoutHoles } from "../../image/morphology.ts"
import { gaussian, median } from "../../image/smoothing.ts"
import { histogramOf, otsu } from "../../image/threshold.ts"
import { gridOf, type Mask, voxelCount } from "../../image/volume.ts"
import { hMaxima, watershed } from "../../image/watershed.ts"
import { type ScratchUnusable, scratchInMemory, writeScratch } from "../../store/scratch-volume.ts"
import { type MemoryTooSmall, type SegmentationLost, VolumeUnsuitable } from "./errors.ts"
import { type LabelFacts, type LabelledVolume, labelledVolume } from "./labelled-volume.ts"
import type { SegmentationProgress, SegmentationResources, VolumeSettings } from "./settings.ts"

export type SegmentationError =
  | TomogramUnreadable
  | ScratchUnusable
  | VolumeUnsuitable
  | MemoryTooSmall
  | SegmentationLost

const factsOf = (shape: readonly [number, number, number], labels: Int32Array): LabelFacts => {
  const count = labels.reduce((most, label) => Math.max(most, label), 0)
  const boxes = new Int32Array(6 * count)
  const sizes = new Float64Array(count)
  const touchesBorder = new Uint8Array(count)
  const [nx, ny] = shape
  for (let i = 0; i < labels.length; i++) {
    const k = labels[i] - 1
    if (k < 0) continue
    const place = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))]
    for (const axis of [0, 1, 2]) {
      const [at, end] = [6 * k + axis, 6 * k + 3 + axis]
      boxes[at] = sizes[k] === 0 ? place[axis] : Math.min(boxes[at], place[axis])
      boxes[end] = Math.max(boxes[end], place[axis] + 1)
      if (place[axis] === 0 || place[axis] === shape[axis] - 1) touchesBorder[k] = 1
    }
    sizes[k]++
  }
  return { count, boxes, sizes, touchesBorder }
}

/**
 * Finds the particles of a volume: labels with their boxes and sizes, from gray values, phases or given labels. The
 * result lives as long as the scope.
 *
 * For the time being the whole volume is held in memory.
 */
export const segmentVolume = Effect.fn("segmentVolume")(function* (
  source: VolumeSource,
  settings: VolumeSettings,
  _resources: SegmentationResources,
  onProgress: (progress: SegmentationProgress) => Effect.Effect<void>,
): Effect.fn.Return<LabelledVolume, SegmentationError, Scope.Scope> {
  const grid = gridOf(source)
  const whole = wholeOf(grid)
  const space = scratchInMemory(grid.shape)
  const store = yield* space.volume("int32", "labels")
  const values = yield* source.read(whole)
  const { meaning } = settings
  if (meaning.kind === "labels") {
    const labels = Int32Array.from(values)
    writeScratch(store, { ...whole, values: labels })
    return labelledVolume(grid, factsOf(grid.shape, labels), { labels: store })
  }
  const phases = yield* space.volume("uint8", "phases")
  const phase = new Uint8Array(voxelCount(grid))
  if (meaning.kind === "phases") {
    for (let i = 0; i < phase.length; i++) {
      const value = values[i]
      const code = [meaning.void, meaning.particle, meaning.carbonBinder].findIndex((list) => list.includes(value))
      if (code < 0) {
        return yield* new VolumeUnsuitable({
          file: source.file,
          place: `voxel ${i}`,
          expected: "a value that is named as a phase",
          found: String(value),
        })
      }
      phase[i] = code
    }
  } else {
    const { denoise, threshold } = meaning
    const raw = { ...grid, values: Float32Array.from(values) }
    const smooth =
      denoise.kind === "median"
        ? median(raw, denoise.radius)
        : denoise.kind === "gaussian"
          ? gaussian(raw, denoise.sigma)
          : raw
    const cuts =
      threshold.kind === "otsu"
        ? otsu(histogramOf(smooth), threshold.classes)
        : threshold.kind === "values"
          ? [...(threshold.carbonBinder === undefined ? [] : [threshold.carbonBinder]), threshold.particle]
          : [threshold.low]
    const particle = cuts[cuts.length - 1]
    for (let i = 0; i < phase.length; i++) {
      phase[i] = smooth.values[i] >= particle ? 1 : cuts.length > 1 && smooth.values[i] >= cuts[0] ? 2 : 0
    }
  }
  writeScratch(phases, { ...whole, values: phase })
  const solid: Mask = { ...grid, values: phase.map((code) => (code === 1 ? 1 : 0)) }
  const mask = settings.healing.fillsCavities ? withoutHoles(solid) : solid
  yield* onProgress({ share: 0.2, doing: "distances" })
  const distance = distanceInside(mask)
  yield* onProgress({ share: 0.5, doing: "particles" })
  const height = settings.dynamics.voxels * Math.min(...grid.spacing)
  const found = watershed(distance, hMaxima(distance, mask, height), mask, "full")
  const least = (Math.PI / 6) * settings.smallestDiameter ** 3
  const voxel = grid.spacing[0] * grid.spacing[1] * grid.spacing[2]
  const sizes = new Float64Array(found.count + 1)
  for (let i = 0; i < phase.length; i++) if (phase[i] === 1) sizes[found.values[i]]++
  const number = new Int32Array(found.count + 1)
  let count = 0
  const labels = new Int32Array(phase.length)
  for (let i = 0; i < phase.length; i++) {
    const label = found.values[i]
    if (phase[i] !== 1 || label === 0 || sizes[label] * voxel < least) continue
    if (number[label] === 0) number[label] = ++count
    labels[i] = number[label]
  }
  writeScratch(store, { ...whole, values: labels })
  yield* onProgress({ share: 1, doing: "done" })
  const gray = meaning.kind === "gray" ? source : undefined
  return labelledVolume(grid, factsOf(grid.shape, labels), { labels: store, phases }, gray)
})
