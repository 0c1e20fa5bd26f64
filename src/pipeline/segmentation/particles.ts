import { Effect } from "effect"
import { basinBytes, passBytes } from "../../image/brickwise/basins.ts"
import { denoiseBytes, denoiseHalo } from "../../image/brickwise/denoise.ts"
import { ballBytes, columnDistanceBytes, planeDistanceBytes } from "../../image/brickwise/distance.ts"
import { mergedBasins, type Peaks } from "../../image/brickwise/merged-basins.ts"
import { HighestPasses } from "../../image/brickwise/passes.ts"
import type { Denoise } from "../../image/settings.ts"
import type { Grid } from "../../image/volume.ts"
import type { ScratchVolume } from "../../store/scratch-box.ts"
import type { CrewError } from "./crew.ts"
import type { MemoryTooSmall } from "./errors.ts"
import type { LabelFacts } from "./labelled-volume.ts"
import { withoutCavities } from "./parts.ts"
import type { VolumeSettings } from "./settings.ts"
import { pieces, piecesAndSeams, type Site, sectionPieces, shareOf } from "./site.ts"
import { type BallTask, ballRim, type Part } from "./tasks/balls.ts"
import type { AscendTask, CrossTask, PassTask, PeaksFound } from "./tasks/basins.ts"
import type { ColumnsTask, PlanesTask, SoftenTask } from "./tasks/distances.ts"
import type { LabelTask } from "./tasks/labels.ts"

type StepError = CrewError | MemoryTooSmall

/** Closes or opens a part by a ball. */
const balled = Effect.fn("balled")(function* (
  site: Site,
  part: Part,
  does: "close" | "open",
  radius: number,
): Effect.fn.Return<Part, StepError> {
  const out = yield* site.space.volume("uint8", does === "close" ? "closed" : "opened")
  const { spacing } = site.grid
  const boxes = yield* pieces(site, ballBytes, ballRim(radius, spacing))
  yield* site.crew.run<BallTask>(
    does === "close" ? "closing" : "opening",
    shareOf(site, "ball"),
    boxes.map((box) => ({ kind: "ball", box, part, out, does, radius, spacing })),
  )
  return { volume: out, value: 1 }
})

/** Whether a ball holds more than the voxel that it lies in. */
export const reaches = ({ spacing }: Grid, radius: number): boolean => radius >= Math.min(...spacing)

/** What is parted into particles: the solid with its cracks closed and its cavities filled, as far as is asked for. */
export const healedPart = Effect.fn("healedPart")(function* (
  site: Site,
  solid: Part,
  { closing, fillsCavities, opening }: VolumeSettings["healing"],
  numbers: ScratchVolume<"int32">,
): Effect.fn.Return<Part, StepError> {
  let part = solid
  const replace = (next: Part) =>
    Effect.gen(function* () {
      if (part !== solid) yield* site.space.release(part.volume)
      part = next
    })
  if (reaches(site.grid, closing)) yield* replace(yield* balled(site, part, "close", closing))
  if (fillsCavities) {
    const filled = yield* withoutCavities(site, part.volume, part.value, numbers)
    if (filled !== undefined) yield* replace({ volume: filled, value: 1 })
  }
  if (reaches(site.grid, opening)) yield* replace(yield* balled(site, part, "open", opening))
  return part
})

/**
 * Distances on a lattice are full of equal values, and which way a path goes among equals is chance: turned round, a
 * volume would be parted otherwise. A Gaussian as narrow as this makes neighbours differ.
 */
const softening: Denoise = { kind: "gaussian", sigma: 0.5 }

/**
 * Distance of every voxel of a part to the nearest voxel outside [m], softened by half a voxel; 0 outside.
 * @param field overwritten
 * @param out   overwritten with the result
 */
export const distancesInto = Effect.fn("distancesInto")(function* (
  site: Site,
  part: Part,
  field: ScratchVolume<"float32">,
  out: ScratchVolume<"float32">,
): Effect.fn.Return<void, StepError> {
  const { grid } = site
  yield* site.crew.run<PlanesTask>(
    "distances",
    shareOf(site, "planes"),
    (yield* sectionPieces(site, 2, planeDistanceBytes)).map((box) => ({ kind: "planes", box, part, field, grid })),
  )
  yield* site.crew.run<ColumnsTask>(
    "distances",
    shareOf(site, "columns"),
    (yield* sectionPieces(site, 1, columnDistanceBytes)).map((box) => ({ kind: "columns", box, field, grid })),
  )
  const boxes = yield* pieces(site, denoiseBytes(softening) + 2, denoiseHalo(softening))
  yield* site.crew.run<SoftenTask>(
    "distances",
    shareOf(site, "soften"),
    boxes.map((box) => ({ kind: "soften", box, field, part, filter: softening, out })),
  )
})

