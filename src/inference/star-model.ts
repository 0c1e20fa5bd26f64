import { Effect, type Scope } from "effect"
import { seededRandom } from "../array/random.ts"
import type { InferenceUnavailable, ModelFailed, ModelInputMismatch } from "./errors.ts"
import { ModelUnreadable, ModelUnsuitable } from "./errors.ts"
import { decodeModel, encodeModel, type OnnxModel } from "./onnx-model.ts"
import { answerNames, type StarNetworkFacts, starNetworkKey } from "./segmenter-model.ts"
import { Inference, type Model } from "./session.ts"
import type { Port, TensorValue } from "./tensor.ts"

/** Answers of a network for a window of an image. */
export interface StarWindow {
  /** Answers along x and y */
  readonly width: number
  readonly height: number
  /** [row, column] */
  readonly probability: Float32Array
  /** [row, column, ray] [pixel] */
  readonly distances: Float32Array
}

/** A star-convex network ready to run. */
export interface StarModel {
  readonly name: string
  readonly rayCount: number
  /** Windows begin at multiples of this and are multiples of it wide and high [pixel] */
  readonly sizeStep: number
  /** How far an answer sees [pixel] */
  readonly sight: number
  /** Pixels from answer to answer, and place of the first, 0 being the centre of the first pixel */
  readonly step: number
  readonly offset: number
  /** Edge of the pixels that it learnt from, where it says so [m] */
  readonly pixel?: number
  /** @param image [row, column], the range's ends at zero and one */
  readonly run: (
    image: Float32Array,
    height: number,
    width: number,
  ) => Effect.Effect<StarWindow, ModelInputMismatch | ModelFailed | ModelUnsuitable>
}

/** Why a star-convex network cannot be loaded or run. */
export type StarModelError = InferenceUnavailable | ModelUnreadable | ModelUnsuitable | ModelInputMismatch | ModelFailed

/** Sizes of windows for networks that say nothing of themselves: six times halved at the most [pixel] */
const unknownSizeStep = 64

/** The window on which a network is tried; its edges differ, so that axes can be told apart [pixel] */
const [tryHeight, tryWidth] = [384, 448]

/** Distances beyond this are none [pixel] */
const farthest = 1e5

const unsuitable = (model: string, name: string, reason: string): ModelUnsuitable =>
  new ModelUnsuitable({ model, misfits: [{ name, reason }] })

/** Reading that wanted bytes beyond the last one */
const brokenOff = /^index out of range/

/**
 * Why a file cannot be run at all.
 * @param read    what it holds as far as it can be read here, or why it cannot
 * @param runtime what ONNX Runtime says
 */
const unreadable = (
  model: string,
  size: number,
  read: OnnxModel | ModelUnreadable,
  runtime: string,
): ModelUnreadable => {
  const expected = "expected a star-convex network as an ONNX model"
  const reasonOf = (): string => {
    if (size === 0) return `${expected}; the file is empty`
    if (!(read instanceof ModelUnreadable)) return `${expected}; found one that cannot be run`
    return brokenOff.test(read.reason)
      ? `${expected}; found ${size} bytes that end in the middle of one: the file was cut off, or is none`
      : `${expected}; found ${size} bytes that are none`
  }
  return new ModelUnreadable({ model, reason: `${reasonOf()} (ONNX Runtime: ${runtime})` })
}

const written = ({ type, shape }: Port): string => `${type} [${shape.join(", ")}]`

/** Shape of the input for an image; undefined where the port takes none. */
const inputShape = ({ type, shape }: Port): ((height: number, width: number) => readonly number[]) | undefined => {
  const free = (...axes: readonly number[]): boolean => axes.every((axis) => typeof shape[axis] === "string")
  const one = (...axes: readonly number[]): boolean =>
    axes.every((axis) => shape[axis] === 1 || typeof shape[axis] === "string")
  if (type !== "float32") return undefined
  if (shape.length === 3 && one(0) && free(1, 2)) return (height, width) => [1, height, width]
  if (shape.length !== 4 || !one(0)) return undefined
  // Where the last axis may be anything it is taken for the channel, as StarDist has it, unless the second is one.
  if (shape[1] === 1 && free(2, 3)) return (height, width) => [1, 1, height, width]
  return free(1, 2) && one(3) ? (height, width) => [1, height, width, 1] : undefined
}

