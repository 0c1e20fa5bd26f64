import { mergedBasins } from "../image/brickwise/merged-basins.ts"
import { HighestPasses } from "../image/brickwise/passes.ts"
import { squaredDistance } from "../image/squared-distance.ts"
import { voxelCount } from "../image/volume.ts"
import type { ConductorVoxels } from "./conductor-voxels.ts"

/** How a conductor is parted. */
export interface PieceSettings {
  /** A peak of the distance to the surface stands for a piece of its own where it stands out by this share of its height */
  readonly relevance: number
  /** Smaller pieces are joined with the neighbour behind their largest throat [voxel] */
  readonly smallest: number
  /** Longest extent of a piece along any axis [m]; longer ones are parted by a lattice of this width */
  readonly longest: number
}

/** Share of each of the six neighbours when distances are softened. */
const softening = 0.08

/** [cell] distance of the conductor's voxels to what is no conductor, softened by half a voxel [voxel along x] */
const softDistance = (cells: ConductorVoxels): Float32Array => {
  const { grid, count, voxel, neighbour } = cells
  const outside = new Uint8Array(voxelCount(grid)).fill(1)
  for (let cell = 0; cell < count; cell++) outside[voxel[cell]] = 0
  const squares = squaredDistance(grid, outside)
  const [nx, ny, nz] = grid.shape
  const most = Math.hypot(nx, ny, nz)
  const raw = Float32Array.from({ length: count }, (_, cell) => Math.min(most, Math.sqrt(squares[voxel[cell]])))
  const soft = new Float32Array(count)
  for (let cell = 0; cell < count; cell++) {
    let sum = (1 - 6 * softening) * raw[cell]
    for (let d = 0; d < 6; d++) {
      const other = neighbour[6 * cell + d]
      if (other >= 0) sum += softening * raw[other]
    }
    soft[cell] = sum
  }
  return soft
}

/** [cell] basin, from 0, of the peak to which the steepest path across faces leads; and the cells of the peaks. */
const basinsOf = ({ count, neighbour }: ConductorVoxels, field: Float32Array) => {
  const basin = new Int32Array(count)
  for (let cell = 0; cell < count; cell++) {
    let best = cell
    for (let d = 0; d < 6; d++) {
      const other = neighbour[6 * cell + d]
      if (other >= 0 && (field[other] > field[best] || (field[other] === field[best] && other > best))) best = other
    }
    basin[cell] = best
  }
  const peaks: number[] = []
  const number = new Int32Array(count).fill(-1)
  for (let cell = 0; cell < count; cell++)
    if (basin[cell] === cell) {
      number[cell] = peaks.length
      peaks.push(cell)
    }
  // Paths are shortened while they are followed, so that the whole is linear.
  const found = new Int32Array(count)
  for (let cell = 0; cell < count; cell++) {
    let end = cell
    while (basin[end] !== end) {
      basin[end] = basin[basin[end]]
      end = basin[end]
    }
    found[cell] = number[end]
  }
  return { basin: found, peaks: Int32Array.from(peaks) }
}

/**
 * [cell] piece from 1: basins of the distance to the surface, merged where a peak does not stand out (watershed from
 * h-maxima), parted where they are too long, and joined where they are small. Every piece is connected across faces and edges that count;
 * numbers follow the first cell of each in scan order.
 * @source J. T. Gostick, Phys. Rev. E 96 (2017) 023307, doi:10.1103/PhysRevE.96.023307 (pores as watershed of distances)
 */
export const conductorPieces = (cells: ConductorVoxels, settings: PieceSettings): Int32Array => {
  const { count, neighbour } = cells
  const field = softDistance(cells)
  const { basin, peaks } = basinsOf(cells, field)
  const passes = new HighestPasses()
  const [basins, height, place]: [number[], number[], number[]] = [[], [], []]
  const flush = (): void => {
    passes.add({
      // Numbers from 1: 0 marks what is free in the table.
      basins: Int32Array.from(basins),
      height: Float32Array.from(height),
      place: Float64Array.from(place),
    })
    for (const list of [basins, height, place]) list.length = 0
  }
  for (let cell = 0; cell < count; cell++)
    for (let d = 1; d < 6; d += 2) {
      const other = neighbour[6 * cell + d]
      if (other < 0 || basin[other] === basin[cell]) continue
      basins.push(1 + Math.min(basin[cell], basin[other]), 1 + Math.max(basin[cell], basin[other]))
      height.push(Math.min(field[cell], field[other]))
      place.push(3 * cell + (d >> 1))
      if (height.length === 65536) flush()
    }
  flush()
  const all = passes.all()
  const merged = mergedBasins(
    { height: Float32Array.from(peaks, (cell) => field[cell]), place: Float64Array.from(peaks) },
    { ...all, basins: all.basins.map((each) => each - 1) },
    (peak) => Math.max(1e-6, settings.relevance * peak),
  )
  const parted = partedByLattice(
    cells,
    basin.map((each) => merged[each]),
    settings.longest,
  )
  return renumbered(joinedSmall(cells, parted, settings.smallest))
}

