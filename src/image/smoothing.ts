import { kthSmallest } from "../array/selection.ts"
import * as gaussianBytes from "../kernels/generated/gaussian.ts"
import { kernel } from "../kernels/loader.ts"
import { denoiseKernel } from "./denoise-kernel.ts"
import { assertFills, gridOf, type Mask, type Volume, voxelCount } from "./volume.ts"
import { inWorkspace } from "./workspace.ts"

/** Along one axis of f32 values, in place: `source` tells what continues a line of n beyond both ends. */
type Blur = (
  values: number,
  n: number,
  lines: number,
  source: number,
  weights: number,
  radius: number,
  total: number,
  scratch: number,
) => void

const gaussianKernel = kernel<{ readonly rows: Blur; readonly columns: Blur }>(gaussianBytes)

/** Columns that `columns` takes together, whose continuations its scratch holds */
const columnsTogether = 32

/** Index reflected into 0 … n − 1 (the edge voxel is repeated once). */
export const mirrored = (i: number, n: number): number => {
  const period = 2 * n
  const m = ((i % period) + period) % period
  return m < n ? m : period - 1 - m
}

/** Applies `line` to every row of voxels along one axis, read into and written from one scratch line. */
const alongAxis = (
  shape: readonly [number, number, number],
  axis: 0 | 1 | 2,
  source: Float32Array | Float64Array,
  out: Float32Array | Float64Array,
  line: (input: Float64Array, output: Float64Array) => void,
): void => {
  const n = shape[axis]
  const stride = [1, shape[0], shape[0] * shape[1]][axis]
  const input = new Float64Array(n)
  const output = new Float64Array(n)
  const lines = source.length / n
  for (let l = 0; l < lines; l++) {
    const start = (l % stride) + Math.floor(l / stride) * stride * n
    for (let i = 0; i < n; i++) input[i] = source[start + i * stride]
    line(input, output)
    for (let i = 0; i < n; i++) out[start + i * stride] = output[i]
  }
}

/** Half of what is distributed normally lies within so many standard deviations */
export const normalQuartile = 0.6745
/** Voxels along z and across that are blurred at a time, so that memory stays small. */
const columnsAtOnce = 4096

/**
 * Gaussian blur, separable, cut off at 4 σ, borders mirrored. Constants stay what they are.
 * @param sigma standard deviation, ≥ 0 [voxel]; the axis of depth 1 is left alone
 */
export const gaussian = (volume: Volume, sigma: number): Volume => {
  assertFills("volume", volume, volume.values)
  const out = new Float32Array(volume.values)
  if (!(sigma > 0)) return { ...gridOf(volume), values: out }
  const radius = Math.ceil(4 * sigma)
  const weights = Float64Array.from({ length: radius + 1 }, (_, i) => Math.exp((-i * i) / (2 * sigma * sigma)))
  const total = 2 * weights.reduce((sum, w) => sum + w, 0) - weights[0]
  const [nx, ny, nz] = volume.shape
  const plane = nx * ny
  const across = Math.min(plane, columnsAtOnce)
  const most = Math.max(plane, nz > 1 ? nz * across : 0)
  const longest = Math.max(nx, ny, nz) + 2 * radius
  inWorkspace(4 * most, (workspace) => {
    const blocks = workspace.lay(4 * most, 4 * longest, 8 * weights.length, 8 * longest * columnsTogether)
    const [values, source, taps, scratch] = blocks
    const { rows, columns } = workspace.use(gaussianKernel)
    const stored = workspace.floats(values, most)
    workspace.doubles(taps, weights.length).set(weights)
    const sources = workspace.ints(source, longest)
    const continueLine = (n: number): void => {
      for (let i = 0; i < n + 2 * radius; i++) sources[i] = mirrored(i - radius, n)
    }
    for (let z = 0; z < nz; z++) {
      stored.set(out.subarray(plane * z, plane * (z + 1)))
      if (nx > 1) {
        continueLine(nx)
        rows(values, nx, ny, source, taps, radius, total, scratch)
      }
      if (ny > 1) {
        continueLine(ny)
        columns(values, ny, nx, source, taps, radius, total, scratch)
      }
      out.set(stored.subarray(0, plane), plane * z)
    }
    if (nz === 1) return
    continueLine(nz)
    for (let first = 0; first < plane; first += across) {
      const count = Math.min(across, plane - first)
      for (let z = 0; z < nz; z++) {
        const start = plane * z + first
        stored.set(out.subarray(start, start + count), count * z)
      }
      columns(values, nz, count, source, taps, radius, total, scratch)
      for (let z = 0; z < nz; z++) out.set(stored.subarray(count * z, count * (z + 1)), plane * z + first)
    }
  })
  return { ...gridOf(volume), values: out }
}

/**
 * Gaussian mean over the voxels of a mask alone (normalised convolution); 0 where none is within reach.
 * @param sigma standard deviation, > 0 [voxel]
 * @source H. Knutsson, C.-F. Westin, CVPR (1993) 515–523
 */
