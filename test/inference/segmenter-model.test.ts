import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { seededRandom } from "../../src/array/random.ts"
import { enlarged } from "../../src/image/star/enlarged.ts"
import { decodeModel, encodeModel } from "../../src/inference/onnx-model.ts"
import { segmenterModel } from "../../src/inference/segmenter-model.ts"
import { Inference, InferenceLive } from "../../src/inference/session.ts"
import { NetworkPass } from "../../src/learning/segmenter/pass.ts"
import { networkPlan, type StarNetworkShape, startWeights } from "../../src/learning/segmenter/shape.ts"

const shapes: readonly StarNetworkShape[] = [
  { channels: [4, 8, 12, 16], outputLevel: 2, headChannels: 12, rayCount: 32, distanceScale: 20 },
  { channels: [4, 8], outputLevel: 0, headChannels: 4, rayCount: 8, distanceScale: 1 },
  { channels: [8, 4, 8], outputLevel: 2, headChannels: 8, rayCount: 16, distanceScale: 4 },
]

describe("a star-convex network as an ONNX model", () => {
  it.each(shapes)("answers as our own pass: %o", async (shape) => {
    const [height, width] = [128, 192]
    const parameters = startWeights(networkPlan(shape), seededRandom(1))
    const random = seededRandom(2)
    const image = Float32Array.from({ length: height * width }, () => random.uniform())
    const pass = new NetworkPass(shape, height, width, false)
    pass.setParameters(parameters)
    const answers = pass.forward(image)
    pass.dispose()
    const step = 2 ** shape.outputLevel
    const count = (height / step) * (width / step)
    const fine = (channel: number, of: (value: number) => number): Float32Array =>
      enlarged(answers.subarray(channel * count, (channel + 1) * count).map(of), height / step, width / step, step)

    const bytes = encodeModel(segmenterModel(shape, parameters, { words: "kept" }))
    const outputs = await Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          expect((yield* decodeModel("again", bytes)).metadata.words).toBe("kept")
          const model = yield* (yield* Inference).load(bytes)
          return yield* model.run({ image: { data: image, shape: [1, height, width] } })
        }),
      ).pipe(Effect.provide(InferenceLive)),
    )
    expect(outputs.probability.shape).toEqual([height, width, 1])
    expect(outputs.distances.shape).toEqual([height, width, shape.rayCount])
    const probability = fine(0, (logit) => 1 / (1 + Math.exp(-logit)))
    let [worst, most] = [0, 0]
    probability.forEach((value, p) => {
      worst = Math.max(worst, Math.abs(value - Number(outputs.probability.data[p])))
    })
    expect(worst).toBeLessThan(1e-5)
    worst = 0
    for (let ray = 0; ray < shape.rayCount; ray++)
      fine(1 + ray, (way) => shape.distanceScale * way).forEach((value, p) => {
        const found = Number(outputs.distances.data[p * shape.rayCount + ray])
        worst = Math.max(worst, Math.abs(value - found))
        most = Math.max(most, Math.abs(value))
      })
    expect(worst / most).toBeLessThan(1e-5)
  })
})