/** Pieces longer than allowed cut by the planes of a lattice, into connected parts. */
const partedByLattice = (cells: ConductorVoxels, piece: Int32Array, longest: number): Int32Array => {
  const { grid, count, voxel } = cells
  const [nx, ny] = grid.shape
  const along = (cell: number, axis: number): number => {
    const i = voxel[cell]
    return axis === 0 ? i % nx : axis === 1 ? Math.floor(i / nx) % ny : Math.floor(i / (nx * ny))
  }
  const pieces = piece.reduce((most, each) => Math.max(most, each), -1) + 1
  const tile = new Int32Array(count)
  for (let axis = 0; axis < 3; axis++) {
    const low = new Int32Array(pieces).fill(0x7fffffff)
    const high = new Int32Array(pieces).fill(-1)
    for (let cell = 0; cell < count; cell++) {
      const at = along(cell, axis)
      if (at < low[piece[cell]]) low[piece[cell]] = at
      if (at > high[piece[cell]]) high[piece[cell]] = at
    }
    const most = Math.max(1, Math.round(longest / grid.spacing[axis]))
    for (let cell = 0; cell < count; cell++) {
      const [from, to] = [low[piece[cell]], high[piece[cell]] + 1]
      const parts = Math.ceil((to - from) / most)
      // Equal parts of each piece, so that the cut depends on the piece alone.
      tile[cell] = tile[cell] * 256 + Math.min(255, Math.floor(((along(cell, axis) - from) * parts) / (to - from)))
    }
  }
  return connectedParts(cells, (one, other) => piece[one] === piece[other] && tile[one] === tile[other])
}

/** [cell] number of the connected part that it lies in, from 0 in scan order. */
export const connectedParts = (
  { count, neighbour }: ConductorVoxels,
  together: (one: number, other: number) => boolean,
): Int32Array => {
  const part = new Int32Array(count).fill(-1)
  const stack = new Int32Array(count)
  let parts = 0
  for (let first = 0; first < count; first++) {
    if (part[first] >= 0) continue
    let top = 0
    stack[top++] = first
    part[first] = parts
    while (top > 0) {
      const cell = stack[--top]
      for (let d = 0; d < 6; d++) {
        const other = neighbour[6 * cell + d]
        if (other < 0 || part[other] >= 0 || !together(cell, other)) continue
        part[other] = parts
        stack[top++] = other
      }
    }
    parts++
  }
  return part
}

/** Joins pieces of fewer cells, the smallest first, with the neighbour that they share most faces with. */
const joinedSmall = (cells: ConductorVoxels, piece: Int32Array, smallest: number): Int32Array => {
  const { count, neighbour, shape, edgeStart, edgeCell, edgeShape } = cells
  const pieces = piece.reduce((most, each) => Math.max(most, each), -1) + 1
  const size = new Float64Array(pieces)
  const throats = Array.from({ length: pieces }, () => new Map<number, number>())
  const widen = (one: number, other: number, area: number): void => {
    throats[one].set(other, (throats[one].get(other) ?? 0) + area)
  }
  for (let cell = 0; cell < count; cell++) {
    size[piece[cell]]++
    for (let d = 1; d < 6; d += 2) {
      const other = neighbour[6 * cell + d]
      if (other < 0 || piece[other] === piece[cell]) continue
      widen(piece[cell], piece[other], shape[d >> 1])
      widen(piece[other], piece[cell], shape[d >> 1])
    }
    for (let at = edgeStart[cell]; at < edgeStart[cell + 1]; at++)
      if (piece[edgeCell[at]] !== piece[cell]) widen(piece[cell], piece[edgeCell[at]], edgeShape)
  }
  const into = Int32Array.from({ length: pieces }, (_, each) => each)
  const rootOf = (each: number): number => {
    let at = each
    while (into[at] !== at) {
      into[at] = into[into[at]]
      at = into[at]
    }
    return at
  }
  const order = Array.from({ length: pieces }, (_, each) => each)
    .filter((each) => size[each] < smallest)
    .sort((a, b) => size[a] - size[b] || a - b)
  for (const small of order) {
    // It may have grown meanwhile.
    if (rootOf(small) !== small || size[small] >= smallest) continue
    let [best, widest] = [-1, 0]
    for (const [other, area] of throats[small])
      if (area > widest || (area === widest && other < best)) {
        best = other
        widest = area
      }
    if (best < 0) continue
    into[small] = best
    size[best] += size[small]
    throats[best].delete(small)
    for (const [other, area] of throats[small]) {
      if (other === best) continue
      throats[other].delete(small)
      widen(other, best, area)
      widen(best, other, area)
    }
  }
  return piece.map((each) => rootOf(each))
}

const renumbered = (piece: Int32Array): Int32Array => {
  const number = new Map<number, number>()
  return piece.map((each) => {
    const known = number.get(each)
    if (known !== undefined) return known
    number.set(each, number.size + 1)
    return number.size
  })
}
