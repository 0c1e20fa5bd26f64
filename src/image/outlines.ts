import { components } from "./components.ts"
import { closed, withoutHoles } from "./morphology.ts"
import { pixelLists } from "./proposals.ts"
import { gaussian } from "./smoothing.ts"
import { gridOf, type Labels, type Mask, type Volume } from "./volume.ts"

/** A label's own small image, with a margin, and where it sits. */
interface Patch {
  readonly x0: number
  readonly y0: number
  readonly mask: Mask
}

const patchOf = (pixels: Int32Array, labels: Labels, margin: number): Patch => {
  const width = labels.shape[0]
  let [x0, y0, x1, y1] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 0]
  for (const pixel of pixels) {
    const x = pixel % width
    const y = (pixel - x) / width
    x0 = Math.min(x0, x)
    x1 = Math.max(x1, x)
    y0 = Math.min(y0, y)
    y1 = Math.max(y1, y)
  }
  x0 -= margin
  y0 -= margin
  const w = x1 - x0 + 1 + margin
  const h = y1 - y0 + 1 + margin
  const values = new Uint8Array(w * h)
  for (const pixel of pixels) {
    const x = pixel % width
    values[x - x0 + w * ((pixel - x) / width - y0)] = 1
  }
  return { x0, y0, mask: { shape: [w, h, 1], spacing: labels.spacing, values } }
}

/** Visits the pixels of a patch that lie inside the large image: index in the patch, index in the image. */
const eachInside = (patch: Patch, labels: Labels, visit: (local: number, pixel: number) => void): void => {
  const [width, height] = labels.shape
  const [w, h] = patch.mask.shape
  for (let y = 0; y < h; y++) {
    const py = y + patch.y0
    if (py < 0 || py >= height) continue
    for (let x = 0; x < w; x++) {
      const px = x + patch.x0
      if (px >= 0 && px < width) visit(x + w * y, px + width * py)
    }
  }
}

/** Numbers 1 … n in the old order, labels without pixels left out. */
export const renumbered = (labels: Labels): Labels => {
  const seen = new Uint8Array(labels.count + 1)
  for (let i = 0; i < labels.values.length; i++) seen[labels.values[i]] = 1
  const number = new Int32Array(labels.count + 1)
  let count = 0
  for (let label = 1; label <= labels.count; label++) if (seen[label] === 1) number[label] = ++count
  return { ...gridOf(labels), values: labels.values.map((label) => number[label]), count }
}

/** Only the largest connected part of every label. */
export const largestParts = (labels: Labels): Labels => {
  const values = new Int32Array(labels.values.length)
  pixelLists(labels).forEach((pixels, k) => {
    if (pixels.length === 0) return
    const patch = patchOf(pixels, labels, 0)
    const parts = components(patch.mask)
    const sizes = new Int32Array(parts.count + 1)
    for (const part of parts.values) if (part > 0) sizes[part]++
    const largest = sizes.indexOf(Math.max(...sizes))
    eachInside(patch, labels, (local, pixel) => {
      if (parts.values[local] === largest) values[pixel] = k + 1
    })
  })
  return { ...gridOf(labels), values, count: labels.count }
}

/**
 * Closes crack mouths and fills the inner voids of every label by itself; pixels of other labels are never taken.
 * @param mouth half of the widest mouth closed [m]
 */
export const healedLabels = (labels: Labels, mouth: number): Labels => {
  const values = labels.values.slice()
  const margin = Math.ceil(mouth / labels.spacing[0]) + 1
  pixelLists(labels).forEach((pixels, k) => {
    if (pixels.length === 0) return
    const patch = patchOf(pixels, labels, margin)
    const whole = withoutHoles(mouth > 0 ? closed(patch.mask, mouth) : patch.mask).values
    eachInside(patch, labels, (local, pixel) => {
      if (whole[local] !== 0 && values[pixel] === 0) values[pixel] = k + 1
    })
  })
  return { ...gridOf(labels), values, count: labels.count }
}

/**
 * Smooth outlines: each label's indicator is blurred; a pixel belongs to the strongest label where the labels
 * together hold more than half of it.
 * @param sigma [voxel]
 */
export const smoothLabels = (labels: Labels, sigma: number): Labels => {
  if (!(sigma > 0)) return labels
  const strongest = new Float32Array(labels.values.length)
  const total = new Float32Array(labels.values.length)
  const values = new Int32Array(labels.values.length)
  pixelLists(labels).forEach((pixels, k) => {
    if (pixels.length === 0) return
    const patch = patchOf(pixels, labels, Math.ceil(3 * sigma))
    const soft: Volume = gaussian({ ...gridOf(patch.mask), values: Float32Array.from(patch.mask.values) }, sigma)
    eachInside(patch, labels, (local, pixel) => {
      total[pixel] += soft.values[local]
      if (soft.values[local] > strongest[pixel]) {
        strongest[pixel] = soft.values[local]
        values[pixel] = k + 1
      }
    })
  })
  for (let i = 0; i < values.length; i++) if (total[i] <= 0.5) values[i] = 0
  return { ...gridOf(labels), values, count: labels.count }
}
