import { join } from "node:path"
import { Effect } from "effect"
import type { Work } from "../../engine/engine.ts"
import { collectGarbage } from "../../engine/garbage.ts"
import { writePly, writeStl } from "../../formats/surface-files.ts"
import { emptyVoxels, type VoxelType, voxelBytes } from "../../formats/voxel-type.ts"
import { type Box, boxShape, boxSize, type Triple, widened } from "../../image/brick.ts"
import { type Grid, voxelCount } from "../../image/volume.ts"
import type { VoxelPool } from "../../image/voxel-pool.ts"
import type { ParticleCrop } from "../../particles/crop.ts"
import { measureParticle, type ParticleMeasures, particleSurface } from "../../particles/measure-particle.ts"
import { leastMargin, type ParticleSettings } from "../../particles/particle-settings.ts"
import { starOutline } from "../../particles/star-outline.ts"
import { angleEdges, type GradientAngles, gradientAngles } from "../../particles/valence-gradient.ts"
import { widerMargin } from "../../particles/volume-table.ts"
import { readScratchInto, type ScratchArrays, type ScratchVolume } from "../../store/scratch-box.ts"
import type { LabelledVolume } from "../segmentation/labelled-volume.ts"
import type { SurfaceFormat } from "./request.ts"

/** A folder for surfaces, and how they are written. */
export interface SurfacePlace {
  readonly folder: string
  readonly format: SurfaceFormat
}

/** Some particles that one worker measures. */
export interface MeasureJob {
  readonly kind: "measure"
  readonly grid: Grid
  readonly stores: LabelledVolume["stores"]
  /** [particle] */
  readonly labels: Int32Array
  /** [particle, 6] first voxel along x, y and z and the one after the last */
  readonly boxes: Int32Array
  /** Whether every label of the volume fits into 16 bits */
  readonly areShort: boolean
  readonly settings: ParticleSettings
  /** [direction, 3] in which outlines are taken */
  readonly directions: Float64Array
  /** [particle] whether its outline is taken */
  readonly isDrawn: readonly boolean[]
  /** Where the surface of each particle goes, null for none */
  readonly surfaces: SurfacePlace | null
  /** Particles that need larger crops are left alone [voxel] */
  readonly mostVoxels: number
}

/** One particle, measured. */
export interface MeasuredParticle {
  readonly measures: ParticleMeasures
  /** [axis] and [direction]; absent where it is not drawn [m] */
  readonly outline?: { readonly centre: Float32Array; readonly reach: Float32Array }
  /** Absent without a phase map, and where the border cuts the particle */
  readonly angles?: GradientAngles
}

/** A particle that was left alone, and the crop that it needs [voxel] */
export interface TooLarge {
  readonly label: number
  readonly voxels: number
}

