import numeric from "numeric"
import { assertFinite, assertLength } from "../array/assert.ts"

export interface Eigen {
  /** [value] ascending */
  readonly values: Float64Array
  /** [value, size] an orthonormal vector for each value, also where values repeat */
  readonly vectors: Float64Array
}

/**
 * All eigenvalues and eigenvectors of a small dense symmetric matrix, to some rounding errors of its norm: the singular
 * vectors of A + c I, which is positive with c from Gershgorin's circles. Time grows with the cube of the size.
 * @param entries [size, size] row by row; the mean of both triangles is taken
 * @throws RangeError if an entry is no number
 * @source G. H. Golub, C. Reinsch, Numer. Math. 14 (1970) 403
 */
export const eigenSymmetric = (size: number, entries: Float64Array): Eigen => {
  assertLength("entries", entries, size * size)
  assertFinite("entries", entries)
  const values = new Float64Array(size)
  const vectors = new Float64Array(size * size)
  let radius = 0
  const rows = Array.from({ length: size }, (_, i) => {
    const row = Array.from({ length: size }, (_, j) => entries[i * size + j] / 2 + entries[j * size + i] / 2)
    radius = Math.max(
      radius,
      row.reduce((sum, a) => sum + Math.abs(a), 0),
    )
    return row
  })
  if (radius === 0) {
    for (let i = 0; i < size; i++) vectors[i * size + i] = 1
    return { values, vectors }
  }
  // Scaled, so that squares neither overflow nor vanish; singular values lie in [1, 3].
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) rows[i][j] = rows[i][j] / radius + (i === j ? 2 : 0)
  const { S, V } = numeric.svd(rows)
  for (let k = 0; k < size; k++) {
    const from = size - 1 - k
    values[k] = (S[from] - 2) * radius
    for (let i = 0; i < size; i++) vectors[k * size + i] = V[i][from]
  }
  return { values, vectors }
}
