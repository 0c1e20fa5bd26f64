import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { seededRandom } from "../../src/array/random.ts"
import { type CrackRule, cracksIn } from "../../src/image/cracks.ts"
import { gaussian, median } from "../../src/image/smoothing.ts"
import { type Labels, planeGrid, type Volume } from "../../src/image/volume.ts"

const edge = 140
const middle = edge / 2
const grid = planeGrid(edge, edge, 1)
const rule: CrackRule = { level: 0.5, seed: 0.5, rim: 5 }
const [bright, dark] = [180, 90]

/** A disc of radius 55, its label, what of it is crack, and how a tomograph with soft edges and a halo shows it. */
const seen = (
  isCrack: (x: number, y: number) => boolean,
  noise = 0,
  tone: (x: number, y: number) => number = () => bright,
  outline = 55,
) => {
  const labels: Labels = { ...grid, values: new Int32Array(edge * edge), count: 1 }
  const truth = new Uint8Array(edge * edge)
  const clean = new Float32Array(edge * edge).fill(dark)
  for (let p = 0; p < clean.length; p++) {
    const [x, y] = [(p % edge) - middle, Math.floor(p / edge) - middle]
    const away = Math.hypot(x, y)
    if (away <= outline) labels.values[p] = 1
    if (away > 55) continue
    if (isCrack(x, y)) truth[p] = 1
    else clean[p] = tone(x, y)
  }
  const random = seededRandom(1)
  const [sharp, wide] = [1.7, 6].map((width) => gaussian({ ...grid, values: clean }, width).values)
  const gray: Volume = { ...grid, values: sharp.map((v, p) => 0.6 * v + 0.4 * wide[p] + noise * random.normal()) }
  return { labels, truth, gray }
}

const found = ({ labels, gray }: { readonly labels: Labels; readonly gray: Volume }): Uint8Array =>
  cracksIn(labels, gray, median(gray, 1), { matrix: dark, particle: bright }, rule)

const sum = (values: Uint8Array): number => values.reduce((total, value) => total + value, 0)

