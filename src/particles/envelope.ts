import { IntList } from "../array/int-list.ts"
import type { Box } from "../image/brick.ts"
import { visitSquaredDistance } from "../image/distance-planes.ts"
import type { Grid } from "../image/volume.ts"
import type { VoxelPool } from "../image/voxel-pool.ts"
import { floodFromBorderInto } from "./fill-holes.ts"
import { kinds, type ParticleWindow } from "./particle-window.ts"
import { parts } from "./parts.ts"

/** Slack against round-off in the comparison of squared lengths. */
const slack = 1 + 1e-6

/** Which of `kinds` something holds for. */
type KindTest = (kind: number) => boolean

/** [kind] 1 where the test holds */
export const kindTable = (test: KindTest): Uint8Array => Uint8Array.from(Object.values(kinds), (k) => (test(k) ? 1 : 0))

/** How far from a particle a ball of the closing comes, bit by bit. */
export const farBit = 1
export const nearBit = 2

/** How a particle is closed with a ball. */
export interface ClosingInput {
  readonly grid: Grid
  /** [voxel] as in a window */
  readonly kinds: Uint8Array
  /** [kind] 1 where it belongs to the particle */
  readonly isOwn: Uint8Array
  /** Of the particle; nothing is added outside of them */
  readonly bounds: Box
  /** Of the ball [m] */
  readonly radius: number
  /** Up to which squared distance voxels are marked as near [squares of the voxel edge along x]; none where absent */
  readonly near?: number
  /** How far below the surface of the closing depths are to be right [m]; up to the radius where absent */
  readonly depth?: number
}

/**
 * Visits whatever a ball cannot enter from outside, the particle itself left aside; the grid needs a margin of the radius
 * around the particle.
 * @param visit is told each voxel and its squared distance to the nearest one that a ball of the radius around the
 *   particle does not reach [squares of the voxel edge along x]
 * @returns [voxel] `farBit` where farther from the particle than the radius, `nearBit` where near
 */
export const visitClosing = (
  { grid, kinds: kindOf, isOwn, bounds, radius, near, depth }: ClosingInput,
  pool: VoxelPool,
  visit: (voxel: number, squaredDepth: number) => void,
): Uint8Array => {
  const [nx, ny, nz] = grid.shape
  const plane = nx * ny
  const edge = grid.spacing[0]
  const reach = (radius / edge) ** 2 * slack
  const marks = pool.bytes(plane * nz)
  const seeds = [bounds.from[2], bounds.to[2]] as const
  const nearest = near === undefined ? -1 : near
  visitSquaredDistance(
    grid,
    pool.workspace,
    // A voxel more than near, so that what is not near is known to be so.
    { seeds, planes: [0, nz], limit: Math.max(radius ** 2, nearest * edge ** 2) * slack },
    (z, out) => {
      for (let i = 0, v = plane * z; i < plane; i++, v++) out[i] = isOwn[kindOf[v]]
    },
    (z, squared) => {
      for (let i = 0, v = plane * z; i < plane; i++, v++)
        marks[v] = (squared[i] > reach ? farBit : 0) | (squared[i] <= nearest ? nearBit : 0)
    },
  )
  visitSquaredDistance(
    grid,
    pool.workspace,
    { seeds: [0, nz], planes: seeds, limit: Math.max(radius, depth ?? 0) ** 2 * slack },
    (z, out) => {
      for (let i = 0, v = plane * z; i < plane; i++, v++) out[i] = marks[v] & farBit
    },
    (z, squared) => {
      const { from, to } = bounds
      for (let y = from[1]; y < to[1]; y++)
        for (let x = from[0], i = x + nx * y; x < to[0]; x++, i++)
          if (squared[i] > reach && isOwn[kindOf[plane * z + i]] === 0) visit(plane * z + i, squared[i])
    },
  )
  return marks
}

/** In the closing and free to be taken, but not known to be deep. */
const shallow = 32

const isOwn = kindTable((kind) => kind === kinds.solid || kind === kinds.crack)
// Carbon/binder in a notch is outside; only where the particle wholly encloses it, it fills a hole.
const isFree = kindTable((kind) => kind === kinds.void)
const isFillable = kindTable((kind) => kind === kinds.void || kind === kinds.matrix)

/**
 * The outer envelope of a particle: its voxels, the cracks that a ball closes, and its holes. Of what the closing adds
 * only what belongs to a crack is kept, which somewhere lies deeper than `crackDepth`: between the steps of voxels on
 * a smooth surface, and in dents, a closing adds voxels too. From the deep voxels it is followed up to the surface.
 * Other particles are never taken in.
 * @param window     with a margin of the radius around the particle
 * @param bounds     of the particle in the window
 * @param radius     of the ball [m]
 * @param crackDepth [m]
 * @returns [voxel] of the window, from the pool: `parts`
 */
export const envelopeOf = (
  window: ParticleWindow,
  bounds: Box,
  radius: number,
  crackDepth: number,
  pool: VoxelPool,
): Uint8Array => {
  const { shape, spacing, kinds: kindOf } = window
  const out = pool.bytes(kindOf.length)
  for (let i = 0; i < out.length; i++)
    out[i] = kindOf[i] === kinds.solid ? parts.solid : kindOf[i] === kinds.crack ? parts.crack : 0
  const deep = ((radius + crackDepth) / spacing[0]) ** 2
  let front = new IntList()
  let next = new IntList()
  const input: ClosingInput = { grid: window, kinds: kindOf, isOwn, bounds, radius, depth: radius + crackDepth }
  const marks = visitClosing(input, pool, (i, squaredDepth) => {
    if (isFree[kindOf[i]] === 0) return
    if (squaredDepth < deep) out[i] = shallow
    else {
      out[i] = parts.crack
      front.push(i)
    }
  })
  pool.give(marks)
  // As many steps over faces as lead from a deep voxel to the surface, also along a diagonal.
  const steps = Math.ceil((Math.sqrt(3) * crackDepth) / Math.min(...spacing)) + 1
  const offsets = [1, -1, shape[0], -shape[0], shape[0] * shape[1], -shape[0] * shape[1]]
  for (let step = 0; step < steps && front.length > 0; step++) {
    next.clear()
    const { values } = front
    for (let k = 0; k < values.length; k++)
      for (const offset of offsets) {
        const j = values[k] + offset
        if (out[j] !== shallow) continue
        out[j] = parts.crack
        next.push(j)
      }
    const swap = front
    front = next
    next = swap
  }
  for (let i = 0; i < out.length; i++) if (out[i] === shallow) out[i] = 0
  floodFromBorderInto(window, parts.outside, out)
  for (let i = 0; i < out.length; i++)
    if (out[i] === 0) out[i] = isFillable[kindOf[i]] !== 0 ? parts.crack : parts.outside
  return out
}
