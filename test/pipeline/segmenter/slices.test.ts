import { describe, expect, it } from "vitest"
import { likeSettings, simpleSlice, slicePhantom, trainingSlice } from "../../../src/pipeline/segmenter/slices.ts"

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
})
