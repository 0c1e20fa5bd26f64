import { Effect, type Scope } from "effect"
import { describe, expect, it } from "vitest"
import { decoderModel, encoderModel } from "../../src/inference/autoencoder-model.ts"
import { decodeModel, encodeModel, type OnnxModel } from "../../src/inference/onnx-model.ts"
import { Inference, InferenceLive } from "../../src/inference/session.ts"
import {
  type Autoencoder,
  decodedRows,
  defaultAutoencoder,
  encodedRows,
  reconstructedRows,
  trainAutoencoder,
} from "../../src/learning/autoencoder.ts"
import { factorTable } from "../../src/learning/factor-table.ts"
import { randomSplit } from "../../src/learning/splits.ts"

const run = <A, E>(effect: Effect.Effect<A, E, Inference | Scope.Scope>): Promise<A> =>
  Effect.runPromise(effect.pipe(Effect.scoped, Effect.provide(InferenceLive)))

const outputOf = (model: OnnxModel, data: Float64Array): Promise<Float64Array> => {
  const [input] = model.inputs
  const [output] = model.outputs
  const shape = [data.length / Number(input.shape[1]), Number(input.shape[1])]
  return run(
    Inference.use((inference) => inference.load(encodeModel(model), { inputs: [input], outputs: [output] })).pipe(
      Effect.flatMap((loaded) => loaded.run({ [input.name]: { data, shape } })),
      Effect.map((outputs) => outputs[output.name].data as Float64Array),
    ),
  )
}

const largestDifference = (a: Float64Array, b: Float64Array): number =>
  a.reduce((most, value, at) => Math.max(most, Math.abs(value - b[at]) / (1 + Math.abs(b[at]))), 0)

/** Columns of very different sizes, as SI units have them. */
const trainedOn = (hiddenCount: number): readonly [Autoencoder, Float64Array] => {
  const { table } = factorTable({ rowCount: 150, columnCount: 7, factorCount: 2, bend: 0.4, noise: 0.1, seed: 2 })
  const values = table.values.map((value, at) =>
    at % 7 === 0 ? 1e-16 * (3 + value) : at % 7 === 1 ? 1e29 * value : value,
  )
  const units = ["m^3", "1/m^3", ...table.units.slice(2)]
  const settings = { ...defaultAutoencoder, hiddenCount, latentCount: 3 }
  return [trainAutoencoder({ ...table, units, values }, randomSplit(150, 0.1, 1), settings).autoencoder, values]
}

describe.each([0, 6])("an autoencoder with %s hidden units", (hiddenCount) => {
  const [autoencoder, values] = trainedOn(hiddenCount)

  it("encodes and decodes in ONNX Runtime as it does by itself", async () => {
    const latent = await outputOf(encoderModel(autoencoder), values)
    expect(latent.length).toBe(3 * 150)
    expect(largestDifference(latent, encodedRows(autoencoder, values))).toBeLessThan(1e-12)
    const scale = (rows: Float64Array) =>
      rows.map((value, at) => value / autoencoder.standardisation.deviations[at % 7])
    const rows = await outputOf(decoderModel(autoencoder), latent)
    expect(largestDifference(scale(rows), scale(decodedRows(autoencoder, latent)))).toBeLessThan(1e-11)
    expect(largestDifference(scale(rows), scale(reconstructedRows(autoencoder, values)))).toBeLessThan(1e-10)
  })

  it("tells the columns that it was made for", async () => {
    const read = await Effect.runPromise(decodeModel("encoder", encodeModel(encoderModel(autoencoder))))
    expect(JSON.parse(read.metadata.columns)).toEqual(autoencoder.names)
    expect(JSON.parse(read.metadata.units)[1]).toBe("1/m^3")
  })
})
