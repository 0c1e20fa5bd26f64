/** Just enough of ONNX's protobuf encoding to write a small model (onnx/onnx.proto, version 1.16). */

const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)])
const whole = (field: number, value: number): number[] => [...varint(field << 3), ...varint(value)]
const bytes = (field: number, content: readonly number[]): number[] => [
  ...varint((field << 3) | 2),
  ...varint(content.length),
  ...content,
]
const text = (field: number, value: string): number[] => bytes(field, [...new TextEncoder().encode(value)])

const elementTypes = { float32: 1, int64: 7, float64: 11 }
type Element = keyof typeof elementTypes

/** ValueInfoProto */
export const port = (name: string, type: Element, shape: readonly (number | string)[]): number[] => {
  const axes = shape.flatMap((size) => bytes(1, typeof size === "number" ? whole(1, size) : text(2, size)))
  return [...text(1, name), ...bytes(2, bytes(1, [...whole(1, elementTypes[type]), ...bytes(2, axes)]))]
}

/** TensorProto */
export const constant = (name: string, shape: readonly number[], values: Float32Array): number[] => [
  ...shape.flatMap((size) => whole(1, size)),
  ...whole(2, elementTypes.float32),
  ...text(8, name),
  ...bytes(9, [...new Uint8Array(values.buffer)]),
]

/** NodeProto */
export const node = (operator: string, inputs: readonly string[], outputs: readonly string[]): number[] => [
  ...inputs.flatMap((name) => text(1, name)),
  ...outputs.flatMap((name) => text(2, name)),
  ...text(4, operator),
]

/** ModelProto with one graph. */
export const model = (graph: {
  readonly nodes: readonly number[][]
  readonly constants: readonly number[][]
  readonly inputs: readonly number[][]
  readonly outputs: readonly number[][]
}): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([
    ...whole(1, 8),
    ...bytes(7, [
      ...graph.nodes.flatMap((content) => bytes(1, content)),
      ...text(2, "graph"),
      ...graph.constants.flatMap((content) => bytes(5, content)),
      ...graph.inputs.flatMap((content) => bytes(11, content)),
      ...graph.outputs.flatMap((content) => bytes(12, content)),
    ]),
    ...bytes(8, whole(2, 17)),
  ])
