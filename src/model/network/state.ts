import type { PatchState } from "./patch-mechanics.ts"

/** The network half-cell at one accepted time. */
export interface NetworkState {
  /** [s] */
  readonly time: number
  /** [unknown] */
  readonly x: Float64Array
  /** [particle, shell] stoichiometry */
  readonly interior: Float64Array
  /** [particle, mode, shell] departures from it around the particles, by surface harmonics */
  readonly modes: Float64Array
  /** [reacting patch] stoichiometry there less x of the particle */
  readonly unevenness: Float64Array
  /** [patch] λ ≥ 0 [m] */
  readonly gap: Float64Array
  readonly mechanical: PatchState
  /** [particle] current into the electrolyte [A], [A/m] in 2-D */
  readonly transfer: Float64Array
  /** [contact] F η/(R_g T), from which the next step starts */
  readonly overpotential: Float64Array
  /** Current into the collector [A], > 0 on charge */
  readonly current: number
  /** Charge passed since the start, by the integration formula of the states [C] */
  readonly charge: number
  readonly energy: PatchEnergy
  readonly cracks: CrackState
  /** Balance errors of this state, relative */
  readonly lithiumError: number
  readonly chargeError: number
}

/** Accumulated work of patches [J], [J/m] in 2-D. */
export interface PatchEnergy {
  /** Of the shrinkage on ligaments and bonds */
  readonly input: number
  readonly interfaceWork: number
  readonly dissipated: number
}

/** Cracks inside particles. */
export interface CrackState {
  /** [particle] [m] */
  readonly length: Float64Array
  /** [particle] largest tension along the surface so far [Pa] */
  readonly tension: Float64Array
  /** [particle] ⟨σ⟩^m now, from which the next step goes on [Pa^m] */
  readonly load: Float64Array
}
