import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect, type Scope } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Inference, InferenceLive, type Task } from "../../src/inference/session.ts"
import { constant, model, node, port } from "./onnx.ts"

const weights = Float32Array.of(1, 2, 3, 4, 5, 6)
const offset = Float32Array.of(0.5, -0.5)

/** y [rows, 2] = x [rows, 3] · W [3, 2] + b [2] */
const affine = model({
  nodes: [node("MatMul", ["x", "W"], ["xW"]), node("Add", ["xW", "b"], ["y"])],
  constants: [constant("W", [3, 2], weights), constant("b", [2], offset)],
  inputs: [port("x", "float32", ["rows", 3])],
  outputs: [port("y", "float32", ["rows", 2])],
})

const run = <A, E>(effect: Effect.Effect<A, E, Inference | Scope.Scope>): Promise<A> =>
  Effect.runPromise(effect.pipe(Effect.scoped, Effect.provide(InferenceLive)))

const load = (source: string | Uint8Array, task?: Task) => Inference.use((inference) => inference.load(source, task))

const failureOf = <A, E extends { readonly _tag: string; readonly message: string }>(
  effect: Effect.Effect<A, E, Inference | Scope.Scope>,
) => run(Effect.flip(effect).pipe(Effect.map(({ _tag, message }) => `${_tag}: ${message}`)))

const given = (data: Float32Array, shape: readonly number[]) =>
  load(affine).pipe(Effect.flatMap((affineModel) => affineModel.run({ x: { data, shape } })))

describe("a model", () => {
  it("tells its inputs and outputs", async () => {
    const { inputs, outputs } = await run(load(affine))
    expect(inputs).toEqual([{ name: "x", type: "float32", shape: ["rows", 3] }])
    expect(outputs).toEqual([{ name: "y", type: "float32", shape: ["rows", 2] }])
  })

  it("gives what its operators say", async () => {
    const values = fc.float32Array({ noNaN: true, min: -100, max: 100, minLength: 1, maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(values, async (some) => {
        const rowCount = Math.ceil(some.length / 3)
        const x = new Float32Array(3 * rowCount)
        x.set(some)
        const { y } = await run(given(x, [rowCount, 3]))
        expect(y.shape).toEqual([rowCount, 2])
        for (let row = 0; row < rowCount; row++) {
          for (let column = 0; column < 2; column++) {
            let sum = offset[column]
            for (let k = 0; k < 3; k++) sum += x[3 * row + k] * weights[2 * k + column]
            expect(Number(y.data[2 * row + column])).toBeCloseTo(sum, 2)
          }
        }
      }),
      { numRuns: 20 },
    )
  })

  it("is read from a file as from bytes", async () => {
    const folder = await mkdtemp(join(tmpdir(), "synchrode-"))
    try {
      const path = join(folder, "affine.onnx")
      await writeFile(path, affine)
      const x = { data: Float32Array.of(1, 1, 1), shape: [1, 3] }
      const { y } = await run(load(path).pipe(Effect.flatMap((affineModel) => affineModel.run({ x }))))
      expect([...(y.data as Float32Array)]).toEqual([9.5, 11.5])
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it("keeps 64-bit numbers whole", async () => {
    const ports = ["float64", "int64"] as const
    const same = model({
      nodes: ports.map((type) => node("Identity", [type], [`${type} again`])),
      constants: [],
      inputs: ports.map((type) => port(type, type, ["count"])),
      outputs: ports.map((type) => port(`${type} again`, type, ["count"])),
    })
    const float64 = { data: Float64Array.of(1 / 3, Number.MAX_VALUE), shape: [2] }
    const int64 = { data: BigInt64Array.of(2n ** 62n, -1n), shape: [2] }
    const results = await run(load(same).pipe(Effect.flatMap((identity) => identity.run({ float64, int64 }))))
    expect(results["float64 again"]).toEqual(float64)
    expect(results["int64 again"]).toEqual(int64)
    const shorter = { data: BigInt64Array.of(1n), shape: [1] }
    expect(
      await failureOf(load(same).pipe(Effect.flatMap((identity) => identity.run({ float64, int64: shorter })))),
    ).toBe("ModelInputMismatch: model: int64: expected int64 [count], found int64 [1], where count is 2 already")
  })
})

describe("what does not fit", () => {
  it.each([
    ["another shape", given(Float32Array.of(1, 2), [1, 2]), "x: expected float32 [rows, 3], found float32 [1, 2]"],
    ["another rank", given(Float32Array.of(1, 2, 3), [3]), "x: expected float32 [rows, 3], found float32 [3]"],
    ["too few numbers", given(Float32Array.of(1), [1, 3]), "x: 1 numbers for the shape [1, 3]"],
    [
      "another type",
      load(affine).pipe(Effect.flatMap(({ run: go }) => go({ x: { data: Float64Array.of(1, 2, 3), shape: [1, 3] } }))),
      "x: expected float32 [rows, 3], found float64 [1, 3]",
    ],
    [
      "another name",
      load(affine).pipe(Effect.flatMap(({ run: go }) => go({ z: { data: Float32Array.of(1), shape: [1] } }))),
      "x: expected float32 [rows, 3]; z: no such input; there are x",
    ],
  ])("%s", async (_, effect, message) => {
    expect(await failureOf(effect)).toBe(`ModelInputMismatch: model: ${message}`)
  })

  it("a missing file and no model at all", async () => {
    expect(await failureOf(load("nowhere.onnx"))).toMatch(/^ModelUnreadable: nowhere\.onnx: .*exist/)
    expect(await failureOf(load(Uint8Array.of(1, 2, 3)))).toMatch(/^ModelUnreadable: model: /)
  })

  it("a model for another task", async () => {
    const inputs = [{ name: "x", type: "float32", shape: ["any", 4] }]
    const outputs = [{ name: "probability", type: "float32", shape: ["any"] }]
    expect(await failureOf(load(affine, { inputs, outputs }))).toBe(
      "ModelUnsuitable: model: x: expected float32 [any, 4], found float32 [rows, 3]; probability: missing; there are y",
    )
    const fitting = { inputs: [{ name: "x", type: "float32", shape: ["any", 3] }] }
    expect((await run(load(affine, fitting))).inputs).toHaveLength(1)
  })
})
