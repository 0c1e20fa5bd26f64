import { assertLength } from "../../array/assert.ts"
import type { Random } from "../../array/random.ts"
import { splinePower, splineWeights } from "../phantom-volume/lattice-field.ts"
import { gaussian } from "../smoothing.ts"
import { enlarged } from "../star/enlarged.ts"
import { planeGrid } from "../volume.ts"
import type { Blur, NoiseBand } from "./settings.ts"

/** Half of a Gaussian's weights, from its middle on, cut off at three deviations; they sum to one. */
const weightsOf = (width: number): Float64Array => {
  const radius = Math.ceil(3 * width)
  const out = Float64Array.from({ length: radius + 1 }, (_, k) =>
    width > 0 ? Math.exp((-k * k) / (2 * width * width)) : 1,
  )
  const total = 2 * out.reduce((sum, w) => sum + w, 0) - out[0]
  return out.map((w) => w / total)
}

/** Independent values of mean 0 and deviation 1, of even distribution. */
const whiteField = (count: number, random: Random): Float32Array => {
  const out = new Float32Array(count)
  const scale = Math.sqrt(12)
  for (let i = 0; i < count; i++) out[i] = (random.uniform() - 0.5) * scale
  return out
}

/**
 * Adds white noise, blurred along x and y, to a plane.
 * @param white [row, column] larger than the plane by `margin` on every side
 * @param lean  rows that the blur along x climbs from column to column
 */
const addBlurred = (
  white: Float32Array,
  width: number,
  height: number,
  margin: number,
  { weight, along, across }: NoiseBand,
  lean: number,
  out: Float32Array,
): void => {
  const full = width + 2 * margin
  const [flat, steep] = [weightsOf(along), weightsOf(across)]
  const [rx, ry] = [flat.length - 1, steep.length - 1]
  const first = margin - Math.max(0, Math.round(Math.abs(lean) * rx))
  // Down the columns first, for every row that the leaning sum may touch.
  const rows = height + 2 * (margin - first)
  const columns = new Float32Array(rows * full)
  for (let y = 0; y < rows; y++) {
    const to = y * full
    const from = (y + first) * full
    for (let x = 0; x < full; x++) columns[to + x] = steep[0] * white[from + x]
    // Two rows at once: this is where most of the time goes.
    for (let k = 1; k <= ry; k++) {
      const w = steep[k]
      const [up, down] = [from - k * full, from + k * full]
      for (let x = 0; x < full; x++) columns[to + x] += w * (white[up + x] + white[down + x])
    }
  }
  const corner = (margin - first) * full + margin
  for (let y = 0; y < height; y++) {
    const to = y * width
    const at = corner + y * full
    for (let x = 0; x < width; x++) out[to + x] += weight * flat[0] * columns[at + x]
    for (let k = 1; k <= rx; k++) {
      const w = weight * flat[k]
      const way = Math.round(lean * k) * full + k
      const [back, on] = [at - way, at + way]
      for (let x = 0; x < width; x++) out[to + x] += w * (columns[back + x] + columns[on + x])
    }
  }
}

/**
 * Noise of a wanted spectrum, of mean 0 and deviation 1. The longest band leans by an angle, one half of its power to
 * either side.
 * @returns [row, column]
 */
export const noiseField = (
  width: number,
  height: number,
  bands: readonly NoiseBand[],
  lean: number,
  random: Random,
): Float32Array => {
  const out = new Float32Array(width * height)
  const longest = bands.reduce((so, { along, across }) => Math.max(so, along, across), 0)
  const margin = Math.ceil(3 * longest) * (lean === 0 ? 1 : 2) + 1
  const count = (width + 2 * margin) * (height + 2 * margin)
  const white = whiteField(count, random)
  const other = lean === 0 ? white : whiteField(count, random)
  let power = 0
  for (const band of bands) {
    if (lean !== 0 && band.along === longest) {
      const half = { ...band, weight: band.weight / Math.SQRT2 }
      addBlurred(white, width, height, margin, half, Math.tan(lean), out)
      addBlurred(other, width, height, margin, half, -Math.tan(lean), out)
    } else addBlurred(white, width, height, margin, band, 0, out)
  }
  for (let i = 0; i < out.length; i++) power += out[i] * out[i]
  const scale = power > 0 ? Math.sqrt(out.length / power) : 0
  for (let i = 0; i < out.length; i++) out[i] *= scale
  return out
}

