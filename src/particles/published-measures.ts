import type { Box } from "../image/brick.ts"
import type { Grid } from "../image/volume.ts"
import { VoxelPool } from "../image/voxel-pool.ts"
import type { ParticleCrop } from "./crop.ts"
import { kindTable, nearBit, visitClosing } from "./envelope.ts"
import { floodFromBorderInto } from "./fill-holes.ts"
import type { PublishedSettings } from "./particle-settings.ts"
import { boundsInWindow, kinds, type ParticleWindow, windowAround } from "./particle-window.ts"
import { countWith, parts } from "./parts.ts"

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

/** Of what the median filter leaves */
const smoothBit = 64

/** Voxels of a body with a neighbour over a face that is not in it; none lies at the border of the grid. */
const perimeterCount = ({ shape: [nx, ny] }: Grid, values: Uint8Array, bits: number): number => {
  const layer = nx * ny
  let count = 0
  for (let i = layer; i < values.length - layer; i++) {
    if ((values[i] & bits) === 0) continue
    if (
      (values[i - 1] & bits) === 0 ||
      (values[i + 1] & bits) === 0 ||
      (values[i - nx] & bits) === 0 ||
      (values[i + nx] & bits) === 0 ||
      (values[i - layer] & bits) === 0 ||
      (values[i + layer] & bits) === 0
    )
      count++
  }
  return count
}

/** Adds up a row or a plane over a reach to both sides; what lies beyond its ends counts as nothing. */
const summed = (from: Uint16Array, stride: number, radius: number, out: Uint16Array): void => {
  out.fill(0)
  const reach = radius * stride
  for (let i = reach; i < from.length - reach; i++) {
    let sum = 0
    for (let k = i - reach; k <= i + reach; k += stride) sum += from[k]
    out[i] = sum
  }
}

/**
 * Marks the majority in a cube around every voxel: the median of a mask, plane by plane. A margin of the radius and one
 * more around the body keeps sums along rows from running into each other.
 * @param values [voxel] `smoothBit` is set in place where more than half of the cube has any of the bits
 */
const markMedian = ({ shape: [nx, ny, nz] }: Grid, bits: number, radius: number, values: Uint8Array): void => {
  const plane = nx * ny
  const depth = 2 * radius + 1
  const half = depth ** 3 / 2
  const own = new Uint16Array(plane)
  const rows = new Uint16Array(plane)
  /** Sums over squares of the last planes, the plane z at z mod depth. */
  const squares = Array.from({ length: depth }, () => new Uint16Array(plane))
  for (let z = 0; z < nz + radius; z++) {
    const last = squares[z % depth]
    if (z < nz) {
      for (let i = 0, v = plane * z; i < plane; i++, v++) own[i] = (values[v] & bits) !== 0 ? 1 : 0
      summed(own, 1, radius, rows)
      summed(rows, nx, radius, last)
    } else last.fill(0)
    if (z < radius) continue
    for (let i = 0, v = plane * (z - radius); i < plane; i++, v++) {
      let sum = 0
      for (const square of squares) sum += square[i]
      values[v] = sum > half ? values[v] | smoothBit : values[v] & ~smoothBit
    }
  }
}

const isSolid = kindTable((kind) => kind === kinds.solid)

/** The particle, closed with a ball and filled, as the published code does; and what other particles fill of a shell. */
const filledParticle = (window: ParticleWindow, bounds: Box, settings: PublishedSettings, pool: VoxelPool) => {
  const { kinds: kindOf } = window
  const cubes: Grid = { shape: window.shape, spacing: [1, 1, 1] }
  const out = pool.bytes(kindOf.length)
  for (let i = 0; i < out.length; i++) out[i] = isSolid[kindOf[i]] !== 0 ? parts.solid : 0
  const { closingRadius: radius, shell: thickness } = settings
  const near = thickness ** 2 + 0.5
  const marks = visitClosing({ grid: cubes, kinds: kindOf, isOwn: isSolid, bounds, radius, near }, pool, (i) => {
    if (kindOf[i] !== kinds.other) out[i] = parts.crack
  })
  let [shell, touched] = [0, 0]
  for (let i = 0; i < out.length; i++) {
    if (out[i] !== 0 || (marks[i] & nearBit) === 0 || kindOf[i] === kinds.beyond) continue
    shell++
    if (kindOf[i] === kinds.other) touched++
  }
  pool.give(marks)
  floodFromBorderInto(cubes, parts.outside, out)
  for (let i = 0; i < out.length; i++) if (out[i] === 0 && kindOf[i] !== kinds.other) out[i] = parts.crack
  return { filled: out, contact: shell > 0 ? touched / shell : Number.NaN }
}

/**
 * The measures of the published code; voxels count as cubes, and those of other particles are never taken in. Where the
 * particle is closed, the shell begins behind what the closing adds.
 * @param bounds of the particle in the crop
 * @source Li et al. (2022), published code as the documentation of the attributes describes it
 */
export const publishedMeasures = (
  crop: ParticleCrop,
  bounds: Box,
  settings: PublishedSettings,
  pool: VoxelPool = new VoxelPool(),
): PublishedMeasures => {
  const room = Math.ceil(Math.max(settings.closingRadius, settings.shell, settings.medianRadius)) + 2
  const window = windowAround(crop, bounds, [room, room, room], pool)
  const { filled, contact } = filledParticle(window, boundsInWindow(window, bounds), settings, pool)
  const [particleCount, filledCount] = [countWith(filled, parts.solid), countWith(filled, parts.body)]
  const surfaceOuter = perimeterCount(window, filled, parts.body)
  const surfaceInner = perimeterCount(window, filled, parts.solid) - surfaceOuter
  const smooth = (bits: number): number => {
    markMedian(window, bits, settings.medianRadius, filled)
    return perimeterCount(window, filled, smoothBit)
  }
  const smoothOuter = smooth(parts.body)
  const smoothInner = surfaceInner > 0 ? Math.max(0, smooth(parts.solid) - smoothOuter) : 0
  pool.give(window.kinds, filled)
  return {
    filledCount,
    damage: (filledCount - particleCount) / filledCount,
    surfaceOuter,
    surfaceInner,
    roughInner: surfaceInner > 0 ? smoothInner / surfaceInner : Number.NaN,
    roughOuter: smoothOuter / surfaceOuter,
    contact,
  }
}
