import fc from "fast-check"
import { lusolve, matrix as mathMatrix, slu } from "mathjs"
import { describe, expect, it } from "vitest"
import { analyse, type Factorisation, factorise, solveRefined } from "../../src/algebra/direct.ts"
import type { SparseMatrix } from "../../src/algebra/pattern.ts"
import { seededRandom } from "../../src/array/random.ts"
import { elasticity, laplacian } from "../bench/matrices.ts"
import {
  assembled,
  difference,
  fromEntries,
  largest,
  plainSolve,
  product,
  randomVector,
  renumbered,
  scattered,
  toDense,
} from "./matrices.ts"

const kinds = ["symmetric", "general"] as const

const withFactor = <T>(matrix: SparseMatrix, kind: (typeof kinds)[number], use: (f: Factorisation) => T): T => {
  const factorisation = factorise(analyse(matrix.pattern, kind), matrix.values)
  try {
    return use(factorisation)
  } finally {
    factorisation.dispose()
  }
}

/** ‖b − A x‖∞ / (‖A‖∞ ‖x‖∞): at the level of rounding for a stable solver, whatever the condition. */
const backwardError = (matrix: SparseMatrix, x: Float64Array, b: Float64Array): number => {
  const { rowStart, rowCount } = matrix.pattern
  let norm = 0
  for (let i = 0; i < rowCount; i++) {
    const row = matrix.values.subarray(rowStart[i], rowStart[i + 1])
    norm = Math.max(
      norm,
      row.reduce((sum, value) => sum + Math.abs(value), 0),
    )
  }
  return difference(product(matrix, x), b) / (norm * largest(x) + largest(b) || 1)
}

