import { describe, expect, it } from "vitest"
import { defaultStarSettings, type StarPrediction, starPolygons } from "../../../src/image/star/labels.ts"
import { sectionVote, votes } from "../../../src/image/star/section.ts"
import { starAnswers } from "../../../src/image/star/targets.ts"
import { planeGrid } from "../../../src/image/volume.ts"

const [width, height] = [120, 80]
/** Two ellipses half as high as wide that touch, in an image of square pixels. */
const discs = [
  [34, 40, 26],
  [84, 40, 24],
] as const
const labels = Int32Array.from({ length: width * height }, (_, p) => {
  const [x, y] = [p % width, Math.floor(p / width)]
  return 1 + discs.findIndex(([cx, cy, radius]) => Math.hypot(x - cx, y - cy) <= radius)
})

const prediction: StarPrediction = (() => {
  const answers = starAnswers({ ...planeGrid(width, height, 1), values: labels, count: 2 }, 2, 32)
  const places = answers.width * answers.height
  const distances = new Float32Array(32 * places)
  for (let p = 0; p < places; p++)
    for (let ray = 0; ray < 32; ray++) distances[p * 32 + ray] = answers.distances[ray * places + p]
  return { ...answers, offset: 0.5, rayCount: 32, distances }
})()

describe("the vote of a section", () => {
  const polygons = starPolygons(prediction, defaultStarSettings)

  it.each([
    ["as wide as the network's pixels", [1, 1]],
    ["twice as high", [1, 2]],
    ["larger both ways", [2, 2]],
  ] as const)("is right for pixels %s", (_, scale) => {
    const [w, h] = [width / scale[0], height / scale[1]]
    // Truth at the middle of each pixel.
    const at = (p: number): number => {
      const [x, y] = [Math.floor(((p % w) + 0.5) * scale[0]), Math.floor((Math.floor(p / w) + 0.5) * scale[1])]
      return labels[x + width * y]
    }
    const bright = Uint8Array.from({ length: w * h }, (_, p) => Math.min(1, at(p)))
    const vote = sectionVote(prediction, polygons, bright, { width: w, height: h, scale }, defaultStarSettings)
    const byLabel = [0, vote.owner[Math.floor(40 / scale[1]) * w + Math.floor(34 / scale[0])], 0]
    byLabel[2] = 3 - byLabel[1]
    let wrong = 0
    for (let p = 0; p < w * h; p++) {
      if (vote.owner[p] !== byLabel[at(p)]) wrong++
      const [isDeep, isNear] = [vote.cover[p] >= votes.deep, vote.cover[p] % votes.deep === votes.near]
      if (isDeep) expect(at(p)).toBeGreaterThan(0)
      if (at(p) > 0) expect(isNear).toBe(true)
      if (at(p) === 0) expect(vote.probability[p]).toBeLessThan(0.1)
    }
    expect(wrong / (w * h)).toBeLessThan(0.02)
    expect(vote.probability[Math.floor(40 / scale[1]) * w + Math.floor(34 / scale[0])]).toBeGreaterThan(0.9)
  })

  it("leaves out polygons that are dark, and keeps dark cracks of bright ones", () => {
    const bright = Uint8Array.from(labels, (label, p) => (label === 1 && p % 5 !== 0 ? 1 : 0))
    const vote = sectionVote(prediction, polygons, bright, { width, height, scale: [1, 1] }, defaultStarSettings)
    expect(new Set(vote.owner)).toEqual(new Set([0, 1]))
    for (let p = 0; p < labels.length; p++) if (labels[p] === 2 && p % width > 64) expect(vote.cover[p]).toBe(0)
    expect(vote.cover[34 + width * 40]).toBe(votes.near + votes.deep)
    expect(bright[30 + width * 40]).toBe(0)
    expect(vote.cover[30 + width * 40]).toBe(votes.near + votes.deep)
  })
})
