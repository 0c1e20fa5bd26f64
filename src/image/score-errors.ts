import type { Contingency } from "../statistics/contingency.ts"
import { momentsOf } from "../statistics/moments.ts"
import { kolmogorovDistance, quantile, sampleOf, wassersteinDistance } from "../statistics/sample.ts"
import { type ObjectSizes, objectSizes } from "./score.ts"

/** In which way found objects differ from true ones. */
export interface ObjectErrors {
  /** True objects with two or more pieces, and how many pieces there are too many */
  readonly splitTruths: number
  readonly surplusPieces: number
  /** Found objects that hold two or more true ones, and how many true ones are lost in them */
  readonly mergedFinds: number
  readonly mergedAway: number
  /** True objects that have no piece and are not held, and found ones that are no piece and hold none */
  readonly missed: number
  readonly spurious: number
  /** Entropy of the found labels within the true objects, and of the true labels within the found ones [bit] */
  readonly splitInformation: number
  readonly mergeInformation: number
}

/** Entropy of pairs of labels once the label of one image is known, over voxels that are in an object in both [bit]. */
const conditionalEntropy = ({ first, second, count }: Contingency, known: Int32Array): number => {
  const total = new Map<number, number>()
  let all = 0
  const isObject = (pair: number): boolean => first[pair] > 0 && second[pair] > 0
  for (let pair = 0; pair < count.length; pair++) {
    if (!isObject(pair)) continue
    total.set(known[pair], (total.get(known[pair]) ?? 0) + count[pair])
    all += count[pair]
  }
  let entropy = 0
  for (let pair = 0; pair < count.length; pair++) {
    if (isObject(pair)) entropy += (count[pair] / all) * Math.log2((total.get(known[pair]) ?? 0) / count[pair])
  }
  return entropy
}

/**
 * Counts splits and merges. A found object is a piece of the true one in which more than half of it lies; a true object
 * is held by the found one in which more than half of it lies. The two entropies sum to the variation of information of
 * the labels where both images have an object.
 * @source A. Hoover et al., IEEE Trans. Pattern Anal. 18 (1996) 673–689, doi:10.1109/34.506791 (with other thresholds);
 * M. Meilă, J. Multivar. Anal. 98 (2007) 873–895, doi:10.1016/j.jmva.2006.11.013
 */
export const objectErrors = (contingency: Contingency, sizes: ObjectSizes = objectSizes(contingency)): ObjectErrors => {
  const { first, second, count } = contingency
  const pieces = new Map<number, number>()
  const held = new Map<number, number>()
  const truthSeen = new Set<number>()
  const foundSeen = new Set<number>()
  for (let pair = 0; pair < count.length; pair++) {
    const [truth, found] = [first[pair], second[pair]]
    if (truth === 0 || found === 0) continue
    const trueShare = count[pair] / (sizes.truth.get(truth) ?? 0)
    const foundShare = count[pair] / (sizes.found.get(found) ?? 0)
    const isPiece = foundShare > 0.5
    const isHeld = trueShare > 0.5
    if (isPiece) pieces.set(truth, (pieces.get(truth) ?? 0) + 1)
    if (isHeld) held.set(found, (held.get(found) ?? 0) + 1)
    if (isPiece || isHeld) {
      truthSeen.add(truth)
      foundSeen.add(found)
    }
  }
  const several = (counts: ReadonlyMap<number, number>): readonly number[] => [...counts.values()].filter((n) => n > 1)
  const surplus = (counts: readonly number[]): number => counts.reduce((sum, n) => sum + n - 1, 0)
  return {
    splitTruths: several(pieces).length,
    surplusPieces: surplus(several(pieces)),
    mergedFinds: several(held).length,
    mergedAway: surplus(several(held)),
    missed: sizes.truth.size - truthSeen.size,
    spurious: sizes.found.size - foundSeen.size,
    splitInformation: conditionalEntropy(contingency, first),
    mergeInformation: conditionalEntropy(contingency, second),
  }
}

/** How far the statistics of some value over found objects are from those over true ones. */
export interface DistributionError {
  readonly trueCount: number
  readonly foundCount: number
  readonly trueMean: number
  readonly foundMean: number
  readonly trueMedian: number
  readonly foundMedian: number
  /** How far values must be moved on average to make one distribution of the other, in the unit of the values */
  readonly wasserstein: number
  /** Largest difference of the distribution functions */
  readonly kolmogorov: number
}

const meanOf = (values: Float64Array): number => (values.length === 0 ? Number.NaN : momentsOf(values).mean)

/**
 * Compares the distributions of a value; what cannot be said of an empty one is NaN.
 * @param truth  [object], finite
 * @param found  [object], finite; not paired with `truth`
 */
export const distributionError = (truth: Float64Array, found: Float64Array): DistributionError => {
  const [one, other] = [sampleOf(truth), sampleOf(found)]
  return {
    trueCount: truth.length,
    foundCount: found.length,
    trueMean: meanOf(truth),
    foundMean: meanOf(found),
    trueMedian: quantile(one, 0.5),
    foundMedian: quantile(other, 0.5),
    wasserstein: wassersteinDistance(one, other),
    kolmogorov: kolmogorovDistance(one, other),
  }
}

/** Error of a value of matched objects. */
export interface MatchedError {
  readonly count: number
  /** Mean and root mean square of found − true */
  readonly bias: number
  readonly deviation: number
}

/** Differences of a value over matched objects; NaN where there are none. */
export const matchedError = (truth: Float64Array, found: Float64Array): MatchedError => {
  const count = truth.length
  let [sum, square] = [0, 0]
  for (let k = 0; k < count; k++) {
    sum += found[k] - truth[k]
    square += (found[k] - truth[k]) ** 2
  }
  return { count, bias: sum / count, deviation: Math.sqrt(square / count) }
}
