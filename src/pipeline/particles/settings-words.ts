import { basename } from "node:path"
import type { ParticleReportInput } from "../../report/particles/input.ts"
import { program } from "../program.ts"
import type { SegmentationResources, VolumeDenoise, VolumeSettings, VolumeThreshold } from "../segmentation/settings.ts"
import type { Task } from "./particles.ts"
import type { ParticlesRequest, Segmenter } from "./request.ts"

/** What the segmentation may use; what does not fit into the memory lies in the output directory for a time. */
export const resourcesOf = ({ memory, brick, threads, out }: ParticlesRequest): SegmentationResources => ({
  memory,
  threads,
  scratch: out,
  ...(brick === undefined ? {} : { brick }),
})

/** Whether void and carbon/binder are told apart. */
export const tellsMatrixApart = ({ meaning }: VolumeSettings): boolean => {
  if (meaning.kind === "labels") return false
  if (meaning.kind === "phases") return meaning.carbonBinder.length > 0
  const { threshold } = meaning
  return threshold.kind === "otsu"
    ? threshold.classes === 3
    : threshold.kind === "values" && threshold.carbonBinder !== undefined
}

/** What the values of the volume are. */
const contentOf = ({ meaning }: VolumeSettings): ParticleReportInput["volume"]["content"] =>
  meaning.kind === "gray" ? "gray values" : meaning.kind

const denoiseWords = (denoise: VolumeDenoise): string => {
  switch (denoise.kind) {
    case "none":
      return "none"
    case "median":
      return `median of ${2 * denoise.radius + 1} voxels`
    case "gaussian":
      return `Gaussian of ${denoise.sigma} voxels`
    case "non-local-means":
      return `non-local means, patches of ${2 * denoise.patch + 1} voxels, strength ${denoise.strength}`
  }
}

const thresholdWords = (threshold: VolumeThreshold): string => {
  switch (threshold.kind) {
    case "otsu":
      return `Otsu, ${threshold.classes} classes`
    case "values":
      return `particle from ${threshold.particle} on${threshold.carbonBinder === undefined ? "" : `, carbon/binder from ${threshold.carbonBinder} on`}`
    case "hysteresis":
      return `from ${threshold.low} on, where connected to ${threshold.high} or more`
  }
}

/** How the particles of a volume were found, in a sentence. */
export const methodOf = ({
  settings: { meaning },
  segmenter,
}: Pick<ParticlesRequest, "settings" | "segmenter">): string => {
  const parted =
    segmenter === undefined
      ? "touching particles are parted by a watershed of the distance to their surface"
      : "a star-convex network looks at all sections along three axes: particles are where two of three see them, bright along their rims and with their cracks inside, and what touches is one particle where most of the polygons say so"
  switch (meaning.kind) {
    case "gray":
      return `Noise is taken off (${denoiseWords(meaning.denoise)}), gray values are parted (${thresholdWords(meaning.threshold)}), and ${parted}.`
    case "phases":
      return `The phases were given; ${parted}.`
    case "labels":
      return "The particles were given as labels and are taken as they are."
  }
}

/** How the particles of a slice were found, in a sentence. */
export const sliceMethodOf = ({ settings, segmenter }: ParticlesRequest): string =>
  settings.meaning.kind === "gray"
    ? `A single plane: the electrode is found in it, particles by ${segmenter === undefined ? "threshold, distance and watershed" : "a star-convex network and a threshold along their rims"}, and outlines are smoothed. Attributes are those of sections: lengths stand for surfaces, areas for volumes.`
    : `${methodOf({ settings })} A single plane: attributes are those of sections, lengths stand for surfaces and areas for volumes.`

/** The way that a request names: a network, or the watershed where there is none. */
export const wayOf = (segmenter: ParticlesRequest["segmenter"]): Segmenter =>
  segmenter === undefined ? { kind: "watershed" } : { kind: "network", file: segmenter.file }

/** A way of telling particles apart, for a reader. */
export const wayName = (way: Segmenter): string =>
  way.kind === "watershed" ? "watershed" : `network ${basename(way.file)}`

const length = (metres: number): string => `${Number((metres * 1e6).toPrecision(4))} µm`
const axes = "xyz"

/** Settings as rows for the report. */
const settingRows = (request: ParticlesRequest): ParticleReportInput["settings"] => {
  const { settings, segmenter, depth, damage, published, memory, brick, threads } = request
  const { meaning, healing, dynamics, smallestDiameter } = settings
  const values = (list: readonly number[]): string => (list.length === 0 ? "none" : list.join(", "))
  return [
    ...(meaning.kind === "gray"
      ? [
          { name: "noise", value: denoiseWords(meaning.denoise) },
          { name: "threshold", value: thresholdWords(meaning.threshold) },
        ]
      : []),
    ...(segmenter === undefined ? [] : [{ name: "network", value: segmenter.file }]),
    ...(meaning.kind === "phases"
      ? [
          {
            name: "phases",
            value: `void ${values(meaning.void)}; particle ${values(meaning.particle)}; carbon/binder ${values(meaning.carbonBinder)}`,
          },
        ]
      : []),
    ...(meaning.kind === "labels"
      ? []
      : [
          { name: "open cracks closed up to", value: healing.closing === 0 ? "none" : length(2 * healing.closing) },
          { name: "bridges cut up to", value: healing.opening === 0 ? "none" : length(2 * healing.opening) },
          {
            name: "peaks of the distance stand out by",
            value: `${dynamics.voxels} voxels and ${Math.round(100 * dynamics.relative)} %`,
          },
          { name: "smallest diameter", value: length(smallestDiameter) },
        ]),
    { name: "depth", value: `along ${axes[depth.axis]}, collector at its ${depth.growing === 1 ? "low" : "high"} end` },
    { name: "damage classes", value: `mild from ${100 * damage.mild} %, severe from ${100 * damage.severe} %` },
    {
      name: "estimator",
      value: { no: "geometric", beside: "geometric, published beside", leads: "published" }[published.kind],
    },
    { name: "memory", value: `${Number((memory / 1e9).toPrecision(3))} GB` },
    { name: "bricks", value: brick === undefined ? "as memory allows" : `${brick} voxels` },
    { name: "threads", value: String(threads) },
  ]
}

/** What the report says of any piece of work: where it came from, how, and how long it took. */
export const reportFacts = ({ request, source, title, started, watch }: Task) => ({
  title,
  programVersion: program.version,
  started,
  volume: {
    format: source.format,
    shape: source.shape,
    spacing: source.spacing,
    voxelSizeFrom: source.voxelSizeFrom,
    content: contentOf(request.settings),
  },
  settings: settingRows(request),
  stages: watch.stages,
})