describe("cracks", () => {
  it("have the area of what is dark, as far as it is wider than the halo", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 10, max: 25, noNaN: true }),
        fc.double({ min: 0, max: 12, noNaN: true }),
        (r, noise) => {
          const core = seen((x, y) => Math.hypot(x, y) < r, noise)
          expect(Math.abs(sum(found(core)) / sum(core.truth) - 1)).toBeLessThan(0.06)
        },
      ),
      { numRuns: 8 },
    )
  })

  it("do not take the soft rim of a particle with them where they lead to it", () => {
    // Outlines of labels may lie a pixel too far outside.
    const open = seen(
      (x, y) => x > 0 && Math.abs(y) < 4,
      0,
      () => bright,
      56,
    )
    const cracks = found(open)
    let ring = 0
    cracks.forEach((flag, p) => {
      const [x, y] = [(p % edge) - middle, Math.floor(p / edge) - middle]
      if (flag === 1 && !(x > -4 && Math.abs(y) < 9)) ring++
    })
    expect(ring).toBe(0)
    expect(Math.abs(sum(cracks) / sum(open.truth) - 1)).toBeLessThan(0.12)
  })

  it("are not where a sound particle is dim, or brighter on one side than on the other", () => {
    const half = (bright + dark) / 2
    for (const tone of [
      () => half + 4,
      (x: number) => bright + 0.55 * x,
      (_: number, y: number) => half + 20 + 0.4 * y,
    ])
      expect(sum(found(seen(() => false, 6, tone)))).toBe(0)
    const slanted = seen(
      (x, y) => Math.hypot(x, y) < 12,
      6,
      (x) => bright + 0.5 * x,
    )
    expect(Math.abs(sum(found(slanted)) / sum(slanted.truth) - 1)).toBeLessThan(0.12)
  })

  it("are found, and hardly wider, where they are so thin that blur leaves them brighter than half-way", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1.2, max: 1.9, noNaN: true }),
        fc.double({ min: -0.6, max: 0.6, noNaN: true }),
        (half, slope) => {
          const thin = seen((x, y) => Math.abs(y - slope * x) < half * Math.hypot(1, slope) && Math.abs(x) < 35, 6)
          const ratio = sum(found(thin)) / sum(thin.truth)
          expect(ratio).toBeGreaterThan(0.4)
          expect(ratio).toBeLessThan(1.3)
        },
      ),
      { numRuns: 8 },
    )
  })

  it("are hardly more for coarse noise that almost hides them", () => {
    const more = [1, 2, 3, 4, 5, 6].map((seed) => {
      const random = seededRandom(seed)
      const white = Float32Array.from({ length: edge * edge }, () => random.normal())
      const core = seen((x, y) => Math.hypot(x, y) < 15)
      // A Gaussian of 2 px leaves 1 / (4 √π) of it: 28 of some 60 that cracks differ by.
      const noise = gaussian({ ...grid, values: white.map((value) => 28 * 4 * Math.sqrt(Math.PI) * value) }, 2).values
      const values = core.gray.values.map((value, p) => value + noise[p])
      return sum(found({ labels: core.labels, gray: { ...grid, values } })) - sum(core.truth)
    })
    const particle = Math.PI * 55 ** 2
    expect(Math.abs(more.reduce((total, value) => total + value, 0) / more.length / particle)).toBeLessThan(0.02)
  })

  it("are not a whole particle that is dimmer than those around it", () => {
    const [big, small] = [
      (x: number, y: number) => Math.hypot(x + 20, y) < 45,
      (x: number, y: number) => Math.hypot(x - 45, y) < 18,
    ]
    const isCrack = (x: number, y: number): boolean => small(x, y) && Math.abs(y) < 2
    const labels: Labels = { ...grid, values: new Int32Array(edge * edge), count: 2 }
    const clean = new Float32Array(edge * edge).fill(dark)
    for (let p = 0; p < clean.length; p++) {
      const [x, y] = [(p % edge) - middle, Math.floor(p / edge) - middle]
      if (big(x, y)) [labels.values[p], clean[p]] = [1, bright]
      else if (small(x, y)) [labels.values[p], clean[p]] = [2, isCrack(x, y) ? dark : dark + 0.48 * (bright - dark)]
    }
    const gray = gaussian({ ...grid, values: clean }, 1)
    const cracks = found({ labels, gray })
    const truth = sum(Uint8Array.from(clean, (value, p) => (labels.values[p] === 2 && value === dark ? 1 : 0)))
    expect(sum(cracks.map((flag, p) => (labels.values[p] === 1 ? flag : 0)))).toBe(0)
    expect(Math.abs(sum(cracks) / truth - 1)).toBeLessThan(0.3)
  })

  it("are the same in any scale of gray values", () => {
    const { labels, gray } = seen((x, y) => Math.abs(x - 0.3 * y) < 3, 5)
    const scaled: Volume = { ...gray, values: gray.values.map((value) => 1000 + 16 * value) }
    const means = { matrix: 1000 + 16 * dark, particle: 1000 + 16 * bright }
    const other = cracksIn(labels, scaled, median(scaled, 1), means, rule)
    const own = found({ labels, gray })
    expect(sum(own.map((flag, p) => flag ^ other[p]))).toBeLessThan(0.005 * sum(own))
  })

  it("are none in labels that are all dark, or in none", () => {
    const { labels, gray } = seen(() => false)
    const none: Labels = { ...grid, values: new Int32Array(edge * edge), count: 0 }
    expect(sum(found({ labels: none, gray }))).toBe(0)
    const night: Volume = { ...grid, values: new Float32Array(edge * edge).fill(dark - 5) }
    expect(sum(found({ labels, gray: night }))).toBe(sum(Uint8Array.from(labels.values)))
  })
})
