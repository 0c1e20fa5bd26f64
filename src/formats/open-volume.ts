import { open, stat } from "node:fs/promises"
import { Effect, type Scope } from "effect"
import type { Triple } from "../image/brick.ts"
import { assertInside } from "./copy-box.ts"
import { reasonOf, refusalOf } from "./open-file.ts"
import type { OpenedVolume } from "./opened-volume.ts"
import { openTiff } from "./tiff-volume.ts"
import type { TomogramUnreadable, VoxelSizeMissing } from "./tomogram-errors.ts"
import type { VolumeSource } from "./volume-source.ts"
import { voxelSizeOf } from "./voxel-size.ts"

/** What a file does not say about its volume. */
export interface VolumeOptions {
  /** One edge of cubic voxels or those along x, y and z; stands above what the file states [m] */
  readonly voxelSize?: number | Triple
}

/** Bytes at the start of a file by which its format is known. */
const startBytes = 1024

interface Start {
  readonly bytes: Buffer
  readonly size: number
}

const startOf = (file: string): Effect.Effect<Start | "folder", TomogramUnreadable> =>
  Effect.tryPromise({
    try: async () => {
      const facts = await stat(file)
      if (facts.isDirectory()) return "folder" as const
      if (!facts.isFile()) throw new Error("it is neither a file nor a folder")
      const handle = await open(file, "r")
      try {
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(startBytes), 0, startBytes, 0)
        return { bytes: buffer.subarray(0, bytesRead), size: facts.size }
      } finally {
        await handle.close()
      }
    },
    catch: (cause) => refusalOf(file, "")("missing", reasonOf(cause)),
  })

const isTiff = ({ bytes }: Start): boolean => /^(49492[ab]00|4d4d002[ab])/.test(bytes.toString("hex", 0, 4))

/** The start of a file as a user may know it again. */
const described = ({ bytes, size }: Start): string => {
  if (size === 0) return "the file is empty"
  const start = bytes.subarray(0, 16)
  const text = /^[\x20-\x7e\s]+$/.test(start.toString("latin1"))
    ? `with the text ${JSON.stringify(start.toString("latin1"))}`
    : `with the bytes ${start.toString("hex")}`
  return `it begins ${text}, like no volume that is read: TIFF`
}

/** Opens a file as what its first bytes say it is, whatever its name. */
export const openUnscaled = Effect.fn("openUnscaled")(function* (
  file: string,
): Effect.fn.Return<OpenedVolume, TomogramUnreadable, Scope.Scope> {
  const start = yield* startOf(file)
  const refusal = refusalOf(file, "")
  if (start === "folder") return yield* refusal("unknown format", "it is a folder")
  if (isTiff(start)) return yield* openTiff(file)
  return yield* refusal("unknown format", described(start))
})

/**
 * Opens a volume until the scope ends; its format is known by its content. What it claims is checked against what is
 * there before anything is allocated for it. The voxel size comes from the options or else from the file's metadata; it
 * is never guessed.
 * @throws where a given voxel size is no length
 */
export const openVolume = Effect.fn("openVolume")(function* (
  file: string,
  options: VolumeOptions = {},
): Effect.fn.Return<VolumeSource, TomogramUnreadable | VoxelSizeMissing, Scope.Scope> {
  const { stated, shape, read, ...facts } = yield* openUnscaled(file)
  const { spacing, from } = yield* voxelSizeOf(file, stated, shape, options.voxelSize)
  return {
    ...facts,
    file,
    shape,
    spacing,
    voxelSizeFrom: from,
    read: (box) => {
      assertInside(shape, box)
      return read(box)
    },
  }
})
