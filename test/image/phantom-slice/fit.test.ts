import { existsSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { seededRandom } from "../../../src/array/random.ts"
import { imaged, noiseField } from "../../../src/image/phantom-slice/fields.ts"
import { fittedEdge, fittedSizes, fittedSlice, nearerSettings } from "../../../src/image/phantom-slice/fit.ts"
import { likeHolotomography } from "../../../src/image/phantom-slice/settings.ts"
import { likeSlice } from "../../../src/image/phantom-slice/slice.ts"
import { fittedNoise, modelPower, ringPower, windowSpectrum } from "../../../src/image/phantom-slice/spectrum.ts"
import { profileReach, type SliceStatistics, sliceStatistics } from "../../../src/image/phantom-slice/statistics.ts"
import { segmentSlice } from "../../../src/image/segment.ts"
import { defaultSegmentSettings } from "../../../src/image/settings.ts"
import { cropped, planeGrid, type Volume } from "../../../src/image/volume.ts"
import { segmented } from "../slice-of.ts"

describe("fitting a slice's parts", () => {
  it("finds edges and blurs of a profile", () => {
    const [width, height] = [128, 8]
    const blurs = [
      { weight: 0.8, width: 2 },
      { weight: 0.35, width: 6 },
      { weight: -0.15, width: 16 },
    ]
    const step = Float32Array.from({ length: width * height }, (_, p) => (p % width < width / 2 ? 180 : 90))
    const row = imaged(step, width, height, blurs).subarray(0, width)
    const profile = Float64Array.from({ length: 2 * profileReach + 1 }, (_, k) => {
      const at = k - profileReach
      return at === 0 ? Number.NaN : row[width / 2 + at - (at > 0 ? 1 : 0)]
    })
    const found = fittedEdge(profile)
    expect(found.particle).toBeCloseTo(180, -1)
    expect(found.matrix).toBeCloseTo(90, -1)
    expect(Math.abs(found.blurs[0].width - 2)).toBeLessThan(0.35)
    expect(Math.abs(found.blurs[1].weight - 0.35)).toBeLessThan(0.12)
    expect(Math.abs(found.blurs[2].weight + 0.15)).toBeLessThan(0.1)
  })

  it("finds two kinds of particles by their diameters", () => {
    const random = seededRandom(5)
    const diameters = Float64Array.from({ length: 600 }, (_, k) =>
      k % 3 === 0 ? 4e-6 * Math.exp(0.3 * random.normal()) : 9e-6 * Math.exp(0.08 * random.normal()),
    )
    const [large, small] = fittedSizes(diameters)
    expect(Math.abs(large.diameter / 9e-6 - 1)).toBeLessThan(0.03)
    expect(Math.abs(small.diameter / 4e-6 - 1)).toBeLessThan(0.08)
    expect(Math.abs(large.share - 2 / 3)).toBeLessThan(0.06)
    expect(Math.abs(large.spread - 0.08)).toBeLessThan(0.02)
  })

  it("finds spectrum and variance of noise", () => {
    const edge = 176
    const { noise } = likeHolotomography(1, 1, 1)
    const field = noiseField(edge, edge, noise, 0, seededRandom(7)).map((v) => 12 * v)
    const { power } = windowSpectrum(field, new Uint8Array(edge * edge).fill(1), edge, edge)
    const { model, variance } = fittedNoise(power)
    expect(Math.abs(variance / 144 - 1)).toBeLessThan(0.12)
    const wanted = { bands: noise, lean: 0 }
    const factor = modelPower(model, 0.1, 0.1) / modelPower(wanted, 0.1, 0.1)
    for (const [fx, fy] of [
      [0.06, 0],
      [0, 0.06],
      [0.25, 0],
      [0, 0.25],
      [0.2, 0.2],
    ]) {
      expect(Math.abs(Math.log(modelPower(model, fx, fy) / modelPower(wanted, fx, fy) / factor))).toBeLessThan(0.3)
    }
  })
})

const tomogram = new URL("../../../../shared/data/holotomography-slice/example_xy.tif", import.meta.url)

describe.skipIf(!existsSync(tomogram))("the holo-tomography slice (skipped where ../shared/data is absent)", () => {
  const statistics = (gray: Volume): SliceStatistics =>
    sliceStatistics(
      gray,
      segmented(segmentSlice(gray, { ...defaultSegmentSettings, closings: [0.56e-6], openings: [0.35e-6] })),
    )

  it("is what its generator shows, by histogram, spectrum and sizes", { timeout: 300_000 }, () => {
    // One strip of bytes after a header; its middle is enough.
    const bytes = readFileSync(tomogram)
    const whole = { ...planeGrid(2048, 655, 70e-9), values: Float32Array.from(bytes.subarray(212, 212 + 2048 * 655)) }
    const middle = (gray: Volume): Volume => cropped(gray, [650, 0, 0], [1350, 655, 1])
    const settings = likeHolotomography(3, 2048, 655)
    const [real, like] = [whole, likeSlice(settings).gray].map((gray) => statistics(middle(gray)))

    const overlap = real.histogram.reduce((sum, share, v) => sum + Math.min(share, like.histogram[v]), 0)
    expect(overlap).toBeGreaterThan(0.88)
    for (const key of ["particlePower", "matrixPower"] as const) {
      const [a, b] = [ringPower(real[key].power).all, ringPower(like[key].power).all]
      for (let ring = 0; ring < 16; ring++) expect(Math.abs(Math.log(a[ring] / b[ring]))).toBeLessThan(0.5)
    }
    const apart = real.profile.reduce((most, v, k) => (v > 0 ? Math.max(most, Math.abs(v - like.profile[k])) : most), 0)
    expect(apart).toBeLessThan(10)

    const [wanted, read] = [fittedSlice(real, settings), fittedSlice(like, settings)]
    expect(Math.abs(Math.log(wanted.sizes[0].diameter / read.sizes[0].diameter))).toBeLessThan(0.2)
    expect(Math.abs(wanted.particleShare - read.particleShare)).toBeLessThan(0.06)
    // Clouds differ from part to part of either slice.
    for (const key of ["drift", "particleNoise", "matrixNoise"] as const)
      expect(Math.abs(wanted.deviations[key] - read.deviations[key])).toBeLessThan(3)
    // A reading that is met moves nothing; one that is missed moves by what is missed.
    expect(nearerSettings(settings, read, read).tones.particle).toBeCloseTo(settings.tones.particle, 9)
    const nearer = nearerSettings(settings, wanted, read)
    const missed = wanted.deviations.clouds - read.deviations.clouds
    expect(nearer.deviations.clouds).toBeCloseTo(Math.max(0, settings.deviations.clouds + missed), 9)
    expect(nearer.blurs.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9)
  })
})
