import { avogadro, gasConstant } from "./constants.ts"
import type { ChargeTransfer } from "./contracts.ts"
import type { LawEntry } from "./law-entry.ts"
import { type ReducedRate, withSeriesResistance } from "./series-resistance.ts"

export interface MarcusHushChidseyParameters {
  /** λ of one electron [J] */
  readonly reorganization: number
  /** [K] */
  readonly temperature: number
}

/** 10 eV at room temperature [k_B T]: keeps the level current, about exp(λ/4), far from overflow. */
const largestReorganization = 400

/**
 * Chidsey's integral over electron energies x, all energies in k_B T. With the Fermi function split evenly,
 *   I(z) = (1 − e^{−z}) S(z)/S(0), S(z) = ∫ exp(z/2 − (x − z)²/(4λ))/cosh(x/2) dx for z ≥ 0, and I(−z) = −I(z).
 * ln S is tabulated once with its slope and interpolated by cubics; its error is below 1e-8.
 */
const chidseyRate = (energy: number): ReducedRate => {
  const { spacing, logarithm, slope } = tabulate(energy)
  const last = logarithm.length - 1
  return {
    evaluateInto: (z, out) => {
      const size = z < 0 ? -z : z
      const position = size / spacing
      let value = logarithm[last]
      let valueSlope = 0
      if (position < last) {
        const k = Math.floor(position)
        const t = position - k
        const rise = logarithm[k + 1] - logarithm[k]
        const left = slope[k] * spacing
        const right = slope[k + 1] * spacing
        const quadratic = 3 * rise - 2 * left - right
        const cubic = left + right - 2 * rise
        value = logarithm[k] + t * (left + t * (quadratic + t * cubic))
        // Where the current levels off only round-off of either sign is left of the slope
        valueSlope = Math.max(0, (left + t * (2 * quadratic + t * 3 * cubic)) / spacing)
      }
      const ratio = Math.exp(value)
      const current = -Math.expm1(-size) * ratio
      out[0] = z < 0 ? -current : current
      out[1] = Math.exp(-size) * ratio + current * valueSlope
    },
    // I(z) ≥ 2 tanh(z/2), because S(z)(1 + e^{−z})/2 does not fall
    bound: (_, magnitude) => (magnitude < 2 ? 2 * Math.atanh(magnitude / 2) : Number.POSITIVE_INFINITY),
  }
}

interface RateTable {
  /** Between nodes, from z = 0 on */
  readonly spacing: number
  /** [node] ln(S(z)/S(0)) */
  readonly logarithm: Float64Array
  /** [node] its slope; 0 at the last, where S has levelled off */
  readonly slope: Float64Array
}

const tabulate = (energy: number): RateTable => {
  const spacing = Math.min(0.125, Math.sqrt(energy) / 8)
  const [equilibrium, first] = chidseyIntegral(energy, 0)
  const logarithm = [0]
  const slope = [first / equilibrium]
  while (slope[slope.length - 1] > 1e-13) {
    const [value, rise] = chidseyIntegral(energy, spacing * logarithm.length)
    logarithm.push(Math.log(value / equilibrium))
    slope.push(Math.max(0, rise / value))
  }
  slope[slope.length - 1] = 0
  return { spacing, logarithm: Float64Array.from(logarithm), slope: Float64Array.from(slope) }
}

/** S(z) and dS/dz, z ≥ 0: the integrand is analytic within ±iπ, the trapezoidal rule exact to round-off. */
const chidseyIntegral = (energy: number, z: number): [number, number] => {
  const step = Math.min(0.5, Math.sqrt(energy))
  const reach = Math.sqrt(160 * energy)
  const peak = Math.max(0, z - energy)
  let sum = 0
  let slope = 0
  for (let k = -Math.ceil(Math.min(reach, peak + 80) / step); k * step <= reach + step; k++) {
    const x = peak + k * step
    const part = Math.exp((z - Math.abs(x)) / 2 - (x - z) ** 2 / (4 * energy)) / (1 + Math.exp(-Math.abs(x)))
    sum += part
    slope += part * (0.5 + (x - z) / (2 * energy))
  }
  return [sum, slope]
}

/**
 * Marcus–Hush–Chidsey kinetics, symmetric, scaled so that its slope at equilibrium is that of Butler–Volmer with the
 * same i₀; resistance in series solved implicitly. It is Butler–Volmer with α = ½ for small overpotentials and levels off
 * once F|η| exceeds the reorganisation energy. The integral itself is evaluated: scaled to i₀, the closed approximation
 * of Zeng et al. is off by up to 9 % at λ = 8.3 k_B T and 29 % at 40 k_B T.
 * @throws RangeError where the reorganisation energy is not positive or exceeds 400 k_B T
 * @source Chidsey (1991), Science 251, 919; Zeng, Smith, Bai & Bazant (2014), J. Electroanal. Chem. 735, 77,
 *   DOI 10.1016/j.jelechem.2014.09.038
 */
export const marcusHushChidsey = ({ reorganization, temperature }: MarcusHushChidseyParameters): ChargeTransfer => {
  const energy = (reorganization * avogadro) / (gasConstant * temperature)
  if (!(energy > 0 && energy <= largestReorganization))
    throw new RangeError(`Marcus–Hush–Chidsey kinetics with a reorganisation energy of ${energy} k_B T`)
  return withSeriesResistance(chidseyRate(energy), temperature)
}

/** Register entry of {@link marcusHushChidsey}. */
export const marcusHushChidseyEntry: LawEntry<ChargeTransfer> = {
  summary: "Marcus–Hush–Chidsey kinetics, whose current levels off at large overpotential",
  source: "Chidsey (1991), Science 251, 919; Zeng, Smith, Bai & Bazant (2014), J. Electroanal. Chem. 735, 77",
  parameters: {
    reorganization: {
      dimension: "J",
      constraint: "positive",
      description: "Reorganisation energy of one electron transfer",
    },
  },
  tables: {},
  create: ({ reorganization }, _, { temperature }) => marcusHushChidsey({ reorganization, temperature }),
}
