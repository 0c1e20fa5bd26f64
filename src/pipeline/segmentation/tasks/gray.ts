import type { VoxelType } from "../../../formats/voxel-type.ts"
import { emptyVoxels } from "../../../formats/voxel-type.ts"
import { type Box, boxShape, boxSize } from "../../../image/brick.ts"
import { denoiseHalo, denoiseStage, mirrorOutside } from "../../../image/brickwise/denoise.ts"
import { addCounts, classifyInto } from "../../../image/brickwise/gray.ts"
import { rimmed, rowsOf } from "../../../image/brickwise/seams.ts"
import type { Denoise } from "../../../image/settings.ts"
import type { Workspace } from "../../../kernels/workspace.ts"
import { type FilledBox, readScratchInto, type ScratchVolume, writeScratch } from "../../../store/scratch-box.ts"

/** Takes noise off a box and counts what comes out. */
export interface DenoiseTask {
  readonly kind: "denoise"
  readonly box: Box
  readonly gray: ScratchVolume
  readonly smooth: ScratchVolume<"float32">
  readonly denoise: Denoise
  readonly lowest: number
  readonly highest: number
  readonly bins: number
}

export const denoise = (work: Workspace, task: DenoiseTask): { readonly counts: Float64Array } => {
  const { box, gray, smooth, lowest, highest, bins } = task
  const wide = rimmed(box, denoiseHalo(task.denoise))
  const { values, run } = denoiseStage(work, boxShape(wide), task.denoise)
  const raw: FilledBox<VoxelType> = { ...wide, values: emptyVoxels(gray.type, boxSize(wide)) }
  readScratchInto(gray, raw)
  values.set(raw.values)
  mirrorOutside(values, wide, gray.shape)
  const out = run()
  writeScratch(smooth, { ...wide, values: out }, box)
  const counts = new Float64Array(bins)
  for (const row of rowsOf(box, wide)) addCounts(out.subarray(row.from, row.to), lowest, highest, counts)
  return { counts }
}

/** Turns the values of a box to classes. */
export interface ClassifyTask {
  readonly kind: "classify"
  readonly box: Box
  readonly smooth: ScratchVolume<"float32">
  readonly classes: ScratchVolume<"uint8">
  readonly thresholds: readonly number[]
  /** [threshold + 1] */
  readonly codes: readonly number[]
}

export const classify = (work: Workspace, { box, smooth, classes, thresholds, codes }: ClassifyTask): void => {
  const size = boxSize(box)
  const [from, to] = work.lay(4 * size, size)
  const [gray, values] = [work.floats(from, size), work.bytes(to, size)]
  readScratchInto(smooth, { ...box, values: gray })
  classifyInto(gray, thresholds, codes, values)
  writeScratch(classes, { ...box, values })
}
