import { squaredDistance } from "../squared-distance.ts"
import { assertFills, type Labels } from "../volume.ts"

/** What a star-convex network should answer for some labels. */
export interface StarAnswers {
  /** Pixels from answer to answer; each stands for the middle of step × step pixels */
  readonly step: number
  /** Answers along x and y */
  readonly width: number
  readonly height: number
  /** [row, column] distance to the nearest pixel outside of the object over the largest of that object; 0 outside */
  readonly probability: Float32Array
  /** [ray, row, column] from the answer's point to the outline of its object; 0 outside [pixel] */
  readonly distances: Float32Array
}

/** Direction of a ray: they begin along x and turn towards y. */
export const rayDirection = (ray: number, rayCount: number): readonly [number, number] => {
  const angle = (2 * Math.PI * ray) / rayCount
  return [Math.cos(angle), Math.sin(angle)]
}

interface Span {
  x0: number
  y0: number
  x1: number
  y1: number
}

/** [label] the pixels that an object spans, ends excluded */
const spansOf = ({ values, count, shape: [width, height] }: Labels): readonly Span[] => {
  const spans = Array.from({ length: count + 1 }, () => ({ x0: width, y0: height, x1: 0, y1: 0 }))
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      const label = values[i]
      if (label === 0) continue
      const span = spans[label]
      if (x < span.x0) span.x0 = x
      if (x >= span.x1) span.x1 = x + 1
      if (y < span.y0) span.y0 = y
      if (y >= span.y1) span.y1 = y + 1
    }
  return spans
}

/**
 * [pixel] distance to the nearest pixel of another label over the largest in the object, 0 outside of objects.
 * What lies beyond the image is unknown and does not count as outside.
 * @source U. Schmidt et al., MICCAI (2018) 265–273, doi:10.1007/978-3-030-00934-2_30, object probabilities
 */
export const objectDepth = (labels: Labels): Float32Array => {
  assertFills("labels", labels, labels.values)
  const [width, height] = labels.shape
  const out = new Float32Array(width * height)
  spansOf(labels).forEach((span, label) => {
    if (label === 0 || span.x1 === 0) return
    const [x0, y0] = [Math.max(0, span.x0 - 1), Math.max(0, span.y0 - 1)]
    const [w, h] = [Math.min(width, span.x1 + 1) - x0, Math.min(height, span.y1 + 1) - y0]
    const others = new Uint8Array(w * h)
    for (let y = 0, i = 0; y < h; y++)
      for (let x = 0; x < w; x++, i++) others[i] = labels.values[x0 + x + width * (y0 + y)] === label ? 0 : 1
    const squared = squaredDistance({ shape: [w, h, 1], spacing: [1, 1, 1] }, others)
    const most = squared.reduce((so, value) => Math.max(so, value), 0)
    for (let i = 0; i < squared.length; i++) {
      if (others[i] !== 0) continue
      const place = x0 + (i % w) + width * (y0 + Math.floor(i / w))
      out[place] = most > 1e20 ? 1 : Math.sqrt(squared[i] / most)
    }
  })
  return out
}

/** Share of a point's surroundings, one pixel wide, that has a label: linear between pixel centres. */
const shareAt = (values: Int32Array, width: number, height: number, label: number, x: number, y: number): number => {
  const [x0, y0] = [Math.floor(x), Math.floor(y)]
  const [fx, fy] = [x - x0, y - y0]
  const own = (px: number, py: number): number =>
    px >= 0 && px < width && py >= 0 && py < height && values[px + width * py] === label ? 1 : 0
  return (
    (1 - fy) * ((1 - fx) * own(x0, y0) + fx * own(x0 + 1, y0)) +
    fy * ((1 - fx) * own(x0, y0 + 1) + fx * own(x0 + 1, y0 + 1))
  )
}

/** Way along a ray to where the share of the label falls through one half [pixel]. */
const wayOut = (
  { values, shape: [width, height] }: Labels,
  label: number,
  x: number,
  y: number,
  dx: number,
  dy: number,
): number => {
  let before = shareAt(values, width, height, label, x, y)
  if (before < 0.5) return 0
  for (let way = 1; ; way++) {
    const share = shareAt(values, width, height, label, x + way * dx, y + way * dy)
    if (share < 0.5) return way - 1 + (before - 0.5) / (before - share)
    before = share
  }
}

/**
 * Object probabilities and distances to the outline along rays, for every step-th pixel along x and y.
 * The image's border ends a ray as an outline does.
 * @param labels a plane image whose edges are multiples of `step`
 * @param step   a power of two [pixel]
 */
export const starAnswers = (labels: Labels, step: number, rayCount: number): StarAnswers => {
  const [fullWidth, fullHeight, depth] = labels.shape
  if (depth !== 1) throw new RangeError(`a plane image is needed; this one is ${depth} deep`)
  if (!(step >= 1 && fullWidth % step === 0 && fullHeight % step === 0)) {
    throw new RangeError(`${fullWidth} × ${fullHeight} pixels are no multiples of ${step}`)
  }
  const [width, height] = [fullWidth / step, fullHeight / step]
  const depths = objectDepth(labels)
  const probability = new Float32Array(width * height)
  const distances = new Float32Array(rayCount * width * height)
  const directions = Array.from({ length: rayCount }, (_, ray) => rayDirection(ray, rayCount))
  // The middle of an even number of pixels lies between four of them.
  const near = step === 1 ? [0] : [step / 2 - 1, step / 2]
  const middle = (step - 1) / 2
  for (let row = 0, p = 0; row < height; row++)
    for (let column = 0; column < width; column++, p++) {
      const places = near.flatMap((y) => near.map((x) => step * column + x + fullWidth * (step * row + y)))
      const deepest = places.reduce((best, place) => (depths[place] > depths[best] ? place : best))
      const label = labels.values[deepest]
      if (label === 0) continue
      for (const place of places) if (labels.values[place] === label) probability[p] += depths[place] / places.length
      directions.forEach(([dx, dy], ray) => {
        const way = wayOut(labels, label, step * column + middle, step * row + middle, dx, dy)
        distances[ray * width * height + p] = way
      })
    }
  return { step, width, height, probability, distances }
}
