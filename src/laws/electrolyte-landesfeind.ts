import type { Electrolyte } from "./contracts.ts"
import type { LawEntry } from "./law-entry.ts"
import { type Saturation, saturated, saturatedSlope } from "./saturation.ts"

/** Measured from 0.1 to 3 mol/l; the fits behave down to 5 mol/m³. [mol/m³] */
const range: Saturation = { low: 5, high: 3000, lowReach: 4, highReach: 200 }

/** Measured from −10 to 50 °C [K] */
const coldest = 263.15
const hottest = 323.15

const conductivityFit = [0.521, 228, -1.06, 0.353, -3.59e-3, 1.48e-3] as const
const diffusivityFit = [1010, 1.01, -1560, -487] as const
const transferenceFit = [-12.8, -6.12, 8.21e-2, 0.904, 3.18e-2, -1.27e-4, 1.75e-2, -3.12e-3, -3.96e-5] as const
const thermodynamicFit = [25.7, -45.1, -0.177, 1.94, 0.295, 3.08e-4, 0.259, -9.46e-3, -4.54e-4] as const

/** p₁ + p₂c + p₃T + p₄c² + p₅cT + p₆T² + p₇c³ + p₈c²T + p₉cT² as a cubic in c: [c⁰, c¹, c², c³]. */
const cubicAt = (p: readonly number[], temperature: number): readonly [number, number, number, number] => [
  p[0] + p[2] * temperature + p[5] * temperature * temperature,
  p[1] + p[4] * temperature + p[8] * temperature * temperature,
  p[3] + p[7] * temperature,
  p[6],
]

/**
 * LiPF₆ in EC:EMC (3:7 w:w) with c in mol/l and T in K:
 *   κ = 0.1 p₁(1 + T − p₂) c (1 + p₃√c + p₄(1 + p₅ e^{1000/T}) c)/(1 + p₆ e^{1000/T} c⁴) [S/m],
 *   D_l = 10⁻¹⁰ p₁ exp(p₂ c + p₃/T + p₄ c/T) [m²/s], t₊ and 1 + ∂ln f/∂ln c cubic in c, quadratic in T.
 * Below 5 and above 3000 mol/m³ the concentration saturates (C¹) at 1 and 3200 mol/m³.
 * @param temperature −10 to 50 °C as measured [K]
 * @throws RangeError outside those temperatures
 * @source Landesfeind & Gasteiger (2019), J. Electrochem. Soc. 166, A3079, DOI 10.1149/2.0571912jes;
 *   coefficients as in PyBaMM
 */
export const landesfeind2019 = (temperature: number): Electrolyte => {
  if (!(temperature >= coldest && temperature <= hottest))
    throw new RangeError(`Landesfeind 2019 holds from ${coldest} to ${hottest} K, not at ${temperature} K`)
  const litre = (concentration: number) => saturated(concentration, range) / 1000
  const litreSlope = (concentration: number) => saturatedSlope(concentration, range) / 1000

  const [k1, k2, k3, k4, k5, k6] = conductivityFit
  const thermal = Math.exp(1000 / temperature)
  const scale = 0.1 * k1 * (1 + temperature - k2)
  const linear = k4 * (1 + k5 * thermal)
  const quartic = k6 * thermal

  const [d1, d2, d3, d4] = diffusivityFit
  const diluted = 1e-10 * d1 * Math.exp(d3 / temperature)
  const decay = d2 + d4 / temperature
  const diffusivity = (concentration: number) => diluted * Math.exp(decay * litre(concentration))

  const [t0, t1, t2, t3] = cubicAt(transferenceFit, temperature)
  const [f0, f1, f2, f3] = cubicAt(thermodynamicFit, temperature)
  return {
    conductivity: (concentration) => {
      const c = litre(concentration)
      return (scale * c * (1 + k3 * Math.sqrt(c) + linear * c)) / (1 + quartic * c ** 4)
    },
    conductivitySlope: (concentration) => {
      const c = litre(concentration)
      const above = c * (1 + k3 * Math.sqrt(c) + linear * c)
      const below = 1 + quartic * c ** 4
      const aboveSlope = 1 + 1.5 * k3 * Math.sqrt(c) + 2 * linear * c
      return (scale * (aboveSlope - (above * 4 * quartic * c ** 3) / below) * litreSlope(concentration)) / below
    },
    diffusivity,
    diffusivitySlope: (concentration) => diffusivity(concentration) * decay * litreSlope(concentration),
    transference: (concentration) => {
      const c = litre(concentration)
      return t0 + c * (t1 + c * (t2 + c * t3))
    },
    transferenceSlope: (concentration) => {
      const c = litre(concentration)
      return (t1 + c * (2 * t2 + c * 3 * t3)) * litreSlope(concentration)
    },
    thermodynamicFactor: (concentration) => {
      const c = litre(concentration)
      return f0 + c * (f1 + c * (f2 + c * f3))
    },
    thermodynamicFactorSlope: (concentration) => {
      const c = litre(concentration)
      return (f1 + c * (2 * f2 + c * 3 * f3)) * litreSlope(concentration)
    },
  }
}

/** Register entry of {@link landesfeind2019}. */
export const landesfeind2019Entry: LawEntry<Electrolyte> = {
  summary: "LiPF6 in EC:EMC (3:7 w:w): all four properties over concentration and temperature, −10 to 50 °C",
  source: "Landesfeind & Gasteiger (2019), J. Electrochem. Soc. 166, A3079",
  parameters: {},
  tables: {},
  create: (_, __, { temperature }) => landesfeind2019(temperature),
}
