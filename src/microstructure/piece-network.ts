import type { ElectronNetwork } from "./electrode-network.ts"
import { type ConductorPiece, halfResistances, wallResistance } from "./local-flow.ts"
import { EdgeList } from "./network-edges.ts"

/** A conductor parted into pieces of cells; those of the collector (0) and of a plate have no cells. */
export interface PartedConductor {
  readonly pieces: number
  /** [cell] its piece, from 1; 0 for cells that do not conduct */
  readonly piece: Int32Array
  /** [cell] its volume, in any unit */
  readonly weight: Float64Array
  /**
   * [link] cells, and conductance over conductivity between them [m]. The second is −1 for the collector and −2 for a
   * plate on another face, which is the last piece: as if one more cell lay behind the face
   */
  readonly one: Int32Array
  readonly other: Int32Array
  readonly shape: Float64Array
  /** [cell, 3] its middle [m] */
  readonly place: Float64Array
  /** [piece] 1 where it conducts well */
  readonly isHigh: Uint8Array
  /** [piece, 3] [m] */
  readonly position: Float64Array
  /** Surfaces that react, which become nodes behind all others, in order; absent: the pieces stand for them */
  readonly walls?: readonly Wall[]
}

/** A surface that a piece has, at most one each. */
export interface Wall {
  readonly piece: number
  /** Cells of the piece along it, and how much of it each has, in any unit */
  readonly cell: Int32Array
  readonly weight: Float64Array
  /** [m] */
  readonly position: readonly [number, number, number]
}

/** Resistance of a surface to its piece, at least, over that of the piece to its widest throat. */
const leastWall = 0.05

/** One half of the way between two pieces. */
interface Half {
  readonly resistance: number
}

/**
 * The network of the pieces of a conductor: what lies between two touching pieces is the sum of the resistances from the
 * mean of each to the throat between them. Where a well and a poorly conducting piece touch, the throat is a node of its
 * own behind the pieces, and surfaces that react are nodes behind those.
 */
export const networkOfPieces = (conductor: PartedConductor): ElectronNetwork => {
  const { pieces, isHigh, position } = conductor
  const halves = new Map<number, Half>()
  const key = (piece: number, towards: number): number => piece * pieces + towards
  const walls = conductor.walls ?? []
  const fromWall = new Float64Array(pieces)
  /** [piece] resistance to its widest throat */
  const smallest = new Float64Array(pieces)
  eachPiece(conductor, (piece, neighbours, record) => {
    if (record.wallCell !== undefined) fromWall[piece] = wallResistance(record)
    const resistance = halfResistances(record)
    smallest[piece] = resistance.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY)
    neighbours.forEach((towards, throat) => {
      halves.set(key(piece, towards), { resistance: resistance[throat] })
    })
  })
  const hasPlate = conductor.other.includes(-2)
  const isPlate = (towards: number): boolean => towards === 0 || (hasPlate && towards === pieces - 1)
  const pairs = [...halves.keys()]
    .map((each) => [Math.floor(each / pieces), each % pieces] as const)
    .filter(([piece, towards]) => isPlate(towards) || piece < towards)
    .sort((a, b) => a[0] - b[0] || a[1] - b[1])
  const mixed = pairs.filter(([piece, towards]) => !isPlate(towards) && isHigh[piece] !== isHigh[towards])
  const places = [...position]
  for (const [piece, towards] of mixed)
    for (let axis = 0; axis < 3; axis++) places.push((position[3 * piece + axis] + position[3 * towards + axis]) / 2)
  for (const wall of walls) places.push(...wall.position)
  const edges = new EdgeList(pieces + mixed.length + walls.length)
  const join = (one: number, other: number, shape: number, high: number): void =>
    edges.add(one, other, high === 1 ? shape : 0, high === 1 ? 0 : shape)
  let throat = pieces
  for (const [piece, towards] of pairs) {
    const own = halves.get(key(piece, towards))!.resistance
    if (isPlate(towards)) {
      join(towards, piece, 1 / own, isHigh[piece])
      continue
    }
    const others = halves.get(key(towards, piece))!.resistance
    if (isHigh[piece] === isHigh[towards]) join(piece, towards, 1 / (own + others), isHigh[piece])
    else {
      join(piece, throat, 1 / own, isHigh[piece])
      join(towards, throat, 1 / others, isHigh[towards])
      throat++
    }
  }
  walls.forEach(({ piece }, wall) => {
    // Where the surface has the mean potential of its piece, hardly any resistance lies between them: some keeps numbers alike.
    const least = leastWall * (smallest[piece] < Infinity ? smallest[piece] : 1)
    join(piece, pieces + mixed.length + wall, 1 / Math.max(fromWall[piece], least), isHigh[piece])
  })
  return edges.network(Float64Array.from(places))
}

