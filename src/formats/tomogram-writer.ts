import { writeFile } from "node:fs/promises"
import { Effect } from "effect"
import { TomogramUnwritable } from "./tomogram-errors.ts"

/** What a TIFF file is made from. */
export interface TiffStack {
  /** [pixel] */
  readonly width: number
  readonly height: number
  /** Edge of a voxel [m] */
  readonly pixel: number
  /** One array a plane, row by row, all of one kind */
  readonly planes: readonly (Uint8Array | Uint16Array | Int32Array | Float32Array)[]
}

const bitsOf = (plane: TiffStack["planes"][number]): number => 8 * plane.BYTES_PER_ELEMENT
/** 1 unsigned, 2 signed, 3 real */
const formatOf = (plane: TiffStack["planes"][number]): number =>
  plane instanceof Float32Array ? 3 : plane instanceof Int32Array ? 2 : 1

const ascii = 2
const short = 3
const long = 4
const rational = 5

/**
 * An uncompressed little-endian TIFF file, one strip a page, with ImageJ's metadata for the voxel size.
 * Files stay below 4 GiB.
 * @source Adobe, TIFF Revision 6.0 (1992), part 1
 */
export const encodedTiff = ({ width, height, pixel, planes }: TiffStack): Uint8Array<ArrayBuffer> => {
  const count = planes.length
  if (count === 0) throw new RangeError("a TIFF file needs at least one plane")
  for (const plane of planes) {
    if (plane.length !== width * height)
      throw new RangeError(`plane has ${plane.length} pixels, not ${width} × ${height}`)
  }
  const text =
    `ImageJ=1.54f\nimages=${count}\n${count > 1 ? `slices=${count}\n` : ""}unit=micron\n` +
    `spacing=${Number((pixel * 1e6).toPrecision(12))}\nloop=false\n\0`
  const description = new TextEncoder().encode(text)
  // Pixels per micron as a fraction: the pixel in picometres below.
  const picometres = Math.round(pixel * 1e12)
  if (!(picometres >= 1 && picometres < 2 ** 32)) throw new RangeError(`a pixel of ${pixel} m cannot be stored`)

  const entries = 13
  const directory = 2 + 12 * entries + 4
  const textAt = 8
  const fractionAt = textAt + description.length + (description.length % 2)
  const pagesAt = fractionAt + 8
  const bytes = width * height * planes[0].BYTES_PER_ELEMENT
  const strip = bytes + (bytes % 2)
  const total = pagesAt + count * (directory + strip)
  if (total >= 2 ** 32) throw new RangeError(`${total} bytes are too many for a TIFF file`)
  const out = new Uint8Array(total)
  const view = new DataView(out.buffer)
  out.set([0x49, 0x49, 42, 0])
  view.setUint32(4, pagesAt, true)
  out.set(description, textAt)
  view.setUint32(fractionAt, 1_000_000, true)
  view.setUint32(fractionAt + 4, picometres, true)

  planes.forEach((plane, k) => {
    const at = pagesAt + k * (directory + strip)
    const data = at + directory
    const fields: readonly (readonly [number, number, number, number])[] = [
      [256, long, 1, width],
      [257, long, 1, height],
      [258, short, 1, bitsOf(plane)],
      [259, short, 1, 1],
      [262, short, 1, 1],
      [270, ascii, description.length, textAt],
      [273, long, 1, data],
      [277, short, 1, 1],
      [278, long, 1, height],
      [279, long, 1, bytes],
      [282, rational, 1, fractionAt],
      [283, rational, 1, fractionAt],
      [339, short, 1, formatOf(plane)],
    ]
    view.setUint16(at, entries, true)
    fields.forEach(([tag, type, length, value], f) => {
      view.setUint16(at + 2 + 12 * f, tag, true)
      view.setUint16(at + 4 + 12 * f, type, true)
      view.setUint32(at + 6 + 12 * f, length, true)
      view.setUint32(at + 10 + 12 * f, value, true)
    })
    view.setUint32(at + 2 + 12 * entries, k + 1 < count ? at + directory + strip : 0, true)
    const size = plane.BYTES_PER_ELEMENT
    for (let i = 0; i < plane.length; i++) {
      if (size === 1) view.setUint8(data + i, plane[i])
      else if (size === 2) view.setUint16(data + 2 * i, plane[i], true)
      else if (plane instanceof Float32Array) view.setFloat32(data + 4 * i, plane[i], true)
      else view.setInt32(data + 4 * i, plane[i], true)
    }
  })
  return out
}

/** Writes planes as a TIFF file that ImageJ (and `readTomogramSlice`) opens with its scale. */
export const writeTiff = Effect.fn("writeTiff")(function* (file: string, stack: TiffStack) {
  const bytes = encodedTiff(stack)
  yield* Effect.tryPromise({
    try: () => writeFile(file, bytes),
    catch: (cause) => new TomogramUnwritable({ file, reason: cause instanceof Error ? cause.message : String(cause) }),
  })
})
