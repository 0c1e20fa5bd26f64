import { assertLength } from "../array/assert.ts"
import type { Random } from "../array/random.ts"

/** What a unit makes of its weighted inputs z: z, tanh z, or 1 / (1 + e⁻ᶻ). */
export type Activation = { readonly kind: "linear" } | { readonly kind: "tangent" } | { readonly kind: "sigmoid" }

/** One layer of units, each of which sees all units of the layer before. */
export interface Layer {
  readonly inputCount: number
  readonly outputCount: number
  readonly activation: Activation
}

/** Sizes of an autoencoder: columns → hidden → latent → hidden → columns. */
export interface AutoencoderShape {
  readonly columnCount: number
  /** Units of each hidden layer; 0 for none, columns → latent → columns */
  readonly hiddenCount: number
  readonly latentCount: number
}

const linear: Activation = { kind: "linear" }
const tangent: Activation = { kind: "tangent" }
const sigmoid: Activation = { kind: "sigmoid" }

const layer = (inputCount: number, outputCount: number, activation: Activation): Layer => ({
  inputCount,
  outputCount,
  activation,
})

const assertShape = (shape: AutoencoderShape): void => {
  for (const [name, count] of Object.entries(shape)) {
    const least = name === "hiddenCount" ? 0 : 1
    if (!(Number.isInteger(count) && count >= least)) throw new RangeError(`${name} is ${count}`)
  }
}

/** Layers from the columns to the latent values, which lie in (0, 1). */
export const encoderLayers = (shape: AutoencoderShape): readonly Layer[] => {
  assertShape(shape)
  const { columnCount, hiddenCount, latentCount } = shape
  return hiddenCount === 0
    ? [layer(columnCount, latentCount, sigmoid)]
    : [layer(columnCount, hiddenCount, tangent), layer(hiddenCount, latentCount, sigmoid)]
}

/** Layers from the latent values to the columns. */
export const decoderLayers = (shape: AutoencoderShape): readonly Layer[] => {
  assertShape(shape)
  const { columnCount, hiddenCount, latentCount } = shape
  return hiddenCount === 0
    ? [layer(latentCount, columnCount, linear)]
    : [layer(latentCount, hiddenCount, tangent), layer(hiddenCount, columnCount, linear)]
}

/** Where the numbers of one layer lie among the parameters: weights [output, input] row by row, then biases [output]. */
export interface LayerPlace {
  readonly weights: number
  readonly biases: number
  readonly end: number
}

/** Places of all layers, one after the other. */
export const layerPlaces = (layers: readonly Layer[]): readonly LayerPlace[] => {
  let at = 0
  return layers.map(({ inputCount, outputCount }) => {
    const weights = at
    const biases = weights + inputCount * outputCount
    at = biases + outputCount
    return { weights, biases, end: at }
  })
}

/** Number of weights and biases. */
export const parameterCountOf = (layers: readonly Layer[]): number =>
  layers.reduce((sum, { inputCount, outputCount }) => sum + (inputCount + 1) * outputCount, 0)

/**
 * Parameters to start from: weights uniform within ±√(6 / (inputs + outputs)), biases zero.
 * @source X. Glorot, Y. Bengio, Proc. 13th Int. Conf. Artif. Intell. Stat. (2010) 249, eq. (16)
 */
export const startParameters = (layers: readonly Layer[], random: Random): Float64Array => {
  const parameters = new Float64Array(parameterCountOf(layers))
  for (const [index, { weights, biases }] of layerPlaces(layers).entries()) {
    const { inputCount, outputCount } = layers[index]
    const reach = Math.sqrt(6 / (inputCount + outputCount))
    for (let at = weights; at < biases; at++) parameters[at] = reach * (2 * random.uniform() - 1)
  }
  return parameters
}

/** ½ Σ w² over the weights, biases excepted; its slope times `factor` is added. @param gradient [parameter] */
export const addWeightPenalty = (
  layers: readonly Layer[],
  parameters: Float64Array,
  factor: number,
  gradient: Float64Array,
): number => {
  assertLength("gradient", gradient, parameters.length)
  let sum = 0
  for (const { weights, biases } of layerPlaces(layers)) {
    for (let at = weights; at < biases; at++) {
      sum += parameters[at] * parameters[at]
      gradient[at] += factor * parameters[at]
    }
  }
  return sum / 2
}
