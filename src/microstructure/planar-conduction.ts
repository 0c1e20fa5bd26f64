import { analyse, factorise } from "../algebra/direct.ts"
import { assemblyPattern, type SparseMatrix } from "../algebra/pattern.ts"
import type { ElectronNetwork } from "./electrode-network.ts"
import { reachableFrom } from "./network-edges.ts"
import { networkOfPieces, type Wall } from "./piece-network.ts"
import type { Arc } from "./planar-arcs.ts"
import { conductsWell, type PlanarElectrode, type PlanarResolution } from "./planar-electrode.ts"

/** Conductances between places, each with its phase. */
class Links {
  readonly one: number[] = []
  readonly other: number[] = []
  readonly shape: number[] = []

  add(one: number, other: number, shape: number): void {
    if (!(shape > 0)) return
    this.one.push(one)
    this.other.push(other)
    this.shape.push(shape)
  }

  get count(): number {
    return this.shape.length
  }
}

/** Square cells of the carbon/binder; circles cut their faces. */
interface CellGrid {
  readonly nx: number
  readonly nz: number
  readonly dx: number
  readonly dz: number
  /** Open part of the faces towards +x [cell] and of those towards −z, the lowest included [cell + nx] [m] */
  readonly right: Float64Array
  readonly below: Float64Array
  /** [cell] 1 where its middle conducts well */
  readonly high: Uint8Array
}

/** What circles leave open of a straight piece of a grid line [m]. @param across of the line, the circles' coordinate `axis` */
const openLength = (
  { circles }: PlanarElectrode,
  near: readonly number[],
  axis: 0 | 1,
  across: number,
  from: number,
  to: number,
): number => {
  let open = to - from
  for (const k of near) {
    const { centre, radius } = circles[k]
    const square = radius * radius - (across - centre[axis]) ** 2
    if (square <= 0) continue
    const half = Math.sqrt(square)
    const along = centre[1 - axis]
    open -= Math.max(0, Math.min(to, along + half) - Math.max(from, along - half))
  }
  return Math.max(0, open)
}

const gridOf = (electrode: PlanarElectrode, { cell, layerCount }: PlanarResolution): CellGrid => {
  const { width, height, circles } = electrode
  const nx = Math.max(4, Math.round(width / cell))
  // Layers end between rows of cells.
  const nz = layerCount * Math.max(2, Math.round(height / cell / layerCount))
  const [dx, dz] = [width / nx, height / nz]
  const right = new Float64Array(nx * nz)
  const below = new Float64Array(nx * (nz + 1))
  const high = new Uint8Array(nx * nz)
  for (let k = 0; k <= nz; k++) {
    const near = circles.flatMap(({ centre, radius }, i) =>
      Math.abs(centre[1] - (k + 0.5) * dz) < radius + dz ? [i] : [],
    )
    for (let i = 0; i < nx; i++) {
      below[i + nx * k] = openLength(electrode, near, 1, k * dz, i * dx, (i + 1) * dx)
      if (k === nz) continue
      if (i + 1 < nx) right[i + nx * k] = openLength(electrode, near, 0, (i + 1) * dx, k * dz, (k + 1) * dz)
      high[i + nx * k] = conductsWell(electrode, (i + 0.5) * dx, (k + 0.5) * dz) ? 1 : 0
    }
  }
  return { nx, nz, dx, dz, right, below, high }
}

/** The matrix of a set of links. @param unknown [place] its number, −1 where it has none */
const laplacian = (size: number, { one, other, shape }: Links, unknown: Int32Array): SparseMatrix => {
  const used: number[] = []
  for (let link = 0; link < shape.length; link++)
    if (unknown[one[link]] >= 0 && unknown[other[link]] >= 0) used.push(link)
  const dofs = Int32Array.from(used.flatMap((link) => [unknown[one[link]], unknown[other[link]]]))
  const { pattern, positions } = assemblyPattern(size, [{ dofs, perElement: 2 }])
  const values = new Float64Array(pattern.columnIndex.length)
  used.forEach((link, k) => {
    for (let e = 0; e < 4; e++) values[positions[0][4 * k + e]] += e % 3 === 0 ? shape[link] : -shape[link]
  })
  return { pattern, values }
}