/** What one worker found. */
export interface MeasureResult {
  readonly found: readonly MeasuredParticle[]
  readonly tooLarge: readonly TooLarge[]
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

/** Values of a box in an array from the pool. */
const readInto = <T extends VoxelType>(store: ScratchVolume<T>, box: Box, pool: VoxelPool): ScratchArrays[T] => {
  type Values = new (buffer: ArrayBuffer, from: number, count: number) => ScratchArrays[T]
  const Values = emptyVoxels(store.type, 0).constructor as Values
  const count = boxSize(box)
  const values = new Values(pool.bytes(count * voxelBytes(store.type)).buffer, 0, count)
  readScratchInto(store, { ...box, values })
  return values
}

/** Values of a box in an array of another type, converted plane by plane. */
const readConverted = <Out extends Uint16Array | Float32Array>(store: ScratchVolume, box: Box, out: Out): Out => {
  const plane = emptyVoxels(store.type, boxSize(box) / boxShape(box)[2])
  for (let z = box.from[2]; z < box.to[2]; z++) {
    const [from, to]: [Triple, Triple] = [
      [box.from[0], box.from[1], z],
      [box.to[0], box.to[1], z + 1],
    ]
    readScratchInto(store, { from, to, values: plane })
    out.set(plane, plane.length * (z - box.from[2]))
  }
  return out
}

type CropGray = NonNullable<ParticleCrop["gray"]>

/** Gray values as they are where that is not wider than 32 bits, else rounded to them. */
const grayIn = (gray: ScratchVolume, box: Box, pool: VoxelPool): CropGray => {
  if (!["uint32", "int32", "float64"].includes(gray.type)) return readInto(gray, box, pool) as CropGray
  const count = boxSize(box)
  return readConverted(gray, box, new Float32Array(pool.bytes(4 * count).buffer, 0, count))
}

const cropOf = ({ grid, stores, areShort }: MeasureJob, label: number, box: Box, pool: VoxelPool): ParticleCrop => {
  const { labels, phases, gray } = stores
  const count = boxSize(box)
  return {
    shape: boxShape(box),
    spacing: grid.spacing,
    from: box.from,
    whole: grid.shape,
    label,
    labels: areShort
      ? readConverted(labels, box, new Uint16Array(pool.bytes(2 * count).buffer, 0, count))
      : readInto(labels, box, pool),
    ...(phases === undefined ? {} : { phases: readInto(phases, box, pool) }),
    ...(gray === undefined ? {} : { gray: grayIn(gray, box, pool) }),
  }
}

const giveBack = ({ labels, phases, gray }: ParticleCrop, pool: VoxelPool): void => {
  for (const values of [labels, phases, gray]) if (values !== undefined) pool.give(values)
}

/** Crops from this size on are followed by a collection of what is left over [voxel] */
const largeCrop = 2e6

/** Whether a particle was measured, or is too large for the thread. */
type Attempt =
  | { readonly kind: "measured"; readonly crop: ParticleCrop; readonly measures: ParticleMeasures }
  | { readonly kind: "too large"; readonly voxels: number }

/** Measures a particle in a crop that shows its six nearest neighbours, or as many as a few attempts bring into sight. */
const measuredIn = (job: MeasureJob, label: number, own: Box, pool: VoxelPool): Attempt => {
  let reach = cropMargin(job.settings, boxShape(own))
  for (let attempt = 0; ; attempt++) {
    const box = widened(own, reach, job.grid)
    if (boxSize(box) > job.mostVoxels) return { kind: "too large", voxels: boxSize(box) }
    const crop = cropOf(job, label, box, pool)
    const measures = measureParticle(crop, job.settings, pool)
    const wider = widerMargin(measures)
    if (attempt === patience || wider === undefined || wider <= reach) return { kind: "measured", crop, measures }
    reach = wider
    giveBack(crop, pool)
    if (voxelCount(crop) >= largeCrop) collectGarbage()
  }
}

const boxAt = (boxes: Int32Array, at: number): Box => {
  const corner = (first: number): Triple => [boxes[first], boxes[first + 1], boxes[first + 2]]
  return { from: corner(6 * at), to: corner(6 * at + 3) }
}

/** Voxels around a particle that its crop begins with. @param edges of its box */
export const cropMargin = (settings: ParticleSettings, edges: Triple): number =>
  Math.max(leastMargin(settings), usualMargin, Math.ceil(usualShare * Math.max(...edges)))

/**
 * Measures particles one by one; a stop between two of them gives up the job.
 * @param pool in which it works, job after job
 */
export const measureWork =
  (pool: VoxelPool): Work =>
  async (input, tell, signal) => {
    const job = input as MeasureJob
    const { labels, boxes, directions, isDrawn, settings, surfaces } = job
    const edges = angleEdges(angleBins)
    const found: MeasuredParticle[] = []
    const tooLarge: TooLarge[] = []
    for (let at = 0; at < labels.length; at++) {
      signal.throwIfAborted()
      const attempt = measuredIn(job, labels[at], boxAt(boxes, at), pool)
      if (attempt.kind === "too large") tooLarge.push({ label: labels[at], voxels: attempt.voxels })
      else {
        const { crop, measures } = attempt
        const outline = isDrawn[at] ? starOutline(crop, directions) : undefined
        if (surfaces !== null) {
          const mesh = particleSurface(crop, settings, pool)
          const { folder, format } = surfaces
          const file = join(folder, `particle-${String(labels[at]).padStart(5, "0")}.${format.kind}`)
          await Effect.runPromise(format.kind === "ply" ? writePly(file, mesh) : writeStl(file, mesh), { signal })
        }
        found.push({
          measures,
          ...(outline === undefined
            ? {}
            : { outline: { centre: Float32Array.from(outline.centre), reach: Float32Array.from(outline.reach) } }),
          ...(crop.gray === undefined || measures.cut ? {} : { angles: gradientAngles(crop, edges) }),
        })
        giveBack(crop, pool)
        if (voxelCount(crop) >= largeCrop) collectGarbage()
      }
      tell({ done: at + 1 } satisfies MeasureNews)
      // Lets the order to stop come in.
      await new Promise((resolve) => setImmediate(resolve))
    }
    return { found, tooLarge } satisfies MeasureResult
  }
