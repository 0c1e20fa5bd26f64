import type { Work } from "../../engine/engine.ts"
import { type Autoencoder, defaultAutoencoder, trainAutoencoder } from "../../learning/autoencoder.ts"
import { unregularised } from "../../learning/autoencoder-loss.ts"
import { crossValidate } from "../../learning/cross-validation.ts"
import { outOfBag, type RegressionForest } from "../../learning/forest.ts"
import type { ForestSettings } from "../../learning/forest-settings.ts"
import type { LearningTable } from "../../learning/learning-table.ts"
import { type Explanation, explainForest } from "../../learning/path-dependent-shap.ts"
import { type ErrorOfPrediction, errorOfPrediction } from "../../learning/prediction-error.ts"
import { principalComponents, principalReconstruction } from "../../learning/principal-components.ts"
import { type RegressionTable, rowsOf } from "../../learning/regression-table.ts"
import { grownForest, type ScoreRun, scoresOf } from "../../learning/score-runs.ts"
import { defaultSizeScan, type SizeErrors, scanSize } from "../../learning/size-scan.ts"
import { foldSplits, randomSplit, type Split } from "../../learning/splits.ts"
import { standardisationOf, standardised } from "../../learning/standardisation.ts"
import { predict } from "../../learning/trees.ts"

/** A part of the learning that needs no other part. */
export type LearnJob =
  | {
      readonly kind: "forest"
      readonly table: RegressionTable
      readonly settings: ForestSettings
      readonly heldOutShare: number
    }
  | {
      readonly kind: "folds"
      readonly table: RegressionTable
      readonly settings: ForestSettings
      readonly folds: number
    }
  | {
      readonly kind: "scores"
      readonly table: RegressionTable
      readonly settings: ForestSettings
      readonly heldOutShare: number
      readonly run: ScoreRun
    }
  | { readonly kind: "autoencoder"; readonly table: LearningTable; readonly latentCount: number; readonly seed: number }
  | { readonly kind: "size"; readonly table: LearningTable; readonly latentCount: number; readonly seed: number }

/** The forest with what it says of its rows. */
export interface ForestStudy {
  readonly forest: RegressionForest
  readonly split: Split
  readonly heldOut: ErrorOfPrediction
  readonly training: ErrorOfPrediction
  /** Null where each tree has seen all rows */
  readonly outOfBag: ErrorOfPrediction | null
  /** Of the rows learnt from, in the order of `split.training` */
  readonly explanation: Explanation
  /** [row] of the whole table */
  readonly predicted: Float64Array
}

export interface FoldStudy extends ErrorOfPrediction {
  readonly folds: readonly ErrorOfPrediction[]
  /** [row] by a forest that has not seen the row */
  readonly predicted: Float64Array
}

/** The autoencoder with its baselines; errors of rows held out, mean squares of a standardised column. */
export interface AutoencoderStudy {
  readonly autoencoder: Autoencoder
  readonly split: Split
  readonly heldOutError: number
  readonly trainingError: number
  readonly unregularised: { readonly autoencoder: Autoencoder; readonly heldOutError: number }
  readonly principalError: number
}

const learnForest = (table: RegressionTable, settings: ForestSettings, heldOutShare: number): ForestStudy => {
  const split = randomSplit(table.target.length, heldOutShare, settings.seed)
  const [learnt, unseen] = [rowsOf(table, split.training), rowsOf(table, split.heldOut)]
  const forest = grownForest(learnt, settings)
  const said = (part: RegressionTable) => errorOfPrediction(predict(forest.trees, part.columns), part.target)
  const { rowCount, meanAbsoluteError, determination } = settings.bootstrap
    ? outOfBag(learnt, settings, forest)
    : { rowCount: 0, meanAbsoluteError: undefined, determination: undefined }
  return {
    forest,
    split,
    heldOut: said(unseen),
    training: said(learnt),
    outOfBag: rowCount === 0 ? null : { rowCount, meanAbsoluteError, determination },
    explanation: explainForest(forest.trees, learnt.columns),
    predicted: predict(forest.trees, table.columns),
  }
}

const principalErrorOf = (table: LearningTable, { training, heldOut }: Split, count: number): number => {
  const width = table.names.length
  const values = standardised(standardisationOf(table.values, width, training), table.values)
  const rows = new Float64Array(heldOut.length * width)
  for (const [k, row] of heldOut.entries()) rows.set(values.subarray(row * width, (row + 1) * width), k * width)
  const found = principalReconstruction(principalComponents(values, width, training), rows, Math.min(count, width))
  return found.reduce((sum, value, at) => sum + (value - rows[at]) ** 2, 0) / rows.length
}

const learnAutoencoder = (table: LearningTable, latentCount: number, seed: number): AutoencoderStudy => {
  const split = randomSplit(table.rowCount, defaultSizeScan.heldOutShare, seed)
  const settings = { ...defaultAutoencoder, latentCount, seed }
  const trained = trainAutoencoder(table, split, settings)
  const bare = trainAutoencoder(table, split, { ...settings, regularisation: unregularised })
  return {
    autoencoder: trained.autoencoder,
    split,
    heldOutError: trained.heldOutError,
    trainingError: trained.trainingError,
    unregularised: { autoencoder: bare.autoencoder, heldOutError: bare.heldOutError },
    principalError: principalErrorOf(table, split, latentCount),
  }
}

export type LearnResult = ForestStudy | FoldStudy | AutoencoderStudy | SizeErrors | Float64Array

const done = (job: LearnJob): LearnResult => {
  switch (job.kind) {
    case "forest":
      return learnForest(job.table, job.settings, job.heldOutShare)
    case "folds": {
      const { table, settings, folds } = job
      return crossValidate(table, foldSplits(table.target.length, folds, settings.seed), (part) => {
        const { trees } = grownForest(part, settings)
        return (columns) => predict(trees, columns)
      })
    }
    case "scores":
      return scoresOf(job.table, job.settings, job.heldOutShare, job.run)
    case "autoencoder":
      return learnAutoencoder(job.table, job.latentCount, job.seed)
    case "size":
      return scanSize(job.table, { ...defaultSizeScan, seed: job.seed }, job.latentCount)
  }
}

/** Does one part of the learning; a stop before it begins gives it up. */
export const learnWork: Work = async (input, _, signal) => {
  // Lets the order to stop come in.
  await new Promise((resolve) => setImmediate(resolve))
  signal.throwIfAborted()
  return done(input as LearnJob)
}
