import { Effect } from "effect"
import type { OpenFile } from "./open-file.ts"
import { readTiffDirectory, type TiffDirectory, type TiffHeader } from "./tiff-directory.ts"
import type { TomogramUnreadable } from "./tomogram-errors.ts"
import { isStoredEnough, mostBlockBytes } from "./volume-claim.ts"
import { type VoxelType, voxelBytes } from "./voxel-type.ts"

/** How one gray page is stored, once all that it claims has been checked. */
export interface TiffPage {
  readonly width: number
  readonly height: number
  readonly type: VoxelType
  readonly littleEndian: boolean
  /** Of a strip or tile [pixel]; the last strip has fewer rows */
  readonly block: { readonly width: number; readonly rows: number }
  /** Strips or tiles side by side */
  readonly blocksAcross: number
  readonly isTiled: boolean
  /** [block] where it lies in the file and how long it is [byte] */
  readonly starts: Float64Array
  readonly lengths: Float64Array
  /** As TIFF numbers them */
  readonly compression: number
  readonly predictor: number
  /** Tables that blocks of JPEG share */
  readonly jpegTables: Uint8Array<ArrayBuffer>
  /** The value that stands for 0 where white is stored as zero, otherwise 0 */
  readonly invertedFrom: number
  /** Where the pixels lie one row after another, or NaN where they do not [byte] */
  readonly contiguousFrom: number
}

/** Tags of a page that say how it is stored. */
const tags = {
  subfile: 254,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  stripStarts: 273,
  samples: 277,
  rows: 278,
  stripLengths: 279,
  predictor: 317,
  tileWidth: 322,
  tileRows: 323,
  tileStarts: 324,
  tileLengths: 325,
  sampleFormat: 339,
  jpegTables: 347,
} as const

export const uncompressed = 1

/** Compressions that are read, as TIFF numbers them. */
const compressions = new Map([
  [uncompressed, "none"],
  [5, "LZW"],
  [7, "JPEG"],
  [8, "Deflate"],
  [32773, "PackBits"],
  [32946, "Deflate"],
  [50000, "zstd"],
])

const sampleTypes: Readonly<Record<number, Readonly<Record<number, VoxelType>>>> = {
  1: { 8: "uint8", 16: "uint16", 32: "uint32" },
  2: { 8: "int8", 16: "int16", 32: "int32" },
  3: { 32: "float32", 64: "float64" },
  4: { 8: "uint8", 16: "uint16", 32: "uint32" },
}

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1 && value < 2 ** 31

/** A picture of a page at a smaller scale or a mask, as pyramids have them. */
export const isReducedPage = (directory: TiffDirectory): boolean => (directory.number(tags.subfile, 0) & 5) !== 0

/** What kind of pixels a page has, or what is wrong with them. */
const pixelsOf = (directory: TiffDirectory): { readonly type: VoxelType } | { readonly wrong: string } => {
  const samples = directory.number(tags.samples, 1)
  const photometric = directory.number(tags.photometric, 1)
  // Palettes only colour the numbers.
  if (samples !== 1 || ![0, 1, 3].includes(photometric)) {
    return { wrong: `a pixel has ${samples} samples of colour model ${photometric}; a gray image has one sample` }
  }
  const bits = directory.number(tags.bits, 1)
  const format = directory.number(tags.sampleFormat, 1)
  const type = sampleTypes[format]?.[bits]
  const kinds = ["unsigned", "signed", "real"]
  return type === undefined
    ? { wrong: `its pixels have ${bits} bits, ${kinds[format - 1] ?? `of sample format ${format}`}` }
    : { type }
}

/** Bytes of the pixels of a block that lie inside the page. */
const blockBytes = (page: Pick<TiffPage, "height" | "type" | "block" | "isTiled">, row: number): number => {
  const rows = page.isTiled ? page.block.rows : Math.min(page.block.rows, page.height - row * page.block.rows)
  return rows * page.block.width * voxelBytes(page.type)
}

/** Decoded bytes of a block; those of a tile reach over the border of the page. */
export const decodedBytes = (page: TiffPage, block: number): number =>
  blockBytes(page, Math.floor(block / page.blocksAcross))

const contiguousFrom = (page: Omit<TiffPage, "contiguousFrom">): number => {
  if (page.compression !== uncompressed || page.block.width !== page.width || page.blocksAcross !== 1) return Number.NaN
  for (let k = 1; k < page.starts.length; k++) {
    if (page.starts[k] !== page.starts[k - 1] + blockBytes(page, k - 1)) return Number.NaN
  }
  return page.starts[0]
}

/**
 * Reads how a page is stored and checks it against the file, before anything of the claimed size is allocated.
 * @param number of the page, for messages
 */
