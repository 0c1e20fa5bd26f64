import type { VolumeSource, VoxelArray } from "./volume-source.ts"

export type VoxelType = VolumeSource["voxelType"]

const arrays = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const satisfies Record<VoxelType, unknown>

export const voxelTypes = Object.keys(arrays) as readonly VoxelType[]

export const isVoxelType = (name: string): name is VoxelType => name in arrays

/** Bytes of a voxel. */
export const voxelBytes = (type: VoxelType): number => arrays[type].BYTES_PER_ELEMENT

/** Voxels of value 0. */
export const emptyVoxels = (type: VoxelType, count: number): VoxelArray => new arrays[type](count)

/** What the voxels of an array are. */
export const voxelTypeOf = (values: VoxelArray): VoxelType =>
  voxelTypes.find((type) => values instanceof arrays[type]) as VoxelType

/** Whether this machine stores the least significant byte first. */
export const isLittleEndianHere = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** Turns the bytes of every number round. */
export const swapBytes = (bytes: Uint8Array, width: number): void => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (width === 2) buffer.swap16()
  else if (width === 4) buffer.swap32()
  else if (width === 8) buffer.swap64()
}

/**
 * Bytes of a file as voxels. They are used as they are, and turned round in place where the file's order is not this
 * machine's.
 */
export const voxelsIn = (type: VoxelType, bytes: Uint8Array<ArrayBuffer>, littleEndian: boolean): VoxelArray => {
  const width = voxelBytes(type)
  const aligned = bytes.byteOffset % width === 0 ? bytes : bytes.slice()
  if (littleEndian !== isLittleEndianHere) swapBytes(aligned, width)
  return new arrays[type](aligned.buffer, aligned.byteOffset, aligned.byteLength / width)
}
