import { analyse, factorise } from "../algebra/direct.ts"
import { conjugateGradient, type KrylovOutcome } from "../algebra/krylov.ts"
import { assemblyPattern } from "../algebra/pattern.ts"
import { type ConductorVoxels, cellsAt, type VolumeFace } from "./conductor-voxels.ts"

/** Laplace's equation on the voxels of a conductor between two faces of the volume. */
export interface VoxelConduction {
  readonly outcome: KrylovOutcome
  /** Of the whole volume between both faces, over the conductivity [m]; 0 where they are not joined */
  readonly shape: number
  /** [cell] potential, 0 on the first and 1 on the second face; NaN on cells that neither face reaches */
  readonly potential: Float64Array
}

/**
 * ∇·(σ∇φ) = 0 by finite volumes on voxels, φ = 0 on one face of the volume and 1 on another, nothing leaves elsewhere.
 * Conjugate gradients, preconditioned by Gauss–Seidel there and back, with a coarse level on the given pieces.
 * @param piece        [cell] from 1; each connected, or nearly so
 * @param conductivity [cell] σ > 0 over that in which the result is counted, harmonic means on faces; absent: 1. Not
 *   together with contacts along edges
 * @source H. A. van der Vorst, Iterative Krylov Methods (2003), §13 (two levels by aggregation)
 */
export const conductThroughVoxels = (
  cells: ConductorVoxels,
  piece: Int32Array,
  first: VolumeFace,
  second: VolumeFace,
  relativeTolerance = 1e-7,
  conductivity?: Float32Array,
): VoxelConduction => {
  const { count, neighbour, shape, edgeStart, edgeCell, edgeShape } = cells
  if (conductivity !== undefined && edgeShape !== 0)
    throw new RangeError("contacts along edges have no conductivity of their own")
  const faces = faceShapes(cells, conductivity)
  const [low, high] = [cellsAt(cells, first), cellsAt(cells, second)]
  const diagonal = new Float64Array(count)
  for (let cell = 0; cell < count; cell++) {
    for (let d = 0; d < 6; d++) diagonal[cell] += faces[6 * cell + d]
    diagonal[cell] += edgeShape * (edgeStart[cell + 1] - edgeStart[cell])
  }
  const rhs = new Float64Array(count)
  /** From the middle of a cell to a face of the volume */
  const outward = (cell: number, { axis }: VolumeFace): number => 2 * shape[axis] * (conductivity?.[cell] ?? 1)
  for (const cell of low) diagonal[cell] += outward(cell, first)
  for (const cell of high) {
    diagonal[cell] += outward(cell, second)
    rhs[cell] += outward(cell, second)
  }
  const reached = reachedFrom(cells, [...low, ...high])
  const apply = (x: Float64Array, out: Float64Array): void => {
    for (let cell = 0, at = 0; cell < count; cell++, at += 6) {
      let sum = diagonal[cell] * x[cell]
      for (let d = 0; d < 6; d++) {
        const other = neighbour[at + d]
        if (other >= 0) sum -= faces[at + d] * x[other]
      }
      for (let k = edgeStart[cell]; k < edgeStart[cell + 1]; k++) sum -= edgeShape * x[edgeCell[k]]
      out[cell] = reached[cell] === 1 ? sum : x[cell]
    }
  }
  const coarse = coarseLevel(cells, piece, faces, diagonal, reached)
  const residual = new Float64Array(count)
  const precondition = (r: Float64Array, out: Float64Array): void => {
    // Forward sweep, coarse correction, backward sweep: symmetric.
    sweep(cells, faces, diagonal, reached, r, out, 1)
    apply(out, residual)
    for (let cell = 0; cell < count; cell++) residual[cell] = r[cell] - residual[cell]
    coarse.addCorrection(residual, out)
    sweep(cells, faces, diagonal, reached, r, out, -1)
  }
  const potential = new Float64Array(count)
  const outcome = conjugateGradient(apply, precondition, rhs, potential, { relativeTolerance, maximumIterations: 3000 })
  coarse.dispose()
  let current = 0
  for (const cell of low) current += outward(cell, first) * potential[cell]
  for (let cell = 0; cell < count; cell++) if (reached[cell] === 0) potential[cell] = Number.NaN
  return { outcome, shape: current, potential }
}

/** [cell, 6] conductance through each face, 0 where there is no cell behind it [m] */
const faceShapes = ({ count, neighbour, shape }: ConductorVoxels, conductivity?: Float32Array): Float64Array => {
  const out = new Float64Array(6 * count)
  for (let cell = 0, at = 0; cell < count; cell++)
    for (let d = 0; d < 6; d++, at++) {
      const other = neighbour[at]
      if (other < 0) continue
      const [one, two] = conductivity === undefined ? [1, 1] : [conductivity[cell], conductivity[other]]
      out[at] = (shape[d >> 1] * 2 * one * two) / (one + two)
    }
  return out
}

