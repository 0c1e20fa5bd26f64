import { mkdirSync } from "node:fs"
import { Effect } from "effect"
import { Engine, type Job } from "../../engine/engine.ts"
import { collectGarbage } from "../../engine/garbage.ts"
import type { Triple } from "../../image/brick.ts"
import { icosphere } from "../../image/icosphere.ts"
import type { ParticleMeasures } from "../../particles/measure-particle.ts"
import type { ParticleSettings } from "../../particles/particle-settings.ts"
import { type GradientAngles, gradientAnglesMonoid } from "../../particles/valence-gradient.ts"
import type { ParticleOutlines } from "../../report/particles/input.ts"
import { type RunUnwritable, unwritable } from "../../store/errors.ts"
import type { LabelledVolume } from "../segmentation/labelled-volume.ts"
import { cropMargin, type MeasureJob, type MeasureNews, type MeasureResult } from "./measure-work.ts"
import { MeasuringLost } from "./request.ts"

/** What a thread takes beside its crop, and what is still to come in the process itself [byte] */
const threadMemory = 90e6
const laterMemory = 60e6
/** Of a crop and all that is made of it, garbage included [byte per voxel] */
const cropMemory = 45

/** Voxels of the largest crop. */
const largestCrop = ({ count, boxes }: LabelledVolume, settings: ParticleSettings): number => {
  let most = 0
  for (let label = 0; label < count; label++) {
    const edge = (axis: 0 | 1 | 2): number => boxes[6 * label + 3 + axis] - boxes[6 * label + axis]
    const edges: Triple = [edge(0), edge(1), edge(2)]
    const room = 2 * cropMargin(settings, edges)
    most = Math.max(most, (edges[0] + room) * (edges[1] + room) * (edges[2] + room))
  }
  return most
}

/**
 * Threads that fit into the memory, one at least; fewer do not change the result.
 * @param memory that the process may take [byte]
 */
export const fittingThreads = (
  volume: LabelledVolume,
  settings: ParticleSettings,
  wanted: number,
  memory: number,
): number => {
  // What finding the particles has dropped would otherwise stand beside what measuring takes.
  collectGarbage()
  const each = threadMemory + cropMemory * largestCrop(volume, settings)
  return Math.max(1, Math.min(wanted, Math.floor((memory - process.memoryUsage.rss() - laterMemory) / each)))
}

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

const joined = (
  results: readonly MeasureResult[],
  divisions: number,
  isDrawn: (label: number) => boolean,
): MeasuredParticles => {
  const measures = results.flatMap((result) => result.measures)
  const particle = Int32Array.from([...measures.keys()].filter((row) => isDrawn(measures[row].label)))
  const gathered = (parts: readonly Float32Array[]): Float32Array => {
    const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
    let at = 0
    for (const part of parts) {
      out.set(part, at)
      at += part.length
    }
    return out
  }
  const angles = results.flatMap((result) => result.angles ?? [])
  const [first] = angles
  return {
    measures,
    outlines:
      particle.length === 0
        ? null
        : {
            divisions,
            particle,
            centre: gathered(results.map(({ centre }) => centre)),
            reach: gathered(results.map(({ reach }) => reach)),
          },
    ...(first === undefined
      ? {}
      : { angles: angles.slice(1).reduce(gradientAnglesMonoid(first.voxels.edges).concat, first) }),
  }
}

/**
 * Measures every particle of a labelled volume. Each is measured from a crop of its own, so that the result depends
 * neither on the number of threads nor on how the volume is stored.
 * @param surfaces folder for the surface of each particle, null for none
 * @param onDone is told the share that is done, 0 … 1
 */
export const measureAll = Effect.fn("measureAll")(function* (
  volume: LabelledVolume,
  settings: ParticleSettings,
  surfaces: string | null,
  onDone: (share: number) => Effect.Effect<void>,
): Effect.fn.Return<MeasuredParticles, MeasuringLost | RunUnwritable, Engine> {
  const engine = yield* Engine
  if (surfaces !== null) {
    yield* Effect.try({
      try: () => mkdirSync(surfaces, { recursive: true }),
      catch: (cause) => unwritable(surfaces, cause),
    })
  }
  const batches = batchesOf(volume)
  const total = batches.reduce((sum, { labels }) => sum + labels.length, 0)
  const divisions = divisionsFor(total)
  const directions = icosphere(divisions).vertices
  const least = leastDrawn(volume)
  const isDrawn = (label: number): boolean => volume.sizes[label - 1] >= least
  const jobs = batches.map(({ labels }): Job => {
    const boxes = Int32Array.from(labels.flatMap((label) => [...volume.boxes.subarray(6 * (label - 1), 6 * label)]))
    const input: MeasureJob = {
      kind: "measure",
      grid: volume.grid,
      stores: volume.stores,
      labels: Int32Array.from(labels),
      boxes,
      settings,
      directions,
      isDrawn: labels.map(isDrawn),
      surfaces,
    }
    return { name: `particles ${labels[0]} to ${labels[labels.length - 1]}`, input }
  })
  const voxels = batches.reduce((sum, batch) => sum + batch.voxels, 0)
  const shares = new Float64Array(batches.length)
  const ends = yield* engine.runAll(jobs, (event) => {
    const { labels, voxels: size } = batches[event.job]
    if (event.kind === "told") shares[event.job] = ((event.news as MeasureNews).done * size) / labels.length
    if (event.kind === "ended") {
      // One that is lost ends all: the table must be whole.
      if (event.end.kind !== "done") {
        return Effect.fail(new MeasuringLost({ reason: `${jobs[event.job].name}: ${event.end.reason}` }))
      }
      shares[event.job] = size
    }
    return onDone(shares.reduce((sum, share) => sum + share, 0) / Math.max(1, voxels))
  })
  return joined(
    ends.flatMap((end) => (end.kind === "done" ? [end.result as MeasureResult] : [])),
    divisions,
    isDrawn,
  )
})
