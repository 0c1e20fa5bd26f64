import type { Monoid } from "fp-ts/lib/Monoid.js"
import { assertLength } from "../array/assert.ts"
import { type Moments, momentsMonoid, momentsOf } from "./moments.ts"
import { studentFactor } from "./student.ts"

/** Moments of one quantity in bins of another, such as damage over depth. */
export interface Profile {
  /** [bin + 1], strictly rising [x] */
  readonly edges: Float64Array
  /** [bin] of the values y whose x lies in the bin; the last one holds its upper edge too */
  readonly bins: readonly Moments[]
  /** Pairs outside of the edges, or in which x or y is not finite */
  readonly left: number
}

const sameEdges = (a: Float64Array, b: Float64Array): boolean =>
  a.length === b.length && a.every((edge, index) => edge === b[index])

/**
 * Profiles over the same bins taken together; to rounding associative and commutative.
 * @param edges  [bin + 1], strictly rising [x]
 */
export const profileMonoid = (edges: Float64Array): Monoid<Profile> => ({
  empty: { edges, bins: Array.from({ length: edges.length - 1 }, () => momentsMonoid.empty), left: 0 },
  concat: (a, b) => {
    if (!sameEdges(a.edges, edges) || !sameEdges(b.edges, edges)) throw new RangeError("profiles of other edges")
    return { edges, bins: a.bins.map((bin, at) => momentsMonoid.concat(bin, b.bins[at])), left: a.left + b.left }
  },
})

/**
 * The profile of y over x.
 * @param x      [pair] [x]
 * @param y      [pair] [y]
 * @param edges  [bin + 1], strictly rising [x]
 */
export const profileOf = (x: Float64Array, y: Float64Array, edges: Float64Array): Profile => {
  assertLength("y", y, x.length)
  const binCount = edges.length - 1
  const values: number[][] = Array.from({ length: binCount }, () => [])
  let left = 0
  for (let pair = 0; pair < x.length; pair++) {
    const within = x[pair] >= edges[0] && x[pair] <= edges[binCount] && Number.isFinite(y[pair])
    if (!within) {
      left++
      continue
    }
    let bin = 0
    while (bin < binCount - 1 && x[pair] >= edges[bin + 1]) bin++
    values[bin].push(y[pair])
  }
  return { edges, bins: values.map(momentsOf), left }
}

/**
 * Half the width of the confidence interval of a mean, t s/√n with the standard deviation s of the sample (divisor
 * n − 1) and Student's t; NaN of fewer than two values.
 * @param confidence  in (0, 1)
 */
export const meanUncertainty = ({ count, deviation }: Moments, confidence: number): number =>
  count < 2 ? Number.NaN : studentFactor(confidence, count - 1) * Math.sqrt(deviation / (count - 1) / count)
