import type { SolidDiffusivity } from "./contracts.ts"
import type { LawCurve, LawEntry } from "./law-entry.ts"
import { monotoneCubic } from "./monotone-cubic.ts"
import { type Saturation, saturated, saturatedSlope } from "./saturation.ts"

/** The same D everywhere [m²/s]. */
export const constantDiffusivity = (value: number): SolidDiffusivity => ({ value: () => value, slope: () => 0 })

/** Depth, centre and squared width of the dips of log₁₀ D. */
const dips = [
  [-0.9231, 0.3216, 0.002534],
  [-0.4066, 0.4532, 0.003926],
  [-0.993, 0.8098, 0.09924],
] as const

/**
 * NMC811: D = 2.7·10^(−13.96 + Σ a exp(−(x − b)²/c)) exp(1449 K (1/298.15 K − 1/T)).
 * @param temperature [K]
 * @source O'Regan et al. (2022), Electrochim. Acta 425, 140700, as in PyBaMM's ORegan2022 with its factor 2.7
 */
export const oregan2022 = (temperature: number): SolidDiffusivity => {
  const factor = 2.7 * Math.exp(1449 * (1 / 298.15 - 1 / temperature))
  const value = (x: number): number => {
    let exponent = -13.96
    for (const [depth, centre, width] of dips) exponent += depth * Math.exp(-((x - centre) ** 2) / width)
    return factor * 10 ** exponent
  }
  return {
    value,
    slope: (x) => {
      let exponentSlope = 0
      for (const [depth, centre, width] of dips)
        exponentSlope -= ((2 * depth * (x - centre)) / width) * Math.exp(-((x - centre) ** 2) / width)
      return value(x) * Math.LN10 * exponentSlope
    },
  }
}

/** Coefficients of log₁₀(2 D/(cm²/s)), from the ninth power down. */
const degreeNine = [
  -66631.56720002113, 317224.13759806077, -647127.9100798424, 740625.6188941287, -522889.4946864639, 235652.79793610598,
  -67638.17186534218, 11887.013361406942, -1155.8947947859672, 37.60120496926822,
] as const

/** Where the polynomial keeps to its stated 10⁻¹⁵…2·10⁻¹⁴ m²/s; it leaves all bounds below 0.15 and above 0.9. */
const stated: Saturation = { low: 0.18, high: 0.78, lowReach: 0.02, highReach: 0.02 }

/**
 * NMC811: D = ½·10⁻⁴·10^P(x) m²/s, P of degree nine, exact for x in 0.18…0.78; outside, x saturates (C¹) at 0.16 and
 * 0.80, where D is 1.1e-14 and 5.4e-16 m²/s.
 * @source Karanth, Weijers et al. (2024), Cell Rep. Phys. Sci., 101972, DOI 10.1016/j.xcrp.2024.101972, as in mpet's
 *   NMC811_KaranthWeijers24; fitted to McClelland et al. (2023)
 */
export const karanth2024: SolidDiffusivity = {
  value: (stoichiometry) => {
    const x = saturated(stoichiometry, stated)
    let exponent = 0
    for (const coefficient of degreeNine) exponent = exponent * x + coefficient
    return 0.5e-4 * 10 ** exponent
  },
  slope: (stoichiometry) => {
    const x = saturated(stoichiometry, stated)
    let exponent = 0
    let exponentSlope = 0
    for (const coefficient of degreeNine) {
      exponentSlope = exponentSlope * x + exponent
      exponent = exponent * x + coefficient
    }
    return 0.5e-4 * 10 ** exponent * Math.LN10 * exponentSlope * saturatedSlope(stoichiometry, stated)
  },
}

/**
 * D through measured points, monotone cubics in log D; the end values go on outside the table.
 * @param curve D > 0 over stoichiometry [m²/s]
 * @throws RangeError where a D is not positive
 */
export const tabulatedDiffusivity = ({ argument, value: diffusivities }: LawCurve): SolidDiffusivity => {
  if (!diffusivities.every((value) => value > 0)) throw new RangeError("A tabulated diffusivity must be positive")
  const { value, slope } = monotoneCubic({ argument, value: diffusivities.map(Math.log) })
  const low = argument[0]
  const high = argument[argument.length - 1]
  const reach = (high - low) / 100
  // Bends to the end values within a hundredth of the table, so that the slope has no jump
  const ends: Saturation = { low, high, lowReach: reach, highReach: reach }
  return {
    value: (x) => Math.exp(value(saturated(x, ends))),
    slope: (x) => {
      const at = saturated(x, ends)
      return Math.exp(value(at)) * slope(at) * saturatedSlope(x, ends)
    },
  }
}

/** Register entry of {@link constantDiffusivity}. */
export const constantDiffusivityEntry: LawEntry<SolidDiffusivity> = {
  summary: "The same diffusivity at every stoichiometry",
  source: "definition",
  parameters: { value: { dimension: "m^2/s", constraint: "positive", description: "Diffusivity of lithium" } },
  tables: {},
  create: ({ value }) => constantDiffusivity(value),
}

/** Register entry of {@link oregan2022}. */
export const oregan2022Entry: LawEntry<SolidDiffusivity> = {
  summary: "NMC811 of the LG M50 cell over stoichiometry and temperature",
  source: "O'Regan et al. (2022), Electrochim. Acta 425, 140700, as in PyBaMM's ORegan2022",
  parameters: {},
  tables: {},
  create: (_, __, { temperature }) => oregan2022(temperature),
}

/** Register entry of {@link karanth2024}. */
export const karanth2024Entry: LawEntry<SolidDiffusivity> = {
  summary: "NMC811 over stoichiometry, polynomial of degree nine, held outside 0.18…0.78",
  source: "Karanth, Weijers et al. (2024), Cell Rep. Phys. Sci., 101972, as in mpet's NMC811_KaranthWeijers24",
  parameters: {},
  tables: {},
  create: () => karanth2024,
}

/** Register entry of {@link tabulatedDiffusivity}. */
export const tabulatedDiffusivityEntry: LawEntry<SolidDiffusivity> = {
  summary: "Measured diffusivity, monotone cubics of its logarithm between the points",
  source: "the table; interpolation: Fritsch & Butland (1984), SIAM J. Sci. Stat. Comput. 5, 300",
  parameters: {},
  tables: {
    diffusivity: {
      argument: { dimension: "", description: "Stoichiometry c/c_max" },
      value: { dimension: "m^2/s", description: "Diffusivity of lithium" },
      description: "Diffusivity over stoichiometry",
    },
  },
  create: (_, { diffusivity }) => tabulatedDiffusivity(diffusivity),
}
