import { type AutoencoderSettings, defaultAutoencoder, trainAutoencoder } from "./autoencoder.ts"
import { unregularised } from "./autoencoder-loss.ts"
import type { LearningTable } from "./learning-table.ts"
import { principalComponents, principalReconstruction } from "./principal-components.ts"
import { foldSplits, randomSplit, type Split } from "./splits.ts"
import { standardisationOf, standardised } from "./standardisation.ts"

/** Which numbers of latent values are tried, and how often. */
export interface SizeScanSettings {
  /** Numbers of latent values, rising */
  readonly sizes: readonly number[]
  /** Rows held out, as a share */
  readonly heldOutShare: number
  /** Splits of the rows, each with a seed of its own, ≥ 1 */
  readonly repeats: number
  /** Trainings of each split from different starts, of which the one with the least held-out error counts, ≥ 1 */
  readonly starts: number
  /** Folds of cross-validation; 0 for none, otherwise ≥ 2 */
  readonly folds: number
  /** Whether to train without regularisation as well */
  readonly withUnregularised: boolean
  /** Of each training, but for the latent values and the seed */
  readonly autoencoder: AutoencoderSettings
  readonly seed: number
}

export const defaultSizeScan: SizeScanSettings = {
  sizes: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14],
  heldOutShare: 0.05,
  repeats: 3,
  starts: 2,
  folds: 0,
  withUnregularised: false,
  autoencoder: defaultAutoencoder,
  seed: 1,
}

/** Errors of held-out rows with one number of latent values; mean squares of a standardised column. */
export interface SizeErrors {
  readonly latentCount: number
  /** [repeat] */
  readonly heldOut: Float64Array
  /** [repeat] of the rows learned from */
  readonly training: Float64Array
  /** [fold] empty where there is no cross-validation */
  readonly crossValidated: Float64Array
  /** [repeat] without regularisation; empty where not asked for */
  readonly unregularised: Float64Array
  /** [repeat] of as many principal components */
  readonly principal: Float64Array
}

/** Errors over the number of latent values, and the number they speak for. */
export interface SizeScan {
  /** [size] */
  readonly sizes: readonly SizeErrors[]
  readonly choice: SizeChoice
}

/** The number of latent values that the errors speak for. */
export interface SizeChoice {
  readonly latentCount: number
  /** Whether larger sizes were there to show that no more are needed */
  readonly isSettled: boolean
}

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** A latent value that explains less of the variance than this is none. */
const leastGain = 1e-3

/**
 * The smallest number k of latent values from which on more of them only follow noise: for every larger j,
 * (e_k − e_j)/(j − k) ≤ max(c e_K/(d − K), 0.001) with the largest scanned number K. What is left there is taken for
 * noise, of which each further value explains a share 1/(d − K); c = 2 asks that a value explain more than twice that.
 * The errors alone always fall, so that their minimum chooses nothing. The rule is this program's choice, in the manner
 * of parallel analysis.
 * @param latentCounts [size] rising
 * @param errors       [size] of held-out rows, mean squares of a standardised column
 * @param columnCount  d
 * @source J. L. Horn, Psychometrika 30 (1965) 179, doi:10.1007/BF02289447 (comparison with noise)
 */
export const chosenSize = (
  latentCounts: readonly number[],
  errors: ArrayLike<number>,
  columnCount: number,
): SizeChoice => {
  if (latentCounts.length === 0) throw new RangeError("no sizes to choose from")
  const last = latentCounts.length - 1
  const noise = Math.max(leastGain, (2 * errors[last]) / Math.max(1, columnCount - latentCounts[last]))
  for (let at = 0; at < last; at++) {
    const k = latentCounts[at]
    const gain = (next: number): number => (errors[at] - errors[next]) / (latentCounts[next] - k)
    const isEnough = latentCounts.every((_, next) => next <= at || gain(next) <= noise)
    if (isEnough) return { latentCount: k, isSettled: true }
  }
  return { latentCount: latentCounts[last], isSettled: false }
}

/** Error of held-out rows given back by so many principal components of the others. */
const principalError = (table: LearningTable, { training, heldOut }: Split, count: number): number => {
  const width = table.names.length
  const values = standardised(standardisationOf(table.values, width, training), table.values)
  const rows = new Float64Array(heldOut.length * width)
  for (let k = 0; k < heldOut.length; k++)
    rows.set(values.subarray(heldOut[k] * width, (heldOut[k] + 1) * width), k * width)
  const found = principalReconstruction(principalComponents(values, width, training), rows, Math.min(count, width))
  return found.reduce((sum, value, at) => sum + (value - rows[at]) ** 2, 0) / rows.length
}

/** Errors of the best of several starts. */
const bestOf = (table: LearningTable, split: Split, settings: AutoencoderSettings, starts: number, seed: number) => {
  let best = { heldOut: Number.POSITIVE_INFINITY, training: Number.POSITIVE_INFINITY }
  for (let start = 0; start < starts; start++) {
    const trained = trainAutoencoder(table, split, { ...settings, seed: seed + start })
    if (trained.heldOutError < best.heldOut) best = { heldOut: trained.heldOutError, training: trained.trainingError }
  }
  return best
}

/**
 * Trains autoencoders with different numbers of latent values, each on the same splits, and chooses a number by
 * `chosenSize`. One size after the other; `scanSize` does one alone, for work side by side.
 */
export const scanSizes = (table: LearningTable, settings: SizeScanSettings = defaultSizeScan): SizeScan => {
  const sizes = settings.sizes.map((latentCount) => scanSize(table, settings, latentCount))
  return {
    sizes,
    choice: chosenSize(
      settings.sizes,
      sizes.map(({ heldOut }) => meanOf(heldOut)),
      table.names.length,
    ),
  }
}

/** The errors of one number of latent values. */
export const scanSize = (table: LearningTable, settings: SizeScanSettings, latentCount: number): SizeErrors => {
  const { heldOutShare, repeats, starts, folds, withUnregularised, seed } = settings
  const autoencoder = { ...settings.autoencoder, latentCount }
  const splits = Array.from({ length: repeats }, (_, repeat) =>
    randomSplit(table.rowCount, heldOutShare, seed + repeat),
  )
  const seedOf = (split: number): number => 1000 * (seed + split)
  const found = splits.map((split, at) => bestOf(table, split, autoencoder, starts, seedOf(at)))
  const bare = { ...autoencoder, regularisation: unregularised }
  return {
    latentCount,
    heldOut: Float64Array.from(found, ({ heldOut }) => heldOut),
    training: Float64Array.from(found, ({ training }) => training),
    crossValidated: Float64Array.from(
      folds === 0 ? [] : foldSplits(table.rowCount, folds, seed),
      (split, at) => bestOf(table, split, autoencoder, starts, seedOf(at)).heldOut,
    ),
    unregularised: Float64Array.from(
      withUnregularised ? splits : [],
      (split, at) => bestOf(table, split, bare, starts, seedOf(at)).heldOut,
    ),
    principal: Float64Array.from(splits, (split) => principalError(table, split, latentCount)),
  }
}
