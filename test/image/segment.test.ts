import { existsSync, readFileSync } from "node:fs"
import { beforeAll, describe, expect, it } from "vitest"
import { fieldOfView } from "../../src/image/field-of-view.ts"
import { defaultPhantomSettings, type Phantom, phantomSlice } from "../../src/image/phantom.ts"
import { detectionScores } from "../../src/image/score.ts"
import { describeSegmentProblem, type Segmentation, segmentSlice } from "../../src/image/segment.ts"
import { defaultSegmentSettings } from "../../src/image/settings.ts"
import { planeGrid, type Volume } from "../../src/image/volume.ts"
import { segmented, shares, sum, truthIn } from "./slice-of.ts"

const fast = { ...defaultSegmentSettings, closings: [0, 0.5e-6], openings: [0.35e-6] }

describe("phantom", () => {
  it("is the same for the same seed and another for another", () => {
    const small = { ...defaultPhantomSettings, width: 20e-6, height: 20e-6 }
    const first = phantomSlice(small)
    expect(phantomSlice(small).gray.values).toEqual(first.gray.values)
    expect(phantomSlice({ ...small, seed: 2 }).gray.values).not.toEqual(first.gray.values)
  })
  it("keeps its promises: share, whole gray values, cracks in particles, particles inside the electrode", () => {
    const { gray, labels, cracks, band } = phantomSlice({ ...defaultPhantomSettings, seed: 11 })
    const [width] = gray.shape
    const inside = sum(labels.values.map((l) => (l > 0 ? 1 : 0)))
    const share = inside / (width * (band[1] - band[0]))
    expect(share).toBeGreaterThan(0.38)
    expect(share).toBeLessThan(0.55)
    expect(gray.values.every((v) => Number.isInteger(v) && v >= 0 && v <= 255)).toBe(true)
    const rowOf = (i: number): number => Math.floor(i / width)
    const outside = labels.values.filter((l, i) => l > 0 && (rowOf(i) < band[0] || rowOf(i) >= band[1]))
    expect(outside.length).toBe(0)
    expect(sum(cracks.values.map((v, i) => (labels.values[i] === 0 ? v : 0)))).toBe(0)
    expect(sum(cracks.values) / inside).toBeGreaterThan(0.01)
  })
})

