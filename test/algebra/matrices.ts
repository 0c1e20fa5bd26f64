import fc from "fast-check"
import { assemblyPattern, multiplyInto, type SparseMatrix, type SparsePattern } from "../../src/algebra/pattern.ts"
import { type Random, seededRandom } from "../../src/array/random.ts"

/** A sparse matrix from entries at places; repeated places add up, the diagonal is always there. */
export const fromEntries = (size: number, entries: readonly (readonly [number, number, number])[]): SparseMatrix => {
  const rows = Array.from({ length: size }, (_, i) => new Map([[i, 0]]))
  for (const [i, j, value] of entries) rows[i].set(j, (rows[i].get(j) ?? 0) + value)
  const rowStart = new Int32Array(size + 1)
  const sorted = rows.map((row) => [...row].sort(([a], [b]) => a - b))
  for (let i = 0; i < size; i++) rowStart[i + 1] = rowStart[i] + sorted[i].length
  const flat = sorted.flat()
  const pattern: SparsePattern = {
    rowCount: size,
    columnCount: size,
    rowStart,
    columnIndex: Int32Array.from(flat, ([j]) => j),
  }
  return { pattern, values: Float64Array.from(flat, ([, value]) => value) }
}

/** [row, column] row by row */
export const toDense = ({ pattern, values }: SparseMatrix): Float64Array => {
  const { rowCount, columnCount, rowStart, columnIndex } = pattern
  const dense = new Float64Array(rowCount * columnCount)
  for (let i = 0; i < rowCount; i++)
    for (let at = rowStart[i]; at < rowStart[i + 1]; at++) dense[i * columnCount + columnIndex[at]] += values[at]
  return dense
}

export const product = (matrix: SparseMatrix, x: Float64Array): Float64Array => {
  const out = new Float64Array(matrix.pattern.rowCount)
  multiplyInto(matrix, x, out)
  return out
}

export const largest = (x: ArrayLike<number>): number => {
  let most = 0
  for (let i = 0; i < x.length; i++)
    most = Math.max(most, Number.isNaN(x[i]) ? Number.POSITIVE_INFINITY : Math.abs(x[i]))
  return most
}

export const difference = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
  largest(Float64Array.from({ length: x.length }, (_, i) => x[i] - y[i]))

export const randomVector = (random: Random, size: number): Float64Array =>
  Float64Array.from({ length: size }, () => random.normal())

/** The same matrix with its unknowns renumbered: entry (i, j) moves to (to[i], to[j]). */
export const renumbered = ({ pattern, values }: SparseMatrix, to: Int32Array): SparseMatrix => {
  const entries: [number, number, number][] = []
  for (let i = 0; i < pattern.rowCount; i++)
    for (let at = pattern.rowStart[i]; at < pattern.rowStart[i + 1]; at++)
      entries.push([to[i], to[pattern.columnIndex[at]], values[at]])
  return fromEntries(pattern.rowCount, entries)
}

/** Gaussian elimination with partial pivoting, as plainly as can be; NaN where the matrix is singular. */
export const plainSolve = (size: number, entries: Float64Array, rhs: Float64Array): Float64Array => {
  const a = entries.slice()
  const x = rhs.slice()
  for (let k = 0; k < size; k++) {
    let best = k
    for (let i = k + 1; i < size; i++) if (Math.abs(a[i * size + k]) > Math.abs(a[best * size + k])) best = i
    for (let j = 0; j < size; j++) [a[k * size + j], a[best * size + j]] = [a[best * size + j], a[k * size + j]]
    ;[x[k], x[best]] = [x[best], x[k]]
    for (let i = k + 1; i < size; i++) {
      const l = a[i * size + k] / a[k * size + k]
      for (let j = k; j < size; j++) a[i * size + j] -= l * a[k * size + j]
      x[i] -= l * x[k]
    }
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let j = i + 1; j < size; j++) x[i] -= a[i * size + j] * x[j]
    x[i] /= a[i * size + i]
  }
  return x
}

