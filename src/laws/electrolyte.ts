import type { Electrolyte } from "./contracts.ts"
import type { LawEntry } from "./law-entry.ts"

export interface ConstantElectrolyteParameters {
  /** κ [S/m] */
  readonly conductivity: number
  /** D_l [m²/s] */
  readonly diffusivity: number
  /** t₊ */
  readonly transference: number
  /** 1 + ∂ln f/∂ln c */
  readonly thermodynamicFactor: number
}

/** Transport properties that do not depend on concentration. */
export const constantElectrolyte = (parameters: ConstantElectrolyteParameters): Electrolyte => {
  const { conductivity, diffusivity, transference, thermodynamicFactor } = parameters
  return {
    conductivity: () => conductivity,
    conductivitySlope: () => 0,
    diffusivity: () => diffusivity,
    diffusivitySlope: () => 0,
    transference: () => transference,
    transferenceSlope: () => 0,
    thermodynamicFactor: () => thermodynamicFactor,
    thermodynamicFactorSlope: () => 0,
  }
}

/** Register entry of {@link constantElectrolyte}. */
export const constantElectrolyteEntry: LawEntry<Electrolyte> = {
  summary: "Transport properties that do not depend on concentration",
  source: "definition",
  parameters: {
    conductivity: { dimension: "S/m", constraint: "positive", description: "Ionic conductivity κ of the free liquid" },
    diffusivity: { dimension: "m^2/s", constraint: "positive", description: "Salt diffusivity D_l of the free liquid" },
    transference: { dimension: "", constraint: "fraction", description: "Transference number t₊ of lithium" },
    thermodynamicFactor: {
      dimension: "",
      default: 1,
      constraint: "positive",
      description: "1 + ∂ln f/∂ln c",
    },
  },
  tables: {},
  create: ({ conductivity, diffusivity, transference, thermodynamicFactor }) =>
    constantElectrolyte({ conductivity, diffusivity, transference, thermodynamicFactor }),
}
