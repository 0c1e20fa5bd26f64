/**
 * The star-convex segmenter: its kernels, one square of a training, and a slice of 2048 × 655 pixels through a network
 * in ONNX Runtime and on to labels. Processor time of one thread, least of several. The ratio of the convolution to the
 * same in plain loops travels between machines. The network has learned nothing, which changes no time but that of the
 * polygons: those are of a phantom's truth.
 * Not measured: phantoms, reading of files, several threads, networks of other widths (operations a pixel are printed).
 *
 * npm run bench -- segmenter
 */
import { Effect } from "effect"
import { seededRandom } from "../../src/array/random.ts"
import { defaultStarSettings, refinedLabels, type StarPrediction, starPolygons } from "../../src/image/star/labels.ts"
import { starAnswers } from "../../src/image/star/targets.ts"
import { histogramOf, otsu } from "../../src/image/threshold.ts"
import { maskWhere, planeGrid } from "../../src/image/volume.ts"
import { encodeModel } from "../../src/inference/onnx-model.ts"
import { segmenterModel } from "../../src/inference/segmenter-model.ts"
import { InferenceLive } from "../../src/inference/session.ts"
import { loadStarModel } from "../../src/inference/star-model.ts"
import { predictStars } from "../../src/inference/star-prediction.ts"
import { Workspace } from "../../src/kernels/workspace.ts"
import { varyGray } from "../../src/learning/segmenter/examples.ts"
import { starLossInto } from "../../src/learning/segmenter/loss.ts"
import { NetworkPass } from "../../src/learning/segmenter/pass.ts"
import { convolutionKernel, firstPixel, planeSize, rowStride } from "../../src/learning/segmenter/planes.ts"
import { networkPlan, operationsPerPixel, startWeights } from "../../src/learning/segmenter/shape.ts"
import { defaultTraining } from "../../src/pipeline/segmenter/request.ts"
import { mixedSlice, trainingMix } from "../../src/pipeline/segmenter/slices.ts"

let sink = 0

/** Least processor time of a piece of work [s] */
const least = (times: number, work: () => number): number => {
  sink += work()
  let best = Number.POSITIVE_INFINITY
  for (let k = 0; k < times; k++) {
    const begun = process.cpuUsage()
    sink += work()
    const { user, system } = process.cpuUsage(begun)
    best = Math.min(best, (user + system) / 1e6)
  }
  return best
}

const line = (name: string, seconds: number, more = ""): void =>
  console.log(`${name.padEnd(34)} ${(1e3 * seconds).toFixed(1).padStart(9)} ms  ${more}`)

const [channels, edge] = [32, 128]
const work = new Workspace()
const plane = planeSize(edge, edge)
const [from, to, raw, ready, bias, gradient] = work.lay(
  ...[channels * plane, channels * plane, 9 * channels ** 2, 9 * channels ** 2, channels, 9 * channels ** 2].map(
    (n) => 4 * n,
  ),
)
const kernel = work.use(convolutionKernel)
const random = seededRandom(1)
const image = work.floats(from, channels * plane).map(() => random.normal())
work.floats(from, channels * plane).set(image)
const weights = work.floats(raw, 9 * channels ** 2).map(() => random.normal())
work.floats(raw, weights.length).set(weights)
kernel.packForward(raw, channels, channels, channels, 9, ready)
const operations = 18 * channels ** 2 * edge ** 2
const speed = (seconds: number): string => `${(operations / seconds / 1e9).toFixed(1)} GFLOP/s`
const forward = least(20, () => {
  kernel.convolve(from, channels, ready, bias, to, channels, edge, edge, 9, 1)
  return work.floats(to, 400)[300]
})
line(`convolution ${channels} → ${channels}, ${edge}²`, forward, speed(forward))
const back = least(20, () => {
  kernel.addWeightSlopes(to, channels, from, channels, edge, edge, 9, gradient)
  return work.floats(gradient, 1)[0]
})
line("slopes of its weights", back, speed(back))
const plain = least(1, () => {
  const out = new Float32Array(channels * plane)
  const row = rowStride(edge)
  for (let o = 0; o < channels; o++)
    for (let c = 0; c < channels; c++)
      for (let t = 0; t < 9; t++) {
        const weight = weights[(o * channels + c) * 9 + t]
        const shift = (Math.floor(t / 3) - 1) * row + (t % 3) - 1
        for (let y = 0; y < edge; y++) {
          const at = firstPixel(edge) + y * row
          const [p, q] = [o * plane + at, c * plane + at + shift]
          for (let x = 0; x < edge; x++) out[p + x] += weight * image[q + x]
        }
      }
  return out[5000]
})
line("convolution in plain loops", plain, `${(plain / forward).toFixed(1)} times as long`)
work.close()

