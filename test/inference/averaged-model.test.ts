import { readFileSync } from "node:fs"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { seededRandom } from "../../src/array/random.ts"
import { averagedModel, averagingFault } from "../../src/inference/averaged-model.ts"
import { decodeModel, encodeModel } from "../../src/inference/onnx-model.ts"
import { segmenterModel } from "../../src/inference/segmenter-model.ts"
import { InferenceLive } from "../../src/inference/session.ts"
import { loadStarModel } from "../../src/inference/star-model.ts"
import { networkPlan, type StarNetworkShape } from "../../src/learning/segmenter/shape.ts"

const shape: StarNetworkShape = { channels: [4, 8], rayCount: 8, distanceScale: 10, outputLevel: 1, headChannels: 4 }
const made = (seed: number, of: StarNetworkShape = shape) => {
  const random = seededRandom(seed)
  const { parameterCount } = networkPlan(of)
  return segmenterModel(
    of,
    Float32Array.from({ length: parameterCount }, () => 0.2 * random.normal()),
  )
}

const [width, height] = [48, 32]
const random = seededRandom(9)
const image = Float32Array.from({ length: width * height }, () => random.uniform())

const answers = (bytes: Uint8Array) =>
  Effect.runPromise(
    Effect.gen(function* () {
      const model = yield* loadStarModel("made.onnx", bytes)
      return { ...(yield* model.run(image, height, width)), sight: model.sight, sizeStep: model.sizeStep }
    }).pipe(Effect.scoped, Effect.provide(InferenceLive)),
  )

describe("the mean of networks", () => {
  it("is what they answer in the mean, of several depths too, from its file", async () => {
    const models = [made(1), made(2), made(3, { ...shape, channels: [4, 4, 8] })]
    expect(averagingFault(models)).toBeUndefined()
    const single = await Promise.all(models.map((model) => answers(encodeModel(model))))
    const bytes = encodeModel(averagedModel(models, { note: "three" }))
    const joined = await answers(bytes)
    for (const name of ["probability", "distances"] as const) {
      joined[name].forEach((value, i) => {
        const mean = single.reduce((sum, one) => sum + one[name][i], 0) / single.length
        expect(Math.abs(value - mean)).toBeLessThan(1e-4 * Math.max(1, Math.abs(mean)))
      })
    }
    expect(joined.sight).toBe(Math.max(...single.map(({ sight }) => sight)))
    expect(joined.sizeStep).toBe(4)
    const read = await Effect.runPromise(decodeModel("made.onnx", bytes))
    expect(read.metadata.note).toBe("three")
  })

  it("can be averaged again", async () => {
    const [a, b, c] = [made(1), made(2), made(3)]
    const joined = await answers(encodeModel(averagedModel([averagedModel([a, b]), c])))
    const single = await Promise.all([a, b, c].map((model) => answers(encodeModel(model))))
    joined.probability.forEach((value, i) => {
      const [one, two, three] = single.map(({ probability }) => probability[i])
      expect(value).toBeCloseTo((one + two) / 4 + three / 2, 4)
    })
  })

  it("is refused for one, for others than ours, and for other rays or answers", async () => {
    expect(averagingFault([made(1)])).toBe("expected two networks at least; found 1")
    expect(averagingFault([made(1), { ...made(2), metadata: {} }])).toContain("another as number 2")
    expect(averagingFault([made(1), made(2, { ...shape, rayCount: 16 })])).toContain("found 16 rays")
    const shipped = await Effect.runPromise(
      decodeModel("models/segmenter.onnx", readFileSync(new URL("../../models/segmenter.onnx", import.meta.url))),
    )
    expect(averagingFault([shipped, made(1)])).toContain("found 8 rays")
  })
})
