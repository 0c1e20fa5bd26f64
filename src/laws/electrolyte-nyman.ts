import { gasConstant } from "./constants.ts"
import type { Electrolyte } from "./contracts.ts"
import type { LawEntry } from "./law-entry.ts"
import { type Saturation, saturated, saturatedSlope } from "./saturation.ts"

/** Fitted up to 2 mol/l; exact down to 5 mol/m³, where the fit still behaves. [mol/m³] */
const range: Saturation = { low: 5, high: 2000, lowReach: 4, highReach: 200 }

export interface NymanParameters {
  /** [K] */
  readonly temperature: number
  /** Activation energy of κ and D_l [J/mol] */
  readonly activationEnergy: number
  /** t₊ */
  readonly transference: number
  /** 1 + ∂ln f/∂ln c */
  readonly thermodynamicFactor: number
}

/**
 * LiPF₆ in EC:EMC (3:7) at 25 °C with c in mol/l: κ = 0.1297 c³ − 2.51 c^{3/2} + 3.329 c [S/m],
 * D_l = (0.8794 c² − 3.972 c + 4.862)·10⁻¹⁰ [m²/s], both times exp(E/R (1/298.15 K − 1/T)).
 * Below 5 and above 2000 mol/m³ the concentration saturates (C¹) at 1 and 2200 mol/m³: κ and D_l stay positive.
 * @source Nyman, Behm & Lindbergh (2008), Electrochim. Acta 53, 6356, DOI 10.1016/j.electacta.2008.04.023;
 *   temperature: Ecker et al. (2015), J. Electrochem. Soc. 162, A1836
 */
export const nyman2008 = (parameters: NymanParameters): Electrolyte => {
  const { temperature, activationEnergy, transference, thermodynamicFactor } = parameters
  const factor = Math.exp((activationEnergy / gasConstant) * (1 / 298.15 - 1 / temperature))
  const litre = (concentration: number) => saturated(concentration, range) / 1000
  const litreSlope = (concentration: number) => saturatedSlope(concentration, range) / 1000
  return {
    conductivity: (concentration) => {
      const c = litre(concentration)
      return factor * c * (0.1297 * c * c - 2.51 * Math.sqrt(c) + 3.329)
    },
    conductivitySlope: (concentration) => {
      const c = litre(concentration)
      return factor * (0.3891 * c * c - 3.765 * Math.sqrt(c) + 3.329) * litreSlope(concentration)
    },
    diffusivity: (concentration) => {
      const c = litre(concentration)
      return factor * ((8.794e-11 * c - 3.972e-10) * c + 4.862e-10)
    },
    diffusivitySlope: (concentration) =>
      factor * (2 * 8.794e-11 * litre(concentration) - 3.972e-10) * litreSlope(concentration),
    transference: () => transference,
    transferenceSlope: () => 0,
    thermodynamicFactor: () => thermodynamicFactor,
    thermodynamicFactorSlope: () => 0,
  }
}

/** Register entry of {@link nyman2008}. */
export const nyman2008Entry: LawEntry<Electrolyte> = {
  summary: "LiPF6 in EC:EMC (3:7): conductivity and diffusivity over concentration",
  source: "Nyman, Behm & Lindbergh (2008), Electrochim. Acta 53, 6356; t₊ as in Chen et al. (2020)",
  parameters: {
    activationEnergy: {
      dimension: "J/mol",
      default: 17000,
      constraint: "non-negative",
      description: "Activation energy of conductivity and diffusivity (Ecker et al. 2015)",
    },
    transference: {
      dimension: "",
      default: 0.2594,
      constraint: "fraction",
      description: "Transference number t₊ of lithium",
    },
    thermodynamicFactor: { dimension: "", default: 1, constraint: "positive", description: "1 + ∂ln f/∂ln c" },
  },
  tables: {},
  create: ({ activationEnergy, transference, thermodynamicFactor }, _, { temperature }) =>
    nyman2008({ activationEnergy, transference, thermodynamicFactor, temperature }),
}
