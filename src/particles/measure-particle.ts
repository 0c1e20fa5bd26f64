import type { Box, Triple } from "../image/brick.ts"
import { roughness, surfaceMeshOf } from "../image/smooth-surface.ts"
import type { SurfaceMesh } from "../image/surface-mesh.ts"
import { faceAreas, type SurfaceNet, surfaceNet } from "../image/surface-net.ts"
import { voxelCount } from "../image/volume.ts"
import { surfaceAreas } from "./contact-shares.ts"
import { type CrackMeasures, crackMeasures } from "./crack-measures.ts"
import type { ParticleCrop } from "./crop.ts"
import { envelopeOf } from "./envelope.ts"
import { elongationOf, principalAxes, type SymmetricTensor } from "./orientation.ts"
import { bodyMoments } from "./particle-moments.ts"
import { defaultParticleSettings, leastMargin, type ParticleSettings } from "./particle-settings.ts"
import { boundsIn, boundsInWindow, type ParticleWindow, windowAround } from "./particle-window.ts"
import { type PublishedMeasures, publishedMeasures } from "./published-measures.ts"
import { type SightedNeighbour, sightedNeighbours, sightOf } from "./sighted-neighbours.ts"

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

/** A particle with its envelope and the net of its surface. */
interface Outlined {
  readonly window: ParticleWindow
  /** [voxel] of the window */
  readonly body: Uint8Array
  readonly net: SurfaceNet
}

const outlined = (crop: ParticleCrop, bounds: Box, settings: ParticleSettings): Outlined => {
  const window = windowAround(crop, bounds, windowRoom(settings, crop.spacing))
  const { labels, matrix } = window
  const own = new Uint8Array(labels.length)
  const free = new Uint8Array(labels.length)
  const fillable = new Uint8Array(labels.length)
  for (let i = 0; i < labels.length; i++) {
    own[i] = labels[i] === crop.label ? 1 : 0
    fillable[i] = labels[i] === 0 ? 1 : 0
    // Carbon/binder in a notch is outside; only where the particle wholly encloses it, it fills a hole.
    free[i] = fillable[i] & (1 - matrix[i])
  }
  const { shape, spacing } = window
  const input = { shape, spacing, own, bounds: boundsInWindow(window, bounds), free, fillable }
  const body = envelopeOf(input, settings.closingRadius, settings.crackDepth)
  const outside = body.map((value) => 1 - value)
  return { window, body, net: surfaceNet(shape, body, outside) }
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
 * @throws RangeError where the crop does not hold the particle or is too narrow
 */
export const measureParticle = (
  crop: ParticleCrop,
  settings: ParticleSettings = defaultParticleSettings(crop.spacing),
): ParticleMeasures => {
  const bounds = boundsIn(crop)
  assertMargin(crop, bounds, leastMargin(settings))
  const { window, body, net } = outlined(crop, bounds, settings)
  const { shape, spacing, solid, from } = window
  const moments = bodyMoments(window, body)
  const outerAreas = faceAreas(net, spacing, outerPasses)
  const touched = surfaceAreas(window, crop.label, net, outerAreas, settings.contactReach)
  const surfaceOuter = touched.contact + touched.carbonBinder + touched.void + touched.border
  const cracks = new Uint8Array(body.length)
  let solidCount = 0
  for (let i = 0; i < body.length; i++) {
    cracks[i] = body[i] & (1 - solid[i])
    solidCount += solid[i]
  }
  const crackNet = surfaceNet(shape, cracks, solid)
  const voxel = spacing[0] * spacing[1] * spacing[2]
  const phasesKnown = crop.phases !== undefined
  const placed = (at: number, axis: 0 | 1 | 2): number => at + (from[axis] + crop.from[axis]) * spacing[axis]
  const ofCrop = inCrop(crop, window, body, net)
  const whole: Triple = crop.whole
  const global: Box = {
    from: [bounds.from[0] + crop.from[0], bounds.from[1] + crop.from[1], bounds.from[2] + crop.from[2]],
    to: [bounds.to[0] + crop.from[0], bounds.to[1] + crop.from[1], bounds.to[2] + crop.from[2]],
  }
  const [x, y, z] = moments.centroid
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
    surfaceInner: faceAreas(crackNet, spacing, innerPasses).reduce((sum, area) => sum + area, 0),
    surfaceOuter,
    roughInner: roughness(crackNet, spacing, settings.roughnessLength),
    roughOuter: roughness(net, spacing, settings.roughnessLength),
    contact: touched.contact / surfaceOuter,
    contactCarbonBinder: phasesKnown ? touched.carbonBinder / surfaceOuter : Number.NaN,
    contactVoid: phasesKnown ? touched.void / surfaceOuter : Number.NaN,
    contactBorder: touched.border / surfaceOuter,
    cracks: crackMeasures(window, cracks, body, net, moments),
    neighbours: sightedNeighbours(crop, ofCrop.body, bounds, ofCrop.surface, touched),
    sight: sightOf(crop, bounds),
    ...(settings.published
      ? {
          published: publishedMeasures(crop, bounds, settings.published),
        }
      : {}),
  }
}

/** The envelope as a mask of the crop, which holds all of it, and the voxels at its surface. */
const inCrop = (crop: ParticleCrop, window: ParticleWindow, body: Uint8Array, net: SurfaceNet) => {
  const [nx, ny] = crop.shape
  const [wx, wy] = window.shape
  const place = (i: number): number => {
    const x = i % wx
    const rest = (i - x) / wx
    const y = rest % wy
    return x + window.from[0] + nx * (y + window.from[1] + ny * ((rest - y) / wy + window.from[2]))
  }
  const out = new Uint8Array(voxelCount(crop))
  for (let i = 0; i < body.length; i++) if (body[i] !== 0) out[place(i)] = 1
  const surface: number[] = []
  for (let f = 0; f < net.faceCount; f++)
    if (f === 0 || net.inner[f] !== net.inner[f - 1]) surface.push(place(net.inner[f]))
  return { body: out, surface: Int32Array.from(surface) }
}

/** Mean and standard deviation of the phase map over the particle without its cracks. */
const grayOf = (crop: ParticleCrop, { from, to }: Box, gray: Float32Array) => {
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
): SurfaceMesh => {
  const { window, body, net } = outlined(crop, boundsIn(crop), settings)
  const { spacing, from } = window
  const origin = [0, 1, 2].map((axis) => (from[axis] + crop.from[axis]) * spacing[axis]) as unknown as Triple
  const count = body.reduce((sum, value) => sum + value, 0)
  return surfaceMeshOf(net, spacing, origin, count * spacing[0] * spacing[1] * spacing[2])
}
