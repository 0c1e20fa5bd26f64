import { Effect } from "effect"
import { type Box, boxShape } from "../image/brick.ts"
import { assertFills, type Grid, gridOf } from "../image/volume.ts"
import type { VolumeSource, VoxelArray } from "./volume-source.ts"

const typeOf = (values: VoxelArray): VolumeSource["voxelType"] => {
  if (values instanceof Uint8Array) return "uint8"
  if (values instanceof Int8Array) return "int8"
  if (values instanceof Uint16Array) return "uint16"
  if (values instanceof Int16Array) return "int16"
  if (values instanceof Uint32Array) return "uint32"
  if (values instanceof Int32Array) return "int32"
  return values instanceof Float32Array ? "float32" : "float64"
}

/**
 * An array as a source of boxes, for volumes that were made or read already.
 * @param values [voxel], x fastest
 * @param name   stands for a file in messages
 */
export const volumeInMemory = (grid: Grid, values: VoxelArray, name = "volume in memory"): VolumeSource => {
  assertFills(name, grid, values)
  const [nx, ny] = grid.shape
  const read = (box: Box): VoxelArray => {
    const [sx, sy, sz] = boxShape(box)
    const Values = values.constructor as new (length: number) => VoxelArray
    const out = new Values(sx * sy * sz)
    for (let z = 0, to = 0; z < sz; z++)
      for (let y = 0; y < sy; y++, to += sx) {
        const at = box.from[0] + nx * (box.from[1] + y + ny * (box.from[2] + z))
        out.set(values.subarray(at, at + sx) as never, to)
      }
    return out
  }
  return {
    ...gridOf(grid),
    file: name,
    format: "array",
    voxelType: typeOf(values),
    voxelSizeFrom: "given",
    chunk: [1, 1, 1],
    read: (box) => Effect.sync(() => read(box)),
  }
}
