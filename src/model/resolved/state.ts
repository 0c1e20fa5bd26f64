import type { HalfCell } from "./half-cell.ts"
import type { MechanicalState } from "./mechanics.ts"

/** The half-cell at one accepted time. */
export interface CellState {
  /** [s] */
  readonly time: number
  /** [electrochemical unknown] */
  readonly x: Float64Array
  /** [charge-transfer point] λ [m] */
  readonly gap: Float64Array
  /** [unknown of the solid] smooth part of the hydrostatic stress [Pa] */
  readonly smooth: Float64Array
  /** [unknown of the solid] σ_h [Pa] */
  readonly hydrostatic: Float64Array
  /** Empty arrays when mechanics are off. */
  readonly mechanical: MechanicalState
  /** [charge-transfer point] current density into the electrolyte [A/m²] */
  readonly transfer: Float64Array
  /** Current into the collector [A], [A/m] in 2-D, > 0 on charge */
  readonly current: number
  /** Charge passed since the start, by the integration formula of the states [C], [C/m] in 2-D */
  readonly charge: number
  readonly energy: EnergyAccount
  /** Balance errors of this state, relative */
  readonly lithiumError: number
  readonly chargeError: number
}

/** Accumulated mechanical work [J], [J/m] in 2-D. */
export interface EnergyAccount {
  readonly input: number
  readonly interfaceWork: number
  readonly elastic: number
  readonly dissipated: number
}

const empty = new Float64Array(0)
export const noMechanics: MechanicalState = {
  displacement: empty,
  opening: empty,
  traction: empty,
  damage: empty,
  felt: empty,
}

/** Uniform, stress-free rest at the open-circuit potential. */
export const initialState = (cell: HalfCell): CellState => ({
  time: 0,
  x: cell.electrochemistry.initial(),
  gap: new Float64Array(cell.electrochemistry.points.count),
  smooth: new Float64Array(cell.electrochemistry.unknowns.solid.count),
  hydrostatic: new Float64Array(cell.electrochemistry.unknowns.solid.count),
  mechanical: cell.solids?.mechanics.initial() ?? noMechanics,
  transfer: new Float64Array(cell.electrochemistry.points.count),
  current: 0,
  charge: 0,
  energy: { input: 0, interfaceWork: 0, elastic: 0, dissipated: 0 },
  lithiumError: 0,
  chargeError: 0,
})
