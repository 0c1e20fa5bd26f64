import { Effect } from "effect"
import type { Triple } from "../image/brick.ts"
import { voxelEdge } from "../image/volume.ts"
import type { DepthAxis } from "../particles/volume-table.ts"
import type { MeshSlice, ParticlesRequest, Segmenter } from "../pipeline/particles/request.ts"
import { shippedModel } from "../pipeline/program.ts"
import {
  defaultVolumeSettings,
  type VolumeDenoise,
  type VolumeMeaning,
  type VolumeThreshold,
} from "../pipeline/segmentation/settings.ts"
import { type DamageThresholds, defaultDamageThresholds } from "../statistics/damage-class.ts"
import { nonNegative, positive, type QuantityFault, readQuantity } from "../twin/quantity.ts"
import { optionValue, type Parsed, UsageWrong } from "./arguments.ts"
import { particlesUsage } from "./usages.ts"

const wrong = (option: string, expected: string, found: string): UsageWrong =>
  new UsageWrong({ verb: particlesUsage.verb, reason: `--${option}: expected ${expected}; found ${found}` })

const quoted = (text: string): string => `"${text}"`

const lengthOf = (option: string, text: string, range = positive): Effect.Effect<number, UsageWrong> =>
  readQuantity(text, "m", range).pipe(
    Effect.mapError(({ expected, found, hint }: QuantityFault) =>
      wrong(option, expected, hint === undefined ? found : `${found} (${hint})`),
    ),
  )

const optionalLength = (parsed: Parsed, option: string, fallback: number, range = positive) => {
  const text = optionValue(parsed, option)
  return text === undefined ? Effect.succeed(fallback) : lengthOf(option, text, range)
}

/** `70nm`, or `70nm,70nm,100nm` along x, y and z. */
export const voxelSizeOf = Effect.fnUntraced(function* (
  parsed: Parsed,
): Effect.fn.Return<number | Triple | undefined, UsageWrong> {
  const text = optionValue(parsed, "voxel-size")
  if (text === undefined) return undefined
  const parts = text.split(",")
  if (parts.length !== 1 && parts.length !== 3) {
    return yield* wrong("voxel-size", "one length or three, such as 70nm or 70nm,70nm,100nm", quoted(text))
  }
  const edges: number[] = []
  for (const part of parts) edges.push(yield* lengthOf("voxel-size", part.trim(), voxelEdge))
  return edges.length === 1 ? edges[0] : [edges[0], edges[1], edges[2]]
})

/** Names that phases go by. */
const phaseNames: Readonly<Record<string, "void" | "particle" | "carbonBinder">> = {
  void: "void",
  pore: "void",
  particle: "particle",
  "carbon-binder": "carbonBinder",
}

const phasesOf = Effect.fnUntraced(function* (text: string): Effect.fn.Return<VolumeMeaning, UsageWrong> {
  const lists: Record<"void" | "particle" | "carbonBinder", number[]> = { void: [], particle: [], carbonBinder: [] }
  const seen = new Set<number>()
  const expected = 'values with names, such as "0=void,1=particle,2=carbon-binder"'
  for (const part of text.split(",")) {
    const match = /^\s*(-?\d+(?:\.\d+)?)\s*=\s*([a-z-]+)\s*$/.exec(part)
    if (match === null) return yield* wrong("phases", expected, quoted(part))
    const [value, phase] = [Number(match[1]), phaseNames[match[2]]]
    if (phase === undefined) {
      return yield* wrong("phases", `one of the names ${Object.keys(phaseNames).join(", ")}`, quoted(match[2]))
    }
    if (seen.has(value)) return yield* wrong("phases", "each value once", `${value} twice`)
    seen.add(value)
    lists[phase].push(value)
  }
  if (lists.particle.length === 0) return yield* wrong("phases", "a value that is particle", quoted(text))
  return { kind: "phases", ...lists }
})

const denoiseOf = (text: string): Effect.Effect<VolumeDenoise, UsageWrong> => {
  const expected = "none, median:RADIUS, gaussian:SIGMA or non-local-means:STRENGTH, lengths in voxels"
  const [kind, given] = text.split(":")
  const number = given === undefined || given.trim() === "" ? Number.NaN : Number(given)
  if (kind === "none" && given === undefined) return Effect.succeed({ kind })
  if (kind === "median" && Number.isInteger(number) && number >= 1 && number <= 10) {
    return Effect.succeed({ kind, radius: number })
  }
  if (kind === "gaussian" && number > 0 && number <= 20) return Effect.succeed({ kind, sigma: number })
  if (kind === "non-local-means" && number > 0 && Number.isFinite(number)) {
    return Effect.succeed({ kind, patch: 1, search: 3, strength: number })
  }
  return Effect.fail(wrong("denoise", expected, quoted(text)))
}

