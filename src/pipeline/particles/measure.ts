import { Effect } from "effect"
import { Engine, type Job } from "../../engine/engine.ts"
import { releaseMemory } from "../../engine/garbage.ts"
import { makeFolder } from "../../formats/make-folder.ts"
import { voxelBytes } from "../../formats/voxel-type.ts"
import type { Triple } from "../../image/brick.ts"
import { icosphere } from "../../image/icosphere.ts"
import type { ParticleMeasures } from "../../particles/measure-particle.ts"
import type { ParticleSettings } from "../../particles/particle-settings.ts"
import { angleEdges, type GradientAngles, gradientAnglesMonoid } from "../../particles/valence-gradient.ts"
import type { ParticleOutlines } from "../../report/particles/input.ts"
import { type RunUnwritable, unwritable } from "../../store/errors.ts"
import type { LabelledVolume } from "../segmentation/labelled-volume.ts"
import {
  angleBins,
  cropMargin,
  type MeasuredParticle,
  type MeasureJob,
  type MeasureNews,
  type MeasureResult,
  type SurfacePlace,
  type TooLarge,
} from "./measure-work.ts"
import { MeasuringLost, ParticleTooLarge } from "./request.ts"

/** What a thread takes beside its crop, and what is still to come in the process itself [byte] */
const threadMemory = 60e6
const laterMemory = 40e6
/** Of all that is made of a crop, beside its own values [byte per voxel] */
const workMemory = 13

/** Memory that a crop takes with all that is made of it [byte per voxel] */
const cropMemory = ({ count, stores }: Pick<LabelledVolume, "count" | "stores">): number =>
  workMemory +
  (isShort(count) ? 2 : 4) +
  (stores.phases === undefined ? 0 : 1) +
  (stores.gray === undefined ? 0 : Math.min(4, voxelBytes(stores.gray.type)))

const isShort = (count: number): boolean => count < 2 ** 16

/** The largest crop that a particle begins with. */
const largestCrop = ({ count, boxes }: LabelledVolume, settings: ParticleSettings): TooLarge => {
  let most: TooLarge = { label: 0, voxels: 0 }
  for (let label = 0; label < count; label++) {
    const edge = (axis: 0 | 1 | 2): number => boxes[6 * label + 3 + axis] - boxes[6 * label + axis]
    const edges: Triple = [edge(0), edge(1), edge(2)]
    const room = 2 * cropMargin(settings, edges)
    const voxels = (edges[0] + room) * (edges[1] + room) * (edges[2] + room)
    if (voxels > most.voxels) most = { label: label + 1, voxels }
  }
  return most
}

/** How measuring keeps within the memory; it does not change the result. */
export interface MeasuringRoom {
  readonly threads: number
  /** The largest crop of a thread beside others, and of one alone [voxel] */
  readonly sharedVoxels: number
  readonly soleVoxels: number
  /** That the process may take, and what is in use already [byte] */
  readonly memory: number
  readonly begun: number
}

/**
 * As many threads as fit into the memory with the largest crops that particles begin with, one at least.
 * @param memory that the process may take [byte]
 */
export const measuringRoom = (
  volume: LabelledVolume,
  settings: ParticleSettings,
  wanted: number,
  memory: number,
): MeasuringRoom => {
  // What finding the particles has dropped would otherwise stand beside what measuring takes.
  releaseMemory()
  const perVoxel = cropMemory(volume)
  const begun = process.memoryUsage.rss() + laterMemory
  const each = threadMemory + perVoxel * largestCrop(volume, settings).voxels
  const threads = Math.max(1, Math.min(wanted, Math.floor((memory - begun) / each)))
  const voxelsOf = (count: number): number => Math.max(0, ((memory - begun) / count - threadMemory) / perVoxel)
  return { threads, sharedVoxels: voxelsOf(threads), soleVoxels: voxelsOf(1), memory, begun }
}

