import type { Box } from "../image/brick.ts"
import { squaredDistance } from "../image/squared-distance.ts"
import type { Grid } from "../image/volume.ts"

/** What an envelope is built from; arrays are [voxel]. */
export interface EnvelopeInput extends Grid {
  /** 1 in the particle, otherwise 0; none may lie at the border of the grid */
  readonly own: Uint8Array
  /** Of the particle in the grid */
  readonly bounds: Box
  /** Not 0 where the closing may add: neither other particles nor anything else that is known to be outside */
  readonly free: Uint8Array
  /** Not 0 where a hole may be filled */
  readonly fillable: Uint8Array
}

/** Slack against round-off in the comparison of squared lengths. */
const slack = 1 + 1e-6

/** The closing of a particle with a ball, and how deep below its surface a voxel lies. */
interface Closing {
  /** [voxel] 1 in the closing */
  readonly closed: Uint8Array
  /** [voxel] squared distance to the nearest voxel that a ball of the radius around the particle does not reach, in squares of the voxel edge along x */
  readonly squaredDepth: Float32Array
  /** [voxel] squared distance to the particle, in squares of the voxel edge along x */
  readonly toOwn: Float32Array
}

/** How far the distances of a closing are to be right, where beyond its radius [m]. */
interface Known {
  readonly away?: number
  readonly depth?: number
}

/**
 * Whatever a ball cannot enter from outside; the grid needs a margin of the radius around the particle.
 * @param bounds of the particle; nothing is added outside of them, and only there depths are known
 */
export const closing = (grid: Grid, own: Uint8Array, bounds: Box, radius: number, known: Known = {}): Closing => {
  const reach = (radius / grid.spacing[0]) ** 2 * slack
  const toOwn = squaredDistance(grid, own, { seeds: bounds, limit: Math.max(radius, known.away ?? 0) ** 2 * slack })
  const away = new Uint8Array(own.length)
  for (let i = 0; i < away.length; i++) away[i] = toOwn[i] > reach ? 1 : 0
  const squaredDepth = squaredDistance(grid, away, { limit: Math.max(radius, known.depth ?? 0) ** 2 * slack })
  const closed = own.slice()
  const [nx, ny] = grid.shape
  const { from, to } = bounds
  for (let z = from[2]; z < to[2]; z++)
    for (let y = from[1]; y < to[1]; y++)
      for (let x = from[0], i = x + nx * (y + ny * z); x < to[0]; x++, i++) if (squaredDepth[i] > reach) closed[i] = 1
  return { closed, squaredDepth, toOwn }
}

/**
 * Fills what does not reach the border of the grid, over faces.
 * @param body     [voxel] not 0 where filled already; completed in place
 * @param fillable [voxel] not 0 where a hole may be filled
 */
export const fillHolesInto = ({ shape: [nx, ny, nz] }: Grid, fillable: Uint8Array, body: Uint8Array): void => {
  const layer = nx * ny
  // 1 where the body or what the flood from the border has reached; a shell around the grid spares looking for its end.
  const [px, py] = [nx + 2, ny + 2]
  const player = px * py
  const taken = new Uint8Array(player * (nz + 2)).fill(1)
  for (let z = 0; z < nz; z++)
    for (let y = 0; y < ny; y++) {
      const from = nx * y + layer * z
      taken.set(body.subarray(from, from + nx), 1 + px * (y + 1) + player * (z + 1))
    }
  const stack = new Int32Array(body.length)
  let top = 0
  for (let z = 1; z <= nz; z++)
    for (let y = 1; y <= ny; y++) {
      const step = z === 1 || y === 1 || z === nz || y === ny || nx === 1 ? 1 : nx - 1
      for (let x = 1; x <= nx; x += step) {
        const i = x + px * y + player * z
        if (taken[i] !== 0) continue
        taken[i] = 1
        stack[top++] = i
      }
    }
  while (top > 0) {
    const i = stack[--top]
    if (taken[i - 1] === 0) stack[top++] = mark(taken, i - 1)
    if (taken[i + 1] === 0) stack[top++] = mark(taken, i + 1)
    if (taken[i - px] === 0) stack[top++] = mark(taken, i - px)
    if (taken[i + px] === 0) stack[top++] = mark(taken, i + px)
    if (taken[i - player] === 0) stack[top++] = mark(taken, i - player)
    if (taken[i + player] === 0) stack[top++] = mark(taken, i + player)
  }
  for (let z = 0, i = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0, t = 1 + px * (y + 1) + player * (z + 1); x < nx; x++, i++, t++)
        if (taken[t] === 0 && fillable[i] !== 0) body[i] = 1
}

const mark = (taken: Uint8Array, at: number): number => {
  taken[at] = 1
  return at
}

/**
 * The outer envelope of a particle: its voxels, the cracks that a ball closes, and its holes. Of what the closing adds
 * only what belongs to a crack is kept, which somewhere lies deeper than `crackDepth`: between the steps of voxels on
 * a smooth surface, and in dents, a closing adds voxels too. From the deep voxels it is followed up to the surface.
 *
 * The grid needs a margin of the radius around the particle.
 * @param radius     of the ball [m]
 * @param crackDepth [m]
 * @returns [voxel] 1 within
 */
export const envelopeOf = (input: EnvelopeInput, radius: number, crackDepth: number): Uint8Array => {
  const { own, bounds, free, fillable, shape, spacing } = input
  const { closed, squaredDepth } = closing(input, own, bounds, radius, { depth: radius + crackDepth })
  const body = own.slice()
  const deep = ((radius + crackDepth) / spacing[0]) ** 2
  const stack: number[] = []
  for (let i = 0; i < body.length; i++) {
    if (closed[i] === 0 || body[i] !== 0 || free[i] === 0 || squaredDepth[i] < deep) continue
    body[i] = 1
    stack.push(i)
  }
  // As many steps over faces as lead from a deep voxel to the surface, also along a diagonal.
  const steps = Math.ceil((Math.sqrt(3) * crackDepth) / Math.min(...spacing)) + 1
  const offsets = [1, -1, shape[0], -shape[0], shape[0] * shape[1], -shape[0] * shape[1]]
  let front = stack
  for (let step = 0; step < steps && front.length > 0; step++) {
    const next: number[] = []
    for (const i of front)
      for (const offset of offsets) {
        const j = i + offset
        if (body[j] !== 0 || closed[j] === 0 || free[j] === 0) continue
        body[j] = 1
        next.push(j)
      }
    front = next
  }
  fillHolesInto(input, fillable, body)
  return body
}
