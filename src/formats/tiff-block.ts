import { inflateSync, zstdDecompressSync } from "node:zlib"
import { Effect } from "effect"
import { unpackLzwInto } from "./lzw.ts"
import { type OpenFile, reasonOf } from "./open-file.ts"
import { decodedBytes, type TiffPage, uncompressed } from "./tiff-page.ts"
import type { TomogramUnreadable } from "./tomogram-errors.ts"
import type { VoxelArray } from "./volume-source.ts"
import { isLittleEndianHere, voxelBytes, voxelsIn } from "./voxel-type.ts"

/**
 * Unpacks PackBits into `out`, never beyond either end, and returns the bytes written.
 * @source Adobe, TIFF Revision 6.0 (1992), section 9
 */
export const unpackBitsInto = (packed: Uint8Array, out: Uint8Array): number => {
  let written = 0
  for (let at = 0; at < packed.length && written < out.length; ) {
    const head = packed[at++]
    if (head === 128) continue
    if (head > 128) {
      if (at >= packed.length) break
      const end = Math.min(out.length, written + 257 - head)
      out.fill(packed[at++], written, end)
      written = end
    } else {
      const length = Math.min(head + 1, packed.length - at, out.length - written)
      out.set(packed.subarray(at, at + length), written)
      at += head + 1
      written += length
    }
  }
  return written
}

/** Own bytes, aligned for every kind of number. */
const owned = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes)

const jpegPixels = async (page: TiffPage, packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> => {
  const { getDecoder } = await import("geotiff")
  const parameters = {
    tileWidth: page.block.width,
    tileHeight: page.block.rows,
    predictor: 1,
    bitsPerSample: [8],
    planarConfiguration: 1,
    ...(page.jpegTables.length > 0 ? { JPEGTables: page.jpegTables } : {}),
  }
  const decoder = await getDecoder(page.compression, parameters)
  return owned(new Uint8Array(await decoder.decode(packed.buffer)))
}

/** At most `length` bytes that were packed; fewer where the data end early. Throws where a library finds them damaged. */
const unpacked = async (
  page: TiffPage,
  packed: Uint8Array<ArrayBuffer>,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> => {
  // Some writers fill the last strip up to its full height.
  const most = { maxOutputLength: Math.max(length, page.block.width * page.block.rows * voxelBytes(page.type)) }
  switch (page.compression) {
    case 5: {
      const out = new Uint8Array(length)
      return out.subarray(0, unpackLzwInto(packed, out))
    }
    case 32773: {
      const out = new Uint8Array(length)
      return out.subarray(0, unpackBitsInto(packed, out))
    }
    case 7:
      return jpegPixels(page, packed)
    case 50000:
      return owned(zstdDecompressSync(packed, most))
    default:
      return owned(inflateSync(packed, most))
  }
}

/** Undoes differences between neighbours, row by row; those of real numbers are differences of their bits. */
const integrate = (voxels: VoxelArray, width: number): void => {
  const values =
    voxels instanceof Float32Array ? new Uint32Array(voxels.buffer, voxels.byteOffset, voxels.length) : voxels
  for (let row = 0; row + width <= values.length; row += width)
    for (let i = row + 1; i < row + width; i++) values[i] += values[i - 1]
}

/**
 * Undoes differences between the bytes of real numbers, which lie by weight, heaviest first.
 * @source Adobe Photoshop, TIFF Technical Note 3 (2005)
 */
const integrateReals = (bytes: Uint8Array, width: number, size: number): void => {
  const row = new Uint8Array(width * size)
  for (let start = 0; start + row.length <= bytes.length; start += row.length) {
    row.set(bytes.subarray(start, start + row.length))
    for (let i = 1; i < row.length; i++) row[i] += row[i - 1]
    for (let x = 0; x < width; x++)
      for (let b = 0; b < size; b++) {
        const place = isLittleEndianHere ? size - 1 - b : b
        bytes[start + x * size + place] = row[b * width + x]
      }
  }
}

/** Pixels of one strip or tile, rows of the block's width. */
export const readTiffBlock = Effect.fnUntraced(function* (
  source: OpenFile,
  page: TiffPage,
  block: number,
): Effect.fn.Return<VoxelArray, TomogramUnreadable> {
  const length = decodedBytes(page, block)
  const name = `block ${block}`
  if (page.compression === uncompressed) {
    const bytes = yield* source.bytes(page.starts[block], length, name)
    return voxelsIn(page.type, bytes, page.littleEndian)
  }
  const packed = yield* source.bytes(page.starts[block], page.lengths[block], name)
  const bytes = yield* Effect.tryPromise({
    try: () => unpacked(page, packed, length),
    catch: (cause) => source.refusal("damaged", `${name} cannot be unpacked: ${reasonOf(cause)}`),
  })
  if (bytes.length < length) {
    return yield* source.refusal("damaged", `${name} unpacks to ${bytes.length} bytes; its pixels take ${length}`)
  }
  const exact = bytes.subarray(0, length)
  if (page.predictor === 3) {
    integrateReals(exact, page.block.width, voxelBytes(page.type))
    return voxelsIn(page.type, exact, isLittleEndianHere)
  }
  const values = voxelsIn(page.type, exact, page.littleEndian)
  if (page.predictor === 2) integrate(values, page.block.width)
  return values
})