/** [circle] the arc at an angle */
const arcFinder = (arcs: readonly Arc[], circles: number): ((circle: number, angle: number) => number) => {
  const own = Array.from({ length: circles }, () => [] as number[])
  arcs.forEach(({ circle }, a) => {
    own[circle].push(a)
  })
  return (circle, angle) => {
    const first = arcs[own[circle][0]].from
    const turned = angle < first ? angle + 2 * Math.PI : angle
    return own[circle].find((a) => turned < arcs[a].to) ?? own[circle][own[circle].length - 1]
  }
}

/** [cell] how much of it is open, roughly: what its faces are open */
const openness = ({ nx, nz, dx, dz, right, below }: CellGrid): Float64Array => {
  const out = new Float64Array(nx * nz)
  for (let cell = 0; cell < out.length; cell++) {
    const i = cell % nx
    const left = i > 0 ? right[cell - 1] : right[cell]
    out[cell] = (left + (i < nx - 1 ? right[cell] : left) + below[cell] + below[cell + nx]) / (2 * (dx + dz))
  }
  return out
}

/** Links between open cells, and of the lowest with the collector. */
const linksOf = ({ nx, nz, dx, dz, right, below }: CellGrid): Links => {
  const links = new Links()
  for (let cell = 0; cell < nx * nz; cell++) {
    if (cell % nx < nx - 1) links.add(cell, cell + 1, right[cell] / dx)
    if (cell >= nx) links.add(cell, cell - nx, below[cell] / dz)
    else links.add(cell, -1, below[cell] / dz)
  }
  return links
}

/**
 * Every open cell to the arc whose sector before the nearest circle it lies in, if that arc lies on the cell's phase;
 * the others to what they touch, or, where no arc lies on their phase, to pieces of their own.
 * @returns [cell] 1 + arc, or a number behind all arcs; 0 where the cell is not open; each piece connected
 */
const piecesOf = (
  electrode: PlanarElectrode,
  arcs: readonly Arc[],
  { nx, nz, dx, dz, high }: CellGrid,
  weight: Float64Array,
  links: Links,
): { readonly piece: Int32Array; readonly pieces: number } => {
  const cells = nx * nz
  const { circles } = electrode
  const arcAt = arcFinder(arcs, circles.length)
  const piece = new Int32Array(cells)
  const sought = new Int32Array(cells)
  for (let cell = 0; cell < cells; cell++) {
    if (weight[cell] === 0) continue
    const [x, z] = [((cell % nx) + 0.5) * dx, (Math.floor(cell / nx) + 0.5) * dz]
    let [nearest, least] = [0, Number.POSITIVE_INFINITY]
    circles.forEach(({ centre, radius }, circle) => {
      const distance = Math.hypot(x - centre[0], z - centre[1]) - radius
      if (distance < least) {
        least = distance
        nearest = circle
      }
    })
    const arc = arcAt(nearest, Math.atan2(z - circles[nearest].centre[1], x - circles[nearest].centre[0]))
    if ((arcs[arc].highShare >= 0.5 ? 1 : 0) === high[cell]) sought[cell] = 1 + arc
  }
  const beside = neighboursWithin(cells, links, (one, other) => high[one] === high[other])
  // Of every sector the largest connected part is its arc's; other parts are as if never claimed.
  const queue: number[] = []
  const largest = new Map<number, readonly number[]>()
  const visited = new Uint8Array(cells)
  for (let cell = 0; cell < cells; cell++) {
    if (sought[cell] === 0 || visited[cell] === 1) continue
    const part = connectedPart(cell, beside, visited, (other) => sought[other] === sought[cell])
    if (part.length > (largest.get(sought[cell])?.length ?? 0)) largest.set(sought[cell], part)
  }
  for (const [number, part] of largest)
    for (const cell of part) {
      piece[cell] = number
      queue.push(cell)
    }
  queue.sort((a, b) => a - b)
  for (let at = 0; at < queue.length; at++)
    for (const other of beside(queue[at])) {
      if (piece[other] > 0 || weight[other] === 0) continue
      piece[other] = piece[queue[at]]
      queue.push(other)
    }
  let pieces = 1 + arcs.length
  const rest = new Uint8Array(cells)
  for (let cell = 0; cell < cells; cell++) {
    if (piece[cell] > 0 || weight[cell] === 0) continue
    for (const each of connectedPart(cell, beside, rest, (other) => piece[other] === 0)) piece[each] = pieces
    pieces++
  }
  return { piece, pieces }
}

