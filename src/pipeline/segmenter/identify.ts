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

/** Loads the star-convex network of a file. */
export const openStarModel = Effect.fn("openStarModel")(function* (
  file: string,
  threads: number,
): Effect.fn.Return<StarModel, StarModelError, Inference | Scope.Scope> {
  if (file === shippedModel && !existsSync(file)) {
    const reason = "no network comes with this copy; train one with `synchrode train-segmenter` and give its file"
    return yield* new ModelUnreadable({ model: file, reason })
  }
  const bytes = yield* Effect.try({
    try: () => readFileSync(file),
    catch: (cause) =>
      new ModelUnreadable({ model: file, reason: systemReason(cause).reason.replace("directory", "file") }),
  })
  return yield* loadStarModel(file, bytes, threads)
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
  Effect.gen(function* () {
    const model = yield* openStarModel(file, threads)
    const [width, height] = gray.shape
    const pixel = networkPixel([gray.spacing[0], gray.spacing[1], gray.spacing[0]], model.pixel)
    const { size, section } = sectionImage([width, height], [gray.spacing[0], gray.spacing[1]], pixel)
    const values = resampled(new Float32Array(gray.values), [width, height], size)
    const shown = { ...planeGrid(size[0], size[1], pixel), values }
    const polygons = starPolygons(yield* predictStars(model, shown), settings)
    return scaledPolygons(polygons, section.scale)
  }).pipe(Effect.scoped, Effect.provide(InferenceLive))

/** A network in place of the watershed, its prediction made: what `segmentSlice` takes. @param gray finite */
export const networkIdentify = (
  gray: Volume,
  file: string,
  threads: number,
  settings: StarSettings = defaultStarSettings,
): Effect.Effect<Identify, StarModelError> =>
  Effect.map(networkPolygons(gray, file, threads, settings), (polygons) => identifiedBy(polygons, settings))