/** Where rows, columns and channels of an output lie. */
interface Layout {
  readonly step: number
  readonly channels: number
  readonly channelsFirst: boolean
}

/** The layout of an output by its shape for an image; undefined where there is none. */
const layoutOf = (shape: readonly number[], height: number, width: number): Layout | undefined => {
  const axes = shape.length === 4 && shape[0] === 1 ? shape.slice(1) : shape
  if (axes.length !== 3) return undefined
  const stepOf = (rows: number, columns: number): number | undefined => {
    const step = height / rows
    return Number.isInteger(step) && step >= 1 && columns * step === width ? step : undefined
  }
  const last = stepOf(axes[0], axes[1])
  if (last !== undefined) return { step: last, channels: axes[2], channelsFirst: false }
  const first = stepOf(axes[1], axes[2])
  return first === undefined ? undefined : { step: first, channels: axes[0], channelsFirst: true }
}

/** Some channels of an output as [row, column, channel]. */
const channelsOf = ({ data }: TensorValue, layout: Layout, from: number, end: number): Float32Array => {
  const { channels, channelsFirst } = layout
  const values = data as Float32Array
  if (!channelsFirst && from === 0 && end === channels) return values
  const [count, places] = [end - from, values.length / channels]
  const out = new Float32Array(places * count)
  for (let c = from; c < end; c++)
    for (let p = 0; p < places; p++) {
      out[p * count + c - from] = values[channelsFirst ? c * places + p : p * channels + c]
    }
  return out
}

/** Which outputs tell probability and distances; both may be one. */
interface Roles {
  readonly probability: string
  readonly distances: string
}

const rolesOf = (
  name: string,
  outputs: Readonly<Record<string, TensorValue>>,
  layouts: ReadonlyMap<string, Layout>,
): Roles | ModelUnsuitable => {
  const names = Object.keys(outputs)
  const list = names.map((each) => `${each} [${outputs[each].shape.join(", ")}]`).join("; ")
  const wanted = "expected an output with one channel (probability) and one with three or more (distances)"
  const named = (pattern: RegExp): string | undefined => names.find((each) => pattern.test(each))
  const withChannels = (fits: (channels: number) => boolean): readonly string[] =>
    names.filter((each) => fits(layouts.get(each)?.channels ?? 0))
  const [single, many] = [withChannels((count) => count === 1), withChannels((count) => count >= 3)]
  if (names.length === 1 && many.length === 1) return { probability: names[0], distances: names[0] }
  if (single.length !== 1 || many.length !== 1) return unsuitable(name, "outputs", `${wanted}; found ${list}`)
  for (const [role, pattern, found] of [
    ["probability", /prob/i, single[0]],
    ["distances", /dist/i, many[0]],
  ] as const) {
    const called = named(pattern)
    if (called !== undefined && called !== found) {
      return unsuitable(name, called, `is called as if it told ${role}, but by its channels ${found} does: ${list}`)
    }
  }
  return { probability: single[0], distances: many[0] }
}

/** What is wrong with the numbers of some answers; undefined where nothing is. */
const numbersFault = ({ probability, distances }: StarWindow): readonly [string, string] | undefined => {
  for (let p = 0; p < probability.length; p++) {
    const value = probability[p]
    if (!(value >= -1e-4 && value <= 1 + 1e-4)) {
      return ["probability", `expected values from 0 to 1; found ${value}${Math.abs(value) > 1 ? " (logits?)" : ""}`]
    }
  }
  for (const way of distances) {
    if (!(Math.abs(way) < farthest)) return ["distances", `expected distances in pixels; found ${way}`]
  }
  return undefined
}

/** Probability from which on an answer is looked at more closely when a network is tried. */
const convincing = 0.5

/** A distance of an object that is sure to be smaller than any in pixels */
const subPixel = 1

const distancesFault = ({ probability, distances }: StarWindow): string | undefined => {
  const rayCount = distances.length / probability.length
  let [count, sum] = [0, 0]
  for (let p = 0; p < probability.length; p++) {
    if (probability[p] < convincing) continue
    for (let ray = 0; ray < rayCount; ray++) sum += distances[p * rayCount + ray]
    count += rayCount
  }
  return count > 0 && sum / count < subPixel
    ? `expected distances in pixels; found ${(sum / count).toPrecision(3)} in the mean where there are objects`
    : undefined
}

