import { faraday, gasConstant } from "../../../src/laws/constants.ts"

/** Separator next to lithium (x = 0), then a porous electrode whose reaction is uniform; constant properties. */
export interface ElectrolyteCell {
  readonly separator: PorousLayer
  /** Thickness 0 leaves a separator between two plates. */
  readonly electrode: PorousLayer
  /** D_l [m²/s] */
  readonly diffusivity: number
  /** κ [S/m] */
  readonly conductivity: number
  readonly transference: number
  /** 1 + ∂ln f/∂ln c */
  readonly thermodynamicFactor: number
  /** c_l0 [mol/m³] */
  readonly initial: number
  /** [K] */
  readonly temperature: number
}

export interface PorousLayer {
  /** [m] */
  readonly thickness: number
  readonly porosity: number
  /** b in ε^b */
  readonly bruggeman: number
}

const effective = (layer: PorousLayer): number => layer.porosity ** layer.bruggeman

/**
 * c(x) − c(0) at steady state [mol/m³]. Li⁺ alone moves: D_eff dc/dx = (t₊ − 1) i_l/F, with i_l = −I in the separator
 * and −I (1 − (x − L_s)/L_e) in the electrode; I > 0 on charge, lithium is plated at x = 0. Linear, then a parabola:
 *   m x, m = (1 − t₊) I/(F D ε_s^b);  m L_s + (1 − t₊) I/(F D ε_e^b) (ξ − ξ²/(2 L_e)), ξ = x − L_s.
 */
const rise = (cell: ElectrolyteCell, current: number, position: number): number => {
  const slope = ((1 - cell.transference) * current) / (faraday * cell.diffusivity)
  const { separator, electrode } = cell
  if (position <= separator.thickness) return (slope * position) / effective(separator)
  const depth = position - separator.thickness
  return (
    (slope * separator.thickness) / effective(separator) +
    (slope * (depth - (depth * depth) / (2 * electrode.thickness))) / effective(electrode)
  )
}

/** Porosity-weighted mean of `rise`: what conservation of salt takes off. */
const meanRise = (cell: ElectrolyteCell, current: number): number => {
  const { separator, electrode } = cell
  const salt = separator.porosity * separator.thickness + electrode.porosity * electrode.thickness
  const inSeparator = (separator.thickness / 2) * rise(cell, current, separator.thickness)
  const slope = ((1 - cell.transference) * current) / (faraday * cell.diffusivity * effective(electrode))
  const inElectrode =
    electrode.thickness * (rise(cell, current, separator.thickness) + (slope * electrode.thickness) / 3)
  return (separator.porosity * inSeparator + electrode.porosity * inElectrode) / salt
}

/**
 * Steady salt concentration at x from the lithium [mol/m³]; negative beyond the limiting current.
 * @param current I, positive on charge [A/m²]
 * @source Newman & Thomas-Alyea (2004), Electrochemical Systems, §12.2 and ch. 22
 */
export const steadyConcentration = (cell: ElectrolyteCell, current: number, position: number): number =>
  cell.initial + rise(cell, current, position) - meanRise(cell, current)

/**
 * Largest steady current [A/m²]: on charge the salt runs out at the lithium, on discharge at the far end. Between
 * plates both are 2 F D ε^b c₀/((1 − t₊) L).
 */
export const limitingCurrent = (cell: ElectrolyteCell, direction: "charge" | "discharge"): number => {
  const length = cell.separator.thickness + cell.electrode.thickness
  const [position, unit] = direction === "charge" ? [0, 1] : [length, -1]
  return cell.initial / -(rise(cell, unit, position) - meanRise(cell, unit))
}

/**
 * φ_l(x) − φ_l(0) at steady state [V]: −∫ i_l/(κ ε^b) dx + (2RT/F)(1 − t₊)(1 + ∂ln f/∂ln c) ln(c(x)/c(0)).
 */
export const steadyPotential = (cell: ElectrolyteCell, current: number, position: number): number => {
  const { separator, electrode, conductivity } = cell
  const inside = Math.min(position, separator.thickness)
  const depth = Math.max(0, position - separator.thickness)
  const electrodePath = depth > 0 ? (depth - (depth * depth) / (2 * electrode.thickness)) / effective(electrode) : 0
  const ohmic = (current / conductivity) * (inside / effective(separator) + electrodePath)
  const diffusion =
    ((2 * gasConstant * cell.temperature) / faraday) * (1 - cell.transference) * cell.thermodynamicFactor
  const ratio = steadyConcentration(cell, current, position) / steadyConcentration(cell, current, 0)
  return ohmic + diffusion * Math.log(ratio)
}

/**
 * Concentration between two plates (electrode of thickness 0) at time t after the current is switched on [mol/m³]: the
 * difference decays with modes of the half-thickness,
 *   c = c₀ + m (x − L/2) − m L Σ_k 4/((2k+1)²π²) (−cos((2k+1)πx/L)) exp(−(2k+1)²π² D ε^{b−1} t/L²).
 * @source Crank (1975), The Mathematics of Diffusion, §4.3.5 with equal and opposite fluxes
 */
export const platesConcentration = (cell: ElectrolyteCell, current: number, position: number, time: number): number => {
  const { separator, initial } = cell
  const length = separator.thickness
  const slope = ((1 - cell.transference) * current) / (faraday * cell.diffusivity * effective(separator))
  const age = (cell.diffusivity * effective(separator) * time) / (separator.porosity * length * length)
  let sum = 0
  for (let k = 0; k < 20_000; k++) {
    const mode = (2 * k + 1) * Math.PI
    const decay = Math.exp(-mode * mode * age)
    if (decay < 1e-18) break
    sum -= (4 / (mode * mode)) * Math.cos((mode * position) / length) * decay
  }
  return initial + slope * (position - length / 2 - length * sum)
}
