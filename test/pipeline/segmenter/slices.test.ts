import { describe, expect, it } from "vitest"
import { grayRange } from "../../../src/image/star/gray-range.ts"
import {
  judgedMix,
  likeSettings,
  mixedSlice,
  simpleSlice,
  sliceKind,
  slicePhantom,
  trainingMix,
  trainingPixel,
} from "../../../src/pipeline/segmenter/slices.ts"
import { volumeCut } from "../../../src/pipeline/segmenter/volume-cuts.ts"

const trainingSlice = mixedSlice(trainingMix)

describe("slices to learn from", () => {
  it("are the same for the same seed, and others for another", () => {
    const [one, again, other] = [8, 8, 9].map((seed) => trainingSlice(seed, 128, 96))
    expect(one.gray.shape).toEqual([128, 96, 1])
    expect(again.gray.values).toEqual(one.gray.values)
    expect(again.labels.values).toEqual(one.labels.values)
    expect(other.gray.values).not.toEqual(one.gray.values)
    expect(one.gray.values.every(Number.isFinite)).toBe(true)
  })

  it("are alike a holo-tomogram or simple, all with particles and different settings", () => {
    const sizes = new Set<number>()
    for (let seed = 20; seed < 28; seed++) {
      const { blurs, tones } = likeSettings(seed, 256, 256)
      sizes.add(tones.particle)
      expect(blurs.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9)
      const { gray, labels } = trainingSlice(seed, 256, 256)
      expect(gray.values.every(Number.isFinite)).toBe(true)
      expect(labels.count).toBeGreaterThan(1)
    }
    expect(sizes.size).toBe(8)
  })

  it("have bright particles with dark cracks that belong to them", () => {
    const seed = 11
    const { gray } = slicePhantom(seed, 192, 192)
    const { gray: image, labels } = simpleSlice(seed, 192, 192)
    const middle = (gray.particle + gray.carbon) / 2
    let [particle, bright, dark] = [0, 0, 0]
    labels.values.forEach((label, p) => {
      if (label > 0) particle++
      if (label > 0 && image.values[p] < middle) dark++
      if (label > 0 && image.values[p] >= middle) bright++
    })
    expect(particle / labels.values.length).toBeGreaterThan(0.15)
    expect(bright / particle).toBeGreaterThan(0.6)
    expect(dark / particle).toBeGreaterThan(0.02)
  })

  it("show planes of volumes with divided voxels and with next to no particle in the range of the volume", () => {
    const { cuts } = trainingMix
    const divided = volumeCut({ ...cuts, dividedShare: 1, emptyShare: 0 })(31, 128, 96)
    expect(divided.gray.shape).toEqual([128, 96, 1])
    const { pixels } = cuts.divided
    expect(divided.gray.spacing[0]).toBeGreaterThanOrEqual(pixels[0] * trainingPixel)
    expect(divided.gray.spacing[0]).toBeLessThanOrEqual(pixels[1] * trainingPixel)
    expect(divided.labels.count).toBeGreaterThan(1)
    expect(divided.range).toBeUndefined()
    // Labels lie over the bright pixels: they were enlarged alike.
    const [sums, counts] = [
      [0, 0],
      [0, 0],
    ]
    divided.labels.values.forEach((label, p) => {
      sums[label > 0 ? 1 : 0] += divided.gray.values[p]
      counts[label > 0 ? 1 : 0]++
    })
    expect(sums[1] / counts[1] - sums[0] / counts[0]).toBeGreaterThan(40)

    const full = volumeCut({ ...cuts, dividedShare: 0, emptyShare: 0 })(31, 128, 96)
    const empty = volumeCut({ ...cuts, dividedShare: 0, emptyShare: 1 })(31, 128, 96)
    expect(empty.labels.count).toBeLessThan(full.labels.count)
    expect(empty.range).toEqual(grayRange(full.gray.values))
  })

  it("are judged by slices that stay as they are", () => {
    const judged = mixedSlice(judgedMix)
    const seen = [9_000_000, 9_000_006, 9_000_007].map((seed) => {
      const { gray, labels } = judged(seed, 128, 96)
      const sum = Float64Array.from(gray.values).reduce((all, value) => all + value, 0)
      return [sliceKind(seed, judgedMix), Math.round(sum), labels.count]
    })
    expect(seen).toEqual([
      ["like a holo-tomogram", 1631475, 3],
      ["cut through a volume", 1310038, 3],
      ["simple", 1470159, 8],
    ])
  })
})