/**
 * Slow random field of mean 0 and deviation 1.
 * @param along  nodes' distance along x and y [pixel] @returns [row, column]
 */
export const slowField = (
  width: number,
  height: number,
  along: number,
  across: number,
  random: Random,
): Float32Array => {
  const columns = Math.ceil(width / along) + 4
  const rows = Math.ceil(height / across) + 4
  const nodes = Float64Array.from({ length: columns * rows }, () => random.normal() / splinePower)
  const [u0, v0] = [random.uniform(), random.uniform()]
  const out = new Float32Array(width * height)
  const line = new Float64Array(columns)
  const placed = Int32Array.from({ length: width }, (_, x) => Math.floor(u0 + x / along))
  const shares = new Float64Array(4 * width)
  for (let x = 0; x < width; x++) shares.set(splineWeights(u0 + x / along - placed[x]), 4 * x)
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.floor(v0 + y / across)
    const weights = splineWeights(v0 + y / across - row)
    for (let c = 0; c < columns; c++) {
      line[c] = 0
      for (let k = 0; k < 4; k++) line[c] += weights[k] * nodes[(row + k) * columns + c]
    }
    for (let x = 0; x < width; x++, i++) {
      const at = placed[x]
      out[i] =
        shares[4 * x] * line[at] +
        shares[4 * x + 1] * line[at + 1] +
        shares[4 * x + 2] * line[at + 2] +
        shares[4 * x + 3] * line[at + 3]
    }
  }
  return out
}

/** Gaussian blur of a plane. */
const smoothed = (values: Float32Array, width: number, height: number, deviation: number): Float32Array =>
  gaussian({ ...planeGrid(width, height, 1), values }, deviation).values as Float32Array

/** Pixels that are taken together before wide blurs. */
const coarse = 4

/** Means over squares; those at the right and lower border hold fewer pixels. */
const coarsened = (values: Float32Array, width: number, height: number): Float32Array => {
  const [w, h] = [Math.ceil(width / coarse), Math.ceil(height / coarse)]
  const out = new Float32Array(w * h)
  for (let y = 0; y < h * coarse; y++)
    for (let x = 0; x < w * coarse; x++) {
      const from = Math.min(height - 1, y) * width + Math.min(width - 1, x)
      out[Math.floor(y / coarse) * w + Math.floor(x / coarse)] += values[from] / coarse ** 2
    }
  return out
}

/**
 * What a tomograph makes of a plane object: the sum of its Gaussian blurs by their weights. A wide one of negative
 * weight makes rims brighter and their surroundings darker, as phase contrast does; weights that sum to one keep means.
 * @param values [row, column]
 */
export const imaged = (values: Float32Array, width: number, height: number, blurs: readonly Blur[]): Float32Array => {
  assertLength("values", values, width * height)
  const out = new Float32Array(values.length)
  const [w, h] = [Math.ceil(width / coarse), Math.ceil(height / coarse)]
  const isWide = ({ width: deviation }: Blur): boolean => deviation >= coarse
  for (const { weight, width: deviation } of blurs.filter((blur) => !isWide(blur))) {
    const seen = smoothed(values, width, height, deviation)
    for (let i = 0; i < out.length; i++) out[i] += weight * seen[i]
  }
  const wide = blurs.filter((blur) => isWide(blur) && blur.weight !== 0)
  if (wide.length === 0) return out
  const small = coarsened(values, width, height)
  const sum = new Float32Array(small.length)
  for (const { weight, width: deviation } of wide) {
    const seen = smoothed(small, w, h, deviation / coarse)
    for (let i = 0; i < sum.length; i++) sum[i] += weight * seen[i]
  }
  const seen = enlarged(sum, h, w, coarse)
  for (let y = 0, i = 0; y < height; y++) for (let x = 0; x < width; x++, i++) out[i] += seen[y * w * coarse + x]
  return out
}
