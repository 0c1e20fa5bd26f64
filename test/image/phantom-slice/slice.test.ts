import { describe, expect, it } from "vitest"
import { seededRandom } from "../../../src/array/random.ts"
import { components } from "../../../src/image/components.ts"
import { imaged, noiseField, slowField } from "../../../src/image/phantom-slice/fields.ts"
import { likeHolotomography } from "../../../src/image/phantom-slice/settings.ts"
import { likeSlice } from "../../../src/image/phantom-slice/slice.ts"
import { modelPower, windowEdge, windowSpectrum } from "../../../src/image/phantom-slice/spectrum.ts"
import { maskWhere } from "../../../src/image/volume.ts"

const moments = (values: ArrayLike<number>): readonly [number, number] => {
  const count = values.length
  const mean = Array.from(values).reduce((sum, v) => sum + v, 0) / count
  return [mean, Math.sqrt(Array.from(values).reduce((sum, v) => sum + (v - mean) ** 2, 0) / count)]
}

describe("a slice like a holo-tomogram", () => {
  const settings = likeHolotomography(4, 480, 400)
  const slice = likeSlice(settings)

  it("is the same for the same seed, and another for another", () => {
    const again = likeSlice(settings)
    expect(again.gray.values).toEqual(slice.gray.values)
    expect(again.labels).toEqual(slice.labels)
    expect(again.cracks.values).toEqual(slice.cracks.values)
    expect(likeSlice({ ...settings, seed: 5 }).gray.values).not.toEqual(slice.gray.values)
  })

  it("has whole gray values and particles in one piece, numbered without gaps", () => {
    expect(slice.gray.values.every((v) => Number.isInteger(v) && v >= 0 && v <= 255)).toBe(true)
    expect(slice.labels.count).toBeGreaterThan(8)
    for (let label = 1; label <= slice.labels.count; label++) {
      const own = maskWhere(slice.labels, (value) => value === label)
      expect(own.values.reduce((sum, v) => sum + v, 0)).toBeGreaterThanOrEqual(60)
      expect(components(own).count).toBe(1)
    }
  })

  it("fills the electrode to the share asked for, and leaves the bands free", () => {
    const [width, height] = slice.labels.shape
    const [top, end] = [Math.round(2.8e-6 / 70e-9), height - Math.round(5e-6 / 70e-9)]
    let covered = 0
    slice.labels.values.forEach((label, p) => {
      if (label === 0) return
      covered++
      const y = Math.floor(p / width)
      expect(y >= top - 3 && y <= end + 3).toBe(true)
    })
    const share = covered / (width * (end - top))
    expect(share).toBeGreaterThan(0.4)
    expect(share).toBeLessThan(0.58)
  })

  it("has bright particles, dark cracks inside of them and touching neighbours", () => {
    const { tones } = settings
    const mean = (take: (p: number) => boolean): number =>
      moments(Array.from(slice.gray.values).filter((_, p) => take(p)))[0]
    const label = slice.labels.values
    const crack = slice.cracks.values
    const sound = mean((p) => label[p] > 0 && crack[p] === 0)
    const dark = mean((p) => crack[p] === 1)
    const matrix = mean((p) => label[p] === 0)
    expect(sound).toBeGreaterThan(tones.particle - 20)
    expect(matrix).toBeLessThan(tones.matrix + 25)
    expect(dark).toBeLessThan((sound + matrix) / 2 + 10)
    expect(crack.every((c, p) => c === 0 || label[p] > 0)).toBe(true)
    const [width] = slice.labels.shape
    const pairs = new Set<string>()
    label.forEach((here, p) => {
      for (const other of [label[p + 1], label[p + width]])
        if (here > 0 && other > 0 && other !== here) pairs.add([here, other].sort().join(" "))
    })
    expect(pairs.size).toBeGreaterThan(3)
  })

  it("is even gray without particles beyond the field of view", () => {
    const narrow = likeSlice({ ...settings, view: 12e-6 })
    const [width] = narrow.gray.shape
    expect(narrow.gray.values[0]).toBe(99)
    expect(narrow.gray.values[width - 1]).toBe(99)
    // Wherever it is centred, what is seen is twelve micrometres in radius.
    const spread = narrow.labels.values.reduce(
      ([low, high], label, p) => (label === 0 ? [low, high] : [Math.min(low, p % width), Math.max(high, p % width)]),
      [width, 0],
    )
    expect(spread[0]).toBeGreaterThanOrEqual(width / 2 - 12 / 0.07 - 1)
    expect(spread[1]).toBeLessThanOrEqual(width / 2 + 12 / 0.07 + 1)
    expect(spread[1] - spread[0]).toBeGreaterThan(200)
  })
})

describe("fields of a slice", () => {
  it("have the spectrum asked for", () => {
    const edge = 256
    const bands = [
      { weight: 0.7, along: 3, across: 1.6 },
      { weight: 0.3, along: 1, across: 0.8 },
    ]
    const noise = noiseField(edge, edge, bands, 0.3, seededRandom(2))
    const [mean, deviation] = moments(noise)
    expect(Math.abs(mean)).toBeLessThan(0.1)
    expect(deviation).toBeCloseTo(1, 2)
    const { power, windows } = windowSpectrum(noise, new Uint8Array(edge * edge).fill(1), edge, edge)
    expect(windows).toBe(29 * 29)
    const model = { bands, lean: 0.3 }
    const at = (f: number, g: number): number => power[((g + windowEdge) % windowEdge) * windowEdge + f]
    const wanted = (f: number, g: number): number => modelPower(model, f / windowEdge, g / windowEdge)
    // Ratios of powers, so that no scale enters: along x, along y, and along both diagonals.
    for (const [f, g] of [
      [5, 0],
      [0, 5],
      [4, 4],
      [4, -4],
      [0, 9],
    ]) {
      const ratio = at(f, g) / at(2, 2) / (wanted(f, g) / wanted(2, 2))
      expect(Math.abs(Math.log(ratio))).toBeLessThan(0.6)
    }
  })

  it("vary slowly, with deviation one", () => {
    const field = slowField(300, 200, 9, 5, seededRandom(3))
    const [mean, deviation] = moments(field)
    expect(Math.abs(mean)).toBeLessThan(0.2)
    expect(deviation).toBeGreaterThan(0.85)
    expect(deviation).toBeLessThan(1.15)
    expect(field.every((v, p) => p % 300 === 0 || Math.abs(v - field[p - 1]) < 1)).toBe(true)
  })

  it("keep means when imaged, and get rims and fringes at edges by negative weights", () => {
    const [width, height] = [160, 24]
    const flat = imaged(new Float32Array(width * height).fill(7), width, height, likeHolotomography(1, 1, 1).blurs)
    for (const v of flat) expect(v).toBeCloseTo(7, 4)
    const step = Float32Array.from({ length: width * height }, (_, p) => (p % width < width / 2 ? 1 : 0))
    const seen = imaged(step, width, height, [
      { weight: 1.3, width: 1 },
      { weight: -0.3, width: 12 },
    ])
    const row = seen.subarray(width * 12, width * 13)
    expect(row[width / 2 - 4]).toBeGreaterThan(1.08)
    expect(row[width / 2 + 3]).toBeLessThan(-0.08)
    expect(row[4]).toBeCloseTo(1, 2)
  })
})
