import { Effect } from "effect"
import { type Labels, planeGrid, type Volume } from "../image/volume.ts"
import { openUnscaled } from "./open-volume.ts"
import type { OpenedVolume } from "./opened-volume.ts"
import { SliceOutOfRange, TomogramUnreadable } from "./tomogram-errors.ts"
import { voxelSizeOf } from "./voxel-size.ts"

/** One plane of a tomogram in memory. */
export interface TomogramSlice {
  /** Gray values as stored; depth 1. Row 0 is the first row of the file. */
  readonly image: Volume
  /** Which plane this is, from 0, and how many there are */
  readonly slice: number
  readonly slices: number
  /** "given" or the name of the metadata */
  readonly voxelSizeFrom: string
}

/** Which part of a tomogram is read, and its scale where the file does not state it. */
export interface SliceOptions {
  /** Edge of a voxel, stands above what the file states [m] */
  readonly voxelSize?: number
  /** Plane of a stack, from 0 */
  readonly slice?: number
}

const planeOf = Effect.fn("planeOf")(function* (file: string, options: SliceOptions) {
  const volume: OpenedVolume = yield* openUnscaled(file)
  const slice = options.slice ?? 0
  const [width, height, slices] = volume.shape
  if (!(Number.isInteger(slice) && slice >= 0 && slice < slices)) {
    return yield* new SliceOutOfRange({ file, slice, slices })
  }
  // How far planes lie apart does not matter within one.
  const { spacing, from } = yield* voxelSizeOf(file, volume.stated, [width, height, 1], options.voxelSize)
  const values = yield* volume.read({ from: [0, 0, slice], to: [width, height, slice + 1] })
  return { width, height, slice, slices, spacing, from, values }
}, Effect.scoped)

/**
 * Reads one plane of a tomogram in any format of `openVolume`. The voxel size comes from the options or else from the
 * file's metadata; it is never guessed.
 */
export const readTomogramSlice = Effect.fn("readTomogramSlice")(function* (file: string, options: SliceOptions = {}) {
  const { width, height, slice, slices, spacing, from, values } = yield* planeOf(file, options)
  const read: TomogramSlice = {
    image: { shape: [width, height, 1], spacing, values: Float32Array.from(values) },
    slice,
    slices,
    voxelSizeFrom: from,
  }
  return read
})

/** Reads one plane of a label image: whole numbers, 0 background. */
export const readLabelSlice = Effect.fn("readLabelSlice")(function* (file: string, options: SliceOptions = {}) {
  const plane = yield* planeOf(file, options)
  const values = new Int32Array(plane.width * plane.height)
  let count = 0
  for (let i = 0; i < values.length; i++) {
    const label = plane.values[i]
    if (!(Number.isInteger(label) && label >= 0 && label < 2 ** 31)) {
      return yield* new TomogramUnreadable({
        file,
        trouble: "unsupported",
        reason: `pixel (${i % plane.width}, ${Math.floor(i / plane.width)}) is ${label}; labels are whole numbers from 0`,
      })
    }
    values[i] = label
    count = Math.max(count, label)
  }
  const labels: Labels = { ...planeGrid(plane.width, plane.height, plane.spacing[0]), values, count }
  return labels
})