describe("segmentation of phantoms", () => {
  const seeds = [1, 2, 3]
  let pairs: { readonly phantom: Phantom; readonly result: Segmentation }[] = []
  beforeAll(() => {
    pairs = seeds.map((seed) => {
      const phantom = phantomSlice({ ...defaultPhantomSettings, seed })
      return { phantom, result: segmented(segmentSlice(phantom.gray)) }
    })
  })

  it("finds every particle: F1 = 1 at overlap 0.5 and ≥ 0.95 at 0.9", () => {
    for (const { phantom, result } of pairs) {
      const scores = detectionScores(truthIn(phantom, result).labels, result.labels)
      expect(scores[0].f1).toBe(1)
      expect(scores[4].f1).toBeGreaterThanOrEqual(0.95)
      expect(result.particleCount).toBe(phantom.labels.count)
    }
  })
  it("has the area within 1 % and the crack share within 12 %", () => {
    for (const { phantom, result } of pairs) {
      const truth = truthIn(phantom, result)
      const expected = shares(truth.labels, truth.cracks)
      const found = shares(result.labels, result.crackMask)
      expect(Math.abs(found.particle / expected.particle - 1)).toBeLessThan(0.01)
      expect(Math.abs(found.crack / expected.crack - 1)).toBeLessThan(0.12)
    }
  })
  it("parts carbon from pore in at least three quarters of the matrix", () => {
    for (const { phantom, result } of pairs) {
      const { carbon, labels } = truthIn(phantom, result)
      const matrix = [...labels.keys()].filter((i) => labels[i] === 0 && result.labels[i] === 0)
      const agreed = matrix.filter((i) => carbon[i] === result.matrixClass[i]).length
      expect(agreed / matrix.length).toBeGreaterThan(0.75)
    }
  })
  it("gives consistent records: labels without gaps, cracks in particles, classes in the matrix", () => {
    for (const { result } of pairs) {
      const seen = new Set(result.labels)
      expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: result.particleCount + 1 }, (_, k) => k))
      expect(sum(result.crackMask.map((v, i) => (result.labels[i] === 0 ? v : 0)))).toBe(0)
      expect(sum(result.matrixClass.map((v, i) => (result.labels[i] > 0 ? v : 0)))).toBe(0)
      expect(result.labels.length).toBe(result.width * result.height)
      const edge = [...result.labels.keys()].filter((i) => {
        const [x, y] = [i % result.width, Math.floor(i / result.width)]
        return x === 0 || y === 0 || x === result.width - 1 || y === result.height - 1
      })
      expect(edge.every((i) => result.labels[i] === 0)).toBe(true)
    }
  })
  it("sees the separator on the darker side, and is the same when gray values are scaled and shifted", () => {
    const below = phantomSlice({ ...defaultPhantomSettings, seed: 4, separator: "bottom" })
    const plain = segmented(segmentSlice(below.gray, fast))
    expect(plain.separator).toBe("bottom")
    const scaled = { ...below.gray, values: below.gray.values.map((v) => 1000 + 16 * v) }
    const other = segmented(segmentSlice(scaled, fast))
    expect(other.labels).toEqual(plain.labels)
    expect(other.crackMask).toEqual(plain.crackMask)
  })
  it("holds against twice the noise", () => {
    const phantom = phantomSlice({ ...defaultPhantomSettings, seed: 7, noise: 20 })
    const result = segmented(segmentSlice(phantom.gray))
    expect(result.separator).toBe("top")
    expect(detectionScores(truthIn(phantom, result).labels, result.labels)[3].f1).toBeGreaterThan(0.95)
  })
  it("mirrors with the image to within single pixels of the outline", () => {
    const { gray } = phantomSlice({ ...defaultPhantomSettings, seed: 5 })
    const [width, height] = gray.shape
    const mirrored: Volume = { ...gray, values: new Float32Array(width * height) }
    for (let i = 0; i < width * height; i++) mirrored.values[i] = gray.values[i - (i % width) + width - 1 - (i % width)]
    const a = segmented(segmentSlice(gray, fast))
    const b = segmented(segmentSlice(mirrored, fast))
    expect(b.particleCount).toBe(a.particleCount)
    const back = b.labels.map((_, i) => b.labels[i - (i % b.width) + b.width - 1 - (i % b.width)])
    expect(a.width).toBe(b.width)
    expect(detectionScores(a.labels, back, [0.98])[0].f1).toBe(1)
  })
  it("takes another way of finding particles, and settings for band, side and matrix share", () => {
    const phantom = phantomSlice({ ...defaultPhantomSettings, seed: 6 })
    const [width] = phantom.gray.shape
    const result = segmented(
      segmentSlice(phantom.gray, {
        ...defaultSegmentSettings,
        band: { kind: "rows", first: phantom.band[0], end: phantom.band[1] },
        separator: "bottom",
        crackMouth: 0,
        outline: 0,
        matrix: { ...defaultSegmentSettings.matrix, split: { kind: "share", high: 0.3 } },
        identify: ({ gray }) => {
          const start = width * phantom.band[0]
          const values = phantom.labels.values.slice(start, start + gray.values.length)
          return { shape: gray.shape, spacing: gray.spacing, values, count: phantom.labels.count }
        },
      }),
    )
    expect(result.separator).toBe("bottom")
    expect(result.crop.y).toBe(phantom.band[0])
    expect(detectionScores(truthIn(phantom, result).labels, result.labels, [0.999])[0].f1).toBe(1)
    const matrix = sum(result.labels.map((l) => (l === 0 ? 1 : 0)))
    expect(Math.abs(sum(result.matrixClass) / matrix - 0.3)).toBeLessThan(0.03)
  })
})

