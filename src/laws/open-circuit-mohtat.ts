import type { OpenCircuitPotential } from "./contracts.ts"
import type { LawEntry } from "./law-entry.ts"

/** Powers of x from 0 up. */
const polynomial = [4.3452, -1.6518, 1.6225, -2.0843, 3.5146, -2.2166] as const

const fitted = (x: number): number => {
  let potential = 0
  for (let power = polynomial.length - 1; power >= 0; power--) potential = potential * x + polynomial[power]
  return potential - 0.5623e-4 * Math.exp(109.451 * x - 100.006)
}

const fittedSlope = (x: number): number => {
  let slope = 0
  for (let power = polynomial.length - 1; power > 0; power--) slope = slope * x + power * polynomial[power]
  return slope - 0.5623e-4 * 109.451 * Math.exp(109.451 * x - 100.006)
}

/**
 * NMC532 against lithium:
 *   U = 4.3452 − 1.6518x + 1.6225x² − 2.0843x³ + 3.5146x⁴ − 2.2166x⁵ − 0.5623e-4 exp(109.451x − 100.006).
 * Falls throughout 0…1, by 0.28 V per unit at the least; outside, its tangents, −1.65 V and −78 V, go on.
 * @source Mohtat, Lee, Sulzer, Siegel & Stefanopoulou (2020), J. Electrochem. Soc. 167, 110561, as in PyBaMM's
 *   Mohtat2020 and Xu2019 (half-cell against lithium)
 */
export const mohtat2020OpenCircuit: OpenCircuitPotential = {
  potential: (x) => {
    const inside = x < 0 ? 0 : x > 1 ? 1 : x
    return fitted(inside) + (x === inside ? 0 : fittedSlope(inside) * (x - inside))
  },
  slope: (x) => fittedSlope(x < 0 ? 0 : x > 1 ? 1 : x),
}

/** Register entry of {@link mohtat2020OpenCircuit}. */
export const mohtat2020OpenCircuitEntry: LawEntry<OpenCircuitPotential> = {
  summary: "NMC532, half-cell fit",
  source: "Mohtat et al. (2020), J. Electrochem. Soc. 167, 110561, as in PyBaMM's Mohtat2020 and Xu2019",
  parameters: {},
  tables: {},
  create: () => mohtat2020OpenCircuit,
}
