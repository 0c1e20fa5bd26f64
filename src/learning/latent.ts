import { correlationMatrix } from "../statistics/correlation.ts"
import { type Autoencoder, decodedRows, decoderParameters, encodedRows } from "./autoencoder.ts"
import { applyLayers } from "./layer-memory.ts"
import { decoderLayers } from "./layers.ts"
import { standardised } from "./standardisation.ts"

/** How much each latent value matters for some rows. Errors are mean squares of a standardised column. */
export interface LatentSignificance {
  /** With all latent values */
  readonly error: number
  /** [latent] how much the error rises where the value of every row is put at the mean of the rows */
  readonly rises: Float64Array
  /** [place] latent values, the most significant first */
  readonly order: Int32Array
  /** [latent] */
  readonly means: Float64Array
}

/** Mean of each column. */
const columnMeans = (values: Float64Array, columnCount: number): Float64Array => {
  const means = new Float64Array(columnCount)
  const rowCount = values.length / columnCount
  for (let at = 0; at < values.length; at++) means[at % columnCount] += values[at] / rowCount
  return means
}

/** Latent values with some of them put at a fixed place. */
const withFixed = (latent: Float64Array, means: Float64Array, fixed: ArrayLike<number>): Float64Array => {
  const out = latent.slice()
  for (let k = 0; k < fixed.length; k++)
    for (let at = fixed[k]; at < out.length; at += means.length) out[at] = means[fixed[k]]
  return out
}

/**
 * The significance of an autoencoder's latent values for some rows.
 * @param values [row, column] in the columns' units, at least one row
 */
export const latentSignificance = (autoencoder: Autoencoder, values: Float64Array): LatentSignificance => {
  const { columnCount, latentCount } = autoencoder.shape
  const wanted = standardised(autoencoder.standardisation, values)
  const latent = encodedRows(autoencoder, values)
  const means = columnMeans(latent, latentCount)
  const layers = decoderLayers(autoencoder.shape)
  const errorOf = (codes: Float64Array): number => {
    const found = applyLayers(layers, decoderParameters(autoencoder), codes)
    let sum = 0
    for (let at = 0; at < wanted.length; at++) sum += (found[at] - wanted[at]) ** 2
    return sum / wanted.length
  }
  if (values.length < columnCount) throw new RangeError("significance needs rows")
  const error = errorOf(latent)
  const rises = Float64Array.from({ length: latentCount }, (_, k) => errorOf(withFixed(latent, means, [k])) - error)
  const order = Int32Array.from(rises, (_, k) => k).sort((a, b) => rises[b] - rises[a] || a - b)
  return { error, rises, order, means }
}

/**
 * Rows given back with the least significant latent values left at their means.
 * @param values  [row, column] in the columns' units
 * @param dropped how many, 0 … all
 * @returns       [row, column] in the columns' units
 */
export const denoisedRows = (
  autoencoder: Autoencoder,
  { order, means }: LatentSignificance,
  values: Float64Array,
  dropped: number,
): Float64Array => {
  if (!(Number.isInteger(dropped) && dropped >= 0 && dropped <= order.length)) {
    throw new RangeError(`${dropped} of ${order.length} latent values dropped`)
  }
  const fixed = order.subarray(order.length - dropped)
  return decodedRows(autoencoder, withFixed(encodedRows(autoencoder, values), means, fixed))
}

/** Pearson's correlations of latent values [latent, latent]. @param values [row, column] in the columns' units */
export const latentCorrelations = (autoencoder: Autoencoder, values: Float64Array): Float64Array =>
  correlationMatrix(encodedRows(autoencoder, values), autoencoder.shape.latentCount)

/**
 * Pearson's correlations of the columns as the autoencoder gives them back, noise left out [column, column].
 * @param values  [row, column] in the columns' units
 * @param dropped least significant latent values left out
 */
export const reconstructedCorrelations = (
  autoencoder: Autoencoder,
  significance: LatentSignificance,
  values: Float64Array,
  dropped = 0,
): Float64Array => {
  const rows = standardised(autoencoder.standardisation, denoisedRows(autoencoder, significance, values, dropped))
  return correlationMatrix(rows, autoencoder.shape.columnCount)
}
