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
 * The integrand is analytic within ±iπ, so that the trapezoidal rule is exact to round-off.
 */
const chidseyRate = (energy: number): ReducedRate => {
  const step = Math.min(0.5, Math.sqrt(energy))
  const reach = Math.sqrt(160 * energy)
  let sum = 0
  let slope = 0

  /** Leaves S and dS/dz. */
  const integrate = (z: number): void => {
    // The integrand peaks at x = max(0, z − λ); u = x − z keeps its digits for large z
    const peak = Math.max(0, z - energy)
    const shift = peak > 0 ? -energy : -z
    const first = -Math.ceil(Math.min(reach, peak + 80) / step)
    const last = Math.ceil(reach / step)
    sum = 0
    slope = 0
    for (let k = first; k <= last; k++) {
      const x = peak + k * step
      const u = shift + k * step
      const size = x < 0 ? -x : x
      // z/2 − |x|/2 without cancellation where both are large
      const lead = x < 0 ? (z + x) / 2 : -u / 2
      const part = Math.exp(lead - (u * u) / (4 * energy)) / (1 + Math.exp(-size))
      sum += part
      slope += part * (0.5 + u / (2 * energy))
    }
  }
  integrate(0)
  const equilibrium = sum

  return {
    evaluateInto: (z, out) => {
      const size = z < 0 ? -z : z
      integrate(size)
      const net = -Math.expm1(-size)
      const current = (net * sum) / equilibrium
      out[0] = z < 0 ? -current : current
      // On the plateau the terms of the slope cancel, down to round-off of either sign
      out[1] = Math.max(0, (Math.exp(-size) * sum + net * slope) / equilibrium)
    },
    // I(z) ≥ 2 tanh(z/2), because S(z)(1 + e^{−z})/2 does not fall
    bound: (_, magnitude) => (magnitude < 2 ? 2 * Math.atanh(magnitude / 2) : Number.POSITIVE_INFINITY),
  }
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
