import type { Apply, KrylovOutcome, KrylovSettings } from "./krylov.ts"
import { addScaled, dot, norm } from "./vectors.ts"

/**
 * Right-preconditioned stabilised biconjugate gradients: two products and two preconditionings an iteration, and the
 * memory of seven vectors however long it takes. A breakdown of the recurrence restarts it once from where it is.
 * @param x start, overwritten with the solution
 * @source H. A. van der Vorst, SIAM J. Sci. Stat. Comput. 13 (1992) 631
 */
export const bicgstab = (
  apply: Apply,
  precondition: Apply,
  rhs: Float64Array,
  x: Float64Array,
  { relativeTolerance, absoluteTolerance = 0, maximumIterations }: KrylovSettings,
): KrylovOutcome => {
  const n = rhs.length
  const size = norm(rhs)
  const target = Math.max(relativeTolerance * size, absoluteTolerance)
  const [r, shadow, p, v, t, y, z] = Array.from({ length: 7 }, () => new Float64Array(n))
  const trueResidual = (): number => {
    apply(x, r)
    for (let i = 0; i < n; i++) r[i] = rhs[i] - r[i]
    return norm(r)
  }
  const outcome = (converged: boolean, iterations: number, reached: number): KrylovOutcome => ({
    converged,
    iterations,
    residual: size > 0 ? reached / size : reached,
  })

  let iterations = 0
  let reached = trueResidual()
  let lastStart = Number.POSITIVE_INFINITY
  for (;;) {
    if (reached <= target) return outcome(true, iterations, reached)
    // A restart that gained nothing would only repeat itself.
    if (!(reached < lastStart) || iterations >= maximumIterations) return outcome(false, iterations, reached)
    lastStart = reached
    shadow.set(r)
    p.fill(0)
    v.fill(0)
    let rho = 1
    let alpha = 1
    let omega = 1
    while (iterations < maximumIterations && reached > target) {
      const next = dot(shadow, r)
      const beta = (next / rho) * (alpha / omega)
      if (!Number.isFinite(beta) || next === 0) break
      rho = next
      for (let i = 0; i < n; i++) p[i] = r[i] + beta * (p[i] - omega * v[i])
      precondition(p, y)
      apply(y, v)
      alpha = rho / dot(shadow, v)
      if (!Number.isFinite(alpha)) break
      iterations++
      addScaled(-alpha, v, r)
      addScaled(alpha, y, x)
      reached = norm(r)
      if (reached <= target) break
      precondition(r, z)
      apply(z, t)
      omega = dot(t, r) / dot(t, t)
      if (!Number.isFinite(omega) || omega === 0) break
      addScaled(omega, z, x)
      addScaled(-omega, t, r)
      reached = norm(r)
    }
    // The recurrence drifts from the residual itself, which decides.
    reached = trueResidual()
  }
}
