import { Effect, type Scope } from "effect"
import { describe, expect, it } from "vitest"
import { seededRandom } from "../../src/array/random.ts"
import { planeGrid, type Volume } from "../../src/image/volume.ts"
import type { ModelUnsuitable } from "../../src/inference/errors.ts"
import { encodeModel, type OnnxModel, standardNode } from "../../src/inference/onnx-model.ts"
import { segmenterModel } from "../../src/inference/segmenter-model.ts"
import { type Inference, InferenceLive } from "../../src/inference/session.ts"
import { loadStarModel, trainingKey } from "../../src/inference/star-model.ts"
import { predictStars } from "../../src/inference/star-prediction.ts"
import { networkPlan, type StarNetworkShape, startWeights } from "../../src/learning/segmenter/shape.ts"

const shape: StarNetworkShape = {
  channels: [4, 8, 12],
  outputLevel: 1,
  headChannels: 8,
  rayCount: 16,
  distanceScale: 30,
}

/** A network that has learned nothing, but to expect objects. */
const network = (): OnnxModel => {
  const plan = networkPlan(shape)
  const parameters = startWeights(plan, seededRandom(1))
  const last = plan.steps[plan.steps.length - 1]
  if (last.kind === "convolution") parameters.fill(1, last.biases, last.biases + 17)
  return segmenterModel(shape, parameters)
}

const run = <A, E>(effect: Effect.Effect<A, E, Inference | Scope.Scope>): Promise<A> =>
  Effect.runPromise(effect.pipe(Effect.scoped, Effect.provide(InferenceLive)))

const image = (width: number, height: number): Volume => {
  const random = seededRandom(2)
  return {
    ...planeGrid(width, height, 1),
    values: Float32Array.from({ length: width * height }, () => random.uniform()),
  }
}

const predicted = (model: OnnxModel, gray: Volume, tile?: number, threads = 1) =>
  run(Effect.flatMap(loadStarModel("m", encodeModel(model), threads), (loaded) => predictStars(loaded, gray, tile)))

const without = ({ metadata: _, ...model }: OnnxModel): OnnxModel => ({ ...model, metadata: {} })

/** The same network as StarDist exports have it: channels last, answers at every second pixel, two outputs or one. */
const exported = (joins: boolean): OnnxModel => {
  const model = without(network())
  const last = model.nodes.findIndex(({ outputs }) => outputs.includes("distances_answers"))
  const transposed = (from: string, to: string, ...perm: number[]) => ({
    ...standardNode("Transpose", [from], [to]),
    attributes: { perm: { kind: "ints", values: perm } as const },
  })
  const nodes = [
    transposed("input", "block0", 0, 3, 1, 2),
    ...model.nodes.slice(1, last + 1),
    transposed("probability_answers", "prob", 0, 2, 3, 1),
    transposed("distances_answers", "dist", 0, 2, 3, 1),
    ...(joins
      ? [
          {
            ...standardNode("Concat", ["prob", "dist"], ["both"]),
            attributes: { axis: { kind: "int", value: 3 } as const },
          },
        ]
      : []),
  ]
  const port = (name: string, channels: number) => ({ name, type: "float32", shape: ["n", "h", "w", channels] })
  return {
    ...model,
    nodes,
    inputs: [port("input", 1)],
    outputs: joins ? [port("both", 17)] : [port("dist", 16), port("prob", 1)],
  }
}

describe("a star-convex model", () => {
  it("says the same in parts of any size, with any number of threads", async () => {
    const gray = image(203, 150)
    const whole = await predicted(network(), gray)
    expect([whole.width, whole.height, whole.step, whole.offset]).toEqual([102, 75, 2, 0.5])
    for (const [tile, threads] of [
      [4, 1],
      [60, 2],
      [97, 1],
    ]) {
      const parts = await predicted(network(), gray, tile, threads)
      expect(parts.probability).toEqual(whole.probability)
      expect(parts.distances).toEqual(whole.distances)
    }
  })

  it.each([false, true])("is read as StarDist exports it (in one output: %s)", async (joins) => {
    const gray = image(128, 128)
    const own = await predicted(network(), gray)
    const foreign = await predicted(exported(joins), gray)
    expect(foreign.probability).toEqual(own.probability)
    expect(foreign.distances).toEqual(own.distances)
    expect(foreign.offset).toBe(0)
    const loaded = await run(loadStarModel("m", encodeModel(exported(joins))))
    const ours = await run(loadStarModel("m", encodeModel(network())))
    expect(loaded.sizeStep).toBe(64)
    // What is measured lies between half of what the shape allows and all of it.
    expect(loaded.sight).toBeGreaterThan(ours.sight / 2)
    expect(loaded.sight).toBeLessThanOrEqual(ours.sight + 8)
    expect((await predicted(exported(joins), image(300, 150), 64)).probability).toEqual(
      (await predicted(exported(joins), image(300, 150))).probability,
    )
  })

  it("answers for every pixel where its file says nothing of itself", async () => {
    const gray = image(128, 64)
    const [own, fine] = [await predicted(network(), gray), await predicted(without(network()), gray)]
    expect([fine.step, fine.width, fine.height]).toEqual([1, 128, 64])
    // Between four pixels lies one answer.
    const [x, y] = [30, 11]
    const four = [0, 1, 128, 129].map((more) => fine.probability[2 * x + 128 * 2 * y + more])
    const near = own.probability[x + 64 * y]
    expect(Math.min(...four)).toBeLessThan(near + 0.02)
    expect(Math.max(...four)).toBeGreaterThan(near - 0.02)
  })
})

