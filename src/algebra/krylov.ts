import { addScaled, dot, norm } from "./vectors.ts"

export { bicgstab } from "./bicgstab.ts"

/** How an iterative solve ended. */
export interface KrylovOutcome {
  readonly converged: boolean
  readonly iterations: number
  /** ‖b − A x‖ / ‖b‖ */
  readonly residual: number
}

export interface KrylovSettings {
  readonly relativeTolerance: number
  readonly absoluteTolerance?: number
  readonly maximumIterations: number
  /** Krylov vectors kept before a restart, default 40 */
  readonly restart?: number
}

/** Writes A x or an approximate A⁻¹ x. */
export type Apply = (x: Float64Array, out: Float64Array) => void

/**
 * Preconditioned conjugate gradients for symmetric positive definite A.
 * @param x start, overwritten with the solution
 * @source J. Nocedal, S. J. Wright, Numerical Optimization (2006), alg. 5.3
 */
export const conjugateGradient = (
  apply: Apply,
  precondition: Apply,
  rhs: Float64Array,
  x: Float64Array,
  { relativeTolerance, absoluteTolerance = 0, maximumIterations }: KrylovSettings,
): KrylovOutcome => {
  const size = norm(rhs)
  const target = Math.max(relativeTolerance * size, absoluteTolerance)
  const r = new Float64Array(rhs.length)
  const z = new Float64Array(rhs.length)
  const q = new Float64Array(rhs.length)
  apply(x, r)
  for (let i = 0; i < r.length; i++) r[i] = rhs[i] - r[i]
  let reached = norm(r)
  const relative = (): number => (size > 0 ? reached / size : reached)
  if (reached <= target) return { converged: true, iterations: 0, residual: relative() }
  precondition(r, z)
  const p = z.slice()
  let rz = dot(r, z)
  for (let iteration = 1; iteration <= maximumIterations; iteration++) {
    apply(p, q)
    const curvature = dot(p, q)
    if (!(curvature > 0)) return { converged: false, iterations: iteration, residual: relative() }
    const alpha = rz / curvature
    addScaled(alpha, p, x)
    addScaled(-alpha, q, r)
    reached = norm(r)
    if (reached <= target) return { converged: true, iterations: iteration, residual: relative() }
    precondition(r, z)
    const next = dot(r, z)
    const beta = next / rz
    rz = next
    for (let i = 0; i < p.length; i++) p[i] = z[i] + beta * p[i]
  }
  return { converged: false, iterations: maximumIterations, residual: relative() }
}

/**
 * Right-preconditioned, flexible GMRES with restarts: the residual it watches is the true one.
 * @param x start, overwritten with the solution
 * @source Y. Saad, Iterative Methods for Sparse Linear Systems (2003), alg. 9.6
 */
export const gmres = (
  apply: Apply,
  precondition: Apply,
  rhs: Float64Array,
  x: Float64Array,
  { relativeTolerance, absoluteTolerance = 0, maximumIterations, restart = 40 }: KrylovSettings,
): KrylovOutcome => {
  const n = rhs.length
  const size = norm(rhs)
  const target = Math.max(relativeTolerance * size, absoluteTolerance)
  const relative = (value: number): number => (size > 0 ? value / size : value)
  const r = new Float64Array(n)
  let iterations = 0
  for (;;) {
    apply(x, r)
    for (let i = 0; i < n; i++) r[i] = rhs[i] - r[i]
    let reached = norm(r)
    if (!Number.isFinite(reached)) return { converged: false, iterations, residual: reached }
    if (reached <= target) return { converged: true, iterations, residual: relative(reached) }
    if (iterations >= maximumIterations) return { converged: false, iterations, residual: relative(reached) }
    const basis: Float64Array[] = [r.map((value) => value / reached)]
    const search: Float64Array[] = []
    const columns: Float64Array[] = []
    const cosine: number[] = []
    const sine: number[] = []
    const g = [reached]
    while (search.length < restart && iterations < maximumIterations && reached > target) {
      const k = search.length
      const z = new Float64Array(n)
      precondition(basis[k], z)
      search.push(z)
      const w = new Float64Array(n)
      apply(z, w)
      iterations++
      const h = new Float64Array(k + 2)
      for (let i = 0; i <= k; i++) {
        h[i] = dot(basis[i], w)
        addScaled(-h[i], basis[i], w)
      }
      h[k + 1] = norm(w)
      if (!Number.isFinite(h[k + 1])) return { converged: false, iterations, residual: relative(reached) }
      basis.push(h[k + 1] > 0 ? w.map((value) => value / h[k + 1]) : w)
      for (let i = 0; i < k; i++) {
        const upper = cosine[i] * h[i] + sine[i] * h[i + 1]
        h[i + 1] = -sine[i] * h[i] + cosine[i] * h[i + 1]
        h[i] = upper
      }
      const length = Math.hypot(h[k], h[k + 1])
      if (length === 0) break
      cosine.push(h[k] / length)
      sine.push(h[k + 1] / length)
      h[k] = length
      g.push(-sine[k] * g[k])
      g[k] *= cosine[k]
      columns.push(h)
      reached = Math.abs(g[k + 1])
    }
    const steps = columns.length
    if (steps === 0) return { converged: false, iterations, residual: relative(reached) }
    const y = new Float64Array(steps)
    for (let i = steps - 1; i >= 0; i--) {
      let sum = g[i]
      for (let j = i + 1; j < steps; j++) sum -= columns[j][i] * y[j]
      y[i] = sum / columns[i][i]
    }
    for (let i = 0; i < steps; i++) addScaled(y[i], search[i], x)
  }
}
