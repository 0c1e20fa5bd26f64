import * as bytes from "../../kernels/generated/distance.ts"
import { kernel } from "../../kernels/loader.ts"
import type { Workspace } from "../../kernels/workspace.ts"
import type { Triple } from "../brick.ts"
import type { Grid } from "../volume.ts"

interface Exports {
  readonly rows: (values: number, inside: number, n: number, lines: number, most: number, out: number) => void
  readonly columns: (source: number, n: number, m: number, weight: number, most: number, out: number) => void
  readonly rooted: (values: number, count: number, scale: number) => void
}

const distanceKernel = kernel<Exports>(bytes)

/** Stands for "no other voxel on this line": adding the square of any count leaves it as it is. */
const far = 1e30

/** Bytes a voxel that the passes lay out. */
export const planeDistanceBytes = 9
export const columnDistanceBytes = 8

/** Squared voxel edges along y and z in units of that along x. */
const weightsOf = ([x, y, z]: Triple): readonly [number, number] => [(y / x) ** 2, (z / x) ** 2]

/**
 * First pass of an exact distance transform, over whole planes: squared distance within its plane of every voxel whose
 * value is `inside` to the nearest other one, 0 from the others. What lies beyond the volume counts for nothing.
 *
 * Both passes take exact minima over the same sums whatever part of a volume they see: the result cannot depend on it.
 *
 * @param shape   voxels along x, y and z; whole planes of the volume
 * @param spacing edges of a voxel [m]
 * @returns `values` [voxel] to be filled; `run` gives [voxel] squares [voxel² along x], valid until the workspace is
 *   used again
 * @source A. Meijster, J. B. T. M. Roerdink, W. H. Hesselink, Mathematical Morphology and its Applications (2000)
 *   331–340, doi:10.1007/0-306-47025-X_36; along columns by a pruned search, which vectors do side by side
 */
export const planeDistance = (work: Workspace, shape: Triple, spacing: Triple, inside: number) => {
  const [nx, ny, nz] = shape
  const size = nx * ny * nz
  const [values, along, out] = work.lay(size, 4 * size, 4 * size)
  return {
    values: work.bytes(values, size),
    run: (): Float32Array => {
      const { rows, columns } = work.use(distanceKernel)
      const [weight] = weightsOf(spacing)
      rows(values, inside, nx, ny * nz, far, along)
      const plane = 4 * nx * ny
      for (let z = 0; z < nz; z++) columns(along + z * plane, ny, nx, weight, far, out + z * plane)
      return work.floats(out, size)
    },
  }
}

/**
 * Second pass, over whole columns along z: distances from the squares of the first.
 * @param shape voxels along x, y and z; any of x and y, all of z
 * @param grid  the volume as a whole: a mask that fills it has distances as long as its diagonal
 * @returns `squares` [voxel] to be filled; `run` gives [voxel] distances [m], valid until the workspace is used again
 */
export const columnDistance = (work: Workspace, shape: Triple, grid: Grid) => {
  const [nx, ny, nz] = shape
  const size = nx * ny * nz
  const [squares, out] = work.lay(4 * size, 4 * size)
  return {
    squares: work.floats(squares, size),
    run: (): Float32Array => {
      const { columns, rooted } = work.use(distanceKernel)
      const [, weight] = weightsOf(grid.spacing)
      columns(squares, nz, nx * ny, weight, far, out)
      const distances = work.floats(out, size)
      const longest = grid.shape.reduce((sum, n, axis) => sum + (n * grid.spacing[axis]) ** 2, 0)
      const most = longest / grid.spacing[0] ** 2
      for (let i = 0; i < size; i++) if (distances[i] > most) distances[i] = most
      rooted(out, size, grid.spacing[0])
      return distances
    },
  }
}

/** Slack against round-off in the comparison of squared lengths. */
const slack = 1 + 1e-6

/** Bytes a voxel that `ballStage` lays out. */
export const ballBytes = 9

/**
 * Dilations and erosions of a box by exact Euclidean balls.
 * @param shape voxels along x, y and z
 * @returns `mask` [voxel] 0 or 1, to be filled; each step changes it in place. Voxels closer to an edge of the box than
 *   the radii of all steps together are right only where the volume ends there too.
 */
export const ballStage = (work: Workspace, shape: Triple, spacing: Triple) => {
  const [nx, ny, nz] = shape
  const size = nx * ny * nz
  const [values, one, other] = work.lay(size, 4 * size, 4 * size)
  const mask = work.bytes(values, size)
  const squares = work.floats(one, size)
  /** Squared distance from voxels of value `from` to the nearest other one, as far as it matters. */
  const measure = (from: number, reach: number): void => {
    const { rows, columns } = work.use(distanceKernel)
    const [wy, wz] = weightsOf(spacing)
    const most = 2 * reach + 2
    const plane = 4 * nx * ny
    rows(values, from, nx, ny * nz, most, one)
    for (let z = 0; z < nz; z++) columns(one + z * plane, ny, nx, wy, most, other + z * plane)
    columns(other, nz, nx * ny, wz, most, one)
  }
  const reachOf = (radius: number): number => (radius / spacing[0]) ** 2 * slack
  return {
    mask,
    /** Adds every voxel whose centre is within the radius [m] of the mask. */
    dilate: (radius: number): void => {
      const reach = reachOf(radius)
      measure(0, reach)
      for (let i = 0; i < size; i++) mask[i] = squares[i] <= reach ? 1 : 0
    },
    /** Keeps voxels without a voxel outside the mask within the radius [m]; beyond the box all counts as inside. */
    erode: (radius: number): void => {
      const reach = reachOf(radius)
      measure(1, reach)
      for (let i = 0; i < size; i++) mask[i] = squares[i] > reach ? 1 : 0
    },
  }
}
