import { type Box, boxShape, type Triple } from "../image/brick.ts"
import type { Grid } from "../image/volume.ts"
import type { ParticleCrop } from "./crop.ts"
import { closing, fillHolesInto } from "./envelope.ts"
import type { PublishedSettings } from "./particle-settings.ts"
import { boundsInWindow, type ParticleWindow, windowAround } from "./particle-window.ts"

/** What the authors' code counts of one particle, in voxels. */
export interface PublishedMeasures {
  /** Voxels of the particle, closed and filled */
  readonly filledCount: number
  /** (filled − particle) / filled */
  readonly damage: number
  /** Perimeter voxels of the filled particle */
  readonly surfaceOuter: number
  /** Perimeter voxels of the particle less those of the filled one; below 0 where the closing makes more than it hides */
  readonly surfaceInner: number
  /** Perimeter after a median filter over that before, of the inner and the outer surface; NaN where there is none */
  readonly roughInner: number
  readonly roughOuter: number
  /** Share of the shell around the particle that other particles fill */
  readonly contact: number
}

/** A body and what may be filled, close around it: all that is counted lies there. */
interface Close extends Grid {
  readonly solid: Uint8Array
  readonly filled: Uint8Array
}

/** Voxels with a neighbour over a face that is not in the body; none lies at the border of the grid. */
const perimeterCount = ({ shape: [nx, ny] }: Grid, body: Uint8Array): number => {
  const layer = nx * ny
  let count = 0
  for (let i = layer; i < body.length - layer; i++) {
    if (body[i] === 0) continue
    if ((body[i - 1] & body[i + 1] & body[i - nx] & body[i + nx] & body[i - layer] & body[i + layer]) === 0) count++
  }
  return count
}

/**
 * The majority in a cube around every voxel: the median of a mask. A margin of the radius around the body keeps sums
 * along rows from running into each other.
 */
const medianOf = ({ shape: [nx, ny] }: Grid, body: Uint8Array, radius: number): Uint8Array => {
  let sums = Uint16Array.from(body)
  for (const stride of [1, nx, nx * ny]) {
    const next = new Uint16Array(sums.length)
    const reach = radius * stride
    for (let i = reach; i < sums.length - reach; i++) {
      let sum = 0
      for (let k = i - reach; k <= i + reach; k += stride) sum += sums[k]
      next[i] = sum
    }
    sums = next
  }
  const half = (2 * radius + 1) ** 3 / 2
  const out = new Uint8Array(sums.length)
  for (let i = 0; i < out.length; i++) out[i] = sums[i] > half ? 1 : 0
  return out
}

const countOf = (body: Uint8Array): number => {
  let count = 0
  for (let i = 0; i < body.length; i++) count += body[i]
  return count
}

/** The part of a mask in a box. */
const cut = ({ shape: [nx, ny] }: Grid, values: Uint8Array, { from, to }: Box): Uint8Array => {
  const [wx, wy, wz] = boxShape({ from, to })
  const out = new Uint8Array(wx * wy * wz)
  for (let z = 0; z < wz; z++)
    for (let y = 0; y < wy; y++) {
      const start = from[0] + nx * (from[1] + y + ny * (from[2] + z))
      out.set(values.subarray(start, start + wx), wx * (y + wy * z))
    }
  return out
}

/** The particle, closed with a ball and filled, as the published code does; and what other particles fill of a shell. */
const filledParticle = (window: ParticleWindow, bounds: Box, label: number, settings: PublishedSettings) => {
  const cubes: Grid = { shape: window.shape, spacing: [1, 1, 1] }
  const { solid, labels } = window
  const { closed, toOwn } = closing(cubes, solid, bounds, settings.closingRadius, { away: settings.shell })
  const fillable = new Uint8Array(closed.length)
  const reach = settings.shell ** 2 + 0.5
  let [shell, touched] = [0, 0]
  for (let i = 0; i < closed.length; i++) {
    const other = labels[i] > 0 && labels[i] !== label
    fillable[i] = other ? 0 : 1
    if (other) closed[i] = 0
    if (closed[i] !== 0 || toOwn[i] > reach || labels[i] === -1) continue
    shell++
    if (other) touched++
  }
  const room = settings.medianRadius + 1
  const near: Box = {
    from: bounds.from.map((value) => value - room) as unknown as Triple,
    to: bounds.to.map((value) => value + room) as unknown as Triple,
  }
  const close: Close = {
    shape: boxShape(near),
    spacing: cubes.spacing,
    solid: cut(cubes, solid, near),
    filled: cut(cubes, closed, near),
  }
  fillHolesInto(close, cut(cubes, fillable, near), close.filled)
  return { close, contact: shell > 0 ? touched / shell : Number.NaN }
}

/**
 * The measures of the published code; voxels count as cubes, and those of other particles are never taken in. Where the
 * particle is closed, the shell begins behind what the closing adds.
 * @param bounds of the particle in the crop
 * @source Li et al. (2022), published code as the documentation of the attributes describes it
 */
export const publishedMeasures = (crop: ParticleCrop, bounds: Box, settings: PublishedSettings): PublishedMeasures => {
  const room = Math.ceil(Math.max(settings.closingRadius, settings.shell, settings.medianRadius)) + 2
  const window = windowAround(crop, bounds, [room, room, room])
  const { close, contact } = filledParticle(window, boundsInWindow(window, bounds), crop.label, settings)
  const [particleCount, filledCount] = [countOf(close.solid), countOf(close.filled)]
  const surfaceOuter = perimeterCount(close, close.filled)
  const surfaceInner = perimeterCount(close, close.solid) - surfaceOuter
  const smooth = (body: Uint8Array): number => perimeterCount(close, medianOf(close, body, settings.medianRadius))
  const smoothOuter = smooth(close.filled)
  return {
    filledCount,
    damage: (filledCount - particleCount) / filledCount,
    surfaceOuter,
    surfaceInner,
    roughInner: surfaceInner > 0 ? Math.max(0, smooth(close.solid) - smoothOuter) / surfaceInner : Number.NaN,
    roughOuter: smoothOuter / surfaceOuter,
    contact,
  }
}
