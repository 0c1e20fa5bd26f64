import { describe, expect, it } from "vitest"
import { seededRandom } from "../../src/array/random.ts"
import { particleShare } from "../../src/image/partial-volume.ts"
import { type Segmentation, segmentSlice } from "../../src/image/segment.ts"
import { defaultSegmentSettings } from "../../src/image/settings.ts"
import { type Labels, planeGrid, type Volume } from "../../src/image/volume.ts"
import { meshLabels } from "../../src/mesh/labels.ts"
import type { Mesh } from "../../src/mesh/mesh.ts"
import { particleAreas, particlePerimeters } from "../mesh/invariants.ts"
import { segmented } from "./slice-of.ts"

const pixel = 100e-9

interface Disc {
  /** [pixel], y down */
  readonly x: number
  readonly y: number
  readonly radius: number
}

/** Share of discs in each pixel, from 8 × 8 points. */
const sharesOf = (width: number, height: number, discs: readonly Disc[]): Float32Array => {
  const out = new Float32Array(width * height)
  for (const { x, y, radius } of discs) {
    for (let row = Math.floor(y - radius - 1); row <= y + radius + 1; row++) {
      for (let column = Math.floor(x - radius - 1); column <= x + radius + 1; column++) {
        for (let s = 0; s < 64; s++) {
          const inside = Math.hypot(column + ((s % 8) + 0.5) / 8 - x, row + (Math.floor(s / 8) + 0.5) / 8 - y) < radius
          if (inside) out[row * width + column] += 1 / 64
        }
      }
    }
  }
  return out
}

/** 24 discs at random places of their pixels. */
const scattered = (radius: number, seed: number): Disc[] => {
  const random = seededRandom(seed)
  return Array.from({ length: 24 }, (_, k) => ({
    x: 30 + 46 * (k % 8) + random.uniform(),
    y: 35 + 42 * Math.floor(k / 8) + random.uniform(),
    radius: radius + random.uniform(),
  }))
}

const grayOf = (share: Float32Array, noise: number): Volume => {
  const random = seededRandom(5)
  return { ...planeGrid(400, 160, pixel), values: share.map((value) => 90 + 85 * value + noise * random.normal()) }
}

const meshOf = (slice: Segmentation): Mesh => {
  const { labels, share, shareNoise, width, height } = slice
  const image = { width, height, pixel, labels, share, shareNoise, matrixNames: ["high"], separatorThickness: 2e-6 }
  const mesh = meshLabels(image, { interfaceLength: 0.15e-6, growth: 0.25, maximumLength: 2e-6 })
  if ("kind" in mesh) throw new Error(JSON.stringify(mesh))
  return mesh
}

/** Relative errors of areas and perimeters from a gray image to the mesh. */
const errorsOf = (radius: number, noise: number): { readonly areas: number[]; readonly perimeters: number[] } => {
  const discs = scattered(radius, 3)
  const gray = grayOf(sharesOf(400, 160, discs), noise)
  const slice = segmented(segmentSlice(gray, { ...defaultSegmentSettings, separator: "top" }))
  expect(slice.particleCount).toBe(discs.length)
  const mesh = meshOf(slice)
  const discOf = discs.map(({ x, y, radius: r }) => {
    const column = Math.floor(x) - slice.crop.x
    const row = Math.floor(y) - slice.crop.y
    return { particle: slice.labels[row * slice.width + column] - 1, r: r * pixel }
  })
  const areas = particleAreas(mesh)
  const perimeters = particlePerimeters(mesh)
  return {
    areas: discOf.map(({ particle, r }) => areas[particle] / (Math.PI * r * r) - 1),
    perimeters: discOf.map(({ particle, r }) => perimeters[particle] / (2 * Math.PI * r) - 1),
  }
}

const largest = (values: readonly number[]): number => Math.max(...values.map(Math.abs))
const rms = (values: readonly number[]): number => Math.sqrt(values.reduce((s, v) => s + v * v, 0) / values.length)

describe("particles of a gray image reach the mesh", () => {
  it("with areas within 0.5 % and perimeters within 1 % from 8 pixels radius on", () => {
    for (const radius of [8, 12]) {
      const { areas, perimeters } = errorsOf(radius, 1)
      expect(largest(areas)).toBeLessThan(0.005)
      expect(largest(perimeters)).toBeLessThan(0.01)
    }
  })
  it("with areas within 0.6 % on average where noise is a tenth of the contrast", () => {
    const { areas } = errorsOf(8, 9)
    expect(rms(areas)).toBeLessThan(0.006)
  })
})

describe("share of particle", () => {
  const truth = sharesOf(400, 160, scattered(12, 1))
  const seen: Labels = {
    ...planeGrid(400, 160, pixel),
    values: Int32Array.from(truth, (value) => (value > 0.5 ? 1 : 0)),
    count: 1,
  }
  const none = new Uint8Array(truth.length)

  it("is the share itself where gray values mix linearly, and knows its noise", () => {
    const exact = particleShare(grayOf(truth, 0), seen, none)
    expect(exact.noise).toBeLessThan(1e-6)
    expect(largest([...exact.values].map((value, i) => value - truth[i]))).toBeLessThan(1e-5)
    expect(particleShare(grayOf(truth, 8.5), seen, none).noise).toBeCloseTo(0.1, 2)
  })
  it("follows gray levels that drift over the image", () => {
    const gray = grayOf(truth, 0)
    const drifting = { ...gray, values: gray.values.map((value, i) => value + 0.1 * (i % 400)) }
    const { values } = particleShare(drifting, seen, none)
    expect(largest([...values].map((value, i) => value - truth[i]))).toBeLessThan(0.03)
  })
  it("is unknown, and never decides, in an image without contrast", () => {
    const { values, noise } = particleShare(
      grayOf(
        truth.map(() => 0),
        0,
      ),
      seen,
      none,
    )
    expect(noise).toBe(Number.POSITIVE_INFINITY)
    expect(values.some(Number.isNaN)).toBe(true)
  })
})
