import { dimensionOf, type Grid } from "./volume.ts"

export type Triple = readonly [number, number, number]

/** A box of voxels along x, y and z; `from` inclusive, `to` exclusive. */
export interface Box {
  readonly from: Triple
  readonly to: Triple
}

/** Voxels of a box along x, y and z. */
export const boxShape = ({ from, to }: Box): Triple => [to[0] - from[0], to[1] - from[1], to[2] - from[2]]

/** Number of voxels of a box. */
export const boxSize = (box: Box): number => boxShape(box).reduce((product, edge) => product * edge, 1)

/** The box of a whole grid. */
export const wholeOf = ({ shape }: Grid): Box => ({ from: [0, 0, 0], to: shape })

/** The box with a halo of some voxels on every side, cut at the border of the grid. A plane grid has none along z. */
export const widened = (box: Box, halo: number, grid: Grid): Box => {
  const depth = dimensionOf(grid) === 3 ? halo : 0
  const reach: Triple = [halo, halo, depth]
  const at = (axis: 0 | 1 | 2): readonly [number, number] => [
    Math.max(0, box.from[axis] - reach[axis]),
    Math.min(grid.shape[axis], box.to[axis] + reach[axis]),
  ]
  const [x, y, z] = [at(0), at(1), at(2)]
  return { from: [x[0], y[0], z[0]], to: [x[1], y[1], z[1]] }
}

/**
 * Boxes of at most the given edges that fill a grid without overlap, x fastest.
 * @param edge largest voxels of a box along x, y and z, each ≥ 1
 */
export const bricksOf = ({ shape }: Grid, edge: Triple): readonly Box[] => {
  for (const length of edge) {
    if (!(Number.isInteger(length) && length >= 1)) throw new RangeError(`a brick has an edge of ${length} voxels`)
  }
  const [nx, ny, nz] = shape
  const boxes: Box[] = []
  for (let z = 0; z < nz; z += edge[2])
    for (let y = 0; y < ny; y += edge[1])
      for (let x = 0; x < nx; x += edge[0])
        boxes.push({
          from: [x, y, z],
          to: [Math.min(nx, x + edge[0]), Math.min(ny, y + edge[1]), Math.min(nz, z + edge[2])],
        })
  return boxes
}
