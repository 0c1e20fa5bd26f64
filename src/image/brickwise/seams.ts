import { type Box, boxShape, bricksOf, type Triple } from "../brick.ts"
import type { Grid } from "../volume.ts"

/** A plane between boxes: the two layers of voxels on both sides of it. */
export interface Seam {
  /** Normal to the plane */
  readonly axis: 0 | 1 | 2
  /** Two voxels thick along the axis, as large as a box along the others */
  readonly box: Box
}

/** All planes between the boxes of `bricksOf(grid, edge)`, cut as the boxes are. */
export const seamsOf = (grid: Grid, edge: Triple): readonly Seam[] =>
  ([0, 1, 2] as const).flatMap((axis) =>
    bricksOf(grid, edge)
      .filter(({ from }) => from[axis] > 0)
      .map(({ from, to }) => {
        const at = (other: 0 | 1 | 2): readonly [number, number] =>
          other === axis ? [from[axis] - 1, from[axis] + 1] : [from[other], to[other]]
        const [x, y, z] = [at(0), at(1), at(2)]
        return { axis, box: { from: [x[0], y[0], z[0]], to: [x[1], y[1], z[1]] } }
      }),
  )

/** The box with a rim on every side, also where it reaches out of the volume. */
export const rimmed = ({ from, to }: Box, rim: number): Box => ({
  from: [from[0] - rim, from[1] - rim, from[2] - rim],
  to: [to[0] + rim, to[1] + rim, to[2] + rim],
})

/** Where the rows of a box lie in the values of a larger one: index of the first voxel, and of the one after the last. */
export function* rowsOf(box: Box, within: Box): Generator<{ readonly from: number; readonly to: number }> {
  const [wx, wy] = boxShape(within)
  const [x0, y0, z0] = within.from
  for (let z = box.from[2]; z < box.to[2]; z++)
    for (let y = box.from[1]; y < box.to[1]; y++) {
      const from = box.from[0] - x0 + wx * (y - y0 + wy * (z - z0))
      yield { from, to: from + box.to[0] - box.from[0] }
    }
}
