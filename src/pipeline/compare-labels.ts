import { join } from "node:path"
import { Effect, type Scope } from "effect"
import { writeCsv } from "../formats/csv.ts"
import { openVolume } from "../formats/open-volume.ts"
import type { Table } from "../formats/table.ts"
import { type TomogramUnreadable, VoxelSizeMissing } from "../formats/tomogram-errors.ts"
import type { VolumeSource, VoxelArray } from "../formats/volume-source.ts"
import { type Box, boxShape, bricksOf, type Triple } from "../image/brick.ts"
import {
  addExtents,
  type LabelAgreement,
  labelAgreement,
  type ObjectExtent,
  type ObjectFacts,
} from "../image/label-agreement.ts"
import { gridOf } from "../image/volume.ts"
import { measureParticle } from "../particles/measure-particle.ts"
import { defaultParticleSettings, leastMargin } from "../particles/particle-settings.ts"
import type { ComparedPlane } from "../report/label-comparison/input.ts"
import { renderLabelComparison } from "../report/label-comparison/page.ts"
import { contingencyMonoid, contingencyOf } from "../statistics/contingency.ts"
import { writeAtomically } from "../store/atomic.ts"
import type { RunUnwritable } from "../store/errors.ts"
import { planeCollector } from "./compared-planes.ts"
import { program } from "./program.ts"
import { VolumeUnsuitable } from "./segmentation/errors.ts"
import { type SegmentationError, segmentVolume } from "./segmentation/segment-volume.ts"
import { defaultVolumeSettings, type SegmentationResources } from "./segmentation/settings.ts"
import { reportFonts } from "./typeface.ts"

/** Which labels are compared, and how. */
export interface ComparisonRequest {
  readonly truth: string
  readonly found: string
  /** Edge of a voxel [m]; from the files' metadata where absent */
  readonly voxelSize?: number
  /** Whether the damage of every whole object is measured, which takes by far the most time */
  readonly measuresDamage: boolean
  readonly resources: SegmentationResources
}

export type ComparisonError = SegmentationError | VoxelSizeMissing | TomogramUnreadable

/** Labels held against one another. */
export interface LabelComparison {
  readonly truth: VolumeSource
  readonly found: VolumeSource
  readonly agreement: LabelAgreement
  readonly planes: readonly ComparedPlane[]
  readonly damage: { readonly truth: ReadonlyMap<number, number>; readonly found: ReadonlyMap<number, number> } | null
}

type Listener = (share: number, doing: string) => Effect.Effect<void>

const largestLabel = 2 ** 31 - 1

/** Labels as whole numbers, or the first voxel that holds none. */
const checkedLabels = (
  source: VolumeSource,
  box: Box,
  values: VoxelArray,
): Effect.Effect<Int32Array, VolumeUnsuitable> => {
  for (let i = 0; i < values.length; i++) {
    const label = values[i]
    if (label >= 0 && label <= largestLabel && Number.isInteger(label)) continue
    const [nx, ny] = boxShape(box)
    const place = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))].map((at, axis) => at + box.from[axis])
    return Effect.fail(
      new VolumeUnsuitable({
        file: source.file,
        place: `voxel (${place.join(", ")})`,
        expected: "labels, which are whole numbers from 0 (no particle) on",
        found: String(label),
      }),
    )
  }
  return Effect.succeed(values instanceof Int32Array ? values : Int32Array.from(values))
}

/** Voxels of a brick, of which both volumes are in memory */
const brickVoxels = 8e6

/** Bricks that follow the way in which both files are stored. */
const brickEdges = ({ shape }: VolumeSource, chunks: readonly Triple[]): Triple => {
  const chunk = ([0, 1, 2] as const).map((axis) => Math.min(shape[axis], Math.max(...chunks.map((each) => each[axis]))))
  const multiple = (axis: 0 | 1 | 2, others: number): number =>
    Math.min(shape[axis], Math.max(1, Math.floor(brickVoxels / others / chunk[axis])) * chunk[axis])
  const x = multiple(0, chunk[1] * chunk[2])
  const y = multiple(1, x * chunk[2])
  return [x, y, multiple(2, x * y)]
}

const byMicrons = (spacing: readonly number[]): string =>
  spacing.map((edge) => Number((edge * 1e6).toPrecision(6))).join(" × ")

