import { assertLength } from "../array/assert.ts"
import { blockCounts, blockSize, LayerMemory, type SampleBlock } from "./layer-memory.ts"
import { type AutoencoderShape, addWeightPenalty, decoderLayers, encoderLayers, type Layer } from "./layers.ts"

/** What keeps an autoencoder from learning noise by heart. */
export interface Regularisation {
  /** λ, of ½ Σ w² over the weights, ≥ 0 */
  readonly weightPenalty: number
  /** β, of Σ_units KL(ρ ‖ mean latent value), ≥ 0 */
  readonly sparsityPenalty: number
  /** ρ, the mean that latent values are drawn to, in (0, 1) */
  readonly sparsity: number
}

/** λ and β as published; ρ is this program's choice. @source J. Li et al., Science 376 (2022) 517, supplement */
export const publishedRegularisation: Regularisation = { weightPenalty: 0.001, sparsityPenalty: 0.01, sparsity: 0.05 }

/** None at all. */
export const unregularised: Regularisation = { weightPenalty: 0, sparsityPenalty: 0, sparsity: 0.05 }

/** Means nearer to 0 or 1 count as this near: the divergence stays finite. */
const leastShare = 1e-10

/**
 * The loss of an autoencoder on some rows and its slopes,
 * (1/n) ‖Y − Ŷ‖² + λ ½ Σ w² + β Σ_units [ρ ln(ρ/ρ̂) + (1 − ρ) ln((1 − ρ)/(1 − ρ̂))],
 * with ρ̂ the mean of a latent unit over the rows. Memory grows with the rows' numbers alone.
 * @source A. Ng (2011), CS294A Lecture notes: Sparse autoencoder, §3
 */
export class AutoencoderLoss {
  readonly parameterCount: number
  readonly rowCount: number
  readonly #layers: readonly Layer[]
  readonly #latent: number
  readonly #memory: LayerMemory
  readonly #blocks: readonly SampleBlock[]
  readonly #batch: SampleBlock
  readonly #values: Float64Array
  readonly #rows: Int32Array
  readonly #regularisation: Regularisation

  /**
   * @param values    [row, column] row by row, standardised
   * @param rows      those that count, at least one
   * @param batchSize rows of the largest batch that `evaluateBatch` will be asked for; 0 where it is not used
   */
  constructor(
    shape: AutoencoderShape,
    regularisation: Regularisation,
    values: Float64Array,
    rows: Int32Array,
    batchSize = 0,
  ) {
    const { weightPenalty, sparsityPenalty, sparsity } = regularisation
    if (!(weightPenalty >= 0 && sparsityPenalty >= 0 && sparsity > 0 && sparsity < 1)) {
      throw new RangeError(`penalties of ${weightPenalty} and ${sparsityPenalty} with a sparsity of ${sparsity}`)
    }
    if (rows.length === 0) throw new RangeError("a loss needs rows")
    if (batchSize > blockSize) throw new RangeError(`batches of ${batchSize} rows; at most ${blockSize}`)
    const encoder = encoderLayers(shape)
    this.#layers = [...encoder, ...decoderLayers(shape)]
    this.#latent = encoder.length - 1
    const counts = batchSize > 0 ? [] : blockCounts(rows.length)
    this.#memory = new LayerMemory(this.#layers, batchSize > 0 ? [batchSize] : counts)
    this.#batch = this.#memory.blocks[0]
    this.#blocks = counts.map((count, index) =>
      this.#memory.write(this.#memory.blocks[index], values, rows, index * blockSize, index * blockSize + count),
    )
    this.#values = values
    this.#rows = rows
    this.#regularisation = regularisation
    this.rowCount = rows.length
    this.parameterCount = this.#memory.parameterCount
  }

  /** The loss over all rows; gradient = its slopes. @param parameters [parameter] @param gradient [parameter] */
  evaluate(parameters: Float64Array, gradient: Float64Array): number {
    return this.#evaluate(parameters, this.#whole(), this.rowCount, gradient)
  }

  /** The loss over a batch of the rows; gradient = its slopes. @param places among the rows, no more than `batchSize` */
  evaluateBatch(parameters: Float64Array, places: Int32Array, gradient: Float64Array): number {
    const rows = places.map((place) => this.#rows[place])
    const block = this.#memory.write(this.#batch, this.#values, rows)
    return this.#evaluate(parameters, [block], rows.length, gradient)
  }

  /** (1/n) ‖Y − Ŷ‖² alone. @param parameters [parameter] */
  error(parameters: Float64Array): number {
    this.#memory.setParameters(parameters)
    let squares = 0
    for (const block of this.#whole()) {
      this.#memory.forward(block)
      squares += this.#memory.residual(block, 0)
    }
    return squares / this.rowCount
  }

  #whole(): readonly SampleBlock[] {
    if (this.#blocks.length === 0) throw new Error("made for batches alone")
    return this.#blocks
  }

  #evaluate(
    parameters: Float64Array,
    blocks: readonly SampleBlock[],
    rowCount: number,
    gradient: Float64Array,
  ): number {
    assertLength("gradient", gradient, this.parameterCount)
    const { weightPenalty, sparsityPenalty, sparsity } = this.#regularisation
    const { outputCount } = this.#layers[this.#latent]
    this.#memory.setParameters(parameters)
    this.#memory.clearGradient()
    const sums = new Float64Array(outputCount)
    const slopes = new Float64Array(outputCount)
    let divergence = 0
    // One block stays in memory between both passes; of more, the encoder is run once for the means.
    for (const block of sparsityPenalty > 0 || blocks.length === 1 ? blocks : []) {
      this.#memory.forward(block, blocks.length === 1 ? this.#layers.length : this.#latent + 1)
      if (sparsityPenalty > 0) this.#memory.addSums(this.#latent, block, sums)
    }
    if (sparsityPenalty > 0) {
      for (let unit = 0; unit < outputCount; unit++) {
        const mean = Math.min(1 - leastShare, Math.max(leastShare, sums[unit] / rowCount))
        divergence += sparsity * Math.log(sparsity / mean) + (1 - sparsity) * Math.log((1 - sparsity) / (1 - mean))
        slopes[unit] = (sparsityPenalty / rowCount) * ((1 - sparsity) / (1 - mean) - sparsity / mean)
      }
    }
    let squares = 0
    for (const block of blocks) {
      if (blocks.length > 1) this.#memory.forward(block)
      squares += this.#memory.residual(block, 2 / rowCount)
      this.#memory.backward(
        block,
        this.#layers.map((_, index) => (index === this.#latent ? slopes : undefined)),
      )
    }
    this.#memory.readGradient(gradient)
    const weights = addWeightPenalty(this.#layers, parameters, weightPenalty, gradient)
    return squares / rowCount + weightPenalty * weights + sparsityPenalty * divergence
  }

  /** Gives the memory back; nothing else may be called afterwards. */
  dispose(): void {
    this.#memory.dispose()
  }
}