/** Pieces of an arc, in cells, for which the cell before them is looked up */
const fineness = 4

/** The cells of a piece along its arc; none where the arc's surroundings belong to others. */
const wallBefore = (
  { circles }: PlanarElectrode,
  { circle, from, to }: Arc,
  { nx, nz, dx, dz }: CellGrid,
  piece: Int32Array,
  own: number,
): Wall | undefined => {
  const { centre, radius } = circles[circle]
  const steps = Math.max(4, Math.ceil((fineness * radius * (to - from)) / Math.min(dx, dz)))
  const outside = radius + Math.min(dx, dz) / 2
  const weights = new Map<number, number>()
  for (let s = 0; s < steps; s++) {
    const angle = from + ((s + 0.5) / steps) * (to - from)
    const i = Math.floor((centre[0] + outside * Math.cos(angle)) / dx)
    const k = Math.floor((centre[1] + outside * Math.sin(angle)) / dz)
    if (i < 0 || k < 0 || i >= nx || k >= nz) continue
    const cell = i + nx * k
    if (piece[cell] === own) weights.set(cell, (weights.get(cell) ?? 0) + 1)
  }
  if (weights.size === 0) return undefined
  const middle = (from + to) / 2
  return {
    piece: own,
    cell: Int32Array.from(weights.keys()),
    weight: Float64Array.from(weights.values()),
    position: [centre[0] + radius * Math.cos(middle), 0, centre[1] + radius * Math.sin(middle)],
  }
}

/** The piece of the first open cell before the middle of an arc. */
const pieceBefore = (
  { circles }: PlanarElectrode,
  { circle, from, to }: Arc,
  { nx, nz, dx, dz }: CellGrid,
  piece: Int32Array,
): number => {
  const { centre, radius } = circles[circle]
  const angle = (from + to) / 2
  for (let away = radius; away < 2 * radius + nx * dx + nz * dz; away += Math.min(dx, dz) / 4) {
    const i = Math.floor((centre[0] + away * Math.cos(angle)) / dx)
    const k = Math.floor((centre[1] + away * Math.sin(angle)) / dz)
    if (i < 0 || k < 0 || i >= nx || k >= nz) break
    if (piece[i + nx * k] > 0) return piece[i + nx * k]
  }
  throw new RangeError(`no open cell lies before circle ${circle} at ${angle} rad: a finer grid is needed`)
}

/** Cells that links join with a cell, if they may. */
const neighboursWithin = (
  cells: number,
  { one, other }: Links,
  may: (one: number, other: number) => boolean,
): ((cell: number) => readonly number[]) => {
  const lists: number[][] = Array.from({ length: cells }, () => [])
  for (let link = 0; link < one.length; link++) {
    if (other[link] < 0 || !may(one[link], other[link])) continue
    lists[one[link]].push(other[link])
    lists[other[link]].push(one[link])
  }
  return (cell) => lists[cell]
}

const connectedPart = (
  start: number,
  beside: (cell: number) => readonly number[],
  visited: Uint8Array,
  belongs: (cell: number) => boolean,
): readonly number[] => {
  const part = [start]
  visited[start] = 1
  for (let at = 0; at < part.length; at++)
    for (const cell of beside(part[at]))
      if (visited[cell] === 0 && belongs(cell)) {
        visited[cell] = 1
        part.push(cell)
      }
  return part
}

/**
 * Conduction through the carbon/binder around circles: what lies before each arc is a node, with the resistances that local
 * solutions of Laplace's equation give between them; and the conductance of each layer in depth.
 *
 * Finite volumes on square cells whose faces the circles cut.
 * @returns the network, the node of each arc, and for each layer its conductance over that of the same layer without circles
 */
