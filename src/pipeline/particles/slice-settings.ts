import { defaultSegmentSettings, type SegmentSettings } from "../../image/settings.ts"
import type { VolumeDenoise, VolumeSettings, VolumeThreshold } from "../segmentation/settings.ts"
import type { ParticlesRequest } from "./request.ts"

const denoiseOf = (denoise: VolumeDenoise): SegmentSettings["denoise"] =>
  denoise.kind === "non-local-means"
    ? {
        kind: denoise.kind,
        settings: { patch: denoise.patch, search: denoise.search, strength: denoise.strength, noise: 0 },
      }
    : denoise

/** The threshold of a slice, which has particles and matrix alone; undefined where more is asked for. */
const thresholdOf = (threshold: VolumeThreshold): SegmentSettings["threshold"] | undefined => {
  if (threshold.kind === "otsu") return threshold.classes === 2 ? { kind: "otsu" } : undefined
  if (threshold.kind === "values" && threshold.carbonBinder === undefined) {
    return { kind: "value", value: threshold.particle }
  }
  return undefined
}

/** Options of a volume that a gray slice has no use for, with the reason. */
const idle: Readonly<Record<string, string>> = {
  "depth-axis": "the side of the separator is found in a gray slice",
  fields: "a slice is written as mesh.vtu and labels.tif",
  surfaces: "a slice has no surfaces",
  "surface-format": "a slice has no surfaces",
}

/**
 * Settings for the gray values of a single plane: those that suit slices, and whatever was stated in their place.
 * @returns settings, and notes on what was stated and cannot be had
 */
export const sliceSettings = (
  { meaning, healing, smallestDiameter }: VolumeSettings,
  stated: ParticlesRequest["stated"],
): { readonly settings: SegmentSettings; readonly notes: readonly string[] } => {
  const notes = Object.entries(idle).flatMap(([option, reason]) =>
    stated.has(option) ? [`--${option} was left out of account: ${reason}`] : [],
  )
  let settings = defaultSegmentSettings
  if (meaning.kind !== "gray") return { settings, notes }
  if (stated.has("denoise")) settings = { ...settings, denoise: denoiseOf(meaning.denoise) }
  if (stated.has("threshold")) {
    const threshold = thresholdOf(meaning.threshold)
    if (threshold === undefined) notes.push("--threshold was left out of account: a gray slice is parted in two")
    else settings = { ...settings, threshold }
  }
  if (stated.has("close-cracks")) settings = { ...settings, closings: [healing.closing] }
  if (stated.has("cut-bridges")) settings = { ...settings, openings: healing.opening === 0 ? [] : [healing.opening] }
  if (stated.has("smallest")) settings = { ...settings, smallestDiameter }
  return { settings, notes }
}
