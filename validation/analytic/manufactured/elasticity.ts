import type { IsotropicElasticity } from "../../../src/laws/contracts.ts"
import { jetOf, type Wave } from "./wave.ts"

/**
 * ∇·σ + force = 0, σ = λ tr(ε − e I₃) I + 2μ (ε − e I), plane strain with a free linear strain e in all three
 * directions.
 */
export interface ElasticityProblem {
  readonly elasticity: IsotropicElasticity
  /** u_x, u_y [m] */
  readonly displacement: readonly [Wave, Wave]
  /** e */
  readonly freeStrain: Wave
}

const moduliOf = ({ young, poisson }: IsotropicElasticity) => ({
  lambda: (young * poisson) / ((1 + poisson) * (1 - 2 * poisson)),
  shear: young / (2 * (1 + poisson)),
})

/** u [m] */
export const displacement = (problem: ElasticityProblem, x: number, y: number): readonly [number, number] => [
  jetOf(problem.displacement[0], x, y).value,
  jetOf(problem.displacement[1], x, y).value,
]

/** e */
export const freeStrain = (problem: ElasticityProblem, x: number, y: number): number =>
  jetOf(problem.freeStrain, x, y).value

/** Stress [Pa]; hydrostatic = tr σ/3 with σ_zz = λ (ε_xx + ε_yy − 3e) − 2μ e. */
export const stress = (
  problem: ElasticityProblem,
  x: number,
  y: number,
): {
  readonly xx: number
  readonly yy: number
  readonly zz: number
  readonly xy: number
  readonly hydrostatic: number
} => {
  const { lambda, shear } = moduliOf(problem.elasticity)
  const [u, v] = problem.displacement.map((wave) => jetOf(wave, x, y))
  const free = jetOf(problem.freeStrain, x, y).value
  const volumetric = lambda * (u.x + v.y - 3 * free)
  const xx = volumetric + 2 * shear * (u.x - free)
  const yy = volumetric + 2 * shear * (v.y - free)
  const zz = volumetric - 2 * shear * free
  return { xx, yy, zz, xy: shear * (u.y + v.x), hydrostatic: (xx + yy + zz) / 3 }
}

/** Body force −(λ + μ) ∇(∇·u) − μ ∇²u + (3λ + 2μ) ∇e [N/m³] */
export const force = (problem: ElasticityProblem, x: number, y: number): readonly [number, number] => {
  const { lambda, shear } = moduliOf(problem.elasticity)
  const [u, v] = problem.displacement.map((wave) => jetOf(wave, x, y))
  const free = jetOf(problem.freeStrain, x, y)
  const thermal = 3 * lambda + 2 * shear
  return [
    -(lambda + shear) * (u.xx + v.xy) - shear * (u.xx + u.yy) + thermal * free.x,
    -(lambda + shear) * (u.xy + v.yy) - shear * (v.xx + v.yy) + thermal * free.y,
  ]
}
