import type { Phantom } from "../../src/image/phantom.ts"
import { isSegmentProblem, type Segmentation, type SegmentProblem } from "../../src/image/segment.ts"

/** The segmentation, or a failed test. */
export const segmented = (result: Segmentation | SegmentProblem): Segmentation => {
  if (isSegmentProblem(result)) throw new Error(JSON.stringify(result))
  return result
}

/** Truth cut and turned as the segmentation was. */
export const truthIn = (phantom: Phantom, { width, height, crop, separator }: Segmentation) => {
  const stored = phantom.gray.shape[0]
  const labels = new Int32Array(width * height)
  const cracks = new Uint8Array(width * height)
  const carbon = new Uint8Array(width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = crop.x + x + stored * (crop.y + (separator === "top" ? y : height - 1 - y))
      labels[x + width * y] = phantom.labels.values[from]
      cracks[x + width * y] = phantom.cracks.values[from]
      carbon[x + width * y] = phantom.carbon.values[from]
    }
  return { labels, cracks, carbon }
}

export const sum = (values: ArrayLike<number>): number => {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i]
  return total
}

/** Share of particle pixels, and of cracks in them. */
export const shares = (labels: Int32Array, cracks: Uint8Array): { particle: number; crack: number } => {
  const area = sum(labels.map((label) => (label > 0 ? 1 : 0)))
  return { particle: area / labels.length, crack: sum(cracks.map((v, i) => (labels[i] > 0 ? v : 0))) / area }
}