export const gaussianWithin = (volume: Volume, inside: Mask, sigma: number): Volume => {
  const weighted = new Float32Array(voxelCount(volume))
  const weight = new Float32Array(voxelCount(volume))
  for (let i = 0; i < weight.length; i++) {
    if (inside.values[i] === 0) continue
    weight[i] = 1
    weighted[i] = volume.values[i]
  }
  const sum = gaussian({ ...gridOf(volume), values: weighted }, sigma).values
  const share = gaussian({ ...gridOf(volume), values: weight }, sigma).values
  for (let i = 0; i < sum.length; i++) sum[i] = share[i] > 1e-6 ? sum[i] / share[i] : 0
  return { ...gridOf(volume), values: sum }
}

/**
 * As `gaussianWithin`, with ever wider Gaussians where the mask is out of reach, until every wanted voxel has its mean
 * (0 where the mask is empty).
 */
export const gaussianWithinReach = (volume: Volume, inside: Mask, sigma: number, wanted: Mask): Volume => {
  const mean = gaussianWithin(volume, inside, sigma)
  for (let reach = 2 * sigma; reach < Math.max(...volume.shape); reach *= 2) {
    if (mean.values.every((value, i) => value !== 0 || wanted.values[i] === 0)) break
    const wider = gaussianWithin(volume, inside, reach).values
    for (let i = 0; i < wider.length; i++) if (mean.values[i] === 0) mean.values[i] = wider[i]
  }
  return mean
}

/**
 * Mean over a box of half-width `radius`, by running sums: the cost does not depend on the radius.
 * @param out [voxel], may be `values` itself
 */
export const boxMeanInto = (
  shape: readonly [number, number, number],
  values: Float32Array,
  radius: number,
  out: Float32Array,
): void => {
  let source = values
  for (const axis of [0, 1, 2] as const) {
    const n = shape[axis]
    if (n === 1) continue
    alongAxis(shape, axis, source, out, (input, output) => {
      let sum = 0
      for (let i = -radius; i <= radius; i++) sum += input[mirrored(i, n)]
      for (let i = 0; i < n; i++) {
        output[i] = sum / (2 * radius + 1)
        sum += input[mirrored(i + radius + 1, n)] - input[mirrored(i - radius, n)]
      }
    })
    source = out
  }
  if (source !== out) out.set(values)
}

/**
 * Median over a cubic (square) window, borders mirrored. Commutes with any rising map of the gray values.
 * @param volume finite
 * @param radius half-width of the window, ≥ 0 [voxel]
 */
export const median = (volume: Volume, radius: number): Volume => {
  assertFills("volume", volume, volume.values)
  if (radius === 0) return { ...gridOf(volume), values: new Float32Array(volume.values) }
  const [nx, ny, nz] = volume.shape
  const depth = nz > 1 ? radius : 0
  const [wide, high] = [nx + 2 * radius, ny + 2 * radius]
  const plane = wide * high
  const steps: number[] = []
  for (let c = 0; c <= 2 * depth; c++)
    for (let b = -radius; b <= radius; b++) for (let a = -radius; a <= radius; a++) steps.push(a + wide * b + plane * c)
  const values = new Float32Array(volume.values.length)
  const size = plane * (2 * depth + 1)
  inWorkspace(4 * (size + plane), (workspace) => {
    const blocks = workspace.lay(4 * size, 4 * plane, 4 * steps.length, 16 * ((steps.length >> 1) + 2))
    const [padded, out, offsets, scratch] = blocks
    const { middle } = workspace.use(denoiseKernel)
    workspace.ints(offsets, steps.length).set(steps)
    const around = workspace.floats(padded, size)
    const found = workspace.floats(out, plane)
    const first = radius * (1 + wide)
    for (let z = 0; z < nz; z++) {
      for (let c = -depth, to = 0; c <= depth; c++)
        for (let y = -radius; y < ny + radius; y++, to += wide) {
          const start = nx * (mirrored(y, ny) + ny * mirrored(z + c, nz))
          around.set(volume.values.subarray(start, start + nx), to + radius)
          for (let x = 1; x <= radius; x++) {
            around[to + radius - x] = volume.values[start + mirrored(-x, nx)]
            around[to + radius + nx - 1 + x] = volume.values[start + mirrored(nx - 1 + x, nx)]
          }
        }
      middle(padded, first, plane - first, offsets, steps.length, scratch, out)
      for (let y = 0; y < ny; y++) {
        const start = radius + wide * (y + radius)
        values.set(found.subarray(start, start + nx), nx * (y + ny * z))
      }
    }
  })
  return { ...gridOf(volume), values }
}

/**
 * Standard deviation of the noise from the median size of second differences along x: 0.6745 σ √6 for white
 * Gaussian noise; correlated noise is underestimated.
 */
export const noiseLevel = (volume: Volume, inside?: Mask): number => {
  const [nx] = volume.shape
  const sizes: number[] = []
  const stride = Math.max(1, Math.floor(volume.values.length / 200_000))
  for (let i = 1; i + 1 < volume.values.length; i += stride) {
    const x = i % nx
    if (x === 0 || x === nx - 1) continue
    if (inside && (inside.values[i - 1] & inside.values[i] & inside.values[i + 1]) === 0) continue
    sizes.push(Math.abs(volume.values[i - 1] - 2 * volume.values[i] + volume.values[i + 1]))
  }
  if (sizes.length === 0) return 0
  return kthSmallest(Float64Array.from(sizes), sizes.length >> 1) / (normalQuartile * Math.sqrt(6))
}
