import { copyPartInto, copySharedInto, sharedPart } from "../formats/copy-box.ts"
import type { VoxelArray } from "../formats/volume-source.ts"
import { emptyVoxels, type VoxelType, voxelBytes } from "../formats/voxel-type.ts"
import { type Box, boxShape, boxSize, type Triple } from "../image/brick.ts"
import { readAll, writeAll } from "./file-bytes.ts"

/** The array that holds voxels of a type. */
export interface ScratchArrays {
  readonly uint8: Uint8Array
  readonly int8: Int8Array
  readonly uint16: Uint16Array
  readonly int16: Int16Array
  readonly uint32: Uint32Array
  readonly int32: Int32Array
  readonly float32: Float32Array
  readonly float64: Float64Array
}

/**
 * An intermediate volume, in memory that threads share or in a file; x runs fastest and it begins as zeros. A plain
 * record: posted to another thread of this process it is the same volume there.
 */
export interface ScratchVolume<T extends VoxelType = VoxelType> {
  /** Voxels along x, y and z */
  readonly shape: Triple
  readonly type: T
  readonly place:
    | { readonly kind: "memory"; readonly values: ScratchArrays[T] }
    | { readonly kind: "file"; readonly path: string; readonly descriptor: number }
}

/** A box and the values of its voxels; it may reach out of the volume that it is read from. */
export interface FilledBox<T extends VoxelType = VoxelType> extends Box {
  /** [voxel] of the box, x fastest; may be longer than the box */
  readonly values: ScratchArrays[T]
}

/** The same bytes as voxels of another type of the same width. */
export const reinterpreted = <T extends VoxelType>(volume: ScratchVolume, type: T): ScratchVolume<T> => {
  if (voxelBytes(type) !== voxelBytes(volume.type)) throw new RangeError(`${volume.type} is no ${type}`)
  const { shape, place } = volume
  if (place.kind === "file") return { shape, type, place }
  const Values = emptyVoxels(type, 0).constructor as new (bytes: ArrayBufferLike) => ScratchArrays[T]
  return { shape, type, place: { kind: "memory", values: new Values(place.values.buffer) } }
}

const empty = <T extends VoxelType>(type: T, count: number): ScratchArrays[T] =>
  emptyVoxels(type, count) as unknown as ScratchArrays[T]

const bytesOf = (values: VoxelArray): Uint8Array =>
  new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength)

const everything = (shape: Triple): Box => ({ from: [0, 0, 0], to: shape })

/** Voxels held besides the box while a file is read or written. */
const bufferVoxels = 2 ** 18

/**
 * Reads what a box and the volume share; the rest of `out` is left as it is.
 * @throws what the operating system says
 */
export const readScratchInto = <T extends VoxelType>(volume: ScratchVolume<T>, out: FilledBox<T>): void => {
  const part = sharedPart(out, everything(volume.shape))
  if (part === undefined) return
  const { place, shape, type } = volume
  if (place.kind === "memory") {
    copySharedInto({ ...everything(shape), values: place.values }, out)
    return
  }
  const size = voxelBytes(type)
  const [nx, ny] = shape
  const [length, height] = boxShape(part)
  const [ox, oy] = boxShape(out)
  // Whole rows of a plane are read at once, also where only a part of each is wanted: fewer calls.
  const together = Math.max(1, Math.min(height, Math.floor(bufferVoxels / nx)))
  const isDirect = length === nx && length === ox
  const buffer = isDirect ? undefined : empty(type, together * nx)
  for (let z = part.from[2]; z < part.to[2]; z++)
    for (let y = part.from[1]; y < part.to[1]; y += together) {
      const rows = Math.min(together, part.to[1] - y)
      const first = part.from[0] + nx * (y + ny * z)
      const count = (rows - 1) * nx + length
      const to = part.from[0] - out.from[0] + ox * (y - out.from[1] + oy * (z - out.from[2]))
      if (buffer === undefined) {
        readAll(place.descriptor, bytesOf(out.values.subarray(to, to + count)), first * size)
        continue
      }
      readAll(place.descriptor, bytesOf(buffer.subarray(0, count)), first * size)
      for (let row = 0; row < rows; row++) out.values.set(buffer.subarray(row * nx, row * nx + length), to + row * ox)
    }
}

/** Values of a box inside the volume. @throws what the operating system says */
export const readScratch = <T extends VoxelType>(volume: ScratchVolume<T>, box: Box): ScratchArrays[T] => {
  const values = empty(volume.type, boxSize(box))
  readScratchInto(volume, { ...box, values })
  return values
}

/**
 * Writes a part of a filled box; parts that threads write at the same time must not overlap.
 * @param part in the box and in the volume
 * @throws what the operating system says
 */
export const writeScratch = <T extends VoxelType>(
  volume: ScratchVolume<T>,
  source: FilledBox<T>,
  part: Box = source,
): void => {
  const { place, shape, type } = volume
  if (place.kind === "memory") {
    copyPartInto(part, source, { ...everything(shape), values: place.values })
    return
  }
  const size = voxelBytes(type)
  const [nx, ny] = shape
  const [sx, sy] = boxShape(source)
  const [length, height] = boxShape(part)
  // Whole rows are gathered and written at once; parts of rows one by one, as what lies between is not ours.
  const together = length === nx ? Math.max(1, Math.min(height, Math.floor(bufferVoxels / nx))) : 1
  const buffer = length === sx || together === 1 ? undefined : empty(type, together * nx)
  for (let z = part.from[2]; z < part.to[2]; z++)
    for (let y = part.from[1]; y < part.to[1]; y += together) {
      const rows = Math.min(together, part.to[1] - y)
      const at = part.from[0] - source.from[0] + sx * (y - source.from[1] + sy * (z - source.from[2]))
      const first = (part.from[0] + nx * (y + ny * z)) * size
      if (buffer === undefined) {
        writeAll(place.descriptor, bytesOf(source.values.subarray(at, at + rows * length)), first)
        continue
      }
      for (let row = 0; row < rows; row++)
        buffer.set(source.values.subarray(at + row * sx, at + row * sx + length), row * nx)
      writeAll(place.descriptor, bytesOf(buffer.subarray(0, rows * nx)), first)
    }
}
