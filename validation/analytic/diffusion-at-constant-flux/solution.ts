import { besselJ, besselRoot } from "./bessel.ts"

/** A body of one spatial direction: |x| ≤ R, infinite cylinder of radius R, sphere of radius R. */
export type Shape = "plate" | "cylinder" | "sphere"

/** Uniform body at t = 0 that takes in a constant flux through all its surface. */
export interface FluxProblem {
  /** R; half the thickness of a plate [m] */
  readonly radius: number
  /** D [m²/s] */
  readonly diffusivity: number
  /** c at t = 0 [mol/m³] */
  readonly initial: number
  /** Into the body [mol/(m²·s)] */
  readonly flux: number
}

/** Surface over volume, times R. */
export const shapeFactor = { plate: 1, cylinder: 2, sphere: 3 } as const

/** Mean concentration [mol/m³]: c₀ + n j t/R, n = 1, 2, 3. */
export const meanConcentration = (shape: Shape, problem: FluxProblem, time: number): number =>
  problem.initial + (shapeFactor[shape] * problem.flux * time) / problem.radius

/**
 * Concentration at distance r from the centre and time t [mol/m³]; with ρ = r/R, T = D t/R²:
 *   c − c₀ = (j R/D) [n T + ρ²/2 − n/(2(n + 2)) − Σ_k a_k(ρ) exp(−β_k² T)]
 *   plate    n = 1, β = kπ,         a = 2 (−1)^k cos(βρ)/β²
 *   cylinder n = 2, J₁(β) = 0,      a = 2 J₀(βρ)/(β² J₀(β))
 *   sphere   n = 3, tan β = β,      a = 2 sin(βρ)/(ρ β² sin β)
 * Terms are summed until they fall below round-off: about 2/√T of them.
 * @param position r, 0…R [m]
 * @param time     t ≥ 0; below T = 1e-8 the series is long [s]
 * @source Crank (1975), The Mathematics of Diffusion, eqs. 4.55, 5.45 and 6.45
 */
export const concentration = (shape: Shape, problem: FluxProblem, position: number, time: number): number => {
  const { radius, diffusivity, initial, flux } = problem
  if (time <= 0) return initial
  const n = shapeFactor[shape]
  const ratio = position / radius
  const age = (diffusivity * time) / (radius * radius)
  let sum = 0
  for (let k = 1; ; k++) {
    const root = rootOf(shape, k)
    const decay = Math.exp(-root * root * age)
    if (decay < 1e-18) break
    sum += amplitude[shape](root, ratio) * decay
  }
  return initial + ((flux * radius) / diffusivity) * (n * age + (ratio * ratio) / 2 - n / (2 * (n + 2)) - sum)
}

const amplitude: Readonly<Record<Shape, (root: number, ratio: number) => number>> = {
  plate: (root, ratio) => (2 * Math.cos(root * ratio)) / (root * root * Math.cos(root)),
  cylinder: (root, ratio) => (2 * besselJ(0, root * ratio)) / (root * root * besselJ(0, root)),
  sphere: (root, ratio) => (2 * (ratio > 0 ? Math.sin(root * ratio) / (root * ratio) : 1)) / (root * Math.sin(root)),
}

const roots: Readonly<Record<Shape, number[]>> = { plate: [], cylinder: [], sphere: [] }

const rootOf = (shape: Shape, k: number): number => {
  const known = roots[shape]
  while (known.length < k) known.push(findRoot[shape](known.length + 1))
  return known[k - 1]
}

const findRoot: Readonly<Record<Shape, (k: number) => number>> = {
  plate: (k) => k * Math.PI,
  cylinder: besselRoot,
  // x cos x = sin x just below (k + ½)π
  sphere: (k) => {
    const pole = (k + 0.5) * Math.PI
    let x = pole - 1 / pole
    for (let step = 0; step < 6; step++) x += (x * Math.cos(x) - Math.sin(x)) / (x * Math.sin(x))
    return x
  },
}
