import { assertLength } from "../array/assert.ts"
import type { Factorisation } from "./direct.ts"
import type { SparseMatrix } from "./pattern.ts"

/** Steps that almost always suffice, and what they are limited to. */
const maximumSteps = 5

const sumOfMagnitudes = (x: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += Math.abs(x[i])
  return sum
}

/**
 * An estimate from below, rarely off by more than a factor of three, of ‖A‖₁ ‖A⁻¹‖₁: by how much relative errors of the
 * right-hand side may grow in the solution. It takes four to ten solutions.
 * @returns Infinity where the factorisation has left unknowns out
 * @source N. J. Higham, ACM Trans. Math. Softw. 14 (1988) 381, alg. 4.1
 */
export const estimateCondition = ({ pattern, values }: SparseMatrix, factorisation: Factorisation): number => {
  const { rowCount: n, rowStart, columnIndex } = pattern
  assertLength("values", values, columnIndex.length)
  if (n === 0) return 1
  const { warnings } = factorisation.report
  if (warnings.some(({ kind }) => kind === "singular")) return Number.POSITIVE_INFINITY
  const columnSum = new Float64Array(n)
  for (let at = 0; at < rowStart[n]; at++) columnSum[columnIndex[at]] += Math.abs(values[at])
  const norm = columnSum.reduce((most, sum) => Math.max(most, sum), 0)

  const x = new Float64Array(n).fill(1 / n)
  const y = new Float64Array(n)
  const signs = new Float64Array(n)
  const z = new Float64Array(n)
  let estimate = 0
  let last = -1
  for (let step = 0; step < maximumSteps; step++) {
    factorisation.solveInto(x, y)
    const sum = sumOfMagnitudes(y)
    let changed = step === 0
    for (let i = 0; i < n; i++) {
      const sign = y[i] < 0 ? -1 : 1
      if (sign !== signs[i]) changed = true
      signs[i] = sign
    }
    const grown = !(sum <= estimate)
    if (grown) estimate = sum
    if (!grown || !changed) break
    factorisation.solveTransposedInto(signs, z)
    let steepest = 0
    for (let i = 1; i < n; i++) if (Math.abs(z[i]) > Math.abs(z[steepest])) steepest = i
    if (steepest === last) break
    last = steepest
    x.fill(0)
    x[steepest] = 1
  }
  // A vector of alternating, growing entries guards against cancellation in the steps above.
  for (let i = 0; i < n; i++) x[i] = (i % 2 ? -1 : 1) * (1 + (n > 1 ? i / (n - 1) : 0))
  factorisation.solveInto(x, y)
  return norm * Math.max(estimate, (2 * sumOfMagnitudes(y)) / (3 * n))
}
