import { assertLength } from "../../array/assert.ts"
import type { NoiseBand } from "./settings.ts"

/** Edge of the windows in which spectra are taken, and their distance from one to the next [pixel] */
export const windowEdge = 32
const windowStep = 8

/** Mean periodogram of windows of an image. */
export interface WindowSpectrum {
  /** [fy, fx] variance at each frequency, as of a discrete Fourier transform; their mean is the variance in a window */
  readonly power: Float64Array
  readonly windows: number
}

/**
 * Mean power over all windows that lie in a mask, each less its mean and tapered by a Hann window.
 * @param values [row, column] @param inside [row, column] non-zero where windows may lie
 * @source P. D. Welch, IEEE Trans. Audio Electroacoust. 15 (1967) 70–73, doi:10.1109/TAU.1967.1161901
 */
export const windowSpectrum = (
  values: Float32Array | Float64Array,
  inside: Uint8Array,
  width: number,
  height: number,
): WindowSpectrum => {
  assertLength("values", values, width * height)
  assertLength("inside", inside, width * height)
  const n = windowEdge
  const cosine = Float64Array.from({ length: n }, (_, k) => Math.cos((2 * Math.PI * k) / n))
  const sine = Float64Array.from({ length: n }, (_, k) => Math.sin((2 * Math.PI * k) / n))
  const taper = cosine.map((c) => 0.5 - 0.5 * c)
  const strength = taper.reduce((sum, t) => sum + t * t, 0) ** 2
  const power = new Float64Array(n * n)
  const [real, imaginary] = [new Float64Array(n * n), new Float64Array(n * n)]
  const line = new Float64Array(n)
  let windows = 0
  const fits = (x0: number, y0: number): boolean => {
    for (let y = y0; y < y0 + n; y++) for (let x = x0; x < x0 + n; x++) if (inside[x + width * y] === 0) return false
    return true
  }
  for (let y0 = 0; y0 + n <= height; y0 += windowStep)
    for (let x0 = 0; x0 + n <= width; x0 += windowStep) {
      if (!fits(x0, y0)) continue
      windows++
      let mean = 0
      for (let y = 0; y < n; y++) for (let x = 0; x < n; x++) mean += values[x0 + x + width * (y0 + y)] / (n * n)
      for (let y = 0; y < n; y++) {
        for (let x = 0; x < n; x++) line[x] = (values[x0 + x + width * (y0 + y)] - mean) * taper[x] * taper[y]
        for (let f = 0; f < n; f++) {
          let [a, b] = [0, 0]
          for (let x = 0; x < n; x++) {
            a += line[x] * cosine[(f * x) % n]
            b -= line[x] * sine[(f * x) % n]
          }
          real[y * n + f] = a
          imaginary[y * n + f] = b
        }
      }
      for (let g = 0; g < n; g++)
        for (let f = 0; f < n; f++) {
          let [a, b] = [0, 0]
          for (let y = 0; y < n; y++) {
            const [c, s] = [cosine[(g * y) % n], sine[(g * y) % n]]
            a += real[y * n + f] * c + imaginary[y * n + f] * s
            b += imaginary[y * n + f] * c - real[y * n + f] * s
          }
          power[g * n + f] += (a * a + b * b) / strength
        }
    }
  return { power: power.map((sum) => (windows > 0 ? sum / windows : 0)), windows }
}

/** Frequency of a place in a spectrum [1/pixel]. */
const frequencyOf = (k: number): number => (k <= windowEdge / 2 ? k : k - windowEdge) / windowEdge

/** Mean power over rings of equal frequency, and over their parts along x and along y. [ring − 1], of 1/32 each */
export const ringPower = (power: Float64Array) => {
  const rings = windowEdge / 2
  const sums = Array.from({ length: 3 }, () => new Float64Array(rings))
  const counts = Array.from({ length: 3 }, () => new Float64Array(rings))
  for (let g = 0; g < windowEdge; g++)
    for (let f = 0; f < windowEdge; f++) {
      const [fx, fy] = [frequencyOf(f), frequencyOf(g)]
      const ring = Math.round(windowEdge * Math.hypot(fx, fy)) - 1
      if (ring < 0 || ring >= rings) continue
      const parts = [0]
      if (Math.abs(fx) > 2 * Math.abs(fy)) parts.push(1)
      if (Math.abs(fy) > 2 * Math.abs(fx)) parts.push(2)
      for (const part of parts) {
        sums[part][ring] += power[g * windowEdge + f]
        counts[part][ring]++
      }
    }
  const [all, alongX, alongY] = sums.map((sum, part) => sum.map((s, ring) => s / counts[part][ring]))
  return { frequency: Float64Array.from({ length: rings }, (_, k) => (k + 1) / windowEdge), all, alongX, alongY }
}

