import { type Box, boxShape } from "../../../image/brick.ts"
import { denoiseHalo, denoiseStage, mirrorOutside } from "../../../image/brickwise/denoise.ts"
import { columnDistance, planeDistance } from "../../../image/brickwise/distance.ts"
import { rimmed, rowsOf } from "../../../image/brickwise/seams.ts"
import type { Denoise } from "../../../image/settings.ts"
import type { Grid } from "../../../image/volume.ts"
import type { Workspace } from "../../../kernels/workspace.ts"
import { readScratch, readScratchInto, type ScratchVolume, writeScratch } from "../../../store/scratch-box.ts"
import type { Part } from "./balls.ts"

/** First pass of the distance transform: whole planes. */
export interface PlanesTask {
  readonly kind: "planes"
  readonly box: Box
  readonly part: Part
  readonly field: ScratchVolume<"float32">
  readonly grid: Grid
}

export const planes = (work: Workspace, { box, part, field, grid }: PlanesTask): void => {
  const { values, run } = planeDistance(work, boxShape(box), grid.spacing, part.value)
  readScratchInto(part.volume, { ...box, values })
  writeScratch(field, { ...box, values: run() })
}

/** Second pass: whole columns along z, in place. */
export interface ColumnsTask {
  readonly kind: "columns"
  readonly box: Box
  readonly field: ScratchVolume<"float32">
  readonly grid: Grid
}

export const columns = (work: Workspace, { box, field, grid }: ColumnsTask): void => {
  const { squares, run } = columnDistance(work, boxShape(box), grid)
  readScratchInto(field, { ...box, values: squares })
  writeScratch(field, { ...box, values: run() })
}

/** Softens a field within a part of the volume; 0 stays outside of it. */
export interface SoftenTask {
  readonly kind: "soften"
  readonly box: Box
  readonly field: ScratchVolume<"float32">
  readonly part: Part
  readonly filter: Denoise
  readonly out: ScratchVolume<"float32">
}

export const soften = (work: Workspace, { box, field, part, filter, out }: SoftenTask): void => {
  const wide = rimmed(box, denoiseHalo(filter))
  const { values, run } = denoiseStage(work, boxShape(wide), filter)
  readScratchInto(field, { ...wide, values })
  mirrorOutside(values, wide, field.shape)
  const soft = run()
  const inside = readScratch(part.volume, box)
  let i = 0
  for (const { from, to } of rowsOf(box, wide))
    for (let at = from; at < to; at++) if (inside[i++] !== part.value) soft[at] = 0
  writeScratch(out, { ...wide, values: soft }, box)
}