/** A particle that does not fit, and what it would need. */
const tooLarge = (volume: LabelledVolume, { label, voxels }: TooLarge, { memory, begun }: MeasuringRoom) =>
  new ParticleTooLarge({
    label,
    voxels,
    given: memory,
    needed: begun + threadMemory + cropMemory(volume) * voxels,
  })

/** All particles of a volume, measured, in the order of their labels. */
export interface MeasuredParticles {
  readonly measures: readonly ParticleMeasures[]
  readonly outlines: ParticleOutlines | null
  /** Absent without a phase map */
  readonly angles?: GradientAngles
}

/** Voxels of the boxes of a job, and particles: enough that a thread does not wait, few enough that all end together. */
const jobVoxels = 400_000
const jobParticles = 48

/** Finer outlines for few particles, coarser ones for many, so that a page stays small. */
const divisionsFor = (count: number): number => (count <= 2500 ? 2 : 1)
/** Of more particles only the largest are drawn. */
const mostOutlines = 10_000

/** Voxels from which on a particle is drawn. */
const leastDrawn = ({ sizes }: LabelledVolume): number =>
  sizes.length <= mostOutlines ? 1 : sizes.toSorted()[sizes.length - mostOutlines]

interface Batch {
  readonly labels: readonly number[]
  readonly voxels: number
}

/** Labels that occur, in order, in batches of about equal work. */
const batchesOf = ({ count, boxes, sizes }: LabelledVolume): readonly Batch[] => {
  const batches: Batch[] = []
  let labels: number[] = []
  let voxels = 0
  const close = (): void => {
    if (labels.length > 0) batches.push({ labels, voxels })
    labels = []
    voxels = 0
  }
  for (let label = 1; label <= count; label++) {
    if (sizes[label - 1] === 0) continue
    const at = 6 * (label - 1)
    labels.push(label)
    voxels += [0, 1, 2].reduce((size, axis) => size * (boxes[at + 3 + axis] - boxes[at + axis]), 1)
    if (voxels >= jobVoxels || labels.length >= jobParticles) close()
  }
  close()
  return batches
}

/** All that was found, in the order of labels. */
const joined = (found: readonly MeasuredParticle[], divisions: number): MeasuredParticles => {
  const sorted = found.toSorted((a, b) => a.measures.label - b.measures.label)
  const drawn = sorted.flatMap(({ outline }, row) => (outline === undefined ? [] : [{ ...outline, row }]))
  const gathered = (parts: readonly Float32Array[]): Float32Array => {
    const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
    let at = 0
    for (const part of parts) {
      out.set(part, at)
      at += part.length
    }
    return out
  }
  return {
    measures: sorted.map(({ measures }) => measures),
    outlines:
      drawn.length === 0
        ? null
        : {
            divisions,
            particle: Int32Array.from(drawn, ({ row }) => row),
            centre: gathered(drawn.map(({ centre }) => centre)),
            reach: gathered(drawn.map(({ reach }) => reach)),
          },
  }
}

/** Angles over all particles, in a fixed order of sums: within each batch first. */
const anglesOf = (found: readonly MeasuredParticle[], batchOf: (label: number) => number): GradientAngles => {
  const merge = gradientAnglesMonoid(angleEdges(angleBins))
  const batches = new Map<number, GradientAngles>()
  for (const { measures, angles } of found.toSorted((a, b) => a.measures.label - b.measures.label)) {
    const batch = batchOf(measures.label)
    const before = batches.get(batch) ?? merge.empty
    batches.set(batch, angles === undefined ? before : merge.concat(before, angles))
  }
  return [...batches.values()].reduce(merge.concat)
}

/**
 * Measures every particle of a labelled volume. Each is measured from a crop of its own, so that the result depends
 * neither on the number of threads nor on how the volume is stored. Particles whose crops are too large for a thread
 * beside others wait until the others are done.
 * @param room     as `measuringRoom` has it
 * @param surfaces where the surface of each particle goes, null for none
 * @param onDone   is told the share that is done, 0 … 1
 */