/** Finite elements at random: cliques of a few unknowns each, with fields side by side on every node. */
const elements = fc.record({
  nodes: fc.integer({ min: 1, max: 60 }),
  fields: fc.integer({ min: 1, max: 3 }),
  perCell: fc.integer({ min: 1, max: 5 }),
  cells: fc.integer({ min: 0, max: 90 }),
  seed: fc.integer(),
})

/** Element matrices B Bᵀ, or with an unsymmetric part added, summed up; well conditioned by a share of the identity. */
export const assembled = (symmetric: boolean): fc.Arbitrary<SparseMatrix> =>
  elements.map(({ nodes, fields, perCell, cells, seed }) => {
    const random = seededRandom(seed)
    const size = nodes * fields
    const perElement = perCell * fields
    const dofs = new Int32Array(cells * perElement)
    for (let c = 0; c < cells; c++) {
      const around = random.integer(nodes)
      const chosen = random.permutation(Math.min(nodes, 2 * perCell))
      for (let k = 0; k < perCell; k++) {
        // Fewer nodes than corners, and constrained unknowns: absent.
        const node = k < chosen.length ? (around + chosen[k]) % nodes : -1
        for (let f = 0; f < fields; f++)
          dofs[c * perElement + k * fields + f] = node < 0 || random.uniform() < 0.05 ? -1 : node * fields + f
      }
    }
    const { pattern, positions } = assemblyPattern(size, [{ dofs, perElement }])
    const values = new Float64Array(pattern.columnIndex.length)
    for (let c = 0; c < cells; c++) {
      const b = Float64Array.from({ length: perElement * 2 }, () => random.normal())
      const scale = 10 ** random.integer(3)
      for (let i = 0; i < perElement; i++)
        for (let j = 0; j < perElement; j++) {
          const at = positions[0][(c * perElement + i) * perElement + j]
          if (at < 0) continue
          values[at] += scale * (b[2 * i] * b[2 * j] + b[2 * i + 1] * b[2 * j + 1])
          if (!symmetric) values[at] += scale * (random.uniform() - 0.5)
        }
    }
    for (let i = 0; i < size; i++)
      for (let at = pattern.rowStart[i]; at < pattern.rowStart[i + 1]; at++)
        if (pattern.columnIndex[at] === i) values[at] += symmetric ? 1 : 10 + 2 * values[at]
    return { pattern, values }
  })

/** Any pattern, with or without diagonal places, entries of both signs; rows and columns of very different size. */
export const scattered: fc.Arbitrary<SparseMatrix> = fc
  .record({ size: fc.integer({ min: 1, max: 70 }), perRow: fc.integer({ min: 0, max: 5 }), seed: fc.integer() })
  .map(({ size, perRow, seed }) => {
    const random = seededRandom(seed)
    const rows = random.permutation(size)
    const scales = Array.from({ length: size }, () => 10 ** (random.integer(13) - 6))
    const entries: [number, number, number][] = []
    // A permutation with large entries keeps the matrix regular.
    for (let i = 0; i < size; i++) entries.push([i, rows[i], scales[i] * (4 + 2 * perRow)])
    for (let e = 0; e < size * perRow; e++) {
      const i = random.integer(size)
      entries.push([i, random.integer(size), scales[i] * (2 * random.uniform() - 1)])
    }
    return fromEntries(size, entries)
  })

/** [A Bᵀ; B 0] with A positive definite and B of full rank, its unknowns shuffled. */
export const saddlePoint = (seed: number, unknowns: number, constraints: number): SparseMatrix => {
  const random = seededRandom(seed)
  const size = unknowns + constraints
  const entries: [number, number, number][] = []
  for (let i = 0; i < unknowns; i++) {
    entries.push([i, i, 2.5])
    for (const step of [1, 7]) {
      if (i + step >= unknowns) continue
      entries.push([i, i + step, -0.6], [i + step, i, -0.6])
    }
  }
  for (let c = 0; c < constraints; c++) {
    const first = Math.floor((c * unknowns) / constraints)
    for (const [step, value] of [
      [0, 1 + random.uniform()],
      [1, random.uniform() - 0.5],
    ]) {
      const j = Math.min(first + step, unknowns - 1)
      entries.push([unknowns + c, j, value], [j, unknowns + c, value])
    }
  }
  return renumbered(fromEntries(size, entries), random.permutation(size))
}
