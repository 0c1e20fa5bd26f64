import { dirname, resolve } from "node:path"
import { Effect, type Scope } from "effect"
import type { Triple } from "../image/brick.ts"
import { type OpenFile, openFile } from "./open-file.ts"
import type { OpenedVolume } from "./opened-volume.ts"
import { openRawVoxels, type RawPacking } from "./raw-volume.ts"
import type { TomogramUnreadable } from "./tomogram-errors.ts"
import { lengthIn, type StatedVoxelSize } from "./voxel-size.ts"
import { type StoredType, storedBytes } from "./voxel-type.ts"

export const nrrdFormat = "NRRD"
const longestHeader = 2 ** 20

const typeNames: readonly (readonly [StoredType, string])[] = [
  ["int8", "signed char|int8|int8_t"],
  ["uint8", "uchar|unsigned char|uint8|uint8_t"],
  ["int16", "short|short int|signed short|signed short int|int16|int16_t"],
  ["uint16", "ushort|unsigned short|unsigned short int|uint16|uint16_t"],
  ["int32", "int|signed int|int32|int32_t"],
  ["uint32", "uint|unsigned int|uint32|uint32_t"],
  ["int64", "longlong|long long|long long int|signed long long|signed long long int|int64|int64_t"],
  ["uint64", "ulonglong|unsigned long long|unsigned long long int|uint64|uint64_t"],
  ["float32", "float"],
  ["float64", "double"],
]
const types = new Map(typeNames.flatMap(([type, names]) => names.split("|").map((name) => [name, type] as const)))

/** Fields of a header by their names in small letters, and where the data begin. */
interface Header {
  readonly fields: ReadonlyMap<string, string>
  /** [byte] */
  readonly end: number
}

