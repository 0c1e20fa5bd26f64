import { assertLength } from "../../array/assert.ts"
import { Layout, returnMemory, takeMemory } from "../../kernels/loader.ts"
import { type ConvolutionKernel, convolutionKernel, padded, planeSize, readPlanes, writePlanes } from "./planes.ts"
import { type ChannelRange, type NetworkPlan, networkPlan, type StarNetworkShape, sizeStep } from "./shape.ts"

/** Where the packed weights of a convolution lie, forward and back. */
interface PackedPlace {
  readonly forward: number
  readonly back: number
  readonly biases: number
}

/** A network with room for the values of one image, and for their slopes, in the memory of the kernels. */
export class NetworkPass {
  readonly plan: NetworkPlan
  readonly height: number
  readonly width: number
  readonly #kernel: ConvolutionKernel
  readonly #parameters: number
  readonly #gradient: number
  readonly #values: readonly number[]
  readonly #slopes: readonly number[]
  readonly #packed: readonly PackedPlace[]
  #memory: WebAssembly.Memory | undefined

  /** @param height of the image, a multiple of `sizeStep`; width likewise [pixel] */
  constructor(shape: StarNetworkShape, height: number, width: number, learns: boolean) {
    const plan = networkPlan(shape)
    const step = sizeStep(shape)
    if (!(height > 0 && width > 0 && height % step === 0 && width % step === 0)) {
      throw new RangeError(`an image of ${width} × ${height} pixels; its edges must be multiples of ${step}`)
    }
    this.plan = plan
    this.height = height
    this.width = width
    const layout = new Layout()
    const reserve = (numbers: number): number => layout.reserve(4 * numbers)
    this.#parameters = reserve(plan.parameterCount)
    this.#gradient = learns ? reserve(plan.parameterCount) : 0
    const sizes = plan.blocks.map(
      ({ level, channels }) => padded(channels) * planeSize(height / 2 ** level, width / 2 ** level),
    )
    this.#values = sizes.map(reserve)
    this.#slopes = learns ? sizes.map(reserve) : []
    this.#packed = plan.steps.map((one) => {
      if (one.kind !== "convolution") return { forward: 0, back: 0, biases: 0 }
      const count = padded(one.to.count) * one.from.count * one.taps
      return { forward: reserve(count), back: learns ? reserve(count) : 0, biases: reserve(padded(one.to.count)) }
    })
    this.#memory = takeMemory(layout.bytes + 64)
    this.#kernel = convolutionKernel.instantiate(this.#memory)
    // Rims are never written, and must be zero.
    new Float32Array(this.#memory.buffer, 0, layout.bytes >> 2).fill(0)
  }

  /** @param parameters [parameter] as the plan has them; rounded to 32 bits */
  setParameters(parameters: Float32Array | Float64Array): void {
    assertLength("parameters", parameters, this.plan.parameterCount)
    this.#view(this.#parameters, parameters.length).set(parameters)
    for (const [index, step] of this.plan.steps.entries()) {
      if (step.kind !== "convolution") continue
      const { forward, back, biases } = this.#packed[index]
      const [given, inputs] = [step.to.count, step.from.count]
      const weights = this.#parameters + 4 * step.weights
      this.#kernel.packForward(weights, given, padded(given), inputs, step.taps, forward)
      if (back !== 0 && inputs % 4 === 0) {
        this.#kernel.packBackward(weights, given, padded(given), inputs, step.taps, back)
      }
      this.#view(biases, given).set(parameters.subarray(step.biases, step.biases + given))
    }
  }

  /**
   * What the network makes of an image.
   * @param image [row, column]
   * @returns     [1 + ray, row, column] at the level of the answers: the probability's logit, then distances / scale
   */
  forward(image: Float32Array): Float32Array {
    const { plan } = this
    assertLength("image", image, this.height * this.width)
    writePlanes(image, 1, this.height, this.width, this.#view(this.#values[0], planeSize(this.height, this.width)))
    for (const [index, step] of plan.steps.entries()) {
      const [from, to] = [this.#place(this.#values, step.from), this.#place(this.#values, step.to)]
      const [height, width] = this.#sizeOf(step.to)
      if (step.kind === "convolution") {
        const { forward, biases } = this.#packed[index]
        const [inputs, outputs] = [step.from.count, padded(step.to.count)]
        const rectified = step.rectified ? 1 : 0
        this.#kernel.convolve(from, inputs, forward, biases, to, outputs, height, width, step.taps, rectified)
      } else if (step.kind === "pool") this.#kernel.pool(from, step.from.count, height, width, to)
      else this.#kernel.enlarge(from, step.from.count, height / 2, width / 2, to)
    }
    const last = { block: plan.blocks.length - 1, first: 0, count: plan.blocks[plan.blocks.length - 1].channels }
    const [height, width] = this.#sizeOf(last)
    return readPlanes(
      this.#view(this.#values[last.block], last.count * planeSize(height, width)),
      last.count,
      height,
      width,
    )
  }

  /**
   * The slopes of the parameters for those of the answers that `forward` gave last.
   * @param slopes [1 + ray, row, column]
   * @param out    [parameter]
   */
  backwardInto(slopes: Float32Array, out: Float32Array): void {
    const { plan } = this
    assertLength("out", out, plan.parameterCount)
    const answers = plan.blocks.length - 1
    const { channels } = plan.blocks[answers]
    const [rows, columns] = this.#sizeOf({ block: answers, first: 0, count: channels })
    assertLength("slopes", slopes, channels * rows * columns)
    for (const step of plan.steps) {
      // Slopes of what is pooled are added up; those of what is convolved are written as a whole.
      if (step.kind !== "pool") continue
      const [height, width] = this.#sizeOf(step.from)
      this.#view(this.#place(this.#slopes, step.from), step.from.count * planeSize(height, width)).fill(0)
    }
    const gradient = this.#view(this.#gradient, plan.parameterCount).fill(0)
    writePlanes(slopes, channels, rows, columns, this.#view(this.#slopes[answers], channels * planeSize(rows, columns)))
    for (let index = plan.steps.length - 1; index >= 0; index--) {
      const step = plan.steps[index]
      const [slope, value] = [this.#place(this.#slopes, step.to), this.#place(this.#values, step.to)]
      const [from, back] = [this.#place(this.#values, step.from), this.#place(this.#slopes, step.from)]
      const [height, width] = this.#sizeOf(step.to)
      const { count } = step.from
      if (step.kind === "pool") this.#kernel.addPoolSlopes(slope, value, count, height, width, from, back)
      else if (step.kind === "enlarge") this.#kernel.reduceSlopes(slope, count, height / 2, width / 2, back)
      else {
        const outputs = step.to.count
        const [weights, biases] = [step.weights, step.biases].map((place) => this.#gradient + 4 * place)
        if (step.rectified) this.#kernel.backThroughRectifier(slope, value, outputs, height, width)
        this.#kernel.addWeightSlopes(slope, outputs, from, count, height, width, step.taps, weights)
        this.#kernel.addPlaneSums(slope, outputs, height, width, biases)
        if (step.from.block === 0) continue
        const weightsBack = this.#packed[index].back
        this.#kernel.convolve(slope, padded(outputs), weightsBack, 0, back, count, height, width, step.taps, 0)
      }
    }
    out.set(gradient)
  }

  /** Gives the memory back; nothing else may be called afterwards. */
  dispose(): void {
    if (this.#memory) returnMemory(this.#memory)
    this.#memory = undefined
  }

  #sizeOf({ block }: ChannelRange): readonly [number, number] {
    const edge = 2 ** this.plan.blocks[block].level
    return [this.height / edge, this.width / edge]
  }

  #place(addresses: readonly number[], range: ChannelRange): number {
    const [height, width] = this.#sizeOf(range)
    return addresses[range.block] + 4 * range.first * planeSize(height, width)
  }

  #view(address: number, count: number): Float32Array {
    if (!this.#memory) throw new Error("the network was disposed of")
    return new Float32Array(this.#memory.buffer, address >>> 0, count)
  }
}
