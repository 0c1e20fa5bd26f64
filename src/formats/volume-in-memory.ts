import { Effect } from "effect"
import { boxSize, wholeOf } from "../image/brick.ts"
import { assertFills, type Grid, gridOf } from "../image/volume.ts"
import { copySharedInto } from "./copy-box.ts"
import type { VolumeSource, VoxelArray } from "./volume-source.ts"
import { emptyVoxels, voxelTypeOf } from "./voxel-type.ts"

/**
 * An array as a source of boxes, for volumes that were made or read already.
 * @param values [voxel], x fastest
 * @param name   stands for a file in messages
 */
export const volumeInMemory = (grid: Grid, values: VoxelArray, name = "volume in memory"): VolumeSource => {
  assertFills(name, grid, values)
  const all = { ...wholeOf(grid), values }
  const type = voxelTypeOf(values)
  return {
    ...gridOf(grid),
    file: name,
    format: "array",
    voxelType: type,
    voxelSizeFrom: "given",
    chunk: [1, 1, 1],
    read: (box) =>
      Effect.sync(() => {
        const out = { ...box, values: emptyVoxels(type, boxSize(box)) }
        copySharedInto(all, out)
        return out.values
      }),
  }
}
