import type { Swelling } from "./contracts.ts"
import type { LawCurve, LawEntry } from "./law-entry.ts"
import { monotoneCubic } from "./monotone-cubic.ts"

/**
 * ΔV/V = Ω_V (c − c_ini).
 * @param molarVolume Ω_V [m³/mol]
 * @param stressFree  c_ini [mol/m³]
 * @source Li et al. (2022), Science 376, 517, supplement: lithiation strain (Ω_V/3)(c − c_ini) I
 */
export const constantMolarVolume = (molarVolume: number, stressFree: number): Swelling => ({
  volumeChange: (concentration) => molarVolume * (concentration - stressFree),
  slope: () => molarVolume,
})

/**
 * ΔV/V from a table over stoichiometry, counted from the stress-free state; end tangents outside the table.
 * @param curve ΔV/V over x, from any zero
 * @param maximumConcentration c_max [mol/m³]
 * @param initialStoichiometry c_ini/c_max
 */
export const tabulatedSwelling = (
  curve: LawCurve,
  maximumConcentration: number,
  initialStoichiometry: number,
): Swelling => {
  const { value, slope } = monotoneCubic(curve)
  const stressFree = value(initialStoichiometry)
  // V/V_ini − 1: both volumes are relative to the table's own zero
  return {
    volumeChange: (concentration) => (value(concentration / maximumConcentration) - stressFree) / (1 + stressFree),
    slope: (concentration) => slope(concentration / maximumConcentration) / (maximumConcentration * (1 + stressFree)),
  }
}

/** Register entry of {@link constantMolarVolume}. */
export const constantMolarVolumeEntry: LawEntry<Swelling> = {
  summary: "Volume change proportional to the lithium taken up",
  source: "Li et al. (2022), Science 376, 517, supplement",
  parameters: {
    molarVolume: {
      dimension: "m^3/mol",
      constraint: "any",
      description: "Ω_V: partial molar volume of lithium in the solid",
    },
  },
  tables: {},
  create: ({ molarVolume }, _, { maximumConcentration, initialStoichiometry }) =>
    constantMolarVolume(molarVolume, initialStoichiometry * maximumConcentration),
}

/** Register entry of {@link tabulatedSwelling}. */
export const tabulatedSwellingEntry: LawEntry<Swelling> = {
  summary: "Measured volume change, monotone cubics between the points",
  source: "the table; interpolation: Fritsch & Butland (1984), SIAM J. Sci. Stat. Comput. 5, 300",
  parameters: {},
  tables: {
    volumeChange: {
      argument: { dimension: "", description: "Stoichiometry c/c_max" },
      value: { dimension: "", description: "Relative volume change, from any zero" },
      description: "Relative volume change over stoichiometry",
    },
  },
  create: (_, { volumeChange }, { maximumConcentration, initialStoichiometry }) =>
    tabulatedSwelling(volumeChange, maximumConcentration, initialStoichiometry),
}
