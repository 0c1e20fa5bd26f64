import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { detectionScores, matchedPairs, objectSizes, overlappingPairs, scoresOf } from "../../src/image/score.ts"
import { distributionError, matchedVolumeError, objectErrors } from "../../src/image/score-errors.ts"
import { contingencyMonoid, contingencyOf } from "../../src/statistics/contingency.ts"

/** Two label images of the same length; runs of equal labels, so that objects overlap well. */
const run = fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 1, max: 12 }))
const image = (runs: readonly (readonly [number, number])[], length: number): Int32Array =>
  Int32Array.from({ length }, (_, at) => {
    let end = 0
    for (const [label, size] of runs) {
      end += size
      if (at < end) return label
    }
    return 0
  })
const images = fc
  .tuple(fc.array(run, { minLength: 1, maxLength: 9 }), fc.array(run, { minLength: 1, maxLength: 9 }))
  .map(([a, b]) => ({ truth: image(a, 60), found: image(b, 60) }))

const ones = {
  precision: 1,
  recall: 1,
  f1: 1,
  averagePrecision: 1,
  panopticQuality: 1,
  falsePositives: 0,
  falseNegatives: 0,
}

describe("detection scores", () => {
  it("of an image with itself are one, whatever its labels are called", () => {
    fc.assert(
      fc.property(images, fc.shuffledSubarray([11, 700, 3, 90_000, 5, 2], { minLength: 6 }), ({ truth }, names) => {
        const renamed = truth.map((label) => (label === 0 ? 0 : names[label - 1]))
        for (const score of detectionScores(truth, renamed)) expect(score).toMatchObject(ones)
        expect(objectErrors(contingencyOf(truth, renamed))).toEqual({
          splitTruths: 0,
          surplusPieces: 0,
          mergedFinds: 0,
          mergedAway: 0,
          missed: 0,
          spurious: 0,
          splitInformation: 0,
          mergeInformation: 0,
        })
      }),
    )
  })

  it("never rise with the overlap, and lie between 0 and 1; quality is at most F1", () => {
    fc.assert(
      fc.property(images, ({ truth, found }) => {
        const scores = detectionScores(truth, found)
        scores.forEach((score, at) => {
          for (const value of [
            score.precision,
            score.recall,
            score.f1,
            score.averagePrecision,
            score.panopticQuality,
          ]) {
            expect(value).toBeGreaterThanOrEqual(0)
            expect(value).toBeLessThanOrEqual(1)
          }
          expect(score.panopticQuality).toBeLessThanOrEqual(score.f1 + 1e-12)
          if (at > 0) expect(score.matched).toBeLessThanOrEqual(scores[at - 1].matched)
        })
      }),
    )
  })

  it("change roles with the images: precision and recall, splits and merges", () => {
    fc.assert(
      fc.property(images, ({ truth, found }) => {
        const [there, back] = [contingencyOf(truth, found), contingencyOf(found, truth)]
        // At exactly one half which of two objects is taken depends on the order.
        const [a, b] = [scoresOf(there, [0.51]), scoresOf(back, [0.51])]
        expect(a[0].precision).toBe(b[0].recall)
        expect(a[0].f1).toBe(b[0].f1)
        const [e, f] = [objectErrors(there), objectErrors(back)]
        expect([e.splitTruths, e.surplusPieces, e.missed]).toEqual([f.mergedFinds, f.mergedAway, f.spurious])
        expect(e.splitInformation).toBeCloseTo(f.mergeInformation, 12)
      }),
    )
  })

  it("do not depend on the bricks they are gathered from", () => {
    fc.assert(
      fc.property(images, fc.integer({ min: 1, max: 60 }), ({ truth, found }, edge) => {
        let gathered = contingencyMonoid.empty
        for (let from = 0; from < truth.length; from += edge) {
          const brick = contingencyOf(truth.subarray(from, from + edge), found.subarray(from, from + edge))
          gathered = contingencyMonoid.concat(brick, gathered)
        }
        expect(gathered).toEqual(contingencyOf(truth, found))
        expect(scoresOf(gathered)).toEqual(detectionScores(truth, found))
      }),
    )
  })

  it("match each object once, also where two tie at one half", () => {
    const contingency = contingencyOf([1, 1, 1, 1], [5, 5, 6, 6])
    const pairs = overlappingPairs(contingency)
    expect(pairs.map(({ overlap }) => overlap)).toEqual([0.5, 0.5])
    expect(matchedPairs(pairs, 0.5)).toEqual([{ truth: 1, found: 5, intersection: 2, overlap: 0.5 }])
    expect(() => matchedPairs(pairs, 0.49)).toThrow("unique from 0.5 on")
  })

  it("of nothing against nothing are one, of something against nothing are zero", () => {
    const nothing = new Int32Array(4)
    const something = Int32Array.of(0, 1, 1, 0)
    expect(detectionScores(nothing, nothing)[0]).toMatchObject(ones)
    expect(detectionScores(something, nothing)[0]).toMatchObject({
      recall: 0,
      precision: 1,
      f1: 0,
      averagePrecision: 0,
    })
    expect(detectionScores(nothing, something)[0]).toMatchObject({ recall: 1, precision: 0, f1: 0, panopticQuality: 0 })
  })
})

