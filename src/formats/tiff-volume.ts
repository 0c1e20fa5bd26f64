import { Effect, type Scope } from "effect"
import { type Box, boxSize, type Triple } from "../image/brick.ts"
import { type BoxOfValues, copySharedInto } from "./copy-box.ts"
import { type OpenFile, openFile } from "./open-file.ts"
import type { OpenedVolume } from "./opened-volume.ts"
import { readRawBox } from "./raw-box.ts"
import { readTiffBlock } from "./tiff-block.ts"
import { readTiffDirectory, readTiffHeader, type TiffDirectory, type TiffHeader } from "./tiff-directory.ts"
import { readTiffPage, readTiffPagePlaces, type TiffPage, uncompressed } from "./tiff-page.ts"
import type { TomogramUnreadable } from "./tomogram-errors.ts"
import { statedVoxelSize } from "./tomogram-metadata.ts"
import { checkShape } from "./volume-claim.ts"
import type { VoxelArray } from "./volume-source.ts"
import type { StatedVoxelSize } from "./voxel-size.ts"
import { emptyVoxels, voxelBytes } from "./voxel-type.ts"

const invert = (values: VoxelArray, white: number): void => {
  if (white > 0) for (let i = 0; i < values.length; i++) values[i] = white - values[i]
}

const rawPlanes = (source: OpenFile, page: TiffPage, depth: number) => ({
  source,
  start: page.contiguousFrom,
  type: page.type,
  littleEndian: page.littleEndian,
  shape: [page.width, page.height, depth] as Triple,
  order: [0, 1, 2] as Triple,
})

/** Reads one plane of a box into it, block by block where the rows do not lie one after another. */
export const readPageInto = Effect.fnUntraced(function* (
  source: OpenFile,
  page: TiffPage,
  z: number,
  out: BoxOfValues,
): Effect.fn.Return<void, TomogramUnreadable> {
  const plane: Box = { from: [out.from[0], out.from[1], z], to: [out.to[0], out.to[1], z + 1] }
  if (!Number.isNaN(page.contiguousFrom)) {
    const flat: Box = { from: [plane.from[0], plane.from[1], 0], to: [plane.to[0], plane.to[1], 1] }
    const values = yield* readRawBox(rawPlanes(source, page, 1), flat)
    invert(values, page.invertedFrom)
    copySharedInto({ ...plane, values }, out)
    return
  }
  const { width, rows } = page.block
  for (let row = Math.floor(out.from[1] / rows); row * rows < out.to[1]; row++)
    for (let column = Math.floor(out.from[0] / width); column * width < out.to[0]; column++) {
      const values = yield* readTiffBlock(source, page, row * page.blocksAcross + column)
      invert(values, page.invertedFrom)
      const from: Triple = [column * width, row * rows, z]
      copySharedInto({ from, to: [from[0] + width, from[1] + values.length / width, z + 1], values }, out)
    }
})

/** Voxel size and number of planes as the first page tells them. */
export interface TiffFacts {
  readonly stated: StatedVoxelSize
  /** Planes that ImageJ says to be there */
  readonly planes: number
  /** Why the pages are no planes of one volume, "" where they may be */
  readonly trouble: string
}

export const readTiffFacts = Effect.fnUntraced(function* (
  directory: TiffDirectory,
): Effect.fn.Return<TiffFacts, TomogramUnreadable> {
  const description = yield* directory.text(270)
  const [x = Number.NaN] = yield* directory.values(282)
  const [y = Number.NaN] = yield* directory.values(283)
  const field = (name: string): number => Number(new RegExp(`(?:^|\\n)${name}=(\\d+)`).exec(description)?.[1] ?? 1)
  const isImageJ = description.startsWith("ImageJ=")
  const pixels = /<(?:\w+:)?Pixels\b[^>]*>/.exec(description)?.[0] ?? ""
  const many = isImageJ
    ? ["channels", "frames"].filter((name) => field(name) > 1).map((name) => `${field(name)} ${name}`)
    : ["SizeC", "SizeT"].flatMap((name) => {
        const count = Number(new RegExp(`\\b${name}="(\\d+)"`).exec(pixels)?.[1] ?? 1)
        return count > 1 ? [`${name} ${count}`] : []
      })
  return {
    stated: statedVoxelSize({
      description,
      xResolution: x,
      yResolution: y,
      resolutionUnit: directory.number(296, 2),
    }),
    planes: isImageJ ? field("images") : 1,
    trouble: many.length === 0 ? "" : `it holds ${many.join(" and ")}; a volume has one of each`,
  }
})