export const readTiffPage = Effect.fnUntraced(function* (
  source: OpenFile,
  { littleEndian }: TiffHeader,
  directory: TiffDirectory,
  number: number,
): Effect.fn.Return<TiffPage, TomogramUnreadable> {
  const name = `page ${number}`
  const [width, height] = [directory.number(tags.width, 0), directory.number(tags.height, 0)]
  if (!(isCount(width) && isCount(height))) {
    return yield* source.refusal("damaged", `${name} measures ${width} × ${height} pixels`)
  }
  const pixels = pixelsOf(directory)
  if ("wrong" in pixels) return yield* source.refusal("unsupported", `${name}: ${pixels.wrong}`)
  const { type } = pixels
  const compression = directory.number(tags.compression, uncompressed)
  if (!compressions.has(compression) || directory.number(tags.fillOrder, 1) !== 1) {
    const known = [...new Set(compressions.values())].join(", ")
    return yield* source.refusal("unsupported", `${name} is compressed by method ${compression}; read are ${known}`)
  }
  const predictor = compression === uncompressed ? 1 : directory.number(tags.predictor, 1)
  if (!(predictor === 1 || (predictor === 2 && type !== "float64") || (predictor === 3 && type.startsWith("float")))) {
    return yield* source.refusal("unsupported", `${name} of ${type} is packed with predictor ${predictor}`)
  }
  const isTiled = directory.has(tags.tileStarts)
  const block = isTiled
    ? { width: directory.number(tags.tileWidth, 0), rows: directory.number(tags.tileRows, 0) }
    : { width, rows: Math.min(height, directory.number(tags.rows, height)) }
  if (!(isCount(block.width) && isCount(block.rows))) {
    return yield* source.refusal("damaged", `${name} has blocks of ${block.width} × ${block.rows} pixels`)
  }
  const blocksAcross = Math.ceil(width / block.width)
  const count = blocksAcross * Math.ceil(height / block.rows)
  const [startTag, lengthTag] = isTiled ? [tags.tileStarts, tags.tileLengths] : [tags.stripStarts, tags.stripLengths]
  const shape = { height, type, block, isTiled }
  const claimed = width * height * voxelBytes(type)
  if (compression === uncompressed && claimed > source.size) {
    return yield* source.refusal(
      "truncated",
      `${name} of ${width} × ${height} pixels takes ${claimed} bytes, the file has ${source.size}`,
    )
  }
  if (directory.count(startTag) < count || (directory.has(lengthTag) && directory.count(lengthTag) < count)) {
    const found = Math.min(directory.count(startTag), directory.count(lengthTag))
    return yield* source.refusal("damaged", `${name} has ${count} strips or tiles, but places of ${found}`)
  }
  if (directory.count(startTag) > source.size) return yield* source.refusal("damaged", `${name} has no data`)
  const starts = yield* directory.values(startTag)
  const lengths = directory.has(lengthTag)
    ? yield* directory.values(lengthTag)
    : Float64Array.from({ length: count }, (_, k) => blockBytes(shape, Math.floor(k / blocksAcross)))
  let stored = 0
  for (let k = 0; k < count; k++) {
    const wanted = blockBytes(shape, Math.floor(k / blocksAcross))
    const length = compression === uncompressed ? wanted : lengths[k]
    if (!(starts[k] >= 8 && length >= 1 && lengths[k] >= (compression === uncompressed ? wanted : 1))) {
      return yield* source.refusal("damaged", `${name}: block ${k} has ${lengths[k]} bytes at byte ${starts[k]}`)
    }
    if (starts[k] + length > source.size) {
      return yield* source.refusal(
        "truncated",
        `the file ends at byte ${source.size}, ${name} at byte ${starts[k] + length}`,
      )
    }
    stored += length
  }
  const largest = block.width * block.rows * voxelBytes(type)
  if (compression !== uncompressed && (largest > mostBlockBytes || !isStoredEnough(claimed, stored))) {
    return yield* source.refusal(
      largest > mostBlockBytes ? "unsupported" : "damaged",
      `${name} of ${width} × ${height} pixels in blocks of ${block.width} × ${block.rows} has ${stored} bytes of data`,
    )
  }
  const white = directory.number(tags.photometric, 1) === 0 && type.startsWith("uint")
  const page = {
    width,
    height,
    type,
    littleEndian,
    block,
    blocksAcross,
    isTiled,
    starts,
    lengths,
    compression,
    predictor,
    jpegTables: compression === 7 ? yield* directory.raw(tags.jpegTables) : new Uint8Array(0),
    invertedFrom: white ? 2 ** (8 * voxelBytes(type)) - 1 : 0,
  }
  return { ...page, contiguousFrom: contiguousFrom(page) }
})

/** Where the pages of a file lie [byte], those at a smaller scale left out; fails where they go round in a circle. */
export const readTiffPagePlaces = Effect.fnUntraced(function* (
  source: OpenFile,
  header: TiffHeader,
): Effect.fn.Return<readonly number[], TomogramUnreadable> {
  const places: number[] = []
  const seen = new Set<number>()
  for (let at = header.first; at !== 0; ) {
    if (seen.has(at)) return yield* source.refusal("damaged", `after page ${places.length - 1} comes an earlier one`)
    seen.add(at)
    const directory = yield* readTiffDirectory(source, header, at, places.length)
    if (!isReducedPage(directory)) places.push(at)
    at = directory.next
  }
  if (places.length === 0) return yield* source.refusal("damaged", "there is no image in the file")
  return places
})
