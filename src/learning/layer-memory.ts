import { assertLength } from "../array/assert.ts"
import * as networkBytes from "../kernels/generated/network.ts"
import { kernel, Layout, returnMemory, takeMemory } from "../kernels/loader.ts"
import { type Layer, layerPlaces, parameterCountOf } from "./layers.ts"

type Work = (...operands: number[]) => void

interface NetworkKernel {
  readonly affine: Work
  readonly addOuter: Work
  readonly addSums: Work
  readonly clearBeyond: Work
  readonly sigmoid: Work
  readonly hyperbolicTangent: Work
  readonly backThroughSigmoid: Work
  readonly backThroughTangent: Work
  readonly residual: (...operands: number[]) => number
}

const networkKernel = kernel<NetworkKernel>(networkBytes)

/** Samples that go through together: small enough for a cache, large enough that calls do not count. */
export const blockSize = 2048

/** Whole fours, and at least one. */
const padded = (count: number): number => Math.max(4, Math.ceil(count / 4) * 4)

/** Some samples in the memory of the kernels, [column, sample], zeros beyond the last. */
export interface SampleBlock {
  readonly address: number
  readonly count: number
}

/** Layers with room for the values of one block of samples, in the memory of the kernels. */
export class LayerMemory {
  readonly layers: readonly Layer[]
  readonly parameterCount: number
  readonly #kernel: NetworkKernel
  readonly #parameters: number
  readonly #gradient: number
  readonly #values: readonly number[]
  readonly #slopes: readonly [number, number]
  readonly #extra: number
  readonly #blocks: readonly SampleBlock[]
  #memory: WebAssembly.Memory | undefined

