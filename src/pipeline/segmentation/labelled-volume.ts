import { Effect } from "effect"
import type { VoxelType } from "../../formats/voxel-type.ts"
import { type Box, type Triple, widened } from "../../image/brick.ts"
import { type Grid, gridOf } from "../../image/volume.ts"
import type { ParticleCrop } from "../../particles/crop.ts"
import { readScratch, type ScratchVolume } from "../../store/scratch-box.ts"
import { type ScratchUnusable, scratchUnusable } from "../../store/scratch-volume.ts"

/** A volume with numbered particles; what it reads from stays as long as its scope. */
export interface LabelledVolume {
  readonly grid: Grid
  /** Highest label. Labels that were given may have gaps: sizes of 0. */
  readonly count: number
  /** [label − 1, 6] first voxel along x, y, z and the one after the last; zeros where there is no such label */
  readonly boxes: Int32Array
  /** [label − 1] voxels */
  readonly sizes: Float64Array
  /** [label − 1] 1 where a voxel of it lies at the border of the volume */
  readonly touchesBorder: Uint8Array
  /** The volumes themselves, for threads that read with `readScratch` */
  readonly stores: {
    readonly labels: ScratchVolume<"int32">
    readonly phases?: ScratchVolume<"uint8">
    /** Values as measured, in their own type */
    readonly gray?: ScratchVolume
  }
  readonly boxOf: (label: number) => Box
  readonly readLabels: (box: Box) => Effect.Effect<Int32Array, ScratchUnusable>
  /** Values as measured; absent where the volume held phases or labels */
  readonly readGray?: (box: Box) => Effect.Effect<Float32Array, ScratchUnusable>
  /** 0 void, 1 particle, 2 carbon/binder; absent where labels were given */
  readonly readPhases?: (box: Box) => Effect.Effect<Uint8Array, ScratchUnusable>
  /** A particle with so many voxels around it, fewer at the border of the volume. */
  readonly cropOf: (label: number, margin: number) => Effect.Effect<ParticleCrop, ScratchUnusable>
}

/** What is known of every label. */
export type LabelFacts = Pick<LabelledVolume, "count" | "boxes" | "sizes" | "touchesBorder">

const pathOf = ({ place }: ScratchVolume): string => (place.kind === "file" ? place.path : "memory")

const read = <T extends VoxelType>(volume: ScratchVolume<T>, box: Box) =>
  Effect.try({ try: () => readScratch(volume, box), catch: (cause) => scratchUnusable(pathOf(volume), cause) })

/** Joins labels with what is known of them. */
export const labelledVolume = (grid: Grid, facts: LabelFacts, stores: LabelledVolume["stores"]): LabelledVolume => {
  const { labels, phases, gray } = stores
  const boxOf = (label: number): Box => {
    if (!(Number.isInteger(label) && label >= 1 && label <= facts.count))
      throw new RangeError(`label ${label} is none of 1 … ${facts.count}`)
    const at = 6 * (label - 1)
    const triple = (first: number): Triple => [facts.boxes[first], facts.boxes[first + 1], facts.boxes[first + 2]]
    return { from: triple(at), to: triple(at + 3) }
  }
  const readLabels = (box: Box) => read(labels, box)
  const readPhases = phases === undefined ? undefined : (box: Box) => read(phases, box)
  const readGray =
    gray === undefined ? undefined : (box: Box) => Effect.map(read(gray, box), (values) => Float32Array.from(values))
  const cropOf = Effect.fn("cropOf")(function* (label: number, margin: number) {
    const box = widened(boxOf(label), margin, grid)
    const shape: Triple = [box.to[0] - box.from[0], box.to[1] - box.from[1], box.to[2] - box.from[2]]
    const crop: ParticleCrop = {
      shape,
      spacing: grid.spacing,
      from: box.from,
      whole: grid.shape,
      label,
      labels: yield* readLabels(box),
      ...(readGray === undefined ? {} : { gray: yield* readGray(box) }),
      ...(readPhases === undefined ? {} : { phases: yield* readPhases(box) }),
    }
    return crop
  })
  return {
    grid: gridOf(grid),
    ...facts,
    stores,
    boxOf,
    readLabels,
    ...(readGray === undefined ? {} : { readGray }),
    ...(readPhases === undefined ? {} : { readPhases }),
    cropOf,
  }
}