const thresholdOf = (text: string): Effect.Effect<VolumeThreshold, UsageWrong> => {
  if (text === "otsu") return Effect.succeed({ kind: "otsu", classes: 2 })
  if (text === "otsu3") return Effect.succeed({ kind: "otsu", classes: 3 })
  const both = /^hysteresis:([^,]+),([^,]+)$/.exec(text)
  if (both !== null) {
    const [low, high] = [Number(both[1]), Number(both[2])]
    return low < high
      ? Effect.succeed({ kind: "hysteresis", low, high })
      : Effect.fail(
          wrong("threshold", "two rising gray values after hysteresis:, such as hysteresis:100,150", quoted(text)),
        )
  }
  const numbers = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)))
  const [particle, carbonBinder] = numbers
  const rises = carbonBinder === undefined || carbonBinder < particle
  if (numbers.length <= 2 && numbers.every(Number.isFinite) && rises) {
    return Effect.succeed({ kind: "values", particle, ...(carbonBinder === undefined ? {} : { carbonBinder }) })
  }
  const expected =
    "otsu, otsu3, hysteresis:LOW,HIGH, or the gray value from which on it is particle, with a lower one from which on it is carbon/binder (150,90)"
  return Effect.fail(wrong("threshold", expected, quoted(text)))
}

/** What the values of the volume mean: gray values unless labels or phases are said to be there. */
const meaningOf = Effect.fnUntraced(function* (parsed: Parsed): Effect.fn.Return<VolumeMeaning, UsageWrong> {
  const phases = optionValue(parsed, "phases")
  const areLabels = parsed.switches.has("labels")
  const given = [areLabels ? "--labels" : "", phases === undefined ? "" : "--phases"].filter((text) => text !== "")
  const gray = ["denoise", "threshold"].filter((name) => optionValue(parsed, name) !== undefined)
  if (given.length > 1) return yield* wrong("labels", "labels or phases", "both")
  if (given.length === 1 && gray.length > 0) {
    return yield* wrong(gray[0], "gray values", `${given[0]}, which says that there are none`)
  }
  if (areLabels) return { kind: "labels" }
  if (phases !== undefined) return yield* phasesOf(phases)
  return {
    kind: "gray",
    denoise: yield* denoiseOf(optionValue(parsed, "denoise") ?? "median:1"),
    threshold: yield* thresholdOf(optionValue(parsed, "threshold") ?? "otsu"),
  }
})

/** Share of a peak of the distance by which it must stand out to be a particle of its own (h-maxima). */
const mergingOf = (parsed: Parsed, fallback: number): Effect.Effect<number, UsageWrong> => {
  const text = optionValue(parsed, "merge-peaks")
  if (text === undefined) return Effect.succeed(fallback)
  return Effect.mapError(readQuantity(text, "", { from: 0, below: 1 }), ({ expected, found }: QuantityFault) =>
    wrong("merge-peaks", expected, found),
  )
}

/** Settings of the segmentation. */
export const volumeSettingsOf = Effect.fnUntraced(function* (parsed: Parsed) {
  const { healing, dynamics, smallestDiameter } = defaultVolumeSettings
  const meaning = yield* meaningOf(parsed)
  return {
    meaning,
    healing: {
      ...healing,
      closing: (yield* optionalLength(parsed, "close-cracks", 2 * healing.closing, nonNegative)) / 2,
      opening: (yield* optionalLength(parsed, "cut-bridges", 2 * healing.opening, nonNegative)) / 2,
    },
    dynamics: { ...dynamics, relative: yield* mergingOf(parsed, dynamics.relative) },
    smallestDiameter: yield* optionalLength(parsed, "smallest", smallestDiameter, nonNegative),
  }
})

/** `watershed`, `network` for the one that comes with the program, or the file of one. */
const wayOf = (parsed: Parsed, option: string, text: string): Effect.Effect<Segmenter, UsageWrong> => {
  if (text === "watershed") return Effect.succeed({ kind: "watershed" })
  const given = parsed.switches.has("labels") ? "--labels" : optionValue(parsed, "phases") && "--phases"
  if (given) return Effect.fail(wrong(option, "gray values", `${given}, which says that there are none`))
  if (text === "network") return Effect.succeed({ kind: "network", file: shippedModel })
  return text.endsWith(".onnx")
    ? Effect.succeed({ kind: "network", file: text })
    : Effect.fail(wrong(option, "network, watershed, or the file of a network (*.onnx)", quoted(text)))
}

