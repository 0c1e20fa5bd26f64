import { seededRandom } from "../array/random.ts"
import { defaultPermutations, type PermutationSettings, permutationProbability } from "./permutation.ts"
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

/** Two samples as steps up (1/n each) and down (1/m each) at their values in rising order. */
interface PooledSteps {
  readonly steps: Float64Array
  readonly gaps: Float64Array
  /** [sample][value] its place among all */
  readonly places: readonly [Int32Array, Int32Array]
}

const pooledSteps = (first: Float64Array, second: Float64Array): PooledSteps => {
  if (first.length === 0 || second.length === 0) throw new RangeError("a distance needs values on both sides")
  const all = new Float64Array(first.length + second.length)
  all.set(first)
  all.set(second, first.length)
  const { sorted } = sampleOf(all)
  const order = Int32Array.from(all, (_, at) => at).sort((a, b) => all[a] - all[b])
  const steps = new Float64Array(all.length)
  const places: [Int32Array, Int32Array] = [new Int32Array(first.length), new Int32Array(second.length)]
  for (const [place, at] of order.entries()) {
    const isFirst = at < first.length
    if (isFirst) places[0][at] = place
    else places[1][at - first.length] = place
    steps[place] = isFirst ? 1 / first.length : -1 / second.length
  }
  const gaps = Float64Array.from(sorted, (value, at) => (at + 1 < sorted.length ? sorted[at + 1] - value : 0))
  return { steps, gaps, places }
}

/** Steps become heights. */
const summed = (steps: Float64Array): Float64Array => {
  for (let at = 1; at < steps.length; at++) steps[at] += steps[at - 1]
  return steps
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
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`a confidence of ${confidence}, not between 0 and 1`)
  const { steps, gaps, places } = pooledSteps(first, second)
  const random = seededRandom(seed)
  const changes = Float64Array.from({ length: resamples }, () => {
    const change = steps.map((step) => -step)
    for (const [which, sample] of places.entries()) {
      const step = (which === 0 ? 1 : -1) / sample.length
      for (let k = 0; k < sample.length; k++) change[sample[random.integer(sample.length)]] += step
    }
    return norm(summed(change), gaps)
  })
  const value = norm(summed(steps.slice()), gaps)
  const reach = quantile(sampleOf(changes), confidence)
  return { value, low: Math.max(0, value - reach), high: value + reach }
}

/**
 * Probability of so large a distance of two samples where values are on either side by chance.
 * @param first  [value] finite, at least one
 * @param second [value] finite, at least one
 */
export const distanceProbability = (
  first: Float64Array,
  second: Float64Array,
  norm: StepNorm,
  { permutations, seed }: PermutationSettings = defaultPermutations,
): number => {
  const { steps, gaps } = pooledSteps(first, second)
  const random = seededRandom(seed)
  const permuted = Float64Array.from({ length: permutations }, () => {
    const order = random.permutation(steps.length)
    return norm(summed(Float64Array.from(order, (at) => steps[at])), gaps)
  })
  return permutationProbability(norm(summed(steps.slice()), gaps), permuted)
}
