import { conjugateGradient } from "../algebra/krylov.ts"

/** A piece of a conductor between its throats, as cells with conductances between neighbours. */
export interface ConductorPiece {
  readonly cells: number
  /** [cell] its volume, in any unit */
  readonly weight: Float64Array
  /** [cell, 3] its middle [m] */
  readonly place: Float64Array
  /** [link] two cells and the conductance over the conductivity between them [m] */
  readonly one: Int32Array
  readonly other: Int32Array
  readonly shape: Float64Array
  /** [face] the cell that it bounds, the throat that it belongs to, and the shape from cell to cell through it [m] */
  readonly faceCell: Int32Array
  readonly faceThroat: Int32Array
  readonly faceShape: Float64Array
  readonly throats: number
  /** Cells along a surface that reacts, and how much of it each has, in any unit; absent: no such surface */
  readonly wallCell?: Int32Array
  readonly wallWeight?: Float64Array
}

/**
 * [throat] resistance times conductivity between each throat of a piece and the mean of the piece [1/m].
 *
 * A unit current enters through a throat, evenly over its faces, and leaves through the others in proportion to their
 * shapes and to the square of their distance, as currents that pass through the piece do rather than those that turn back;
 * or evenly from the volume where there are no others. The resistance is the mean potential of the throat less that of the
 * piece. Two halves in series give a bar its length over its area exactly; necks get their constriction.
 * @param piece  connected
 * @throws RangeError where it is not
 */
export const halfResistances = (piece: ConductorPiece): Float64Array => {
  const { cells, weight, place, one, other, shape, faceCell, faceThroat, faceShape, throats } = piece
  const total = new Float64Array(throats)
  const middle = new Float64Array(3 * throats)
  for (let face = 0; face < faceCell.length; face++) {
    total[faceThroat[face]] += faceShape[face]
    for (let axis = 0; axis < 3; axis++)
      middle[3 * faceThroat[face] + axis] += faceShape[face] * place[3 * faceCell[face] + axis]
  }
  for (let at = 0; at < middle.length; at++) middle[at] /= total[Math.floor(at / 3)]
  const volume = weight.reduce((sum, each) => sum + each, 0)
  const solve = solverOf(cells, one, other, shape)
  const rhs = new Float64Array(cells)
  const potential = new Float64Array(cells)
  const leaving = new Float64Array(throats)
  return total.map((width, throat) => {
    const farthest = leavingInto(total, middle, throat, leaving)
    for (let cell = 0; cell < cells; cell++) rhs[cell] = farthest > 0 ? 0 : -weight[cell] / volume
    for (let face = 0; face < faceCell.length; face++) {
      const behind = faceThroat[face]
      const share = faceShape[face] / total[behind]
      rhs[faceCell[face]] += behind === throat ? share : -share * leaving[behind]
    }
    solve(rhs, potential)
    let rise = 0
    for (let cell = 0; cell < cells; cell++) rise -= (weight[cell] * potential[cell]) / volume
    for (let face = 0; face < faceCell.length; face++)
      if (faceThroat[face] === throat) rise += (faceShape[face] / width) * potential[faceCell[face]]
    // From the middle of the first cells to the throat itself; never less than that.
    return 1 / (2 * width) + Math.max(0, rise)
  })
}

/**
 * Resistance times conductivity between the surface of a piece that reacts and the mean of the piece [1/m]: a unit current
 * enters evenly along the surface and leaves through all throats as their shapes are. 0 where there is no throat.
 */
export const wallResistance = (piece: ConductorPiece): number => {
  const { cells, weight, one, other, shape, faceCell, faceShape, wallCell, wallWeight } = piece
  if (wallCell === undefined || wallWeight === undefined || faceCell.length === 0) return 0
  const length = wallWeight.reduce((sum, each) => sum + each, 0)
  const width = faceShape.reduce((sum, each) => sum + each, 0)
  const volume = weight.reduce((sum, each) => sum + each, 0)
  const rhs = new Float64Array(cells)
  for (let face = 0; face < faceCell.length; face++) rhs[faceCell[face]] -= faceShape[face] / width
  for (let wall = 0; wall < wallCell.length; wall++) rhs[wallCell[wall]] += wallWeight[wall] / length
  const potential = new Float64Array(cells)
  solverOf(cells, one, other, shape)(rhs, potential)
  let rise = 0
  for (let cell = 0; cell < cells; cell++) rise -= (weight[cell] * potential[cell]) / volume
  for (let wall = 0; wall < wallCell.length; wall++) rise += (wallWeight[wall] / length) * potential[wallCell[wall]]
  return Math.max(0, rise)
}

/** Shares in which a current that enters through a throat leaves through the others; 0 where there is no other. */
const leavingInto = (total: Float64Array, middle: Float64Array, throat: number, out: Float64Array): number => {
  let sum = 0
  for (let a = 0; a < out.length; a++) {
    const [x, y, z] = [0, 1, 2].map((axis) => middle[3 * a + axis] - middle[3 * throat + axis])
    out[a] = a === throat ? 0 : total[a] * (x * x + y * y + z * z)
    sum += out[a]
  }
  // Throats at one place leave as their shapes are.
  if (sum === 0) for (let a = 0; a < out.length; a++) sum += out[a] = a === throat ? 0 : total[a]
  for (let a = 0; a < out.length; a++) out[a] = sum > 0 ? out[a] / sum : 0
  return sum
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
  for (let link = 0; link < one.length; link++) {
    const [a, b, g] = [one[link], other[link], shape[link]]
    next[place[a]] = b
    value[place[a]++] = g
    next[place[b]] = a
    value[place[b]++] = g
  }
  return { start, next, value }
}

