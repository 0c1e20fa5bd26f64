import { seededRandom } from "../array/random.ts"
import {
  type AdaptiveSettings,
  adaptiveSteps,
  defaultAdaptive,
  type Minimum,
  minimiseQuasiNewton,
} from "../solve/minimise.ts"
import { AutoencoderLoss, publishedRegularisation, type Regularisation } from "./autoencoder-loss.ts"
import { applyLayers } from "./layer-memory.ts"
import { type AutoencoderShape, decoderLayers, encoderLayers, parameterCountOf, startParameters } from "./layers.ts"
import type { LearningTable } from "./learning-table.ts"
import type { Split } from "./splits.ts"
import { type Standardisation, standardisationOf, standardised, unstandardised } from "./standardisation.ts"

/** How the parameters are found. */
export type Training =
  /** All rows at a time, by curvature (L-BFGS) */
  | { readonly kind: "quasi-newton"; readonly memory: number; readonly mostIterations: number }
  /** By adaptive moments (Adam); an epoch goes through all rows once, in batches of at most 2048 or all at a time */
  | {
      readonly kind: "adaptive"
      readonly steps: AdaptiveSettings
      readonly batch: number | "all rows"
      readonly mostEpochs: number
    }

/** When to stop early: where the error of the held-out rows has not fallen for long. */
export interface Patience {
  /** Iterations or epochs from look to look, ≥ 1 */
  readonly every: number
  /** Looks without a lower error, ≥ 1 */
  readonly looks: number
}

/** Shape, penalties and training of an autoencoder. */
export interface AutoencoderSettings {
  /** Units of each hidden layer; 0 for none */
  readonly hiddenCount: number
  readonly latentCount: number
  readonly regularisation: Regularisation
  readonly training: Training
  readonly patience: Patience
  /** Of the start and of batches */
  readonly seed: number
}

export const quasiNewtonTraining: Training = { kind: "quasi-newton", memory: 10, mostIterations: 500 }
export const adaptiveTraining: Training = { kind: "adaptive", steps: defaultAdaptive, batch: 64, mostEpochs: 200 }

/**
 * Nine latent values as published, between hidden layers of eighteen units: twice the latent values, fewer than the
 * columns, enough to bend each latent value once (this program's choice; the publication does not state it). Columns
 * that are strongly bent in their factors take twice as many.
 */
export const defaultAutoencoder: AutoencoderSettings = {
  hiddenCount: 18,
  latentCount: 9,
  regularisation: publishedRegularisation,
  training: quasiNewtonTraining,
  patience: { every: 5, looks: 10 },
  seed: 1,
}

/** A way from the columns of a table to latent values in (0, 1) and back. */
export interface Autoencoder {
  readonly shape: AutoencoderShape
  /** [column] */
  readonly names: readonly string[]
  readonly units: readonly string[]
  readonly standardisation: Standardisation
  /** [parameter] layer after layer: weights [output, input] row by row, then biases */
  readonly parameters: Float64Array
}

/** An autoencoder with the story of its training. Errors are mean squares of a standardised column: 1 explains nothing. */
export interface TrainedAutoencoder {
  readonly autoencoder: Autoencoder
  readonly trainingError: number
  readonly heldOutError: number
  /** [iteration + 1] loss of the training rows; of epochs, the mean over their batches */
  readonly losses: Float64Array
  /** [look] error of the held-out rows */
  readonly looks: Float64Array
  readonly end: Minimum["kind"] | "no longer better"
}

/** Numbers of the encoder, then of the decoder. */
const parametersOfParts = ({ shape, parameters }: Autoencoder): readonly [Float64Array, Float64Array] => {
  const count = parameterCountOf(encoderLayers(shape))
  return [parameters.subarray(0, count), parameters.subarray(count)]
}

/** Parameters of the encoder's layers alone. */
export const encoderParameters = (autoencoder: Autoencoder): Float64Array => parametersOfParts(autoencoder)[0]

/** Parameters of the decoder's layers alone. */
export const decoderParameters = (autoencoder: Autoencoder): Float64Array => parametersOfParts(autoencoder)[1]

/** Latent values of rows. @param values [row, column] in the columns' units @returns [row, latent] in (0, 1) */
export const encodedRows = (autoencoder: Autoencoder, values: Float64Array): Float64Array =>
  applyLayers(
    encoderLayers(autoencoder.shape),
    encoderParameters(autoencoder),
    standardised(autoencoder.standardisation, values),
  )

/** Rows of latent values. @param latent [row, latent] @returns [row, column] in the columns' units */
export const decodedRows = (autoencoder: Autoencoder, latent: Float64Array): Float64Array =>
  unstandardised(
    autoencoder.standardisation,
    applyLayers(decoderLayers(autoencoder.shape), decoderParameters(autoencoder), latent),
  )

/** Rows as the autoencoder gives them back. @param values [row, column] in the columns' units */
export const reconstructedRows = (autoencoder: Autoencoder, values: Float64Array): Float64Array =>
  decodedRows(autoencoder, encodedRows(autoencoder, values))

