import * as bytes from "../kernels/generated/distance.ts"
import { kernel } from "../kernels/loader.ts"
import type { Box } from "./brick.ts"
import { assertFills, type Grid, voxelCount } from "./volume.ts"
import { inWorkspace } from "./workspace.ts"

interface Exports {
  readonly rows: (values: number, inside: number, n: number, lines: number, most: number, out: number) => void
  readonly columns: (source: number, n: number, m: number, weight: number, most: number, out: number) => void
}

const distanceKernel = kernel<Exports>(bytes)

/** To what a distance map can be confined; each saves time. */
export interface DistanceExtent {
  /** No seed lies outside of it; the whole grid if absent */
  readonly seeds?: Box
  /** Squared distance above which the exact value is of no use: it may be anything above [m²] */
  readonly limit?: number
}

/** Stands for "no seed": adding the square of any count leaves it as it is. */
const far = 1e30

/**
 * [voxel] squared Euclidean distance between the centres of a voxel and of the nearest seed, exact but for the rounding
 * of 32 bits; above 10³⁰ where there is no seed, or above the limit [squares of the voxel edge along x]. Voxels may be
 * oblong.
 * @param seeds [voxel] not 0 where a seed is
 * @source A. Meijster, J. B. T. M. Roerdink, W. H. Hesselink, Mathematical Morphology and its Applications (2000)
 *   331–340, doi:10.1007/0-306-47025-X_36; along columns by a pruned search, which vectors do side by side
 */
export const squaredDistance = (grid: Grid, seeds: Uint8Array, extent: DistanceExtent = {}): Float32Array => {
  assertFills("seeds", grid, seeds)
  const [nx, ny, nz] = grid.shape
  const [dx, dy, dz] = grid.spacing
  const size = voxelCount(grid)
  const most = extent.limit === undefined ? far : 2 * (extent.limit / dx ** 2) + 2
  const plane = nx * ny
  const [from, to] = extent.seeds ? [extent.seeds.from[2], extent.seeds.to[2]] : [0, nz]
  return inWorkspace(9 * size, (workspace) => {
    const [values, one, other] = workspace.lay(size, 4 * size, 4 * size)
    const { rows, columns } = workspace.use(distanceKernel)
    workspace.bytes(values, size).set(seeds)
    const planes = workspace.floats(other, size)
    planes.fill(most, 0, plane * from)
    planes.fill(most, plane * to, size)
    rows(values + plane * from, 0, nx, ny * (to - from), most, one + 4 * plane * from)
    for (let z = from; z < to; z++) columns(one + 4 * plane * z, ny, nx, (dy / dx) ** 2, most, other + 4 * plane * z)
    columns(other, nz, plane, (dz / dx) ** 2, most, one)
    return workspace.floats(one, size).slice()
  })
}
