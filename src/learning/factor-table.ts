import { type Random, seededRandom } from "../array/random.ts"
import type { LearningTable } from "./learning-table.ts"

/** A table made of a few hidden factors. */
export interface FactorModel {
  readonly rowCount: number
  readonly columnCount: number
  /** Independent standard normal factors, ≤ columnCount */
  readonly factorCount: number
  /** How far columns are bent in their factors: 0 straight, 1 as much bent as straight */
  readonly bend: number
  /** Share of each column's variance that is noise, 0 … 1 */
  readonly noise: number
  readonly seed: number
}

/** A table with the factors that it was made of. */
export interface FactorTable {
  readonly table: LearningTable
  /** [row, factor] */
  readonly factors: Float64Array
}

/** Orthonormal directions [factor, column], drawn at random. */
const directions = (random: Random, count: number, size: number): Float64Array => {
  const out = Float64Array.from({ length: count * size }, random.normal)
  for (let k = 0; k < count; k++) {
    const row = out.subarray(k * size, (k + 1) * size)
    for (let l = 0; l < k; l++) {
      const other = out.subarray(l * size, (l + 1) * size)
      const share = row.reduce((sum, value, i) => sum + value * other[i], 0)
      for (let i = 0; i < size; i++) row[i] -= share * other[i]
    }
    const length = Math.hypot(...row)
    for (let i = 0; i < size; i++) row[i] /= length
  }
  return out
}

/**
 * Rows drawn from y_i = √(1 − noise) Σ_j w_ij (f_j + b_ij (f_j² − 1)/√2) / √(1 + b_ij²) + √noise e_i with independent
 * standard normal factors f and errors e: orthogonal directions w, scaled to columns of variance 1, and bends b_ij of
 * either sign, `bend` in size. Straight, the columns have as many principal components above the noise as factors; bent,
 * more than that, though no more factors.
 */
export const factorTable = ({ rowCount, columnCount, factorCount, bend, noise, seed }: FactorModel): FactorTable => {
  if (!(factorCount >= 1 && factorCount <= columnCount)) {
    throw new RangeError(`${factorCount} factors of ${columnCount} columns`)
  }
  if (!(noise >= 0 && noise <= 1)) throw new RangeError(`noise of ${noise}, not from 0 to 1`)
  const random = seededRandom(seed)
  const weights = directions(random, factorCount, columnCount)
  const bends = Float64Array.from(weights, () => (random.uniform() < 0.5 ? -bend : bend))
  for (let i = 0; i < columnCount; i++) {
    let square = 0
    for (let j = 0; j < factorCount; j++) square += weights[j * columnCount + i] ** 2
    for (let j = 0; j < factorCount; j++) weights[j * columnCount + i] *= Math.sqrt((1 - noise) / square)
  }
  const factors = Float64Array.from({ length: rowCount * factorCount }, random.normal)
  const values = new Float64Array(rowCount * columnCount)
  const straight = 1 / Math.sqrt(1 + bend * bend)
  for (let row = 0; row < rowCount; row++) {
    for (let i = 0; i < columnCount; i++) {
      let sum = Math.sqrt(noise) * random.normal()
      for (let j = 0; j < factorCount; j++) {
        const f = factors[row * factorCount + j]
        const at = j * columnCount + i
        sum += weights[at] * straight * (f + (bends[at] * (f * f - 1)) / Math.SQRT2)
      }
      values[row * columnCount + i] = sum
    }
  }
  const names = Array.from({ length: columnCount }, (_, column) => `Column${column + 1}`)
  return { table: { rowCount, names, units: names.map(() => ""), values, target: null }, factors }
}
