import { type ErrorOfPrediction, errorOfPrediction } from "./prediction-error.ts"
import { type RegressionTable, rowsOf } from "./regression-table.ts"
import type { Split } from "./splits.ts"

/** Learns from a table, and answers for the rows of others: [row] of their target. */
export type Learner = (table: RegressionTable) => (columns: readonly Float64Array[]) => Float64Array

/** Error on rows that were not learnt from, over all folds together, and what was predicted. */
export interface CrossValidation extends ErrorOfPrediction {
  /** [fold] */
  readonly folds: readonly ErrorOfPrediction[]
  /** [row] by a learner that has not seen the row */
  readonly predicted: Float64Array
}

/** Cross-validated error of a learner. @param splits [fold] as `foldSplits` gives them: each row held out once */
export const crossValidate = (table: RegressionTable, splits: readonly Split[], learn: Learner): CrossValidation => {
  const predicted = new Float64Array(table.target.length).fill(Number.NaN)
  const errors = splits.map(({ training, heldOut }) => {
    const unseen = rowsOf(table, heldOut)
    const answers = learn(rowsOf(table, training))(unseen.columns)
    for (const [i, row] of heldOut.entries()) predicted[row] = answers[i]
    return errorOfPrediction(answers, unseen.target)
  })
  const missed = predicted.findIndex((value) => Number.isNaN(value))
  if (missed >= 0) throw new RangeError(`row ${missed} was held out in no fold`)
  return { ...errorOfPrediction(predicted, table.target), folds: errors, predicted }
}
