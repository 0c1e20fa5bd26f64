import type { Effect } from "effect"
import type { Box } from "../image/brick.ts"
import type { Grid } from "../image/volume.ts"
import type { TomogramUnreadable } from "./tomogram-errors.ts"

/** Values of voxels as a file stores them; x runs fastest. */
export type VoxelArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array

/** A volume in a file, of which any box can be read; nothing is held but what was asked for. */
export interface VolumeSource extends Grid {
  /** As given by the user */
  readonly file: string
  /** Such as "TIFF stack" or "OME-Zarr" */
  readonly format: string
  /** Bytes of a voxel and what they hold */
  readonly voxelType: "uint8" | "int8" | "uint16" | "int16" | "uint32" | "int32" | "float32" | "float64"
  /** Who said how large a voxel is: "given" or the name of the metadata */
  readonly voxelSizeFrom: string
  /**
   * Thickness of slabs, bricks or chunks in which the file is stored along x, y and z [voxel]: boxes that are whole
   * multiples of it read fastest.
   */
  readonly chunk: readonly [number, number, number]
  /** Values of a box inside the grid. */
  readonly read: (box: Box) => Effect.Effect<VoxelArray, TomogramUnreadable>
}
