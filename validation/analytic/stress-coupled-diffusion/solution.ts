import { gasConstant } from "../../../src/laws/constants.ts"
import type { Shape } from "../diffusion-at-constant-flux/solution.ts"
import type { SwellingSolid } from "../diffusion-induced-stress/solution.ts"

/**
 * θ of the effective diffusivity D (1 + θ c) of a body with a free surface [m³/mol]:
 *   θ = 2 Ω² E/(9 R T (1 − ν)).
 * The flux is −D (∇c − Ω c/(R T) ∇σ_h). In the sphere and in the cylinder with held ends alike
 *   ∇σ_h = −2 Ω E/(9(1 − ν)) ∇c
 * (`diffusion-induced-stress`: only the uniform part of σ_h differs), so the factor is the same. In general
 * σ_h + 2ΩE c/(9(1 − ν)) is harmonic (Goodier), so the same θ is the local part for any shape and any matrix; a uniform
 * pressure on the surface changes neither gradient nor flux.
 * @source Zhang, Shyy & Sastry (2007), J. Electrochem. Soc. 154, A910, eq. 18 (sphere)
 */
export const couplingFactor = (solid: SwellingSolid, temperature: number): number =>
  (2 * solid.molarVolume ** 2 * solid.young) / (9 * gasConstant * temperature * (1 - solid.poisson))

export interface RadialProblem {
  readonly shape: Shape
  /** R [m] */
  readonly radius: number
  /** D(c) [m²/s] */
  readonly diffusivity: (concentration: number) => number
  /** c at t = 0 [mol/m³] */
  readonly initial: number
  /** Into the body [mol/(m²·s)] */
  readonly flux: (time: number) => number
}

export interface RadialProfile {
  /** [cell] centres of shells of equal thickness [m] */
  readonly radii: Float64Array
  /** [cell] mean over the shell [mol/m³] */
  readonly concentration: Float64Array
  /** Extrapolated to r = R from the last shells and the flux [mol/m³] */
  readonly surface: number
}

/**
 * Reference profile of ∂c/∂t = r^{1−n} ∂/∂r (r^{n−1} D(c) ∂c/∂r) at time t by finite volumes (second order in space)
 * and the Crank–Nicolson rule with Newton (second order in time; four implicit Euler steps of half the length first).
 * Lithium is conserved to round-off. Take the difference of two resolutions as its error.
 * @param cells shells of equal thickness
 * @param steps equal steps to `time`
 */
export const radialProfile = (problem: RadialProblem, time: number, cells: number, steps: number): RadialProfile => {
  const { radius, initial } = problem
  const power = problem.shape === "plate" ? 0 : problem.shape === "cylinder" ? 1 : 2
  const width = radius / cells
  const radii = Float64Array.from({ length: cells }, (_, k) => (k + 0.5) * width)
  const face = Float64Array.from({ length: cells + 1 }, (_, k) => (k * width) ** power)
  const volume = Float64Array.from(
    { length: cells },
    (_, k) => (((k + 1) * width) ** (power + 1) - (k * width) ** (power + 1)) / (power + 1),
  )
  let c = new Float64Array(cells).fill(initial)
  const whole = time / steps
  let now = 0
  for (let step = 0; step < steps; step++)
    if (step < 2) for (let half = 0; half < 2; half++) advance(whole / 2, 1)
    else advance(whole, 0.5)
  const last = c[cells - 1]
  const slope = problem.flux(time) / problem.diffusivity(last)
  // Parabola through the slope at R and the last two centres
  const surface = last + (width / 8) * (3 * slope + (last - c[cells - 2]) / width)
  return { radii, concentration: c, surface }

  function advance(step: number, implicit: number): void {
    const before = ratesOf(c, now)
    const next = c.slice()
    const scale = Math.max(1e-30, ...c.map(Math.abs))
    now += step
    for (let iteration = 0; iteration < 30; iteration++) {
      const rates = ratesOf(next, now)
      const system = new Tridiagonal(cells)
      for (let k = 0; k < cells; k++) {
        const change = implicit * rates[k] + (1 - implicit) * before[k]
        system.right[k] = -(volume[k] * (next[k] - c[k]) - step * change)
        system.diagonal[k] = volume[k]
      }
      for (let k = 1; k < cells; k++) {
        const [low, high] = faceSlopes(next, k)
        system.diagonal[k - 1] -= implicit * step * low
        system.upper[k - 1] = -implicit * step * high
        system.diagonal[k] += implicit * step * high
        system.lower[k] = implicit * step * low
      }
      const update = system.solve()
      let largest = 0
      for (let k = 0; k < cells; k++) {
        next[k] += update[k]
        largest = Math.max(largest, Math.abs(update[k]))
      }
      if (largest <= 1e-14 * scale) break
    }
    c = next
  }

  /** Net inflow of each shell. */
  function ratesOf(values: Float64Array, at: number): Float64Array {
    const rates = new Float64Array(cells)
    for (let k = 1; k < cells; k++) {
      const inward = (face[k] / width) * diffusivityBetween(values, k) * (values[k] - values[k - 1])
      rates[k - 1] += inward
      rates[k] -= inward
    }
    rates[cells - 1] += face[cells] * problem.flux(at)
    return rates
  }

  function diffusivityBetween(values: Float64Array, k: number): number {
    return (problem.diffusivity(values[k - 1]) + problem.diffusivity(values[k])) / 2
  }

  /** Derivatives of the inward flow through face k with respect to its two neighbours. */
  function faceSlopes(values: Float64Array, k: number): [number, number] {
    const mean = diffusivityBetween(values, k)
    const difference = values[k] - values[k - 1]
    const slope = (at: number) => {
      const nudge = 1e-6 * Math.max(1, Math.abs(at))
      return (problem.diffusivity(at + nudge) - problem.diffusivity(at - nudge)) / (2 * nudge)
    }
    const scale = face[k] / width
    return [
      scale * (-mean + (slope(values[k - 1]) / 2) * difference),
      scale * (mean + (slope(values[k]) / 2) * difference),
    ]
  }
}

/** Three diagonals, solved by elimination. */
class Tridiagonal {
  readonly lower: Float64Array
  readonly diagonal: Float64Array
  readonly upper: Float64Array
  readonly right: Float64Array

  constructor(size: number) {
    this.lower = new Float64Array(size)
    this.diagonal = new Float64Array(size)
    this.upper = new Float64Array(size)
    this.right = new Float64Array(size)
  }

  solve(): Float64Array {
    const { lower, diagonal, upper, right } = this
    for (let k = 1; k < right.length; k++) {
      const factor = lower[k] / diagonal[k - 1]
      diagonal[k] -= factor * upper[k - 1]
      right[k] -= factor * right[k - 1]
    }
    for (let k = right.length - 1; k >= 0; k--)
      right[k] = (right[k] - (k + 1 < right.length ? upper[k] * right[k + 1] : 0)) / diagonal[k]
    return right
  }
}
