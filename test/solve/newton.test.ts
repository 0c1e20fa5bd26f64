import { describe, expect, it } from "vitest"
import type { LinearOperator } from "../../src/solve/linear-operator.ts"
import { createNewton, type NonlinearSystem } from "../../src/solve/newton.ts"

/** x + x³/3 = target in every row, all alike. */
const alike = (count: number, target: number): NonlinearSystem => {
  const slope = new Float64Array(count)
  const jacobian: LinearOperator = {
    size: count,
    applyInto: (x, out) => {
      for (let i = 0; i < count; i++) out[i] = slope[i] * x[i]
    },
    renew: () => {},
    solveInto: (rhs, out) => {
      for (let i = 0; i < count; i++) out[i] = rhs[i] / slope[i]
    },
    forget: () => {},
  }
  return {
    jacobian,
    residualScale: () => 1,
    evaluateInto: (x, residual) => {
      for (let i = 0; i < count; i++) {
        residual[i] = x[i] + x[i] ** 3 / 3 - target
        slope[i] = 1 + x[i] ** 2
      }
    },
  }
}

const totalResidual = (system: NonlinearSystem, x: Float64Array): number => {
  const residual = new Float64Array(x.length)
  system.evaluateInto(x, residual)
  return residual.reduce((sum, value) => sum + Math.abs(value), 0)
}

describe("Newton's method", () => {
  it("finds the root of every row", () => {
    const x = new Float64Array(5)
    const outcome = createNewton(alike(5, 2), { residualTolerance: 1e-12, maximumIterations: 20 }).solve(x)
    expect(outcome.converged).toBe(true)
    for (const value of x) expect(value + value ** 3 / 3).toBeCloseTo(2, 12)
  })

  it("goes on until the sum of all rows is small, when asked", () => {
    const system = alike(10_000, 2)
    const settings = { residualTolerance: 1e-4, maximumIterations: 20 }
    const [loose, strict] = [new Float64Array(10_000), new Float64Array(10_000)]
    expect(createNewton(system, settings).solve(loose).converged).toBe(true)
    expect(createNewton(system, { ...settings, totalTolerance: 1e-4 }).solve(strict).converged).toBe(true)
    expect(totalResidual(system, loose)).toBeGreaterThan(1e-4)
    expect(totalResidual(system, strict)).toBeLessThanOrEqual(1e-4)
  })

  it("says why it gave up, with the residuals on the way", () => {
    const outcome = createNewton(alike(3, 1e6), { residualTolerance: 1e-12, maximumIterations: 2 }).solve(
      new Float64Array(3),
    )
    expect(outcome).toMatchObject({ converged: false, reason: "too many iterations", iterations: 2 })
    const poisoned = createNewton(alike(3, Number.NaN), { residualTolerance: 1e-12, maximumIterations: 2 }).solve(
      new Float64Array(3),
    )
    expect(poisoned).toMatchObject({ converged: false, reason: "not finite" })
  })
})
