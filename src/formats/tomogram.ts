import { open } from "node:fs/promises"
import { Effect } from "effect"
import { fromFile, type GeoTIFF, type GeoTIFFImage } from "geotiff"
import { type Labels, planeGrid, type Volume } from "../image/volume.ts"
import { SliceOutOfRange, TomogramUnreadable, VoxelSizeMissing } from "./tomogram-errors.ts"
import { type StatedVoxelSize, statedVoxelSize } from "./tomogram-metadata.ts"

/** One plane of a tomogram in memory. */
export interface TomogramSlice {
  /** Gray values as stored; depth 1. Row 0 is the first row of the file. */
  readonly image: Volume
  /** Which plane this is, from 0, and how many there are */
  readonly slice: number
  readonly slices: number
  readonly voxelSizeFrom: "given" | "ImageJ" | "OME"
}

/** Which part of a tomogram is read, and its scale where the file does not state it. */
export interface SliceOptions {
  /** Edge of a voxel, stands above what the file states [m] */
  readonly voxelSize?: number
  /** Plane of a stack, from 0 */
  readonly slice?: number
}

const magic = ["49492a00", "4d4d002a", "49492b00", "4d4d002b"]

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/** Size of a file that begins like a TIFF. */
const checkedSize = (file: string) =>
  Effect.tryPromise({
    try: async () => {
      const handle = await open(file, "r")
      try {
        const { size } = await handle.stat()
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0)
        return { size, start: buffer.subarray(0, bytesRead).toString("hex") }
      } finally {
        await handle.close()
      }
    },
    catch: (cause) => new TomogramUnreadable({ file, trouble: "missing", reason: reasonOf(cause) }),
  }).pipe(
    Effect.flatMap(({ size, start }) =>
      magic.includes(start)
        ? Effect.succeed(size)
        : Effect.fail(
            new TomogramUnreadable({
              file,
              trouble: "not a TIFF",
              reason: size === 0 ? "the file is empty" : `it does not begin like a TIFF file (bytes ${start})`,
            }),
          ),
    ),
  )

/** Closes the file whatever happens. */
const opened = (file: string) =>
  Effect.acquireRelease(
    Effect.tryPromise({
      try: () => fromFile(file),
      catch: (cause) => new TomogramUnreadable({ file, trouble: "truncated", reason: reasonOf(cause) }),
    }),
    (tiff: GeoTIFF) => Effect.promise(async () => void (await tiff.close())),
  )

type Tag = string | number | ArrayLike<number> | undefined
const numberOf = (tag: Tag): number => {
  if (typeof tag === "number") return tag
  if (typeof tag === "string" || tag === undefined) return Number.NaN
  // A rational is a pair.
  return tag.length === 2 ? tag[0] / tag[1] : tag[0]
}

/** Reads a tag that may lie elsewhere in the file. */
const tagOf = async (page: GeoTIFFImage, tag: number): Promise<Tag> =>
  page.fileDirectory.hasTag(tag) ? ((await page.fileDirectory.loadValue(tag)) as Tag) : undefined

interface PageFacts {
  readonly stated: StatedVoxelSize
  readonly samples: number
  /** Bytes that the page's data would reach to */
  readonly reach: number
  /** Largest value where white is stored as zero, 0 elsewhere */
  readonly invertedFrom: number
  /** Planes that ImageJ says to be there */
  readonly planes: number
}

const factsOf = async (page: GeoTIFFImage): Promise<PageFacts> => {
  const description = String((await tagOf(page, 270)) ?? "")
  const [x, y, unit] = [await tagOf(page, 282), await tagOf(page, 283), await tagOf(page, 296)]
  const starts = (await tagOf(page, page.isTiled ? 324 : 273)) ?? []
  const lengths = (await tagOf(page, page.isTiled ? 325 : 279)) ?? []
  const start = typeof starts === "number" ? [starts] : Array.from(starts as ArrayLike<number>)
  const length = typeof lengths === "number" ? [lengths] : Array.from(lengths as ArrayLike<number>)
  const white = (await tagOf(page, 262)) === 0 && page.getSampleFormat() === 1
  return {
    stated: statedVoxelSize({
      description,
      xResolution: numberOf(x),
      yResolution: numberOf(y),
      resolutionUnit: unit === undefined ? 2 : numberOf(unit),
    }),
    samples: page.getSamplesPerPixel(),
    reach: start.reduce((most, at, k) => Math.max(most, Number(at) + Number(length[k])), 0),
    invertedFrom: white ? 2 ** page.getBitsPerSample() - 1 : 0,
    planes: Number(/(?:^|\n)images=(\d+)/.exec(description)?.[1] ?? 1),
  }
}

