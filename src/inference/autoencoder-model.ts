import { type Autoencoder, decoderParameters, encoderParameters } from "../learning/autoencoder.ts"
import { decoderLayers, encoderLayers, type Layer, layerPlaces } from "../learning/layers.ts"
import { type OnnxModel, type OnnxNode, standardNode, standardOperators } from "./onnx-model.ts"
import type { TensorValue } from "./tensor.ts"

/** Operators and constants of some layers, from one name to another. */
interface Part {
  readonly nodes: readonly OnnxNode[]
  readonly constants: Readonly<Record<string, TensorValue>>
}

const activationOperators = { linear: "Identity", tangent: "Tanh", sigmoid: "Sigmoid" } as const

const vector = (values: Float64Array): TensorValue => ({ data: Float64Array.from(values), shape: [values.length] })

const layersPart = (layers: readonly Layer[], parameters: Float64Array, input: string, output: string): Part => {
  const nodes: OnnxNode[] = []
  const constants: Record<string, TensorValue> = {}
  const places = layerPlaces(layers)
  for (const [index, { inputCount, outputCount, activation }] of layers.entries()) {
    const { weights, biases, end } = places[index]
    // Rows are multiplied from the left: [input, output].
    const transposed = new Float64Array(inputCount * outputCount)
    for (let unit = 0; unit < outputCount; unit++)
      for (let k = 0; k < inputCount; k++)
        transposed[k * outputCount + unit] = parameters[weights + unit * inputCount + k]
    const [name, last] = [`layer${index + 1}`, index === layers.length - 1]
    constants[`${name}_weights`] = { data: transposed, shape: [inputCount, outputCount] }
    constants[`${name}_biases`] = vector(parameters.subarray(biases, end))
    const from = index === 0 ? input : `layer${index}`
    nodes.push(
      standardNode("MatMul", [from, `${name}_weights`], [`${name}_product`]),
      standardNode("Add", [`${name}_product`, `${name}_biases`], [`${name}_sum`]),
      standardNode(activationOperators[activation.kind], [`${name}_sum`], [last ? output : name]),
    )
  }
  return { nodes, constants }
}

/** Names and units of the columns, as JSON lists. */
const metadataOf = ({ names, units }: Autoencoder): Readonly<Record<string, string>> => ({
  columns: JSON.stringify(names),
  units: JSON.stringify(units),
})

/**
 * The encoder of an autoencoder as an ONNX model: `attributes` [rows, column] in the columns' units → `latent`
 * [rows, latent], both of 64 bits. The columns' names and units are in its metadata.
 */
export const encoderModel = (autoencoder: Autoencoder): OnnxModel => {
  const { shape, standardisation } = autoencoder
  const { nodes, constants } = layersPart(
    encoderLayers(shape),
    encoderParameters(autoencoder),
    "standardised",
    "latent",
  )
  return {
    operatorSets: standardOperators,
    name: "encoder",
    description: "latent values of rows of attributes",
    nodes: [
      standardNode("Sub", ["attributes", "means"], ["centred"]),
      standardNode("Div", ["centred", "deviations"], ["standardised"]),
      ...nodes,
    ],
    constants: { means: vector(standardisation.means), deviations: vector(standardisation.deviations), ...constants },
    inputs: [{ name: "attributes", type: "float64", shape: ["rows", shape.columnCount] }],
    outputs: [{ name: "latent", type: "float64", shape: ["rows", shape.latentCount] }],
    metadata: metadataOf(autoencoder),
  }
}

/**
 * The decoder of an autoencoder as an ONNX model: `latent` [rows, latent] → `attributes` [rows, column] in the columns'
 * units, both of 64 bits.
 */
export const decoderModel = (autoencoder: Autoencoder): OnnxModel => {
  const { shape, standardisation } = autoencoder
  const { nodes, constants } = layersPart(
    decoderLayers(shape),
    decoderParameters(autoencoder),
    "latent",
    "standardised",
  )
  return {
    operatorSets: standardOperators,
    name: "decoder",
    description: "rows of attributes from latent values",
    nodes: [
      ...nodes,
      standardNode("Mul", ["standardised", "deviations"], ["centred"]),
      standardNode("Add", ["centred", "means"], ["attributes"]),
    ],
    constants: { means: vector(standardisation.means), deviations: vector(standardisation.deviations), ...constants },
    inputs: [{ name: "latent", type: "float64", shape: ["rows", shape.latentCount] }],
    outputs: [{ name: "attributes", type: "float64", shape: ["rows", shape.columnCount] }],
    metadata: metadataOf(autoencoder),
  }
}
