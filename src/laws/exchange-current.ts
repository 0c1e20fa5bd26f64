import { gasConstant } from "./constants.ts"
import type { ExchangeCurrent } from "./contracts.ts"
import type { LawEntry, LawParameter } from "./law-entry.ts"
import { type Saturation, saturated, saturatedSlope } from "./saturation.ts"

/** Occupied or free sites: exact above 0.2 %, never below 0.1 %. */
const sites: Saturation = { low: 2e-3, high: Number.MAX_VALUE, lowReach: 1e-3, highReach: 1 }
/** Salt: exact above 1 mol/m³, never below 0.5 mol/m³. */
const salt: Saturation = { low: 1, high: Number.MAX_VALUE, lowReach: 0.5, highReach: 1 }

export interface InsertionParameters {
  /** i₀ at x = 1/2 and c_l = 1000 mol/m³ [A/m²] */
  readonly reference: number
  /** Exponent of the salt concentration */
  readonly saltExponent: number
  /** Exponent of the free sites, 1 − x */
  readonly freeExponent: number
  /** Exponent of the lithium in the solid, x */
  readonly lithiumExponent: number
}

/**
 * i₀ = i_ref (c_l/1000)^a (2(1 − x))^b (2x)^c: F k c_l^α_a (c_max − c)^α_a c^α_c with a = b = α_a, c = α_c.
 * Within 0.2 % of x = 0 and of x = 1, and below 1 mol/m³, the factors bend to a positive floor (C¹), so that an
 * overshoot of an iteration neither stops the reaction nor leaves the reals.
 * @source Newman & Thomas-Alyea (2004), Electrochemical Systems; Doyle, Fuller & Newman (1993),
 *   J. Electrochem. Soc. 140, 1526, DOI 10.1149/1.2221597
 */
export const insertionExchangeCurrent = (parameters: InsertionParameters): ExchangeCurrent => {
  const { reference, saltExponent, freeExponent, lithiumExponent } = parameters
  const isSymmetric = [saltExponent, freeExponent, lithiumExponent].every((exponent) => exponent === 0.5)
  return {
    evaluateInto: (stoichiometry, electrolyte, out) => {
      const lithium = saturated(stoichiometry, sites)
      const free = saturated(1 - stoichiometry, sites)
      const dissolved = saturated(electrolyte, salt)
      // One root in place of three powers: a network asks for tens of thousands at a time.
      const value = isSymmetric
        ? reference * Math.sqrt((dissolved / 250) * free * lithium)
        : reference * (dissolved / 1000) ** saltExponent * (2 * free) ** freeExponent * (2 * lithium) ** lithiumExponent
      out[0] = value
      out[1] =
        value *
        ((lithiumExponent * saturatedSlope(stoichiometry, sites)) / lithium -
          (freeExponent * saturatedSlope(1 - stoichiometry, sites)) / free)
      out[2] = (value * saltExponent * saturatedSlope(electrolyte, salt)) / dissolved
    },
  }
}

/** The same i₀ everywhere. */
export const constantExchangeCurrent = (value: number): ExchangeCurrent => ({
  evaluateInto: (_, __, out) => {
    out[0] = value
    out[1] = 0
    out[2] = 0
  },
})

/** exp(E/R (1/298.15 K − 1/T)) with E/R [K] */
const arrhenius = (temperature: number, activation: number): number =>
  Math.exp(activation * (1 / 298.15 - 1 / temperature))

const exponent = (description: string): LawParameter => ({
  dimension: "",
  default: 0.5,
  constraint: "fraction",
  description,
})

/** Register entry of {@link insertionExchangeCurrent}. */
export const insertionEntry: LawEntry<ExchangeCurrent> = {
  summary: "Insertion electrode: powers of salt, free sites and lithium, from i₀ at half filling and 1 mol/l",
  source: "Doyle, Fuller & Newman (1993), J. Electrochem. Soc. 140, 1526",
  parameters: {
    reference: {
      dimension: "A/m^2",
      constraint: "positive",
      description: "Exchange current density at stoichiometry 1/2 and 1000 mol/m³ of salt",
    },
    anodic: exponent("α_a: power of the salt concentration and of the free sites"),
    cathodic: exponent("α_c: power of the lithium concentration in the solid"),
  },
  tables: {},
  create: ({ reference, anodic, cathodic }) =>
    insertionExchangeCurrent({
      reference,
      saltExponent: anodic,
      freeExponent: anodic,
      lithiumExponent: cathodic,
    }),
}

/** i₀ = m c_l^½ c^½ (c_max − c)^½, m = 3.42e-6 A/m² (m³/mol)^1.5, activation 17.8 kJ/mol. */
export const chen2020ExchangeCurrentEntry: LawEntry<ExchangeCurrent> = {
  summary: "NMC811 of the LG M50 cell, with its temperature dependence",
  source: "Chen et al. (2020), J. Electrochem. Soc. 167, 080534, as in PyBaMM's Chen2020",
  parameters: {},
  tables: {},
  create: (_, __, { temperature, maximumConcentration }) =>
    insertionExchangeCurrent({
      reference: 3.42e-6 * arrhenius(temperature, 17800 / gasConstant) * Math.sqrt(1000) * (maximumConcentration / 2),
      saltExponent: 0.5,
      freeExponent: 0.5,
      lithiumExponent: 0.5,
    }),
}

/** i₀ = 5.028 (c_l/1000)^0.57 x^0.43 (1 − x)^0.57 A/m², activation 24.01 kJ/mol. */
export const oregan2022ExchangeCurrentEntry: LawEntry<ExchangeCurrent> = {
  summary: "NMC811 of the LG M50 cell, asymmetric, with its temperature dependence",
  source: "O'Regan et al. (2022), Electrochim. Acta 425, 140700, as in PyBaMM's ORegan2022",
  parameters: {},
  tables: {},
  create: (_, __, { temperature }) =>
    insertionExchangeCurrent({
      reference: (5.028 * arrhenius(temperature, 24010 / gasConstant)) / 2,
      saltExponent: 0.57,
      freeExponent: 0.57,
      lithiumExponent: 0.43,
    }),
}

/** Register entry of {@link constantExchangeCurrent}. */
export const constantExchangeCurrentEntry: LawEntry<ExchangeCurrent> = {
  summary: "The same exchange current density whatever the concentrations",
  source: "definition",
  parameters: {
    value: { dimension: "A/m^2", constraint: "positive", description: "Exchange current density" },
  },
  tables: {},
  create: ({ value }) => constantExchangeCurrent(value),
}
