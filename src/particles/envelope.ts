import { squaredDistance } from "../image/squared-distance.ts"
import type { Grid } from "../image/volume.ts"

/** What an envelope is built from; arrays are [voxel]. */
export interface EnvelopeInput extends Grid {
  /** Not 0 in the particle; none may lie at the border of the grid */
  readonly own: Uint8Array
  /** Not 0 where the closing may add: neither other particles nor anything else that is known to be outside */
  readonly free: Uint8Array
  /** Not 0 where a hole may be filled */
  readonly fillable: Uint8Array
}

/** Slack against round-off in the comparison of squared lengths. */
const slack = 1 + 1e-9

/** The closing of a particle with a ball, and how deep below its surface a voxel lies. */
interface Closing {
  /** [voxel] 1 in the closing */
  readonly closed: Uint8Array
  /** [voxel] squared distance to the nearest voxel that a ball of the radius around the particle does not reach [m²] */
  readonly squaredDepth: Float64Array
}

/** Whatever a ball cannot enter from outside; the grid needs a margin of the radius around the particle. */
export const closing = (grid: Grid, own: Uint8Array, radius: number): Closing => {
  const reach = radius * radius * slack
  const toOwn = squaredDistance(grid, own)
  const away = new Uint8Array(own.length)
  for (let i = 0; i < away.length; i++) away[i] = toOwn[i] > reach ? 1 : 0
  const squaredDepth = squaredDistance(grid, away)
  const closed = new Uint8Array(own.length)
  for (let i = 0; i < closed.length; i++) closed[i] = own[i] !== 0 || squaredDepth[i] > reach ? 1 : 0
  return { closed, squaredDepth }
}

/**
 * Fills what does not reach the border of the grid, over faces.
 * @param body     [voxel] not 0 where filled already; completed in place
 * @param fillable [voxel] not 0 where a hole may be filled
 */
export const fillHolesInto = ({ shape: [nx, ny, nz] }: Grid, fillable: Uint8Array, body: Uint8Array): void => {
  const layer = nx * ny
  const reached = new Uint8Array(body.length)
  const stack = new Int32Array(body.length)
  let top = 0
  const push = (i: number): void => {
    if (reached[i] !== 0 || body[i] !== 0) return
    reached[i] = 1
    stack[top++] = i
  }
  for (let z = 0; z < nz; z++)
    for (let y = 0; y < ny; y++) {
      const row = nx * (y + ny * z)
      const whole = z === 0 || y === 0 || z === nz - 1 || y === ny - 1
      for (let x = 0; x < nx; x += whole || nx === 1 ? 1 : nx - 1) push(row + x)
    }
  while (top > 0) {
    const i = stack[--top]
    const x = i % nx
    const y = Math.floor(i / nx) % ny
    if (x > 0) push(i - 1)
    if (x < nx - 1) push(i + 1)
    if (y > 0) push(i - nx)
    if (y < ny - 1) push(i + nx)
    if (i >= layer) push(i - layer)
    if (i < body.length - layer) push(i + layer)
  }
  for (let i = 0; i < body.length; i++) if (reached[i] === 0 && fillable[i] !== 0) body[i] = 1
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
  const { own, free, fillable, shape, spacing } = input
  const { closed, squaredDepth } = closing(input, own, radius)
  const body = Uint8Array.from(own, (value) => (value !== 0 ? 1 : 0))
  const deep = (radius + crackDepth) ** 2
  const stack: number[] = []
  for (let i = 0; i < body.length; i++) {
    if (closed[i] === 0 || body[i] !== 0 || free[i] === 0 || squaredDepth[i] < deep) continue
    body[i] = 1
    stack.push(i)
  }
  // As many steps as lead from the least depth of a deep voxel to the surface.
  const steps = Math.ceil(crackDepth / Math.min(...spacing)) + 1
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
