import { describe, expect, it } from "vitest"
import { levelLine, outlineMeasure } from "../../src/image/contour.ts"
import { eachCroftonPair } from "../../src/image/crofton.ts"
import { labelOverlay } from "../../src/image/overlay.ts"
import { detectionScores } from "../../src/image/score.ts"
import { hullArea, regionShape } from "../../src/image/shape.ts"
import { planeGrid } from "../../src/image/volume.ts"

const width = 200
const region = (inside: (x: number, y: number) => boolean): Int32Array => {
  const out: number[] = []
  for (let y = 0; y < width; y++)
    for (let x = 0; x < width; x++) if (inside(x - 99.7, y - 100.2)) out.push(x + width * y)
  return Int32Array.from(out)
}
const disc = (radius: number): Int32Array => region((x, y) => Math.hypot(x, y) <= radius)

describe("perimeter", () => {
  it.each([8, 10, 15, 30, 60])("of a disc of %i pixels within 0.01, its sphericity within 0.015", (radius) => {
    const { length, area } = outlineMeasure(disc(radius), width, 1)
    expect(Math.abs(length / (2 * Math.PI * radius) - 1)).toBeLessThan(0.01)
    expect(Math.abs((4 * Math.PI * area) / length ** 2 - 1)).toBeLessThan(0.015)
  })
  it.each([0, 15, 30, 45, 70])("of a turned ellipse (%i°) within 0.01, scaled by the pixel", (degrees) => {
    const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]
    const ellipse = region((x, y) => ((x * c + y * s) / 40) ** 2 + ((y * c - x * s) / 20) ** 2 <= 1)
    const h = (20 / 60) ** 2
    const exact = Math.PI * 60 * (1 + (3 * h) / (10 + Math.sqrt(4 - 3 * h)))
    const { length, area } = outlineMeasure(ellipse, width, 1e-7)
    expect(Math.abs(length / (exact * 1e-7) - 1)).toBeLessThan(0.01)
    expect(Math.abs(area / (Math.PI * 800 * 1e-14) - 1)).toBeLessThan(0.01)
  })
  it("of a smooth level line converges to the circle", () => {
    const values = Float64Array.from(
      { length: 100 * 100 },
      (_, i) => 30 - Math.hypot((i % 100) - 50, Math.floor(i / 100) - 50),
    )
    const { length, area } = levelLine({ ...planeGrid(100, 100, 1), values }, 0)
    expect(length).toBeCloseTo(60 * Math.PI, 1)
    expect(area / (900 * Math.PI)).toBeCloseTo(1, 3)
  })
  it("by Crofton's formula: discs within 1 %, straight edges within 6 %", () => {
    const measured = (pixels: Int32Array): number => {
      const inside = new Set(pixels)
      let sum = 0
      eachCroftonPair(width, width, (a, b, length) => {
        if (inside.has(a) !== inside.has(b)) sum += length
      })
      return sum
    }
    for (const radius of [8, 20, 50])
      expect(Math.abs(measured(disc(radius)) / (2 * Math.PI * radius) - 1)).toBeLessThan(0.015)
    expect(Math.abs(measured(region((x, y) => Math.abs(x) < 30 && Math.abs(y) < 30)) / 240 - 1)).toBeLessThan(0.06)
  })
})

describe("region shape", () => {
  it("hull of a square is the square, of an L its triangle", () => {
    expect(hullArea(Int32Array.of(0, 1, width, width + 1), width)).toBe(4)
    expect(hullArea(Int32Array.of(0, width, width + 1), width)).toBe(3.5)
  })
  it("elongation and direction of a bar", () => {
    const bar = region((x, y) => Math.abs(x + y) < 30 && Math.abs(x - y) < 6)
    const shape = regionShape(bar, width)
    expect(shape.elongation).toBeGreaterThan(4.5)
    expect(Math.abs(shape.angle)).toBeCloseTo(Math.PI / 4, 1)
    expect(shape.solidity).toBeGreaterThan(0.9)
  })
})

describe("detection scores", () => {
  it("count a split, a miss and a hit", () => {
    const truth = Int32Array.from([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 0, 0])
    const found = Int32Array.from([7, 7, 7, 7, 5, 5, 5, 6, 0, 0, 9, 0])
    const [half, strict] = detectionScores(truth, found, [0.5, 0.8])
    expect(half).toMatchObject({ matched: 2, falsePositives: 2, falseNegatives: 1 })
    expect(half.f1).toBeCloseTo(4 / 7, 12)
    expect(half.averagePrecision).toBeCloseTo(2 / 5, 12)
    expect(half.panopticQuality).toBeCloseTo((1.75 / 2) * (4 / 7), 12)
    expect(strict.matched).toBe(1)
    expect(detectionScores(truth, truth)[4]).toMatchObject({ f1: 1, panopticQuality: 1 })
    expect(() => detectionScores(truth, found, [0.4])).toThrow(/0.4/)
  })
})

it("overlay marks outlines and cracks and leaves the matrix gray", () => {
  const labels = Int32Array.from({ length: 25 }, (_, i) => (i % 5 > 0 && i % 5 < 4 && i >= 5 && i < 20 ? 1 : 0))
  const gray = Float32Array.from({ length: 25 }, (_, i) => i)
  const cracks = new Uint8Array(25)
  cracks[12] = 1
  const { pixels } = labelOverlay(5, 5, gray, labels, cracks)
  expect(pixels.slice(0, 3).every((v) => v === pixels[0])).toBe(true)
  expect(new Set(pixels.slice(4 * 6, 4 * 6 + 3)).size).toBeGreaterThan(1)
  expect(pixels[4 * 12]).toBeGreaterThan(pixels[4 * 12 + 1] + 50)
  expect(pixels[4 * 12 + 3]).toBe(255)
})