const reachedFrom = (
  { count, neighbour, edgeStart, edgeCell }: ConductorVoxels,
  seeds: readonly number[],
): Uint8Array => {
  const reached = new Uint8Array(count)
  const stack = new Int32Array(count)
  let top = 0
  for (const cell of seeds)
    if (reached[cell] === 0) {
      reached[cell] = 1
      stack[top++] = cell
    }
  while (top > 0) {
    const cell = stack[--top]
    for (let d = 0; d < 6; d++) {
      const other = neighbour[6 * cell + d]
      if (other < 0 || reached[other] === 1) continue
      reached[other] = 1
      stack[top++] = other
    }
    for (let k = edgeStart[cell]; k < edgeStart[cell + 1]; k++) {
      if (reached[edgeCell[k]] === 1) continue
      reached[edgeCell[k]] = 1
      stack[top++] = edgeCell[k]
    }
  }
  return reached
}

/** One sweep of Gauss–Seidel through all cells; forward from zero, backward from what is there. */
const sweep = (
  { count, neighbour, edgeStart, edgeCell, edgeShape }: ConductorVoxels,
  faces: Float64Array,
  diagonal: Float64Array,
  reached: Uint8Array,
  rhs: Float64Array,
  x: Float64Array,
  towards: 1 | -1,
): void => {
  if (towards === 1) x.fill(0)
  for (let k = 0; k < count; k++) {
    const cell = towards === 1 ? k : count - 1 - k
    if (reached[cell] === 0) {
      x[cell] = rhs[cell]
      continue
    }
    let sum = rhs[cell]
    for (let d = 0, at = 6 * cell; d < 6; d++) {
      const other = neighbour[at + d]
      if (other >= 0) sum += faces[at + d] * x[other]
    }
    for (let at = edgeStart[cell]; at < edgeStart[cell + 1]; at++) sum += edgeShape * x[edgeCell[at]]
    x[cell] = sum / diagonal[cell]
  }
}

/** Each piece as one unknown: the operator summed over its cells. */
const coarseLevel = (
  { count, neighbour, edgeStart, edgeCell, edgeShape }: ConductorVoxels,
  piece: Int32Array,
  faces: Float64Array,
  diagonal: Float64Array,
  reached: Uint8Array,
) => {
  const number = new Map<number, number>()
  const unknown = new Int32Array(count).fill(-1)
  for (let cell = 0; cell < count; cell++) {
    if (reached[cell] === 0) continue
    const known = number.get(piece[cell]) ?? number.size
    number.set(piece[cell], known)
    unknown[cell] = known
  }
  const size = number.size
  const links = new Map<number, number>()
  const own = new Float64Array(size)
  for (let cell = 0; cell < count; cell++) {
    if (reached[cell] === 0) continue
    own[unknown[cell]] += diagonal[cell]
    const join = (other: number, g: number): void => {
      const [a, b] = [unknown[cell], unknown[other]]
      if (a === b) own[a] -= g
      else if (a < b) links.set(a * size + b, (links.get(a * size + b) ?? 0) + g)
    }
    for (let d = 0; d < 6; d++) if (neighbour[6 * cell + d] >= 0) join(neighbour[6 * cell + d], faces[6 * cell + d])
    for (let at = edgeStart[cell]; at < edgeStart[cell + 1]; at++) join(edgeCell[at], edgeShape)
  }
  const dofs = new Int32Array(2 * links.size)
  ;[...links.keys()].forEach((key, link) => {
    dofs[2 * link] = Math.floor(key / size)
    dofs[2 * link + 1] = key % size
  })
  const { pattern, positions } = assemblyPattern(size, [{ dofs, perElement: 2 }])
  const values = new Float64Array(pattern.columnIndex.length)
  ;[...links.values()].forEach((g, link) => {
    values[positions[0][4 * link + 1]] -= g
    values[positions[0][4 * link + 2]] -= g
  })
  for (let row = 0; row < size; row++)
    for (let at = pattern.rowStart[row]; at < pattern.rowStart[row + 1]; at++)
      if (pattern.columnIndex[at] === row) values[at] += own[row]
  const factors = factorise(analyse(pattern, "symmetric"), values)
  const sums = new Float64Array(size)
  return {
    addCorrection: (residual: Float64Array, out: Float64Array): void => {
      sums.fill(0)
      for (let cell = 0; cell < count; cell++) if (unknown[cell] >= 0) sums[unknown[cell]] += residual[cell]
      factors.solveInto(sums, sums)
      for (let cell = 0; cell < count; cell++) if (unknown[cell] >= 0) out[cell] += sums[unknown[cell]]
    },
    dispose: factors.dispose,
  }
}
