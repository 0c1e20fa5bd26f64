import { Effect } from "effect"
import { type GrayRange, grayRange, rangedGray } from "../image/star/gray-range.ts"
import type { StarPrediction } from "../image/star/labels.ts"
import { assertFills, type Volume } from "../image/volume.ts"
import type { ModelFailed, ModelInputMismatch, ModelUnsuitable } from "./errors.ts"
import type { StarModel } from "./star-model.ts"

/** Edge of the parts of an image that go through a network at a time, beside what they must see around them [pixel] */
export const defaultTile = 1024

/** An image continued by its mirror image below and to the right, to whole steps. */
const continued = (values: Float32Array, width: number, height: number, wide: number, high: number): Float32Array => {
  const mirrored = (at: number, count: number): number => {
    const within = at % (2 * count)
    return within < count ? within : 2 * count - 1 - within
  }
  const out = new Float32Array(wide * high)
  for (let y = 0; y < high; y++) {
    const row = width * mirrored(y, height)
    for (let x = 0; x < wide; x++) out[x + wide * y] = values[row + mirrored(x, width)]
  }
  return out
}

/** Parts of a stretch, each with what is looked at for it: as far around as an answer sees. */
const partsOf = (length: number, tile: number, around: number) =>
  Array.from({ length: Math.ceil(length / tile) }, (_, k) => {
    const [from, end] = [k * tile, Math.min(length, (k + 1) * tile)]
    return { from, end, seenFrom: Math.max(0, from - around), seenEnd: Math.min(length, end + around) }
  })

/**
 * What a network says of a plane image, part by part; the same for any size of the parts, since each is looked at with
 * all that its answers can see.
 * @param gray as stored; finite
 * @param tile edge of a part, rounded up to whole steps of the network [pixel]
 * @param range of the gray values; that of the image itself unless told
 */
export const predictStars = Effect.fn("predictStars")(function* (
  model: StarModel,
  gray: Volume,
  tile: number = defaultTile,
  range: GrayRange = grayRange(gray.values),
): Effect.fn.Return<StarPrediction, ModelInputMismatch | ModelFailed | ModelUnsuitable> {
  assertFills("gray", gray, gray.values)
  const [width, height] = gray.shape
  const { sizeStep, sight, step, offset, rayCount } = model
  const whole = (length: number): number => Math.ceil(length / sizeStep) * sizeStep
  const [wide, high] = [whole(width), whole(height)]
  const image = continued(rangedGray(gray.values, range), width, height, wide, high)
  const [columns, rows] = [Math.ceil(width / step), Math.ceil(height / step)]
  const probability = new Float32Array(columns * rows)
  const distances = new Float32Array(columns * rows * rayCount)
  for (const down of partsOf(high, whole(tile), whole(sight)))
    for (const across of partsOf(wide, whole(tile), whole(sight))) {
      const [w, h] = [across.seenEnd - across.seenFrom, down.seenEnd - down.seenFrom]
      const window = new Float32Array(w * h)
      for (let y = 0; y < h; y++) {
        const from = across.seenFrom + wide * (down.seenFrom + y)
        window.set(image.subarray(from, from + w), w * y)
      }
      const found = yield* model.run(window, h, w)
      const first = across.from / step
      const count = Math.min(columns, across.end / step) - first
      for (let row = down.from / step; row < Math.min(rows, down.end / step); row++) {
        const from = first - across.seenFrom / step + found.width * (row - down.seenFrom / step)
        const to = first + columns * row
        probability.set(found.probability.subarray(from, from + count), to)
        distances.set(found.distances.subarray(from * rayCount, (from + count) * rayCount), to * rayCount)
      }
    }
  return { step, offset, width: columns, height: rows, rayCount, probability, distances }
})