export const measureAll = Effect.fn("measureAll")(function* (
  volume: LabelledVolume,
  settings: ParticleSettings,
  room: MeasuringRoom,
  surfaces: SurfacePlace | null,
  onDone: (share: number) => Effect.Effect<void>,
): Effect.fn.Return<MeasuredParticles, MeasuringLost | ParticleTooLarge | RunUnwritable, Engine> {
  const engine = yield* Engine
  const largest = largestCrop(volume, settings)
  if (largest.voxels > room.soleVoxels) return yield* tooLarge(volume, largest, room)
  if (surfaces !== null) {
    yield* Effect.try({
      try: () => makeFolder(surfaces.folder),
      catch: (cause) => unwritable(surfaces.folder, cause),
    })
  }
  // The largest first: threads end together, and what they work in need not grow.
  const batches = batchesOf(volume).toSorted((a, b) => b.voxels - a.voxels)
  const total = batches.reduce((sum, { labels }) => sum + labels.length, 0)
  const divisions = divisionsFor(total)
  const directions = icosphere(divisions).vertices
  const least = leastDrawn(volume)
  const jobOf = (labels: readonly number[], mostVoxels: number): Job => {
    const boxes = Int32Array.from(labels.flatMap((label) => [...volume.boxes.subarray(6 * (label - 1), 6 * label)]))
    const input: MeasureJob = {
      kind: "measure",
      grid: volume.grid,
      stores: volume.stores,
      labels: Int32Array.from(labels),
      boxes,
      areShort: isShort(volume.count),
      settings,
      directions,
      isDrawn: labels.map((label) => volume.sizes[label - 1] >= least),
      surfaces,
      mostVoxels,
    }
    return { name: `particles ${labels[0]} to ${labels[labels.length - 1]}`, input }
  }
  const voxels = batches.reduce((sum, batch) => sum + batch.voxels, 0)
  const shares = new Float64Array(batches.length)
  /** One that is lost ends all: the table must be whole. */
  const resultsOf = Effect.fnUntraced(function* (
    jobs: readonly Job[],
    onNews: (job: number, done: number) => Effect.Effect<void>,
  ): Effect.fn.Return<readonly MeasureResult[], MeasuringLost> {
    const ends = yield* engine.runAll(jobs, (event) =>
      event.kind === "told"
        ? onNews(event.job, (event.news as MeasureNews).done)
        : event.kind === "ended" && event.end.kind !== "done"
          ? Effect.fail(new MeasuringLost({ reason: `${jobs[event.job].name}: ${event.end.reason}` }))
          : Effect.void,
    )
    return ends.flatMap((end) => (end.kind === "done" ? [end.result as MeasureResult] : []))
  })
  const first = yield* resultsOf(
    batches.map(({ labels }) => jobOf(labels, room.sharedVoxels)),
    (job, done) => {
      const { labels, voxels: size } = batches[job]
      shares[job] = (done * size) / labels.length
      return onDone(shares.reduce((sum, share) => sum + share, 0) / Math.max(1, voxels))
    },
  )
  const waiting = first.flatMap((result) => result.tooLarge)
  const most = waiting.toSorted((a, b) => b.voxels - a.voxels)[0] as TooLarge | undefined
  if (most !== undefined && most.voxels > room.soleVoxels) return yield* tooLarge(volume, most, room)
  // One job is one thread.
  const second =
    most === undefined
      ? []
      : yield* resultsOf(
          [
            jobOf(
              waiting.map(({ label }) => label).toSorted((a, b) => a - b),
              room.soleVoxels,
            ),
          ],
          () => Effect.void,
        )
  const still = second.flatMap((result) => result.tooLarge)[0] as TooLarge | undefined
  if (still !== undefined) return yield* tooLarge(volume, still, room)
  const found = [...first, ...second].flatMap((result) => result.found)
  const batchOf = new Map(batches.flatMap(({ labels }, batch) => labels.map((label) => [label, batch] as const)))
  return {
    ...joined(found, divisions),
    ...(volume.stores.gray === undefined || found.length === 0
      ? {}
      : { angles: anglesOf(found, (label) => batchOf.get(label) ?? 0) }),
  }
})
