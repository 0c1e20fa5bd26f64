import { assertFills, gridOf, type Mask, type Volume, voxelCount } from "./volume.ts"

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

/**
 * Gaussian blur, separable, cut off at 4 σ, borders mirrored. Constants stay what they are.
 * @param sigma standard deviation, ≥ 0 [voxel]; the axis of depth 1 is left alone
 */
export const gaussian = (volume: Volume, sigma: number): Volume => {
  assertFills("volume", volume, volume.values)
  const out = Float32Array.from(volume.values)
  if (!(sigma > 0)) return { ...gridOf(volume), values: out }
  const radius = Math.ceil(4 * sigma)
  const weights = Float64Array.from({ length: radius + 1 }, (_, i) => Math.exp((-i * i) / (2 * sigma * sigma)))
  const total = 2 * weights.reduce((sum, w) => sum + w, 0) - weights[0]
  for (const axis of [0, 1, 2] as const) {
    const n = volume.shape[axis]
    if (n === 1) continue
    const padded = new Float64Array(n + 2 * radius)
    alongAxis(volume.shape, axis, out, out, (input, output) => {
      for (let i = -radius; i < n + radius; i++) padded[i + radius] = input[mirrored(i, n)]
      for (let i = 0; i < n; i++) {
        let sum = weights[0] * padded[i + radius]
        for (let k = 1; k <= radius; k++) sum += weights[k] * (padded[i + radius - k] + padded[i + radius + k])
        output[i] = sum / total
      }
    })
  }
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
 * @param radius half-width of the window, ≥ 0 [voxel]
 */
export const median = (volume: Volume, radius: number): Volume => {
  assertFills("volume", volume, volume.values)
  const [nx, ny, nz] = volume.shape
  const { values } = volume
  const out = new Float32Array(values.length)
  const rz = nz > 1 ? radius : 0
  const window = new Float64Array((2 * radius + 1) ** 2 * (2 * rz + 1))
  const middle = (window.length - 1) / 2
  for (let z = 0, i = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, i++) {
        let k = 0
        for (let c = z - rz; c <= z + rz; c++)
          for (let b = y - radius; b <= y + radius; b++) {
            const row = nx * (mirrored(b, ny) + ny * mirrored(c, nz))
            for (let a = x - radius; a <= x + radius; a++) window[k++] = values[row + mirrored(a, nx)]
          }
        out[i] = selected(window, middle)
      }
  return { ...gridOf(volume), values: out }
}

/** The k-th smallest value (Hoare's selection); reorders its argument. */
const selected = (values: Float64Array, k: number): number => {
  let low = 0
  let high = values.length - 1
  while (low < high) {
    const pivot = values[(low + high) >> 1]
    let i = low
    let j = high
    while (i <= j) {
      while (values[i] < pivot) i++
      while (values[j] > pivot) j--
      if (i <= j) {
        const swap = values[i]
        values[i++] = values[j]
        values[j--] = swap
      }
    }
    if (k <= j) high = j
    else if (k >= i) low = i
    else break
  }
  return values[k]
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
  return selected(Float64Array.from(sizes), sizes.length >> 1) / (0.6745 * Math.sqrt(6))
}