const readPageAt = Effect.fnUntraced(function* (source: OpenFile, header: TiffHeader, at: number, number: number) {
  const directory = yield* readTiffDirectory(source, header, at, number)
  return yield* readTiffPage(source, header, directory, number)
})

/** Fails where a page is no plane of the volume that the first one began. */
export const checkAlike = (
  source: OpenFile,
  first: TiffPage,
  page: TiffPage,
  name: string,
): Effect.Effect<void, TomogramUnreadable> => {
  const text = ({ width, height, type, invertedFrom }: TiffPage): string =>
    `${width} × ${height} pixels of ${type}${invertedFrom > 0 ? ", white stored as 0" : ""}`
  return text(page) === text(first)
    ? Effect.void
    : Effect.fail(source.refusal("unsupported", `${name} has ${text(page)}, the first one ${text(first)}`))
}

/** Planes of ImageJ's large files: one page, all others after its pixels without directories. */
const openPlain = Effect.fnUntraced(function* (
  source: OpenFile,
  format: string,
  page: TiffPage,
  { planes, stated }: TiffFacts,
): Effect.fn.Return<OpenedVolume, TomogramUnreadable> {
  if (Number.isNaN(page.contiguousFrom)) {
    const compressed = page.compression === uncompressed ? "in pieces" : "compressed"
    return yield* source.refusal("damaged", `ImageJ says ${planes} planes, but there is one page, ${compressed}`)
  }
  const shape: Triple = [page.width, page.height, planes]
  yield* checkShape(source.refusal, shape)
  const end = page.contiguousFrom + page.width * page.height * planes * voxelBytes(page.type)
  if (end > source.size) {
    return yield* source.refusal("truncated", `the file ends at byte ${source.size}, its ${planes} planes at ${end}`)
  }
  const layout = rawPlanes(source, page, planes)
  return {
    format,
    shape,
    voxelType: page.type,
    chunk: [page.width, Math.min(page.height, page.block.rows), 1],
    stated,
    read: (box) =>
      Effect.map(readRawBox(layout, box), (values) => {
        invert(values, page.invertedFrom)
        return values
      }),
  }
})

/**
 * Opens a TIFF file of one page or many, 8 to 32 bits, integer or real, as one volume: a page a plane. All directories
 * are walked and checked, and none is kept. (geotiff allocates what a directory claims, and walks directories that point at
 * each other without end; it unpacks JPEG here and nothing else.)
 */
export const openTiff = Effect.fn("openTiff")(function* (
  file: string,
): Effect.fn.Return<OpenedVolume, TomogramUnreadable, Scope.Scope> {
  const format = "TIFF stack"
  const source = yield* openFile(file, format)
  const header = yield* readTiffHeader(source)
  const places = yield* readTiffPagePlaces(source, header)
  const head = yield* readTiffDirectory(source, header, places[0], 0)
  const facts = yield* readTiffFacts(head)
  if (facts.trouble !== "") return yield* source.refusal("unsupported", facts.trouble)
  const first = yield* readTiffPage(source, header, head, 0)
  if (places.length === 1 && facts.planes > 1) return yield* openPlain(source, format, first, facts)
  const shape: Triple = [first.width, first.height, places.length]
  yield* checkShape(source.refusal, shape)
  // Pages whose rows lie together need no second look at their directory.
  const contiguous = new Float64Array(places.length).fill(first.contiguousFrom)
  for (const [number, place] of places.entries()) {
    if (number === 0) continue
    const page = yield* readPageAt(source, header, place, number)
    yield* checkAlike(source, first, page, `page ${number}`)
    contiguous[number] = page.contiguousFrom
  }
  return {
    format,
    shape,
    voxelType: first.type,
    chunk: [Math.min(first.width, first.block.width), Math.min(first.height, first.block.rows), 1],
    stated: facts.stated,
    read: Effect.fnUntraced(function* (box: Box) {
      const out = { ...box, values: emptyVoxels(first.type, boxSize(box)) }
      for (let z = box.from[2]; z < box.to[2]; z++) {
        const page = Number.isNaN(contiguous[z])
          ? yield* readPageAt(source, header, places[z], z)
          : { ...first, contiguousFrom: contiguous[z] }
        yield* readPageInto(source, page, z, out)
      }
      return out.values
    }),
  }
})
