import { foundRows, separatorSide } from "./band.ts"
import { classicalParticles } from "./classical.ts"
import { cracksIn } from "./cracks.ts"
import { bestEdge, columnsInView, labelBoxes, type Rectangle } from "./crop.ts"
import { fieldOfView } from "./field-of-view.ts"
import { matrixClasses } from "./matrix-class.ts"
import { opened } from "./morphology.ts"
import { nonLocalMeans } from "./nonlocal-means.ts"
import { healedLabels, largestParts, renumbered, smoothLabels } from "./outlines.ts"
import { particleShare } from "./partial-volume.ts"
import { type Denoise, defaultSegmentSettings, type SegmentSettings } from "./settings.ts"
import { gaussian, median } from "./smoothing.ts"
import { histogramOf, otsu } from "./threshold.ts"
import { assertFills, cropped, gridOf, type Labels, type Mask, maskWhere, type Volume } from "./volume.ts"

/** A particle that was seen and is not in the result. */
export interface Dropped {
  readonly reason: "cut by the border" | "too small"
  /** Centre in the stored image [pixel] */
  readonly x: number
  readonly y: number
  /** [m²] */
  readonly area: number
}

/** A tomogram slice made ready for the mesher. Row 0 is the separator side, the last row the collector side. */
export interface Segmentation {
  readonly width: number
  readonly height: number
  /** Edge of a pixel [m] */
  readonly pixel: number
  /** [row, column] 0 matrix, 1 … particleCount */
  readonly labels: Int32Array
  readonly particleCount: number
  /** [row, column] in the matrix: 1 well conducting carbon/binder, 0 poorly conducting; 0 in particles */
  readonly matrixClass: Uint8Array
  /** [row, column] 1 in cracks and inner voids of particles */
  readonly crackMask: Uint8Array
  /** [row, column] share of particle near surfaces, as the gray values give it; see `particleShare` */
  readonly share: Float32Array
  /** Standard deviation of `share` */
  readonly shareNoise: number
  /** [row, column] gray values as stored */
  readonly gray: Float32Array
  /** Where the result lies in the stored image; turned upside down where the separator lies below */
  readonly crop: Rectangle
  readonly separator: "top" | "bottom"
  /** Gray value that parts particle from matrix */
  readonly threshold: number
  readonly dropped: readonly Dropped[]
}

/** Why a slice could not be segmented. */
export type SegmentProblem =
  | { readonly kind: "not-a-number"; readonly count: number; readonly x: number; readonly y: number }
  | { readonly kind: "constant-image"; readonly value: number }
  | { readonly kind: "not-a-plane"; readonly shape: readonly [number, number, number] }
  | { readonly kind: "pixels-not-square"; readonly spacing: readonly [number, number, number] }
  | { readonly kind: "bad-band"; readonly first: number; readonly end: number; readonly rows: number }
  /** `contrast`: difference of the mean gray values on both sides of the threshold over their spread. */
  | { readonly kind: "no-particles"; readonly threshold: number; readonly contrast: number; readonly tooSmall: number }

/** Whether a segmentation returned the reason why there is none. */
export const isSegmentProblem = (value: Segmentation | SegmentProblem): value is SegmentProblem => "kind" in value

/** The problem in words. */
export const describeSegmentProblem = (problem: SegmentProblem): string => {
  switch (problem.kind) {
    case "not-a-number":
      return `${problem.count} pixels are not numbers, the first at (${problem.x}, ${problem.y})`
    case "constant-image":
      return `the image is constant (${problem.value}); there is nothing to segment`
    case "not-a-plane":
      return `a plane image is needed; this one has ${problem.shape.join(" × ")} voxels: choose a slice`
    case "pixels-not-square":
      return `pixels must be square; these measure ${problem.spacing[0]} × ${problem.spacing[1]} m`
    case "bad-band":
      return `electrode rows ${problem.first} … ${problem.end} do not lie in an image of ${problem.rows} rows`
    case "no-particles":
      return (
        `no particles: the threshold ${problem.threshold.toPrecision(4)} parts gray values that differ by ` +
        `${problem.contrast.toFixed(1)} times their spread; ${problem.tooSmall} regions were too small`
      )
  }
}

