import type { Monoid } from "fp-ts/lib/Monoid.js"
import { type Range, rangeMonoid } from "./range.ts"
import { reduceBlocks } from "./tree.ts"

/** Count, mean and range of some numbers x, with the sum of their squared deviations. */
export interface Moments extends Range {
  readonly count: number
  /** [x]; 0 where there are no numbers */
  readonly mean: number
  /** Σ (x − mean)², ≥ 0 [x²] */
  readonly deviation: number
}

const none: Moments = { count: 0, mean: 0, deviation: 0, ...rangeMonoid.empty }

/**
 * Moments of two disjoint samples taken together, to rounding associative and commutative; the empty sample
 * changes nothing, exactly.
 * @source T. F. Chan, G. H. Golub, R. J. LeVeque (1979), Updating formulae and a pairwise algorithm for computing
 * sample variances, Stanford STAN-CS-79-773, eq. (2.1)
 */
export const momentsMonoid: Monoid<Moments> = {
  empty: none,
  concat: (a, b) => {
    if (a.count === 0) return b
    if (b.count === 0) return a
    const count = a.count + b.count
    const step = b.mean - a.mean
    return {
      count,
      mean: a.mean + step * (b.count / count),
      deviation: a.deviation + b.deviation + step * step * (a.count * (b.count / count)),
      ...rangeMonoid.concat(a, b),
    }
  },
}

/** Moments of values[begin…end), one after the other (Welford). */
const momentsOfBlock = (values: ArrayLike<number>, begin: number, end: number): Moments => {
  let mean = 0
  let deviation = 0
  let { min, max } = none
  for (let here = begin; here < end; here++) {
    const value = values[here]
    const step = value - mean
    mean += step / (here - begin + 1)
    deviation += step * (value - mean)
    if (value < min) min = value
    if (value > max) max = value
  }
  return { count: end - begin, mean, deviation, min, max }
}

/**
 * Moments of all values, in blocks that are merged in a fixed tree.
 * @param values  finite [x]
 */
export const momentsOf = (values: ArrayLike<number>): Moments =>
  reduceBlocks(momentsMonoid, values.length, (begin, end) => momentsOfBlock(values, begin, end))

/** Mean squared deviation of the numbers themselves (divisor n); 0 where there are none [x²]. */
export const variance = ({ count, deviation }: Moments): number => (count === 0 ? 0 : deviation / count)

/** Root of the mean squared deviation (divisor n); 0 where there are no numbers [x]. */
export const standardDeviation = (moments: Moments): number => Math.sqrt(variance(moments))
