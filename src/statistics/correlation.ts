import { assertFinite, assertLength, assertStride } from "../array/assert.ts"

/**
 * Pearson's correlations of all pairs of columns; NaN where one of the two is constant.
 * @param values [row, column] row by row, finite
 * @returns      [column, column] in −1 … 1
 * @source K. Pearson, Philos. Trans. R. Soc. A 187 (1896) 253, doi:10.1098/rsta.1896.0007
 */
export const correlationMatrix = (values: Float64Array, columnCount: number): Float64Array => {
  assertStride("values", values, columnCount)
  assertFinite("values", values)
  const rowCount = values.length / columnCount
  const unit = new Float64Array(values.length)
  for (let column = 0; column < columnCount; column++) {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (let at = column; at < values.length; at += columnCount) {
      low = Math.min(low, values[at])
      high = Math.max(high, values[at])
    }
    // Between 0 and 1, so that no square overflows or vanishes.
    const range = high - low
    let mean = 0
    for (let at = column; at < values.length; at += columnCount) {
      unit[at] = (values[at] - low) / range
      mean += unit[at] / rowCount
    }
    let squares = 0
    for (let at = column; at < values.length; at += columnCount) {
      unit[at] -= mean
      squares += unit[at] * unit[at]
    }
    const length = Math.sqrt(squares)
    for (let at = column; at < values.length; at += columnCount) unit[at] /= length
  }
  const out = new Float64Array(columnCount * columnCount)
  for (let i = 0; i < columnCount; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let at = 0; at < values.length; at += columnCount) sum += unit[at + i] * unit[at + j]
      const r = i === j && !Number.isNaN(sum) ? 1 : Math.min(1, Math.max(-1, sum))
      out[i * columnCount + j] = r
      out[j * columnCount + i] = r
    }
  }
  return out
}

/** Pearson's correlation of two columns; NaN where one is constant. @param first [row] @param second [row] */
export const pearsonCorrelation = (first: Float64Array, second: Float64Array): number => {
  assertLength("second", second, first.length)
  const values = new Float64Array(2 * first.length)
  for (let row = 0; row < first.length; row++) {
    values[2 * row] = first[row]
    values[2 * row + 1] = second[row]
  }
  return correlationMatrix(values, 2)[1]
}

/** Two columns that go together. */
export interface CorrelationEdge {
  readonly first: number
  readonly second: number
  readonly correlation: number
}

/**
 * Pairs of columns whose correlation is at least so strong, the strongest first: the edges of a circular plot.
 * @param correlations [column, column]
 * @param threshold    of |r|, 0 … 1
 */
export const correlationEdges = (correlations: Float64Array, threshold: number): readonly CorrelationEdge[] => {
  const columnCount = Math.sqrt(correlations.length)
  const edges: CorrelationEdge[] = []
  for (let first = 0; first < columnCount; first++) {
    for (let second = first + 1; second < columnCount; second++) {
      const correlation = correlations[first * columnCount + second]
      if (Math.abs(correlation) >= threshold) edges.push({ first, second, correlation })
    }
  }
  return edges.sort((a, b) => Math.abs(b.correlation) - Math.abs(a.correlation))
}
