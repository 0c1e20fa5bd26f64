import type { Work } from "../../engine/engine.ts"
import {
  type Autoencoder,
  defaultAutoencoder,
  reconstructedRows,
  trainAutoencoder,
} from "../../learning/autoencoder.ts"
import { unregularised } from "../../learning/autoencoder-loss.ts"
import { crossValidate } from "../../learning/cross-validation.ts"
import { outOfBag, type RegressionForest } from "../../learning/forest.ts"
import type { ForestSettings } from "../../learning/forest-settings.ts"
import { type LearningTable, tableRows } from "../../learning/learning-table.ts"
import { type Explanation, explainForest } from "../../learning/path-dependent-shap.ts"
import { type ErrorOfPrediction, errorOfPrediction } from "../../learning/prediction-error.ts"
import { principalComponents, principalReconstruction } from "../../learning/principal-components.ts"
import { type RegressionTable, rowsOf } from "../../learning/regression-table.ts"
import { divisionScores, type RowDivisions } from "../../learning/row-differences.ts"
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
  | { readonly kind: "divisions"; readonly divisions: RowDivisions; readonly from: number; readonly to: number }
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
  /** [column] the same errors, column by column */
  readonly columnErrors: {
    readonly regularised: Float64Array
    readonly unregularised: Float64Array
    readonly principal: Float64Array
  }
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

/** [column] mean squares of what rows differ by from what they are given back as, both standardised. */
const columnErrorsOf = (rows: Float64Array, found: Float64Array, width: number): Float64Array => {
  const errors = new Float64Array(width)
  for (let at = 0; at < rows.length; at++) errors[at % width] += (found[at] - rows[at]) ** 2 / (rows.length / width)
  return errors
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

const learnAutoencoder = (table: LearningTable, latentCount: number, seed: number): AutoencoderStudy => {
  const split = randomSplit(table.rowCount, defaultSizeScan.heldOutShare, seed)
  const settings = { ...defaultAutoencoder, latentCount, seed }
  const trained = trainAutoencoder(table, split, settings)
  const bare = trainAutoencoder(table, split, { ...settings, regularisation: unregularised })
  const width = table.names.length
  const standardisation = standardisationOf(table.values, width, split.training)
  const unseen = tableRows(table, split.heldOut).values
  const rows = standardised(standardisation, unseen)
  const components = principalComponents(standardised(standardisation, table.values), width, split.training)
  const givenBack = (autoencoder: Autoencoder): Float64Array =>
    columnErrorsOf(rows, standardised(standardisation, reconstructedRows(autoencoder, unseen)), width)
  const principal = columnErrorsOf(rows, principalReconstruction(components, rows, Math.min(latentCount, width)), width)
  return {
    autoencoder: trained.autoencoder,
    split,
    heldOutError: trained.heldOutError,
    trainingError: trained.trainingError,
    unregularised: { autoencoder: bare.autoencoder, heldOutError: bare.heldOutError },
    principalError: mean(principal),
    columnErrors: {
      regularised: givenBack(trained.autoencoder),
      unregularised: givenBack(bare.autoencoder),
      principal,
    },
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
    case "divisions":
      return divisionScores(job.divisions, job.from, job.to)
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