describe("errors of objects", () => {
  /** 40 places: objects 1 and 2 of 16, 3 of 8. */
  const truth = Int32Array.from({ length: 40 }, (_, at) => (at < 16 ? 1 : at < 32 ? 2 : 3))

  it("count a split with its pieces", () => {
    const found = truth.map((label, at) => (label === 1 ? 10 + Math.floor(at / 6) : label))
    expect(objectErrors(contingencyOf(truth, found))).toMatchObject({
      splitTruths: 1,
      surplusPieces: 2,
      mergedFinds: 0,
      missed: 0,
      spurious: 0,
      mergeInformation: 0,
    })
  })

  it("count a merge with what is lost in it", () => {
    const found = new Int32Array(40).fill(4)
    const errors = objectErrors(contingencyOf(truth, found))
    expect(errors).toMatchObject({ splitTruths: 0, mergedFinds: 1, mergedAway: 2, missed: 0, spurious: 0 })
    // Entropy of shares 0.4, 0.4 and 0.2
    expect(errors.mergeInformation).toBeCloseTo(-0.8 * Math.log2(0.4) - 0.2 * Math.log2(0.2), 12)
    expect(errors.splitInformation).toBe(0)
  })

  it("count what is missed and what is not there, and leave crumbs out", () => {
    const found = truth.map((label, at) => (label === 3 ? 0 : at === 0 ? 9 : label))
    const padded = [Int32Array.of(...truth, 0, 0), Int32Array.of(...found, 8, 8)]
    expect(objectErrors(contingencyOf(padded[0], padded[1]))).toMatchObject({
      splitTruths: 0,
      mergedFinds: 0,
      missed: 1,
      // Label 8 lies in the matrix, 9 is a crumb of less than a tenth.
      spurious: 2,
    })
  })

  it("of volumes: matched objects a quarter too small, distributions in the unit of the values", () => {
    const found = truth.map((label, at) => (at % 4 === 0 ? 0 : label))
    const { count, bias, deviation } = matchedVolumeError(contingencyOf(truth, found))
    expect([count, bias, deviation]).toEqual([3, -0.25, 0.25])
    const sizes = objectSizes(contingencyOf(truth, found))
    const volumes = (of: ReadonlyMap<number, number>) => Float64Array.from(of.values())
    const error = distributionError(volumes(sizes.truth), volumes(sizes.found))
    expect(error).toMatchObject({ trueCount: 3, foundCount: 3, trueMedian: 16, foundMedian: 12 })
    expect(error.wasserstein).toBeCloseTo((4 + 4 + 2) / 3, 12)
    expect(distributionError(new Float64Array(0), volumes(sizes.found))).toMatchObject({
      trueCount: 0,
      foundCount: 3,
      trueMean: Number.NaN,
      wasserstein: Number.NaN,
    })
  })
})