describe.each(kinds)("factorise %s", (kind) => {
  it("solves random finite-element systems as Gaussian elimination does", () => {
    fc.assert(
      fc.property(assembled(kind === "symmetric"), (matrix) => {
        const n = matrix.pattern.rowCount
        const b = randomVector(seededRandom(n), n)
        const x = new Float64Array(n)
        withFactor(matrix, kind, (f) => {
          f.solveInto(b, x)
          expect(f.report.warnings).toEqual([])
        })
        const plain = plainSolve(n, toDense(matrix), b)
        expect(difference(x, plain)).toBeLessThan(1e-9 * Math.max(1, largest(plain)))
        expect(backwardError(matrix, x, b)).toBeLessThan(1e-13)
      }),
    )
  })

  it("solves many right-hand sides as it solves each alone, in place too", () => {
    fc.assert(
      fc.property(assembled(true), fc.integer({ min: 1, max: 11 }), (matrix, columns) => {
        const n = matrix.pattern.rowCount
        const b = randomVector(seededRandom(columns), n * columns)
        withFactor(matrix, kind, (f) => {
          const together = b.slice()
          f.solveInto(together, together, columns)
          const alone = new Float64Array(n)
          for (let c = 0; c < columns; c++) {
            f.solveInto(b.subarray(c * n, (c + 1) * n), alone)
            const found = together.subarray(c * n, (c + 1) * n)
            expect(difference(found, alone)).toBeLessThan(1e-11 * Math.max(1, largest(alone)))
          }
        })
      }),
    )
  })

  it("refactorises to the same bits as a fresh factorisation", () => {
    fc.assert(
      fc.property(assembled(true), fc.double({ min: 0.1, max: 10, noNaN: true }), (matrix, factor) => {
        const n = matrix.pattern.rowCount
        const { rowStart, columnIndex } = matrix.pattern
        const other = { ...matrix, values: matrix.values.map((value) => value * factor) }
        for (let i = 0; i < n; i++)
          for (let at = rowStart[i]; at < rowStart[i + 1]; at++) if (columnIndex[at] === i) other.values[at] += i % 3
        const b = randomVector(seededRandom(3), n)
        const [again, fresh] = [new Float64Array(n), new Float64Array(n)]
        withFactor(matrix, kind, (f) => {
          f.refactorise(other.values)
          f.solveInto(b, again)
        })
        withFactor(other, kind, (f) => f.solveInto(b, fresh))
        expect(again).toEqual(fresh)
      }),
    )
  })

  it("does not depend on how unknowns are numbered", () => {
    fc.assert(
      fc.property(assembled(kind === "symmetric"), fc.integer(), (matrix, seed) => {
        const n = matrix.pattern.rowCount
        const random = seededRandom(seed)
        const to = random.permutation(n)
        const b = randomVector(random, n)
        const moved = new Float64Array(n)
        for (let i = 0; i < n; i++) moved[to[i]] = b[i]
        const [x, y] = [new Float64Array(n), new Float64Array(n)]
        withFactor(matrix, kind, (f) => f.solveInto(b, x))
        withFactor(renumbered(matrix, to), kind, (f) => f.solveInto(moved, y))
        expect(
          difference(
            x.map((_, i) => y[to[i]]),
            x,
          ),
        ).toBeLessThan(1e-9 * Math.max(1, largest(x)))
      }),
    )
  })

  it.each([
    ["elasticity, linear", elasticity(40, 1), 1e-11],
    ["elasticity, quadratic", elasticity(21, 2), 1e-11],
    ["Laplacian in 2-D", laplacian([61, 57]), 1e-12],
    ["Laplacian in 3-D", laplacian([13, 14, 15]), 1e-12],
    ["Laplacian in 1-D", laplacian([1000]), 1e-9],
    ["a full matrix", fullMatrix(150), 1e-12],
    ["an arrow", arrow(3000), 1e-12],
  ])("is accurate for %s", (_, matrix, tolerance) => {
    const n = matrix.pattern.rowCount
    const x = randomVector(seededRandom(8), n)
    const found = new Float64Array(n)
    const report = withFactor(matrix, kind, (f) => {
      f.solveInto(product(matrix, x), found)
      return f.report
    })
    expect(difference(found, x)).toBeLessThan(tolerance * 100)
    expect(backwardError(matrix, found, product(matrix, x))).toBeLessThan(1e-14)
    expect(report.warnings).toEqual([])
    expect(report.pivoting).toBe(kind === "general")
  })

  it("agrees with mathjs on a Laplacian", () => {
    const { pattern, values } = laplacian([12, 11])
    const n = pattern.rowCount
    const math = mathMatrix("sparse").resize([n, n])
    for (let i = 0; i < n; i++)
      for (let at = pattern.rowStart[i]; at < pattern.rowStart[i + 1]; at++)
        math.set([i, pattern.columnIndex[at]], values[at])
    const b = randomVector(seededRandom(4), n)
    const theirs = lusolve(
      slu(math, 1, 1e-3),
      Array.from(b, (value) => [value]),
    ).valueOf() as number[][]
    const ours = new Float64Array(n)
    withFactor({ pattern, values }, kind, (f) => f.solveInto(b, ours))
    expect(difference(ours, theirs.flat())).toBeLessThan(1e-11)
  })

  it("reports entries that are no numbers and solves to NaN", () => {
    const matrix = laplacian([5, 5])
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const values = matrix.values.slice()
      values[17] = wrong
      withFactor({ ...matrix, values }, kind, (f) => {
        expect(f.report.warnings).toEqual([{ kind: "not finite", count: 1 }])
        const x = new Float64Array(25)
        f.solveInto(x, x)
        expect(x.every(Number.isNaN)).toBe(true)
        // The next matrix is solved as if nothing had been.
        f.refactorise(matrix.values)
        f.solveInto(new Float64Array(25).fill(1), x)
        expect(backwardError(matrix, x, new Float64Array(25).fill(1))).toBeLessThan(1e-14)
      })
    }
  })

  it("sets unknowns to zero that nothing decides, and says which", () => {
    // Floating: a Laplacian without its boundary, in two parts, and an unknown in no equation at all.
    const entries: [number, number, number][] = []
    for (let i = 0; i < 39; i++) {
      if (i === 19) continue
      entries.push([i, i, 1], [i + 1, i + 1, 1], [i, i + 1, -1], [i + 1, i, -1])
    }
    const matrix = fromEntries(41, entries)
    const b = product(matrix, randomVector(seededRandom(6), 41))
    const x = new Float64Array(41)
    withFactor(matrix, kind, (f) => {
      f.solveInto(b, x)
      expect(f.report.perturbedPivots).toBe(3)
      expect(f.report.smallestPivot).toBe(0)
      const [warning] = f.report.warnings
      if (warning.kind !== "singular") throw new Error(warning.kind)
      expect(warning.unknowns).toHaveLength(3)
      for (const i of warning.unknowns) expect(Math.abs(x[i])).toBe(0)
    })
    expect(difference(product(matrix, x), b)).toBeLessThan(1e-12)
  })

  it("handles the smallest cases", () => {
    withFactor(fromEntries(0, []), kind, (f) => f.solveInto(new Float64Array(0), new Float64Array(0)))
    withFactor(fromEntries(1, [[0, 0, -4]]), kind, (f) => {
      const x = Float64Array.of(2)
      f.solveInto(x, x)
      expect(x[0]).toBe(-0.5)
    })
    withFactor(fromEntries(1, []), kind, (f) => {
      const x = Float64Array.of(2)
      f.solveInto(x, x)
      expect(x[0]).toBe(0)
    })
  })

  it("refuses arrays of another length, and use after disposal", () => {
    const matrix = laplacian([3, 3])
    const analysis = analyse(matrix.pattern, kind)
    expect(() => factorise(analysis, new Float64Array(3))).toThrow(RangeError)
    const f = factorise(analysis, matrix.values)
    expect(() => f.solveInto(new Float64Array(8), new Float64Array(9))).toThrow(RangeError)
    expect(() => f.solveInto(new Float64Array(9), new Float64Array(9), 2)).toThrow(RangeError)
    f.dispose()
    f.dispose()
    expect(() => f.solveInto(new Float64Array(9), new Float64Array(9))).toThrow(/disposed/)
  })

  it("keeps factorisations of one analysis apart", () => {
    const matrix = laplacian([7, 9])
    const analysis = analyse(matrix.pattern, kind)
    const first = factorise(analysis, matrix.values)
    const second = factorise(
      analysis,
      matrix.values.map((value) => 4 * value),
    )
    const b = randomVector(seededRandom(2), 63)
    const [x, y] = [new Float64Array(63), new Float64Array(63)]
    first.solveInto(b, x)
    second.solveInto(b, y)
    first.dispose()
    second.solveInto(b, y)
    expect(
      difference(
        x,
        y.map((value) => 4 * value),
      ),
    ).toBeLessThan(1e-13)
    second.dispose()
  })
})