const { shape, cropEdge } = defaultTraining
const plan = networkPlan(shape)
const parameters = startWeights(plan, random)
const pass = new NetworkPass(shape, cropEdge, cropEdge, true)
const square = Float32Array.from({ length: cropEdge ** 2 }, () => random.uniform())
const { gray, labels } = mixedSlice(trainingMix)(1, cropEdge, cropEdge)
const answers = starAnswers(labels, 2 ** shape.outputLevel, shape.rayCount)
const slopes = new Float32Array((1 + shape.rayCount) * answers.width * answers.height)
const out = new Float32Array(plan.parameterCount)
const step = least(5, () => {
  pass.setParameters(parameters)
  varyGray(square, cropEdge, random)
  const { total } = starLossInto(pass.forward(square), answers, shape.distanceScale, slopes)
  pass.backwardInto(slopes, out)
  return total
})
const trained = 3 * operationsPerPixel(shape) * cropEdge ** 2
line(
  `one square of ${cropEdge}² of a training`,
  step,
  `${(trained / step / 1e9).toFixed(1)} GFLOP/s; ${plan.parameterCount} parameters, ${Math.round(operationsPerPixel(shape))} operations a pixel forward`,
)
pass.dispose()

/** What a perfect network would say of a slice that repeats one phantom. */
const repeated = (width: number, height: number): StarPrediction => {
  const { step: grid, width: w, height: h, probability, distances } = answers
  const { rayCount } = shape
  const [columns, rows] = [Math.ceil(width / grid), Math.ceil(height / grid)]
  const wide = { probability: new Float32Array(columns * rows), distances: new Float32Array(columns * rows * rayCount) }
  for (let p = 0; p < columns * rows; p++) {
    const place = ((p % columns) % w) + w * (Math.floor(p / columns) % h)
    wide.probability[p] = probability[place]
    for (let ray = 0; ray < rayCount; ray++) wide.distances[p * rayCount + ray] = distances[ray * w * h + place]
  }
  return { step: grid, offset: (grid - 1) / 2, width: columns, height: rows, rayCount, ...wide }
}

const [width, height] = [2048, 655]
const slice = {
  ...planeGrid(width, height, 70e-9),
  values: Float32Array.from(
    { length: width * height },
    (_, p) => gray.values[((p % width) % cropEdge) + cropEdge * (Math.floor(p / width) % cropEdge)],
  ),
}
const model = encodeModel(segmenterModel(shape, parameters))
const timed = Effect.gen(function* () {
  const loaded = yield* loadStarModel("network", model)
  let best = Number.POSITIVE_INFINITY
  for (let k = 0; k < 3; k++) {
    const begun = process.cpuUsage()
    sink += (yield* predictStars(loaded, slice)).probability[0]
    const { user, system } = process.cpuUsage(begun)
    best = Math.min(best, (user + system) / 1e6)
  }
  return best
})
const network = await Effect.runPromise(timed.pipe(Effect.scoped, Effect.provide(InferenceLive)))
const spent = operationsPerPixel(shape) * width * height
line(`${width} × ${height} through the network`, network, `${(spent / network / 1e9).toFixed(1)} GFLOP/s`)
const prediction = repeated(width, height)
let polygons = starPolygons(prediction, defaultStarSettings)
const suppression = least(3, () => {
  polygons = starPolygons(prediction, defaultStarSettings)
  return polygons.count
})
line(
  "its polygons",
  suppression,
  `${polygons.count} of ${prediction.probability.filter((p) => p > 0.5).length} proposed`,
)
const threshold = otsu(
  histogramOf(
    slice,
    maskWhere(slice, () => true),
  ),
)[0]
const bright = maskWhere(slice, (value) => value > threshold)
line(
  "its labels",
  least(3, () => refinedLabels(bright, polygons, defaultStarSettings).count),
)
console.log(`sink ${sink.toPrecision(3)}`)