/** Discs of several sizes, on a ground with noise: something to find for any network. */
const tryImage = (): Float32Array => {
  const random = seededRandom(1)
  const discs = [
    [70, 80, 40],
    [220, 100, 25],
    [330, 250, 60],
    [100, 260, 70],
    [215, 200, 12],
  ]
  return Float32Array.from({ length: tryHeight * tryWidth }, (_, p) => {
    const [x, y] = [p % tryWidth, Math.floor(p / tryWidth)]
    const inside = discs.some(([cx, cy, radius]) => Math.hypot(x - cx, y - cy) < radius)
    return (inside ? 0.8 : 0.2) + 0.05 * random.normal()
  })
}

/** Edge of the square in the middle that is changed to see how far answers look [pixel] */
const changed = 16

/** How far from a change answers differ [pixel] */
const measuredSight = (before: StarWindow, after: StarWindow, step: number): number => {
  const rayCount = before.distances.length / before.probability.length
  let most = 0
  for (let p = 0; p < before.probability.length; p++) {
    let differs = before.probability[p] !== after.probability[p]
    for (let k = p * rayCount; !differs && k < (p + 1) * rayCount; k++)
      differs = before.distances[k] !== after.distances[k]
    if (!differs) continue
    const [x, y] = [step * (p % before.width), step * Math.floor(p / before.width)]
    most = Math.max(most, Math.abs(x - tryWidth / 2), Math.abs(y - tryHeight / 2))
  }
  return most + step
}

const isWhole = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 1

/** What a file of this program says of itself; undefined where it does not, or not so that it can be used. */
export const factsOf = ({ metadata, nodes }: OnnxModel): StarNetworkFacts | undefined => {
  try {
    const facts = JSON.parse(metadata[starNetworkKey] ?? "null") as StarNetworkFacts | null
    const isUsable = facts !== null && isWhole(facts.sizeStep) && isWhole(facts.answerStep) && facts.sight > 0
    const hasAnswers = answerNames.every((name) => nodes.some(({ outputs }) => outputs.includes(name)))
    return isUsable && hasAnswers ? facts : undefined
  } catch {
    return undefined
  }
}

/** Where a file of this program says what it learnt from */
export const trainingKey = "synchrode.training"

/** What a file says of what it learnt from, the edge of the pixels [m] among it; nothing where it does not say. */
export const trainingOf = ({ metadata }: OnnxModel): { readonly pixel?: unknown } => {
  try {
    return (JSON.parse(metadata[trainingKey] ?? "{}") ?? {}) as { readonly pixel?: unknown }
  } catch {
    return {}
  }
}

/** Edge of the pixels that a network learnt from [m]; undefined where its file does not say. */
const learntPixel = (model: OnnxModel | undefined): number | undefined => {
  const { pixel } = model === undefined ? {} : trainingOf(model)
  return typeof pixel === "number" && pixel > 0 && Number.isFinite(pixel) ? pixel : undefined
}

/** How many nodes of a network of this program come before what lies between its answers is filled in. */
export const nodesOfAnswers = ({ nodes }: OnnxModel): number =>
  1 + Math.max(...answerNames.map((name) => nodes.findIndex(({ outputs }) => outputs.includes(name))))

/** The same network without what comes after its answers: what lies between them tells nothing new. */
const untilAnswers = (model: OnnxModel): OnnxModel => ({
  ...model,
  nodes: model.nodes.slice(0, nodesOfAnswers(model)),
  outputs: answerNames.map((name) => ({ name, type: "float32", shape: [1, `${name}_channels`, "rows", "columns"] })),
})

/**
 * Loads a star-convex network: one of this program, a StarDist export, or any other of the signature. Takes an image as
 * [1, height, width], [1, height, width, 1] or [1, 1, height, width]; gives a probability and distances for every pixel
 * or every second, fourth …, channels last or first, in two outputs or in one (probability first). It is tried once.
 * @param name  what to call the file in messages
 * @param threadCount threads of one run, ≥ 1; does not change results
 */
