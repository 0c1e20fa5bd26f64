import { gaussian } from "./smoothing.ts"
import type { Volume } from "./volume.ts"

/** Length and enclosed area of a plane outline. */
export interface ContourMeasure {
  /** [m] */
  readonly length: number
  /** [m²] */
  readonly area: number
}

/**
 * Length and area of the level line of a plane field by marching squares with linear interpolation. The field must be
 * below the level on its border, so that every line is closed.
 * @source W. E. Lorensen, H. E. Cline, Comput. Graph. 21 (1987) 163–169, in two dimensions
 */
export const levelLine = (field: Volume, level: number): ContourMeasure => {
  const [width, height] = field.shape
  const [dx, dy] = field.spacing
  const { values } = field
  let length = 0
  let twiceArea = 0
  // Crossing points on the edges of a cell: bottom, right, top, left (y upward in cell coordinates).
  const px = new Float64Array(4)
  const py = new Float64Array(4)
  const segment = (from: number, to: number): void => {
    const [ax, ay, bx, by] = [px[from], py[from], px[to], py[to]]
    length += Math.hypot(bx - ax, by - ay)
    twiceArea += ax * by - bx * ay
  }
  for (let y = 0; y + 1 < height; y++)
    for (let x = 0; x + 1 < width; x++) {
      const i = x + width * y
      const a = values[i] - level
      const b = values[i + 1] - level
      const c = values[i + width + 1] - level
      const d = values[i + width] - level
      const code = (a > 0 ? 1 : 0) | (b > 0 ? 2 : 0) | (c > 0 ? 4 : 0) | (d > 0 ? 8 : 0)
      if (code === 0 || code === 15) continue
      px[0] = (x + a / (a - b)) * dx
      py[0] = y * dy
      px[1] = (x + 1) * dx
      py[1] = (y + b / (b - c)) * dy
      px[2] = (x + d / (d - c)) * dx
      py[2] = (y + 1) * dy
      px[3] = x * dx
      py[3] = (y + a / (a - d)) * dy
      // The inside lies to the left of every segment.
      const joined = a + b + c + d > 0
      if (code === 5) {
        segment(0, joined ? 1 : 3)
        segment(2, joined ? 3 : 1)
      } else if (code === 10) {
        segment(joined ? 3 : 1, 0)
        segment(joined ? 1 : 3, 2)
      } else {
        const [from, to] = sides[code]
        segment(from, to)
      }
    }
  return { length, area: twiceArea / 2 }
}

/** [corner code] edges where the line enters and leaves a cell; 5 and 10 are ambiguous and handled apart. */
const sides: readonly (readonly [number, number])[] = [
  [0, 0],
  [0, 3],
  [1, 0],
  [1, 3],
  [2, 1],
  [0, 0],
  [2, 0],
  [2, 3],
  [3, 2],
  [0, 2],
  [0, 0],
  [1, 2],
  [3, 1],
  [0, 1],
  [3, 0],
  [0, 0],
]

/**
 * Perimeter and area of a plane region on its blurred indicator, which follows the smooth outline behind the pixel
 * steps. Within 1 % for discs from 8 pixels of radius on: there the line lies σ²/2R inside, and larger ones keep a trace
 * of the steps.
 *
 * @param pixels indices of the region in an image of the given width
 * @param sigma  [pixel]
 */
export const outlineMeasure = (pixels: ArrayLike<number>, width: number, pixel: number, sigma = 1): ContourMeasure => {
  let [x0, y0, x1, y1] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 0]
  for (let k = 0; k < pixels.length; k++) {
    const x = pixels[k] % width
    const y = (pixels[k] - x) / width
    x0 = Math.min(x0, x)
    x1 = Math.max(x1, x)
    y0 = Math.min(y0, y)
    y1 = Math.max(y1, y)
  }
  const margin = Math.ceil(4 * sigma) + 1
  const w = x1 - x0 + 1 + 2 * margin
  const h = y1 - y0 + 1 + 2 * margin
  const values = new Float32Array(w * h)
  for (let k = 0; k < pixels.length; k++) {
    const x = pixels[k] % width
    values[x - x0 + margin + w * ((pixels[k] - x) / width - y0 + margin)] = 1
  }
  return levelLine(gaussian({ shape: [w, h, 1], spacing: [pixel, pixel, pixel], values }, sigma), 0.5)
}
