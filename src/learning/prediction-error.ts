import { assertLength } from "../array/assert.ts"

/** How far predictions lie from what they predict. */
export interface ErrorOfPrediction {
  readonly rowCount: number
  /** Mean |predicted − actual| [target]; undefined without rows */
  readonly meanAbsoluteError: number | undefined
  /** R² = 1 − Σ (predicted − actual)² / Σ (actual − mean)²; undefined where the actual values are all the same */
  readonly determination: number | undefined
}

/** Mean absolute error and R² of predictions. @param predicted [row] @param actual [row] */
export const errorOfPrediction = (predicted: Float64Array, actual: Float64Array): ErrorOfPrediction => {
  assertLength("predicted", predicted, actual.length)
  const rowCount = actual.length
  if (rowCount === 0) return { rowCount, meanAbsoluteError: undefined, determination: undefined }
  const mean = actual.reduce((sum, y) => sum + y / rowCount, 0)
  let absolute = 0
  let left = 0
  let whole = 0
  for (let row = 0; row < rowCount; row++) {
    absolute += Math.abs(predicted[row] - actual[row]) / rowCount
    left += (predicted[row] - actual[row]) ** 2
    whole += (actual[row] - mean) ** 2
  }
  const varies = actual.some((y) => y !== actual[0])
  return { rowCount, meanAbsoluteError: absolute, determination: varies && whole > 0 ? 1 - left / whole : undefined }
}
