import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { bricksOf, wholeOf } from "../../src/image/brick.ts"
import { addExtents, labelAgreement, type ObjectExtent } from "../../src/image/label-agreement.ts"
import { detectionScores, matchedPairs, overlappingPairs, scoresOf } from "../../src/image/score.ts"
import { objectErrors } from "../../src/image/score-errors.ts"
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

  it("count what is missed and what is not there, and a crumb as a piece", () => {
    const found = truth.map((label, at) => (label === 3 ? 0 : at === 0 ? 9 : label))
    const padded = [Int32Array.of(...truth, 0, 0), Int32Array.of(...found, 8, 8)]
    expect(objectErrors(contingencyOf(padded[0], padded[1]))).toMatchObject({
      splitTruths: 1,
      surplusPieces: 1,
      mergedFinds: 0,
      missed: 1,
      // Label 8 lies in the matrix.
      spurious: 1,
    })
  })

  it("give every found object a place: a piece, a holder or spurious", () => {
    fc.assert(
      fc.property(images, ({ truth: one, found }) => {
        const errors = objectErrors(contingencyOf(one, found))
        const foundCount = new Set(found.filter((label) => label > 0)).size
        const trueCount = new Set(one.filter((label) => label > 0)).size
        expect(errors.spurious + errors.surplusPieces).toBeLessThanOrEqual(foundCount)
        expect(errors.missed + errors.mergedAway).toBeLessThanOrEqual(trueCount)
        expect(errors.splitTruths).toBeLessThanOrEqual(errors.surplusPieces)
        expect(errors.mergedFinds).toBeLessThanOrEqual(errors.mergedAway)
      }),
    )
  })
})

describe("agreement of label volumes", () => {
  const grid = { shape: [10, 2, 2] as const, spacing: [1, 1, 1] as const }
  /** Four rows of ten voxels: object 1 in the middle of the first, 2 and 3 at the ends of the others. */
  const truth = Int32Array.of(0, 0, 1, 1, 1, 1, 0, 0, 0, 0, ...new Int32Array(10), ...Array(20).fill(2))
  const extentsOf = (labels: Int32Array) => {
    const out = new Map<number, ObjectExtent>()
    addExtents(grid, wholeOf(grid), labels, out)
    return out
  }

  it("gathers extents from bricks in any order", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 60, maxLength: 60 }),
        fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 })),
        (labels, edge) => {
          const cube = { shape: [5, 4, 3] as const, spacing: [1, 1, 1] as const }
          const out = new Map<number, ObjectExtent>()
          for (const box of bricksOf(cube, edge).toReversed()) {
            const part: number[] = []
            for (let z = box.from[2]; z < box.to[2]; z++)
              for (let y = box.from[1]; y < box.to[1]; y++)
                for (let x = box.from[0]; x < box.to[0]; x++) part.push(labels[x + 5 * (y + 4 * z)])
            addExtents(cube, box, part, out)
          }
          for (const label of [1, 2, 3]) {
            const own = labels.flatMap((each, i) =>
              each === label ? [[i % 5, Math.floor(i / 5) % 4, Math.floor(i / 20)]] : [],
            )
            if (own.length === 0) {
              expect(out.has(label)).toBe(false)
              continue
            }
            const along = (axis: number) => own.map((place) => place[axis])
            expect(out.get(label)).toEqual({
              from: [0, 1, 2].map((axis) => Math.min(...along(axis))),
              last: [0, 1, 2].map((axis) => Math.max(...along(axis))),
              isCut: own.some(([x, y, z]) => x % 4 === 0 || y % 3 === 0 || z % 2 === 0),
            })
          }
        },
      ),
    )
  })

  it("leaves what the border cuts out of volumes and damage", () => {
    // A grid that is higher than its labels reach: object 1 is whole, object 2 is not.
    const tall = { shape: [6, 5, 3] as const, spacing: [1, 1, 1] as const }
    const one = new Int32Array(90)
    for (let x = 1; x < 5; x++) one[x + 6 * (2 + 5)] = 1
    for (let x = 0; x < 4; x++) one[x + 6 * (4 + 5)] = 2
    const other = one.map((label, i) => (i === 1 + 6 * 7 ? 0 : label))
    const facts = (labels: Int32Array, damage: number) => {
      const extents = new Map<number, ObjectExtent>()
      addExtents(tall, wholeOf(tall), labels, extents)
      return {
        extents,
        damage: new Map([
          [1, damage],
          [2, 0.9],
        ]),
      }
    }
    const found = labelAgreement(contingencyOf(one, other), facts(one, 0.2), facts(other, 0.25), 2)
    expect(found.volumes).toMatchObject({ trueCount: 1, foundCount: 1, trueMean: 8, foundMean: 6, wasserstein: 2 })
    expect(found.matchedVolume).toEqual({ count: 1, bias: -0.25, deviation: 0.25 })
    expect(found.damage?.distribution).toMatchObject({ trueMean: 0.2, foundMean: 0.25 })
    expect(found.damage?.matched.bias).toBeCloseTo(0.05, 12)
    expect(found.scores[0]).toMatchObject({ overlap: 0.5, matched: 2 })
    expect(found.scores.at(-1)).toMatchObject({ overlap: 0.9, matched: 1 })
  })

  it("lists every true object once and every found one that matches none, worst first", () => {
    const found = truth.map((label, at) => (label === 2 ? (at < 28 ? 5 : 6) : label === 1 ? 0 : at === 15 ? 7 : 0))
    const facts = (labels: Int32Array) => ({ extents: extentsOf(labels) })
    const { matches, damage } = labelAgreement(contingencyOf(truth, found), facts(truth), facts(found), 1)
    expect(damage).toBeNull()
    expect(matches.map(({ truth: t, found: f }) => [t, f])).toEqual([
      [0, 5],
      [1, 0],
      [0, 7],
      [2, 6],
    ])
    expect(matches[3]).toMatchObject({ overlap: 0.6, trueSize: 20, foundSize: 12, place: [4.5, 0.5, 1] })
  })
})
