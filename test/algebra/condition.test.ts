import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { analyse, estimateCondition, factorise } from "../../src/algebra/direct.ts"
import type { SparseMatrix } from "../../src/algebra/pattern.ts"
import { seededRandom } from "../../src/array/random.ts"
import { laplacian } from "../bench/matrices.ts"
import { assembled, difference, fromEntries, product, randomVector, scattered, toDense } from "./matrices.ts"

const transposed = ({ pattern, values }: SparseMatrix): SparseMatrix => {
  const entries: [number, number, number][] = []
  for (let i = 0; i < pattern.rowCount; i++)
    for (let at = pattern.rowStart[i]; at < pattern.rowStart[i + 1]; at++)
      entries.push([pattern.columnIndex[at], i, values[at]])
  return fromEntries(pattern.rowCount, entries)
}

/** Largest sum of magnitudes in a column. */
const oneNorm = (size: number, dense: Float64Array): number => {
  let most = 0
  for (let j = 0; j < size; j++) {
    let sum = 0
    for (let i = 0; i < size; i++) sum += Math.abs(dense[i * size + j])
    most = Math.max(most, sum)
  }
  return most
}

describe("solveTransposedInto", () => {
  it.each([
    ["finite elements", assembled(false)],
    ["any pattern", scattered],
  ] as const)("solves with the transpose: %s", (_, matrices) => {
    fc.assert(
      fc.property(matrices, (matrix) => {
        const n = matrix.pattern.rowCount
        const x = randomVector(seededRandom(n), n)
        const b = product(transposed(matrix), x)
        const f = factorise(analyse(matrix.pattern, "general"), matrix.values)
        const found = new Float64Array(n)
        f.solveTransposedInto(b, found)
        // One refinement: entries differ by many orders, and the error has to be small beside each of them.
        const left = product(transposed(matrix), found).map((value, i) => b[i] - value)
        f.solveTransposedInto(left, left)
        for (let i = 0; i < n; i++) found[i] += left[i]
        const rest = product(transposed(matrix), found)
        const size = product(transposed({ ...matrix, values: matrix.values.map(Math.abs) }), found.map(Math.abs))
        for (let i = 0; i < n; i++) expect(Math.abs(rest[i] - b[i])).toBeLessThan(1e-11 * size[i] + 1e-300)
        f.dispose()
      }),
    )
  })

  it("is the plain solution of symmetric matrices", () => {
    const matrix = laplacian([9, 8])
    const f = factorise(analyse(matrix.pattern, "symmetric"), matrix.values)
    const x = randomVector(seededRandom(1), 72)
    const found = new Float64Array(72)
    f.solveTransposedInto(product(matrix, x), found)
    expect(difference(found, x)).toBeLessThan(1e-12)
    f.dispose()
  })
})

describe("estimateCondition", () => {
  it("lies below the condition number, by little", () => {
    let below = 0
    let count = 0
    fc.assert(
      fc.property(assembled(false), (matrix) => {
        const n = matrix.pattern.rowCount
        const dense = toDense(matrix)
        const f = factorise(analyse(matrix.pattern, "general"), matrix.values)
        // Columns of the inverse one after the other: the transpose, row by row.
        const columns = new Float64Array(n * n)
        for (let j = 0; j < n; j++) columns[j * n + j] = 1
        f.solveInto(columns, columns, n)
        const inverse = columns.map((_, at) => columns[(at % n) * n + Math.floor(at / n)])
        const exact = oneNorm(n, dense) * oneNorm(n, inverse)
        const estimate = estimateCondition(matrix, f)
        f.dispose()
        expect(estimate).toBeLessThan(exact * (1 + 1e-9))
        expect(estimate).toBeGreaterThan(exact / 10)
        count++
        if (estimate < exact / 3) below++
      }),
    )
    expect(below / count).toBeLessThan(0.05)
  })

  it("is infinite for singular matrices", () => {
    const f = factorise(analyse(fromEntries(2, []).pattern, "symmetric"), Float64Array.of(1, 0))
    expect(estimateCondition({ pattern: fromEntries(2, []).pattern, values: Float64Array.of(1, 0) }, f)).toBe(
      Number.POSITIVE_INFINITY,
    )
    f.dispose()
  })
})