function fullMatrix(size: number): SparseMatrix {
  const random = seededRandom(size)
  const entries: [number, number, number][] = []
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      const value = i === j ? 2 * size : random.normal()
      entries.push([i, j, value])
      if (i !== j) entries.push([j, i, value])
    }
  return fromEntries(size, entries)
}

function arrow(size: number): SparseMatrix {
  const entries: [number, number, number][] = [[0, 0, size]]
  for (let i = 1; i < size; i++) entries.push([i, i, 2], [0, i, -1], [i, 0, -1])
  return fromEntries(size, entries)
}

describe("general matrices", () => {
  it("are solved whatever their pattern, with or without a diagonal", () => {
    fc.assert(
      fc.property(scattered, (matrix) => {
        const n = matrix.pattern.rowCount
        const x = randomVector(seededRandom(5), n)
        const b = product(matrix, x)
        const found = new Float64Array(n)
        withFactor(matrix, "general", (f) => {
          const outcome = solveRefined(matrix, f, b, found)
          expect(outcome.backwardError).toBeLessThan(1e-13)
        })
      }),
    )
  })

  it("are solved where a column of a front has entries only by fill within its last block", () => {
    // Cases among these once lost such entries.
    for (const matrix of fc.sample(scattered, { seed: 9, numRuns: 1200 })) {
      const n = matrix.pattern.rowCount
      const b = randomVector(seededRandom(5), n)
      withFactor(matrix, "general", (f) => {
        expect(solveRefined(matrix, f, b, new Float64Array(n)).backwardError).toBeLessThan(1e-13)
      })
    }
  })

  it("include convection that rules over diffusion", () => {
    const { pattern, values } = laplacian([40, 30])
    const convective = values.slice()
    for (let i = 0; i < pattern.rowCount; i++)
      for (let at = pattern.rowStart[i]; at < pattern.rowStart[i + 1]; at++) {
        const step = pattern.columnIndex[at] - i
        if (step === 1) convective[at] += 50
        else if (step === -1) convective[at] -= 50
      }
    const matrix = { pattern, values: convective }
    const x = randomVector(seededRandom(1), pattern.rowCount)
    const found = new Float64Array(x.length)
    withFactor(matrix, "general", (f) => f.solveInto(product(matrix, x), found))
    expect(difference(found, x)).toBeLessThan(1e-10)
  })
})

describe("analyse", () => {
  it("refuses patterns that are not square, or not symmetric though said to be", () => {
    const upper = { rowCount: 2, columnCount: 2, rowStart: Int32Array.of(0, 2, 3), columnIndex: Int32Array.of(0, 1, 1) }
    expect(() => analyse(upper, "symmetric")).toThrow(/not symmetric/)
    expect(() => analyse(upper, "general")).not.toThrow()
    const wide = { rowCount: 1, columnCount: 2, rowStart: Int32Array.of(0, 1), columnIndex: Int32Array.of(0) }
    expect(() => analyse(wide, "general")).toThrow(/1 rows and 2 columns/)
  })

  it("finds an order that fills in little: n log n for a grid", () => {
    // Nested dissection of a k × k grid gives about 31/8 n log₂ n entries; the natural order n^1.5.
    for (const k of [40, 80]) {
      const n = k * k
      expect(analyse(laplacian([k, k]).pattern, "symmetric").nonZeros).toBeLessThan(4.5 * n * Math.log2(n))
    }
  })
})

describe("solveRefined", () => {
  it("reaches rounding where the factorisation lags behind the matrix", () => {
    fc.assert(
      fc.property(assembled(true), fc.integer(), (matrix, seed) => {
        const n = matrix.pattern.rowCount
        const random = seededRandom(seed)
        const near = { ...matrix, values: matrix.values.map((value) => value * (1 + 1e-4 * random.uniform())) }
        const b = randomVector(random, n)
        const x = b.slice()
        withFactor(matrix, "symmetric", (f) => {
          const outcome = solveRefined(near, f, x, x, { maximumIterations: 30, tolerance: 1e-14 })
          expect(outcome.converged).toBe(true)
        })
        expect(backwardError(near, x, b)).toBeLessThan(1e-13)
      }),
    )
  })

  it("never takes NaN for convergence", () => {
    const matrix = laplacian([3, 3])
    withFactor(matrix, "symmetric", (f) => {
      const b = new Float64Array(9).fill(Number.NaN)
      expect(solveRefined(matrix, f, b, new Float64Array(9))).toMatchObject({ converged: false, residual: Number.NaN })
    })
  })
})
