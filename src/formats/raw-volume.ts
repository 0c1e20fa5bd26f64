import { Effect, type Scope } from "effect"
import type { Box, Triple } from "../image/brick.ts"
import type { OpenFile, Refusal } from "./open-file.ts"
import type { OpenedVolume } from "./opened-volume.ts"
import { readRawBox } from "./raw-box.ts"
import type { TomogramUnreadable } from "./tomogram-errors.ts"
import { openUnpacked } from "./unpacked-file.ts"
import { checkShape } from "./volume-claim.ts"
import type { VoxelArray } from "./volume-source.ts"
import type { StatedVoxelSize } from "./voxel-size.ts"
import { readType, type StoredType, storedBytes, type VoxelType } from "./voxel-type.ts"

/** What the header of a format says about voxels that lie one after another. */
export interface RawClaim {
  readonly format: string
  readonly type: StoredType
  readonly littleEndian: boolean
  /** Voxels along x, y and z */
  readonly shape: Triple
  /** Axes in the order of the file, fastest first: 0 x, 1 y, 2 z */
  readonly order: Triple
  readonly stated: StatedVoxelSize
  /** Where the voxels, or the stream that they are packed in, start; counted from the end where it is "end" [byte] */
  readonly start: number | "end"
  readonly packing: RawPacking
}

/** Voxels as they are, or one stream of gzip or zlib with some bytes before the voxels in it. */
export type RawPacking = { readonly kind: "none" } | { readonly kind: "stream"; readonly skip: number }

/** Bytes that voxels of a claim take. */
export const claimedBytes = ({ type, shape }: Pick<RawClaim, "type" | "shape">): number =>
  shape[0] * shape[1] * shape[2] * storedBytes(type)

/** How values are to be taken that a file stores as value × slope + offset. */
export interface Scaling {
  readonly slope: number
  readonly offset: number
}

/** The file that holds the voxels. */
export interface RawData {
  readonly source: OpenFile
  readonly path: string
  /** For messages */
  readonly file: string
}

const located = Effect.fnUntraced(function* (
  claim: RawClaim,
  { source, path, file }: RawData,
  refusal: Refusal,
  scratch: string | undefined,
): Effect.fn.Return<{ readonly source: OpenFile; readonly start: number }, TomogramUnreadable, Scope.Scope> {
  const length = claimedBytes(claim)
  const { format, packing } = claim
  if (packing.kind === "none") {
    const start = claim.start === "end" ? source.size - length : claim.start
    if (!(start >= 0 && start + length <= source.size)) {
      const claims = `its ${claim.shape.join(" × ")} voxels of ${claim.type} take ${length} bytes`
      return yield* refusal("truncated", `${claims} from byte ${Math.max(0, start)} on; ${file} has ${source.size}`)
    }
    return { source, start }
  }
  const from = claim.start === "end" ? 0 : claim.start
  if (!(from >= 0 && from < source.size)) return yield* refusal("truncated", `there is nothing from byte ${from} on`)
  const stream = { path, file, format, from, to: source.size, length: packing.skip + length }
  return { source: yield* openUnpacked(stream, refusal, scratch), start: packing.skip }
})

const scaledType = (type: StoredType): VoxelType => (storedBytes(type) <= 2 ? "float32" : "float64")

/**
 * A volume whose voxels lie one after another, once it is known that they are all there. Headers of such formats are read
 * here: libraries for them (itk-wasm, nifti-reader-js) hold the whole file in memory, and drop units.
 */
export const openRawVoxels = Effect.fnUntraced(function* (
  claim: RawClaim,
  data: RawData,
  refusal: Refusal,
  scratch: string | undefined,
  scaling: Scaling = { slope: 1, offset: 0 },
): Effect.fn.Return<OpenedVolume, TomogramUnreadable, Scope.Scope> {
  yield* checkShape(refusal, claim.shape)
  const { source, start } = yield* located(claim, data, refusal, scratch)
  const { type, littleEndian, shape, order, format, stated } = claim
  const layout = { source, start, type, littleEndian, shape, order }
  const chunk: [number, number, number] = [1, 1, 1]
  chunk[order[0]] = shape[order[0]]
  const opened = { format, shape, chunk, stated }
  const { slope, offset } = scaling
  if (slope === 1 && offset === 0) {
    return { ...opened, voxelType: readType(type), read: (box) => readRawBox(layout, box) }
  }
  const scaled = (values: VoxelArray): VoxelArray => {
    const out = scaledType(type) === "float32" ? new Float32Array(values.length) : new Float64Array(values.length)
    for (let i = 0; i < out.length; i++) out[i] = slope * values[i] + offset
    return out
  }
  return {
    ...opened,
    voxelType: scaledType(type),
    read: (box: Box) => Effect.map(readRawBox(layout, box), scaled),
  }
})