/** Which way finds the particles of gray values. */
export const segmenterOf = (
  parsed: Parsed,
): Effect.Effect<Pick<ParticlesRequest, "segmenter"> | Record<string, never>, UsageWrong> =>
  Effect.map(wayOf(parsed, "segmenter", optionValue(parsed, "segmenter") ?? "watershed"), (way) =>
    way.kind === "network" ? { segmenter: { file: way.file } } : {},
  )

/** Which other way is held beside it, and against which truth. */
export const besideOf = Effect.fnUntraced(function* (
  parsed: Parsed,
): Effect.fn.Return<Pick<ParticlesRequest, "beside"> | Record<string, never>, UsageWrong> {
  const [text, truth] = [optionValue(parsed, "beside"), optionValue(parsed, "truth")]
  if (text === undefined) {
    if (truth === undefined) return {}
    return yield* wrong("truth", "--beside as well, which says what else is held against it", "none")
  }
  if (text === (optionValue(parsed, "segmenter") ?? "watershed")) {
    return yield* wrong("beside", "another way than --segmenter names", quoted(text))
  }
  const isGray = !parsed.switches.has("labels") && optionValue(parsed, "phases") === undefined
  if (!isGray) return yield* wrong("beside", "gray values", "--labels or --phases, which say that there are none")
  return { beside: { way: yield* wayOf(parsed, "beside", text), ...(truth === undefined ? {} : { truth }) } }
})

/** `z`, or `-z` where the current collector lies at the high end. */
export const depthOf = (parsed: Parsed): Effect.Effect<DepthAxis, UsageWrong> => {
  const text = optionValue(parsed, "depth-axis") ?? "z"
  const match = /^([+-]?)([xyz])$/.exec(text)
  if (match === null) {
    const expected = "x, y or z, or -x, -y, -z where the current collector lies at the high end"
    return Effect.fail(wrong("depth-axis", expected, quoted(text)))
  }
  return Effect.succeed({ axis: "xyz".indexOf(match[2]) as 0 | 1 | 2, growing: match[1] === "-" ? -1 : 1 })
}

/** `geometric`, `published` or `both` */
export const estimatorsOf = (parsed: Parsed): Effect.Effect<ParticlesRequest["published"], UsageWrong> => {
  const text = optionValue(parsed, "estimator") ?? "geometric"
  const kinds = { geometric: "no", both: "beside", published: "leads" } as const
  const kind = kinds[text as keyof typeof kinds]
  return kind === undefined
    ? Effect.fail(wrong("estimator", "geometric, published or both", quoted(text)))
    : Effect.succeed({ kind })
}

/** `0.05,0.15`: damage from which on particles count as mildly and as severely damaged. */
export const damageOf = (parsed: Parsed): Effect.Effect<DamageThresholds, UsageWrong> => {
  const text = optionValue(parsed, "damage-classes")
  if (text === undefined) return Effect.succeed(defaultDamageThresholds)
  const numbers = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)))
  const [mild, severe] = numbers
  return numbers.length === 2 && mild > 0 && severe > mild && severe < 1
    ? Effect.succeed({ mild, severe })
    : Effect.fail(wrong("damage-classes", "two rising shares between 0 and 1, such as 0.05,0.15", quoted(text)))
}

/** Surfaces where they are asked for, or where a format of them is: `ply` or `stl` */
export const surfacesOf = (parsed: Parsed): Effect.Effect<ParticlesRequest["surfaces"], UsageWrong> => {
  const text = optionValue(parsed, "surface-format")
  if (text === undefined) return Effect.succeed(parsed.switches.has("surfaces") ? { kind: "ply" } : null)
  return text === "ply" || text === "stl"
    ? Effect.succeed({ kind: text })
    : Effect.fail(wrong("surface-format", "ply or stl", quoted(text)))
}

/** `z=120`, `middle` or `none` */
export const meshSliceOf = (parsed: Parsed): Effect.Effect<MeshSlice, UsageWrong> => {
  const text = optionValue(parsed, "mesh-slice") ?? "middle"
  if (text === "none" || text === "middle") return Effect.succeed({ kind: text })
  const match = /^([xyz])=(\d{1,7})$/.exec(text)
  return match === null
    ? Effect.fail(wrong("mesh-slice", "a plane such as z=120, middle or none", quoted(text)))
    : Effect.succeed({ kind: "plane", axis: "xyz".indexOf(match[1]) as 0 | 1 | 2, at: Number(match[2]) })
}
