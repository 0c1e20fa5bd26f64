import { deflateSync, gzipSync } from "node:zlib"
import type { MadeVolume } from "./volume.ts"

/** Voxels as bytes in either order, x fastest. */
export const voxelBytesOf = ({ values }: Pick<MadeVolume, "values">, littleEndian: boolean): Uint8Array => {
  const bytes = new Uint8Array(values.slice().buffer)
  const size = values.BYTES_PER_ELEMENT
  if (!littleEndian) for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse()
  return bytes
}

const joined = (head: string | Uint8Array, data: Uint8Array): Uint8Array =>
  new Uint8Array(Buffer.concat([typeof head === "string" ? Buffer.from(head, "latin1") : head, data]))

export interface RawRecipe {
  readonly littleEndian?: boolean
  readonly packed?: boolean
  /** Lines of the header besides the necessary ones */
  readonly lines?: readonly string[]
  /** Lines in the place of those that begin alike */
  readonly instead?: readonly string[]
}

const withLines = (lines: readonly string[], { lines: more = [], instead = [] }: RawRecipe, mark: RegExp): string => {
  const keyOf = (line: string): string => line.split(mark)[0]
  const all = [...lines, ...more].map((line) => instead.find((other) => keyOf(other) === keyOf(line)) ?? line)
  return `${all.join("\n")}\n`
}

/** The header of a NRRD file, or the whole file. */
export const madeNrrd = (made: MadeVolume, recipe: RawRecipe = {}, dataFile?: string): Uint8Array => {
  const { littleEndian = true, packed = false } = recipe
  const lines = [
    "NRRD0004",
    "# a comment: with a colon",
    `type: ${{ float32: "float", float64: "double" }[made.type as "float32"] ?? made.type}`,
    "dimension: 3",
    `sizes: ${made.shape.join(" ")}`,
    `endian: ${littleEndian ? "little" : "big"}`,
    `encoding: ${packed ? "gzip" : "raw"}`,
    "note:=nothing",
  ]
  const text = withLines(lines, recipe, /:/)
  if (dataFile !== undefined) return Buffer.from(`${text}data file: ${dataFile}\n`)
  const bytes = voxelBytesOf(made, littleEndian)
  return joined(`${text}\n`, packed ? gzipSync(bytes) : bytes)
}

const metTypes: Readonly<Record<MadeVolume["type"], string>> = {
  uint8: "MET_UCHAR",
  int8: "MET_CHAR",
  uint16: "MET_USHORT",
  int16: "MET_SHORT",
  uint32: "MET_UINT",
  int32: "MET_INT",
  float32: "MET_FLOAT",
  float64: "MET_DOUBLE",
}

/** The header of a MetaImage file, or the whole file. */
export const madeMetaImage = (made: MadeVolume, recipe: RawRecipe = {}, dataFile = "LOCAL"): Uint8Array => {
  const { littleEndian = true, packed = false } = recipe
  const lines = [
    "ObjectType = Image",
    "NDims = 3",
    "BinaryData = True",
    `BinaryDataByteOrderMSB = ${littleEndian ? "False" : "True"}`,
    `CompressedData = ${packed ? "True" : "False"}`,
    `DimSize = ${made.shape.join(" ")}`,
    `ElementType = ${metTypes[made.type]}`,
  ]
  const text = `${withLines(lines, recipe, / = /)}ElementDataFile = ${dataFile}\n`
  if (dataFile !== "LOCAL") return Buffer.from(text)
  const bytes = voxelBytesOf(made, littleEndian)
  return joined(text, packed ? deflateSync(bytes) : bytes)
}

const niftiTypes: Readonly<Record<MadeVolume["type"], number>> = {
  uint8: 2,
  int16: 4,
  int32: 8,
  float32: 16,
  float64: 64,
  int8: 256,
  uint16: 512,
  uint32: 768,
}

export interface NiftiRecipe {
  readonly version?: 1 | 2
  readonly littleEndian?: boolean
  readonly packed?: boolean
  /** Voxel edges in the unit */
  readonly edges?: readonly number[]
  /** 0 none, 1 m, 2 mm, 3 µm */
  readonly unit?: number
  readonly slope?: number
  readonly offset?: number
  readonly type?: number
  /** Number of dimensions and their sizes */
  readonly dimensions?: readonly number[]
}

/** A NIfTI file. */
export const madeNifti = (made: MadeVolume, recipe: NiftiRecipe = {}): Uint8Array => {
  const { version = 1, littleEndian: little = true, packed = false, edges = [1, 1, 1], unit = 0 } = recipe
  const start = version === 1 ? 352 : 544
  const head = new Uint8Array(start)
  const view = new DataView(head.buffer)
  const dimensions = recipe.dimensions ?? [3, ...made.shape]
  const type = recipe.type ?? niftiTypes[made.type]
  const { slope = 0, offset = 0 } = recipe
  view.setInt32(0, version === 1 ? 348 : 540, little)
  if (version === 1) {
    dimensions.forEach((size, k) => {
      view.setInt16(40 + 2 * k, size, little)
    })
    view.setInt16(70, type, little)
    edges.forEach((edge, k) => {
      view.setFloat32(80 + 4 * k, edge, little)
    })
    view.setFloat32(108, start, little)
    view.setFloat32(112, slope, little)
    view.setFloat32(116, offset, little)
    view.setUint8(123, unit)
    head.set(Buffer.from("n+1\0"), 344)
  } else {
    head.set(Buffer.from("n+2\0\r\n\x1a\n", "latin1"), 4)
    view.setInt16(12, type, little)
    dimensions.forEach((size, k) => {
      view.setBigInt64(16 + 8 * k, BigInt(size), little)
    })
    edges.forEach((edge, k) => {
      view.setFloat64(112 + 8 * k, edge, little)
    })
    view.setBigInt64(168, BigInt(start), little)
    view.setFloat64(176, slope, little)
    view.setFloat64(184, offset, little)
    view.setInt32(500, unit, little)
  }
  const whole = joined(head, voxelBytesOf(made, little))
  return packed ? gzipSync(whole) : whole
}
