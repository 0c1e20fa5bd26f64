import { type Box, boxShape, type Triple } from "../../../image/brick.ts"
import { ballStage } from "../../../image/brickwise/distance.ts"
import { rimmed } from "../../../image/brickwise/seams.ts"
import type { Workspace } from "../../../kernels/workspace.ts"
import { readScratchInto, type ScratchVolume, writeScratch } from "../../../store/scratch-box.ts"

/** Which voxels of a volume of small numbers are meant. */
export interface Part {
  readonly volume: ScratchVolume<"uint8">
  readonly value: number
}

/** Closes or opens a part of a volume by a ball; the outcome is 0 or 1. */
export interface BallTask {
  readonly kind: "ball"
  readonly box: Box
  readonly part: Part
  readonly out: ScratchVolume<"uint8">
  readonly does: "close" | "open"
  /** [m] */
  readonly radius: number
  readonly spacing: Triple
}

/** Voxels around a box that a closing or an opening looks at. */
export const ballRim = (radius: number, spacing: Triple): number => 2 * Math.ceil(radius / Math.min(...spacing))

export const ball = (work: Workspace, { box, part, out, does, radius, spacing }: BallTask): void => {
  const wide = rimmed(box, ballRim(radius, spacing))
  // For a closing nothing lies outside of the volume; for an opening it ends there, and what lies beyond is inside.
  const seen: Box =
    does === "close"
      ? wide
      : {
          from: [Math.max(0, wide.from[0]), Math.max(0, wide.from[1]), Math.max(0, wide.from[2])],
          to: [
            Math.min(part.volume.shape[0], wide.to[0]),
            Math.min(part.volume.shape[1], wide.to[1]),
            Math.min(part.volume.shape[2], wide.to[2]),
          ],
        }
  const { mask, dilate, erode } = ballStage(work, boxShape(seen), spacing)
  // Any other value than that of the part.
  mask.fill(part.value === 0 ? 1 : 0)
  readScratchInto(part.volume, { ...seen, values: mask })
  for (let i = 0; i < mask.length; i++) mask[i] = mask[i] === part.value ? 1 : 0
  if (does === "close") {
    dilate(radius)
    erode(radius)
  } else {
    erode(radius)
    dilate(radius)
  }
  writeScratch(out, { ...seen, values: mask }, box)
}
