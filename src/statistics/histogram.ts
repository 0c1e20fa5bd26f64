import type { Monoid } from "fp-ts/lib/Monoid.js"

/** How many (or how much by weight) lie between given edges. */
export interface Histogram {
  /** [bin + 1], strictly rising [x] */
  readonly edges: Float64Array
  /** [bin] share of values with edges[k] ≤ x < edges[k + 1]; the last bin holds its upper edge too. */
  readonly counts: Float64Array
  /** Values under the first edge. */
  readonly below: number
  /** Values over the last edge. */
  readonly above: number
}

const assertEdges = (edges: Float64Array): void => {
  if (edges.length < 2) throw new RangeError("a histogram needs two edges")
  for (let bin = 1; bin < edges.length; bin++) {
    if (!(edges[bin] > edges[bin - 1])) throw new RangeError(`edge ${bin} does not rise`)
  }
}

const sameEdges = (a: Float64Array, b: Float64Array): boolean =>
  a === b || (a.length === b.length && a.every((edge, index) => edge === b[index]))

/** Index of the last edge ≤ value; −1 under the first. */
const edgeAtOrBelow = (edges: Float64Array, value: number): number => {
  let low = -1
  let high = edges.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (edges[middle] <= value) low = middle
    else high = middle
  }
  return low
}

/**
 * Histograms over the same edges under addition; exact for whole counts up to 2⁵³.
 * @param edges  [bin + 1], strictly rising [x]
 * @throws where edges do not rise, or where a histogram with other edges is added
 */
export const histogramMonoid = (edges: Float64Array): Monoid<Histogram> => {
  assertEdges(edges)
  return {
    empty: { edges, counts: new Float64Array(edges.length - 1), below: 0, above: 0 },
    concat: (a, b) => {
      if (!sameEdges(a.edges, edges) || !sameEdges(b.edges, edges)) throw new RangeError("histograms of other edges")
      return {
        edges,
        counts: a.counts.map((count, bin) => count + b.counts[bin]),
        below: a.below + b.below,
        above: a.above + b.above,
      }
    },
  }
}

/** A histogram that takes one value after the other. */
export interface HistogramCounter {
  /** @param value not NaN [x] @param weight 1 where not given [w] */
  readonly add: (value: number, weight?: number) => void
  /** What has been counted so far; goes on with the counting. */
  readonly histogram: () => Histogram
}

/**
 * Counts values between edges, one by one: for more of them than should lie in memory.
 * @param edges [bin + 1], strictly rising [x]
 */
export const histogramCounter = (edges: Float64Array): HistogramCounter => {
  assertEdges(edges)
  const binCount = edges.length - 1
  const counts = new Float64Array(binCount)
  let below = 0
  let above = 0
  return {
    add: (value, weight = 1) => {
      if (Number.isNaN(value)) throw new RangeError("a value is not a number")
      const bin = edgeAtOrBelow(edges, value)
      if (bin < 0) below += weight
      else if (bin < binCount) counts[bin] += weight
      else if (value === edges[binCount]) counts[binCount - 1] += weight
      else above += weight
    },
    histogram: () => ({ edges, counts: counts.slice(), below, above }),
  }
}

/**
 * Counts values between edges.
 * @param values   not NaN [x]
 * @param edges    [bin + 1], strictly rising [x]
 * @param weights  same length as values; 1 each where not given [w]
 */
export const histogramOf = (values: ArrayLike<number>, edges: Float64Array, weights?: ArrayLike<number>): Histogram => {
  if (weights !== undefined && weights.length !== values.length) {
    throw new RangeError(`${values.length} values, ${weights.length} weights`)
  }
  const { add, histogram } = histogramCounter(edges)
  for (let here = 0; here < values.length; here++) {
    if (Number.isNaN(values[here])) throw new RangeError(`value ${here} is not a number`)
    add(values[here], weights === undefined ? 1 : weights[here])
  }
  return histogram()
}
