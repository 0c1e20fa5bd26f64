import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { seededRandom } from "../../src/array/random.ts"
import {
  AutoencoderLoss,
  publishedRegularisation,
  type Regularisation,
  unregularised,
} from "../../src/learning/autoencoder-loss.ts"
import { applyLayers, blockSize } from "../../src/learning/layer-memory.ts"
import {
  type AutoencoderShape,
  decoderLayers,
  encoderLayers,
  type Layer,
  layerPlaces,
  startParameters,
} from "../../src/learning/layers.ts"

/** The same layers in plain loops. */
const plainly = (layers: readonly Layer[], parameters: Float64Array, inputs: Float64Array): Float64Array => {
  let values = inputs
  for (const [index, { weights, biases }] of layerPlaces(layers).entries()) {
    const { inputCount, outputCount, activation } = layers[index]
    const rowCount = values.length / inputCount
    const next = new Float64Array(rowCount * outputCount)
    for (let row = 0; row < rowCount; row++) {
      for (let unit = 0; unit < outputCount; unit++) {
        let z = parameters[biases + unit]
        for (let k = 0; k < inputCount; k++)
          z += parameters[weights + unit * inputCount + k] * values[row * inputCount + k]
        next[row * outputCount + unit] =
          activation.kind === "linear" ? z : activation.kind === "tangent" ? Math.tanh(z) : 1 / (1 + Math.exp(-z))
      }
    }
    values = next
  }
  return values
}

/** The loss as it is written down. */
const plainLoss = (
  shape: AutoencoderShape,
  { weightPenalty, sparsityPenalty, sparsity }: Regularisation,
  parameters: Float64Array,
  rows: Float64Array,
): number => {
  const layers = [...encoderLayers(shape), ...decoderLayers(shape)]
  const n = rows.length / shape.columnCount
  const output = plainly(layers, parameters, rows)
  const latent = plainly(encoderLayers(shape), parameters, rows)
  let loss = output.reduce((sum, value, at) => sum + (value - rows[at]) ** 2, 0) / n
  for (const { weights, biases } of layerPlaces(layers))
    for (let at = weights; at < biases; at++) loss += (weightPenalty / 2) * parameters[at] ** 2
  for (let unit = 0; unit < shape.latentCount; unit++) {
    let mean = 0
    for (let row = 0; row < n; row++) mean += latent[row * shape.latentCount + unit] / n
    loss +=
      sparsityPenalty * (sparsity * Math.log(sparsity / mean) + (1 - sparsity) * Math.log((1 - sparsity) / (1 - mean)))
  }
  return loss
}

const shapes: fc.Arbitrary<AutoencoderShape> = fc.record({
  columnCount: fc.integer({ min: 1, max: 11 }),
  hiddenCount: fc.integer({ min: 0, max: 9 }),
  latentCount: fc.integer({ min: 1, max: 7 }),
})
const cases = fc.record({ shape: shapes, rowCount: fc.integer({ min: 1, max: 23 }), seed: fc.integer() })
const strong: Regularisation = { weightPenalty: 0.3, sparsityPenalty: 0.7, sparsity: 0.2 }

const drawn = (shape: AutoencoderShape, rowCount: number, seed: number, spread = 1) => {
  const random = seededRandom(seed)
  const parameters = startParameters([...encoderLayers(shape), ...decoderLayers(shape)], random)
  for (let at = 0; at < parameters.length; at++) parameters[at] = spread * (parameters[at] + 0.2 * random.normal())
  return { parameters, values: Float64Array.from({ length: rowCount * shape.columnCount }, random.normal) }
}

const everyRow = (rowCount: number): Int32Array => Int32Array.from({ length: rowCount }, (_, row) => row)

