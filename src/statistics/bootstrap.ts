import { seededRandom } from "../array/random.ts"
import { quantile, sampleOf } from "./sample.ts"

/** How intervals are found by drawing again. */
export interface BootstrapSettings {
  readonly resamples: number
  /** In (0, 1) */
  readonly confidence: number
  readonly seed: number
}

export const defaultBootstrap: BootstrapSettings = { resamples: 499, confidence: 0.95, seed: 1 }

/** A distance of two samples with its interval. */
export interface DistanceEstimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

/**
 * The size of a difference of distribution functions, a step function.
 * @param differences [place] height of each step
 * @param gaps        [place] width of each step, 0 where values are equal: such a height is none
 */
export type StepNorm = (differences: Float64Array, gaps: Float64Array) => number

/** Of F − G it is the distance of Kolmogorov and Smirnov. */
export const largestStep: StepNorm = (differences, gaps) => {
  let most = 0
  for (let at = 0; at < differences.length; at++)
    if (gaps[at] > 0 && Math.abs(differences[at]) > most) most = Math.abs(differences[at])
  return most
}

/** Of F − G it is the distance of Wasserstein. */
export const stepArea: StepNorm = (differences, gaps) => {
  let area = 0
  for (let at = 0; at < differences.length; at++) area += gaps[at] * Math.abs(differences[at])
  return area
}

/**
 * A distance ‖F − G‖ of two samples with an interval that holds that of their populations at least at the nominal rate,
 * also where there is none: the norms of (F* − G*) − (F − G) over samples drawn again bound how far the distance found
 * can be off, by the triangle inequality. Wider than intervals that trust the distance drawn again, which is biased.
 * @param first  [value] finite, at least one
 * @param second [value] finite, at least one
 * @source P. J. Bickel, D. A. Freedman, Ann. Stat. 9 (1981) 1196, theorem 4.1, doi:10.1214/aos/1176345637
 */
export const distanceInterval = (
  first: Float64Array,
  second: Float64Array,
  norm: StepNorm,
  { resamples, confidence, seed }: BootstrapSettings = defaultBootstrap,
): DistanceEstimate => {
  const counts = [first.length, second.length]
  if (counts.includes(0)) throw new RangeError("an interval needs values")
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`a confidence of ${confidence}, not between 0 and 1`)
  const all = new Float64Array(counts[0] + counts[1])
  all.set(first)
  all.set(second, first.length)
  const order = Int32Array.from(all, (_, at) => at).sort((a, b) => all[a] - all[b])
  const { sorted } = sampleOf(all)
  const gaps = Float64Array.from(sorted, (value, at) => (at + 1 < sorted.length ? sorted[at + 1] - value : 0))
  // Where each value of either sample lies among all of them.
  const places = [new Int32Array(counts[0]), new Int32Array(counts[1])]
  for (const [place, at] of order.entries()) {
    if (at < first.length) places[0][at] = place
    else places[1][at - first.length] = place
  }
  const weights = new Float64Array(sorted.length)
  for (const place of places[0]) weights[place] = 1 / counts[0]
  for (const place of places[1]) weights[place] = -1 / counts[1]
  const summed = (steps: Float64Array): Float64Array => {
    for (let at = 1; at < steps.length; at++) steps[at] += steps[at - 1]
    return steps
  }
  const random = seededRandom(seed)
  const changes = Float64Array.from({ length: resamples }, () => {
    const steps = new Float64Array(sorted.length)
    for (let at = 0; at < steps.length; at++) steps[at] = -weights[at]
    for (let k = 0; k < counts[0]; k++) steps[places[0][random.integer(counts[0])]] += 1 / counts[0]
    for (let k = 0; k < counts[1]; k++) steps[places[1][random.integer(counts[1])]] -= 1 / counts[1]
    return norm(summed(steps), gaps)
  })
  const value = norm(summed(weights.slice()), gaps)
  const reach = quantile(sampleOf(changes), confidence)
  return { value, low: Math.max(0, value - reach), high: value + reach }
}
