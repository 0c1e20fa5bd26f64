import { join } from "node:path"
import { Effect } from "effect"
import type { Work } from "../../engine/engine.ts"
import { collectGarbage } from "../../engine/garbage.ts"
import { writePly } from "../../formats/surface-files.ts"
import { type Box, boxShape, type Triple, widened } from "../../image/brick.ts"
import { type Grid, voxelCount } from "../../image/volume.ts"
import type { ParticleCrop } from "../../particles/crop.ts"
import { measureParticle, type ParticleMeasures, particleSurface } from "../../particles/measure-particle.ts"
import { leastMargin, type ParticleSettings } from "../../particles/particle-settings.ts"
import { starOutline } from "../../particles/star-outline.ts"
import {
  angleEdges,
  type GradientAngles,
  gradientAngles,
  gradientAnglesMonoid,
} from "../../particles/valence-gradient.ts"
import { widerMargin } from "../../particles/volume-table.ts"
import { readScratch } from "../../store/scratch-box.ts"
import type { LabelledVolume } from "../segmentation/labelled-volume.ts"

/** Some particles that one worker measures. */
export interface MeasureJob {
  readonly kind: "measure"
  readonly grid: Grid
  readonly stores: LabelledVolume["stores"]
  /** [particle] */
  readonly labels: Int32Array
  /** [particle, 6] first voxel along x, y and z and the one after the last */
  readonly boxes: Int32Array
  readonly settings: ParticleSettings
  /** [direction, 3] in which outlines are taken */
  readonly directions: Float64Array
  /** [particle] whether its outline is taken */
  readonly isDrawn: readonly boolean[]
  /** Folder for the surface of each particle, null for none */
  readonly surfaces: string | null
}

/** What one worker found. */
export interface MeasureResult {
  readonly measures: readonly ParticleMeasures[]
  /** [drawn particle, 3] [m] */
  readonly centre: Float32Array
  /** [drawn particle, direction] [m] */
  readonly reach: Float32Array
  /** Over whole particles; absent without a phase map */
  readonly angles?: GradientAngles
}

/** Told after each particle. */
export interface MeasureNews {
  /** Particles of the job that are done */
  readonly done: number
}

/** Bins of the angle between gradients and the way to the centre, 0 … 180°. */
export const angleBins = 36

/** Voxels around a particle that show six neighbours in most cases: fewer would be widened, more cost time. */
const usualMargin = 12
/** The same as a share of the particle's longest edge, where voxels are fine */
const usualShare = 0.15

/** Crops grow at most so often until they show six neighbours. */
const patience = 6

const cropOf = ({ grid, stores }: MeasureJob, label: number, own: Box, margin: number): ParticleCrop => {
  const box = widened(own, margin, grid)
  const { labels, phases, gray } = stores
  return {
    shape: boxShape(box),
    spacing: grid.spacing,
    from: box.from,
    whole: grid.shape,
    label,
    labels: readScratch(labels, box),
    ...(phases === undefined ? {} : { phases: readScratch(phases, box) }),
    ...(gray === undefined ? {} : { gray: Float32Array.from(readScratch(gray, box)) }),
  }
}

/** Crops from this size on are given back before the next one is made [voxel] */
const largeCrop = 2e6

/** Measures a particle in a crop that shows its six nearest neighbours, or as many as a few attempts bring into sight. */
const measuredIn = (job: MeasureJob, label: number, own: Box, margin: number) => {
  let crop = cropOf(job, label, own, margin)
  let measures = measureParticle(crop, job.settings)
  let reach = margin
  for (let attempt = 0; attempt < patience; attempt++) {
    const wider = widerMargin(measures)
    if (wider === undefined || wider <= reach) break
    reach = wider
    if (voxelCount(crop) >= largeCrop) collectGarbage()
    crop = cropOf(job, label, own, reach)
    measures = measureParticle(crop, job.settings)
  }
  return { crop, measures }
}

const boxAt = (boxes: Int32Array, at: number): Box => {
  const corner = (first: number): Triple => [boxes[first], boxes[first + 1], boxes[first + 2]]
  return { from: corner(6 * at), to: corner(6 * at + 3) }
}

/** Voxels around a particle that its crop begins with. @param edges of its box */
export const cropMargin = (settings: ParticleSettings, edges: Triple): number =>
  Math.max(leastMargin(settings), usualMargin, Math.ceil(usualShare * Math.max(...edges)))

/** Measures particles one by one; a stop between two of them gives up the job. */
export const measureWork: Work = async (input, tell, signal) => {
  const job = input as MeasureJob
  const { labels, boxes, directions, isDrawn, settings, surfaces } = job
  const rays = directions.length / 3
  const edges = angleEdges(angleBins)
  const merge = gradientAnglesMonoid(edges)
  const measures: ParticleMeasures[] = []
  const drawnCount = isDrawn.filter(Boolean).length
  const centre = new Float32Array(3 * drawnCount)
  const reach = new Float32Array(rays * drawnCount)
  let drawn = 0
  let angles = merge.empty
  for (let at = 0; at < labels.length; at++) {
    signal.throwIfAborted()
    const box = boxAt(boxes, at)
    const found = measuredIn(job, labels[at], box, cropMargin(settings, boxShape(box)))
    measures.push(found.measures)
    if (isDrawn[at]) {
      const outline = starOutline(found.crop, directions)
      centre.set(outline.centre, 3 * drawn)
      reach.set(outline.reach, rays * drawn)
      drawn++
    }
    if (surfaces !== null) {
      const mesh = particleSurface(found.crop, settings)
      const file = join(surfaces, `particle-${String(labels[at]).padStart(5, "0")}.ply`)
      await Effect.runPromise(writePly(file, mesh), { signal })
    }
    if (found.crop.gray !== undefined && !found.measures.cut) {
      angles = merge.concat(angles, gradientAngles(found.crop, edges))
    }
    if (voxelCount(found.crop) >= largeCrop) collectGarbage()
    tell({ done: at + 1 } satisfies MeasureNews)
    // Lets the order to stop come in.
    await new Promise((resolve) => setImmediate(resolve))
  }
  const result: MeasureResult = {
    measures,
    centre,
    reach,
    ...(job.stores.gray === undefined ? {} : { angles }),
  }
  return result
}
