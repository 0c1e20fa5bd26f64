import { open, stat } from "node:fs/promises"
import { extname } from "node:path"
import { Effect, Option, type Scope } from "effect"
import type { Triple } from "../image/brick.ts"
import { assertInside } from "./copy-box.ts"
import { openHdf5 } from "./hdf5.ts"
import { openMetaImage } from "./metaimage.ts"
import { niftiDialect, niftiHeaderBytes, openNifti, unpackedStart } from "./nifti.ts"
import { openNrrd } from "./nrrd.ts"
import { isZarr, openZarr } from "./ome-zarr.ts"
import { reasonOf, refusalOf } from "./open-file.ts"
import type { OpenedVolume } from "./opened-volume.ts"
import { headerEndings, isRawHeader, openRawHeader } from "./raw-header.ts"
import { beginsLikeTiff } from "./tiff-directory.ts"
import { openTiffFolder } from "./tiff-folder.ts"
import { openTiff } from "./tiff-volume.ts"
import type { TomogramUnreadable, VoxelSizeMissing } from "./tomogram-errors.ts"
import type { VolumeSource } from "./volume-source.ts"
import { voxelSizeOf } from "./voxel-size.ts"

/** What a file does not say about its volume. */
export interface VolumeOptions {
  /** One edge of cubic voxels or those along x, y and z; stands above what the file states [m] */
  readonly voxelSize?: number | Triple
  /** Path of the volume inside of an HDF5 file or a Zarr folder; the usual one where absent */
  readonly dataset?: string
  /** Folder for the scratch file into which a packed volume is unpacked; the system's own where absent */
  readonly scratch?: string
}

const formats = "TIFF, HDF5, OME-Zarr, NRRD, MetaImage, NIfTI"

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

const isHdf5 = ({ bytes }: Start): boolean =>
  [0, 512].some((at) => bytes.toString("hex", at, at + 8) === "894844460d0a1a0a")

const isNrrd = ({ bytes }: Start): boolean => /^NRRD000\d/.test(bytes.toString("latin1", 0, 8))

const isMetaImage = ({ bytes }: Start): boolean =>
  /^\s*(ObjectType\s*=\s*Image|NDims\s*=\s*\d+)/i.test(bytes.toString("latin1"))

const isGzip = ({ bytes }: Start): boolean => bytes.length > 2 && bytes[0] === 0x1f && bytes[1] === 0x8b

/** The start of a file as a user may know it again. */
const described = ({ bytes, size }: Start): string => {
  if (size === 0) return "the file is empty"
  const start = bytes.subarray(0, 16)
  const text = /^[\x20-\x7e\s]+$/.test(start.toString("latin1"))
    ? `with the text ${JSON.stringify(start.toString("latin1"))}`
    : `with the bytes ${start.toString("hex")}`
  return `it begins ${text}, like no volume that is read (${formats}), and no header of a raw volume lies beside it`
}

/** Paths of headers that may say what a raw file holds. */
const headersOf = (file: string): readonly string[] => {
  const bare = file.slice(0, file.length - extname(file).length)
  return [file, bare].flatMap((name) => headerEndings.map((ending) => name + ending))
}

/** The first of them that is one. */
const headerBeside = Effect.fnUntraced(function* (file: string) {
  for (const path of headersOf(file)) {
    const start = yield* Effect.option(startOf(path))
    if (Option.isSome(start) && start.value !== "folder" && isRawHeader(start.value.bytes.toString())) return path
  }
  return undefined
})

/** Opens a file as what its first bytes say it is, whatever its name. */
export const openUnscaled = Effect.fn("openUnscaled")(function* (
  file: string,
  { scratch, dataset }: VolumeOptions = {},
): Effect.fn.Return<OpenedVolume, TomogramUnreadable, Scope.Scope> {
  const start = yield* startOf(file)
  const refusal = refusalOf(file, "")
  if (start === "folder") return yield* isZarr(file) ? openZarr(file, dataset) : openTiffFolder(file)
  if (beginsLikeTiff(start.bytes)) return yield* openTiff(file)
  if (isHdf5(start)) return yield* openHdf5(file, dataset)
  if (isNrrd(start)) return yield* openNrrd(file, scratch)
  if (isMetaImage(start)) return yield* openMetaImage(file, scratch)
  if (niftiDialect(start.bytes) !== undefined) return yield* openNifti(file, "none", scratch)
  if (isRawHeader(start.bytes.toString())) return yield* openRawHeader(file)
  const header = yield* headerBeside(file)
  if (header !== undefined) return yield* openRawHeader(header)
  if (isGzip(start)) {
    const inside = yield* Effect.promise(() => unpackedStart(file, niftiHeaderBytes))
    if (niftiDialect(inside) !== undefined) return yield* openNifti(file, "gzip", scratch)
    return yield* refusal("unknown format", "it is packed with gzip, and what comes out is no NIfTI volume")
  }
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
  const { stated, shape, read, ...facts } = yield* openUnscaled(file, options)
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
