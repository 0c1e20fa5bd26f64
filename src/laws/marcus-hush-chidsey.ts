import { complementaryError, complementaryErrorSlope } from "./complementary-error.ts"
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

/** Beyond this reorganisation energy [k_B T] erfc at equilibrium leaves the normal numbers. */
const largestReorganization = 2000

/** I(z) = 2 tanh(z/2) erfc(a(z))/erfc(a(0)), a(z) = (λ − sqrt(1 + √λ + z²))/(2√λ), λ in k_B T. */
const uniformRate = (energy: number): ReducedRate => {
  const root = Math.sqrt(energy)
  const argument = (z: number) => (energy - Math.hypot(Math.sqrt(1 + root), z)) / (2 * root)
  const equilibrium = complementaryError(argument(0))
  return {
    evaluateInto: (z, out) => {
      const tanh = Math.tanh(z / 2)
      const at = argument(z)
      const error = complementaryError(at) / equilibrium
      const slope = complementaryErrorSlope(at) / equilibrium
      const argumentSlope = -z / (2 * root * Math.hypot(Math.sqrt(1 + root), z))
      out[0] = 2 * tanh * error
      out[1] = (1 - tanh * tanh) * error + 2 * tanh * slope * argumentSlope
    },
    bound: () => Number.POSITIVE_INFINITY,
  }
}

/**
 * Marcus–Hush–Chidsey kinetics, symmetric, in the uniform closed approximation (error below 5 % of the integral), scaled
 * so that its slope at equilibrium is that of Butler–Volmer with the same i₀; resistance in series solved implicitly.
 * Unlike Butler–Volmer the current levels off, at i₀ 4/erfc(a(0)), once F|η| exceeds the reorganisation energy.
 * @throws RangeError where the reorganisation energy is not positive or exceeds 2000 k_B T
 * @source Zeng, Smith, Bai & Bazant (2014), J. Electroanal. Chem. 735, 77, eq. 17,
 *   DOI 10.1016/j.jelechem.2014.09.038; Chidsey (1991), Science 251, 919
 */
export const marcusHushChidsey = ({ reorganization, temperature }: MarcusHushChidseyParameters): ChargeTransfer => {
  const energy = (reorganization * avogadro) / (gasConstant * temperature)
  if (!(energy > 0 && energy <= largestReorganization))
    throw new RangeError(`Marcus–Hush–Chidsey kinetics with a reorganisation energy of ${energy} k_B T`)
  return withSeriesResistance(uniformRate(energy), temperature)
}

/** Register entry of {@link marcusHushChidsey}. */
export const marcusHushChidseyEntry: LawEntry<ChargeTransfer> = {
  summary: "Marcus–Hush–Chidsey kinetics, whose current levels off at large overpotential",
  source: "Zeng, Smith, Bai & Bazant (2014), J. Electroanal. Chem. 735, 77",
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
