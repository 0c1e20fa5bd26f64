import { createReadStream } from "node:fs"
import { createGunzip } from "node:zlib"
import { Effect, type Scope } from "effect"
import type { Triple } from "../image/brick.ts"
import { openFile, type Refusal, reasonOf } from "./open-file.ts"
import type { OpenedVolume } from "./opened-volume.ts"
import { openRawVoxels, type Scaling } from "./raw-volume.ts"
import type { TomogramUnreadable } from "./tomogram-errors.ts"
import { lengthIn, type StatedVoxelSize } from "./voxel-size.ts"
import type { StoredType } from "./voxel-type.ts"

export const niftiFormat = "NIfTI"
/** Bytes of the longer of both headers. */
export const niftiHeaderBytes = 540

const types = new Map<number, StoredType>([
  [2, "uint8"],
  [4, "int16"],
  [8, "int32"],
  [16, "float32"],
  [64, "float64"],
  [256, "int8"],
  [512, "uint16"],
  [768, "uint32"],
  [1024, "int64"],
  [1280, "uint64"],
])

const units: Readonly<Record<number, string>> = { 1: "m", 2: "mm", 3: "um" }

type Dialect = { readonly version: 1 | 2; readonly littleEndian: boolean; readonly isDetached: boolean }

/** Which dialect bytes are in, or undefined where they are no NIfTI header. */
export const niftiDialect = (start: Uint8Array): Dialect | undefined => {
  if (start.length < 348) return undefined
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength)
  for (const littleEndian of [true, false]) {
    const size = view.getInt32(0, littleEndian)
    const version = size === 348 ? 1 : size === 540 ? 2 : undefined
    if (version === undefined) continue
    const at = version === 1 ? 344 : 4
    const magic = String.fromCharCode(...start.subarray(at, at + 3))
    if (magic === `n+${version}` || magic === `ni${version}`) {
      return { version, littleEndian, isDetached: magic.startsWith("ni") }
    }
  }
  return undefined
}

interface Header {
  readonly type: StoredType
  readonly shape: Triple
  readonly dialect: Dialect
  /** Where the voxels begin [byte] */
  readonly start: number
  readonly stated: StatedVoxelSize
  readonly scaling: Scaling
}

const readHeader = Effect.fnUntraced(function* (
  bytes: Uint8Array,
  refusal: Refusal,
): Effect.fn.Return<Header, TomogramUnreadable> {
  const dialect = niftiDialect(bytes)
  if (dialect === undefined) return yield* refusal("damaged", "it does not begin like a NIfTI header")
  const { version, littleEndian: little } = dialect
  if (version === 2 && bytes.length < niftiHeaderBytes) return yield* refusal("truncated", "its header is cut off")
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const wide = version === 2
  const dimension = (k: number): number =>
    wide ? Number(view.getBigInt64(16 + 8 * k, little)) : view.getInt16(40 + 2 * k, little)
  const edge = (k: number): number =>
    Math.abs(wide ? view.getFloat64(104 + 8 * k, little) : view.getFloat32(76 + 4 * k, little))
  const real = (long: number, short: number): number =>
    wide ? view.getFloat64(long, little) : view.getFloat32(short, little)
  const code = view.getInt16(wide ? 12 : 70, little)
  const type = types.get(code)
  if (type === undefined) {
    return yield* refusal("unsupported", `its voxels are of data type ${code}; read are gray values`)
  }
  const count = dimension(0)
  const sizes = Array.from({ length: Math.min(7, Math.max(0, count)) }, (_, k) => dimension(k + 1))
  if (!(count >= 2 && count <= 7) || sizes.slice(3).some((size) => size !== 1)) {
    return yield* refusal(count > 3 && count <= 7 ? "unsupported" : "damaged", `it has dimensions ${sizes.join(" × ")}`)
  }
  const start = wide ? Number(view.getBigInt64(168, little)) : view.getFloat32(108, little)
  if (!(Number.isInteger(start) && (dialect.isDetached ? start >= 0 : start >= (wide ? 540 : 348)))) {
    return yield* refusal("damaged", `its voxels start at byte ${start}`)
  }
  const unitCode = (wide ? view.getInt32(500, little) : view.getUint8(123)) & 7
  const unit = units[unitCode]
  const edges = sizes.slice(0, 3).map((_, k) => edge(k + 1))
  // Single precision has seven digits.
  const written = edges.map((value) => (wide ? value : Number(value.toPrecision(7))))
  const isSized = written.every((value) => value > 0 && Number.isFinite(value))
  const stated: StatedVoxelSize = !isSized
    ? { kind: "none", found: `its pixdim is ${written.join(", ")}` }
    : unit === undefined
      ? { kind: "none", found: `its pixdim ${written.join(", ")} has no unit (xyzt_units ${unitCode})` }
      : {
          kind: "stated",
          by: "NIfTI",
          spacing: [
            lengthIn(written[0], unit),
            lengthIn(written[1], unit),
            written[2] === undefined ? Number.NaN : lengthIn(written[2], unit),
          ],
        }
  const [slope, offset] = [real(176, 112), real(184, 116)]
  const isScaled = Number.isFinite(slope) && slope !== 0 && Number.isFinite(offset)
  const scaling = isScaled ? { slope, offset } : { slope: 1, offset: 0 }
  return { type, shape: [sizes[0], sizes[1], sizes[2] ?? 1], dialect, start, stated, scaling }
})