  /** @param sampleCounts samples of each block that is kept, each at most `blockSize` */
  constructor(layers: readonly Layer[], sampleCounts: readonly number[]) {
    this.layers = layers
    this.parameterCount = parameterCountOf(layers)
    const layout = new Layout()
    const most = padded(Math.max(1, ...sampleCounts))
    const widest = Math.max(...layers.map(({ inputCount, outputCount }) => Math.max(inputCount, outputCount)))
    this.#parameters = layout.reserve(8 * this.parameterCount)
    this.#gradient = layout.reserve(8 * this.parameterCount)
    this.#values = layers.map(({ outputCount }) => layout.reserve(8 * outputCount * most))
    this.#slopes = [layout.reserve(8 * widest * most), layout.reserve(8 * widest * most)]
    this.#extra = layout.reserve(8 * widest)
    const { inputCount } = layers[0]
    this.#blocks = sampleCounts.map((count) => ({ address: layout.reserve(8 * inputCount * padded(count)), count }))
    this.#memory = takeMemory(layout.bytes)
    this.#kernel = networkKernel.instantiate(this.#memory)
    for (const { address, count } of this.#blocks) this.#view(address, inputCount * padded(count)).fill(0)
  }

  get blocks(): readonly SampleBlock[] {
    return this.#blocks
  }

  /**
   * Puts rows into a block.
   * @param values [row, input] row by row
   * @param rows   which of them; at most as many as the block has room for
   * @returns      the block with as many samples
   */
  write(block: SampleBlock, values: Float64Array, rows: ArrayLike<number>, from = 0, end = rows.length): SampleBlock {
    const count = end - from
    if (count > block.count) throw new RangeError(`${count} samples for a block of ${block.count}`)
    const width = this.layers[0].inputCount
    const line = padded(count)
    const out = this.#view(block.address, width * line)
    for (let column = 0; column < width; column++) {
      const place = column * line
      for (let k = 0; k < count; k++) out[place + k] = values[rows[from + k] * width + column]
      out.fill(0, place + count, place + line)
    }
    return { address: block.address, count }
  }

  /** @param parameters [parameter] */
  setParameters(parameters: Float64Array): void {
    assertLength("parameters", parameters, this.parameterCount)
    this.#view(this.#parameters, this.parameterCount).set(parameters)
  }

  clearGradient(): void {
    this.#view(this.#gradient, this.parameterCount).fill(0)
  }

  /** out = slopes of what `backward` went through since they were cleared. @param out [parameter] */
  readGradient(out: Float64Array): void {
    out.set(this.#view(this.#gradient, this.parameterCount))
  }

  /** Values of the first layers for a block. @param layerCount how many of them */
  forward({ address, count }: SampleBlock, layerCount = this.layers.length): void {
    const places = layerPlaces(this.layers)
    const line = padded(count)
    let from = address
    for (let index = 0; index < layerCount; index++) {
      const { inputCount, outputCount, activation } = this.layers[index]
      const to = this.#values[index]
      const [weights, biases] = [places[index].weights, places[index].biases].map((at) => this.#parameters + 8 * at)
      this.#kernel.affine(weights, outputCount, inputCount, inputCount, 1, biases, from, line, to)
      if (activation.kind === "sigmoid") this.#kernel.sigmoid(to, outputCount * line)
      if (activation.kind === "tangent") this.#kernel.hyperbolicTangent(to, outputCount * line)
      from = to
    }
  }

  /** Adds the sums over the block's samples of a layer's values. @param out [output] */
  addSums(layer: number, { count }: SampleBlock, out: Float64Array): void {
    const { outputCount } = this.layers[layer]
    this.#kernel.clearBeyond(this.#values[layer], outputCount, count, padded(count))
    const sums = this.#view(this.#extra, outputCount).fill(0)
    this.#kernel.addSums(this.#values[layer], outputCount, padded(count), this.#extra)
    for (let unit = 0; unit < outputCount; unit++) out[unit] += sums[unit]
  }

  /** Σ (last layer − block)², whose slopes times `factor` / 2 `backward` starts from. */
  residual({ address, count }: SampleBlock, factor: number): number {
    const last = this.layers.length - 1
    const { outputCount } = this.layers[last]
    const [slope] = this.#slopes
    return this.#kernel.residual(this.#values[last], address, outputCount, count, padded(count), factor, slope)
  }

  /**
   * Adds the slopes of the parameters, from those of the last layer's values that `residual` left, which must be linear.
   * @param extra [layer] slopes of the sums of sigmoid values, [output]; none where absent
   */
  backward({ address, count }: SampleBlock, extra: readonly (Float64Array | undefined)[]): void {
    const places = layerPlaces(this.layers)
    const line = padded(count)
    let [slope, next] = this.#slopes
    for (let index = this.layers.length - 1; index >= 0; index--) {
      const { inputCount, outputCount, activation } = this.layers[index]
      const values = this.#values[index]
      const more = this.#view(this.#extra, outputCount).fill(0)
      const given = extra[index]
      if (given !== undefined) more.set(given)
      if (activation.kind === "sigmoid") this.#kernel.backThroughSigmoid(slope, values, this.#extra, outputCount, line)
      if (activation.kind === "tangent") this.#kernel.backThroughTangent(slope, values, outputCount * line)
      this.#kernel.clearBeyond(slope, outputCount, count, line)
      const from = index === 0 ? address : this.#values[index - 1]
      const { weights, biases } = places[index]
      this.#kernel.addOuter(slope, outputCount, from, inputCount, line, this.#gradient + 8 * weights)
      this.#kernel.addSums(slope, outputCount, line, this.#gradient + 8 * biases)
      if (index === 0) return
      const transposed = this.#parameters + 8 * weights
      this.#kernel.affine(transposed, inputCount, outputCount, 1, inputCount, 0, slope, line, next)
      const kept = slope
      slope = next
      next = kept
    }
  }

  /** Values of the last layer as rows. @param out [row, output] from `row` on */
  readInto({ count }: SampleBlock, row: number, out: Float64Array): void {
    const last = this.layers.length - 1
    const { outputCount } = this.layers[last]
    const line = padded(count)
    const values = this.#view(this.#values[last], outputCount * line)
    for (let unit = 0; unit < outputCount; unit++)
      for (let k = 0; k < count; k++) out[(row + k) * outputCount + unit] = values[unit * line + k]
  }

  /** Gives the memory back; nothing else may be called afterwards. */
  dispose(): void {
    if (this.#memory) returnMemory(this.#memory)
    this.#memory = undefined
  }

  #view(address: number, count: number): Float64Array {
    if (!this.#memory) throw new Error("the layers were disposed of")
    return new Float64Array(this.#memory.buffer, address >>> 0, count)
  }
}

/** Sizes of the blocks that so many samples are divided into. */
export const blockCounts = (sampleCount: number): readonly number[] =>
  Array.from({ length: Math.ceil(sampleCount / blockSize) }, (_, block) =>
    Math.min(blockSize, sampleCount - block * blockSize),
  )

/**
 * What layers make of rows.
 * @param parameters [parameter] as `layerPlaces` has them
 * @param inputs     [row, input] row by row
 * @returns          [row, output] row by row
 */
export const applyLayers = (layers: readonly Layer[], parameters: Float64Array, inputs: Float64Array): Float64Array => {
  const { inputCount } = layers[0]
  const rowCount = inputs.length / inputCount
  if (!Number.isInteger(rowCount)) throw new RangeError(`${inputs.length} numbers are no rows of ${inputCount}`)
  const out = new Float64Array(rowCount * layers[layers.length - 1].outputCount)
  if (rowCount === 0) return out
  const memory = new LayerMemory(layers, [Math.min(blockSize, rowCount)])
  memory.setParameters(parameters)
  const rows = Int32Array.from({ length: rowCount }, (_, row) => row)
  for (let from = 0; from < rowCount; from += blockSize) {
    const block = memory.write(memory.blocks[0], inputs, rows, from, Math.min(rowCount, from + blockSize))
    memory.forward(block)
    memory.readInto(block, from, out)
  }
  memory.dispose()
  return out
}
