import { jetOf, laplacian, type Wave } from "./wave.ts"

/** −∇·(σ ∇φ) = source with σ = σ₀ + variation(x, y). */
export interface ConductionProblem {
  /** σ₀, above the amplitude of the variation [S/m] */
  readonly conductivity: number
  /** [S/m] */
  readonly variation: Wave
  /** φ [V] */
  readonly wave: Wave
}

/** σ [S/m] */
export const conductivity = (problem: ConductionProblem, x: number, y: number): number =>
  problem.conductivity + jetOf(problem.variation, x, y).value

/** φ [V] */
export const potential = (problem: ConductionProblem, x: number, y: number): number => jetOf(problem.wave, x, y).value

/** −σ ∇φ [A/m²] */
export const current = (problem: ConductionProblem, x: number, y: number): readonly [number, number] => {
  const phi = jetOf(problem.wave, x, y)
  const sigma = conductivity(problem, x, y)
  return [-sigma * phi.x, -sigma * phi.y]
}

/** −∇σ·∇φ − σ ∇²φ [A/m³] */
export const source = (problem: ConductionProblem, x: number, y: number): number => {
  const phi = jetOf(problem.wave, x, y)
  const sigma = jetOf(problem.variation, x, y)
  return -(sigma.x * phi.x + sigma.y * phi.y) - (problem.conductivity + sigma.value) * laplacian(phi)
}