describe("a model that is none", () => {
  const refused = async (model: OnnxModel): Promise<string> => {
    const failure = await run(Effect.flip(loadStarModel("other.onnx", encodeModel(model))))
    expect(failure._tag).toBe("ModelUnsuitable")
    return (failure as ModelUnsuitable).message
  }
  const base = network()
  const replaced = (from: string, to: string): OnnxModel => ({
    ...without(base),
    nodes: base.nodes.map((node) => (node.operator === from ? { ...node, operator: to } : node)),
  })

  it("of logits", async () => {
    expect(await refused(replaced("Sigmoid", "Identity"))).toMatch(/probability: expected values from 0 to 1; found/)
  })

  it("of distances in other units", async () => {
    const constants = { ...base.constants, distance_scale: { data: Float32Array.of(0.01), shape: [] } }
    expect(await refused({ ...without(base), constants })).toMatch(/distances: expected distances in pixels; found/)
  })

  it("of distances that are no numbers", async () => {
    const constants = { ...base.constants, distance_scale: { data: Float32Array.of(Number.NaN), shape: [] } }
    expect(await refused({ ...without(base), constants })).toMatch(/distances: expected distances in pixels; found NaN/)
  })

  it("with other outputs", async () => {
    const { outputs } = base
    expect(await refused({ ...without(base), outputs: [outputs[0]] })).toMatch(
      /outputs: expected an output with one channel .* found probability \[384, 448, 1\]/,
    )
    const names: Record<string, string> = { probability: "distances", distances: "probability" }
    const swapped = {
      ...without(base),
      nodes: base.nodes.map((node) => ({ ...node, outputs: node.outputs.map((name) => names[name] ?? name) })),
      outputs: outputs.map((port) => ({ ...port, name: names[port.name] })),
    }
    expect(await refused(swapped)).toMatch(/is called as if it told/)
  })

  it("with another input", async () => {
    const [input] = base.inputs
    expect(await refused({ ...without(base), inputs: [{ ...input, shape: [1, 256, 256] }] })).toMatch(
      /image: expected float32 \[1, height, width\] of any height and width, or with one channel; found float32 \[1, 256, 256\]/,
    )
  })

  const file = encodeModel(base)
  it.each([
    ["is text", new TextEncoder().encode("no model at all"), /; found 15 bytes that are none \(ONNX Runtime: .+\)$/],
    [
      "is cut off",
      file.subarray(0, file.length >> 1),
      /; found \d+ bytes that end in the middle of one: the file was cut off, or is none \(ONNX Runtime: .+\)$/,
    ],
    ["is empty", new Uint8Array(0), /; the file is empty \(ONNX Runtime: .+\)$/],
    [
      "has operators that nobody knows",
      encodeModel(replaced("Sigmoid", "Sigmund")),
      /; found one that cannot be run \(ONNX Runtime: .*Sigmund.*\)$/s,
    ],
  ])("that %s", async (_, bytes, reason) => {
    const failure = await run(Effect.flip(loadStarModel("other.onnx", bytes)))
    expect(failure._tag).toBe("ModelUnreadable")
    expect(failure.message).toMatch(/^other\.onnx: expected a star-convex network as an ONNX model/)
    expect(failure.message).toMatch(reason)
  })
})

describe("the pixel that a network learnt from", () => {
  const loaded = (training: string | undefined) => {
    const model = network()
    const metadata = training === undefined ? model.metadata : { ...model.metadata, [trainingKey]: training }
    return run(loadStarModel("m", encodeModel({ ...model, metadata })))
  }

  it.each([
    ['{"pixel":7e-8}', 7e-8],
    ['{"pixel":-1}', undefined],
    ["no JSON", undefined],
    [undefined, undefined],
  ])("is what its file says, if it says it: %s", async (training, expected) => {
    expect((await loaded(training)).pixel).toBe(expected)
  })
})
