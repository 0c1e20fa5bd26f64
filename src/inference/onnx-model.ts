import { Effect } from "effect"
import { ModelUnreadable } from "./errors.ts"
import {
  decodeProto,
  encodeProto,
  type ProtoAttribute,
  type ProtoModel,
  type ProtoNode,
  type ProtoPort,
  type ProtoTensor,
} from "./onnx-proto.ts"
import { type ElementType, elementTypeOf, type Port, type TensorData, type TensorValue } from "./tensor.ts"

/** A setting of an operator. */
export type OnnxAttribute =
  | { readonly kind: "int"; readonly value: number }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "tensor"; readonly value: TensorValue }
  | { readonly kind: "ints"; readonly values: ArrayLike<number> }
  | { readonly kind: "floats"; readonly values: ArrayLike<number> }
  | { readonly kind: "strings"; readonly values: readonly string[] }

/** One operator with the names of what goes in and comes out. */
export interface OnnxNode {
  readonly operator: string
  /** Set of operators that it belongs to: "" for the standard one, "ai.onnx.ml" for trees */
  readonly domain: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, OnnxAttribute>>
}

/** A model as a graph of operators, in the order in which they run. */
export interface OnnxModel {
  /** Version of each set of operators by its domain */
  readonly operatorSets: Readonly<Record<string, number>>
  readonly name: string
  readonly description: string
  readonly nodes: readonly OnnxNode[]
  readonly constants: Readonly<Record<string, TensorValue>>
  readonly inputs: readonly Port[]
  readonly outputs: readonly Port[]
  /** Words kept beside the graph, such as the names of columns */
  readonly metadata: Readonly<Record<string, string>>
}

/** The standard operators of a version that every ONNX Runtime since 1.15 runs. */
export const standardOperators: Readonly<Record<string, number>> = { "": 17 }

/** Version of the file format that goes with these operators. */
const fileVersion = 8
const producer = "synchrode"

/** Numbers of the element types in the format (TensorProto.DataType). */
const elementNumbers: Readonly<Record<ElementType, number>> = {
  float32: 1,
  uint8: 2,
  uint16: 4,
  int32: 6,
  int64: 7,
  float64: 11,
}

const elementNames = new Map(Object.entries(elementNumbers).map(([name, number]) => [number, name as ElementType]))

/** Numbers of the kinds of attributes (AttributeProto.AttributeType). */
const attributeNumbers = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7, strings: 8 } as const

const arraysOf: Readonly<Record<ElementType, (bytes: ArrayBuffer) => TensorData>> = {
  float32: (bytes) => new Float32Array(bytes),
  float64: (bytes) => new Float64Array(bytes),
  int32: (bytes) => new Int32Array(bytes),
  int64: (bytes) => new BigInt64Array(bytes),
  uint8: (bytes) => new Uint8Array(bytes),
  uint16: (bytes) => new Uint16Array(bytes),
}

/** An operator of the standard set without settings. */
export const standardNode = (operator: string, inputs: readonly string[], outputs: readonly string[]): OnnxNode => ({
  operator,
  domain: "",
  inputs,
  outputs,
  attributes: {},
})

const encoded = (text: string): Uint8Array => new TextEncoder().encode(text)
const decoded = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

const countOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)

/** Numbers lie in the file as in memory: both little-endian on every machine that Node runs on. */
const protoTensor = (name: string, { data, shape }: TensorValue): ProtoTensor => {
  const type = elementTypeOf(data)
  if (type === undefined) throw new RangeError(`constant ${name} is of an unknown kind`)
  if (countOf(shape) !== data.length) {
    throw new RangeError(`constant ${name} has ${data.length} numbers for the shape [${shape.join(", ")}]`)
  }
  const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return { name, dims: shape, dataType: elementNumbers[type], rawData }
}

const protoAttribute = (name: string, attribute: OnnxAttribute): ProtoAttribute => {
  const type = attributeNumbers[attribute.kind]
  switch (attribute.kind) {
    case "int":
      return { name, type, i: attribute.value }
    case "float":
      return { name, type, f: attribute.value }
    case "string":
      return { name, type, s: encoded(attribute.value) }
    case "tensor":
      return { name, type, t: protoTensor("", attribute.value) }
    case "ints":
      return { name, type, ints: attribute.values }
    case "floats":
      return { name, type, floats: attribute.values }
    case "strings":
      return { name, type, strings: attribute.values.map(encoded) }
  }
}

const protoNode = ({ operator, domain, inputs, outputs, attributes }: OnnxNode): ProtoNode => ({
  opType: operator,
  domain,
  input: inputs,
  output: outputs,
  attribute: Object.entries(attributes).map(([name, attribute]) => protoAttribute(name, attribute)),
})

const protoPort = ({ name, type, shape }: Port): ProtoPort => {
  const elemType = elementNumbers[type as ElementType]
  if (elemType === undefined) throw new RangeError(`port ${name} is of the unknown type ${type}`)
  const dim = shape.map((size) => (typeof size === "number" ? { dimValue: size } : { dimParam: size }))
  return { name, type: { tensorType: { elemType, shape: { dim } } } }
}

/**
 * The bytes of an ONNX file that holds a model; integers must be exact, floats are rounded to 32 bits where the format
 * has them so (attributes).
 * @throws RangeError where a constant's shape is not that of its numbers, or a type has no number in the format
 */
