import { assertLength } from "../array/assert.ts"
import type { Factorisation } from "./direct.ts"
import type { SparseMatrix } from "./pattern.ts"

/** When iterative refinement stops. */
export interface RefinementOptions {
  /** Backward error to reach, 1e-15 unless told */
  readonly tolerance?: number
  /** Corrections at most, 10 unless told */
  readonly maximumIterations?: number
}

/** How far iterative refinement has come. */
export interface RefinementOutcome {
  /** The tolerance was reached */
  readonly converged: boolean
  /** Corrections made */
  readonly iterations: number
  /** ‖b − A x‖ / ‖b‖ */
  readonly residual: number
  /** max_i |b − A x|_i / (|A| |x| + |b|)_i: the relative change of entries of A and b that makes x exact */
  readonly backwardError: number
}

/**
 * Solves A x = b and corrects x by what is left of b, as long as that helps.
 * @param out may be `rhs`
 * @source M. Arioli, J. W. Demmel, I. S. Duff, SIAM J. Matrix Anal. Appl. 10 (1989) 165
 */
export const solveRefined = (
  matrix: SparseMatrix,
  factorisation: Factorisation,
  rhs: Float64Array,
  out: Float64Array,
  { tolerance = 1e-15, maximumIterations = 10 }: RefinementOptions = {},
): RefinementOutcome => {
  const n = matrix.pattern.rowCount
  assertLength("rhs", rhs, n)
  assertLength("out", out, n)
  const b = out === rhs ? rhs.slice() : rhs
  const left = new Float64Array(n)
  const correction = new Float64Array(n)
  factorisation.solveInto(b, out)
  let error = residualInto(matrix, out, b, left)
  let iterations = 0
  while (error.backwardError > tolerance && iterations < maximumIterations) {
    factorisation.solveInto(left, correction)
    for (let i = 0; i < n; i++) out[i] += correction[i]
    const next = residualInto(matrix, out, b, left)
    if (!(next.backwardError < error.backwardError)) {
      for (let i = 0; i < n; i++) out[i] -= correction[i]
      break
    }
    iterations++
    // Less than halved: what remains is rounding, or the factor is too far from the matrix.
    const stalled = next.backwardError > error.backwardError / 2
    error = next
    if (stalled) break
  }
  return { converged: error.backwardError <= tolerance, iterations, ...error }
}

const residualInto = (
  { pattern, values }: SparseMatrix,
  x: Float64Array,
  b: Float64Array,
  out: Float64Array,
): { residual: number; backwardError: number } => {
  const { rowCount, rowStart, columnIndex } = pattern
  let backwardError = 0
  let left = 0
  let whole = 0
  for (let i = 0; i < rowCount; i++) {
    let sum = b[i]
    let size = Math.abs(b[i])
    const end = rowStart[i + 1]
    for (let at = rowStart[i]; at < end; at++) {
      const term = values[at] * x[columnIndex[at]]
      sum -= term
      size += Math.abs(term)
    }
    out[i] = sum
    left += sum * sum
    whole += b[i] * b[i]
    if (Math.abs(sum) > backwardError * size) backwardError = Math.abs(sum) / size
  }
  // Comparisons let NaN pass.
  if (!Number.isFinite(left)) backwardError = Number.NaN
  return { residual: Math.sqrt(whole > 0 ? left / whole : left), backwardError }
}