/** Keeps the best parameters seen, and says when looking longer no longer pays. */
class Looks {
  readonly errors: number[] = []
  best = Number.POSITIVE_INFINITY
  parameters: Float64Array
  isOver = false
  readonly #error: (parameters: Float64Array) => number
  readonly #patience: Patience
  #since = 0

  constructor(start: Float64Array, error: (parameters: Float64Array) => number, patience: Patience) {
    this.parameters = start.slice()
    this.#error = error
    this.#patience = patience
    this.look(start)
  }

  look(parameters: Float64Array): void {
    const error = this.#error(parameters)
    this.errors.push(error)
    this.#since++
    if (error < this.best) {
      // Gains of less than a ten-thousandth are kept, but do not earn more patience.
      if (error < this.best * (1 - 1e-4)) this.#since = 0
      this.best = error
      this.parameters.set(parameters)
    }
    this.isOver = this.#since >= this.#patience.looks
  }
}

interface Run {
  readonly losses: Float64Array
  readonly kind: Minimum["kind"]
}

const runAdaptive = (
  loss: AutoencoderLoss,
  { steps, batch, mostEpochs }: Extract<Training, { readonly kind: "adaptive" }>,
  parameters: Float64Array,
  seed: number,
  after: (epoch: number, parameters: Float64Array) => boolean,
): Run => {
  const random = seededRandom(seed).split()
  const step = adaptiveSteps(parameters.length, steps)
  const gradient = new Float64Array(parameters.length)
  const losses: number[] = []
  const { rowCount } = loss
  for (let epoch = 1; epoch <= mostEpochs; epoch++) {
    let sum = 0
    if (batch === "all rows") {
      sum = rowCount * loss.evaluate(parameters, gradient)
      step(gradient, parameters)
    } else {
      const order = random.permutation(rowCount)
      for (let from = 0; from < rowCount; from += batch) {
        const places = order.subarray(from, from + batch)
        sum += places.length * loss.evaluateBatch(parameters, places, gradient)
        step(gradient, parameters)
      }
    }
    losses.push(sum / rowCount)
    if (!Number.isFinite(sum)) return { losses: Float64Array.from(losses), kind: "not finite" }
    if (!after(epoch, parameters)) return { losses: Float64Array.from(losses), kind: "stopped" }
  }
  return { losses: Float64Array.from(losses), kind: "iterations used up" }
}

/**
 * Trains an autoencoder on the training rows of a table; of all parameters that were looked at it keeps those with the
 * least error on the held-out rows. Equal for equal seeds on machines of one kind.
 * @param split rows to learn from and to judge by, both at least one
 */
export const trainAutoencoder = (
  table: LearningTable,
  split: Split,
  settings: AutoencoderSettings = defaultAutoencoder,
): TrainedAutoencoder => {
  const { names, units } = table
  const { hiddenCount, latentCount, regularisation, training, patience, seed } = settings
  const shape = { columnCount: names.length, hiddenCount, latentCount }
  const standardisation = standardisationOf(table.values, names.length, split.training)
  const values = standardised(standardisation, table.values)
  const start = startParameters([...encoderLayers(shape), ...decoderLayers(shape)], seededRandom(seed))
  const batch = training.kind === "adaptive" && training.batch !== "all rows" ? training.batch : 0
  const loss = new AutoencoderLoss(shape, regularisation, values, split.training, batch)
  const judge = new AutoencoderLoss(shape, regularisation, values, split.heldOut)
  const looks = new Looks(start, (parameters) => judge.error(parameters) / names.length, patience)
  const goesOn = (iteration: number, parameters: Float64Array): boolean => {
    if (iteration % patience.every === 0) looks.look(parameters)
    return !looks.isOver
  }
  let run: Run
  if (training.kind === "quasi-newton") {
    const {
      kind,
      values: losses,
      x,
    } = minimiseQuasiNewton(
      (parameters, gradient) => loss.evaluate(parameters, gradient),
      start,
      { memory: training.memory, mostIterations: training.mostIterations, flatness: 1e-6 },
      (parameters, iteration) => (goesOn(iteration, parameters) ? "go on" : "stop"),
    )
    run = { losses, kind }
    if (kind !== "stopped") looks.look(x)
  } else {
    run = runAdaptive(loss, training, start, seed, goesOn)
    if (run.kind === "iterations used up") looks.look(start)
  }
  loss.dispose()
  const whole = new AutoencoderLoss(shape, regularisation, values, split.training)
  const trainingError = whole.error(looks.parameters) / names.length
  whole.dispose()
  judge.dispose()
  return {
    autoencoder: { shape, names, units, standardisation, parameters: looks.parameters },
    trainingError,
    heldOutError: looks.best,
    losses: run.losses,
    looks: Float64Array.from(looks.errors),
    end: run.kind === "stopped" ? "no longer better" : run.kind,
  }
}
