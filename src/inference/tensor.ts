/** Numbers that a model takes or gives, row after row (the last axis runs fastest). */
export interface TensorValue {
  readonly data: TensorData
  /** Product equal to the length of `data`. */
  readonly shape: readonly number[]
}

/** The arrays of the element types that models of this program use. */
export type TensorData = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array | Uint16Array

/** Name of an element type as ONNX Runtime has it. */
export type ElementType = "float32" | "float64" | "int32" | "int64" | "uint8" | "uint16"

/** An input or output of a model. */
export interface Port {
  readonly name: string
  /** An element type; other kinds that ONNX has are given by their own name. */
  readonly type: string
  /** One entry an axis: its size, or a name for a size that may differ from run to run. */
  readonly shape: readonly (number | string)[]
}

const elementTypes: Readonly<Record<string, ElementType>> = {
  Float32Array: "float32",
  Float64Array: "float64",
  Int32Array: "int32",
  BigInt64Array: "int64",
  Uint8Array: "uint8",
  Uint16Array: "uint16",
}

/** The element type that an array holds; undefined for other arrays. */
export const elementTypeOf = (data: object): ElementType | undefined =>
  elementTypes[Object.prototype.toString.call(data).slice("[object ".length, -1)]

const written = (type: string, shape: readonly (number | string)[]): string => `${type} [${shape.join(", ")}]`

/** What is wrong with one value for one port; sizes of named axes are noted in `sizes` as they are met. */
const faultOf = (port: Port, { data, shape }: TensorValue, sizes: Map<string, number>): string | undefined => {
  const type = elementTypeOf(data) ?? "an unknown type"
  const found = `expected ${written(port.type, port.shape)}, found ${written(type, shape)}`
  if (type !== port.type || shape.length !== port.shape.length) return found
  const count = shape.reduce((product, size) => product * size, 1)
  if (count !== data.length) return `${data.length} numbers for the shape [${shape.join(", ")}]`
  for (const [axis, size] of port.shape.entries()) {
    if (typeof size === "number") {
      if (shape[axis] !== size) return found
    } else if (sizes.has(size) && sizes.get(size) !== shape[axis]) {
      return `${found}, where ${size} is ${sizes.get(size)} already`
    } else {
      sizes.set(size, shape[axis])
    }
  }
  return undefined
}

/** One thing that does not fit, by the name of the port. */
export interface Misfit {
  readonly name: string
  readonly reason: string
}

/** Where some values do not fit the inputs of a model: missing, unknown, of wrong type or shape. */
export const misfitsOf = (
  inputs: readonly Port[],
  values: Readonly<Record<string, TensorValue>>,
): readonly Misfit[] => {
  const sizes = new Map<string, number>()
  const names = inputs.map(({ name }) => name)
  const missing = inputs.flatMap((port): Misfit[] => {
    const value = Object.hasOwn(values, port.name) ? values[port.name] : undefined
    const reason = value === undefined ? `expected ${written(port.type, port.shape)}` : faultOf(port, value, sizes)
    return reason === undefined ? [] : [{ name: port.name, reason }]
  })
  const unknown = Object.keys(values).filter((name) => !names.includes(name))
  return [...missing, ...unknown.map((name) => ({ name, reason: `no such input; there are ${names.join(", ")}` }))]
}

/** Where the ports of a model are not those wanted; a wanted name of an axis stands for any size or name. */
export const differencesOf = (wanted: readonly Port[], found: readonly Port[]): readonly Misfit[] =>
  wanted.flatMap(({ name, type, shape }): Misfit[] => {
    const port = found.find((other) => other.name === name)
    if (port === undefined)
      return [{ name, reason: `missing; there are ${found.map((other) => other.name).join(", ")}` }]
    const fits =
      port.type === type &&
      port.shape.length === shape.length &&
      shape.every((size, axis) => typeof size === "string" || size === port.shape[axis])
    return fits ? [] : [{ name, reason: `expected ${written(type, shape)}, found ${written(port.type, port.shape)}` }]
  })
