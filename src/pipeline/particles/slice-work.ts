import { Effect } from "effect"
import { kthSmallest } from "../../array/selection.ts"
import type { TomogramUnreadable } from "../../formats/tomogram-errors.ts"
import type { VolumeSource } from "../../formats/volume-source.ts"
import { type Box, wholeOf } from "../../image/brick.ts"
import { describeSegmentProblem, isSegmentProblem, segmentSlice } from "../../image/segment.ts"
import type { SegmentSettings } from "../../image/settings.ts"
import type { StarModelError } from "../../inference/star-model.ts"
import { defaultParticleSettings } from "../../particles/particle-settings.ts"
import { planeEnvelopes } from "../../particles/plane-envelopes.ts"
import { type LabelledSlice, particleTable } from "../../particles/slice-table.ts"
import type { ParticleTable } from "../../particles/table.ts"
import type { PlanePicture } from "../../report/particles/input.ts"
import { SliceUnusable } from "../build.ts"
import type { LabelledVolume } from "../segmentation/labelled-volume.ts"
import { type DoubtedIdentify, doubtedIdentify } from "../segmenter/identify.ts"
import type { PhaseShare } from "./layers.ts"
import type { PlaneLabels } from "./mesh-slice.ts"

/** Particles of a single plane. */
export interface MeasuredSlice {
  readonly table: ParticleTable
  readonly plane: PlanePicture
  readonly labels: PlaneLabels
  readonly phases: readonly PhaseShare[]
  readonly notes: readonly string[]
}

/** Tones 0 … 255 between the outermost hundredths of some gray values. */
const toned = (gray: Float32Array): Uint8Array => {
  const some = gray.slice()
  const [low, high] = [0.005, 0.995].map((share) => kthSmallest(some, Math.round(share * (some.length - 1))))
  const span = high > low ? high - low : 1
  const tones = new Uint8Array(gray.length)
  for (let i = 0; i < tones.length; i++) {
    tones[i] = Math.max(0, Math.min(255, Math.round((255 * (gray[i] - low)) / span)))
  }
  return tones
}

const pictureOf = (slice: LabelledSlice, gray: Uint8Array): PlanePicture => ({
  across: "x",
  down: "y",
  normal: "z",
  at: 0,
  of: 1,
  width: slice.width,
  height: slice.height,
  pixel: [slice.pixel, slice.pixel],
  gray,
  labels: slice.labels,
})

const shareOf = (labels: Int32Array): readonly PhaseShare[] => {
  let filled = 0
  for (let i = 0; i < labels.length; i++) if (labels[i] > 0) filled++
  const share = filled / labels.length
  return [
    { name: "particles", share },
    { name: "other", share: 1 - share },
  ]
}

/**
 * A network's way of finding the particles of a plane gray image; none where values are missing, which the segmentation
 * refuses by itself.
 */
export const sliceIdentify = Effect.fn("sliceIdentify")(function* (
  source: VolumeSource,
  file: string,
  threads: number,
): Effect.fn.Return<DoubtedIdentify | undefined, TomogramUnreadable | StarModelError> {
  const values = new Float32Array(yield* source.read(wholeOf(source)))
  if (!values.every(Number.isFinite)) return undefined
  return yield* doubtedIdentify({ shape: source.shape, spacing: source.spacing, values }, file, threads)
})

/**
 * Finds and measures the particles of a plane gray image; its separator's side becomes the first row.
 * @param doubts what may be the reason where nothing is found
 */
export const measuredGraySlice = Effect.fn("measuredGraySlice")(function* (
  source: VolumeSource,
  settings: SegmentSettings,
  doubts: readonly string[] = [],
): Effect.fn.Return<MeasuredSlice, TomogramUnreadable | SliceUnusable> {
  const values = new Float32Array(yield* source.read(wholeOf(source)))
  const slice = segmentSlice({ shape: source.shape, spacing: source.spacing, values }, settings)
  if (isSegmentProblem(slice)) {
    const reason = [describeSegmentProblem(slice), ...doubts].join("; ")
    return yield* new SliceUnusable({ file: source.file, reason })
  }
  const { width, height, crop, separator, dropped } = slice
  const cut = dropped.filter(({ reason }) => reason === "cut by the border").length
  const notes = [
    ...doubts,
    `the electrode was found in columns ${crop.x} … ${crop.x + crop.width - 1} and rows ${crop.y} … ${crop.y + crop.height - 1} of the image, its separator's side ${separator === "top" ? "above" : "below"}`,
    ...(cut > 0 ? [`${cut} particles that the border cuts were left out`] : []),
    ...(dropped.length > cut ? [`${dropped.length - cut} particles were too small`] : []),
  ]
  return {
    table: particleTable(slice),
    plane: { ...pictureOf(slice, toned(slice.gray)), cracks: slice.crackMask },
    labels: {
      width,
      height,
      pixel: slice.pixel,
      labels: slice.labels,
      share: slice.share,
      shareNoise: slice.shareNoise,
    },
    phases: shareOf(slice.labels),
    notes,
  }
})

/** Columns of a slice that its labels alone do not give. */
const ofImage = ["EDensity", "Homogeneity"]

/** Measures the labelled particles of a plane, given as labels or found among phases. */
export const measuredLabelSlice = Effect.fn("measuredLabelSlice")(function* (volume: LabelledVolume, file: string) {
  const [width, height] = volume.grid.shape
  const [dx, dy] = volume.grid.spacing
  if (Math.abs(dx / dy - 1) > 1e-6) {
    return yield* new SliceUnusable({ file, reason: `pixels must be square; these measure ${dx} × ${dy} m` })
  }
  const whole = wholeOf(volume.grid)
  const given = yield* volume.readLabels(whole)
  const phases = volume.readPhases === undefined ? undefined : yield* volume.readPhases(whole)
  // The table wants numbers without gaps.
  const number = new Int32Array(volume.count + 1)
  let count = 0
  for (let label = 1; label <= volume.count; label++) if (volume.sizes[label - 1] > 0) number[label] = ++count
  const slice: LabelledSlice = {
    width,
    height,
    pixel: dx,
    labels: given.map((label) => number[label]),
    particleCount: count,
    crackMask: new Uint8Array(width * height),
    gray: new Float32Array(width * height),
  }
  const boxes: Box[] = []
  for (let label = 1; label <= volume.count; label++) if (number[label] > 0) boxes.push(volume.boxOf(label))
  const plane = { ...volume.grid, labels: slice.labels, ...(phases === undefined ? {} : { phases }) }
  const table = particleTable({
    ...slice,
    ...planeEnvelopes(plane, boxes, defaultParticleSettings(volume.grid.spacing)),
  })
  const tones = [24, 190, 96]
  const result: MeasuredSlice = {
    table: {
      ...table,
      columns: table.columns.filter(({ name }) => !ofImage.includes(name)),
      missing: [
        ...table.missing,
        ...ofImage.map((name) => ({ name, reason: "labels of a slice tell no gray values" })),
      ],
    },
    plane: pictureOf(
      slice,
      Uint8Array.from(slice.labels, (label, pixel) => tones[phases?.[pixel] ?? (label > 0 ? 1 : 0)]),
    ),
    labels: { width, height, pixel: dx, labels: slice.labels },
    phases: shareOf(slice.labels),
    notes: [],
  }
  return result
})
