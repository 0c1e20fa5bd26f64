import { seededRandom } from "../array/random.ts"
import type { CurveSet } from "./envelope.ts"
import { pairCorrelation, pairSumsOf, type Window } from "./pair-correlation.ts"
import { nearestDistances } from "./point-grid.ts"
import { countUpTo, sampleOf } from "./sample.ts"

/** What is measured of the marked points among all; `marked` holds their indices in rising order. */
export type MarkedCurve = (marked: Int32Array) => Float64Array

/** Points of which some are marked, such as the severely damaged particles. */
export interface MarkedPoints {
  /** [point, 3] [m] */
  readonly points: Float64Array
  /** [point] 1 where it is marked */
  readonly marks: Uint8Array
}

/** Indices of the marked points. */
export const markedOf = ({ marks }: MarkedPoints): Int32Array =>
  Int32Array.from([...marks.keys()].filter((point) => marks[point] === 1))

const pointsAt = (points: Float64Array, indices: Int32Array): Float64Array => {
  const out = new Float64Array(3 * indices.length)
  for (let row = 0; row < indices.length; row++)
    out.set(points.subarray(3 * indices[row], 3 * indices[row] + 3), 3 * row)
  return out
}

const shareWithin = (nearest: Float64Array, distances: Float64Array): Float64Array => {
  // A single marked point has no neighbour at any distance.
  const sample = sampleOf(nearest.filter(Number.isFinite))
  return distances.map((distance) => countUpTo(sample, distance) / Math.max(1, nearest.length))
}

const meanOf = (nearest: Float64Array): number => nearest.reduce((sum, distance) => sum + distance, 0) / nearest.length

/**
 * Share of the marked points whose nearest marked neighbour is no further than each distance: G(r).
 * @param distances  [place] [m]
 */
export const nearestMarkedCurve =
  ({ points }: MarkedPoints, distances: Float64Array): MarkedCurve =>
  (marked) =>
    shareWithin(nearestDistances(pointsAt(points, marked)), distances)

/** Mean distance of the marked points to the nearest other marked one, as a curve of one place [m]. */
export const meanNearestCurve =
  ({ points }: MarkedPoints): MarkedCurve =>
  (marked) =>
    Float64Array.of(meanOf(nearestDistances(pointsAt(points, marked))))

/** The mean and then G(r), as the two above have them, from one search. */
export const nearestCurves =
  ({ points }: MarkedPoints, distances: Float64Array): MarkedCurve =>
  (marked) => {
    const nearest = nearestDistances(pointsAt(points, marked))
    return Float64Array.of(meanOf(nearest), ...shareWithin(nearest, distances))
  }

/**
 * Pair correlation of the marked points alone; see `pairCorrelation`.
 * @param edges  [bin + 1] distances [m]
 */
export const markedPairCurve =
  ({ points }: MarkedPoints, window: Window, edges: Float64Array): MarkedCurve =>
  (marked) =>
    pairCorrelation(pairSumsOf(pointsAt(points, marked), window, edges), marked.length, window)

/**
 * Curves of the null model that the marks sit on the points at random: as many marks as there are, on points drawn
 * without replacement. Simulation k depends on the seed and on k alone, so that any division among workers gives the
 * same.
 * @param begin  first simulation
 * @param end    one more than the last
 * @source P. J. Diggle (2013), Statistical Analysis of Spatial and Spatio-Temporal Point Patterns, 3rd ed., §4.5
 */
export const randomLabellings = (
  curve: MarkedCurve,
  { marks }: MarkedPoints,
  seed: number,
  begin: number,
  end: number,
): CurveSet => {
  const markCount = marks.reduce((sum, mark) => sum + mark, 0)
  const numbers = Array.from({ length: end - begin }, (_, at) => begin + at)
  return {
    numbers,
    curves: numbers.map((number) => {
      const random = seededRandom(seed * 2 ** 21 + number)
      return curve(random.permutation(marks.length).subarray(0, markCount).sort())
    }),
  }
}
