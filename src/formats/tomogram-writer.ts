import { Effect } from "effect"
import { tiffLayout } from "./tiff-layout.ts"
import type { TomogramUnwritable } from "./tomogram-errors.ts"
import { assertPromised, littleEndianBytes, planeSlabs, type VolumeToWrite } from "./volume-to-write.ts"
import { voxelTypeOf } from "./voxel-type.ts"
import { slabBytes, writeInPieces } from "./written-file.ts"

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

/** An uncompressed TIFF file in memory, one strip a page, with ImageJ's metadata for the voxel size. */
export const encodedTiff = ({ width, height, pixel, planes }: TiffStack): Uint8Array<ArrayBuffer> => {
  if (planes.length === 0) throw new RangeError("a TIFF file needs at least one plane")
  for (const plane of planes) {
    if (plane.length !== width * height)
      throw new RangeError(`plane has ${plane.length} pixels, not ${width} × ${height}`)
  }
  const grid = { shape: [width, height, planes.length], spacing: [pixel, pixel, pixel] } as const
  const layout = tiffLayout(grid, voxelTypeOf(planes[0]))
  const out = new Uint8Array(layout.total)
  out.set(layout.head)
  let at = layout.head.length
  for (const [page, plane] of planes.entries()) {
    const directory = layout.directory(page)
    out.set(directory, at)
    out.set(littleEndianBytes(plane), at + directory.length)
    at += directory.length + layout.planeBytes + (layout.planeBytes % 2)
  }
  return out
}

/** Writes planes as a TIFF file that ImageJ (and `readTomogramSlice`) opens with its scale. */
export const writeTiff = Effect.fn("writeTiff")(function* (
  file: string,
  stack: TiffStack,
): Effect.fn.Return<void, TomogramUnwritable> {
  const bytes = encodedTiff(stack)
  yield* writeInPieces(file, (append) => append(bytes))
})

/**
 * Writes a volume as a TIFF stack that ImageJ opens with its scale, a slab of planes at a time: 32 MiB, or one plane.
 * Files of 4 GiB and more have 64-bit offsets (BigTIFF). Gray values and labels alike.
 */
export const writeTiffStack = Effect.fn("writeTiffStack")(function* <E>(
  file: string,
  volume: VolumeToWrite<E>,
): Effect.fn.Return<void, E | TomogramUnwritable> {
  const layout = tiffLayout(volume, volume.voxelType)
  const padding = new Uint8Array(layout.planeBytes % 2)
  const [nx, ny] = volume.shape
  yield* writeInPieces<E | TomogramUnwritable>(
    file,
    Effect.fnUntraced(function* (append) {
      yield* append(layout.head)
      for (const slab of planeSlabs(volume, layout.planeBytes, slabBytes)) {
        const values = yield* volume.read(slab)
        assertPromised(volume, slab, values)
        for (let z = slab.from[2]; z < slab.to[2]; z++) {
          const first = nx * ny * (z - slab.from[2])
          yield* append(layout.directory(z))
          yield* append(littleEndianBytes(values.subarray(first, first + nx * ny)))
          if (padding.length > 0) yield* append(padding)
        }
      }
    }),
  )
})
