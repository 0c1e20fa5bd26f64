import { describe, expect, it } from "vitest"
import { detectionScores } from "../../../src/image/score.ts"
import {
  defaultStarSettings,
  identifiedBy,
  polygonLabels,
  refinedLabels,
  type StarPrediction,
  starPolygons,
} from "../../../src/image/star/labels.ts"
import { starAnswers } from "../../../src/image/star/targets.ts"
import { gridOf, type Labels, maskWhere, planeGrid } from "../../../src/image/volume.ts"

const [width, height] = [160, 120]

/** Discs, of which the first two and the last two touch. */
const discs: readonly (readonly [number, number, number])[] = [
  [30, 30, 22],
  [72, 34, 20],
  [125, 40, 27],
  [40, 85, 25],
  [96, 92, 21],
]

const truth = (): Labels => {
  const values = new Int32Array(width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const depths = discs.map(([cx, cy, radius]) => Math.hypot(x - cx, y - cy) / radius)
      const least = Math.min(...depths)
      if (least <= 1) values[x + width * y] = depths.indexOf(least) + 1
    }
  return { ...planeGrid(width, height, 70e-9), values, count: discs.length }
}

/** What a perfect network would say. */
const prediction = (labels: Labels, step: number): StarPrediction => {
  const { width: w, height: h, probability, distances } = starAnswers(labels, step, 32)
  const byRay = new Float32Array(distances.length)
  for (let p = 0; p < w * h; p++) for (let ray = 0; ray < 32; ray++) byRay[p * 32 + ray] = distances[ray * w * h + p]
  return { step, offset: (step - 1) / 2, width: w, height: h, rayCount: 32, probability, distances: byRay }
}

const score = (found: Labels, labels: Labels, overlap: number): number =>
  detectionScores(labels.values, found.values, [overlap])[0].f1

describe("labels from what a network says", () => {
  it.each([1, 2, 4])("are the true ones where it is right, at every step (%i)", (step) => {
    const labels = truth()
    const polygons = starPolygons(prediction(labels, step), defaultStarSettings)
    expect(polygons.count).toBe(5)
    expect(score(polygonLabels(labels, polygons), labels, 0.9)).toBe(1)
    const bright = maskWhere(labels, (label) => label > 0)
    expect(score(refinedLabels(bright, polygons, defaultStarSettings), labels, 0.95)).toBe(1)
  })

  it("keep cracks and voids inside, and follow the image along the rim", () => {
    const labels = truth()
    const polygons = starPolygons(prediction(labels, 4), defaultStarSettings)
    const bright = maskWhere(labels, (label) => label > 0)
    // A radial crack from the middle of the third disc outwards, a void, and a bite out of its right side.
    const [cx, cy, radius] = discs[2]
    for (let way = 0; way < radius - 4; way++) bright.values[cx - way + width * cy] = 0
    for (let y = -4; y <= 4; y++) for (let x = 4; x <= 12; x++) bright.values[cx + x + width * (cy + y)] = 0
    for (let y = -3; y <= 3; y++)
      for (let x = radius - 2; x <= radius; x++) bright.values[cx + x + width * (cy + y)] = 0
    const found = refinedLabels(bright, polygons, defaultStarSettings)
    const own = found.values[cx + 20 + width * (cy + 10)]
    expect(own).toBeGreaterThan(0)
    for (const [x, y, inside] of [
      [-10, 0, true],
      [0, 0, true],
      [8, 2, true],
      [radius - 1, 0, false],
    ] as const) {
      expect(found.values[cx + x + width * (cy + y)] === own).toBe(inside)
    }
  })

  it("are looked up in the rows of the electrode", () => {
    const labels = truth()
    const polygons = starPolygons(prediction(labels, 4), defaultStarSettings)
    const first = 8
    const rows = {
      ...planeGrid(width, height - first, 70e-9),
      values: Uint8Array.from(labels.values.subarray(first * width), (label) => (label > 0 ? 1 : 0)),
    }
    const gray = { ...gridOf(rows), values: Float32Array.from(rows.values) }
    const inside = maskWhere(rows, () => true)
    const found = identifiedBy(polygons, defaultStarSettings)({ gray, inside, bright: rows, firstRow: first })
    const expected = { ...gridOf(rows), values: labels.values.slice(first * width), count: 5 }
    expect(score(found, expected, 0.9)).toBe(1)
  })

  it("are none beyond the field of view, nor where next to nothing is bright", () => {
    const labels = truth()
    const polygons = starPolygons(prediction(labels, 4), defaultStarSettings)
    const gray = { ...gridOf(labels), values: Float32Array.from(labels.values) }
    const cutAt = 52
    const whole = maskWhere(labels, () => true)
    // The first disc lies beyond what was measured, the fourth with its centre; the third is dark but for its rim.
    const inside = { ...whole, values: whole.values.map((_, p) => (p % width >= cutAt ? 1 : 0)) }
    const bright = { ...whole, values: labels.values.map((label, p) => (label > 0 && inside.values[p] ? 1 : 0)) }
    const [darkX, darkY] = discs[2]
    const dimmed = Uint8Array.from(bright.values, (lit, p) =>
      labels.values[p] === 3 && Math.hypot((p % width) - darkX, Math.floor(p / width) - darkY) < 24 ? 0 : lit,
    )
    const find = (values: Uint8Array) =>
      identifiedBy(polygons, defaultStarSettings)({ gray, inside, bright: { ...whole, values }, firstRow: 0 })
    const at = (found: Labels, [x, y]: readonly [number, number, number]): number => found.values[x + width * y]

    const found = find(Uint8Array.from(bright.values))
    expect(found.count).toBe(3)
    expect(discs.map((disc) => at(found, disc) > 0)).toEqual([false, true, true, false, true])
    expect(found.values.every((label, p) => label === 0 || inside.values[p] === 1)).toBe(true)
    const fewer = find(dimmed)
    expect(discs.map((disc) => at(fewer, disc) > 0)).toEqual([false, true, false, false, true])
    // A hollow particle is still one.
    const hollow = Uint8Array.from(bright.values, (lit, p) =>
      labels.values[p] === 3 && Math.hypot((p % width) - darkX, Math.floor(p / width) - darkY) < 18 ? 0 : lit,
    )
    expect(at(find(hollow), discs[2])).toBeGreaterThan(0)
  })

  it("are none where nothing is probable", () => {
    const empty = { ...planeGrid(16, 16, 1), values: new Int32Array(256), count: 0 }
    const polygons = starPolygons(prediction(empty, 4), defaultStarSettings)
    expect(polygons.count).toBe(0)
    expect(
      refinedLabels(
        maskWhere(empty, () => true),
        polygons,
        defaultStarSettings,
      ).count,
    ).toBe(0)
  })
})
