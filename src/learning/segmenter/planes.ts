import * as bytes from "../../kernels/generated/convolution.ts"
import { kernel } from "../../kernels/loader.ts"

type Work = (...operands: number[]) => void

/** What `src/kernels/assembly/convolution.ts` exports. */
export interface ConvolutionKernel {
  readonly packForward: Work
  readonly packBackward: Work
  readonly convolve: Work
  readonly addWeightSlopes: Work
  readonly addPlaneSums: Work
  readonly backThroughRectifier: Work
  readonly pool: Work
  readonly addPoolSlopes: Work
  readonly enlarge: Work
  readonly reduceSlopes: Work
}

export const convolutionKernel = kernel<ConvolutionKernel>(bytes)

/** Rim left and right of each row of a plane, in numbers; above and below there is one row. */
const side = 4

/** Numbers from row to row. */
export const rowStride = (width: number): number => width + 2 * side

/** Numbers of one channel with its rim. */
export const planeSize = (height: number, width: number): number => (height + 2) * rowStride(width)

/** Numbers before the first pixel of a plane. */
export const firstPixel = (width: number): number => rowStride(width) + side

/** Whole fours. */
export const padded = (count: number): number => Math.ceil(count / 4) * 4

/** Puts [channel, row, column] into planes, whose rims stay as they are. */
export const writePlanes = (
  values: ArrayLike<number>,
  channels: number,
  height: number,
  width: number,
  planes: Float32Array,
): void => {
  for (let channel = 0, i = 0; channel < channels; channel++)
    for (let y = 0; y < height; y++) {
      const to = channel * planeSize(height, width) + firstPixel(width) + y * rowStride(width)
      for (let x = 0; x < width; x++) planes[to + x] = values[i++]
    }
}

/** [channel, row, column] of planes. */
export const readPlanes = (planes: Float32Array, channels: number, height: number, width: number): Float32Array => {
  const out = new Float32Array(channels * height * width)
  for (let channel = 0, i = 0; channel < channels; channel++)
    for (let y = 0; y < height; y++, i += width) {
      const from = channel * planeSize(height, width) + firstPixel(width) + y * rowStride(width)
      out.set(planes.subarray(from, from + width), i)
    }
  return out
}
