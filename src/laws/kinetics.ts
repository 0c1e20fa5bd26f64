import type { ChargeTransfer } from "./contracts.ts"
import type { LawEntry } from "./law-entry.ts"
import { type ReducedRate, withSeriesResistance } from "./series-resistance.ts"

export interface ButlerVolmerParameters {
  /** α_a, between 0 and 1 */
  readonly anodic: number
  /** α_c, between 0 and 1 */
  readonly cathodic: number
  /** [K] */
  readonly temperature: number
}

/** Exponent from which exp goes on along its tangent: 5 V of overpotential at α = ½. */
const longestExponent = 100
const longestExponential = Math.exp(longestExponent)

/** exp(x) − 1, beyond the longest exponent its tangent. */
const growth = (x: number): number => {
  if (x > longestExponent) return longestExponential * (1 + x - longestExponent) - 1
  // exp is the quicker of the two, and loses nothing where it is well above 1.
  return x > 1 ? Math.exp(x) - 1 : Math.expm1(x)
}

/** d growth/dx */
const growthSlope = (x: number): number => (x <= longestExponent ? Math.exp(x) : longestExponential)

/** x with growth(x) = y */
const inverseGrowth = (y: number): number =>
  y <= longestExponential - 1 ? Math.log1p(y) : (y + 1) / longestExponential - 1 + longestExponent

/** I(z) = exp(α_a z) − exp(−α_c z) */
const asymmetricRate = (anodic: number, cathodic: number): ReducedRate => ({
  evaluateInto: (z, out) => {
    out[0] = growth(anodic * z) - growth(-cathodic * z)
    out[1] = anodic * growthSlope(anodic * z) + cathodic * growthSlope(-cathodic * z)
  },
  // The other branch is at most 1: |I| ≥ exp(α|z|) − 1
  bound: (sign, magnitude) => inverseGrowth(magnitude) / (sign > 0 ? anodic : cathodic),
})

/** I(z) = 2 sinh(α z); the bound is the exact inverse asinh(I/2)/α. */
const symmetricRate = (coefficient: number): ReducedRate => ({
  evaluateInto: (z, out) => {
    const x = coefficient * (z < 0 ? -z : z)
    const below = x <= longestExponent
    const rise = growth(x)
    // 1 − exp(−x) without a second exponential
    const fall = below ? rise / (1 + rise) : 1
    out[0] = z < 0 ? -(rise + fall) : rise + fall
    out[1] = coefficient * ((below ? 1 + rise : longestExponential) + 1 - fall)
  },
  bound: (_, magnitude) =>
    magnitude < longestExponential ? Math.asinh(magnitude / 2) / coefficient : inverseGrowth(magnitude) / coefficient,
})

/**
 * Butler–Volmer kinetics with a resistance in series, solved implicitly:
 *   i = i₀ [exp(α_a F η/(R_g T)) − exp(−α_c F η/(R_g T))], η = driving − i R.
 * An exponent above 100 (5 V at α = ½) goes on along its tangent, so that nothing overflows; i → driving/R for large
 * i₀ R and → 0 for R → ∞.
 * @throws where a coefficient lies outside (0, 1] or the temperature is not positive
 * @source Newman & Thomas-Alyea (2004), Electrochemical Systems; resistance: Li et al. (2022), Science 376, 517
 */
export const butlerVolmer = ({ anodic, cathodic, temperature }: ButlerVolmerParameters): ChargeTransfer => {
  if (!(anodic > 0 && anodic <= 1 && cathodic > 0 && cathodic <= 1 && temperature > 0))
    throw new RangeError(`Butler–Volmer with α_a = ${anodic}, α_c = ${cathodic}, T = ${temperature} K`)
  return withSeriesResistance(
    anodic === cathodic ? symmetricRate(anodic) : asymmetricRate(anodic, cathodic),
    temperature,
  )
}

/** Register entry of {@link butlerVolmer}. */
export const butlerVolmerEntry: LawEntry<ChargeTransfer> = {
  summary: "Butler–Volmer kinetics with the contact resistance in its overpotential",
  source: "Newman & Thomas-Alyea (2004), Electrochemical Systems; resistance: Li et al. (2022), Science 376, 517",
  parameters: {
    anodic: {
      dimension: "",
      default: 0.5,
      constraint: "fraction",
      description: "Anodic charge-transfer coefficient α_a; above 0",
    },
    cathodic: {
      dimension: "",
      default: 0.5,
      constraint: "fraction",
      description: "Cathodic charge-transfer coefficient α_c; above 0",
    },
  },
  tables: {},
  create: ({ anodic, cathodic }, _, { temperature }) => butlerVolmer({ anodic, cathodic, temperature }),
}
