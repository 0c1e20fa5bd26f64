import type { Monoid } from "fp-ts/lib/Monoid.js"
import { eachWithin, type PointGrid, pointGrid } from "./point-grid.ts"
import { reduceBlocks } from "./tree.ts"

/** Field of view in which points were seen: edges of a box along x, y and z; 0 along z for a plane [m]. */
export type Window = readonly [number, number, number]

/** Volume of a window; area of a plane one [m³ or m²]. */
export const windowSize = ([x, y, z]: Window): number => x * y * (z === 0 ? 1 : z)

/** What pairs of points say about each span of distances; a pair counts once. */
export interface PairSums {
  /** [bin + 1] distances, strictly rising, first ≥ 0 [m] */
  readonly edges: Float64Array
  /** [bin] pairs */
  readonly pairs: Float64Array
  /** [bin] Σ over pairs of 1 / |W ∩ (W + h)|, with h from one point to the other [1/m³ or 1/m²] */
  readonly weights: Float64Array
}

/**
 * Sums over the same distances; counts exactly, weights to rounding associative and commutative.
 * @param edges  [bin + 1] [m]
 */
export const pairSumsMonoid = (edges: Float64Array): Monoid<PairSums> => ({
  empty: { edges, pairs: new Float64Array(edges.length - 1), weights: new Float64Array(edges.length - 1) },
  concat: (a, b) => ({
    edges,
    pairs: a.pairs.map((count, bin) => count + b.pairs[bin]),
    weights: a.weights.map((weight, bin) => weight + b.weights[bin]),
  }),
})

/** Size of the part of a window that it shares with itself moved by h; 0 where there is none. */
const sharedSize = (window: Window, dx: number, dy: number, dz: number): number =>
  Math.max(0, window[0] - Math.abs(dx)) *
  Math.max(0, window[1] - Math.abs(dy)) *
  (window[2] === 0 ? 1 : Math.max(0, window[2] - Math.abs(dz)))

/** Bin of a distance, or −1. */
const binOf = (edges: Float64Array, distance: number): number => {
  if (!(distance >= edges[0] && distance < edges[edges.length - 1])) return -1
  let [low, high] = [0, edges.length - 1]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (edges[middle] <= distance) low = middle
    else high = middle
  }
  return low
}

/** One pair of points in reach: its bin and its weight 1 / |W ∩ (W + h)|. */
type PairVisit = (bin: number, weight: number) => void

/** Calls `visit` once for every pair in reach whose first (lower) point lies in [begin, end). */
const eachPair = (
  grid: PointGrid,
  window: Window,
  edges: Float64Array,
  begin: number,
  end: number,
  visit: PairVisit,
): void => {
  const { points } = grid
  const reach = edges[edges.length - 1]
  for (let first = begin; first < end; first++) {
    eachWithin(grid, first, reach, (second, squared) => {
      if (second < first) return
      const bin = binOf(edges, Math.sqrt(squared))
      if (bin < 0) return
      const shared = sharedSize(
        window,
        points[3 * second] - points[3 * first],
        points[3 * second + 1] - points[3 * first + 1],
        points[3 * second + 2] - points[3 * first + 2],
      )
      // Points as far apart as the window is wide have no weight that says anything.
      if (shared > 0) visit(bin, 1 / shared)
    })
  }
}

/**
 * Sums over all pairs of points, in blocks that are merged in a fixed tree.
 * @param points  [point, 3] inside the window; z the same for all in a plane [m]
 * @param edges   [bin + 1] distances [m]
 */
export const pairSumsOf = (points: Float64Array, window: Window, edges: Float64Array): PairSums => {
  const grid = pointGrid(points, edges[edges.length - 1] / 2)
  const { empty, ...monoid } = pairSumsMonoid(edges)
  return reduceBlocks({ empty, ...monoid }, points.length / 3, (begin, end) => {
    const sums = { edges, pairs: empty.pairs.slice(), weights: empty.weights.slice() }
    eachPair(grid, window, edges, begin, end, (bin, weight) => {
      sums.pairs[bin]++
      sums.weights[bin] += weight
    })
    return sums
  })
}

/** Volume between two distances from a point; area in a plane [m³ or m²]. */
const shellSize = (window: Window, inner: number, outer: number): number =>
  window[2] === 0 ? Math.PI * (outer ** 2 - inner ** 2) : ((4 * Math.PI) / 3) * (outer ** 3 - inner ** 3)

/**
 * Pair correlation g of points: how many more of them than in a random pattern of the same density lie at a distance
 * from one another, with the translation edge correction of Ohser and Stoyan,
 * g(r) = 2 Σ 1 / |W ∩ (W + h)| / (λ² shell), λ² = n (n − 1) / |W|². 1 for independent points; NaN for fewer than two.
 * @returns [bin]
 * @source D. Stoyan, W. S. Kendall, J. Mecke (1995), Stochastic Geometry and its Applications, 2nd ed., eq. (4.5.24)
 */
export const pairCorrelation = ({ edges, weights }: PairSums, pointCount: number, window: Window): Float64Array => {
  const squaredDensity = (pointCount * (pointCount - 1)) / windowSize(window) ** 2
  return weights.map((weight, bin) =>
    pointCount < 2 ? Number.NaN : (2 * weight) / (squaredDensity * shellSize(window, edges[bin], edges[bin + 1])),
  )
}

/**
 * Standard deviation of g of as many independent points from the number of pairs alone, 1 / √(expected pairs): what
 * differs from 1 by less says nothing. Beyond a quarter of the window's shortest edge, g varies up to twice as much.
 * NaN for fewer than two points.
 * @returns [bin]
 */
export const pairCorrelationNoise = (
  { edges, pairs, weights }: PairSums,
  pointCount: number,
  window: Window,
): Float64Array => {
  const squaredDensity = (pointCount * (pointCount - 1)) / windowSize(window) ** 2
  return pairs.map((count, bin) => {
    // The window shared with itself moved by as much, from the pairs there are.
    const shared = count > 0 ? count / weights[bin] : windowSize(window)
    const expected = (squaredDensity / 2) * shellSize(window, edges[bin], edges[bin + 1]) * shared
    return pointCount < 2 ? Number.NaN : 1 / Math.sqrt(expected)
  })
}
