/** LU factors of small dense matrices that lie one after the other in one array; pivots stand as their reciprocals. */

/**
 * Factors in place, without pivoting: 1 + Z B with Z ≥ 0 symmetric has positive minors as long as the diagonal B is ≥ 0.
 * @param matrix [row, column] of `size`, from `base` on
 */
export const factoriseSmall = (matrix: Float64Array, base: number, size: number): void => {
  const end = base + size * size
  for (let k = 0, pivotRow = base; k < size; k++, pivotRow += size) {
    const reciprocal = 1 / matrix[pivotRow + k]
    matrix[pivotRow + k] = reciprocal
    for (let row = pivotRow + size; row < end; row += size) {
      const factor = matrix[row + k] * reciprocal
      matrix[row + k] = factor
      for (let column = k + 1; column < size; column++) matrix[row + column] -= factor * matrix[pivotRow + column]
    }
  }
}

/**
 * Solves in place.
 * @param out   [size] right side, then solution
 * @param begin entries of `out` before it are 0
 */
export const solveSmall = (
  factors: Float64Array,
  base: number,
  size: number,
  out: Float64Array,
  begin: number,
): void => {
  for (let row = begin + 1, at = base + row * size; row < size; row++, at += size) {
    let sum = out[row]
    for (let column = begin; column < row; column++) sum -= factors[at + column] * out[column]
    out[row] = sum
  }
  for (let row = size - 1, at = base + row * size; row >= 0; row--, at -= size) {
    let sum = out[row]
    for (let column = row + 1; column < size; column++) sum -= factors[at + column] * out[column]
    out[row] = sum * factors[at + row]
  }
}
