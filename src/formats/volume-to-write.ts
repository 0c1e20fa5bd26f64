import type { Effect } from "effect"
import { type Box, boxSize } from "../image/brick.ts"
import type { Grid } from "../image/volume.ts"
import type { VoxelArray } from "./volume-source.ts"
import { isLittleEndianHere, swapBytes, type VoxelType, voxelTypeOf } from "./voxel-type.ts"

/** A volume that is asked for box by box while it is written: a file, intermediate values on disk, an array. */
export interface VolumeToWrite<E = never> extends Grid {
  readonly voxelType: VoxelType
  readonly read: (box: Box) => Effect.Effect<VoxelArray, E>
}

/** Voxels as bytes, the least significant first; those of the array itself where it stores them so. */
export const littleEndianBytes = (values: VoxelArray): Uint8Array => {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  if (isLittleEndianHere) return bytes
  const turned = bytes.slice()
  swapBytes(turned, values.BYTES_PER_ELEMENT)
  return turned
}

/** @throws where values are not what a volume has promised */
export const assertPromised = ({ voxelType }: Pick<VolumeToWrite, "voxelType">, box: Box, values: VoxelArray): void => {
  if (voxelTypeOf(values) !== voxelType || values.length !== boxSize(box)) {
    throw new RangeError(`a box of ${boxSize(box)} ${voxelType} came as ${values.length} ${voxelTypeOf(values)}`)
  }
}

/** Slabs of whole planes whose size is bounded, unless a single plane is larger. */
export const planeSlabs = ({ shape: [nx, ny, nz] }: Grid, planeBytes: number, mostBytes: number): readonly Box[] => {
  const thickness = Math.max(1, Math.floor(mostBytes / planeBytes))
  const slabs: Box[] = []
  for (let z = 0; z < nz; z += thickness) slabs.push({ from: [0, 0, z], to: [nx, ny, Math.min(nz, z + thickness)] })
  return slabs
}
