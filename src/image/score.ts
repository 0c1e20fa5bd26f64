import { assertLength } from "../array/assert.ts"

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
  readonly intersection: number
  readonly overlap: number
}

/** All overlapping pairs of two label images, best overlap first. */
export const overlappingPairs = (truth: Int32Array, found: Int32Array): readonly ObjectPair[] => {
  assertLength("found", found, truth.length)
  const trueSize = new Map<number, number>()
  const foundSize = new Map<number, number>()
  const common = new Map<string, ObjectPair>()
  const shared = new Map<string, number>()
  for (let i = 0; i < truth.length; i++) {
    trueSize.set(truth[i], (trueSize.get(truth[i]) ?? 0) + 1)
    foundSize.set(found[i], (foundSize.get(found[i]) ?? 0) + 1)
    if (truth[i] === 0 || found[i] === 0) continue
    const key = `${truth[i]} ${found[i]}`
    shared.set(key, (shared.get(key) ?? 0) + 1)
  }
  for (const [key, intersection] of shared) {
    const [t, f] = key.split(" ").map(Number)
    const union = (trueSize.get(t) ?? 0) + (foundSize.get(f) ?? 0) - intersection
    common.set(key, { truth: t, found: f, intersection, overlap: intersection / union })
  }
  return [...common.values()].sort((a, b) => b.overlap - a.overlap)
}

/**
 * Detection scores at overlap thresholds of at least one half, where a match is unique.
 * @source U. Schmidt et al., MICCAI (2018) 265–273, doi:10.1007/978-3-030-00934-2_30; A. Kirillov et al., CVPR (2019) 9404
 */
export const detectionScores = (
  truth: Int32Array,
  found: Int32Array,
  overlaps: readonly number[] = [0.5, 0.6, 0.7, 0.8, 0.9],
): readonly DetectionScore[] => {
  const pairs = overlappingPairs(truth, found)
  const objects = (labels: Int32Array): number => new Set(labels.filter((label) => label > 0)).size
  const [trueCount, foundCount] = [objects(truth), objects(found)]
  return overlaps.map((overlap) => {
    if (!(overlap >= 0.5)) throw new RangeError(`overlap is ${overlap}; matches are unique from 0.5 on`)
    // At exactly one half two candidates may tie: each object is used once.
    const usedTruth = new Set<number>()
    const usedFound = new Set<number>()
    let sum = 0
    for (const pair of pairs) {
      if (pair.overlap < overlap || usedTruth.has(pair.truth) || usedFound.has(pair.found)) continue
      usedTruth.add(pair.truth)
      usedFound.add(pair.found)
      sum += pair.overlap
    }
    const matched = usedTruth.size
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