interface Page {
  readonly width: number
  readonly height: number
  readonly values: ArrayLike<number>
  readonly stated: StatedVoxelSize
  readonly slice: number
  readonly slices: number
}

/** Reads one page of one sample a pixel, 8 to 32 bits, any compression geotiff knows. */
const pageOf = Effect.fn("pageOf")(function* (file: string, slice: number) {
  const size = yield* checkedSize(file)
  const tiff = yield* opened(file)
  const attempt = <A>(trouble: TomogramUnreadable["trouble"], work: () => Promise<A>) =>
    Effect.tryPromise({
      try: work,
      catch: (cause) => new TomogramUnreadable({ file, trouble, reason: reasonOf(cause) }),
    })
  const slices = yield* attempt("truncated", () => tiff.getImageCount())
  const first = yield* attempt("truncated", () => tiff.getImage(0))
  const head = yield* attempt("truncated", () => factsOf(first))
  if (slices === 1 && head.planes > 1) {
    return yield* new TomogramUnreadable({
      file,
      trouble: "unsupported",
      reason: `ImageJ has stored its ${head.planes} planes in one page (files above 4 GB): save them as BigTIFF`,
    })
  }
  if (!(Number.isInteger(slice) && slice >= 0 && slice < slices)) {
    return yield* new SliceOutOfRange({ file, slice, slices })
  }
  const page = slice === 0 ? first : yield* attempt("truncated", () => tiff.getImage(slice))
  const facts = slice === 0 ? head : yield* attempt("truncated", () => factsOf(page))
  if (!(page.getWidth() > 0 && page.getHeight() > 0 && facts.reach > 0)) {
    return yield* new TomogramUnreadable({ file, trouble: "truncated", reason: "there is no image in the file" })
  }
  if (facts.samples !== 1) {
    return yield* new TomogramUnreadable({
      file,
      trouble: "unsupported",
      reason: `a pixel has ${facts.samples} samples; a gray image has one`,
    })
  }
  if (facts.reach > size) {
    return yield* new TomogramUnreadable({
      file,
      trouble: "truncated",
      reason: `the file ends at byte ${size}, its image at byte ${facts.reach}`,
    })
  }
  const raw = yield* attempt("unsupported", () => page.readRasters({ interleave: true }))
  const values = raw as unknown as Float64Array
  if (facts.invertedFrom > 0) for (let i = 0; i < values.length; i++) values[i] = facts.invertedFrom - values[i]
  const out: Page = {
    width: page.getWidth(),
    height: page.getHeight(),
    values,
    stated: head.stated,
    slice,
    slices,
  }
  return out
}, Effect.scoped)

const voxelSizeOf = (file: string, page: Page, given: number | undefined) =>
  given !== undefined
    ? Effect.succeed({ spacing: [given, given, given] as const, from: "given" as const })
    : page.stated.kind === "stated"
      ? Effect.succeed({ spacing: page.stated.spacing, from: page.stated.by })
      : Effect.fail(new VoxelSizeMissing({ file, found: page.stated.found }))

/**
 * Reads one plane of a TIFF tomogram (8, 16 or 32 bits, integer or real, one page or many). The voxel size comes from
 * the options or else from ImageJ or OME metadata; it is never guessed.
 */
export const readTomogramSlice = Effect.fn("readTomogramSlice")(function* (file: string, options: SliceOptions = {}) {
  const page = yield* pageOf(file, options.slice ?? 0)
  const { spacing, from } = yield* voxelSizeOf(file, page, options.voxelSize)
  const slice: TomogramSlice = {
    image: { shape: [page.width, page.height, 1], spacing, values: Float32Array.from(page.values) },
    slice: page.slice,
    slices: page.slices,
    voxelSizeFrom: from,
  }
  return slice
})

/** Reads one plane of a label image: whole numbers, 0 background. */
export const readLabelSlice = Effect.fn("readLabelSlice")(function* (file: string, options: SliceOptions = {}) {
  const page = yield* pageOf(file, options.slice ?? 0)
  const { spacing } = yield* voxelSizeOf(file, page, options.voxelSize)
  const values = new Int32Array(page.width * page.height)
  let count = 0
  for (let i = 0; i < values.length; i++) {
    const label = page.values[i]
    if (!(Number.isInteger(label) && label >= 0 && label < 2 ** 31)) {
      return yield* new TomogramUnreadable({
        file,
        trouble: "unsupported",
        reason: `pixel (${i % page.width}, ${Math.floor(i / page.width)}) is ${label}; labels are whole numbers from 0`,
      })
    }
    values[i] = label
    count = Math.max(count, label)
  }
  const labels: Labels = { ...planeGrid(page.width, page.height, spacing[0]), values, count }
  return labels
})
