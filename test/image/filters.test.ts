import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { seededRandom } from "../../src/array/random.ts"
import { nonLocalMeans } from "../../src/image/nonlocal-means.ts"
import { gaussian, gaussianWithin, median, mirrored, noiseLevel } from "../../src/image/smoothing.ts"
import { histogramOf, otsu, quantileOf } from "../../src/image/threshold.ts"
import { type Mask, planeGrid, type Volume } from "../../src/image/volume.ts"

const noisy = (width: number, height: number, depth: number, seed: number): Volume => {
  const { normal } = seededRandom(seed)
  return {
    shape: [width, height, depth],
    spacing: [1, 1, 1],
    values: Float32Array.from({ length: width * height * depth }, () => 100 + 10 * normal()),
  }
}
const deviation = (values: ArrayLike<number>): number => {
  const all = Array.from(values)
  const mean = all.reduce((a, b) => a + b, 0) / all.length
  return Math.sqrt(all.reduce((a, b) => a + (b - mean) ** 2, 0) / all.length)
}

const edge = fc.integer({ min: 1, max: 40 })
const shapes = fc.oneof(fc.tuple(edge, edge, fc.constant(1)), fc.tuple(edge, edge, fc.integer({ min: 2, max: 5 })))

/** Voxel by voxel, in double precision, rounded after each axis. */
const blurredByForce = ({ shape, values }: Volume, sigma: number): Float32Array => {
  const out = Float32Array.from(values)
  const radius = Math.ceil(4 * sigma)
  const weight = Array.from({ length: radius + 1 }, (_, k) => Math.exp((-k * k) / (2 * sigma * sigma)))
  const total = 2 * weight.reduce((sum, w) => sum + w, 0) - weight[0]
  for (const [axis, stride] of [1, shape[0], shape[0] * shape[1]].entries()) {
    const [n, before] = [shape[axis], out.slice()]
    if (n === 1) continue
    for (let i = 0; i < out.length; i++) {
      const place = Math.floor(i / stride) % n
      const at = (k: number): number => before[i + stride * (mirrored(place + k, n) - place)]
      let sum = weight[0] * at(0)
      for (let k = 1; k <= radius; k++) sum += weight[k] * (at(-k) + at(k))
      out[i] = sum / total
    }
  }
  return out
}

/** The middle one of all that are sorted. */
const medianByForce = ({ shape: [nx, ny, nz], values }: Volume, radius: number): Float32Array => {
  const depth = nz > 1 ? radius : 0
  return Float32Array.from(values, (_, i) => {
    const [x, y, z] = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))]
    const window: number[] = []
    for (let c = z - depth; c <= z + depth; c++)
      for (let b = y - radius; b <= y + radius; b++)
        for (let a = x - radius; a <= x + radius; a++)
          window.push(values[mirrored(a, nx) + nx * (mirrored(b, ny) + ny * mirrored(c, nz))])
    return window.sort((a, b) => a - b)[window.length >> 1]
  })
}

describe("gaussian", () => {
  it("is the weighted mean along each axis, to the last bit", () => {
    fc.assert(
      fc.property(shapes, fc.constantFrom(0.3, 1, 2.7, 9), fc.integer(), (shape, sigma, seed) => {
        const image = noisy(shape[0], shape[1], shape[2], seed)
        expect(gaussian(image, sigma).values).toEqual(blurredByForce(image, sigma))
      }),
      { numRuns: 60 },
    )
    const wide = noisy(90, 50, 3, 2)
    expect(gaussian(wide, 1).values).toEqual(blurredByForce(wide, 1))
  })
  it("keeps constants and the mean of an interior spot, and spreads it by σ²", () => {
    const spot: Volume = { ...planeGrid(41, 41, 1), values: new Float32Array(41 * 41) }
    spot.values[20 + 41 * 20] = 1
    const blurred = gaussian(spot, 2).values
    let [sum, second] = [0, 0]
    blurred.forEach((v, i) => {
      sum += v
      second += v * ((i % 41) - 20) ** 2
    })
    expect(sum).toBeCloseTo(1, 5)
    expect(second).toBeGreaterThan(3.95)
    expect(second).toBeLessThan(4.01)
    const flat = gaussian({ ...spot, values: spot.values.map(() => 7) }, 3).values
    for (const v of flat) expect(v).toBeCloseTo(7, 4)
  })

  it("treats a plane as depth 1 and a volume along all three axes", () => {
    const cube = noisy(9, 9, 9, 1)
    expect(deviation(gaussian(cube, 1).values)).toBeLessThan(0.2 * deviation(cube.values))
  })

  it("within a mask ignores what lies outside", () => {
    const values = Float32Array.from({ length: 30 * 30 }, (_, i) => (i % 30 < 15 ? 5 : 1000))
    const inside: Mask = { ...planeGrid(30, 30, 1), values: Uint8Array.from(values, (v) => (v === 5 ? 1 : 0)) }
    const mean = gaussianWithin({ ...planeGrid(30, 30, 1), values }, inside, 3).values
    for (let i = 0; i < values.length; i++) if (inside.values[i]) expect(mean[i]).toBeCloseTo(5, 3)
  })
})