describe("what cannot be segmented says why", () => {
  const flat = (value: (i: number) => number): Volume => ({
    ...planeGrid(200, 150, 1e-7),
    values: Float32Array.from({ length: 200 * 150 }, (_, i) => value(i)),
  })
  it("a constant image", () => {
    const problem = segmentSlice(flat(() => 99))
    expect(problem).toEqual({ kind: "constant-image", value: 99 })
  })
  it("pixels that are not numbers, with their place", () => {
    const problem = segmentSlice(flat((i) => (i === 405 || i === 900 ? Number.NaN : i % 7)))
    expect(problem).toEqual({ kind: "not-a-number", count: 2, x: 5, y: 2 })
  })
  it("noise, a gradient and an electrode without particles", () => {
    const { gray } = phantomSlice({ ...defaultPhantomSettings, width: 20e-6, height: 15e-6, particleShare: 0 })
    const state = { seed: 1 }
    const random = (): number => {
      state.seed = (Math.imul(state.seed, 1103515245) + 12345) & 0x7fffffff
      return state.seed / 0x7fffffff
    }
    for (const image of [gray, flat(() => 100 + random() + random() + random()), flat((i) => i / 200)]) {
      const problem = segmentSlice(image, fast)
      expect(problem).toMatchObject({ kind: "no-particles" })
      if ("kind" in problem) expect(describeSegmentProblem(problem)).toMatch(/no particles/)
    }
  })
  it("a stack, oblong pixels, a band outside the image", () => {
    const image = flat((i) => i % 13)
    expect(segmentSlice({ ...image, shape: [200, 75, 2] })).toMatchObject({ kind: "not-a-plane" })
    expect(segmentSlice({ ...image, spacing: [1e-7, 2e-7, 1e-7] })).toMatchObject({ kind: "pixels-not-square" })
    const band = { kind: "rows", first: 10, end: 151 } as const
    expect(segmentSlice(image, { ...defaultSegmentSettings, band })).toEqual({
      kind: "bad-band",
      first: 10,
      end: 151,
      rows: 150,
    })
  })
})

it("the field of view leaves out padding, not measured pixels of the same value", () => {
  const values = Float32Array.from({ length: 100 * 80 }, (_, i) => {
    const [x, y] = [i % 100, Math.floor(i / 100)]
    return Math.hypot(x - 50, y - 40) < 38 ? 90 + ((x * 7 + y * 13) % 20) : 99
  })
  const view = fieldOfView({ ...planeGrid(100, 80, 1), values }).values
  let wrong = 0
  view.forEach((seen, i) => {
    const inside = Math.hypot((i % 100) - 50, Math.floor(i / 100) - 40) < 38
    if (inside !== (seen === 1)) wrong++
  })
  expect(wrong).toBeLessThan(10)
  expect(sum(fieldOfView(phantomSlice({ ...defaultPhantomSettings, width: 10e-6, height: 10e-6 }).gray).values)).toBe(
    1e4,
  )
})

const tomogram = new URL("../../../shared/data/holotomography-slice/example_xy.tif", import.meta.url)

describe.skipIf(!existsSync(tomogram))("the holo-tomography slice (skipped where ../shared/data is absent)", () => {
  /** The file is one uncompressed 8-bit strip after a header of 212 bytes. */
  const gray = (): Volume => {
    const bytes = readFileSync(tomogram)
    return { ...planeGrid(2048, 655, 70e-9), values: Float32Array.from(bytes.subarray(212, 212 + 2048 * 655)) }
  }
  it("yields at least 40 whole particles between collector and separator", { timeout: 300_000 }, () => {
    const result = segmented(
      segmentSlice(gray(), { ...defaultSegmentSettings, closings: [0.07e-6, 0.56e-6], openings: [0.35e-6] }),
    )
    expect(result.particleCount).toBeGreaterThanOrEqual(55)
    expect(result.separator).toBe("bottom")
    expect(result.crop.width).toBeGreaterThan(1700)
    const { particle, crack } = shares(result.labels, result.crackMask)
    expect(particle).toBeGreaterThan(0.43)
    expect(particle).toBeLessThan(0.5)
    expect(crack).toBeGreaterThan(0.04)
    expect(crack).toBeLessThan(0.1)
    expect(result.dropped.filter(({ reason }) => reason === "cut by the border").length).toBeLessThanOrEqual(10)
    /** Pixel of the stored image → label. */
    const at = (x: number, y: number): number =>
      result.labels[x - result.crop.x + result.width * (result.crop.height - 1 - (y - result.crop.y))]
    // Two touching particles; the two halves of the shattered one; a dark core and its shell.
    expect(at(165, 110)).not.toBe(at(310, 100))
    expect(at(300, 520)).toBe(at(390, 500))
    expect(at(300, 520)).not.toBe(at(200, 500))
    expect(at(165, 112)).toBe(at(115, 112))
    expect(at(165, 112)).toBeGreaterThan(0)
    // The great core right of the middle, open to a crack, is inside its particle.
    expect(at(1024 + 245, 105)).toBe(at(1024 + 200, 105))
  })
})
