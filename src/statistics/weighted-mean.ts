import type { Monoid } from "fp-ts/lib/Monoid.js"
import { reduceBlocks } from "./tree.ts"

/** Mean of numbers that count by weight, such as area or volume. */
export interface WeightedMean {
  /** Σ w, ≥ 0 [w] */
  readonly weight: number
  /** Σ w x / Σ w [x]; 0 where the weight is 0 */
  readonly mean: number
}

/** Two samples taken together; to rounding associative and commutative, weight 0 changes nothing. */
export const weightedMeanMonoid: Monoid<WeightedMean> = {
  empty: { weight: 0, mean: 0 },
  concat: (a, b) => {
    if (a.weight === 0) return b
    if (b.weight === 0) return a
    const weight = a.weight + b.weight
    return { weight, mean: a.mean + (b.mean - a.mean) * (b.weight / weight) }
  },
}

/**
 * Mean of values by weight, in blocks that are merged in a fixed tree.
 * @param values   [x]
 * @param weights  same length, ≥ 0 [w]
 */
export const weightedMeanOf = (values: ArrayLike<number>, weights: ArrayLike<number>): WeightedMean => {
  if (values.length !== weights.length) throw new RangeError(`${values.length} values, ${weights.length} weights`)
  return reduceBlocks(weightedMeanMonoid, values.length, (begin, end) => {
    let mean = 0
    let weight = 0
    for (let here = begin; here < end; here++) {
      if (weights[here] === 0) continue
      weight += weights[here]
      mean += (values[here] - mean) * (weights[here] / weight)
    }
    return { weight, mean }
  })
}
