import type { Effect } from "effect"
import type { Box, Triple } from "../image/brick.ts"
import type { TomogramUnreadable } from "./tomogram-errors.ts"
import type { VoxelArray } from "./volume-source.ts"
import type { StatedVoxelSize } from "./voxel-size.ts"
import type { VoxelType } from "./voxel-type.ts"

/** What the reader of a format finds: a volume whose scale may still be unknown. */
export interface OpenedVolume {
  readonly format: string
  /** Voxels along x, y and z, checked against what the file holds */
  readonly shape: Triple
  readonly voxelType: VoxelType
  /** Boxes in which it is stored [voxel] */
  readonly chunk: Triple
  readonly stated: StatedVoxelSize
  /** @param box inside the volume */
  readonly read: (box: Box) => Effect.Effect<VoxelArray, TomogramUnreadable>
}