/**
 * Least distance of the class means, in spreads, of particles in a matrix. Otsu's classes of plain noise are 2.65
 * apart, those of a gradient 3.46; the holo-tomography slice has 4.2.
 */
const leastContrast = 3.7

/** Depth of blurred edges [pixel]; depth of notches that the healing of crack mouths closes [half mouths] */
const blurredEdge = 3
const notchDepth = 1.5

const denoised = (gray: Volume, how: Denoise): Volume => {
  switch (how.kind) {
    case "none":
      return gray
    case "median":
      return median(gray, how.radius)
    case "gaussian":
      return gaussian(gray, how.sigma)
    case "non-local-means":
      return nonLocalMeans(gray, how.settings)
  }
}

const troubleWith = (gray: Volume): SegmentProblem | undefined => {
  const [width, , depth] = gray.shape
  if (depth !== 1) return { kind: "not-a-plane", shape: gray.shape }
  if (Math.abs(gray.spacing[0] / gray.spacing[1] - 1) > 1e-6) {
    return { kind: "pixels-not-square", spacing: gray.spacing }
  }
  let missing = 0
  let first = -1
  let constant = true
  for (let i = 0; i < gray.values.length; i++) {
    if (!Number.isFinite(gray.values[i])) {
      missing++
      if (first < 0) first = i
    } else if (gray.values[i] !== gray.values[0]) constant = false
  }
  if (missing > 0) {
    return { kind: "not-a-number", count: missing, x: first % width, y: Math.floor(first / width) }
  }
  return constant ? { kind: "constant-image", value: gray.values[0] } : undefined
}

/** Means on both sides of a threshold and their distance in units of the pooled spread. */
const classesAt = (
  gray: Volume,
  view: Mask,
  threshold: number,
): { readonly contrast: number; readonly matrix: number; readonly particle: number } => {
  const n = [0, 0]
  const sum = [0, 0]
  const square = [0, 0]
  for (let i = 0; i < gray.values.length; i++) {
    if (view.values[i] === 0) continue
    const k = gray.values[i] > threshold ? 1 : 0
    n[k]++
    sum[k] += gray.values[i]
    square[k] += gray.values[i] ** 2
  }
  if (n[0] === 0 || n[1] === 0) return { contrast: 0, matrix: threshold, particle: threshold }
  const variance = (square[0] - sum[0] ** 2 / n[0] + square[1] - sum[1] ** 2 / n[1]) / (n[0] + n[1])
  const [matrix, particle] = [sum[0] / n[0], sum[1] / n[1]]
  return { contrast: (particle - matrix) / Math.sqrt(Math.max(variance, 1e-300)), matrix, particle }
}

const turned = <A extends Int32Array | Uint8Array | Float32Array>(values: A, width: number): A => {
  const out = values.slice() as A
  const rows = values.length / width
  for (let y = 0; y < rows; y++) out.set(values.subarray(width * y, width * (y + 1)) as never, width * (rows - 1 - y))
  return out
}

/**
 * Segments a plane gray image of a cathode: denoise → field of view → electrode band → threshold → particles (healed
 * cracks, distance, watershed) → clean outlines → crop without cut particles → matrix classes → cracks.
 */
