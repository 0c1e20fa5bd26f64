import { components } from "./components.ts"
import { dilated } from "./morphology.ts"
import type { SegmentSettings } from "./settings.ts"
import { gaussianWithinReach } from "./smoothing.ts"
import { histogramOf, otsu, quantileOf } from "./threshold.ts"
import { gridOf, type Labels, type Mask, maskWhere, type Volume } from "./volume.ts"

/** Particle edges are blurred over this distance, which would brighten the matrix beside them [voxel]. */
const blurredEdge = 3

/**
 * 1 where the matrix conducts well, 0 elsewhere (in particles too): the locally averaged brightness of the matrix
 * alone, cut by a threshold, small domains taken over by what surrounds them.
 * @param labels particles of the result
 * @param seen   these and the dropped ones, whose brightness says nothing about the carbon/binder
 */
export const matrixClasses = (
  gray: Volume,
  labels: Labels,
  seen: Labels,
  settings: SegmentSettings["matrix"],
): Uint8Array => {
  const pixel = gray.spacing[0]
  const particles = maskWhere(seen, (label) => label > 0)
  const matrix = maskWhere(labels, (label) => label === 0)
  const wide = dilated(particles, blurredEdge * pixel)
  const clear: Mask = { ...gridOf(gray), values: matrix.values.slice() }
  for (let i = 0; i < clear.values.length; i++) if (wide.values[i] !== 0) clear.values[i] = 0
  // Narrow gaps may be out of reach of the clear matrix: they take the average of wherever it is found.
  const mean = gaussianWithinReach(gray, clear, settings.length / pixel, matrix)
  const histogram = histogramOf(mean, matrix, 1024)
  const threshold =
    settings.split.kind === "otsu"
      ? (otsu(histogram)[0] ?? Number.POSITIVE_INFINITY)
      : settings.split.high >= 1
        ? Number.NEGATIVE_INFINITY
        : settings.split.high <= 0
          ? Number.POSITIVE_INFINITY
          : quantileOf(histogram, 1 - settings.split.high)
  const high = new Uint8Array(matrix.values.length)
  for (let i = 0; i < high.length; i++) high[i] = matrix.values[i] !== 0 && mean.values[i] > threshold ? 1 : 0
  const least = (Math.PI / 4) * (settings.smallestDomain / pixel) ** 2
  for (const kind of [1, 0] as const) {
    const domain: Mask = { ...gridOf(gray), values: new Uint8Array(high.length) }
    for (let i = 0; i < high.length; i++) domain.values[i] = matrix.values[i] !== 0 && high[i] === kind ? 1 : 0
    const parts = components(domain)
    const size = new Float64Array(parts.count + 1)
    for (let i = 0; i < high.length; i++) size[parts.values[i]]++
    for (let i = 0; i < high.length; i++) {
      const part = parts.values[i]
      if (part > 0 && size[part] < least) high[i] = 1 - kind
    }
  }
  return high
}
