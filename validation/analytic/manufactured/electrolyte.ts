import { faraday, gasConstant } from "../../../src/laws/constants.ts"
import type { Electrolyte } from "../../../src/laws/contracts.ts"
import { type Jet, jetOf, laplacian, type Wave } from "./wave.ts"

/**
 * ε ∂c/∂t = ∇·(D ε^b ∇c) − ∇·(t₊ i/F) + saltSource,  ∇·i = chargeSource,
 * i = −κ ε^b ∇φ + (2 κ ε^b R T/F)(1 − t₊)(1 + ∂ln f/∂ln c) ∇ln c; any properties of c.
 */
export interface ElectrolyteProblem {
  readonly electrolyte: Electrolyte
  readonly porosity: number
  readonly bruggeman: number
  /** [K] */
  readonly temperature: number
  /** Uniform part of c, above the amplitude of its wave [mol/m³] */
  readonly mean: number
  /** c − mean at t = 0 [mol/m³] */
  readonly salt: Wave
  /** φ_l at t = 0 [V] */
  readonly ionic: Wave
  /** ω of the factor cos ωt on both waves [1/s] */
  readonly frequency: number
}

const scaled = (jet: Jet, factor: number): Jet => ({
  value: jet.value * factor,
  x: jet.x * factor,
  y: jet.y * factor,
  xx: jet.xx * factor,
  xy: jet.xy * factor,
  yy: jet.yy * factor,
})

const fieldsAt = (problem: ElectrolyteProblem, x: number, y: number, time: number) => {
  const swing = Math.cos(problem.frequency * time)
  const salt = scaled(jetOf(problem.salt, x, y), swing)
  return { salt, ionic: scaled(jetOf(problem.ionic, x, y), swing), concentration: problem.mean + salt.value }
}

/** c_l [mol/m³] */
export const concentration = (problem: ElectrolyteProblem, x: number, y: number, time: number): number =>
  fieldsAt(problem, x, y, time).concentration

/** φ_l [V] */
export const potential = (problem: ElectrolyteProblem, x: number, y: number, time: number): number =>
  fieldsAt(problem, x, y, time).ionic.value

/** Coefficient χ of ∇c in i, (2RT/F) κ (1 − t₊)(1 + ∂ln f/∂ln c)/c, and its slope. */
const diffusional = ({ electrolyte, temperature }: ElectrolyteProblem, c: number) => {
  const thermal = (2 * gasConstant * temperature) / faraday
  const [kappa, kappaSlope] = [electrolyte.conductivity(c), electrolyte.conductivitySlope(c)]
  const [anionic, anionicSlope] = [1 - electrolyte.transference(c), -electrolyte.transferenceSlope(c)]
  const [factor, factorSlope] = [electrolyte.thermodynamicFactor(c), electrolyte.thermodynamicFactorSlope(c)]
  const product = kappa * anionic * factor
  const productSlope = kappaSlope * anionic * factor + kappa * anionicSlope * factor + kappa * anionic * factorSlope
  return { value: (thermal * product) / c, slope: thermal * (productSlope / c - product / (c * c)) }
}

/** i_l [A/m²] */
export const current = (problem: ElectrolyteProblem, x: number, y: number, time: number): readonly [number, number] => {
  const { salt, ionic, concentration: c } = fieldsAt(problem, x, y, time)
  const share = problem.porosity ** problem.bruggeman
  const kappa = problem.electrolyte.conductivity(c)
  const chi = diffusional(problem, c).value
  return [share * (-kappa * ionic.x + chi * salt.x), share * (-kappa * ionic.y + chi * salt.y)]
}

/** Salt flux −D ε^b ∇c + t₊ i/F [mol/(m²·s)] */
export const saltFlux = (
  problem: ElectrolyteProblem,
  x: number,
  y: number,
  time: number,
): readonly [number, number] => {
  const { salt, concentration: c } = fieldsAt(problem, x, y, time)
  const [ix, iy] = current(problem, x, y, time)
  const diffusivity = problem.electrolyte.diffusivity(c) * problem.porosity ** problem.bruggeman
  const carried = problem.electrolyte.transference(c) / faraday
  return [-diffusivity * salt.x + carried * ix, -diffusivity * salt.y + carried * iy]
}

/** ∇·i [A/m³] */
export const chargeSource = (problem: ElectrolyteProblem, x: number, y: number, time: number): number => {
  const { salt, ionic, concentration: c } = fieldsAt(problem, x, y, time)
  const share = problem.porosity ** problem.bruggeman
  const { conductivity, conductivitySlope } = problem.electrolyte
  const chi = diffusional(problem, c)
  const mixed = salt.x * ionic.x + salt.y * ionic.y
  const square = salt.x * salt.x + salt.y * salt.y
  return (
    share *
    (-conductivitySlope(c) * mixed -
      conductivity(c) * laplacian(ionic) +
      chi.slope * square +
      chi.value * laplacian(salt))
  )
}

/** ε ∂c/∂t + ∇·(salt flux) [mol/(m³·s)] */
export const saltSource = (problem: ElectrolyteProblem, x: number, y: number, time: number): number => {
  const { salt, concentration: c } = fieldsAt(problem, x, y, time)
  const share = problem.porosity ** problem.bruggeman
  const { diffusivity, diffusivitySlope, transference, transferenceSlope } = problem.electrolyte
  const rate = -problem.frequency * Math.sin(problem.frequency * time) * jetOf(problem.salt, x, y).value
  const spread = share * (diffusivitySlope(c) * (salt.x * salt.x + salt.y * salt.y) + diffusivity(c) * laplacian(salt))
  const [ix, iy] = current(problem, x, y, time)
  const carried =
    transferenceSlope(c) * (salt.x * ix + salt.y * iy) + transference(c) * chargeSource(problem, x, y, time)
  return problem.porosity * rate - spread + carried / faraday
}