export const segmentSlice = (
  gray: Volume,
  settings: SegmentSettings = defaultSegmentSettings,
): Segmentation | SegmentProblem => {
  assertFills("gray", gray, gray.values)
  const trouble = troubleWith(gray)
  if (trouble) return trouble
  const [width, height] = gray.shape
  const pixel = gray.spacing[0]
  const view = fieldOfView(gray)
  const smooth = denoised(gray, settings.denoise)
  const thresholdOf = (inside: Mask): number =>
    settings.threshold.kind === "value" ? settings.threshold.value : (otsu(histogramOf(smooth, inside))[0] ?? 0)
  const brightAt = (threshold: number): Mask => maskWhere(smooth, (value) => value > threshold)

  let [first, end] =
    settings.band.kind === "rows"
      ? [settings.band.first, settings.band.end]
      : foundRows(opened(brightAt(thresholdOf(view)), Math.max(...settings.openings)), view, settings.band.brightShare)
  if (settings.band.kind === "rows" && !(first >= 0 && first < end && end <= height)) {
    return { kind: "bad-band", first, end, rows: height }
  }
  const separator = settings.separator === "darker" ? separatorSide(gray, view, first, end) : settings.separator
  const margin = Math.ceil(settings.margin / pixel)
  if (settings.band.kind === "found") {
    first = Math.max(0, first - margin)
    end = Math.min(height, end + margin)
  }
  if (end <= first) return { kind: "no-particles", threshold: thresholdOf(view), contrast: 0, tooSmall: 0 }

  const rows = <V extends Volume | Mask | Labels>(of: V): V => cropped(of, [0, first, 0], [width, end, 1])
  const bandView = rows(view)
  const inView: Mask = {
    ...gridOf(view),
    values: view.values.map((v, i) => (i >= width * first && i < width * end ? v : 0)),
  }
  const threshold = thresholdOf(inView)
  const { contrast, matrix, particle } = classesAt(smooth, inView, threshold)
  if (settings.threshold.kind === "otsu" && contrast < leastContrast)
    return { kind: "no-particles", threshold, contrast, tooSmall: 0 }
  const lit = rows(brightAt(threshold))
  const bright: Mask = { ...gridOf(lit), values: lit.values.map((v, i) => v & bandView.values[i]) }
  const bandGray = rows(gray)
  const found = settings.identify
    ? settings.identify({ gray: bandGray, inside: bandView, bright, firstRow: first })
    : classicalParticles(bright, settings)
  const clean = renumbered(
    largestParts(smoothLabels(healedLabels(found, settings.crackMouth), settings.outline / pixel)),
  )

  const [left, right] = columnsInView(bandView, 0, end - first)
  const gap = Math.min(margin, 3)
  const x0 = bestEdge(clean, left, 1, right - left, gap)
  const x1 = bestEdge(clean, right, -1, right - left, gap)
  const least = (Math.PI / 4) * (settings.smallestDiameter / pixel) ** 2
  const dropped: Dropped[] = []
  const keep = new Uint8Array(clean.count + 1)
  labelBoxes(clean).forEach((box, k) => {
    const cut =
      box.x < x0 + gap || box.x + box.width > x1 - gap || box.y < gap || box.y + box.height > end - first - gap
    const small = box.area < least
    if (!cut && !small) keep[k + 1] = 1
    else
      dropped.push({
        reason: cut ? "cut by the border" : "too small",
        x: box.x + (box.width - 1) / 2,
        y: first + box.y + (box.height - 1) / 2,
        area: box.area * pixel * pixel,
      })
  })
  const kept: Labels = {
    ...gridOf(clean),
    values: clean.values.map((l) => (keep[l] === 1 ? l : 0)),
    count: clean.count,
  }
  const crop = <V extends Volume | Mask | Labels>(of: V): V => cropped(of, [x0, 0, 0], [x1, end - first, 1])
  const labels = renumbered(crop(kept))
  if (labels.count === 0) {
    const tooSmall = dropped.filter(({ reason }) => reason === "too small").length
    return { kind: "no-particles", threshold, contrast, tooSmall }
  }
  const croppedGray = crop(bandGray)
  // Dropped particles are matrix to the mesh, but their brightness says nothing about the carbon/binder.
  const anyParticle = crop({ ...clean, values: clean.values })
  const classes = matrixClasses(croppedGray, labels, anyParticle, settings.matrix)
  const sharp = crop(rows(denoised(gray, settings.cracks.denoise)))
  const rim = Math.max(blurredEdge * pixel, notchDepth * settings.crackMouth)
  const { level, seed } = settings.cracks
  const cracks = cracksIn(labels, croppedGray, sharp, { matrix, particle }, { level, seed, rim })
  const share = particleShare(croppedGray, anyParticle, cracks)
  const upright = separator === "top"
  const w = x1 - x0
  const face = <A extends Int32Array | Uint8Array | Float32Array>(values: A): A =>
    upright ? values : turned(values, w)
  return {
    width: w,
    height: end - first,
    pixel,
    labels: face(labels.values),
    particleCount: labels.count,
    matrixClass: face(classes),
    crackMask: face(cracks),
    share: face(share.values),
    shareNoise: share.noise,
    gray: face(new Float32Array(croppedGray.values)),
    crop: { x: x0, y: first, width: w, height: end - first },
    separator,
    threshold,
    dropped,
  }
}
