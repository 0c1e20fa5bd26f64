import { squaredDistance } from "../image/squared-distance.ts"
import type { Grid } from "../image/volume.ts"
import { closing, fillHolesInto } from "./envelope.ts"
import type { PublishedSettings } from "./particle-settings.ts"
import type { ParticleWindow } from "./particle-window.ts"

/** What the authors' code counts of one particle, in voxels. */
export interface PublishedMeasures {
  /** Voxels of the particle, closed and filled */
  readonly filledCount: number
  /** (filled − particle) / filled */
  readonly damage: number
  /** Perimeter voxels of the filled particle */
  readonly surfaceOuter: number
  /** Perimeter voxels of the particle less those of the filled one */
  readonly surfaceInner: number
  /** Perimeter of the median-filtered particle over that of the raw one, for the inner and the outer surface */
  readonly roughInner: number
  readonly roughOuter: number
  /** Share of the shell around the particle that other particles fill */
  readonly contact: number
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

/** The majority in a cube around every voxel: the median of a mask; what lies beyond the grid is empty. */
const medianOf = ({ shape }: Grid, body: Uint8Array, radius: number): Uint8Array => {
  let sums = Int32Array.from(body)
  for (const axis of [0, 1, 2] as const) {
    const n = shape[axis]
    const stride = axis === 0 ? 1 : axis === 1 ? shape[0] : shape[0] * shape[1]
    const next = new Int32Array(sums.length)
    for (let i = 0; i < sums.length; i++) {
      const at = Math.floor(i / stride) % n
      let sum = 0
      for (let k = Math.max(-radius, -at); k <= Math.min(radius, n - 1 - at); k++) sum += sums[i + k * stride]
      next[i] = sum
    }
    sums = next
  }
  const half = (2 * radius + 1) ** 3 / 2
  return Uint8Array.from(sums, (sum) => (sum > half ? 1 : 0))
}

/** The particle with its cracks closed and its holes filled, as the published code does; voxels count as cubes. */
const filledOf = (cubes: Grid, body: Uint8Array, others: Uint8Array, radius: number): Uint8Array => {
  const filled = closing(cubes, body, radius).closed
  const fillable = others.map((value) => (value === 0 ? 1 : 0))
  for (let i = 0; i < filled.length; i++) filled[i] &= fillable[i] | body[i]
  fillHolesInto(cubes, fillable, filled)
  return filled
}

/**
 * The measures of the published code from a window with a margin of at least the closing radius and the shell. Voxels
 * of other particles are never taken in.
 * @param label of the particle
 * @source Li et al. (2022), published code as the documentation of the attributes describes it
 */
export const publishedMeasures = (
  window: ParticleWindow,
  label: number,
  settings: PublishedSettings,
): PublishedMeasures => {
  const cubes: Grid = { shape: window.shape, spacing: [1, 1, 1] }
  const { solid, labels } = window
  const others = Uint8Array.from(labels, (other) => (other > 0 && other !== label ? 1 : 0))
  const filled = filledOf(cubes, solid, others, settings.closingRadius)
  const count = (body: Uint8Array): number => body.reduce((sum, value) => sum + value, 0)
  const [particleCount, filledCount] = [count(solid), count(filled)]
  const total = perimeterCount(cubes, solid)
  const surfaceOuter = perimeterCount(cubes, filled)
  const surfaceInner = total - surfaceOuter
  const smooth = medianOf(cubes, solid, settings.medianRadius)
  const smoothOuter = perimeterCount(cubes, medianOf(cubes, filled, settings.medianRadius))
  const smoothInner = perimeterCount(cubes, smooth) - smoothOuter
  const toFilled = squaredDistance(cubes, filled)
  const reach = settings.shell ** 2
  let [shell, touched] = [0, 0]
  for (let i = 0; i < filled.length; i++) {
    if (filled[i] !== 0 || toFilled[i] > reach || labels[i] === -1) continue
    shell++
    touched += others[i]
  }
  return {
    filledCount,
    damage: (filledCount - particleCount) / filledCount,
    surfaceOuter,
    surfaceInner,
    roughInner: surfaceInner > 0 ? smoothInner / surfaceInner : Number.NaN,
    roughOuter: smoothOuter / surfaceOuter,
    contact: shell > 0 ? touched / shell : Number.NaN,
  }
}
