import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { analyse, factorise } from "../../src/algebra/direct.ts"
import { type Apply, bicgstab, conjugateGradient, gmres, krylovWorkspace } from "../../src/algebra/krylov.ts"
import { multiplyInto, type SparseMatrix } from "../../src/algebra/pattern.ts"
import { seededRandom } from "../../src/array/random.ts"
import { laplacian } from "../bench/matrices.ts"
import { assembled, difference, product, randomVector } from "./matrices.ts"

const applyOf =
  (matrix: SparseMatrix): Apply =>
  (x, out) =>
    multiplyInto(matrix, x, out)

/** Division by the diagonal. */
const jacobi = ({ pattern, values }: SparseMatrix): Apply => {
  const diagonal = new Float64Array(pattern.rowCount)
  for (let i = 0; i < pattern.rowCount; i++)
    for (let at = pattern.rowStart[i]; at < pattern.rowStart[i + 1]; at++)
      if (pattern.columnIndex[at] === i) diagonal[i] = values[at]
  return (x, out) => {
    for (let i = 0; i < x.length; i++) out[i] = x[i] / diagonal[i]
  }
}

const residualOf = (matrix: SparseMatrix, x: Float64Array, b: Float64Array): number => {
  const rest = product(matrix, x).map((value, i) => b[i] - value)
  return Math.hypot(...rest) / Math.hypot(...b)
}

const methods = { conjugateGradient, gmres, bicgstab }

describe.each(Object.entries(methods))("%s", (name, solve) => {
  const symmetric = name === "conjugateGradient"

  it("reaches the residual it reports, from any start", () => {
    fc.assert(
      fc.property(assembled(symmetric), fc.integer(), (matrix, seed) => {
        const n = matrix.pattern.rowCount
        const random = seededRandom(seed)
        const b = randomVector(random, n)
        const x = randomVector(random, n)
        const settings = { relativeTolerance: 1e-9, maximumIterations: 20 * n + 100 }
        const outcome = solve(applyOf(matrix), jacobi(matrix), b, x, settings)
        expect(outcome.converged).toBe(true)
        expect(outcome.residual).toBeLessThanOrEqual(1e-9)
        expect(residualOf(matrix, x, b)).toBeLessThan(2e-9)
      }),
    )
  })

  it("takes a step or two with an exact preconditioner", () => {
    const matrix = laplacian([20, 20])
    const f = factorise(analyse(matrix.pattern, "symmetric"), matrix.values)
    const b = randomVector(seededRandom(1), 400)
    const x = new Float64Array(400)
    const outcome = solve(applyOf(matrix), (r, out) => f.solveInto(r, out), b, x, {
      relativeTolerance: 1e-12,
      maximumIterations: 10,
    })
    expect(outcome).toMatchObject({ converged: true })
    expect(outcome.iterations).toBeLessThanOrEqual(2)
    f.dispose()
  })

  it("says when it has not converged, and never for NaN", () => {
    const matrix = laplacian([30, 30])
    const b = randomVector(seededRandom(1), 900)
    const x = new Float64Array(900)
    const settings = { relativeTolerance: 1e-12, maximumIterations: 3 }
    const outcome = solve(applyOf(matrix), jacobi(matrix), b, x, settings)
    expect(outcome.converged).toBe(false)
    expect(outcome.iterations).toBeLessThanOrEqual(3)
    expect(outcome.residual).toBeCloseTo(residualOf(matrix, x, b), 10)
    b[5] = Number.NaN
    expect(solve(applyOf(matrix), jacobi(matrix), b, x.fill(0), settings).converged).toBe(false)
  })

  it("is done at once where the start is the solution, or nothing is asked", () => {
    const matrix = laplacian([5, 5])
    const solution = randomVector(seededRandom(1), 25)
    const x = solution.slice()
    const settings = { relativeTolerance: 1e-10, maximumIterations: 5 }
    expect(solve(applyOf(matrix), jacobi(matrix), product(matrix, x), x, settings)).toMatchObject({
      converged: true,
      iterations: 0,
    })
    expect(difference(x, solution)).toBe(0)
    const zero = new Float64Array(25)
    expect(solve(applyOf(matrix), jacobi(matrix), zero, zero.slice(), settings).converged).toBe(true)
  })
})

describe("gmres", () => {
  it("converges across restarts, with a preconditioner that changes", () => {
    const { pattern, values } = laplacian([25, 25])
    const convective = values.map((value, at) => value + (pattern.columnIndex[at] % 2 ? 0.3 : -0.1))
    const matrix = { pattern, values: convective }
    const b = randomVector(seededRandom(3), 625)
    const x = new Float64Array(625)
    let calls = 0
    const changing: Apply = (r, out) => {
      calls++
      for (let i = 0; i < r.length; i++) out[i] = r[i] * (1 + 0.1 * Math.sin(calls + i))
    }
    const outcome = gmres(applyOf(matrix), changing, b, x, {
      relativeTolerance: 1e-8,
      maximumIterations: 3000,
      restart: 30,
    })
    expect(outcome.converged).toBe(true)
    expect(outcome.iterations).toBeGreaterThan(30)
    expect(residualOf(matrix, x, b)).toBeLessThan(2e-8)
  })

  it("takes one product and one preconditioning a step from a start of zeros, also in a workspace used before", () => {
    const matrix = laplacian([20, 20])
    const b = randomVector(seededRandom(4), 400)
    const workspace = krylovWorkspace(400)
    for (const relativeTolerance of [1e-6, 1e-3]) {
      let products = 0
      let preconditionings = 0
      const counted: Apply = (x, out) => {
        products++
        multiplyInto(matrix, x, out)
      }
      const divided = jacobi(matrix)
      const precondition: Apply = (x, out) => {
        preconditionings++
        divided(x, out)
      }
      const x = new Float64Array(400)
      const settings = { relativeTolerance, maximumIterations: 400, restart: 400 }
      const { iterations, residual } = gmres(counted, precondition, b, x, settings, workspace)
      expect([products, preconditionings]).toEqual([iterations, iterations])
      expect(residualOf(matrix, x, b)).toBeCloseTo(residual, 12)
    }
  })
})
