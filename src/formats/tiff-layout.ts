import type { Grid } from "../image/volume.ts"
import { type VoxelType, voxelBytes } from "./voxel-type.ts"

/** Where everything lies in an uncompressed little-endian TIFF file, a strip a page. */
export interface TiffLayout {
  /** Header, ImageJ's description and the resolutions */
  readonly head: Uint8Array<ArrayBuffer>
  /** Directory of a page; its pixels follow */
  readonly directory: (page: number) => Uint8Array<ArrayBuffer>
  /** Of the pixels of a page; the next directory starts at an even byte [byte] */
  readonly planeBytes: number
  /** Of the file [byte] */
  readonly total: number
}

const [ascii, short, long, rational, long8] = [2, 3, 4, 5, 16]
const most = 2 ** 32 - 1

const sampleFormatOf = (type: VoxelType): number => (type.startsWith("float") ? 3 : type.startsWith("int") ? 2 : 1)

/** Pixels per micron as a fraction of two 32-bit numbers: the last convergent of its continued fraction that fits. */
const fractionOf = (pixel: number): readonly [number, number] => {
  const picometres = Math.round(pixel * 1e12)
  // Whole picometres are exact.
  if (Math.abs(pixel * 1e12 - picometres) < 1e-10 * picometres && picometres <= most) return [1_000_000, picometres]
  let [p, q, before, beneath] = [1, 0, 0, 1]
  for (let rest = 1e-6 / pixel; Number.isFinite(rest); ) {
    const whole = Math.floor(rest)
    const next = [whole * p + before, whole * q + beneath]
    if (next[0] > most || next[1] > most) break
    before = p
    beneath = q
    p = next[0]
    q = next[1]
    rest = 1 / (rest - whole)
  }
  return [p, q]
}

/**
 * Layout of a stack with ImageJ's metadata for the voxel size; offsets of 64 bits (BigTIFF) where the file reaches 4 GiB.
 * @throws where a voxel is no length that the format can state
 * @source Adobe, TIFF Revision 6.0 (1992), part 1; BigTIFF: Aware Systems, "BigTIFF file format proposal" (2007)
 */
export const tiffLayout = ({ shape, spacing }: Grid, type: VoxelType, isBig?: boolean): TiffLayout => {
  const [width, height, depth] = shape
  const fractions = [fractionOf(spacing[0]), fractionOf(spacing[1])]
  if (!(spacing.every((edge) => edge > 0) && fractions.flat().every((part) => part >= 1 && part <= most))) {
    throw new RangeError(`voxels of ${spacing.join(" × ")} m cannot be stored`)
  }
  const text =
    `ImageJ=1.54f\nimages=${depth}\n${depth > 1 ? `slices=${depth}\n` : ""}unit=micron\n` +
    `spacing=${Number((spacing[2] * 1e6).toPrecision(12))}\nloop=false\n\0`
  const description = new TextEncoder().encode(text)
  const planeBytes = width * height * voxelBytes(type)
  const pageBytes = planeBytes + (planeBytes % 2)
  const entryCount = 13
  const sized = (big: boolean) => {
    const [countBytes, entryBytes, wide, textAt] = big ? [8, 20, 8, 16] : [2, 12, 4, 8]
    const directoryBytes = countBytes + entryCount * entryBytes + wide
    const fractionAt = textAt + description.length + (description.length % 2)
    const pagesAt = fractionAt + 16
    const total = pagesAt + depth * (directoryBytes + pageBytes)
    return { countBytes, entryBytes, wide, textAt, directoryBytes, fractionAt, pagesAt, total }
  }
  const big = isBig ?? sized(false).total >= 2 ** 32
  const { countBytes, entryBytes, wide, textAt, directoryBytes, fractionAt, pagesAt, total } = sized(big)
  const put = (view: DataView, at: number, value: number, bytes: number): void => {
    if (bytes === 8) view.setBigUint64(at, BigInt(value), true)
    else if (bytes === 4) view.setUint32(at, value, true)
    else view.setUint16(at, value, true)
  }
  const head = new Uint8Array(pagesAt)
  const headView = new DataView(head.buffer)
  head.set([0x49, 0x49, big ? 43 : 42, 0])
  if (big) put(headView, 4, 8, 2)
  put(headView, big ? 8 : 4, pagesAt, wide)
  head.set(description, textAt)
  for (const [k, part] of fractions.flat().entries()) put(headView, fractionAt + 4 * k, part, 4)
  const place = big ? long8 : long
  const directory = (page: number): Uint8Array<ArrayBuffer> => {
    const at = pagesAt + page * (directoryBytes + pageBytes)
    const out = new Uint8Array(directoryBytes)
    const view = new DataView(out.buffer)
    // A fraction of eight bytes lies inside its entry where offsets have as many.
    const fields: readonly (readonly [tag: number, type: number, count: number, value: number])[] = [
      [256, long, 1, width],
      [257, long, 1, height],
      [258, short, 1, 8 * voxelBytes(type)],
      [259, short, 1, 1],
      [262, short, 1, 1],
      [270, ascii, description.length, textAt],
      [273, place, 1, at + directoryBytes],
      [277, short, 1, 1],
      [278, long, 1, height],
      [279, place, 1, planeBytes],
      [282, rational, 1, fractionAt],
      [283, rational, 1, fractionAt + 8],
      [339, short, 1, sampleFormatOf(type)],
    ]
    put(view, 0, entryCount, countBytes)
    fields.forEach(([tag, kind, count, value], k) => {
      const entry = countBytes + k * entryBytes
      put(view, entry, tag, 2)
      put(view, entry + 2, kind, 2)
      put(view, entry + 4, count, wide)
      if (kind === rational && big) out.set(head.subarray(value, value + 8), entry + 4 + wide)
      else put(view, entry + 4 + wide, value, wide)
    })
    put(view, countBytes + entryCount * entryBytes, page + 1 < depth ? at + directoryBytes + pageBytes : 0, wide)
    return out
  }
  return { head, directory, planeBytes, total }
}
