import { assertLength } from "../array/assert.ts"
import { type Contingency, contingencyOf } from "../statistics/contingency.ts"

/** How well found objects agree with true ones at one overlap threshold. */
export interface DetectionScore {
  /** Overlap (intersection over union) from which on two objects match, ≥ 0.5 */
  readonly overlap: number
  readonly matched: number
  readonly falsePositives: number
  readonly falseNegatives: number
  readonly precision: number
  readonly recall: number
  readonly f1: number
  /** matched / (matched + false positives + false negatives), StarDist's average precision */
  readonly averagePrecision: number
  /** Mean overlap of the matched × F1 */
  readonly panopticQuality: number
}

/** A true and a found object that overlap. */
export interface ObjectPair {
  readonly truth: number
  readonly found: number
  /** [voxel] */
  readonly intersection: number
  /** Intersection over union */
  readonly overlap: number
}

/** Overlap thresholds at which segmentations are compared in this field. */
export const standardOverlaps: readonly number[] = [0.5, 0.6, 0.7, 0.8, 0.9]

/** Voxels of every object, by label; 0 is no object. */
export interface ObjectSizes {
  readonly truth: ReadonlyMap<number, number>
  readonly found: ReadonlyMap<number, number>
}

/** Voxels of the true and of the found objects. */
export const objectSizes = ({ first, second, count }: Contingency): ObjectSizes => {
  const truth = new Map<number, number>()
  const found = new Map<number, number>()
  for (let pair = 0; pair < count.length; pair++) {
    if (first[pair] > 0) truth.set(first[pair], (truth.get(first[pair]) ?? 0) + count[pair])
    if (second[pair] > 0) found.set(second[pair], (found.get(second[pair]) ?? 0) + count[pair])
  }
  return { truth, found }
}

/** All overlapping pairs of objects, best overlap first, then by their labels. */
export const overlappingPairs = (contingency: Contingency, sizes = objectSizes(contingency)): readonly ObjectPair[] => {
  const { first, second, count } = contingency
  const pairs: ObjectPair[] = []
  for (let pair = 0; pair < count.length; pair++) {
    const [truth, found, intersection] = [first[pair], second[pair], count[pair]]
    if (truth === 0 || found === 0) continue
    const union = (sizes.truth.get(truth) ?? 0) + (sizes.found.get(found) ?? 0) - intersection
    pairs.push({ truth, found, intersection, overlap: intersection / union })
  }
  return pairs.sort((a, b) => b.overlap - a.overlap || a.truth - b.truth || a.found - b.found)
}

/** The pairs that match at an overlap of at least one half, best first; each object is used once. */
export const matchedPairs = (pairs: readonly ObjectPair[], overlap: number): readonly ObjectPair[] => {
  if (!(overlap >= 0.5)) throw new RangeError(`overlap is ${overlap}; matches are unique from 0.5 on`)
  // At exactly one half two candidates may tie.
  const usedTruth = new Set<number>()
  const usedFound = new Set<number>()
  return pairs.filter((pair) => {
    if (pair.overlap < overlap || usedTruth.has(pair.truth) || usedFound.has(pair.found)) return false
    usedTruth.add(pair.truth)
    usedFound.add(pair.found)
    return true
  })
}

/**
 * Detection scores at overlap thresholds of at least one half, where a match is unique, from the voxels that labels share.
 * @param contingency  truth first; merged over the bricks of a volume by `contingencyMonoid`
 * @source U. Schmidt et al., MICCAI (2018) 265–273, doi:10.1007/978-3-030-00934-2_30; A. Kirillov et al., CVPR (2019) 9404
 */
export const scoresOf = (
  contingency: Contingency,
  overlaps: readonly number[] = standardOverlaps,
): readonly DetectionScore[] => {
  const sizes = objectSizes(contingency)
  const pairs = overlappingPairs(contingency, sizes)
  const [trueCount, foundCount] = [sizes.truth.size, sizes.found.size]
  return overlaps.map((overlap) => {
    const matches = matchedPairs(pairs, overlap)
    const matched = matches.length
    const sum = matches.reduce((total, pair) => total + pair.overlap, 0)
    const falsePositives = foundCount - matched
    const falseNegatives = trueCount - matched
    const ratio = (a: number, b: number): number => (b > 0 ? a / b : 1)
    const f1 = ratio(2 * matched, trueCount + foundCount)
    return {
      overlap,
      matched,
      falsePositives,
      falseNegatives,
      precision: ratio(matched, foundCount),
      recall: ratio(matched, trueCount),
      f1,
      averagePrecision: ratio(matched, matched + falsePositives + falseNegatives),
      panopticQuality: matched > 0 ? (sum / matched) * f1 : f1,
    }
  })
}

/** Detection scores of two label images in memory. @param found as long as `truth` */
export const detectionScores = (
  truth: Int32Array,
  found: Int32Array,
  overlaps: readonly number[] = standardOverlaps,
): readonly DetectionScore[] => {
  assertLength("found", found, truth.length)
  return scoresOf(contingencyOf(truth, found), overlaps)
}
