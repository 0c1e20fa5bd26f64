import { assertLength } from "../array/assert.ts"
import { studentFactor } from "./student.ts"

/** How far one quantity rises with another: 1 always, −1 always falls, 0 neither; NaN where one of them is constant. */
export interface RankCorrelation {
  readonly coefficient: number
  /** Pairs that it rests on */
  readonly count: number
}

/** Ranks from 1; equal values share the mean of theirs. */
export const midRanks = (values: Float64Array): Float64Array => {
  const order = Int32Array.from(values, (_, index) => index).sort((a, b) => values[a] - values[b])
  const ranks = new Float64Array(values.length)
  for (let start = 0; start < order.length; ) {
    let end = start + 1
    while (end < order.length && values[order[end]] === values[order[start]]) end++
    for (let place = start; place < end; place++) ranks[order[place]] = (start + 1 + end) / 2
    start = end
  }
  return ranks
}

/**
 * Spearman's rank correlation of two columns: Pearson's correlation of their ranks, ties sharing the mean rank. Rows in
 * which either value is not finite are left out.
 * @param first  [row]
 * @param second [row]
 * @source C. Spearman, Am. J. Psychol. 15 (1904) 72, doi:10.2307/1412159
 */
export const rankCorrelation = (first: Float64Array, second: Float64Array): RankCorrelation => {
  assertLength("second", second, first.length)
  const rows = [...first.keys()].filter((row) => Number.isFinite(first[row]) && Number.isFinite(second[row]))
  const count = rows.length
  const x = midRanks(Float64Array.from(rows, (row) => first[row]))
  const y = midRanks(Float64Array.from(rows, (row) => second[row]))
  const mean = (count + 1) / 2
  let [xx, yy, xy] = [0, 0, 0]
  for (let row = 0; row < count; row++) {
    const [dx, dy] = [x[row] - mean, y[row] - mean]
    xx += dx * dx
    yy += dy * dy
    xy += dx * dy
  }
  return { coefficient: xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : Number.NaN, count }
}

/**
 * Confidence interval of a rank correlation by Fisher's transformation, tanh(atanh ρ ± t √(1.06/(n − 3))); NaN from
 * fewer than four pairs or where there is no coefficient.
 * @param confidence  in (0, 1)
 * @source E. C. Fieller, H. O. Hartley, E. S. Pearson, Biometrika 44 (1957) 470, doi:10.1093/biomet/44.3-4.470
 */
export const rankCorrelationInterval = (
  { coefficient, count }: RankCorrelation,
  confidence: number,
): readonly [number, number] => {
  if (count < 4 || Number.isNaN(coefficient)) return [Number.NaN, Number.NaN]
  const reach = studentFactor(confidence, count - 2) * Math.sqrt(1.06 / (count - 3))
  const middle = Math.atanh(coefficient)
  return [Math.tanh(middle - reach), Math.tanh(middle + reach)]
}
