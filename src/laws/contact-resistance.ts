import type { ContactResistance } from "./contracts.ts"
import type { LawEntry, LawParameter } from "./law-entry.ts"
import { type Saturation, saturated, saturatedSlope } from "./saturation.ts"

/** The exponent is exact up to 29 and never passes 30: R stays below 1.1e13 R₀. */
const exponentRange: Saturation = { low: -Number.MAX_VALUE, high: 29, lowReach: 1, highReach: 1 }

export interface ContactResistanceParameters {
  /** R₀ [Ω·m²] */
  readonly closed: number
  /** λ_ref [m] */
  readonly referenceGap: number
}

/**
 * R = R₀ exp((λ + λ_int)/λ_ref); the exponent bends (C¹) from 29 to 30, so that R stays finite for any gap.
 * @source Li et al. (2022), Science 376, 517, supplement
 */
export const exponentialContact = ({ closed, referenceGap }: ContactResistanceParameters): ContactResistance => ({
  resistance: (gap, initialGap) => closed * Math.exp(saturated((gap + initialGap) / referenceGap, exponentRange)),
  slope: (gap, initialGap) => {
    const exponent = (gap + initialGap) / referenceGap
    const resistance = closed * Math.exp(saturated(exponent, exponentRange))
    return (resistance * saturatedSlope(exponent, exponentRange)) / referenceGap
  },
})

/**
 * The resistance that {@link exponentialContact} has at λ = 0, whatever the gap: damage that the current does not feel.
 */
export const frozenContact = (parameters: ContactResistanceParameters): ContactResistance => {
  const { resistance } = exponentialContact(parameters)
  return { resistance: (_, initialGap) => resistance(0, initialGap), slope: () => 0 }
}

const parameters: Readonly<Record<"closed" | "referenceGap", LawParameter>> = {
  closed: { dimension: "ohm m^2", constraint: "non-negative", description: "R₀: resistance of a closed contact" },
  referenceGap: { dimension: "m", constraint: "positive", description: "λ_ref: gap over which it grows e-fold" },
}

/** Register entry of {@link exponentialContact}. */
export const exponentialContactEntry: LawEntry<ContactResistance> = {
  summary: "Contact resistance that grows exponentially with the gap",
  source: "Li et al. (2022), Science 376, 517, supplement",
  parameters,
  tables: {},
  create: ({ closed, referenceGap }) => exponentialContact({ closed, referenceGap }),
}

/** Register entry of {@link frozenContact}. */
export const frozenContactEntry: LawEntry<ContactResistance> = {
  summary: "Contact resistance of the closed contact, whatever the gap: no feedback of damage on current",
  source: "Li et al. (2022), Science 376, 517, supplement, at λ = 0",
  parameters,
  tables: {},
  create: ({ closed, referenceGap }) => frozenContact({ closed, referenceGap }),
}