/** Two files whose voxels are the same; one that does not state its scale takes that of the other. */
const openedPair = Effect.fnUntraced(function* ({
  truth,
  found,
  voxelSize,
}: ComparisonRequest): Effect.fn.Return<readonly [VolumeSource, VolumeSource], ComparisonError, Scope.Scope> {
  const options = voxelSize === undefined ? {} : { voxelSize }
  const first = yield* Effect.result(openVolume(truth, options))
  const second = yield* Effect.result(openVolume(found, options))
  const lacksScale = (result: typeof first): boolean =>
    result._tag === "Failure" && result.failure instanceof VoxelSizeMissing
  const likeOther = (file: string, result: typeof first, other: typeof first) =>
    lacksScale(result) && other._tag === "Success"
      ? openVolume(file, { voxelSize: other.success.spacing })
      : result._tag === "Success"
        ? Effect.succeed(result.success)
        : Effect.fail(result.failure)
  const one = yield* likeOther(truth, first, second)
  const other = yield* likeOther(found, second, first)
  const wrong = (expected: string, is: string) => new VolumeUnsuitable({ file: found, place: "", expected, found: is })
  if (one.shape.some((edge, axis) => edge !== other.shape[axis])) {
    return yield* wrong(`${one.shape.join(" × ")} voxels, as ${truth} has`, other.shape.join(" × "))
  }
  if (one.spacing.some((edge, axis) => Math.abs(edge / other.spacing[axis] - 1) > 1e-3)) {
    return yield* wrong(
      `voxels of ${byMicrons(one.spacing)} µm, as ${truth} has (or --voxel-size)`,
      `${byMicrons(other.spacing)} µm`,
    )
  }
  return [one, { ...other, spacing: one.spacing }]
})

/** The same volume with its labels numbered 1, 2, 3 …, so that tables by label have no gaps. */
const renumbered = (source: VolumeSource, labels: readonly number[]): VolumeSource => {
  const number = new Map(labels.map((label, at) => [label, at + 1]))
  return {
    ...source,
    voxelType: "int32",
    read: (box) =>
      Effect.map(source.read(box), (values) => {
        const out = new Int32Array(values.length)
        for (let i = 0; i < out.length; i++) out[i] = values[i] === 0 ? 0 : (number.get(values[i]) ?? 0)
        return out
      }),
  }
}

/** Damage of every object that the border does not cut, from crops as the particle table has it. */
const damageOf = Effect.fnUntraced(function* (
  source: VolumeSource,
  extents: ReadonlyMap<number, ObjectExtent>,
  resources: SegmentationResources,
  onProgress: (share: number) => Effect.Effect<void>,
): Effect.fn.Return<ReadonlyMap<number, number>, SegmentationError, Scope.Scope> {
  const { published: _, ...settings } = defaultParticleSettings(source.spacing)
  const margin = Math.max(leastMargin(settings), Math.ceil(settings.closingRadius / Math.min(...source.spacing)) + 2)
  const labels = [...extents.keys()].sort((a, b) => a - b)
  const volume = yield* segmentVolume(
    renumbered(source, labels),
    { ...defaultVolumeSettings, meaning: { kind: "labels" } },
    resources,
    ({ share }) => onProgress(0.3 * share),
  )
  const damage = new Map<number, number>()
  for (const [at, label] of labels.entries()) {
    if (extents.get(label)?.isCut !== false) continue
    damage.set(label, measureParticle(yield* volume.cropOf(at + 1, margin), settings).damage)
    yield* onProgress(0.3 + (0.7 * (at + 1)) / labels.length)
  }
  return damage
})

/** Boxes of bodies fill a volume some times over; those of gray values, each spread over all of it, without end. */
const mostOverlap = 200

/** Refuses "objects" that are spread over the volume, as gray values taken for labels are. */
const compactOnly = (
  source: VolumeSource,
  extents: ReadonlyMap<number, ObjectExtent>,
): Effect.Effect<void, VolumeUnsuitable> => {
  let boxes = 0
  for (const { from, last } of extents.values())
    boxes += [0, 1, 2].reduce((size, axis) => size * (last[axis] - from[axis] + 1), 1)
  const [nx, ny, nz] = source.shape
  if (boxes <= mostOverlap * nx * ny * nz) return Effect.void
  return Effect.fail(
    new VolumeUnsuitable({
      file: source.file,
      place: "",
      expected: "labels: numbers of bodies, each in a place of its own",
      found: `${extents.size} numbers spread over the volume, as gray values are`,
    }),
  )
}

/**
 * Holds found labels against true ones, brick by brick: memory is bounded by the number of pairs of objects that overlap,
 * not by the volume.
 */
