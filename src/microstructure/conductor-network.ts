import { type ConductorVoxels, cellsAt, type VolumeFace } from "./conductor-voxels.ts"
import type { ElectronNetwork } from "./electrode-network.ts"
import { networkOfPieces } from "./piece-network.ts"

/**
 * The electron network of the pieces of a conductor in voxels.
 * @param piece     [cell] from 1, each connected across faces
 * @param isHigh    [piece] from 0, which stands for the collector
 * @param collector face of the volume at which the collector lies
 * @returns positions in the axes of the volume, from its low corner [m]
 */
export const conductorNetwork = (
  cells: ConductorVoxels,
  piece: Int32Array,
  isHigh: Uint8Array,
  collector: VolumeFace,
): ElectronNetwork => {
  const { grid, count, voxel, neighbour, shape, edgeStart, edgeCell, edgeShape } = cells
  const pieces = isHigh.length
  const base = cellsAt(cells, collector)
  // Every contact along an edge is listed from both sides.
  let links = base.length + edgeCell.length / 2
  for (let at = 0; at < neighbour.length; at++) if ((at & 1) === 1 && neighbour[at] >= 0) links++
  const one = new Int32Array(links)
  const other = new Int32Array(links)
  const linkShape = new Float64Array(links)
  let link = 0
  for (let cell = 0; cell < count; cell++)
    for (let d = 1; d < 6; d += 2) {
      if (neighbour[6 * cell + d] < 0) continue
      one[link] = cell
      other[link] = neighbour[6 * cell + d]
      linkShape[link++] = shape[d >> 1]
    }
  for (let cell = 0; cell < count; cell++)
    for (let at = edgeStart[cell]; at < edgeStart[cell + 1]; at++) {
      if (edgeCell[at] < cell) continue
      one[link] = cell
      other[link] = edgeCell[at]
      linkShape[link++] = edgeShape
    }
  for (const cell of base) {
    one[link] = cell
    other[link] = -1
    // From the middle of the voxel to its face only.
    linkShape[link++] = 2 * shape[collector.axis]
  }
  const position = new Float64Array(3 * pieces)
  const size = new Float64Array(pieces)
  const [nx, ny] = grid.shape
  for (let cell = 0; cell < count; cell++) {
    const [p, i] = [piece[cell], voxel[cell]]
    size[p]++
    position[3 * p] += ((i % nx) + 0.5) * grid.spacing[0]
    position[3 * p + 1] += ((Math.floor(i / nx) % ny) + 0.5) * grid.spacing[1]
    position[3 * p + 2] += (Math.floor(i / (nx * ny)) + 0.5) * grid.spacing[2]
  }
  for (let p = 1; p < pieces; p++) for (let axis = 0; axis < 3; axis++) position[3 * p + axis] /= size[p]
  for (let axis = 0; axis < 3; axis++) {
    const extent = grid.shape[axis] * grid.spacing[axis]
    position[axis] = axis === collector.axis ? collector.end * extent : extent / 2
  }
  return networkOfPieces({
    pieces,
    piece,
    weight: new Float64Array(count).fill(1),
    one,
    other,
    shape: linkShape,
    isHigh,
    position,
  })
}