export const encodeModel = (model: OnnxModel): Uint8Array<ArrayBuffer> =>
  encodeProto({
    irVersion: fileVersion,
    producerName: producer,
    docString: model.description,
    opsetImport: Object.entries(model.operatorSets).map(([domain, version]) => ({ domain, version })),
    metadataProps: Object.entries(model.metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: model.name,
      node: model.nodes.map(protoNode),
      initializer: Object.entries(model.constants).map(([name, value]) => protoTensor(name, value)),
      input: model.inputs.map(protoPort),
      output: model.outputs.map(protoPort),
    },
  })

const tensorOf = (tensor: ProtoTensor): TensorValue => {
  const name = tensor.name ?? "of an attribute"
  const type = elementNames.get(tensor.dataType ?? 0)
  if (type === undefined) throw new RangeError(`tensor ${name} is of type ${tensor.dataType}, which is not read here`)
  if (tensor.dataLocation) throw new RangeError(`tensor ${name} lies in another file, which is not read here`)
  const shape = Array.from(tensor.dims ?? [])
  const data = tensor.rawData?.length ? rawNumbers(name, type, tensor.rawData) : listedNumbers(type, tensor)
  if (data.length !== countOf(shape)) {
    throw new RangeError(`tensor ${name} has ${data.length} numbers for the shape [${shape.join(", ")}]`)
  }
  return { data, shape }
}

const rawNumbers = (name: string, type: ElementType, bytes: Uint8Array): TensorData => {
  const size = arraysOf[type](new ArrayBuffer(0)).BYTES_PER_ELEMENT
  if (bytes.length % size !== 0) throw new RangeError(`tensor ${name} has ${bytes.length} bytes of ${size} a number`)
  return arraysOf[type](Uint8Array.from(bytes).buffer)
}

const listedNumbers = (type: ElementType, tensor: ProtoTensor): TensorData => {
  if (type === "float32") return Float32Array.from(tensor.floatData ?? [])
  if (type === "float64") return Float64Array.from(tensor.doubleData ?? [])
  if (type === "int64") return BigInt64Array.from(tensor.int64Data ?? [], BigInt)
  const numbers = tensor.int32Data ?? []
  return type === "int32"
    ? Int32Array.from(numbers)
    : type === "uint8"
      ? Uint8Array.from(numbers)
      : Uint16Array.from(numbers)
}

const attributeOf = ({ name = "", type, f, i, s, t, floats, ints, strings }: ProtoAttribute): OnnxAttribute => {
  switch (type) {
    case attributeNumbers.float:
      return { kind: "float", value: f ?? 0 }
    case attributeNumbers.int:
      return { kind: "int", value: i ?? 0 }
    case attributeNumbers.string:
      return { kind: "string", value: decoded(s ?? new Uint8Array(0)) }
    case attributeNumbers.tensor:
      return { kind: "tensor", value: tensorOf(t ?? {}) }
    case attributeNumbers.floats:
      return { kind: "floats", values: floats ?? [] }
    case attributeNumbers.ints:
      return { kind: "ints", values: ints ?? [] }
    case attributeNumbers.strings:
      return { kind: "strings", values: (strings ?? []).map(decoded) }
    default:
      throw new RangeError(`attribute ${name} is of kind ${type}, which is not read here`)
  }
}

const nodeOf = ({ opType = "", domain = "", input = [], output = [], attribute = [] }: ProtoNode): OnnxNode => ({
  operator: opType,
  // The standard set has two names.
  domain: domain === "ai.onnx" ? "" : domain,
  inputs: input,
  outputs: output,
  attributes: Object.fromEntries(attribute.map((value) => [value.name ?? "", attributeOf(value)])),
})

const portOf = ({ name = "", type }: ProtoPort): Port => {
  const tensor = type?.tensorType
  return {
    name,
    type: tensor === undefined ? "no tensor" : (elementNames.get(tensor.elemType ?? 0) ?? `type ${tensor.elemType}`),
    shape: (tensor?.shape?.dim ?? []).map(({ dimValue, dimParam }) => dimValue ?? dimParam ?? "unknown"),
  }
}

const modelOf = ({ docString = "", opsetImport = [], metadataProps = [], graph }: ProtoModel): OnnxModel => {
  if (graph === undefined || opsetImport.length === 0) throw new RangeError("expected an ONNX model; found no graph")
  const { name = "", node = [], initializer = [], input = [], output = [] } = graph
  const constants = Object.fromEntries(initializer.map((tensor) => [tensor.name ?? "", tensorOf(tensor)]))
  return {
    operatorSets: Object.fromEntries(
      opsetImport.map(({ domain = "", version = 0 }) => [domain === "ai.onnx" ? "" : domain, version]),
    ),
    name,
    description: docString,
    nodes: node.map(nodeOf),
    constants,
    // Old files list constants among the inputs as well.
    inputs: input.map(portOf).filter((port) => !Object.hasOwn(constants, port.name)),
    outputs: output.map(portOf),
    metadata: Object.fromEntries(metadataProps.map(({ key = "", value = "" }) => [key, value])),
  }
}

/**
 * The model that an ONNX file holds. Graphs within nodes (loops, branches), constants in other files and element types
 * other than those of `ElementType` are refused by name.
 * @param name   what to call the file in messages
 */
export const decodeModel = (name: string, bytes: Uint8Array): Effect.Effect<OnnxModel, ModelUnreadable> =>
  Effect.try({
    try: () => modelOf(decodeProto(bytes)),
    catch: (cause) =>
      new ModelUnreadable({ model: name, reason: cause instanceof Error ? cause.message : String(cause) }),
  })
