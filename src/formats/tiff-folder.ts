import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { Effect } from "effect"
import { type Box, boxSize, type Triple } from "../image/brick.ts"
import { type OpenFile, openFile, reasonOf, refusalOf } from "./open-file.ts"
import type { OpenedVolume } from "./opened-volume.ts"
import { beginsLikeTiff, readTiffDirectory, readTiffHeader } from "./tiff-directory.ts"
import { readTiffPage, readTiffPagePlaces, type TiffPage } from "./tiff-page.ts"
import { checkAlike, readPageInto, readTiffFacts, type TiffFacts } from "./tiff-volume.ts"
import type { TomogramUnreadable } from "./tomogram-errors.ts"
import { checkShape } from "./volume-claim.ts"
import { emptyVoxels } from "./voxel-type.ts"

export const tiffFolderFormat = "folder of TIFF files"

/** slice_2 comes before slice_10. */
const natural = new Intl.Collator("en", { numeric: true, sensitivity: "base" })

interface Plane {
  readonly source: OpenFile
  readonly page: TiffPage
  readonly facts: TiffFacts
}

/** The only page of a file. */
const planeOf = Effect.fnUntraced(function* (folder: string, name: string) {
  const source = yield* openFile(join(folder, name), tiffFolderFormat)
  const start = yield* source.bytes(0, Math.min(4, source.size), "its header")
  if (!beginsLikeTiff(start)) {
    const found = source.size === 0 ? "is empty" : `begins with the bytes ${Buffer.from(start).toString("hex")}`
    return yield* source.refusal("unknown format", `it ${found}, like no TIFF file`)
  }
  const header = yield* readTiffHeader(source)
  const places = yield* readTiffPagePlaces(source, header)
  if (places.length > 1) {
    return yield* source.refusal("unsupported", `it has ${places.length} pages; those of a folder have one each`)
  }
  const directory = yield* readTiffDirectory(source, header, places[0], 0)
  const facts = yield* readTiffFacts(directory)
  const plane: Plane = { source, page: yield* readTiffPage(source, header, directory, 0), facts }
  return plane
})

/**
 * Opens a folder of TIFF files of one page each as one volume, a file a plane, in the natural order of their names. No
 * file is kept open.
 */
export const openTiffFolder = Effect.fn("openTiffFolder")(function* (
  folder: string,
): Effect.fn.Return<OpenedVolume, TomogramUnreadable> {
  const refusal = refusalOf(folder, "")
  const all = yield* Effect.tryPromise({
    try: () => readdir(folder),
    catch: (cause) => refusal("missing", reasonOf(cause)),
  })
  const names = all.filter((name) => /^[^.].*\.tiff?$/i.test(name)).sort(natural.compare)
  if (names.length === 0) {
    const found = all.length === 0 ? "nothing" : all.slice(0, 3).join(", ")
    return yield* refusal("unknown format", `it is a folder without TIFF files or Zarr metadata; in it: ${found}`)
  }
  const first = yield* Effect.scoped(planeOf(folder, names[0]))
  const { page, facts } = first
  if (facts.trouble !== "") return yield* first.source.refusal("unsupported", facts.trouble)
  const shape: Triple = [page.width, page.height, names.length]
  yield* checkShape(refusal, shape)
  for (const name of names.slice(1)) {
    yield* Effect.scoped(
      Effect.flatMap(planeOf(folder, name), (plane) => checkAlike(plane.source, page, plane.page, name)),
    )
  }
  return {
    format: tiffFolderFormat,
    shape,
    voxelType: page.type,
    chunk: [Math.min(page.width, page.block.width), Math.min(page.height, page.block.rows), 1],
    stated: facts.stated,
    read: Effect.fnUntraced(function* (box: Box) {
      const out = { ...box, values: emptyVoxels(page.type, boxSize(box)) }
      for (let z = box.from[2]; z < box.to[2]; z++) {
        yield* Effect.scoped(
          Effect.flatMap(planeOf(folder, names[z]), (plane) =>
            // It may have been written anew since.
            Effect.andThen(
              checkAlike(plane.source, page, plane.page, names[z]),
              readPageInto(plane.source, plane.page, z, out),
            ),
          ),
        )
      }
      return out.values
    }),
  }
})
