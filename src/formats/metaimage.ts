import { dirname, resolve } from "node:path"
import { Effect, type Scope } from "effect"
import type { Triple } from "../image/brick.ts"
import { type OpenFile, openFile } from "./open-file.ts"
import type { OpenedVolume } from "./opened-volume.ts"
import { openRawVoxels } from "./raw-volume.ts"
import type { TomogramUnreadable } from "./tomogram-errors.ts"
import { lengthIn, type StatedVoxelSize } from "./voxel-size.ts"
import { type StoredType, storedBytes } from "./voxel-type.ts"

export const metaImageFormat = "MetaImage"
const longestHeader = 2 ** 16

const types = new Map<string, StoredType>([
  ["MET_CHAR", "int8"],
  ["MET_UCHAR", "uint8"],
  ["MET_SHORT", "int16"],
  ["MET_USHORT", "uint16"],
  ["MET_INT", "int32"],
  ["MET_UINT", "uint32"],
  ["MET_LONG", "int32"],
  ["MET_ULONG", "uint32"],
  ["MET_LONG_LONG", "int64"],
  ["MET_ULONG_LONG", "uint64"],
  ["MET_FLOAT", "float32"],
  ["MET_DOUBLE", "float64"],
])

/** The last field of a header. */
const lastField = /(?:^|\n)\s*ElementDataFile\s*=\s*([^\r\n]*)(\r?\n|$)/

interface Header {
  /** By names in small letters */
  readonly fields: ReadonlyMap<string, string>
  readonly dataFile: string
  /** Where the header ends [byte] */
  readonly end: number
}

const readHeader = Effect.fnUntraced(function* (source: OpenFile): Effect.fn.Return<Header, TomogramUnreadable> {
  const bytes = yield* source.bytes(0, Math.min(source.size, longestHeader), "its header")
  const text = new TextDecoder("latin1").decode(bytes)
  const last = lastField.exec(text)
  if (last === null) return yield* source.refusal("damaged", "its header names no ElementDataFile")
  const fields = new Map(
    text
      .slice(0, last.index)
      .split(/\r?\n/)
      .map((line) => {
        const at = line.indexOf("=")
        return [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()] as const
      }),
  )
  return { fields, dataFile: last[1].trim(), end: last.index + last[0].length }
})

const numbers = (text = ""): number[] => text.split(/\s+/).filter(Boolean).map(Number)
const isTrue = (text = ""): boolean => /^(true|1)$/i.test(text)

const stated = (fields: Header["fields"]): StatedVoxelSize => {
  const key = fields.has("elementspacing") ? "ElementSpacing" : "ElementSize"
  const edges = numbers(fields.get(key.toLowerCase()))
  if (edges.length < 2) return { kind: "none", found: "it has no ElementSpacing" }
  const unit = fields.get("distanceunits")
  const text = `${key} ${edges.join(" ")}`
  if (unit === undefined || unit === "?") return { kind: "none", found: `its ${text} has no unit` }
  const [x, y, z = Number.NaN] = edges.slice(0, 3).map((edge) => lengthIn(Math.abs(edge), unit))
  if (!(x > 0 && y > 0 && z !== 0)) return { kind: "none", found: `its ${text} is in "${unit}"` }
  return { kind: "stated", by: "MetaImage", spacing: [x, y, z] }
}

/**
 * Opens a volume of ITK's own format, its voxels in the same file (.mha) or in another one (.mhd and .raw), raw or packed
 * with zlib. The format knows a unit but few programs write it: a spacing without one is not trusted.
 * @param scratch folder for unpacked voxels
 * @source MetaIO documentation, https://itk.org/Wiki/ITK/MetaIO/Documentation
 */
export const openMetaImage = Effect.fn("openMetaImage")(function* (
  file: string,
  scratch?: string,
): Effect.fn.Return<OpenedVolume, TomogramUnreadable, Scope.Scope> {
  const source = yield* openFile(file, metaImageFormat)
  const { refusal } = source
  const { fields, dataFile, end } = yield* readHeader(source)
  const typeName = fields.get("elementtype") ?? ""
  const type = types.get(typeName.toUpperCase())
  if (type === undefined) return yield* refusal("unsupported", `its ElementType is "${typeName}"`)
  const channels = Number(fields.get("elementnumberofchannels") ?? 1)
  if (channels !== 1) return yield* refusal("unsupported", `a voxel has ${channels} channels; a gray image has one`)
  const sizes = numbers(fields.get("dimsize"))
  const dimensions = Number(fields.get("ndims"))
  if (dimensions !== sizes.length || sizes.length < 2 || sizes.slice(3).some((size) => size !== 1)) {
    return yield* refusal(
      sizes.length > 3 ? "unsupported" : "damaged",
      `its NDims is ${fields.get("ndims") ?? "missing"}, its DimSize ${sizes.join(" × ")}; read are two or three`,
    )
  }
  const order = fields.get("elementbyteordermsb") ?? fields.get("binarydatabyteordermsb")
  if (storedBytes(type) > 1 && order === undefined) return yield* refusal("damaged", "its byte order is not stated")
  if (isTrue(fields.get("binarydata") ?? "true") === false) return yield* refusal("unsupported", "its voxels are text")
  if (/^LIST\b|%/.test(dataFile) || dataFile === "") {
    return yield* refusal("unsupported", `its voxels lie in many files (${dataFile})`)
  }
  const isLocal = dataFile.toUpperCase() === "LOCAL"
  const path = isLocal ? file : resolve(dirname(file), dataFile)
  const data = isLocal ? source : yield* openFile(path, metaImageFormat)
  const skip = Number(fields.get("headersize") ?? 0)
  if (!(Number.isInteger(skip) && skip >= -1)) return yield* refusal("damaged", `its HeaderSize is ${skip}`)
  const shape: Triple = [sizes[0], sizes[1], sizes[2] ?? 1]
  const claim = {
    format: metaImageFormat,
    type,
    littleEndian: !isTrue(order),
    shape,
    order: [0, 1, 2] as const,
    stated: stated(fields),
    start: skip === -1 ? ("end" as const) : isLocal ? end : skip,
    packing: isTrue(fields.get("compresseddata"))
      ? ({ kind: "stream", skip: 0 } as const)
      : ({ kind: "none" } as const),
  }
  return yield* openRawVoxels(claim, { source: data, path, file: isLocal ? file : dataFile }, refusal, scratch)
})
