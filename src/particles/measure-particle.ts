import { IntList } from "../array/int-list.ts"
import type { Box, Triple } from "../image/brick.ts"
import { roughness, surfaceMeshOf } from "../image/smooth-surface.ts"
import type { SurfaceMesh } from "../image/surface-mesh.ts"
import { faceAreas, surfaceNet } from "../image/surface-net.ts"
import { VoxelPool } from "../image/voxel-pool.ts"
import { surfaceAreas } from "./contact-shares.ts"
import { type CrackMeasures, crackMeasures } from "./crack-measures.ts"
import type { ParticleCrop } from "./crop.ts"
import { envelopeOf } from "./envelope.ts"
import { elongationOf, principalAxes, type SymmetricTensor } from "./orientation.ts"
import { bodyMoments } from "./particle-moments.ts"
import { defaultParticleSettings, leastMargin, type ParticleSettings } from "./particle-settings.ts"
import { boundsIn, boundsInWindow, type ParticleWindow, placeInCrop, windowAround } from "./particle-window.ts"
import { countWith, parts } from "./parts.ts"
import { type PublishedMeasures, publishedMeasures } from "./published-measures.ts"
import { type Envelope, type SightedNeighbour, sightedNeighbours, sightOf } from "./sighted-neighbours.ts"

/** Everything about one particle that its crop tells; a plain record, in the axes of the volume. */
export interface ParticleMeasures {
  readonly label: number
  /** Of the voxels of its label, in the whole volume [voxel] */
  readonly bounds: Box
  /** Whether the border of the volume cuts it */
  readonly cut: boolean
  /** Voxel edges along x, y, z [m] */
  readonly spacing: Triple
  /** Of the outer envelope, from the low corner of the volume [m] */
  readonly centroid: Triple
  /** Mean of (r − centroid) ⊗ (r − centroid) over the outer envelope [m²] */
  readonly tensor: SymmetricTensor
  /** Longest / shortest axis of the ellipsoid of equal second moments */
  readonly elongation: number
  /** Of the phase map over the particle without its cracks, in map units; absent where there is none */
  readonly gray?: { readonly mean: number; readonly deviation: number }
  /** Enclosed by the outer envelope [m³] */
  readonly volume: number
  /** Of the particle itself, without its cracks [m³] */
  readonly solidVolume: number
  /** Crack volume / volume */
  readonly damage: number
  /** Of cracks and inner voids [m²] */
  readonly surfaceInner: number
  /** Of the outer envelope [m²] */
  readonly surfaceOuter: number
  /** Distance of the surface from its smoothed self [m]; NaN where there is no such surface */
  readonly roughInner: number
  readonly roughOuter: number
  /** Shares of the outer surface, which sum to one; carbon/binder and void are NaN where phases are not known */
  readonly contact: number
  readonly contactCarbonBinder: number
  readonly contactVoid: number
  readonly contactBorder: number
  readonly cracks: CrackMeasures
  /** Other particles in the crop, nearest first */
  readonly neighbours: readonly SightedNeighbour[]
  /** Distance up to which the crop shows all neighbours [m]; infinite where it shows the whole volume */
  readonly sight: number
  /** Absent where the settings do not ask for it */
  readonly published?: PublishedMeasures
}

/** Passes that smooth normals on the outer surface: enough for 1 % of any smooth body of ten voxels of radius. */
const outerPasses = 16

/** Fewer on the surface of cracks, whose two sides are a voxel or two apart. */
const innerPasses = 4

/** Room around the bounds in which faces, contacts and closings are complete [voxel]. */
const windowRoom = ({ closingRadius, contactReach }: ParticleSettings, spacing: Triple): Triple => {
  const room = (edge: number): number => Math.max(Math.ceil(closingRadius / edge), Math.ceil(contactReach)) + 2
  return [room(spacing[0]), room(spacing[1]), room(spacing[2])]
}

/** A particle with its envelope. */
interface Outlined {
  readonly window: ParticleWindow
  /** [voxel] of the window: `parts` */
  readonly values: Uint8Array
}

const outlined = (crop: ParticleCrop, bounds: Box, settings: ParticleSettings, pool: VoxelPool): Outlined => {
  const window = windowAround(crop, bounds, windowRoom(settings, crop.spacing), pool)
  const own = boundsInWindow(window, bounds)
  return { window, values: envelopeOf(window, own, settings.closingRadius, settings.crackDepth, pool) }
}

