import {
  answerStep,
  type NetworkStep,
  networkPlan,
  type StarNetworkShape,
  sightOf,
} from "../learning/segmenter/shape.ts"
import { type OnnxAttribute, type OnnxModel, type OnnxNode, standardNode, standardOperators } from "./onnx-model.ts"
import type { TensorValue } from "./tensor.ts"

/** What a model's file says of itself, as JSON under `starNetworkKey`. */
export interface StarNetworkFacts {
  readonly shape: StarNetworkShape
  /** Widths and heights must be multiples of this [pixel] */
  readonly sizeStep: number
  /** How far an answer sees [pixel] */
  readonly sight: number
  /** Pixels beyond which neighbouring answers tell nothing new */
  readonly answerStep: number
}

export const starNetworkKey = "synchrode.star-network"

/** Values in the graph that hold the answers before what lies between them is filled in. */
export const answerNames = ["probability_answers", "distances_answers"] as const

const withSettings = (node: OnnxNode, attributes: Readonly<Record<string, OnnxAttribute>>): OnnxNode => ({
  ...node,
  attributes,
})

const ints = (...values: readonly number[]): OnnxAttribute => ({ kind: "ints", values })
const int = (value: number): OnnxAttribute => ({ kind: "int", value })
const text = (value: string): OnnxAttribute => ({ kind: "string", value })
const longs = (...values: readonly number[]): TensorValue => ({
  data: BigInt64Array.from(values, BigInt),
  shape: [values.length],
})
const scales = (factor: number): TensorValue => ({ data: Float32Array.of(1, 1, factor, factor), shape: [4] })

/** Each pixel `factor`² times, as the kernels do it. */
const nearest = {
  mode: text("nearest"),
  coordinate_transformation_mode: text("asymmetric"),
  nearest_mode: text("floor"),
}
const linear = { mode: text("linear"), coordinate_transformation_mode: text("half_pixel") }

/**
 * A star-convex network as an ONNX model: `image` [1, height, width], gray values with the range's ends at zero and one →
 * `probability` [height, width, 1] in 0 … 1 and `distances` [height, width, ray] in pixels, 32 bits all. Between its
 * answers they are interpolated. Height and width are multiples of 2^(levels − 1).
 * @param parameters [parameter]
 * @param metadata   further words for the file
 */
export const segmenterModel = (
  shape: StarNetworkShape,
  parameters: Float32Array | Float64Array,
  metadata: Readonly<Record<string, string>> = {},
): OnnxModel => {
  const { blocks, steps } = networkPlan(shape)
  const { rayCount, distanceScale, channels } = shape
  const step = answerStep(shape)
  const nodes: OnnxNode[] = [standardNode("Unsqueeze", ["image", "channel_axis"], ["block0"])]
  const constants: Record<string, TensorValue> = {
    channel_axis: longs(1),
    batch_axis: longs(0),
    parts: longs(1, rayCount),
    twice: scales(2),
    distance_scale: { data: Float32Array.of(distanceScale), shape: [] },
  }
  // Where two paths meet, each has its own name until they are joined.
  const rangeName = ({ block, first }: NetworkStep["to"]): string =>
    first === 0 ? `block${block}` : `block${block}_above`
  const joined = new Set<number>()
  for (const one of steps) {
    const isWhole = (range: NetworkStep["to"]): boolean => range.count === blocks[range.block].channels
    const from = isWhole(one.from) && joined.has(one.from.block) ? `block${one.from.block}_joined` : rangeName(one.from)
    const to = rangeName(one.to)
    if (one.kind === "pool") {
      nodes.push(withSettings(standardNode("MaxPool", [from], [to]), { kernel_shape: ints(2, 2), strides: ints(2, 2) }))
    } else if (one.kind === "enlarge") {
      nodes.push(withSettings(standardNode("Resize", [from, "", "twice"], [to]), nearest))
      nodes.push(
        withSettings(standardNode("Concat", [`block${one.to.block}`, to], [`block${one.to.block}_joined`]), {
          axis: int(1),
        }),
      )
      joined.add(one.to.block)
    } else {
      const edge = one.taps === 9 ? 3 : 1
      const pad = (edge - 1) / 2
      const [weights, biases] = [`${one.name}_weights`, `${one.name}_biases`]
      const end = one.biases + one.to.count
      constants[weights] = {
        data: Float32Array.from(parameters.subarray(one.weights, one.biases)),
        shape: [one.to.count, one.from.count, edge, edge],
      }
      constants[biases] = { data: Float32Array.from(parameters.subarray(one.biases, end)), shape: [one.to.count] }
      const settings = { kernel_shape: ints(edge, edge), pads: ints(pad, pad, pad, pad) }
      const out = one.rectified ? `${one.name}_sum` : to
      nodes.push(withSettings(standardNode("Conv", [from, weights, biases], [out]), settings))
      if (one.rectified) nodes.push(standardNode("Relu", [out], [to]))
    }
  }
  const answers = rangeName(steps[steps.length - 1].to)
  nodes.push(
    withSettings(standardNode("Split", [answers, "parts"], ["logit", "ways"]), { axis: int(1) }),
    standardNode("Sigmoid", ["logit"], [answerNames[0]]),
    standardNode("Mul", ["ways", "distance_scale"], [answerNames[1]]),
  )
  for (const name of ["probability", "distances"]) {
    const from = `${name}_answers`
    const fine = step === 1 ? from : `${name}_fine`
    if (step > 1) nodes.push(withSettings(standardNode("Resize", [from, "", "answer_scales"], [fine]), linear))
    nodes.push(
      standardNode("Squeeze", [fine, "batch_axis"], [`${name}_planes`]),
      withSettings(standardNode("Transpose", [`${name}_planes`], [name]), { perm: ints(1, 2, 0) }),
    )
  }
  if (step > 1) constants.answer_scales = scales(step)
  const facts: StarNetworkFacts = {
    shape,
    sizeStep: 2 ** (channels.length - 1),
    sight: sightOf(shape),
    answerStep: step,
  }
  return {
    operatorSets: standardOperators,
    name: "star-convex segmenter",
    description: "probability that a pixel lies in a particle, by its depth, and distances to the particle's outline",
    nodes,
    constants,
    inputs: [{ name: "image", type: "float32", shape: [1, "height", "width"] }],
    outputs: [
      { name: "probability", type: "float32", shape: ["height", "width", 1] },
      { name: "distances", type: "float32", shape: ["height", "width", rayCount] },
    ],
    metadata: { ...metadata, [starNetworkKey]: JSON.stringify(facts) },
  }
}
