import { IntList } from "../array/int-list.ts"
import type { Grid } from "../image/volume.ts"

/**
 * Marks what can be reached from the border of the grid, over faces, through voxels of value 0; run by run along x. The
 * border of a plane is its outline.
 * @param values [voxel]
 */
export const floodFromBorderInto = ({ shape: [nx, ny, nz] }: Grid, mark: number, values: Uint8Array): void => {
  const layer = nx * ny
  const stack = new IntList()
  /** Puts the first voxel of every run of zeros of a row between two voxels on the stack. */
  const look = (first: number, last: number): void => {
    for (let i = first; i <= last; i++) {
      if (values[i] !== 0) continue
      stack.push(i)
      while (i < last && values[i + 1] === 0) i++
    }
  }
  const flood = (from: number): void => {
    stack.push(from)
    while (stack.length > 0) {
      const i = stack.pop()
      if (values[i] !== 0) continue
      const x = i % nx
      const rest = (i - x) / nx
      const y = rest % ny
      const z = (rest - y) / ny
      const row = i - x
      let [low, high] = [i, i]
      while (low > row && values[low - 1] === 0) low--
      while (high < row + nx - 1 && values[high + 1] === 0) high++
      values.fill(mark, low, high + 1)
      if (y > 0) look(low - nx, high - nx)
      if (y < ny - 1) look(low + nx, high + nx)
      if (z > 0) look(low - layer, high - layer)
      if (z < nz - 1) look(low + layer, high + layer)
    }
  }
  for (let z = 0, row = 0; z < nz; z++)
    for (let y = 0; y < ny; y++, row += nx) {
      const isRim = (nz > 1 && (z === 0 || z === nz - 1)) || (ny > 1 && (y === 0 || y === ny - 1))
      const step = isRim ? 1 : Math.max(1, nx - 1)
      if (isRim || nx > 1) for (let i = row; i < row + nx; i += step) if (values[i] === 0) flood(i)
    }
}