/** Basins of a field as boxes have numbered the ends of paths. */
interface Basins {
  readonly peaks: Peaks
  /** [number] basin from 1, in memory that threads share */
  readonly basinOf: Int32Array
}

const joined = <A extends Int32Array | Float32Array | Float64Array>(
  Values: new (count: number) => A,
  parts: readonly A[],
): A => {
  const all = new Values(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part as never, at)
    at += part.length
  }
  return all
}

/** Follows every number to the peak that its path leads to. @param next [number] 0 from peaks; overwritten */
const followed = (next: Int32Array, peakNumbers: Int32Array): Int32Array => {
  // Minus the basin stands where the way is known.
  for (let peak = 0; peak < peakNumbers.length; peak++) next[peakNumbers[peak]] = -(peak + 1)
  for (let number = 1; number < next.length; number++) {
    let end = number
    while (next[end] > 0) end = next[end]
    if (next[end] === 0) throw new Error(`the path of number ${number} leads nowhere`)
    for (let at = number; next[at] > 0; ) {
      const up = next[at]
      next[at] = next[end]
      at = up
    }
  }
  for (let number = 1; number < next.length; number++) next[number] = -next[number]
  return next
}

/** @param numbers overwritten */
const basinsOf = Effect.fn("basinsOf")(function* (
  site: Site,
  field: ScratchVolume<"float32">,
  numbers: ScratchVolume<"int32">,
): Effect.fn.Return<Basins, StepError> {
  const { grid } = site
  const { boxes, seams } = yield* piecesAndSeams(site, basinBytes, 1)
  const given = new Int32Array(new SharedArrayBuffer(4))
  const found: PeaksFound[] = []
  yield* site.crew.run<AscendTask>(
    "basins",
    shareOf(site, "ascend") * 0.9,
    boxes.map((box) => ({ kind: "ascend", box, field, numbers, grid, given })),
    (peaks) => void found.push(peaks),
  )
  const next = new Int32Array(new SharedArrayBuffer(4 * (given[0] + 1)))
  yield* site.crew.run<CrossTask>(
    "basins",
    shareOf(site, "ascend") * 0.1,
    seams.map((seam) => ({ kind: "cross", seam, field, numbers, grid, next })),
  )
  const basinOf = followed(
    next,
    joined(
      Int32Array,
      found.map(({ number }) => number),
    ),
  )
  const peaks: Peaks = {
    height: joined(
      Float32Array,
      found.map(({ height }) => height),
    ),
    place: joined(
      Float64Array,
      found.map(({ place }) => place),
    ),
  }
  return { peaks, basinOf }
})

/** Basins of a field, merged to those of the peaks that stand out. */
export interface Markers {
  /** [number] that boxes have given: basin from 1, in memory that threads share */
  readonly basinOf: Int32Array
  /** [basin − 1] the basin that it belongs to, from 0 */
  readonly marker: Int32Array
  /** [basin] of whole markers, 0 for others: solid voxels, and the first of them in scan order */
  readonly size: Float64Array
  readonly first: Float64Array
  /** [basin] value on the peak */
  readonly height: Float32Array
}

/**
 * Parts a field into the basins of the peaks that stand out enough.
 * @param solid     voxels that are counted
 * @param relevance least dynamics of a peak, from its height
 * @param numbers   overwritten with the numbers that boxes give
 */
export const markersOf = Effect.fn("markersOf")(function* (
  site: Site,
  field: ScratchVolume<"float32">,
  solid: Part,
  relevance: (height: number) => number,
  numbers: ScratchVolume<"int32">,
): Effect.fn.Return<Markers, StepError> {
  const { grid } = site
  const { peaks, basinOf } = yield* basinsOf(site, field, numbers)
  const passes = new HighestPasses()
  const count = peaks.height.length
  const size = new Float64Array(count)
  const first = new Float64Array(count).fill(Number.POSITIVE_INFINITY)
  yield* site.crew.run<PassTask>(
    "passes",
    shareOf(site, "pass"),
    (yield* pieces(site, passBytes, 1)).map((box) => ({ kind: "pass", box, field, numbers, grid, basinOf, solid })),
    (found) => {
      passes.add(found.saddles)
      found.basin.forEach((basin, k) => {
        size[basin - 1] += found.size[k]
        first[basin - 1] = Math.min(first[basin - 1], found.first[k])
      })
    },
  )
  const saddles = passes.all()
  for (let k = 0; k < saddles.basins.length; k++) saddles.basins[k]--
  const marker = mergedBasins(peaks, saddles, relevance)
  for (let basin = 0; basin < count; basin++) {
    const own = marker[basin]
    if (own === basin) continue
    size[own] += size[basin]
    first[own] = Math.min(first[own], first[basin])
    size[basin] = 0
  }
  return { basinOf, marker, size, first, height: peaks.height }
})