/** The first bytes that come out of a gzip file; fewer where they end, none where there is no such stream. */
export const unpackedStart = (file: string, length: number): Promise<Uint8Array<ArrayBuffer>> =>
  new Promise((resolve) => {
    const pieces: Buffer[] = []
    let held = 0
    const input = createReadStream(file, { highWaterMark: 4096 })
    const output = createGunzip()
    const done = (): void => {
      input.destroy()
      output.destroy()
      resolve(new Uint8Array(Buffer.concat(pieces).subarray(0, length)))
    }
    output.on("data", (piece: Buffer) => {
      pieces.push(piece)
      held += piece.length
      if (held >= length) done()
    })
    for (const stream of [input, output]) stream.on("error", done)
    output.on("end", done)
    input.pipe(output)
  })

/**
 * Opens a volume of neuroimaging's format, alone, with its voxels in an .img file, or packed with gzip. Axes are taken in
 * the order in which they are stored; values are scaled as the header says.
 * @param packing  of the file as a whole
 * @param scratch  folder for unpacked voxels
 * @source R. W. Cox et al. (2004), "A (sort of) new image data format standard: NIfTI-1"; NIfTI-2: nifti2.h (2011)
 */
export const openNifti = Effect.fn("openNifti")(function* (
  file: string,
  packing: "none" | "gzip",
  scratch?: string,
): Effect.fn.Return<OpenedVolume, TomogramUnreadable, Scope.Scope> {
  const source = yield* openFile(file, niftiFormat)
  const { refusal } = source
  const head =
    packing === "none"
      ? yield* source.bytes(0, Math.min(source.size, niftiHeaderBytes), "its header")
      : yield* Effect.tryPromise({
          try: () => unpackedStart(file, niftiHeaderBytes),
          catch: (cause) => refusal("damaged", reasonOf(cause)),
        })
  const { type, shape, dialect, start, stated, scaling } = yield* readHeader(head, refusal)
  const path = dialect.isDetached ? file.replace(/\.hdr$/i, ".img") : file
  if (dialect.isDetached && (path === file || packing === "gzip")) {
    return yield* refusal("unsupported", "its voxels lie in another file, which is not to be found")
  }
  const data = path === file ? source : yield* openFile(path, niftiFormat)
  const claim = {
    format: niftiFormat,
    type,
    littleEndian: dialect.littleEndian,
    shape,
    order: [0, 1, 2] as const,
    stated,
    start: packing === "none" ? start : 0,
    packing: packing === "none" ? ({ kind: "none" } as const) : ({ kind: "stream", skip: start } as const),
  }
  return yield* openRawVoxels(claim, { source: data, path, file: path }, refusal, scratch, scaling)
})
