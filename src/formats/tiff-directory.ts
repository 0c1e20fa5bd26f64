import { Effect } from "effect"
import type { OpenFile } from "./open-file.ts"
import type { TomogramUnreadable } from "./tomogram-errors.ts"

/** How a TIFF file writes its numbers. */
export interface TiffHeader {
  readonly littleEndian: boolean
  /** Offsets of 64 bits */
  readonly big: boolean
  /** Where the first page's directory lies [byte] */
  readonly first: number
}

/** Tags of one page as written; those of a kind that is not known here are left out. */
export interface TiffDirectory {
  readonly offset: number
  /** Where the next one lies, 0 after the last */
  readonly next: number
  /** A number of a tag, or `otherwise` where it is absent */
  readonly number: (tag: number, otherwise: number) => number
  readonly has: (tag: number) => boolean
  /** How many values a tag has, 0 where it is absent */
  readonly count: (tag: number) => number
  /** All values of a tag; a rational is its quotient. Fails where they reach beyond the file. */
  readonly values: (tag: number) => Effect.Effect<Float64Array, TomogramUnreadable>
  /** Bytes of a tag, "" where it is absent; long ones are cut */
  readonly text: (tag: number) => Effect.Effect<string, TomogramUnreadable>
  readonly raw: (tag: number) => Effect.Effect<Uint8Array<ArrayBuffer>, TomogramUnreadable>
}

/** Whether a file may be a TIFF or BigTIFF file, of either byte order. */
export const beginsLikeTiff = (start: Uint8Array): boolean =>
  /^(49492[ab]00|4d4d002[ab])/.test(Buffer.from(start.subarray(0, 4)).toString("hex"))

/** Bytes of a value by the number of its type; 0 for types that are not read. */
const typeBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8]
const longestText = 1 << 24
const mostEntries = 4096

const unsigned = (view: DataView, at: number, bytes: number, little: boolean): number =>
  bytes === 8
    ? Number(view.getBigUint64(at, little))
    : bytes === 4
      ? view.getUint32(at, little)
      : bytes === 2
        ? view.getUint16(at, little)
        : view.getUint8(at)

const valueAt = (view: DataView, at: number, type: number, little: boolean): number => {
  switch (type) {
    case 5:
      return view.getUint32(at, little) / view.getUint32(at + 4, little)
    case 6:
      return view.getInt8(at)
    case 8:
      return view.getInt16(at, little)
    case 9:
      return view.getInt32(at, little)
    case 10:
      return view.getInt32(at, little) / view.getInt32(at + 4, little)
    case 11:
      return view.getFloat32(at, little)
    case 12:
      return view.getFloat64(at, little)
    case 17:
      return Number(view.getBigInt64(at, little))
    default:
      return unsigned(view, at, typeBytes[type], little)
  }
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** How the file begins. */
export const readTiffHeader = Effect.fnUntraced(function* (
  source: OpenFile,
): Effect.fn.Return<TiffHeader, TomogramUnreadable> {
  const view = viewOf(yield* source.bytes(0, 8, "its header"))
  const littleEndian = view.getUint8(0) === 0x49
  const big = view.getUint16(2, littleEndian) === 43
  if (!big) return { littleEndian, big, first: view.getUint32(4, littleEndian) }
  if (view.getUint16(4, littleEndian) !== 8) {
    return yield* source.refusal("unsupported", `its offsets have ${view.getUint16(4, littleEndian)} bytes, not 8`)
  }
  const first = viewOf(yield* source.bytes(8, 8, "its header")).getBigUint64(0, littleEndian)
  return { littleEndian, big, first: Number(first) }
})

interface Entry {
  readonly type: number
  readonly count: number
  /** Where its values lie in the file [byte] */
  readonly at: number
  /** Its values, where they fit into the entry */
  readonly inline: DataView | undefined
}

/**
 * Reads the directory of one page. No value outside of it is read yet.
 * @param page its number, from 0, for messages
 * @source Adobe, TIFF Revision 6.0 (1992), section 2; BigTIFF: Aware Systems, "BigTIFF file format proposal" (2007)
 */
export const readTiffDirectory = Effect.fnUntraced(function* (
  source: OpenFile,
  { littleEndian, big }: TiffHeader,
  offset: number,
  page: number,
): Effect.fn.Return<TiffDirectory, TomogramUnreadable> {
  const what = `the directory of page ${page}`
  const [countBytes, entryBytes, wide] = big ? [8, 20, 8] : [2, 12, 4]
  const head = viewOf(yield* source.bytes(offset, countBytes, what))
  const count = unsigned(head, 0, countBytes, littleEndian)
  if (count > mostEntries || count === 0) return yield* source.refusal("damaged", `${what} has ${count} entries`)
  const body = yield* source.bytes(offset + countBytes, count * entryBytes + wide, what)
  const view = viewOf(body)
  const entries = new Map<number, Entry>()
  for (let at = 0; at < count * entryBytes; at += entryBytes) {
    const tag = view.getUint16(at, littleEndian)
    const type = view.getUint16(at + 2, littleEndian)
    const values = unsigned(view, at + 4, wide, littleEndian)
    const size = typeBytes[type] ?? 0
    if (size === 0) continue
    const field = at + 4 + wide
    const inline = values * size <= wide ? new DataView(body.buffer, body.byteOffset + field, wide) : undefined
    const place = inline === undefined ? unsigned(view, field, wide, littleEndian) : offset + countBytes + field
    entries.set(tag, { type, count: values, at: place, inline })
  }
  const raw = (tag: number): Effect.Effect<Uint8Array<ArrayBuffer>, TomogramUnreadable> => {
    const entry = entries.get(tag)
    if (entry === undefined) return Effect.succeed(new Uint8Array(0))
    return source.bytes(entry.at, entry.count * typeBytes[entry.type], `tag ${tag} of page ${page}`)
  }
  return {
    offset,
    next: unsigned(view, count * entryBytes, wide, littleEndian),
    has: (tag) => entries.has(tag),
    count: (tag) => entries.get(tag)?.count ?? 0,
    number: (tag, otherwise) => {
      const entry = entries.get(tag)
      if (entry?.inline === undefined || entry.count === 0) return otherwise
      return valueAt(entry.inline, 0, entry.type, littleEndian)
    },
    values: (tag) =>
      Effect.map(raw(tag), (bytes) => {
        const { type, count: length } = entries.get(tag) ?? { type: 1, count: 0 }
        const numbers = viewOf(bytes)
        const out = new Float64Array(length)
        for (let i = 0; i < length; i++) out[i] = valueAt(numbers, i * typeBytes[type], type, littleEndian)
        return out
      }),
    raw,
    text: (tag) => {
      const entry = entries.get(tag)
      if (entry === undefined) return Effect.succeed("")
      const length = Math.min(entry.count * typeBytes[entry.type], longestText)
      return Effect.map(source.bytes(entry.at, length, `tag ${tag} of page ${page}`), (bytes) =>
        new TextDecoder().decode(bytes),
      )
    },
  }
})
