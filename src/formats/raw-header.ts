import { dirname, resolve } from "node:path"
import { Effect, Schema, type Scope } from "effect"
import type { Triple } from "../image/brick.ts"
import { parseText } from "../twin/document.ts"
import { faultsOf, locate, problemText } from "../twin/problem.ts"
import { positive, Quantity } from "../twin/quantity.ts"
import { openFile } from "./open-file.ts"
import type { OpenedVolume } from "./opened-volume.ts"
import { openRawVoxels } from "./raw-volume.ts"
import type { TomogramUnreadable } from "./tomogram-errors.ts"
import type { StatedVoxelSize } from "./voxel-size.ts"
import { storedBytes } from "./voxel-type.ts"

export const rawFormat = "raw with a header"
/** Endings of the header that may lie beside a raw file. */
export const headerEndings = [".yaml", ".yml", ".json"] as const
const longestHeader = 2 ** 16

const count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))
const edge = Quantity("m", positive)

const RawHeader = Schema.Struct({
  /** Version of this header */
  "raw-volume": Schema.Literal(1),
  /** Seen from the folder of the header; the header's own name without its ending where absent */
  file: Schema.optionalKey(Schema.NonEmptyString),
  /** Voxels along x, y and z */
  shape: Schema.Tuple([count, count, count]),
  type: Schema.Literals([
    "uint8",
    "int8",
    "uint16",
    "int16",
    "uint32",
    "int32",
    "uint64",
    "int64",
    "float32",
    "float64",
  ]),
  /** Needed where a voxel has several bytes */
  "byte-order": Schema.optionalKey(Schema.Literals(["little", "big"])),
  /** Axes in the order of the file, fastest first; xyz where absent */
  axes: Schema.optionalKey(Schema.Literals(["xyz", "xzy", "yxz", "yzx", "zxy", "zyx"])),
  /** Bytes before the first voxel */
  skip: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))),
  "voxel-size": Schema.optionalKey(Schema.Union([edge, Schema.Tuple([edge, edge, edge])])),
})

const decode = Schema.decodeUnknownEffect(RawHeader, { errors: "all", onExcessProperty: "error", reportInput: true })

const stated = (written: (typeof RawHeader.Type)["voxel-size"]): StatedVoxelSize => {
  if (written === undefined) return { kind: "none", found: "its header has no voxel-size" }
  const [x, y, z] = "value" in written ? [written, written, written] : written
  return { kind: "stated", by: "header", spacing: [x.value, y.value, z.value] }
}

/**
 * Whether a text may be such a header: it is short and names its version.
 * @param start of a file
 */
export const isRawHeader = (start: string): boolean => /(^|[\n{,])\s*"?raw-volume"?\s*:/.test(start)

/**
 * Opens voxels that lie one after another in a file without a header of its own, as a small YAML or JSON file beside it
 * says:
 *
 *     raw-volume: 1            # version of this header
 *     file: electrode.raw      # electrode.raw of electrode.raw.yaml where absent
 *     shape: [301, 301, 251]   # voxels along x, y and z
 *     type: uint16             # or int8, uint8, int16, int32, uint32, int64, uint64, float32, float64
 *     byte-order: little       # or big; needed where a voxel has several bytes
 *     axes: xyz                # fastest first; xyz where absent
 *     skip: 0                  # bytes before the first voxel
 *     voxel-size: 398 nm       # or [398 nm, 398 nm, 500 nm]
 *
 * @param header path of the header
 */
export const openRawHeader = Effect.fn("openRawHeader")(function* (
  header: string,
): Effect.fn.Return<OpenedVolume, TomogramUnreadable, Scope.Scope> {
  const source = yield* openFile(header, rawFormat)
  const { refusal } = source
  if (source.size > longestHeader) return yield* refusal("damaged", `its header has ${source.size} bytes`)
  const text = new TextDecoder().decode(yield* source.bytes(0, source.size, "its header"))
  const document = yield* parseText(header, text).pipe(
    Effect.mapError(({ problem }) => refusal("damaged", problemText(problem))),
  )
  const written = yield* decode(document.data).pipe(
    Effect.mapError(({ issue }) =>
      refusal("damaged", locate(faultsOf(issue), document.place).map(problemText).join("; ")),
    ),
  )
  const littleEndian = written["byte-order"] === "little"
  if (written["byte-order"] === undefined && storedBytes(written.type) > 1) {
    return yield* refusal("damaged", `it does not state the byte-order of ${written.type}`)
  }
  const shape: Triple = [written.shape[0], written.shape[1], written.shape[2]]
  const axes = [...(written.axes ?? "xyz")].map((axis) => "xyz".indexOf(axis))
  const file = resolve(dirname(header), written.file ?? header.replace(/\.(ya?ml|json)$/i, ""))
  const data = yield* openFile(file, rawFormat)
  const claim = {
    format: rawFormat,
    type: written.type,
    littleEndian,
    shape,
    order: [axes[0], axes[1], axes[2]] as const,
    stated: stated(written["voxel-size"]),
    start: written.skip ?? 0,
    packing: { kind: "none" } as const,
  }
  return yield* openRawVoxels(claim, { source: data, path: file, file }, refusal, undefined)
})