describe("layers", () => {
  it("give what plain loops give, for any number of rows", () => {
    fc.assert(
      fc.property(cases, fc.constantFrom(1, 30), ({ shape, rowCount, seed }, spread) => {
        const { parameters, values } = drawn(shape, rowCount, seed, spread)
        const layers = [...encoderLayers(shape), ...decoderLayers(shape)]
        const found = applyLayers(layers, parameters, values)
        const known = plainly(layers, parameters, values)
        expect(found.length).toBe(known.length)
        for (let at = 0; at < known.length; at++)
          expect(Math.abs(found[at] - known[at])).toBeLessThan(1e-12 * spread ** 2)
      }),
    )
  })

  it("go on over blocks of rows", () => {
    const shape = { columnCount: 2, hiddenCount: 0, latentCount: 1 }
    const { parameters: all, values } = drawn(shape, blockSize + 3, 4)
    const parameters = all.subarray(0, 3)
    const found = applyLayers(encoderLayers(shape), parameters, values)
    const known = plainly(encoderLayers(shape), parameters, values)
    expect(Math.max(...found.map((value, at) => Math.abs(value - known[at])))).toBeLessThan(1e-14)
  })

  it("keep to (0, 1) and to finite numbers far out", () => {
    const shape = { columnCount: 1, hiddenCount: 0, latentCount: 1 }
    const found = applyLayers(encoderLayers(shape), Float64Array.of(1e6, 0), Float64Array.of(-1, 1, 0, 1e-7))
    expect(found[0]).toBeLessThan(1e-300)
    expect(found[1]).toBe(1)
    expect(found[2]).toBe(0.5)
    expect(found[3]).toBeCloseTo(1 / (1 + Math.exp(-0.1)), 14)
  })
})

describe("the loss", () => {
  it("is what is written down", () => {
    fc.assert(
      fc.property(
        cases,
        fc.constantFrom(strong, publishedRegularisation, unregularised),
        ({ shape, rowCount, seed }, penalties) => {
          const { parameters, values } = drawn(shape, rowCount, seed)
          const loss = new AutoencoderLoss(shape, penalties, values, everyRow(rowCount))
          const known = plainLoss(shape, penalties, parameters, values)
          expect(loss.evaluate(parameters, new Float64Array(parameters.length))).toBeCloseTo(known, 10)
          expect(loss.error(parameters)).toBeCloseTo(plainLoss(shape, unregularised, parameters, values), 10)
          loss.dispose()
        },
      ),
    )
  })

  it("has the slopes of its differences", () => {
    fc.assert(
      fc.property(
        cases,
        fc.constantFrom(strong, publishedRegularisation, unregularised),
        ({ shape, rowCount, seed }, penalties) => {
          const { parameters, values } = drawn(shape, rowCount, seed)
          const loss = new AutoencoderLoss(shape, penalties, values, everyRow(rowCount))
          const gradient = new Float64Array(parameters.length)
          const scratch = new Float64Array(parameters.length)
          loss.evaluate(parameters, gradient)
          const step = 1e-5
          for (let at = 0; at < parameters.length; at++) {
            const moved = parameters.slice()
            moved[at] += step
            const above = loss.evaluate(moved, scratch)
            moved[at] -= 2 * step
            const below = loss.evaluate(moved, scratch)
            const slope = (above - below) / (2 * step)
            expect(Math.abs(gradient[at] - slope)).toBeLessThan(2e-7 * (1 + Math.abs(slope)))
          }
          loss.dispose()
        },
      ),
      { numRuns: 40 },
    )
  })

  it("is the same over several blocks as over one", () => {
    const shape = { columnCount: 3, hiddenCount: 2, latentCount: 2 }
    const rowCount = 2 * blockSize + 5
    const { parameters, values } = drawn(shape, rowCount, 8)
    const loss = new AutoencoderLoss(shape, strong, values, everyRow(rowCount))
    const gradient = new Float64Array(parameters.length)
    expect(loss.evaluate(parameters, gradient)).toBeCloseTo(plainLoss(shape, strong, parameters, values), 9)
    const at = 4
    const scratch = new Float64Array(parameters.length)
    const moved = (by: number) =>
      loss.evaluate(
        parameters.map((value, k) => value + (k === at ? by : 0)),
        scratch,
      )
    expect(gradient[at]).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 6)
  })

  it("of a batch is that of its rows alone", () => {
    const shape = { columnCount: 4, hiddenCount: 3, latentCount: 2 }
    const { parameters, values } = drawn(shape, 20, 8)
    const rows = Int32Array.of(3, 5, 8, 11, 19)
    const batches = new AutoencoderLoss(shape, strong, values, rows, 4)
    const alone = new AutoencoderLoss(shape, strong, values, Int32Array.of(5, 19, 3))
    const [a, b] = [new Float64Array(parameters.length), new Float64Array(parameters.length)]
    expect(batches.evaluateBatch(parameters, Int32Array.of(1, 4, 0), a)).toBe(alone.evaluate(parameters, b))
    expect(a).toEqual(b)
    expect(() => batches.evaluate(parameters, a)).toThrow("batches alone")
  })
})
