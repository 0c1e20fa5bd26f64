import { Effect } from "effect"
import type { VolumeSource } from "../../formats/volume-source.ts"
import { denoiseBytes, denoiseHalo } from "../../image/brickwise/denoise.ts"
import { equalBins, type GrayRange } from "../../image/brickwise/gray.ts"
import type { Denoise } from "../../image/settings.ts"
import { otsu } from "../../image/threshold.ts"
import { type Histogram, histogramMonoid } from "../../statistics/histogram.ts"
import type { ScratchVolume } from "../../store/scratch-box.ts"
import type { CrewError } from "./crew.ts"
import { type MemoryTooSmall, VolumeUnsuitable } from "./errors.ts"
import { keptWhereStrong } from "./parts.ts"
import type { VolumeMeaning, VolumeThreshold } from "./settings.ts"
import { pieces, type Site, shareOf } from "./site.ts"
import type { ClassifyTask, DenoiseTask } from "./tasks/gray.ts"

/** Fine enough for narrow peaks next to a few very bright voxels. */
const bins = 4096

interface Cuts {
  /** Rising */
  readonly thresholds: readonly number[]
  /** [threshold + 1] */
  readonly codes: readonly number[]
}

/** Thresholds, and what lies between them: 0 void, 1 particle, 2 carbon/binder; for hysteresis 0, 1 weak, 2 strong. */
const cutsOf = (threshold: VolumeThreshold, { edges, counts }: Histogram): Cuts => {
  switch (threshold.kind) {
    case "otsu": {
      const all = { lowest: edges[0], highest: edges[edges.length - 1], counts }
      const thresholds = otsu(all, threshold.classes)
      return { thresholds, codes: thresholds.length < 2 ? [0, 1] : [0, 2, 1] }
    }
    case "values":
      return threshold.carbonBinder === undefined
        ? { thresholds: [threshold.particle], codes: [0, 1] }
        : { thresholds: [threshold.carbonBinder, threshold.particle], codes: [0, 2, 1] }
    case "hysteresis":
      return { thresholds: [threshold.low, threshold.high], codes: [0, 1, 2] }
  }
}

/**
 * Phases from gray values: denoised, thresholded.
 * @param smooth  overwritten with the denoised values
 * @param numbers overwritten where the threshold asks for connection
 * @returns phases, and the thresholds that were used
 */
export const phasesOfGray = Effect.fn("phasesOfGray")(function* (
  site: Site,
  source: VolumeSource,
  { denoise: wanted, threshold }: Extract<VolumeMeaning, { readonly kind: "gray" }>,
  gray: ScratchVolume,
  { lowest, highest }: GrayRange,
  smooth: ScratchVolume<"float32">,
  numbers: ScratchVolume<"int32">,
): Effect.fn.Return<
  { readonly phases: ScratchVolume<"uint8">; readonly thresholds: readonly number[] },
  CrewError | MemoryTooSmall | VolumeUnsuitable
> {
  if (!(lowest < highest)) {
    const found = `${lowest} everywhere`
    return yield* new VolumeUnsuitable({ file: source.file, place: "", expected: "different gray values", found })
  }
  const denoise: Denoise =
    wanted.kind === "non-local-means" ? { kind: wanted.kind, settings: { ...wanted, noise: 0 } } : wanted
  const edges = equalBins(lowest, highest, bins)
  const { empty, concat } = histogramMonoid(edges)
  let histogram = empty
  // Values are read in their own type before they become real numbers.
  const boxes = yield* pieces(site, denoiseBytes(denoise) + 8, denoiseHalo(denoise))
  yield* site.crew.run<DenoiseTask>(
    "denoising",
    shareOf(site, "denoise"),
    boxes.map((box) => ({ kind: "denoise", box, gray, smooth, denoise, lowest, highest, bins })),
    ({ counts }) => {
      histogram = concat(histogram, { ...empty, counts })
    },
  )
  const { thresholds, codes } = cutsOf(threshold, histogram)
  const phases = yield* site.space.volume("uint8", "phases")
  yield* site.crew.run<ClassifyTask>(
    "thresholds",
    shareOf(site, "classify"),
    (yield* pieces(site, 5)).map((box) => ({ kind: "classify", box, smooth, classes: phases, thresholds, codes })),
  )
  if (threshold.kind === "hysteresis") yield* keptWhereStrong(site, phases, numbers)
  return { phases, thresholds }
})
