import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { objectDepth, starAnswers } from "../../../src/image/star/targets.ts"
import { type Labels, planeGrid } from "../../../src/image/volume.ts"

interface Disc {
  readonly x: number
  readonly y: number
  readonly radius: number
}

/** Discs by pixel centres, later ones in front. */
const discs = (width: number, height: number, list: readonly Disc[]): Labels => {
  const values = new Int32Array(width * height)
  list.forEach(({ x, y, radius }, k) => {
    for (let py = 0; py < height; py++)
      for (let px = 0; px < width; px++) if (Math.hypot(px - x, py - y) <= radius) values[px + width * py] = k + 1
  })
  return { ...planeGrid(width, height, 1), values, count: list.length }
}

describe("targets of a star-convex network", () => {
  it("are the distances of a disc, at every step", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2, 4),
        fc.double({ min: 30, max: 50, noNaN: true }),
        fc.double({ min: 30, max: 50, noNaN: true }),
        fc.double({ min: 12, max: 25, noNaN: true }),
        (step, x, y, radius) => {
          const { width, height, probability, distances } = starAnswers(discs(80, 80, [{ x, y, radius }]), step, 32)
          for (let p = 0; p < width * height; p++) {
            const [dx, dy] = [
              step * (p % width) + (step - 1) / 2 - x,
              step * Math.floor(p / width) + (step - 1) / 2 - y,
            ]
            const away = Math.hypot(dx, dy)
            if (away > radius + 1) expect(probability[p]).toBe(0)
            // Largest depth is that of the pixel next to the middle.
            if (away < radius - 1)
              expect(Math.abs(probability[p] - (radius - away) / radius)).toBeLessThan(1.6 / radius)
            if (away > radius - 2) continue
            for (let ray = 0; ray < 32; ray++) {
              const angle = (2 * Math.PI * ray) / 32
              const along = dx * Math.cos(angle) + dy * Math.sin(angle)
              const exact = -along + Math.sqrt(along * along - away * away + radius * radius)
              // A pixelated outline is off by up to half a pixel across; grazing rays see more of it.
              const graze = Math.sqrt(along * along - away * away + radius * radius) / radius
              expect(Math.abs(distances[ray * width * height + p] - exact)).toBeLessThan(0.8 / graze)
            }
          }
        },
      ),
      { numRuns: 6 },
    )
  })

  it("tell touching objects apart", () => {
    const labels = discs(64, 64, [
      { x: 22, y: 32, radius: 10 },
      { x: 42, y: 32, radius: 10 },
    ])
    const { probability, distances, width } = starAnswers(labels, 1, 4)
    const at = (x: number): number => x + width * 32
    expect(probability[at(22)]).toBe(1)
    expect(probability[at(31)]).toBeLessThan(0.3)
    expect(distances[at(22)]).toBeCloseTo(9.5, 1)
    expect(distances[at(42)]).toBeCloseTo(10.5, 1)
  })

  it("do not take the border of the image for an outline's depth, but end there", () => {
    const labels = discs(40, 40, [{ x: 0, y: 20, radius: 15 }])
    expect(objectDepth(labels)[20 * 40]).toBe(1)
    const { distances } = starAnswers(labels, 1, 4)
    expect(distances[2 * 1600 + 20 * 40 + 5]).toBeCloseTo(5.5, 5)
    const full = { ...labels, values: new Int32Array(1600).fill(1) }
    expect(starAnswers(full, 4, 8).probability.every((value) => value === 1)).toBe(true)
  })

  it("turn with the image", () => {
    const list = [
      { x: 20.3, y: 17.1, radius: 9 },
      { x: 35.2, y: 22.4, radius: 8 },
    ]
    const turned = list.map(({ x, y, radius }) => ({ x: 47 - y, y: x, radius }))
    const [one, other] = [list, turned].map((some) => starAnswers(discs(48, 48, some), 4, 16))
    for (let y = 0; y < 12; y++)
      for (let x = 0; x < 12; x++) {
        const [p, q] = [x + 12 * y, 11 - y + 12 * x]
        expect(other.probability[q]).toBeCloseTo(one.probability[p], 5)
        for (let ray = 0; ray < 16; ray++)
          expect(other.distances[((ray + 4) % 16) * 144 + q]).toBeCloseTo(one.distances[ray * 144 + p], 3)
      }
  })

  it("refuse what is no plane of whole steps", () => {
    expect(() => starAnswers(discs(10, 12, []), 4, 8)).toThrow("10 × 12 pixels are no multiples of 4")
  })
})