export const compareLabels = Effect.fn("compareLabels")(function* (
  request: ComparisonRequest,
  onProgress: Listener,
): Effect.fn.Return<LabelComparison, ComparisonError, Scope.Scope> {
  const [truth, found] = yield* openedPair(request)
  const bricks = bricksOf(truth, brickEdges(truth, [truth.chunk, found.chunk]))
  const share = request.measuresDamage ? 0.3 : 1
  const extents = [new Map<number, ObjectExtent>(), new Map<number, ObjectExtent>()]
  const planes = planeCollector(gridOf(truth))
  let contingency = contingencyMonoid.empty
  for (const [at, box] of bricks.entries()) {
    const one = yield* checkedLabels(truth, box, yield* truth.read(box))
    const other = yield* checkedLabels(found, box, yield* found.read(box))
    contingency = contingencyMonoid.concat(contingency, contingencyOf(one, other))
    addExtents(truth, box, one, extents[0])
    addExtents(truth, box, other, extents[1])
    planes.add(box, one, other)
    yield* onProgress((share * (at + 1)) / bricks.length, "overlaps")
  }
  yield* compactOnly(truth, extents[0])
  yield* compactOnly(found, extents[1])
  const damage = request.measuresDamage
    ? {
        truth: yield* damageOf(truth, extents[0], request.resources, (part) =>
          onProgress(0.3 + 0.35 * part, "damage of true objects"),
        ),
        found: yield* damageOf(found, extents[1], request.resources, (part) =>
          onProgress(0.65 + 0.35 * part, "damage of found objects"),
        ),
      }
    : null
  const facts = (at: 0 | 1): ObjectFacts => ({
    extents: extents[at],
    ...(damage === null ? {} : { damage: at === 0 ? damage.truth : damage.found }),
  })
  const voxel = truth.spacing[0] * truth.spacing[1] * truth.spacing[2]
  const agreement = labelAgreement(contingency, facts(0), facts(1), voxel)
  return { truth, found, agreement, planes: planes.planes(), damage }
})

/** Files that a comparison leaves in its folder. */
export const comparisonFiles = {
  scores: "scores.csv",
  objects: "objects.csv",
  record: "comparison.json",
  report: "report.html",
} as const

const scoreTable = ({ scores }: LabelAgreement): Table => {
  const column = (name: string, of: (score: LabelAgreement["scores"][number]) => number) => ({
    name,
    unit: "",
    values: Float64Array.from(scores, of),
  })
  return {
    columns: [
      column("overlap", ({ overlap }) => overlap),
      column("matched", ({ matched }) => matched),
      column("false_positives", ({ falsePositives }) => falsePositives),
      column("false_negatives", ({ falseNegatives }) => falseNegatives),
      column("precision", ({ precision }) => precision),
      column("recall", ({ recall }) => recall),
      column("f1", ({ f1 }) => f1),
      column("average_precision", ({ averagePrecision }) => averagePrecision),
      column("panoptic_quality", ({ panopticQuality }) => panopticQuality),
    ],
  }
}

const objectTable = ({ agreement: { matches }, truth: { spacing }, damage }: LabelComparison): Table => {
  const voxel = spacing[0] * spacing[1] * spacing[2]
  const column = (name: string, unit: string, of: (match: LabelAgreement["matches"][number]) => number) => ({
    name,
    unit,
    values: Float64Array.from(matches, of),
  })
  const labelOr = (label: number, value: number): number => (label === 0 ? Number.NaN : value)
  return {
    columns: [
      column("true_label", "", ({ truth }) => labelOr(truth, truth)),
      column("found_label", "", ({ found }) => labelOr(found, found)),
      column("overlap", "", ({ overlap }) => overlap),
      column("true_volume", "m^3", ({ truth, trueSize }) => labelOr(truth, trueSize * voxel)),
      column("found_volume", "m^3", ({ found, foundSize }) => labelOr(found, foundSize * voxel)),
      column("x", "m", ({ place }) => (place[0] + 0.5) * spacing[0]),
      column("y", "m", ({ place }) => (place[1] + 0.5) * spacing[1]),
      column("z", "m", ({ place }) => (place[2] + 0.5) * spacing[2]),
      column("true_damage", "", ({ truth }) => damage?.truth.get(truth) ?? Number.NaN),
      column("found_damage", "", ({ found }) => damage?.found.get(found) ?? Number.NaN),
    ],
  }
}

/** A comparison as data; numbers that cannot be said are null in JSON. */
export const comparisonRecord = ({ truth, found, agreement }: LabelComparison): Readonly<Record<string, unknown>> => {
  const { matches: _, ...rest } = agreement
  return { truth: truth.file, found: found.file, shape: truth.shape, spacing: truth.spacing, ...rest }
}

/** Writes tables, record and report of a comparison into a folder that is there. */
export const writeComparison = Effect.fn("writeComparison")(function* (
  folder: string,
  comparison: LabelComparison,
): Effect.fn.Return<void, RunUnwritable> {
  const { truth, found, agreement, planes } = comparison
  const page = renderLabelComparison(
    {
      truthFile: truth.file,
      foundFile: found.file,
      programVersion: program.version,
      shape: truth.shape,
      spacing: truth.spacing,
      agreement,
      planes,
    },
    { fonts: yield* reportFonts },
  )
  yield* writeAtomically(join(folder, comparisonFiles.scores), writeCsv(scoreTable(agreement)))
  yield* writeAtomically(join(folder, comparisonFiles.objects), writeCsv(objectTable(comparison)))
  yield* writeAtomically(
    join(folder, comparisonFiles.record),
    `${JSON.stringify(comparisonRecord(comparison), null, 2)}\n`,
  )
  yield* writeAtomically(join(folder, comparisonFiles.report), page)
})
