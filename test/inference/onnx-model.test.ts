import { Effect, type Scope } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  decodeModel,
  encodeModel,
  type OnnxAttribute,
  type OnnxModel,
  standardNode,
  standardOperators,
} from "../../src/inference/onnx-model.ts"
import { Inference, InferenceLive } from "../../src/inference/session.ts"
import type { TensorValue } from "../../src/inference/tensor.ts"
import * as byHand from "./onnx.ts"

const run = <A, E>(effect: Effect.Effect<A, E, Inference | Scope.Scope>): Promise<A> =>
  Effect.runPromise(effect.pipe(Effect.scoped, Effect.provide(InferenceLive)))

const affine: OnnxModel = {
  operatorSets: standardOperators,
  name: "affine",
  description: "y = x W + b",
  nodes: [standardNode("MatMul", ["x", "W"], ["xW"]), standardNode("Add", ["xW", "b"], ["y"])],
  constants: {
    W: { data: Float64Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2] },
    b: { data: Float64Array.of(0.5, -0.5), shape: [2] },
  },
  inputs: [{ name: "x", type: "float64", shape: ["rows", 3] }],
  outputs: [{ name: "y", type: "float64", shape: ["rows", 2] }],
  metadata: { columns: "Volume,Sphericity,Z" },
}

const float = fc.float({ noNaN: true })
const integer = fc.integer({ min: -(2 ** 40), max: 2 ** 40 })
const tensors: fc.Arbitrary<TensorValue> = fc.oneof(
  fc.float32Array({ noNaN: true }).map((data) => ({ data, shape: [data.length] })),
  fc.float64Array({ noNaN: true, minLength: 6, maxLength: 6 }).map((data) => ({ data, shape: [2, 3] })),
  fc.int32Array().map((data) => ({ data, shape: [1, data.length] })),
  fc.bigInt64Array({ min: -(2n ** 60n), max: 2n ** 60n }).map((data) => ({ data, shape: [data.length] })),
  fc.uint8Array().map((data) => ({ data, shape: [data.length] })),
  fc.uint16Array().map((data) => ({ data, shape: [data.length] })),
  fc.double({ noNaN: true }).map((value) => ({ data: Float64Array.of(value), shape: [] })),
)
const attributes: fc.Arbitrary<OnnxAttribute> = fc.oneof(
  integer.map((value) => ({ kind: "int" as const, value })),
  float.map((value) => ({ kind: "float" as const, value })),
  fc.string({ unit: "grapheme" }).map((value) => ({ kind: "string" as const, value })),
  tensors.map((value) => ({ kind: "tensor" as const, value })),
  fc.array(integer).map((values) => ({ kind: "ints" as const, values })),
  fc.array(float).map((values) => ({ kind: "floats" as const, values })),
  fc.array(fc.string()).map((values) => ({ kind: "strings" as const, values })),
)
const name = fc.stringMatching(/^[a-z]{1,6}$/)
const ports = fc.array(
  fc.record({
    name: fc.stringMatching(/^port_[a-z]{1,6}$/),
    type: fc.constantFrom("float32", "float64", "int32", "int64", "uint8", "uint16"),
    shape: fc.array(fc.oneof(fc.nat(9), name)),
  }),
  { maxLength: 3 },
)
const models: fc.Arbitrary<OnnxModel> = fc.record({
  operatorSets: fc.constantFrom<Record<string, number>>({ "": 17 }, { "": 15, "ai.onnx.ml": 3 }),
  name: fc.string(),
  description: fc.string({ unit: "grapheme" }),
  nodes: fc.array(
    fc.record({
      operator: name,
      domain: fc.constantFrom("", "ai.onnx.ml"),
      inputs: fc.array(name, { maxLength: 3 }),
      outputs: fc.array(name, { maxLength: 3 }),
      attributes: fc.dictionary(name, attributes, { maxKeys: 4, noNullPrototype: true }),
    }),
    { maxLength: 4 },
  ),
  constants: fc.dictionary(name, tensors, { maxKeys: 4, noNullPrototype: true }),
  inputs: ports,
  outputs: ports,
  metadata: fc.dictionary(name, fc.string(), { maxKeys: 3, noNullPrototype: true }),
})

describe("a model", () => {
  it("reads back as it was written", async () => {
    await fc.assert(
      fc.asyncProperty(models, async (model) => {
        expect(await Effect.runPromise(decodeModel("model", encodeModel(model)))).toEqual(model)
      }),
    )
  })

  it("gives what its operators say, in 64 bits", async () => {
    const y = await run(
      Inference.use((inference) => inference.load(encodeModel(affine))).pipe(
        Effect.flatMap((loaded) => loaded.run({ x: { data: Float64Array.of(1, 0, 0.1, 0, 1, 0), shape: [2, 3] } })),
        Effect.map((outputs) => outputs.y),
      ),
    )
    expect(y).toEqual({ data: Float64Array.of(1 + 0.1 * 5 + 0.5, 2 + 0.1 * 6 - 0.5, 3.5, 3.5), shape: [2, 2] })
  })

  it("is read from bytes that were put together by hand", async () => {
    const bytes = byHand.model({
      nodes: [byHand.node("MatMul", ["x", "W"], ["y"])],
      constants: [byHand.constant("W", [3, 1], Float32Array.of(1, 2, 3))],
      inputs: [byHand.port("x", "float32", ["rows", 3]), byHand.port("W", "float32", [3, 1])],
      outputs: [byHand.port("y", "float32", ["rows", 1])],
    })
    const model = await Effect.runPromise(decodeModel("model", bytes))
    expect(model.nodes).toEqual([standardNode("MatMul", ["x", "W"], ["y"])])
    expect(model.constants).toEqual({ W: { data: Float32Array.of(1, 2, 3), shape: [3, 1] } })
    expect(model.inputs).toEqual([{ name: "x", type: "float32", shape: ["rows", 3] }])
    expect(model.operatorSets).toEqual({ "": 17 })
  })

  it("is refused where it is none, or is cut off, with the name of the file", async () => {
    const failure = async (bytes: Uint8Array) =>
      (await Effect.runPromise(Effect.flip(decodeModel("forest.onnx", bytes)))).message
    expect(await failure(new TextEncoder().encode("Volume,Damage\n1,2\n"))).toMatch(/^forest\.onnx: /)
    expect(await failure(encodeModel(affine).subarray(0, 60))).toMatch(/^forest\.onnx: /)
    expect(await failure(new Uint8Array(0))).toBe("forest.onnx: expected an ONNX model; found no graph")
  })

  it("is not written where a constant is not of its shape", () => {
    const constants = { W: { data: Float64Array.of(1, 2), shape: [3] } }
    expect(() => encodeModel({ ...affine, constants })).toThrow("constant W has 2 numbers for the shape [3]")
  })
})