/** @throws RangeError where the crop ends too close to the particle */
const assertMargin = (crop: ParticleCrop, bounds: Box, margin: number): void => {
  for (const axis of [0, 1, 2] as const) {
    const low = crop.from[axis] === 0 ? Number.POSITIVE_INFINITY : bounds.from[axis]
    const end = crop.from[axis] + crop.shape[axis]
    const high = end === crop.whole[axis] ? Number.POSITIVE_INFINITY : crop.shape[axis] - bounds.to[axis]
    if (Math.min(low, high) < margin) {
      throw new RangeError(
        `the crop of particle ${crop.label} has ${Math.min(low, high)} voxels beside it along ${"xyz"[axis]}; ${margin} are needed`,
      )
    }
  }
}

/** What is measured on the surface of the envelope, whose net is dropped then; its voxels are marked in place. */
const outerMeasures = (crop: ParticleCrop, { window, values }: Outlined, settings: ParticleSettings) => {
  const net = surfaceNet(window.shape, values, parts.body, parts.outside)
  const areas = faceAreas(net, window.spacing, outerPasses)
  const touched = surfaceAreas(crop, window, net, areas, settings.contactReach)
  const place = placeInCrop(crop, window)
  const surface = new IntList()
  for (let f = 0; f < net.faceCount; f++) {
    if (f > 0 && net.inner[f] === net.inner[f - 1]) continue
    surface.push(place(net.inner[f]))
    values[net.inner[f]] |= parts.surface
  }
  return {
    touched,
    surface: surface.values,
    area: touched.contact + touched.carbonBinder + touched.void + touched.border,
    rough: roughness(net, window.spacing, settings.roughnessLength),
  }
}

/** What is measured on the surface of cracks and inner voids, whose net is dropped then. */
const innerMeasures = ({ window, values }: Outlined, settings: ParticleSettings) => {
  const net = surfaceNet(window.shape, values, parts.crack, parts.solid)
  return {
    area: faceAreas(net, window.spacing, innerPasses).reduce((sum, area) => sum + area, 0),
    rough: roughness(net, window.spacing, settings.roughnessLength),
  }
}

/** The envelope as the crop sees it. */
const envelopeIn = (crop: ParticleCrop, bounds: Box, { window, values }: Outlined): Envelope => {
  const [wx, wy, wz] = window.shape
  const [fx, fy, fz] = window.from
  const [nx] = crop.shape
  return {
    bounds,
    holds: (x, y, z) => {
      const [u, v, w] = [x - fx, y - fy, z - fz]
      if (u < 0 || v < 0 || w < 0 || u >= wx || v >= wy || w >= wz) return false
      return (values[u + wx * (v + wy * w)] & parts.body) !== 0
    },
    planeInto: (z, out) => {
      out.fill(0)
      for (let y = bounds.from[1]; y < bounds.to[1]; y++) {
        const from = wx * (y - fy + wy * (z - fz)) - fx
        for (let x = bounds.from[0]; x < bounds.to[0]; x++) out[x + nx * y] = values[from + x] & parts.body
      }
    },
  }
}

/**
 * Everything about one particle that its crop tells: both estimators, as far as the settings ask for the second.
 *
 * Volume, surface and moments are those of the outer envelope: the particle with its cracks closed by a ball and its
 * holes filled, never reaching into other particles. Where the crop has phases, voxels of the label that are not phase 1
 * are cracks, and carbon/binder in a notch stays outside. A digitised ball, ellipsoid or capsule of at least ten voxels
 * of radius has its volume and its area within 1 %, at any turn but those along the lattice: there what voxels there are
 * may be 3 % more or fewer than the body has, and no measure can know.
 *
 * The result does not depend on how the crop was cut, as long as it has `leastMargin` voxels around the particle.
 * @param pool  what is worked in; hand on the same one for many particles
 * @throws RangeError where the crop does not hold the particle or is too narrow
 */