describe("median", () => {
  it("is the middle value of the window", () => {
    fc.assert(
      fc.property(
        shapes,
        fc.integer({ min: 0, max: 3 }),
        fc.boolean(),
        fc.integer(),
        (shape, radius, isCoarse, seed) => {
          const image = noisy(shape[0], shape[1], shape[2], seed)
          if (isCoarse) image.values.set(image.values.map((value) => Math.round(value / 5)))
          fc.pre(image.values.length * (2 * radius + 1) ** 3 < 4e5)
          expect(median(image, radius).values).toEqual(medianByForce(image, radius))
        },
      ),
      { numRuns: 60 },
    )
  })
  it("commutes with rising maps, removes single spots, keeps straight edges", () => {
    const image = noisy(20, 15, 1, 3)
    const squared = { ...image, values: image.values.map((v) => v * v) }
    median(image, 1).values.forEach((v, i) => {
      expect(median(squared, 1).values[i]).toBeCloseTo(v * v, 1)
    })
    const edge = Float32Array.from({ length: 400 }, (_, i) => (i % 20 < 10 ? 0 : 1))
    const spotted = edge.slice()
    spotted[5 + 20 * 10] = 9
    expect(median({ ...planeGrid(20, 20, 1), values: spotted }, 2).values).toEqual(edge)
  })
})

describe("non-local means", () => {
  it("takes noise off without moving an edge", () => {
    const { normal } = seededRandom(5)
    const clean = Float32Array.from({ length: 40 * 40 }, (_, i) => (i % 40 < 20 ? 50 : 150))
    const image = { ...planeGrid(40, 40, 1), values: clean.map((v) => v + 8 * normal()) }
    const out = nonLocalMeans(image, { patch: 1, search: 4, strength: 10, noise: 8 }).values
    const error = out.map((v, i) => v - clean[i])
    expect(deviation(error)).toBeLessThan(0.45 * 8)
    expect(out[19 + 40 * 20]).toBeLessThan(75)
    expect(out[20 + 40 * 20]).toBeGreaterThan(125)
  })
  it("works on volumes", () => {
    const cube = noisy(12, 12, 6, 2)
    const out = nonLocalMeans(cube, { patch: 1, search: 2, strength: 10, noise: 10 }).values
    expect(deviation(out)).toBeLessThan(4)
  })
})

it("noiseLevel finds the deviation of white noise within 5 %", () => {
  expect(noiseLevel(noisy(300, 300, 1, 9)) / 10).toBeGreaterThan(0.95)
  expect(noiseLevel(noisy(300, 300, 1, 9)) / 10).toBeLessThan(1.05)
})

describe("otsu", () => {
  it("agrees with a search over all thresholds", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 31 }), { minLength: 8, maxLength: 60 }), (values) => {
        fc.pre(new Set(values).size > 1)
        const image = { ...planeGrid(values.length, 1, 1), values: Float32Array.from(values) }
        const gain = (t: number): number => {
          const [low, high] = [values.filter((v) => v <= t), values.filter((v) => v > t)]
          if (low.length === 0 || high.length === 0) return -1
          const mean = (of: number[]): number => of.reduce((a, b) => a + b, 0) / of.length
          return low.length * high.length * (mean(low) - mean(high)) ** 2
        }
        const found = otsu(histogramOf(image, undefined, 1024))[0]
        const best = Math.max(...values.map(gain))
        expect(gain(found)).toBeGreaterThanOrEqual(best * (1 - 1e-2))
      }),
    )
  })
  it("parts three modes, and has nothing to part in a constant image", () => {
    const { normal, integer } = seededRandom(4)
    const values = Float32Array.from({ length: 6000 }, () => [20, 100, 200][integer(3)] + 5 * normal())
    const [low, high] = otsu(histogramOf({ ...planeGrid(100, 60, 1), values }), 3)
    expect(low).toBeGreaterThan(35)
    expect(low).toBeLessThan(85)
    expect(high).toBeGreaterThan(120)
    expect(high).toBeLessThan(180)
    expect(otsu(histogramOf({ ...planeGrid(10, 1, 1), values: new Float32Array(10) }))).toEqual([])
  })
  it("quantiles of a ramp", () => {
    const values = Float32Array.from({ length: 10_000 }, (_, i) => i)
    const histogram = histogramOf({ ...planeGrid(100, 100, 1), values }, undefined, 1000)
    expect(quantileOf(histogram, 0.25) / 9999).toBeCloseTo(0.25, 2)
    expect(quantileOf(histogram, 1) / 9999).toBeCloseTo(1, 2)
  })
})
