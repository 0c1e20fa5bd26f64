import { gmres, krylovWorkspace } from "../algebra/krylov.ts"
import type { LinearOperator } from "./linear-operator.ts"

/** F(x) = 0 with a Jacobian that follows the last evaluation. */
export interface NonlinearSystem {
  readonly jacobian: LinearOperator
  /** Writes F(x), and refreshes the Jacobian's entries where `linearise` is absent. */
  readonly evaluateInto: (x: Float64Array, residual: Float64Array) => void
  /** Makes the Jacobian's entries those of the last evaluation, for systems in which that is a good part of the work. */
  readonly linearise?: () => void
  /** Estimate of how far off F itself is, where what is eliminated from it converges along with x: counts in max|F|. */
  readonly slack?: () => number
  /** Size of F that counts as one, the same for all rows */
  readonly residualScale: () => number
  /** Shortens an update in place where it would leave the laws' domain. */
  readonly limitUpdate?: (x: Float64Array, update: Float64Array) => void
}

export interface NewtonSettings {
  /** Converged when max|F| ≤ residualTolerance · residualScale */
  readonly residualTolerance: number
  /** A residual below this that no longer falls is rounding error, and converged; default residualTolerance */
  readonly roundingTolerance?: number
  /** Also asked: Σ|F| ≤ totalTolerance · residualScale, so that balances over many rows hold; default no more */
  readonly totalTolerance?: number
  readonly maximumIterations: number
  /** Krylov steps beyond the fewest after which a factorisation is renewed, 6 unless told: about the work of a new one */
  readonly renewAfter?: number
}

export type NewtonOutcome =
  | { readonly converged: true; readonly iterations: number; readonly residual: number }
  | {
      readonly converged: false
      readonly reason: "too many iterations" | "not finite" | "linear solver stalled"
      readonly iterations: number
      /** max|F| / residualScale after each iteration */
      readonly history: readonly number[]
    }

/** Counts and seconds since the solver was made. */
export interface NewtonStatistics {
  readonly iterations: number
  readonly krylovIterations: number
  readonly factorisations: number
  readonly seconds: { readonly assembly: number; readonly factor: number; readonly solve: number }
}

export interface NewtonSolver {
  /** Solves in place from the given start. */
  readonly solve: (x: Float64Array) => NewtonOutcome
  /** Forgets the kept factorisation, so that the next solve depends on its arguments alone. */
  readonly forget: () => void
  readonly statistics: () => NewtonStatistics
}

const krylovBudget = 40
/** Krylov steps that even a fresh factorisation takes; what goes beyond is the price of keeping an old one. */
const freshSteps = 2

/** Where a step brings the residual below this share of it, its Jacobian serves the next step as well. */
const quickFall = 1e-4

/** max|values|, NaN when any is NaN. */
export const largestMagnitude = (values: Float64Array): number => {
  let max = 0
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i])
    if (!(size <= max)) max = size
    if (Number.isNaN(size)) return size
  }
  return max
}

/** Σ|values| */
const totalMagnitude = (values: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += Math.abs(values[i])
  return sum
}

/**
 * Newton's method whose linear systems are solved by GMRES, preconditioned with the factorisation of an earlier
 * Jacobian. The factorisation, by far the dearest part, is renewed only when GMRES slows down.
 * @source D. A. Knoll, D. E. Keyes, J. Comput. Phys. 193 (2004) 357
 */
export const createNewton = (system: NonlinearSystem, settings: NewtonSettings): NewtonSolver => {
  const { jacobian } = system
  const { size } = jacobian
  const rounding = settings.roundingTolerance ?? settings.residualTolerance
  const totalTolerance = settings.totalTolerance ?? Number.POSITIVE_INFINITY
  const { renewAfter = 6 } = settings
  const residual = new Float64Array(size)
  const update = new Float64Array(size)
  const trial = new Float64Array(size)
  const workspace = krylovWorkspace(size)
  let stale = true
  let wasted = 0
  let iterations = 0
  let krylovIterations = 0
  let factorisations = 0
  const seconds = { assembly: 0, factor: 0, solve: 0 }
  const clock = (): number => performance.now() / 1000

  const evaluate = (x: Float64Array): number => {
    const start = clock()
    system.evaluateInto(x, residual)
    seconds.assembly += clock() - start
    return Math.max(largestMagnitude(residual), system.slack?.() ?? 0)
  }

  const linearise = (): void => {
    const start = clock()
    system.linearise?.()
    seconds.assembly += clock() - start
  }

  const renew = (): void => {
    const start = clock()
    jacobian.renew()
    factorisations++
    stale = false
    wasted = 0
    seconds.factor += clock() - start
  }

  const solveLinear = (relativeTolerance: number): boolean => {
    const start = clock()
    update.fill(0)
    const limits = { relativeTolerance, maximumIterations: krylovBudget }
    const outcome = gmres(jacobian.applyInto, jacobian.solveInto, residual, update, limits, workspace)
    krylovIterations += outcome.iterations
    wasted += Math.max(0, outcome.iterations - freshSteps)
    if (wasted > renewAfter) stale = true
    seconds.solve += clock() - start
    return outcome.converged
  }

  /** Full step, halved up to four times while the residual grows; the last trial is taken as it is. */
  const move = (x: Float64Array, norm: number): number => {
    for (let damping = 1; ; damping /= 2) {
      for (let i = 0; i < size; i++) trial[i] = x[i] - damping * update[i]
      const reached = evaluate(trial)
      if (reached <= norm * 1.5 || damping < 0.1) {
        x.set(trial)
        return reached
      }
    }
  }

  const solve = (x: Float64Array): NewtonOutcome => {
    const history: number[] = []
    let norm = evaluate(x)
    for (let iteration = 0; ; iteration++) {
      const scale = system.residualScale()
      history.push(norm / scale)
      if (!Number.isFinite(norm)) return { converged: false, reason: "not finite", iterations: iteration, history }
      if (norm <= settings.residualTolerance * scale && totalMagnitude(residual) <= totalTolerance * scale)
        return { converged: true, iterations: iteration, residual: norm / scale }
      if (norm <= rounding * scale && norm > 0.5 * history[iteration - 1] * scale)
        return { converged: true, iterations: iteration, residual: norm / scale }
      if (iteration >= settings.maximumIterations)
        return { converged: false, reason: "too many iterations", iterations: iteration, history }
      iterations++
      if (iteration === 0 || norm > quickFall * history[iteration - 1] * scale) linearise()
      const renewed = stale
      if (stale) renew()
      // Newton stays fast when each linear solve gains three digits; more would be solved in vain.
      const tolerance = Math.max(1e-6, Math.min(1e-3, (0.1 * settings.residualTolerance * scale) / norm))
      if (!solveLinear(tolerance) && !renewed) {
        renew()
        if (!solveLinear(tolerance))
          return { converged: false, reason: "linear solver stalled", iterations: iteration, history }
      }
      system.limitUpdate?.(x, update)
      norm = move(x, norm)
    }
  }

  return {
    solve,
    forget: () => {
      stale = true
      jacobian.forget()
    },
    statistics: () => ({ iterations, krylovIterations, factorisations, seconds: { ...seconds } }),
  }
}