const readHeader = Effect.fnUntraced(function* (source: OpenFile): Effect.fn.Return<Header, TomogramUnreadable> {
  const bytes = yield* source.bytes(0, Math.min(source.size, longestHeader), "its header")
  const text = new TextDecoder("latin1").decode(bytes)
  const gap = /\r?\n\r?\n/.exec(text)
  const fields = new Map<string, string>()
  const end = gap === null ? text.length : gap.index + gap[0].length
  for (const line of text.slice(0, gap?.index).split(/\r?\n/).slice(1)) {
    // `key:=value` is a note that means nothing to readers.
    const match = /^([^:#=]+): ?(.*)$/.exec(line)
    if (match !== null) fields.set(match[1].trim().toLowerCase().replaceAll(/[\s_]/g, ""), match[2].trim())
  }
  const isDetached = fields.has("datafile") || fields.has("file")
  if (gap === null && !isDetached) return yield* source.refusal("truncated", "its header has no end")
  return { fields, end }
})

const numbers = (text: string): number[] =>
  text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(Number)

/** Quoted words. */
const words = (text: string): string[] => Array.from(text.matchAll(/"([^"]*)"/g), ([, word]) => word)

/** Which axes are directions in space; others are colours, components or times. */
const isSpatial = (kind: string): boolean => ["domain", "space", "none", "???", ""].includes(kind)

const vectorsIn = (text: string): (readonly number[] | undefined)[] =>
  Array.from(text.matchAll(/\(([^)]*)\)|none/g), ([, vector]) => (vector === undefined ? undefined : numbers(vector)))

const stated = (fields: Header["fields"], axes: readonly number[]): StatedVoxelSize => {
  const directions = vectorsIn(fields.get("spacedirections") ?? "")
  const space = axes.map((axis) => directions[axis])
  if (space.every((vector) => vector !== undefined)) {
    const units = words(fields.get("spaceunits") ?? "")
    const lengths = space.map((vector) => Math.hypot(...vector))
    const text = lengths.map((length) => Number(length.toPrecision(9))).join(", ")
    if (units.length === 0) return { kind: "none", found: `its voxels measure ${text}, in no stated unit` }
    return sized(lengths, units, text)
  }
  const spacings = numbers(fields.get("spacings") ?? "")
  const edges = axes.map((axis) => spacings[axis])
  if (!edges.every((edge) => Math.abs(edge) > 0)) return { kind: "none", found: "it states no spacings" }
  const units = words(fields.get("units") ?? "")
  const named = axes.map((axis) => units[axis] ?? "")
  if (units.length === 0) return { kind: "none", found: `its spacings ${edges.join(", ")} have no unit` }
  return sized(edges.map(Math.abs), named, edges.join(", "))
}

/** @param units one for each edge, or fewer */
const sized = (edges: readonly number[], units: readonly string[], text: string): StatedVoxelSize => {
  const spacing = edges.map((edge, axis) => lengthIn(edge, units[axis] ?? ""))
  // A plane image has no third edge.
  const [x, y, z = Number.NaN] = spacing
  if (!spacing.every((edge) => edge > 0 && Number.isFinite(edge))) {
    return { kind: "none", found: `its spacings ${text} are in ${units.map((unit) => `"${unit}"`).join(", ")}` }
  }
  return { kind: "stated", by: "NRRD", spacing: [x, y, z] }
}

const areSkew = (fields: Header["fields"]): boolean => {
  const vectors = vectorsIn(fields.get("spacedirections") ?? "").filter((vector) => vector !== undefined)
  return vectors.some((a, i) =>
    vectors.slice(i + 1).some((b) => {
      const product = a.reduce((sum, value, k) => sum + value * (b[k] ?? Number.NaN), 0)
      return !(Math.abs(product) <= 1e-3 * Math.hypot(...a) * Math.hypot(...b))
    }),
  )
}

/** Lines to skip before the data, as the place after them. */
const afterLines = Effect.fnUntraced(function* (
  source: OpenFile,
  from: number,
  count: number,
): Effect.fn.Return<number, TomogramUnreadable> {
  if (count === 0) return from
  const bytes = yield* source.bytes(from, Math.min(longestHeader, source.size - from), "the lines before its data")
  let at = 0
  for (let line = 0; line < count; line++) {
    at = bytes.indexOf(10, at) + 1
    if (at === 0) return yield* source.refusal("damaged", `there are no ${count} lines before its data`)
  }
  return from + at
})

const packings: Readonly<Record<string, RawPacking>> = {
  raw: { kind: "none" },
  gzip: { kind: "stream", skip: 0 },
  gz: { kind: "stream", skip: 0 },
}

/**
 * Opens a volume of Teem's format, its voxels in the same file or in another one, raw or packed with gzip. Axes are
 * taken in the order in which they are stored, whatever directions in space they have.
 * @param scratch folder for unpacked voxels
 * @source G. Kindlmann, "Definition of NRRD file format", https://teem.sourceforge.net/nrrd/format.html
 */
export const openNrrd = Effect.fn("openNrrd")(function* (
  file: string,
  scratch?: string,
): Effect.fn.Return<OpenedVolume, TomogramUnreadable, Scope.Scope> {
  const source = yield* openFile(file, nrrdFormat)
  const { refusal } = source
  const { fields, end } = yield* readHeader(source)
  const typeName = fields.get("type") ?? ""
  const type = types.get(typeName.toLowerCase())
  if (type === undefined) return yield* refusal("unsupported", `its type is "${typeName}"`)
  const sizes = numbers(fields.get("sizes") ?? "")
  const kinds = (fields.get("kinds") ?? "").toLowerCase().split(/\s+/)
  // Axes of one entry may be there for form's sake.
  const axes = sizes.map((_, axis) => axis).filter((axis) => sizes[axis] !== 1 || sizes.length <= 3)
  if (axes.length < 2 || axes.length > 3 || Number(fields.get("dimension")) !== sizes.length) {
    return yield* refusal(
      sizes.length > 3 ? "unsupported" : "damaged",
      `it has ${fields.get("dimension") ?? "no"} dimensions of sizes ${sizes.join(" × ")}; read are two or three`,
    )
  }
  const foreign = axes.find((axis) => !isSpatial(kinds[axis] ?? ""))
  if (foreign !== undefined) {
    return yield* refusal(
      "unsupported",
      `its axis ${foreign} is of kind "${kinds[foreign]}"; a gray image has none such`,
    )
  }
  if (areSkew(fields)) return yield* refusal("unsupported", "its axes are not at right angles")
  const endian = fields.get("endian")?.toLowerCase()
  if (storedBytes(type) > 1 && endian !== "little" && endian !== "big") {
    return yield* refusal("damaged", `its endian is ${endian === undefined ? "not stated" : `"${endian}"`}`)
  }
  const encoding = (fields.get("encoding") ?? "").toLowerCase()
  const packing = packings[encoding]
  if (packing === undefined)
    return yield* refusal("unsupported", `its encoding is "${encoding}"; read are raw and gzip`)
  const detached = fields.get("datafile") ?? fields.get("file")
  if (detached !== undefined && /^LIST|%/.test(detached)) {
    return yield* refusal("unsupported", `its voxels lie in many files (${detached})`)
  }
  const path = detached === undefined ? file : resolve(dirname(file), detached)
  const data = detached === undefined ? source : yield* openFile(path, nrrdFormat)
  const skip = Number(fields.get("byteskip") ?? 0)
  const lines = Number(fields.get("lineskip") ?? 0)
  if (!(Number.isInteger(skip) && skip >= -1 && Number.isInteger(lines) && lines >= 0)) {
    return yield* refusal(
      "damaged",
      `it skips ${fields.get("lineskip") ?? 0} lines and ${fields.get("byteskip")} bytes`,
    )
  }
  const first = yield* afterLines(data, detached === undefined ? end : 0, lines)
  const shape: Triple = [sizes[axes[0]], sizes[axes[1]], axes.length === 3 ? sizes[axes[2]] : 1]
  const claim = {
    format: nrrdFormat,
    type,
    littleEndian: endian !== "big",
    shape,
    order: [0, 1, 2] as const,
    stated: stated(fields, axes),
    start: packing.kind === "none" ? (skip === -1 ? ("end" as const) : first + skip) : first,
    packing: packing.kind === "stream" ? { ...packing, skip: Math.max(0, skip) } : packing,
  }
  return yield* openRawVoxels(claim, { source: data, path, file: detached ?? file }, refusal, scratch)
})
