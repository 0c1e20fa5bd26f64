import { nearestDirection, spatialDirections } from "./directions.ts"
import { type ParticleSurface, touching } from "./patch-surface.ts"

/** How the surface of a particle is parted. */
export interface PatchSettings {
  /** Patches smaller than this share of an equal part are joined with a neighbour */
  readonly smallest: number
  /** A patch is parted by what it touches where each part has at least this share of it */
  readonly mixed: number
  /** Most patches of a particle, ≥ 14 */
  readonly most: number
}

export const defaultPatchSettings: PatchSettings = { smallest: 0.3, mixed: 0.25, most: 20 }

const { direction, count: sectors } = spatialDirections(4)

/** What parts a patch: well and poorly conducting carbon/binder, and the rest. */
const kindOf = (touches: number): number => (touches === touching.high ? 1 : touches === touching.low ? 2 : 0)

/**
 * [face] patch, from 0: faces by the nearest of 14 directions from the centre, small patches joined with the one whose
 * mean direction is nearest, and the most mixed ones parted by what they touch.
 * @param centre of the particle [m]
 */
export const partedSurface = (
  surface: ParticleSurface,
  centre: readonly [number, number, number],
  settings: PatchSettings,
): Int32Array => {
  const { count, area, middle } = surface
  const sector = new Int32Array(count)
  const covered = new Float64Array(sectors)
  for (let face = 0; face < count; face++) {
    const [x, y, z] = [0, 1, 2].map((axis) => middle[3 * face + axis] - centre[axis])
    sector[face] = nearestDirection({ direction, count: sectors }, x, y, z)
    covered[sector[face]] += area[face]
  }
  const whole = covered.reduce((sum, each) => sum + each, 0)
  const into = joinedSectors(covered, (settings.smallest * whole) / sectors)
  /** [sector, kind] */
  const areas = new Float64Array(3 * sectors)
  for (let face = 0; face < count; face++) areas[3 * into[sector[face]] + kindOf(surface.touches[face])] += area[face]
  const used = [...new Set(into)].filter((each) => covered[each] > 0 || each === into[each])
  const patchOf = new Int32Array(3 * sectors).fill(-1)
  let patches = 0
  const parting = new Map<number, readonly number[]>()
  let room = settings.most - used.length
  const candidates = used
    .map((each) => {
      const own = [0, 1, 2].map((kind) => areas[3 * each + kind])
      const total = own.reduce((sum, a) => sum + a, 0)
      const parts = [0, 1, 2].filter((kind) => own[kind] >= settings.mixed * total && own[kind] > 0)
      const minor = total - Math.max(...own)
      return { each, parts, minor }
    })
    .filter(({ parts }) => parts.length > 1)
    .sort((a, b) => b.minor - a.minor || a.each - b.each)
  for (const { each, parts } of candidates) {
    if (parts.length - 1 > room) continue
    room -= parts.length - 1
    parting.set(each, parts)
  }
  for (let s = 0; s < sectors; s++) {
    if (into[s] !== s || covered[s] === 0) continue
    const parts = parting.get(s)
    if (parts === undefined) {
      for (let kind = 0; kind < 3; kind++) patchOf[3 * s + kind] = patches
      patches++
      continue
    }
    for (const kind of parts) patchOf[3 * s + kind] = patches++
    // A trace of the third kind goes to the largest part.
    const largest = parts.reduce((best, kind) => (areas[3 * s + kind] > areas[3 * s + best] ? kind : best), parts[0])
    for (let kind = 0; kind < 3; kind++) if (patchOf[3 * s + kind] < 0) patchOf[3 * s + kind] = patchOf[3 * s + largest]
  }
  return Int32Array.from(
    { length: count },
    (_, face) => patchOf[3 * into[sector[face]] + kindOf(surface.touches[face])],
  )
}

/** [sector] the one that it is joined with: itself where it is large enough, else the nearest that is. */
const joinedSectors = (covered: Float64Array, least: number): Int32Array => {
  const isLarge = covered.map((area) => (area >= least && area > 0 ? 1 : 0))
  return Int32Array.from({ length: sectors }, (_, s) => {
    if (isLarge[s] === 1) return s
    let [best, most] = [s, Number.NEGATIVE_INFINITY]
    for (let other = 0; other < sectors; other++) {
      if (isLarge[other] === 0) continue
      const cosine =
        direction[3 * s] * direction[3 * other] +
        direction[3 * s + 1] * direction[3 * other + 1] +
        direction[3 * s + 2] * direction[3 * other + 2]
      // Among equally near ones the larger, so that the axes do not matter.
      if (cosine > most + 1e-9 || (cosine > most - 1e-9 && covered[other] > covered[best])) {
        best = other
        most = Math.max(most, cosine)
      }
    }
    return best
  })
}
