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

/** What a file may hold beyond the kinds of voxels: whole numbers of 64 bits, which are read as int32. */
export type StoredType = VoxelType | "int64" | "uint64"

export const isStoredType = (name: string): name is StoredType =>
  isVoxelType(name) || name === "int64" || name === "uint64"

export const storedBytes = (type: StoredType): number => (isVoxelType(type) ? voxelBytes(type) : 8)

/** What voxels are read as. */
export const readType = (type: StoredType): VoxelType => (isVoxelType(type) ? type : "int32")

/** Bytes of a file as voxels, or which of them is beyond int32. The bytes may be turned round in place. */
export const storedIn = (
  type: StoredType,
  bytes: Uint8Array<ArrayBuffer>,
  littleEndian: boolean,
): VoxelArray | { readonly beyond: number } => {
  if (isVoxelType(type)) return voxelsIn(type, bytes, littleEndian)
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
  if (littleEndian !== isLittleEndianHere) swapBytes(aligned, 8)
  const words = new Int32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4)
  return narrowed(words, type)
}

/**
 * Whole numbers of 64 bits as int32, or which of them is beyond.
 * @param words [number, 2] halves of each in the order of this machine
 */
export const narrowed = (words: Int32Array, type: "int64" | "uint64"): Int32Array | { readonly beyond: number } => {
  const out = new Int32Array(words.length / 2)
  const [low, high] = isLittleEndianHere ? [0, 1] : [1, 0]
  for (let i = 0; i < out.length; i++) {
    const value = words[2 * i + low]
    const sign = type === "int64" ? value >> 31 : 0
    if (words[2 * i + high] !== sign || (type === "uint64" && value < 0)) return { beyond: i }
    out[i] = value
  }
  return out
}
