import { jetOf, laplacian, type Wave } from "./wave.ts"

/** ∂c/∂t = ∇·(D (1 + θ c) ∇c) + source; θ = 0 is Fick's law. */
export interface DiffusionProblem {
  /** D [m²/s] */
  readonly diffusivity: number
  /** θ [m³/mol] */
  readonly coupling: number
  /** Uniform part of c [mol/m³] */
  readonly mean: number
  /** c − mean at t = 0 [mol/m³] */
  readonly wave: Wave
  /** ω of the factor cos ωt [1/s] */
  readonly frequency: number
}

/** c = mean + wave(x, y) cos ωt [mol/m³] */
export const concentration = (problem: DiffusionProblem, x: number, y: number, time: number): number =>
  problem.mean + jetOf(problem.wave, x, y).value * Math.cos(problem.frequency * time)

/** Flux −D (1 + θ c) ∇c [mol/(m²·s)]; its normal component is the datum on a Neumann edge. */
export const flux = (problem: DiffusionProblem, x: number, y: number, time: number): readonly [number, number] => {
  const jet = jetOf(problem.wave, x, y)
  const swing = Math.cos(problem.frequency * time)
  const diffusivity = problem.diffusivity * (1 + problem.coupling * (problem.mean + jet.value * swing))
  return [-diffusivity * jet.x * swing, -diffusivity * jet.y * swing]
}

/** ∂c/∂t − D (1 + θ c) ∇²c − D θ |∇c|² [mol/(m³·s)] */
export const source = (problem: DiffusionProblem, x: number, y: number, time: number): number => {
  const { diffusivity, coupling, mean, frequency } = problem
  const jet = jetOf(problem.wave, x, y)
  const swing = Math.cos(frequency * time)
  const square = (jet.x * jet.x + jet.y * jet.y) * swing * swing
  const spread = (1 + coupling * (mean + jet.value * swing)) * laplacian(jet) * swing + coupling * square
  return -frequency * Math.sin(frequency * time) * jet.value - diffusivity * spread
}
