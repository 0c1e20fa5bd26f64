import { seededRandom } from "../array/random.ts"
import { type ErrorOfPrediction, errorOfPrediction } from "./prediction-error.ts"
import { type RegressionTable, rowsOf } from "./regression-table.ts"

/** Rows to learn from and rows to be judged by; both in rising order. */
export interface RowSplit {
  readonly training: Int32Array
  readonly heldOut: Int32Array
}

/**
 * Rows held out at random: ⌈share × rows⌉, but neither none nor all.
 * @param rowCount ≥ 2
 * @param share    0 … 1
 */
export const holdOut = (rowCount: number, share: number, seed: number): RowSplit => {
  if (!(rowCount >= 2)) throw new RangeError(`${rowCount} rows to hold some out of`)
  if (!(share >= 0 && share <= 1)) throw new RangeError(`share held out is ${share}`)
  const count = Math.min(rowCount - 1, Math.max(1, Math.ceil(share * rowCount)))
  const order = seededRandom(seed).permutation(rowCount)
  return { heldOut: order.slice(0, count).sort(), training: order.slice(count).sort() }
}

/**
 * Rows dealt at random into folds whose sizes differ by one at most; each fold is held out once.
 * @param foldCount 2 … rowCount
 */
export const folds = (rowCount: number, foldCount: number, seed: number): RowSplit[] => {
  if (!(Number.isInteger(foldCount) && foldCount >= 2 && foldCount <= rowCount))
    throw new RangeError(`${foldCount} folds of ${rowCount} rows`)
  const order = seededRandom(seed).permutation(rowCount)
  return Array.from({ length: foldCount }, (_, fold) => ({
    heldOut: order.filter((_, i) => i % foldCount === fold).sort(),
    training: order.filter((_, i) => i % foldCount !== fold).sort(),
  }))
}

/** Learns from a table, and answers for the rows of others: [row] of their target. */
export type Learner = (table: RegressionTable) => (columns: readonly Float64Array[]) => Float64Array

/** Error on rows that were not learnt from, over all folds together, and what was predicted. */
export interface CrossValidation extends ErrorOfPrediction {
  /** [fold] */
  readonly folds: readonly ErrorOfPrediction[]
  /** [row] by a learner that has not seen the row */
  readonly predicted: Float64Array
}

/** Cross-validated error of a learner. @param splits [fold] as `folds` gives them: each row held out once */
export const crossValidate = (table: RegressionTable, splits: readonly RowSplit[], learn: Learner): CrossValidation => {
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