export const measureParticle = (
  crop: ParticleCrop,
  settings: ParticleSettings = defaultParticleSettings(crop.spacing),
  pool: VoxelPool = new VoxelPool(),
): ParticleMeasures => {
  const bounds = boundsIn(crop)
  assertMargin(crop, bounds, leastMargin(settings))
  const outline = outlined(crop, bounds, settings, pool)
  const { window, values } = outline
  const { spacing, from } = window
  const moments = bodyMoments(window, values, parts.body)
  const outer = outerMeasures(crop, outline, settings)
  pool.give(window.kinds)
  const inner = innerMeasures(outline, settings)
  const cracks = crackMeasures(window, values, moments)
  const solidCount = countWith(values, parts.solid)
  const neighbours = sightedNeighbours(crop, envelopeIn(crop, bounds, outline), outer.surface, outer.touched, pool)
  pool.give(values)
  const voxel = spacing[0] * spacing[1] * spacing[2]
  const phasesKnown = crop.phases !== undefined
  const placed = (at: number, axis: 0 | 1 | 2): number => at + (from[axis] + crop.from[axis]) * spacing[axis]
  const whole: Triple = crop.whole
  const global: Box = {
    from: [bounds.from[0] + crop.from[0], bounds.from[1] + crop.from[1], bounds.from[2] + crop.from[2]],
    to: [bounds.to[0] + crop.from[0], bounds.to[1] + crop.from[1], bounds.to[2] + crop.from[2]],
  }
  const [x, y, z] = moments.centroid
  const { touched } = outer
  return {
    label: crop.label,
    bounds: global,
    cut: [0, 1, 2].some((axis) => global.from[axis] === 0 || global.to[axis] === whole[axis]),
    spacing,
    centroid: [placed(x, 0), placed(y, 1), placed(z, 2)],
    tensor: moments.tensor,
    elongation: elongationOf(principalAxes(moments.tensor)),
    ...(crop.gray ? { gray: grayOf(crop, bounds, crop.gray) } : {}),
    volume: moments.voxelCount * voxel,
    solidVolume: solidCount * voxel,
    damage: (moments.voxelCount - solidCount) / moments.voxelCount,
    surfaceInner: inner.area,
    surfaceOuter: outer.area,
    roughInner: inner.rough,
    roughOuter: outer.rough,
    contact: touched.contact / outer.area,
    contactCarbonBinder: phasesKnown ? touched.carbonBinder / outer.area : Number.NaN,
    contactVoid: phasesKnown ? touched.void / outer.area : Number.NaN,
    contactBorder: touched.border / outer.area,
    cracks,
    neighbours,
    sight: sightOf(crop, bounds),
    ...(settings.published
      ? {
          published: publishedMeasures(crop, bounds, settings.published, pool),
        }
      : {}),
  }
}

/** Mean and standard deviation of the phase map over the particle without its cracks. */
const grayOf = (crop: ParticleCrop, { from, to }: Box, gray: NonNullable<ParticleCrop["gray"]>) => {
  const [nx, ny] = crop.shape
  const { labels, phases, label } = crop
  const over = (each: (value: number) => number): number => {
    let [sum, count] = [0, 0]
    for (let z = from[2]; z < to[2]; z++)
      for (let y = from[1]; y < to[1]; y++)
        for (let x = from[0], i = x + nx * (y + ny * z); x < to[0]; x++, i++) {
          if (labels[i] !== label || (phases !== undefined && phases[i] !== 1)) continue
          sum += each(gray[i])
          count++
        }
    return sum / count
  }
  const mean = over((value) => value)
  return { mean, deviation: Math.sqrt(over((value) => (value - mean) ** 2)) }
}

/**
 * The outer envelope of one particle as a smooth closed surface, in the coordinates of the whole volume; it encloses
 * exactly the volume that `measureParticle` finds.
 * @throws RangeError where the crop does not hold the particle
 */
export const particleSurface = (
  crop: ParticleCrop,
  settings: ParticleSettings = defaultParticleSettings(crop.spacing),
  pool: VoxelPool = new VoxelPool(),
): SurfaceMesh => {
  const { window, values } = outlined(crop, boundsIn(crop), settings, pool)
  const { shape, spacing, from } = window
  const net = surfaceNet(shape, values, parts.body, parts.outside)
  const count = countWith(values, parts.body)
  pool.give(window.kinds, values)
  const origin = [0, 1, 2].map((axis) => (from[axis] + crop.from[axis]) * spacing[axis]) as unknown as Triple
  return surfaceMeshOf(net, spacing, origin, count * spacing[0] * spacing[1] * spacing[2])
}