export const planarConduction = (
  electrode: PlanarElectrode,
  arcs: readonly Arc[],
  resolution: PlanarResolution,
): {
  readonly electrons: ElectronNetwork
  readonly node: Int32Array
  readonly layerConduction: Float64Array
} => {
  const grid = gridOf(electrode, resolution)
  const links = linksOf(grid)
  const weight = openness(grid)
  const { piece, pieces } = piecesOf(electrode, arcs, grid, weight, links)
  const isHigh = new Uint8Array(pieces)
  const position = new Float64Array(3 * pieces)
  const volume = new Float64Array(pieces)
  const place = new Float64Array(3 * piece.length)
  for (let cell = 0; cell < piece.length; cell++) {
    const p = piece[cell]
    place[3 * cell] = ((cell % grid.nx) + 0.5) * grid.dx
    place[3 * cell + 2] = (Math.floor(cell / grid.nx) + 0.5) * grid.dz
    if (p === 0) continue
    isHigh[p] = grid.high[cell]
    volume[p] += weight[cell]
    for (const axis of [0, 2]) position[3 * p + axis] += weight[cell] * place[3 * cell + axis]
  }
  for (let p = 1; p < pieces; p++) {
    if (volume[p] === 0) continue
    for (let axis = 0; axis < 3; axis++) position[3 * p + axis] /= volume[p]
  }
  position[0] = electrode.width / 2
  const found = arcs.map((arc, a) => (volume[a + 1] > 0 ? wallBefore(electrode, arc, grid, piece, a + 1) : undefined))
  const walls = found.filter((wall) => wall !== undefined)
  const electrons = networkOfPieces({
    pieces,
    piece,
    weight,
    place,
    one: Int32Array.from(links.one),
    other: Int32Array.from(links.other),
    shape: Float64Array.from(links.shape),
    isHigh,
    position,
    walls,
  })
  let wallNode = electrons.nodeCount - walls.length
  const node = Int32Array.from(arcs, (arc, a) =>
    found[a] !== undefined ? wallNode++ : volume[a + 1] > 0 ? a + 1 : pieceBefore(electrode, arc, grid, piece),
  )
  for (let a = 0; a < arcs.length; a++)
    if (volume[a + 1] === 0) electrons.position.copyWithin(3 * (a + 1), 3 * node[a], 3 * node[a] + 3)
  return {
    electrons,
    node,
    layerConduction: layerConductances(electrode, grid, resolution.layerCount),
  }
}

/** Conductance of every layer, from the potentials of one current through all of them, over that without circles. */
const layerConductances = ({ width, height }: PlanarElectrode, grid: CellGrid, layers: number): Float64Array => {
  const { nx, nz, dx, dz, right, below } = grid
  const cells = nx * nz
  const links = new Links()
  for (let k = 0; k < nz; k++)
    for (let i = 0; i < nx; i++) {
      const cell = i + nx * k
      if (i + 1 < nx) links.add(cell, cell + 1, right[cell] / dx)
      if (k > 0) links.add(cell, cell - nx, below[cell] / dz)
      else links.add(cell, cells, (2 * below[cell]) / dz)
      if (k === nz - 1) links.add(cell, cells + 1, (2 * below[cell + nx]) / dz)
    }
  const reached = reachableFrom(cells, cells + 2, Int32Array.from(links.one), Int32Array.from(links.other))
  const unknown = new Int32Array(cells + 2).fill(-1)
  let size = 0
  for (let place = 0; place < cells + 2; place++) if (place !== cells && reached[place] === 1) unknown[place] = size++
  const matrix = laplacian(size, links, unknown)
  const ground = new Float64Array(size)
  for (let l = 0; l < links.count; l++)
    if (links.other[l] === cells && unknown[links.one[l]] >= 0) ground[unknown[links.one[l]]] += links.shape[l]
  const { rowStart, columnIndex } = matrix.pattern
  for (let row = 0; row < size; row++)
    for (let at = rowStart[row]; at < rowStart[row + 1]; at++)
      if (columnIndex[at] === row) matrix.values[at] += ground[row]
  const factors = factorise(analyse(matrix.pattern, "symmetric"), matrix.values)
  const potential = new Float64Array(size)
  potential[unknown[cells + 1]] = 1
  factors.solveInto(potential, potential)
  factors.dispose()
  const at = (cell: number): number => (unknown[cell] >= 0 ? potential[unknown[cell]] : 0)
  /** Mean over the open part of the plane between two rows */
  const mean = (k: number): number => {
    if (k === 0) return 0
    if (k === nz) return potential[unknown[cells + 1]]
    let [sum, open] = [0, 0]
    for (let i = 0; i < nx; i++) {
      const face = below[i + nx * k]
      sum += (face * (at(i + nx * k) + at(i + nx * (k - 1)))) / 2
      open += face
    }
    return sum / open
  }
  const rows = nz / layers
  const depth = height / layers
  return Float64Array.from(
    { length: layers },
    (_, layer) => depth / (width * (mean((layer + 1) * rows) - mean(layer * rows))),
  )
}