/** Calls `visit` with each piece that has cells, the pieces behind its throats, and its own record. */
const eachPiece = (
  { pieces, piece, weight, place, one, other, shape, walls = [] }: PartedConductor,
  visit: (piece: number, neighbours: readonly number[], record: ConductorPiece) => void,
): void => {
  const [cellStart, cellOrder] = sorted(pieces, piece.length, (cell) => piece[cell])
  /** [cell] its number within its piece */
  const local = new Int32Array(piece.length)
  for (let p = 1; p < pieces; p++)
    for (let at = cellStart[p]; at < cellStart[p + 1]; at++) local[cellOrder[at]] = at - cellStart[p]
  const wallOf = new Map(walls.map((wall) => [wall.piece, wall]))
  const behind = (link: number): number =>
    other[link] === -1 ? 0 : other[link] === -2 ? pieces - 1 : piece[other[link]]
  const [firstStart, firstOrder] = sorted(pieces, one.length, (link) => piece[one[link]])
  const [secondStart, secondOrder] = sorted(pieces, one.length, (link) =>
    other[link] < 0 || behind(link) === piece[one[link]] ? 0 : behind(link),
  )
  for (let p = 1; p < pieces; p++) {
    const cells = cellStart[p + 1] - cellStart[p]
    if (cells === 0) continue
    const inner: number[] = []
    const faces: (readonly [cell: number, towards: number, shape: number])[] = []
    for (let at = firstStart[p]; at < firstStart[p + 1]; at++) {
      const link = firstOrder[at]
      if (behind(link) === p) inner.push(link)
      else faces.push([local[one[link]], behind(link), shape[link]])
    }
    for (let at = secondStart[p]; at < secondStart[p + 1]; at++) {
      const link = secondOrder[at]
      faces.push([local[other[link]], piece[one[link]], shape[link]])
    }
    const neighbours = [...new Set(faces.map(([, towards]) => towards))].sort((a, b) => a - b)
    const throatOf = new Map(neighbours.map((towards, throat) => [towards, throat]))
    const wall = wallOf.get(p)
    visit(p, neighbours, {
      ...(wall === undefined ? {} : { wallCell: wall.cell.map((cell) => local[cell]), wallWeight: wall.weight }),
      cells,
      weight: Float64Array.from({ length: cells }, (_, k) => weight[cellOrder[cellStart[p] + k]]),
      place: Float64Array.from(
        { length: 3 * cells },
        (_, k) => place[3 * cellOrder[cellStart[p] + Math.floor(k / 3)] + (k % 3)],
      ),
      one: Int32Array.from(inner, (link) => local[one[link]]),
      other: Int32Array.from(inner, (link) => local[other[link]]),
      shape: Float64Array.from(inner, (link) => shape[link]),
      faceCell: Int32Array.from(faces, ([cell]) => cell),
      faceThroat: Int32Array.from(faces, ([, towards]) => throatOf.get(towards)!),
      faceShape: Float64Array.from(faces, ([, , g]) => g),
      throats: neighbours.length,
    })
  }
}

/** Counting sort: where the items of each bin begin, and the items by bin, in rising order within each. */
const sorted = (bins: number, items: number, binOf: (item: number) => number): readonly [Int32Array, Int32Array] => {
  const start = new Int32Array(bins + 1)
  for (let item = 0; item < items; item++) start[binOf(item) + 1]++
  for (let bin = 0; bin < bins; bin++) start[bin + 1] += start[bin]
  const next = start.slice(0, bins)
  const order = new Int32Array(items)
  for (let item = 0; item < items; item++) order[next[binOf(item)]++] = item
  return [start, order]
}