/** Numbers the particles that are large enough in the order in which a scan meets them. @returns [marker] label or 0 */
export const labelsOfMarkers = (size: Float64Array, first: Float64Array, least: number): Int32Array => {
  const kept = Array.from({ length: size.length }, (_, marker) => marker)
    .filter((marker) => size[marker] > 0 && size[marker] >= least)
    .sort((a, b) => first[a] - first[b])
  const label = new Int32Array(size.length)
  for (const [k, marker] of kept.entries()) label[marker] = k + 1
  return label
}

/** Voxels of a ball of some diameter [m]. */
export const ballVoxels = ({ spacing }: Grid, diameter: number): number =>
  ((Math.PI / 6) * diameter ** 3) / (spacing[0] * spacing[1] * spacing[2])

/**
 * Parts a field of distances into particles and writes their labels.
 * @param solid  voxels that labels may hold
 * @param labels overwritten
 */
export const particlesInto = Effect.fn("particlesInto")(function* (
  site: Site,
  field: ScratchVolume<"float32">,
  solid: Part,
  { dynamics, smallestDiameter }: VolumeSettings,
  labels: ScratchVolume<"int32">,
): Effect.fn.Return<LabelFacts, StepError> {
  const least = dynamics.voxels * Math.min(...site.grid.spacing)
  const relevance = (height: number): number => Math.max(least, dynamics.relative * height)
  const { basinOf, marker, size, first } = yield* markersOf(site, field, solid, relevance, labels)
  const label = labelsOfMarkers(size, first, ballVoxels(site.grid, smallestDiameter))
  // The table of numbers goes on as that of labels.
  for (let number = 1; number < basinOf.length; number++) basinOf[number] = label[marker[basinOf[number] - 1]]
  return yield* measuredLabels(site, labels, { labelOf: basinOf, solid })
})

/**
 * Box, size and contact with the border of every label.
 * @param numbered how numbers become labels before that; absent where they are labels already
 */
export const measuredLabels = Effect.fn("measuredLabels")(function* (
  site: Site,
  labels: ScratchVolume<"int32">,
  numbered?: LabelTask["numbered"],
): Effect.fn.Return<LabelFacts, StepError> {
  let count = 0
  let bounds = new Int32Array(6 * 1024)
  let size = new Float64Array(1024)
  const grow = (label: number): void => {
    if (label <= size.length) return
    const capacity = Math.max(label, 2 * size.length)
    const [wider, longer] = [new Int32Array(6 * capacity), new Float64Array(capacity)]
    wider.set(bounds)
    longer.set(size)
    bounds = wider
    size = longer
  }
  yield* site.crew.run<LabelTask>(
    "labels",
    shareOf(site, "label"),
    (yield* pieces(site, 5)).map((box) => ({ kind: "label", box, labels, ...(numbered ? { numbered } : {}) })),
    (found) => {
      found.label.forEach((label, k) => {
        grow(label)
        count = Math.max(count, label)
        const at = 6 * (label - 1)
        const isNew = size[label - 1] === 0
        for (let axis = 0; axis < 3; axis++) {
          const [from, to] = [found.bounds[6 * k + axis], found.bounds[6 * k + 3 + axis]]
          bounds[at + axis] = isNew ? from : Math.min(bounds[at + axis], from)
          bounds[at + 3 + axis] = isNew ? to : Math.max(bounds[at + 3 + axis], to)
        }
        size[label - 1] += found.size[k]
      })
    },
  )
  const { shape } = site.grid
  const boxes = bounds.slice(0, 6 * count)
  const sizes = size.slice(0, count)
  const touchesBorder = Uint8Array.from({ length: count }, (_, k) => {
    if (sizes[k] === 0) return 0
    // A plane image is no border all over.
    const isCut = [0, 1, 2].some(
      (axis) => shape[axis] > 1 && (boxes[6 * k + axis] === 0 || boxes[6 * k + 3 + axis] === shape[axis]),
    )
    return isCut ? 1 : 0
  })
  return { count, boxes, sizes, touchesBorder }
})
