import { Effect } from "effect"
import { type Box, boxShape, boxSize, type Triple } from "../image/brick.ts"
import type { OpenFile } from "./open-file.ts"
import type { TomogramUnreadable } from "./tomogram-errors.ts"
import type { VoxelArray } from "./volume-source.ts"
import { emptyVoxels, readType, type StoredType, storedBytes, storedIn } from "./voxel-type.ts"

/** Voxels that lie one after another in a file. */
export interface RawLayout {
  readonly source: OpenFile
  /** Where the first voxel lies [byte] */
  readonly start: number
  readonly type: StoredType
  readonly littleEndian: boolean
  /** Voxels along x, y and z */
  readonly shape: Triple
  /** Axes in the order in which they lie in the file, fastest first: 0 x, 1 y, 2 z */
  readonly order: Triple
}

/** Bytes that one read brings in at most, beyond a single row. */
const readBytes = 2 ** 20
/** Rows are read one by one where more than this would be read in vain between two of them [byte]. */
const gapBytes = 2 ** 16

/** What is wrong with whole numbers that are too large. */
export const beyondText = (type: StoredType): string => `a voxel of ${type} is beyond 2³¹; such numbers are not read`

/** The box along the axes of the file, fastest first. */
const inOrder = (box: Triple, order: Triple): Triple => [box[order[0]], box[order[1]], box[order[2]]]

/**
 * Reads a box; besides it, no more is held than a mebibyte or one row.
 * @param box inside the volume
 */
export const readRawBox = Effect.fnUntraced(function* (
  { source, start, type, littleEndian, shape, order }: RawLayout,
  box: Box,
): Effect.fn.Return<VoxelArray, TomogramUnreadable> {
  const size = storedBytes(type)
  const out = emptyVoxels(readType(type), boxSize(box))
  const edges = boxShape(box)
  const steps: Triple = [1, edges[0], edges[0] * edges[1]]
  const [fast, middle] = inOrder(shape, order)
  const from = inOrder(box.from, order)
  const to = inOrder(box.to, order)
  const [stepFast, stepMiddle, stepSlow] = inOrder(steps, order)
  const run = to[0] - from[0]
  const skipped = (fast - run) * size
  // Rows of one plane are read together, as many as fit.
  const together = skipped > gapBytes ? 1 : Math.max(1, Math.floor(readBytes / (fast * size)))
  for (let k = from[2]; k < to[2]; k++)
    for (let j = from[1]; j < to[1]; j += together) {
      const rows = Math.min(together, to[1] - j)
      const first = start + (from[0] + fast * (j + middle * k)) * size
      const bytes = yield* source.bytes(first, ((rows - 1) * fast + run) * size, "its voxels")
      const values = storedIn(type, bytes, littleEndian)
      if ("beyond" in values) return yield* source.refusal("unsupported", beyondText(type))
      const base = (k - from[2]) * stepSlow
      for (let row = 0; row < rows; row++) {
        const to0 = base + (j - from[1] + row) * stepMiddle
        const at = row * fast
        if (stepFast === 1) out.set(values.subarray(at, at + run), to0)
        else for (let i = 0; i < run; i++) out[to0 + i * stepFast] = values[at + i]
      }
    }
  return out
})
