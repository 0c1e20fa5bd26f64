import { assertLength } from "../array/assert.ts"
import { addScaled, dot, norm, scaledInto } from "./vectors.ts"

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

/** Residuals above this share of the right-hand side are taken from the recurrence, whose rounding lies far below. */
const trustedEstimate = 1e-8

/** Krylov vectors that one solve after the other may use: making them anew costs as much as a product. */
export interface KrylovWorkspace {
  readonly basis: Float64Array[]
  readonly search: Float64Array[]
  readonly residual: Float64Array
}

/** An empty workspace for systems of a size; it grows with the longest solve. */
export const krylovWorkspace = (size: number): KrylovWorkspace => ({
  basis: [],
  search: [],
  residual: new Float64Array(size),
})

/** Vector k of a list that grows by one. */
const vectorOf = (list: Float64Array[], k: number, size: number): Float64Array => {
  if (k === list.length) list.push(new Float64Array(size))
  return list[k]
}

/**
 * Right-preconditioned, flexible GMRES with restarts: the residual it watches is the true one. From a start of zeros,
 * and down to 1e-8, a solve of k steps takes k products and k preconditionings.
 * @param x start, overwritten with the solution
 * @source Y. Saad, Iterative Methods for Sparse Linear Systems (2003), alg. 9.6
 */
export const gmres = (
  apply: Apply,
  precondition: Apply,
  rhs: Float64Array,
  x: Float64Array,
  { relativeTolerance, absoluteTolerance = 0, maximumIterations, restart = 40 }: KrylovSettings,
  workspace: KrylovWorkspace = krylovWorkspace(rhs.length),
): KrylovOutcome => {
  const n = rhs.length
  assertLength("workspace.residual", workspace.residual, n)
  const size = norm(rhs)
  const target = Math.max(relativeTolerance * size, absoluteTolerance)
  const relative = (value: number): number => (size > 0 ? value / size : value)
  const { basis, search, residual: r } = workspace
  let iterations = 0
  let fromZero = x.every((value) => value === 0)
  for (;;) {
    if (fromZero) r.set(rhs)
    else {
      apply(x, r)
      for (let i = 0; i < n; i++) r[i] = rhs[i] - r[i]
    }
    fromZero = false
    let reached = norm(r)
    if (!Number.isFinite(reached)) return { converged: false, iterations, residual: reached }
    if (reached <= target) return { converged: true, iterations, residual: relative(reached) }
    if (iterations >= maximumIterations) return { converged: false, iterations, residual: relative(reached) }
    scaledInto(1 / reached, r, vectorOf(basis, 0, n))
    const columns: Float64Array[] = []
    const cosine: number[] = []
    const sine: number[] = []
    const g = [reached]
    while (columns.length < restart && iterations < maximumIterations && reached > target) {
      const k = columns.length
      const z = vectorOf(search, k, n)
      precondition(basis[k], z)
      const w = vectorOf(basis, k + 1, n)
      apply(z, w)
      iterations++
      const h = new Float64Array(k + 2)
      for (let i = 0; i <= k; i++) {
        h[i] = dot(basis[i], w)
        addScaled(-h[i], basis[i], w)
      }
      h[k + 1] = norm(w)
      if (!Number.isFinite(h[k + 1])) return { converged: false, iterations, residual: relative(reached) }
      if (h[k + 1] > 0) scaledInto(1 / h[k + 1], w, w)
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
    if (reached <= target && target >= trustedEstimate * size)
      return { converged: true, iterations, residual: relative(reached) }
  }
}
