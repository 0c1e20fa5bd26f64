import * as ascentBytes from "../../kernels/generated/ascent.ts"
import * as saddleBytes from "../../kernels/generated/saddles.ts"
import { kernel } from "../../kernels/loader.ts"
import type { Workspace } from "../../kernels/workspace.ts"
import { type Box, boxShape, boxSize, type Triple } from "../brick.ts"
import type { Grid } from "../volume.ts"

interface AscentExports {
  readonly point: (field: number, nx: number, ny: number, nz: number, weights: number, out: number) => void
  readonly resolve: (field: number, nx: number, ny: number, nz: number, pointers: number, ends: number) => number
  readonly numbered: (pointers: number, count: number, base: number) => void
}

interface SaddleExports {
  readonly gather: (
    basins: number,
    field: number,
    nx: number,
    ny: number,
    nz: number,
    origin: number,
    wholeX: number,
    wholeY: number,
    table: number,
    bits: number,
  ) => number
  readonly pack: (table: number, bits: number) => number
}

const ascentKernel = kernel<AscentExports>(ascentBytes)
const saddleKernel = kernel<SaddleExports>(saddleBytes)

/** One over the distance to each of the 26 neighbours, 0 to the voxel itself. */
const weightsOf = (spacing: Triple): readonly number[] => {
  const weights: number[] = []
  for (let z = -1; z <= 1; z++)
    for (let y = -1; y <= 1; y++)
      for (let x = -1; x <= 1; x++) {
        const length = Math.hypot(x * spacing[0], y * spacing[1], z * spacing[2]) / spacing[0]
        weights.push(length === 0 ? 0 : 1 / length)
      }
  return weights
}

/** Most ends that paths in a box can have: peaks are no neighbours of each other, the others lie on the rim. */
const mostEnds = ([nx, ny, nz]: Triple): number => {
  const peaks = [nx, ny, nz].reduce((product, n) => product * Math.ceil((n - 2) / 2), 1)
  return peaks + nx * ny * nz - (nx - 2) * (ny - 2) * (nz - 2)
}

/** Bytes a voxel that `boxBasins` lays out, besides those of the rim. */
export const basinBytes = 8.5

/** Ends of the steepest paths in a box. */
export interface PathEnds {
  /** [end] voxel within the box, on a peak or on the rim */
  readonly at: Int32Array
  readonly count: number
}

/**
 * Where the steepest paths upward lead from every voxel of a box: to a peak within it, or out of it.
 *
 * From each voxel the path goes to the neighbour of 26 toward which the field rises most steeply; where none is higher,
 * to the last equal one after it in scan order; otherwise it is a peak. (Value, place) rises along every path, so that
 * none is closed, and where it leads does not depend on boxes.
 *
 * @param shape   voxels along x, y and z with a rim of one voxel on every side, which paths may enter but not leave
 * @param spacing edges of a voxel [m]
 * @returns `field` [voxel] to be filled, 0 outside; `run` finds the ends; `numbered` gives [voxel] the number of the end,
 *   `base` + 1 for the first, 0 outside, valid until the workspace is used again
 * @source S. Beucher, F. Meyer, in Mathematical Morphology in Image Processing (1993) 433–481; "drop of water":
 *   J. Cousty, G. Bertrand, L. Najman, M. Couprie, IEEE Trans. PAMI 31 (2009) 1362–1374, doi:10.1109/TPAMI.2008.173
 */
export const boxBasins = (work: Workspace, shape: Triple, spacing: Triple) => {
  const [nx, ny, nz] = shape
  const size = nx * ny * nz
  const weights = weightsOf(spacing)
  const [field, pointers, slopes, ends] = work.lay(4 * size, 4 * size, 4 * weights.length, 4 * mostEnds(shape))
  const { point, resolve, numbered } = work.use(ascentKernel)
  const pointed = (): void => {
    work.floats(slopes, weights.length).set(weights)
    point(field, nx, ny, nz, slopes, pointers)
  }
  return {
    field: work.floats(field, size),
    run: (): PathEnds => {
      pointed()
      const count = resolve(field, nx, ny, nz, pointers, ends)
      return { at: work.ints(ends, count), count }
    },
    numbered: (base: number): Int32Array => {
      numbered(pointers, size, base)
      return work.ints(pointers, size)
    },
    /** [voxel] the voxel that each points to: itself on peaks, outside and on the rim. */
    pointers: (): Int32Array => {
      pointed()
      return work.ints(pointers, size)
    },
  }
}

/** Highest passes between touching basins. */
export interface Saddles {
  /** [pass, 2] numbers of both basins, the lower first */
  readonly basins: Int32Array
  /** [pass] value of the lower of the two voxels [that of the field] */
  readonly height: Float32Array
  /** [pass] which pair of voxels it is, unique in the volume: orders passes of equal height */
  readonly place: Float64Array
}

/** Bytes of an entry of the table of passes. */
const entryBytes = 24
/** Bytes a voxel that a task with `boxSaddles` takes: both arrays, the table, phases. */
export const passBytes = 12

/**
 * Highest passes between the basins that touch in a box: max over pairs of neighbours (26) of the lower value. A pair
 * belongs to the box in which its first voxel lies, so that boxes without overlap that fill a volume see each once.
 * @param box  rim of one voxel included; may reach out of the volume
 * @returns `basins` [voxel] (0 outside) and `field` [voxel], both to be filled; `run` gives the passes
 */
export const boxSaddles = (work: Workspace, box: Box, grid: Grid) => {
  const [nx, ny, nz] = boxShape(box)
  const size = boxSize(box)
  const [wholeX, wholeY] = grid.shape
  const origin = box.from[0] + wholeX * (box.from[1] + wholeY * box.from[2])
  // A row of pairs that are all new must fit in half of the table.
  const fewest = Math.ceil(Math.log2(64 * nx))
  let bits = Math.max(16, fewest)
  const lay = (): readonly number[] => work.lay(4 * size, 4 * size, entryBytes * 2 ** bits)
  const [basins, field] = lay()
  const { gather, pack } = work.use(saddleKernel)
  return {
    basins: work.ints(basins, size),
    field: work.floats(field, size),
    run: (): Saddles => {
      let table = lay()[2]
      for (;;) {
        work.bytes(table, entryBytes * 2 ** bits).fill(0)
        const found = gather(basins, field, nx, ny, nz, origin, wholeX, wholeY, table, bits)
        if (found >= 0) break
        bits += 2
        table = lay()[2]
      }
      const count = pack(table, bits)
      const ints = work.ints(table, 6 * count)
      const floats = work.floats(table, 6 * count)
      const doubles = work.doubles(table, 3 * count)
      return {
        basins: Int32Array.from({ length: 2 * count }, (_, k) => ints[6 * (k >> 1) + (k & 1)]),
        height: Float32Array.from({ length: count }, (_, k) => floats[6 * k + 2]),
        place: Float64Array.from({ length: count }, (_, k) => doubles[3 * k + 2]),
      }
    },
  }
}
