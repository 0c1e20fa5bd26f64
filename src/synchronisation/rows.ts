import { weightedMeanOf } from "../statistics/weighted-mean.ts"
import type { EnsembleHistory } from "./ensemble.ts"
import { openLedger } from "./ledger.ts"

/** Values of all particles at some times, whatever they come from. Matrices are row-major. */
export interface EnsembleRows {
  readonly particleCount: number
  /** [row] never falling [s] */
  readonly time: Float64Array
  /** [row] never falling; 0 for formation */
  readonly cycle: Int32Array
  /** [row, particle] */
  readonly meanStoichiometry: Float64Array
  /** [row, particle] 0 … 1 */
  readonly damage: Float64Array
}

/** While a cell rests its lithium content stands still but for rounding: so far apart two means count as the same. */
const sameMean = 1e-6

/** Of row `row` of a matrix. */
export const particlesAt = ({ particleCount }: EnsembleRows, matrix: Float64Array, row: number): Float64Array =>
  matrix.subarray(row * particleCount, (row + 1) * particleCount)

/**
 * An ensemble's history from rows that do not say what the cell was doing. A cycle is a charge and then a discharge: its
 * charge ends with the first row of the least mean stoichiometry, its discharge with the first row of the greatest mean
 * after that (a cycle that ends with its least mean has no discharge); damage is that of its last row. A cycle that breaks
 * off within its charge cannot be told from one that has none of its discharge.
 * @param weight  [particle] > 0; with volumes the mean stands still at rest, with others only nearly
 */
export const historyOfRows = (rows: EnsembleRows, weight: Float64Array): EnsembleHistory => {
  const { cycle, meanStoichiometry, damage } = rows
  const ledger = openLedger(weight)
  const mean = Float64Array.from(
    cycle,
    (_, row) => weightedMeanOf(particlesAt(rows, meanStoichiometry, row), weight).mean,
  )
  for (let begin = 0, end = 0; begin < cycle.length; begin = end) {
    while (end < cycle.length && cycle[end] === cycle[begin]) end++
    const within = mean.subarray(begin, end)
    const least = within.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY)
    const charged = within.findIndex((value) => value <= least + sameMean)
    const after = within.subarray(charged)
    const greatest = after.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY)
    ledger.bookCharge(cycle[begin], particlesAt(rows, meanStoichiometry, begin + charged))
    if (greatest > least + sameMean) {
      const discharged = begin + charged + after.findIndex((value) => value >= greatest - sameMean)
      ledger.bookDischarge(cycle[begin], particlesAt(rows, meanStoichiometry, discharged))
    }
    ledger.bookDamage(cycle[begin], particlesAt(rows, damage, end - 1))
  }
  return ledger.history()
}
