import type { Triple } from "../../image/brick.ts"
import type { Grid } from "../../image/volume.ts"

/** How work on a volume is cut into pieces. */
export interface Plan {
  /** What one thread may take for a piece [byte] */
  readonly bytes: number
  readonly threads: number
  /** Edge of cubes that was asked for [voxel] */
  readonly brick?: number
}

/** Edges of pieces, or how much the smallest piece takes where that is too much. */
export type Edges = { readonly edges: Triple } | { readonly needed: number }

/** Pieces are made so small that every thread gets several, and news comes now and then. */
const piecesPerThread = 6

const clamped = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value))

const within = (edge: number, { shape }: Grid): Triple => [
  Math.min(edge, shape[0]),
  Math.min(edge, shape[1]),
  Math.min(edge, shape[2]),
]

/**
 * Pieces that are read with a rim: whole planes where they fit, else the largest cubes that do.
 * @param bytes of a voxel, rim included
 * @param rim   voxels around the piece on every side
 */
export const pieceEdges = (grid: Grid, bytes: number, rim: number, plan: Plan): Edges => {
  const [nx, ny, nz] = grid.shape
  const most = plan.bytes / bytes
  if (plan.brick !== undefined) {
    const edges = within(plan.brick, grid)
    const size = edges.reduce((product, edge) => product * (edge + 2 * rim), 1)
    return size <= most ? { edges } : { needed: size * bytes }
  }
  const depth = Math.floor(most / ((nx + 2 * rim) * (ny + 2 * rim))) - 2 * rim
  const cube = Math.floor(Math.cbrt(most)) - 2 * rim
  if (depth < 1 && cube < 1) return { needed: bytes * (1 + 2 * rim) ** 3 }
  // What is read besides the piece itself decides.
  const excess = depth < 1 ? Number.POSITIVE_INFINITY : (depth + 2 * rim) / depth
  const cubeExcess = cube < 1 ? Number.POSITIVE_INFINITY : ((cube + 2 * rim) / cube) ** 3
  if (cubeExcess < excess) return { edges: within(cube, grid) }
  return { edges: [nx, ny, clamped(Math.ceil(nz / (piecesPerThread * plan.threads)), 1, depth)] }
}

/**
 * Pieces of whole sections, side by side along an axis.
 * @param through axis across the sections: 2 for whole planes, 1 for whole columns along z
 * @param bytes   of a voxel
 */
export const sectionEdges = ({ shape }: Grid, through: 0 | 1 | 2, bytes: number, plan: Plan): Edges => {
  const count = shape[through]
  const area = (shape[0] * shape[1] * shape[2]) / count
  const depth = Math.floor(plan.bytes / (bytes * area))
  if (depth < 1) return { needed: bytes * area }
  const wanted = Math.min(plan.brick ?? count, Math.ceil(count / (piecesPerThread * plan.threads)))
  const thick = clamped(wanted, 1, depth)
  const edges: [number, number, number] = [...shape]
  edges[through] = thick
  return { edges }
}
