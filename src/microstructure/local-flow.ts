import { conjugateGradient } from "../algebra/krylov.ts"

/** A piece of a conductor between its throats, as cells with conductances between neighbours. */
export interface ConductorPiece {
  readonly cells: number
  /** [cell] its volume, in any unit */
  readonly weight: Float64Array
  /** [link] two cells and the conductance over the conductivity between them [m] */
  readonly one: Int32Array
  readonly other: Int32Array
  readonly shape: Float64Array
  /** [face] the cell that it bounds, the throat that it belongs to, and the shape from cell to cell through it [m] */
  readonly faceCell: Int32Array
  readonly faceThroat: Int32Array
  readonly faceShape: Float64Array
  readonly throats: number
}

/** Potentials need no more: the rule that they serve is good to some per cent. */
const tolerance = 1e-4

/**
 * [throat] resistance times conductivity between each throat of a piece and the mean of the piece [1/m].
 *
 * A unit current enters through a throat, evenly over its faces, and leaves through all others in proportion to their
 * shapes, or evenly from the volume where there are no others; the resistance is the mean potential of the throat less
 * that of the piece. Two halves in series give a bar its length over its area exactly; necks get their constriction.
 * @param piece  connected
 */
export const halfResistances = (piece: ConductorPiece): Float64Array => {
  const { cells, weight, one, other, shape, faceCell, faceThroat, faceShape, throats } = piece
  const total = new Float64Array(throats)
  for (let face = 0; face < faceCell.length; face++) total[faceThroat[face]] += faceShape[face]
  const everything = total.reduce((sum, each) => sum + each, 0)
  const volume = weight.reduce((sum, each) => sum + each, 0)
  const { start, next, value, diagonal } = rowsOf(cells, one, other, shape)
  const apply = (x: Float64Array, out: Float64Array): void => {
    for (let cell = 0; cell < cells; cell++) {
      let sum = diagonal[cell] * x[cell]
      for (let at = start[cell]; at < start[cell + 1]; at++) sum -= value[at] * x[next[at]]
      out[cell] = sum
    }
  }
  const precondition = (x: Float64Array, out: Float64Array): void => {
    for (let cell = 0; cell < cells; cell++) out[cell] = diagonal[cell] > 0 ? x[cell] / diagonal[cell] : 0
  }
  const resistance = new Float64Array(throats)
  const rhs = new Float64Array(cells)
  const potential = new Float64Array(cells)
  for (let throat = 0; throat < throats; throat++) {
    rhs.fill(0)
    potential.fill(0)
    const rest = everything - total[throat]
    const isEnd = rest <= 1e-9 * everything
    for (let face = 0; face < faceCell.length; face++)
      if (faceThroat[face] === throat) rhs[faceCell[face]] += faceShape[face] / total[throat]
      else if (!isEnd) rhs[faceCell[face]] -= faceShape[face] / rest
    if (isEnd) for (let cell = 0; cell < cells; cell++) rhs[cell] -= weight[cell] / volume
    if (cells > 1)
      conjugateGradient(apply, precondition, rhs, potential, { relativeTolerance: tolerance, maximumIterations: 2000 })
    let mean = 0
    for (let cell = 0; cell < cells; cell++) mean += (weight[cell] * potential[cell]) / volume
    let entry = 0
    for (let face = 0; face < faceCell.length; face++)
      if (faceThroat[face] === throat) entry += (faceShape[face] / total[throat]) * potential[faceCell[face]]
    // From the middle of the first cells to the throat itself; never less than that.
    const within = 1 / (2 * total[throat])
    resistance[throat] = within + Math.max(0, entry - mean)
  }
  return resistance
}

/** Links as rows of a matrix without its diagonal. */
const rowsOf = (cells: number, one: Int32Array, other: Int32Array, shape: Float64Array) => {
  const start = new Int32Array(cells + 1)
  for (let link = 0; link < one.length; link++) {
    start[one[link] + 1]++
    start[other[link] + 1]++
  }
  for (let cell = 0; cell < cells; cell++) start[cell + 1] += start[cell]
  const place = start.slice(0, cells)
  const next = new Int32Array(2 * one.length)
  const value = new Float64Array(2 * one.length)
  const diagonal = new Float64Array(cells)
  for (let link = 0; link < one.length; link++) {
    const [a, b, g] = [one[link], other[link], shape[link]]
    next[place[a]] = b
    value[place[a]++] = g
    next[place[b]] = a
    value[place[b]++] = g
    diagonal[a] += g
    diagonal[b] += g
  }
  return { start, next, value, diagonal }
}
