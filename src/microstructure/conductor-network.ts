import { type ConductorVoxels, cellsAt, type VolumeFace } from "./conductor-voxels.ts"
import type { ElectronNetwork } from "./electrode-network.ts"
import { networkOfPieces } from "./piece-network.ts"

/**
 * The electron network of the pieces of a conductor in voxels.
 * @param piece     [cell] from 1, each connected across faces
 * @param isHigh    [piece] from 0, which stands for the collector
 * @param collector face of the volume at which the collector lies
 * @param plate     another face that becomes one node, behind all pieces: to measure conductance between both
 * @returns positions in the axes of the volume, from its low corner [m]
 */
export const conductorNetwork = (
  cells: ConductorVoxels,
  piece: Int32Array,
  isHigh: Uint8Array,
  collector: VolumeFace,
  plate?: VolumeFace,
): ElectronNetwork => {
  const { grid, count, voxel, neighbour, shape, edgeStart, edgeCell, edgeShape } = cells
  const pieces = isHigh.length + (plate === undefined ? 0 : 1)
  const ends = [collector, ...(plate === undefined ? [] : [plate])].map((face) => ({ face, at: cellsAt(cells, face) }))
  // Every contact along an edge is listed from both sides.
  let links = ends.reduce((sum, { at }) => sum + at.length, 0) + edgeCell.length / 2
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
  ends.forEach(({ face, at }, end) => {
    for (const cell of at) {
      one[link] = cell
      other[link] = -1 - end
      linkShape[link++] = shape[face.axis]
    }
  })
  const position = new Float64Array(3 * pieces)
  const size = new Float64Array(pieces)
  const place = new Float64Array(3 * count)
  const [nx, ny] = grid.shape
  for (let cell = 0; cell < count; cell++) {
    const [p, i] = [piece[cell], voxel[cell]]
    size[p]++
    place[3 * cell] = ((i % nx) + 0.5) * grid.spacing[0]
    place[3 * cell + 1] = ((Math.floor(i / nx) % ny) + 0.5) * grid.spacing[1]
    place[3 * cell + 2] = (Math.floor(i / (nx * ny)) + 0.5) * grid.spacing[2]
    for (let axis = 0; axis < 3; axis++) position[3 * p + axis] += place[3 * cell + axis]
  }
  for (let p = 1; p < pieces; p++)
    if (size[p] > 0) for (let axis = 0; axis < 3; axis++) position[3 * p + axis] /= size[p]
  ends.forEach(({ face }, end) => {
    for (let axis = 0; axis < 3; axis++) {
      const extent = grid.shape[axis] * grid.spacing[axis]
      position[(end === 0 ? 0 : 3 * (pieces - 1)) + axis] = axis === face.axis ? face.end * extent : extent / 2
    }
  })
  return networkOfPieces({
    pieces,
    piece,
    weight: new Float64Array(count).fill(1),
    place,
    one,
    other,
    shape: linkShape,
    isHigh: Uint8Array.from({ length: pieces }, (_, p) => isHigh[p] ?? 1),
    position,
  })
}
