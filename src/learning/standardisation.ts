import { assertStride } from "../array/assert.ts"

/** How columns become numbers of mean 0 and deviation 1: z = (x − mean) / deviation. */
export interface Standardisation {
  /** [column] in the column's unit */
  readonly means: Float64Array
  /** [column] > 0, in the column's unit */
  readonly deviations: Float64Array
}

/**
 * The standardisation by the mean and the standard deviation (divisor n) of some rows alone; a column that does not vary
 * in them keeps its scale.
 * @param values [row, column] row by row, finite
 * @param rows   those that count, at least one
 */
export const standardisationOf = (
  values: Float64Array,
  columnCount: number,
  rows: ArrayLike<number>,
): Standardisation => {
  assertStride("values", values, columnCount)
  if (rows.length === 0) throw new RangeError("a standardisation needs rows")
  const means = new Float64Array(columnCount)
  const deviations = new Float64Array(columnCount)
  for (let column = 0; column < columnCount; column++) {
    // Relative to the largest, so that neither sums of large squares overflow nor small ones vanish.
    let largest = 0
    for (let k = 0; k < rows.length; k++) largest = Math.max(largest, Math.abs(values[rows[k] * columnCount + column]))
    const unit = largest > 0 ? largest : 1
    let sum = 0
    for (let k = 0; k < rows.length; k++) sum += values[rows[k] * columnCount + column] / unit
    const mean = (sum / rows.length) * unit
    let squares = 0
    for (let k = 0; k < rows.length; k++) squares += ((values[rows[k] * columnCount + column] - mean) / unit) ** 2
    const deviation = Math.sqrt(squares / rows.length) * unit
    means[column] = mean
    deviations[column] = deviation > 1e-12 * Math.abs(mean) ? deviation : 1
  }
  return { means, deviations }
}

/** Rows as standardised numbers. @param values [row, column] */
export const standardised = ({ means, deviations }: Standardisation, values: Float64Array): Float64Array => {
  assertStride("values", values, means.length)
  return values.map((value, at) => (value - means[at % means.length]) / deviations[at % means.length])
}

/** Standardised rows back in the units of their columns. @param values [row, column] */
export const unstandardised = ({ means, deviations }: Standardisation, values: Float64Array): Float64Array => {
  assertStride("values", values, means.length)
  return values.map((value, at) => value * deviations[at % means.length] + means[at % means.length])
}
