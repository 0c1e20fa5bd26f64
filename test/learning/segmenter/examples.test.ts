import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { starAnswers } from "../../../src/image/star/targets.ts"
import { type Labels, planeGrid } from "../../../src/image/volume.ts"
import { cropOf, distanceParts, type Examples } from "../../../src/learning/segmenter/examples.ts"

const size = 64

/** A plane with one lopsided object. */
const labels = (): Labels => {
  const values = new Int32Array(size * size)
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      if (Math.hypot(x - 25, y - 30) < 14 || Math.hypot(x - 37, y - 35) < 9) values[x + size * y] = 1
  return { ...planeGrid(size, size, 1), values, count: 1 }
}

const exampleOf = (truth: Labels): Examples => {
  const { probability, distances } = starAnswers(truth, 4, 16)
  return {
    width: size,
    height: size,
    step: 4,
    rayCount: 16,
    count: 1,
    gray: Float32Array.from(truth.values),
    probability,
    distances: Uint16Array.from(distances, (way) => Math.round(distanceParts * way)),
  }
}

describe("squares of examples", () => {
  it("turn with what is to be answered for them", () => {
    const examples = exampleOf(labels())
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), fc.boolean(), (isTransposed, flipsX, flipsY) => {
        const crop = cropOf(examples, 0, 0, 0, size, { isTransposed, flipsX, flipsY })
        const turned = { ...labels(), values: Int32Array.from(crop.gray) }
        const expected = starAnswers(turned, 4, 16)
        crop.targets.probability.forEach((value, p) => {
          expect(value).toBeCloseTo(expected.probability[p], 6)
        })
        crop.targets.distances.forEach((way, k) => {
          expect(Math.abs(way - expected.distances[k])).toBeLessThan(1 / distanceParts)
        })
      }),
      { numRuns: 16 },
    )
  })

  it("lie where they are asked for", () => {
    const examples = exampleOf(labels())
    const crop = cropOf(examples, 0, 16, 20, 32, { isTransposed: false, flipsX: false, flipsY: false })
    expect(crop.gray[5 + 32 * 7]).toBe(examples.gray[21 + size * 27])
    expect(crop.targets.probability[2 + 8 * 3]).toBe(examples.probability[6 + 16 * 8])
    expect(() => cropOf(examples, 0, 40, 0, 32, { isTransposed: false, flipsX: false, flipsY: false })).toThrow(
      "a square of 32 at 40, 0",
    )
  })
})
