import { components } from "./components.ts"
import { closed, withoutHoles } from "./morphology.ts"
import { eachInside, patchOf } from "./patch.ts"
import { pixelLists } from "./proposals.ts"
import { gaussian } from "./smoothing.ts"
import { gridOf, type Labels, type Volume } from "./volume.ts"

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
    const soft: Volume = gaussian({ ...gridOf(patch.mask), values: new Float32Array(patch.mask.values) }, sigma)
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