/** A noise spectrum in parameters. */
export interface NoiseModel {
  readonly bands: readonly NoiseBand[]
  /** Angle by which the longest band leans to either side [rad] */
  readonly lean: number
}

/** Power of a noise model at a frequency [1/pixel], of unit weight where the bands' weights sum to one. */
export const modelPower = ({ bands, lean }: NoiseModel, fx: number, fy: number): number => {
  const longest = bands.reduce((so, { along }) => Math.max(so, along), 0)
  let [common, plus, minus] = [0, 0, 0]
  for (const { weight, along, across } of bands) {
    const through = (slope: number): number =>
      weight * Math.exp(-2 * Math.PI ** 2 * ((along * (fx + slope * fy)) ** 2 + (across * fy) ** 2))
    if (lean !== 0 && along === longest) {
      plus += through(Math.tan(lean)) / Math.SQRT2
      minus += through(-Math.tan(lean)) / Math.SQRT2
    } else common += through(0)
  }
  return (common + plus) ** 2 + minus ** 2
}

/** Least value of a function of some numbers by search along each, in steps that halve. */
export const searched = (
  start: readonly number[],
  firstStep: number,
  lastStep: number,
  value: (at: readonly number[]) => number,
): readonly number[] => {
  let at = [...start]
  let best = value(at)
  for (let step = firstStep; step >= lastStep; ) {
    let isBetter = false
    for (let k = 0; k < at.length; k++)
      for (const way of [step, -step]) {
        const next = at.map((v, i) => (i === k ? v + way : v))
        const found = value(next)
        if (found >= best) continue
        ;[at, best, isBetter] = [next, found, true]
        break
      }
    if (!isBetter) step /= 2
  }
  return at
}

/** Frequencies that are fitted, in parts of the window's: the lowest are blurred by the window. */
const [lowestFitted, highestFitted] = [1.5, 16]

/**
 * The noise model, three correlated bands and a white one, whose logarithm is nearest to that of a measured spectrum, rings of equal frequency counting alike, and
 * its variance [gray value²].
 * @param power [fy, fx] as of `windowSpectrum`
 */
export const fittedNoise = (power: Float64Array): { readonly model: NoiseModel; readonly variance: number } => {
  const places: { fx: number; fy: number; measured: number; weight: number }[] = []
  for (let g = 0; g < windowEdge; g++)
    for (let f = 0; f < windowEdge; f++) {
      const [fx, fy] = [frequencyOf(f), frequencyOf(g)]
      const ring = windowEdge * Math.hypot(fx, fy)
      const measured = power[g * windowEdge + f]
      if (ring >= lowestFitted && ring <= highestFitted && measured > 0)
        places.push({ fx, fy, measured: Math.log(measured), weight: 1 / ring })
    }
  const modelOf = (at: readonly number[]): NoiseModel => ({
    lean: Math.min(0.6, Math.abs(at[8])),
    bands: [
      ...[0, 1, 2].map((b) => ({
        weight: b === 0 ? 1 : Math.exp(at[b - 1]),
        along: Math.exp(at[2 + 2 * b]),
        across: Math.exp(at[3 + 2 * b]),
      })),
      { weight: Math.exp(at[9]), along: 0, across: 0 },
    ],
  })
  /** Misfit, and the factor that the model needs. */
  const misfit = (at: readonly number[]): readonly [number, number] => {
    const model = modelOf(at)
    let [sum, square, total] = [0, 0, 0]
    for (const { fx, fy, measured, weight } of places) {
      const apart = measured - Math.log(modelPower(model, fx, fy) + 1e-12)
      sum += weight * apart
      square += weight * apart * apart
      total += weight
    }
    return [square - (sum * sum) / total, sum / total]
  }
  const start = [
    -1,
    -2.5,
    Math.log(3.5),
    Math.log(2),
    Math.log(1.6),
    Math.log(1),
    Math.log(0.8),
    Math.log(0.6),
    0.2,
    -4,
  ]
  const at = searched(start, 0.3, 0.005, (next) => misfit(next)[0])
  const model = modelOf(at)
  // Variance over all frequencies, those between the window's included.
  let mean = 0
  const fine = 64
  for (let g = 0; g < fine; g++)
    for (let f = 0; f < fine; f++) mean += modelPower(model, f / fine - 0.5, g / fine - 0.5) / fine ** 2
  const total = model.bands.reduce((sum, { weight }) => sum + weight, 0)
  const bands = model.bands.map((band) => ({ ...band, weight: band.weight / total }))
  return { model: { bands, lean: model.lean }, variance: Math.exp(misfit(at)[1]) * mean }
}
