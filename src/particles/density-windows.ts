import { assertLength } from "../array/assert.ts"
import type { Box, Triple } from "../image/brick.ts"
import type { Grid } from "../image/volume.ts"

/** Counts the voxels of particles in boxes while layers of the volume pass by, in order from z = 0. */
export interface WindowCounter {
  /**
   * Takes the next layer.
   * @param labels [y, x] of the layer; voxels > 0 belong to particles
   */
  readonly addLayer: (labels: ArrayLike<number>) => void
  /**
   * [box] share of particle voxels in each box, within the volume; NaN where a box lies outside of it.
   * @throws RangeError before the last layer
   */
  readonly shares: () => Float64Array
}

/**
 * Shares of particles in boxes, which may overlap and reach beyond the volume. Whole numbers are summed, so that the
 * result is exact however the volume is stored; memory is one layer.
 * @param boxes [box] along x, y, z [voxel]
 */
export const windowCounter = ({ shape: [nx, ny, nz] }: Grid, boxes: readonly Box[]): WindowCounter => {
  const clipped = boxes.map(({ from, to }): Box => {
    const low = (axis: 0 | 1 | 2): number => Math.max(0, from[axis])
    return { from: [low(0), low(1), low(2)], to: [Math.min(nx, to[0]), Math.min(ny, to[1]), Math.min(nz, to[2])] }
  })
  const counts = new Float64Array(boxes.length)
  const stride = nx + 1
  const sums = new Int32Array(stride * (ny + 1))
  // Boxes by the layer in which they begin, and those that the present layer meets.
  const beginning = new Map<number, number[]>()
  clipped.forEach(({ from, to }, box) => {
    if (to[0] <= from[0] || to[1] <= from[1] || to[2] <= from[2]) return
    const list = beginning.get(from[2])
    if (list) list.push(box)
    else beginning.set(from[2], [box])
  })
  let open: number[] = []
  let layer = 0
  return {
    addLayer: (labels) => {
      assertLength("layer", labels, nx * ny)
      if (layer >= nz) throw new RangeError(`the volume has ${nz} layers; one more was given`)
      open = [...open.filter((box) => clipped[box].to[2] > layer), ...(beginning.get(layer) ?? [])]
      layer++
      if (open.length === 0) return
      for (let y = 0, i = 0; y < ny; y++)
        for (let x = 0, row = 0, at = stride * (y + 1) + 1; x < nx; x++, i++, at++) {
          if (labels[i] > 0) row++
          sums[at] = sums[at - stride] + row
        }
      for (const box of open) {
        const { from, to } = clipped[box]
        const [low, high] = [stride * from[1], stride * to[1]]
        counts[box] += sums[high + to[0]] - sums[high + from[0]] - sums[low + to[0]] + sums[low + from[0]]
      }
    },
    shares: () => {
      if (layer < nz) throw new RangeError(`the volume has ${nz} layers; ${layer} were given`)
      return counts.map((count, box) => {
        const { from, to } = clipped[box]
        const size = [0, 1, 2].reduce((product, axis) => product * Math.max(0, to[axis] - from[axis]), 1)
        return size > 0 ? count / size : Number.NaN
      })
    },
  }
}

/**
 * Voxels whose centres lie in a cube about a point; it may reach beyond the volume.
 * @param centre [m]
 * @param edge   [m]
 */
export const cubeAround = (centre: Triple, edge: number, spacing: Triple): Box => {
  const at = (axis: 0 | 1 | 2, side: number): number =>
    Math.ceil((centre[axis] + (side * edge) / 2) / spacing[axis] - 0.5)
  return { from: [at(0, -1), at(1, -1), at(2, -1)], to: [at(0, 1), at(1, 1), at(2, 1)] }
}

/** A box widened by a length on every side, to whole voxels [m]. */
export const boxWidenedBy = ({ from, to }: Box, length: number, spacing: Triple): Box => {
  const halo = spacing.map((edge) => Math.round(length / edge))
  return {
    from: [from[0] - halo[0], from[1] - halo[1], from[2] - halo[2]],
    to: [to[0] + halo[0], to[1] + halo[1], to[2] + halo[2]],
  }
}
