import { eigenSymmetric } from "../algebra/eigen.ts"
import { assertStride } from "../array/assert.ts"

/** Directions of the largest spread of some rows. */
export interface PrincipalComponents {
  readonly columnCount: number
  /** [column] */
  readonly means: Float64Array
  /** [component] falling: variance along each (divisor n) */
  readonly variances: Float64Array
  /** [component, column] orthonormal */
  readonly directions: Float64Array
}

/**
 * All principal components of some rows: eigenvectors of their covariance.
 * @param values [row, column] row by row, standardised where columns are to count alike
 * @param rows   those that count, at least one
 * @source K. Pearson, Philos. Mag. 2 (1901) 559, doi:10.1080/14786440109462720
 */
export const principalComponents = (
  values: Float64Array,
  columnCount: number,
  rows: ArrayLike<number>,
): PrincipalComponents => {
  assertStride("values", values, columnCount)
  if (rows.length === 0) throw new RangeError("principal components need rows")
  const means = new Float64Array(columnCount)
  for (let k = 0; k < rows.length; k++)
    for (let i = 0; i < columnCount; i++) means[i] += values[rows[k] * columnCount + i] / rows.length
  const covariance = new Float64Array(columnCount * columnCount)
  const row = new Float64Array(columnCount)
  for (let k = 0; k < rows.length; k++) {
    for (let i = 0; i < columnCount; i++) row[i] = values[rows[k] * columnCount + i] - means[i]
    for (let i = 0; i < columnCount; i++)
      for (let j = 0; j <= i; j++) covariance[i * columnCount + j] += (row[i] * row[j]) / rows.length
  }
  for (let i = 0; i < columnCount; i++)
    for (let j = 0; j < i; j++) covariance[j * columnCount + i] = covariance[i * columnCount + j]
  const { values: rising, vectors } = eigenSymmetric(columnCount, covariance)
  const directions = new Float64Array(columnCount * columnCount)
  for (let k = 0; k < columnCount; k++) {
    const from = (columnCount - 1 - k) * columnCount
    directions.set(vectors.subarray(from, from + columnCount), k * columnCount)
  }
  return { columnCount, means, variances: rising.toReversed().map((value) => Math.max(0, value)), directions }
}

/**
 * Rows as the first components alone show them.
 * @param values [row, column] row by row
 * @param count  components, 0 … columnCount
 */
export const principalReconstruction = (
  { columnCount, means, directions }: PrincipalComponents,
  values: Float64Array,
  count: number,
): Float64Array => {
  assertStride("values", values, columnCount)
  if (!(Number.isInteger(count) && count >= 0 && count <= columnCount)) throw new RangeError(`${count} components`)
  const out = new Float64Array(values.length)
  for (let row = 0; row < values.length; row += columnCount) {
    for (let i = 0; i < columnCount; i++) out[row + i] = means[i]
    for (let k = 0; k < count; k++) {
      const direction = directions.subarray(k * columnCount, (k + 1) * columnCount)
      let share = 0
      for (let i = 0; i < columnCount; i++) share += direction[i] * (values[row + i] - means[i])
      for (let i = 0; i < columnCount; i++) out[row + i] += share * direction[i]
    }
  }
  return out
}
