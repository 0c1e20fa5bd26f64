import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { analyse, factorise, solveRefined } from "../../src/algebra/direct.ts"
import { seededRandom } from "../../src/array/random.ts"
import { laplacian } from "../bench/matrices.ts"
import { difference, fromEntries, product, randomVector, saddlePoint } from "./matrices.ts"

describe.each(["symmetric", "general"] as const)("indefinite matrices, %s", (kind) => {
  it("of saddle points are solved, multipliers without a diagonal included", () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: 0, max: 0.45, noNaN: true }),
        (seed, n, share) => {
          const matrix = saddlePoint(seed, n, Math.floor(share * n))
          const size = matrix.pattern.rowCount
          const x = randomVector(seededRandom(seed), size)
          const found = new Float64Array(size)
          const f = factorise(analyse(matrix.pattern, kind), matrix.values)
          const outcome = solveRefined(matrix, f, product(matrix, x), found)
          expect(f.report.warnings).toEqual([])
          f.dispose()
          expect(outcome.backwardError).toBeLessThan(1e-14)
          expect(difference(found, x)).toBeLessThan(1e-9)
        },
      ),
    )
  })

  it("with nothing at all on the diagonal are solved", () => {
    // Pairs of unknowns that only know each other, chained weakly.
    const entries: [number, number, number][] = []
    for (let i = 0; i < 100; i += 2) {
      entries.push([i, i + 1, 1], [i + 1, i, 1])
      if (i + 3 < 100) entries.push([i, i + 3, 0.3], [i + 3, i, 0.3])
    }
    const matrix = fromEntries(100, entries)
    const x = randomVector(seededRandom(1), 100)
    const found = new Float64Array(100)
    const f = factorise(analyse(matrix.pattern, kind), matrix.values)
    f.solveInto(product(matrix, x), found)
    expect(difference(found, x)).toBeLessThan(1e-12)
    f.dispose()
  })

  it("keep what an earlier matrix taught: refactorising does not search again", () => {
    const matrix = saddlePoint(3, 400, 120)
    const analysis = analyse(matrix.pattern, kind)
    const first = factorise(analysis, matrix.values)
    const learnt = analysis.plans.pivoting
    first.refactorise(matrix.values.map((value) => value * 3))
    const second = factorise(analysis, matrix.values)
    expect(analysis.plans.pivoting).toBe(learnt)
    expect(second.report.warnings).toEqual([])
    first.dispose()
    second.dispose()
  })
})

describe("shifted Laplacians", () => {
  it("tell how many eigenvalues lie below the shift", () => {
    const [m, n] = [17, 14]
    const { pattern, values } = laplacian([m, n])
    const eigenvalues: number[] = []
    for (let i = 1; i <= m; i++)
      for (let j = 1; j <= n; j++)
        eigenvalues.push(4 - 2 * Math.cos((i * Math.PI) / (m + 1)) - 2 * Math.cos((j * Math.PI) / (n + 1)))
    for (const shift of [0.013, 0.5, 1.3]) {
      const shifted = values.slice()
      for (let i = 0; i < pattern.rowCount; i++)
        for (let at = pattern.rowStart[i]; at < pattern.rowStart[i + 1]; at++)
          if (pattern.columnIndex[at] === i) shifted[at] -= shift
      const f = factorise(analyse(pattern, "symmetric"), shifted)
      const below = eigenvalues.filter((value) => value < shift).length
      if (!f.report.pivoting) expect(f.report.negativePivots).toBe(below)
      const matrix = { pattern, values: shifted }
      const x = randomVector(seededRandom(2), pattern.rowCount)
      const found = new Float64Array(x.length)
      f.solveInto(product(matrix, x), found)
      expect(difference(found, x)).toBeLessThan(1e-8)
      f.dispose()
    }
  })
})