export const loadStarModel = Effect.fn("loadStarModel")(function* (
  name: string,
  bytes: Uint8Array,
  threadCount = 1,
): Effect.fn.Return<StarModel, StarModelError, Inference | Scope.Scope> {
  // A file that only ONNX Runtime can read is as good, but says nothing of itself.
  const read = yield* Effect.catch(decodeModel(name, bytes), (failure) => Effect.succeed(failure))
  const decoded = read instanceof ModelUnreadable ? undefined : read
  const facts = decoded === undefined ? undefined : factsOf(decoded)
  const source = decoded === undefined || facts === undefined ? bytes : encodeModel(untilAnswers(decoded))
  const model: Model = yield* Effect.mapError((yield* Inference).load(source, { threadCount }), (failure) =>
    failure._tag === "ModelUnreadable" ? unreadable(name, bytes.length, read, failure.reason) : failure,
  )
  const [input] = model.inputs
  if (model.inputs.length !== 1) {
    const found = model.inputs.map((port) => `${port.name} ${written(port)}`).join("; ")
    return yield* unsuitable(name, "inputs", `expected one image; found ${found}`)
  }
  const shapeFor = inputShape(input)
  if (shapeFor === undefined) {
    const expected = "expected float32 [1, height, width] of any height and width, or with one channel"
    return yield* unsuitable(name, input.name, `${expected}; found ${written(input)}`)
  }
  const outputsFor = (image: Float32Array, height: number, width: number) =>
    model.run({ [input.name]: { data: image, shape: shapeFor(height, width) } })

  const first = yield* outputsFor(tryImage(), tryHeight, tryWidth)
  const layouts = new Map<string, Layout>()
  for (const [key, { data, shape }] of Object.entries(first)) {
    const layout = layoutOf(shape, tryHeight, tryWidth)
    if (layout === undefined || !(data instanceof Float32Array)) {
      const found = `[${shape.join(", ")}] for an image of ${tryHeight} × ${tryWidth}`
      return yield* unsuitable(name, key, `expected float32 rows, columns and channels; found ${found}`)
    }
    layouts.set(key, layout)
  }
  const roles = rolesOf(name, first, layouts)
  if (roles instanceof ModelUnsuitable) return yield* roles
  const [one, other] = [layouts.get(roles.probability)!, layouts.get(roles.distances)!]
  if (one.step !== other.step) {
    const found = `every ${one.step} and every ${other.step} pixels`
    return yield* unsuitable(name, "outputs", `expected answers at the same places; found them for ${found}`)
  }
  const isOne = roles.probability === roles.distances
  const windowOf = (outputs: Readonly<Record<string, TensorValue>>, height: number, width: number): StarWindow => ({
    width: width / one.step,
    height: height / one.step,
    probability: channelsOf(outputs[roles.probability], one, 0, 1),
    distances: channelsOf(outputs[roles.distances], other, isOne ? 1 : 0, other.channels),
  })
  const run: StarModel["run"] = Effect.fn("StarModel.run")(function* (image, height, width) {
    const window = windowOf(yield* outputsFor(image, height, width), height, width)
    const fault = numbersFault(window)
    return fault === undefined ? window : yield* unsuitable(name, ...fault)
  })
  const tried = yield* run(tryImage(), tryHeight, tryWidth)
  const rayCount = tried.distances.length / tried.probability.length
  if (facts !== undefined) {
    const { sizeStep, sight } = facts
    const pixel = learntPixel(decoded)
    const known = { name, rayCount, sizeStep, sight, step: one.step, offset: (one.step - 1) / 2, run }
    return pixel === undefined ? known : { ...known, pixel }
  }
  const fault = distancesFault(tried)
  if (fault !== undefined) return yield* unsuitable(name, roles.distances, fault)
  const image = tryImage()
  const random = seededRandom(2)
  for (let y = -changed / 2; y < changed / 2; y++)
    for (let x = -changed / 2; x < changed / 2; x++)
      image[tryWidth / 2 + x + tryWidth * (tryHeight / 2 + y)] = 4 * random.normal()
  const sight = measuredSight(tried, yield* run(image, tryHeight, tryWidth), one.step)
  // StarDist takes what it learns from at every step-th pixel, the first one included.
  return { name, rayCount, sizeStep: Math.max(unknownSizeStep, one.step), sight, step: one.step, offset: 0, run }
})
