import { existsSync, readFileSync } from "node:fs"
import { Effect, type Scope } from "effect"
import { defaultStarSettings, identifiedBy, type StarSettings, starPolygons } from "../../image/star/labels.ts"
import { type StarPolygons, scaledPolygons } from "../../image/star/polygons.ts"
import { resampled } from "../../image/star/resampled.ts"
import { networkPixel, sectionImage } from "../../image/star/sampling.ts"
import { type Identify, planeGrid, type Volume } from "../../image/volume.ts"
import { ModelUnreadable } from "../../inference/errors.ts"
import { type Inference, InferenceLive } from "../../inference/session.ts"
import { loadStarModel, type StarModel, type StarModelError } from "../../inference/star-model.ts"
import { predictStars } from "../../inference/star-prediction.ts"
import { systemReason } from "../../store/errors.ts"
import { shippedModel } from "../program.ts"

/** Bytes of a network's file. */
export const modelBytes = (file: string): Effect.Effect<Uint8Array, ModelUnreadable> =>
  Effect.try({
    try: () => readFileSync(file),
    catch: (cause) =>
      new ModelUnreadable({ model: file, reason: systemReason(cause).reason.replace("directory", "file") }),
  })

/** Loads the star-convex network of a file. */
export const openStarModel = Effect.fn("openStarModel")(function* (
  file: string,
  threads: number,
): Effect.fn.Return<StarModel, StarModelError, Inference | Scope.Scope> {
  if (file === shippedModel && !existsSync(file)) {
    const reason = "no network comes with this copy; train one with `synchrode train-segmenter` and give its file"
    return yield* new ModelUnreadable({ model: file, reason })
  }
  return yield* loadStarModel(file, yield* modelBytes(file), threads)
})

/** Pixels so many times as large as those that a network learnt from, or smaller, are doubted. */
const doubtful = [1 / 8, 4.5] as const

/** What is to be said where pixels are far from those that a network learnt from: often their size was mistaken. */
const pixelDoubts = (pixel: number, learnt: number | undefined): readonly string[] => {
  const ratio = pixel / (learnt ?? pixel)
  if (learnt === undefined || (ratio >= doubtful[0] && ratio <= doubtful[1])) return []
  const shown = (length: number): string => `${Number((length * 1e9).toPrecision(3))} nm`
  return [
    `pixels of ${shown(pixel)} are far from those of ${shown(learnt)} that the network learnt from: is the voxel size right?`,
  ]
}

const polygonsBy = Effect.fnUntraced(function* (model: StarModel, gray: Volume, settings: StarSettings) {
  const [width, height] = gray.shape
  const pixel = networkPixel([gray.spacing[0], gray.spacing[1], gray.spacing[0]], model.pixel)
  const { size, section } = sectionImage([width, height], [gray.spacing[0], gray.spacing[1]], pixel)
  const values = resampled(new Float32Array(gray.values), [width, height], size)
  const shown = { ...planeGrid(size[0], size[1], pixel), values }
  const polygons = starPolygons(yield* predictStars(model, shown), settings)
  return scaledPolygons(polygons, section.scale)
})

/**
 * Particles of a plane gray image as a network sees them, in pixels such as it learnt from (`networkPixel`).
 * @param gray finite
 */
export const networkPolygons = (
  gray: Volume,
  file: string,
  threads: number,
  settings: StarSettings = defaultStarSettings,
): Effect.Effect<StarPolygons, StarModelError> =>
  Effect.flatMap(openStarModel(file, threads), (model) => polygonsBy(model, gray, settings)).pipe(
    Effect.scoped,
    Effect.provide(InferenceLive),
  )

/** A network in place of the watershed, its prediction made: what `segmentSlice` takes. @param gray finite */
export const networkIdentify = (
  gray: Volume,
  file: string,
  threads: number,
  settings: StarSettings = defaultStarSettings,
): Effect.Effect<Identify, StarModelError> =>
  Effect.map(networkPolygons(gray, file, threads, settings), (polygons) => identifiedBy(polygons, settings))

/** A network's way of finding particles, and what is to be doubted of it. */
export interface DoubtedIdentify {
  readonly identify: Identify
  readonly doubts: readonly string[]
}

/** As `networkIdentify`, with a word where the pixels are far from what the network knows. @param gray finite */
export const doubtedIdentify = (
  gray: Volume,
  file: string,
  threads: number,
): Effect.Effect<DoubtedIdentify, StarModelError> =>
  Effect.gen(function* () {
    const model = yield* openStarModel(file, threads)
    const polygons = yield* polygonsBy(model, gray, defaultStarSettings)
    return { identify: identifiedBy(polygons, defaultStarSettings), doubts: pixelDoubts(gray.spacing[0], model.pixel) }
  }).pipe(Effect.scoped, Effect.provide(InferenceLive))