type Rows = ReturnType<typeof rowsOf>

/** Cells in the order in which a walk from an outermost one meets them: neighbours have near numbers. */
const walked = (cells: number, { start, next }: Rows): Int32Array => {
  const order = new Int32Array(cells)
  let seen = new Uint8Array(cells)
  const walk = (first: number): void => {
    seen = new Uint8Array(cells)
    let end = 0
    order[end++] = first
    seen[first] = 1
    for (let at = 0; at < end; at++)
      for (let k = start[order[at]]; k < start[order[at] + 1]; k++)
        if (seen[next[k]] === 0) {
          seen[next[k]] = 1
          order[end++] = next[k]
        }
    if (end < cells)
      throw new RangeError(`${cells - end} of ${cells} cells of a piece are not connected with the others`)
  }
  walk(0)
  walk(order[cells - 1])
  return order
}

/** Multiplications above which a piece is solved step by step instead */
const mostWork = 2e7
/** The rule that potentials serve is good to some per cent. */
const tolerance = 1e-4

/** Conjugate gradients with one sweep there and back, for large pieces, which are compact. */
const iterativeSolver = (
  cells: number,
  { start, next, value }: Rows,
): ((rhs: Float64Array, out: Float64Array) => void) => {
  const diagonal = new Float64Array(cells)
  for (let cell = 0; cell < cells; cell++)
    for (let k = start[cell]; k < start[cell + 1]; k++) diagonal[cell] += value[k]
  const apply = (x: Float64Array, out: Float64Array): void => {
    for (let cell = 0; cell < cells; cell++) {
      let sum = diagonal[cell] * x[cell]
      for (let k = start[cell]; k < start[cell + 1]; k++) sum -= value[k] * x[next[k]]
      out[cell] = sum
    }
  }
  const precondition = (r: Float64Array, out: Float64Array): void => {
    out.fill(0)
    for (const towards of [1, -1])
      for (let c = 0; c < cells; c++) {
        const cell = towards === 1 ? c : cells - 1 - c
        let sum = r[cell]
        for (let k = start[cell]; k < start[cell + 1]; k++) sum += value[k] * out[next[k]]
        out[cell] = sum / diagonal[cell]
      }
  }
  return (rhs, out) => {
    out.fill(0)
    const settings = { relativeTolerance: tolerance, maximumIterations: 5 * cells }
    const outcome = conjugateGradient(apply, precondition, rhs, out, settings)
    if (!outcome.converged && !(outcome.residual < 1e-2))
      throw new RangeError(`currents through a piece of ${cells} cells do not balance: ${outcome.residual}`)
  }
}

/**
 * Solves for potentials whose currents are given (they sum to zero); the last cell of the walk is at 0. Cholesky within the
 * envelope of the matrix: pieces are small, and have several right-hand sides.
 * @source A. George, J. W. H. Liu, Computer Solution of Large Sparse Positive Definite Systems (1981), §4
 */
const solverOf = (
  cells: number,
  one: Int32Array,
  other: Int32Array,
  shape: Float64Array,
): ((rhs: Float64Array, out: Float64Array) => void) => {
  const rows = rowsOf(cells, one, other, shape)
  const { start, next, value } = rows
  const order = walked(cells, rows)
  const place = new Int32Array(cells)
  for (let k = 0; k < cells; k++) place[order[k]] = k
  const size = cells - 1
  /** Row k has the columns first[k] … k, at at[k] − first[k] + column. */
  const first = new Int32Array(size)
  const at = new Int32Array(size + 1)
  for (let k = 0; k < size; k++) {
    first[k] = k
    for (let e = start[order[k]]; e < start[order[k] + 1]; e++) first[k] = Math.min(first[k], place[next[e]])
    at[k + 1] = at[k] + k - first[k] + 1
  }
  let work = 0
  for (let k = 0; k < size; k++) work += (k - first[k]) ** 2
  if (work > mostWork) return iterativeSolver(cells, rows)
  const factor = new Float64Array(at[size])
  for (let k = 0; k < size; k++) {
    const row = at[k] - first[k]
    for (let e = start[order[k]]; e < start[order[k] + 1]; e++) {
      factor[row + k] += value[e]
      const column = place[next[e]]
      if (column < k) factor[row + column] -= value[e]
    }
    for (let column = first[k]; column <= k; column++) {
      const above = at[column] - first[column]
      let sum = factor[row + column]
      for (let m = Math.max(first[k], first[column]); m < column; m++) sum -= factor[row + m] * factor[above + m]
      factor[row + column] = column < k ? sum / factor[above + column] : Math.sqrt(Math.max(sum, 1e-300))
    }
  }
  return (rhs, out) => {
    const x = new Float64Array(cells)
    for (let k = 0; k < size; k++) {
      const row = at[k] - first[k]
      let sum = rhs[order[k]]
      for (let m = first[k]; m < k; m++) sum -= factor[row + m] * x[m]
      x[k] = sum / factor[row + k]
    }
    for (let k = size - 1; k >= 0; k--) {
      const row = at[k] - first[k]
      x[k] /= factor[row + k]
      for (let m = first[k]; m < k; m++) x[m] -= factor[row + m] * x[k]
    }
    for (let k = 0; k < cells; k++) out[order[k]] = x[k]
  }
}
