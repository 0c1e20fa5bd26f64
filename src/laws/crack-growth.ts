import type { LawEntry } from "./law-entry.ts"

/** Growth of the surface cracks of a particle by Paris' law. */
export interface CrackGrowth {
  /** Length that cracks begin with [m] */
  readonly initialLength: number
  /** Extent of a crack along the surface [m] */
  readonly width: number
  /** Cracks per surface [1/m²] */
  readonly density: number
  /** k in dl/dt = k (σ b sqrt(π l))^m [m/s over (Pa·m^½)^m] */
  readonly coefficient: number
  /** m */
  readonly exponent: number
  /** b: geometry factor of the stress intensity */
  readonly geometry: number
}

/**
 * Cracks as PyBaMM's OKane2022 sets them; its coefficient, 3.9e-20, counts hours.
 * @source O'Kane et al. (2022), Phys. Chem. Chem. Phys. 24, 7909; Ai et al. (2020), J. Electrochem. Soc. 167, 013512
 */
export const okane2022CrackGrowth: CrackGrowth = {
  initialLength: 2e-8,
  width: 1.5e-8,
  density: 3.18e15,
  coefficient: 3.9e-20 / 3600,
  exponent: 2.2,
  geometry: 1.12,
}

/** Tension that counts in growth, ⟨σ⟩^m [Pa^m]. */
export const crackLoad = ({ exponent }: CrackGrowth, stress: number): number => (stress > 0 ? stress ** exponent : 0)

/**
 * Length after a time under load, dl/dt = k b^m (π l)^{m/2} ⟨σ⟩^m integrated exactly for l; never beyond `longest`, where
 * a crack has gone through.
 * @param length  before [m]
 * @param load    ∫ ⟨σ⟩^m dt [Pa^m·s]
 * @param longest [m]
 * @source Deshpande et al. (2012), J. Electrochem. Soc. 159, A1730, DOI 10.1149/2.049210jes
 */
export const grownCrack = (law: CrackGrowth, length: number, load: number, longest: number): number => {
  if (length >= longest) return longest
  const { coefficient, exponent, geometry } = law
  const drive = coefficient * (geometry * Math.sqrt(Math.PI)) ** exponent * load
  const power = 1 - exponent / 2
  if (Math.abs(power) < 1e-9) return Math.min(longest, length * Math.exp(drive))
  // For m > 2 a crack runs away in finite time: the left-hand side reaches zero.
  const left = length ** power + power * drive
  if (power < 0 && left <= longest ** power) return longest
  return Math.min(longest, left ** (1 / power))
}

/**
 * Volume that surface cracks hold over the volume of their particle. An edge crack of length l opens under tension σ to
 * 1.2587 π σ l²/E′ per width (twice its energy over σ, from K = 1.1215 σ sqrt(π l)); its faces do not match again, so that it
 * keeps the opening of the largest tension so far (choice). At most 1.
 * @param largest        tension at the surface so far [Pa]
 * @param planeModulus   E′ = E/(1 − ν²) [Pa]
 * @param surfacePerVolume of the particle [1/m]
 * @source H. Tada, P. C. Paris, G. R. Irwin, The Stress Analysis of Cracks Handbook (2000), §2.10
 */
export const crackVolumeShare = (
  { density, width }: CrackGrowth,
  length: number,
  largest: number,
  planeModulus: number,
  surfacePerVolume: number,
): number =>
  Math.min(
    1,
    (surfacePerVolume * density * width * 1.2587 * Math.PI * Math.max(0, largest) * length * length) / planeModulus,
  )

/** Stress intensity at which files state how fast cracks grow [Pa·m^½] */
const referenceIntensity = 1e6

/** Register entry of Paris' law; as PyBaMM's OKane2022 has it unless told. */
export const parisEntry: LawEntry<CrackGrowth> = {
  summary: "Cracks at the surface of particles that grow by Paris' law while it is in tension",
  source:
    "Deshpande et al. (2012), J. Electrochem. Soc. 159, A1730, 10.1149/2.049210jes; numbers: O'Kane et al. (2022), Phys. Chem. Chem. Phys. 24, 7909",
  parameters: {
    initialLength: {
      dimension: "m",
      default: okane2022CrackGrowth.initialLength,
      constraint: "positive",
      description: "Length that cracks begin with",
    },
    width: {
      dimension: "m",
      default: okane2022CrackGrowth.width,
      constraint: "positive",
      description: "Extent of a crack along the surface",
    },
    density: {
      dimension: "1/m^2",
      default: okane2022CrackGrowth.density,
      constraint: "non-negative",
      description: "Cracks per surface",
    },
    rate: {
      dimension: "m/s",
      default: okane2022CrackGrowth.coefficient * referenceIntensity ** okane2022CrackGrowth.exponent,
      constraint: "non-negative",
      description: "Growth of a crack's length at a stress intensity of 1 MPa·m^½",
    },
    exponent: {
      dimension: "",
      default: okane2022CrackGrowth.exponent,
      constraint: "positive",
      description: "m: power of the stress intensity with which cracks grow",
    },
    geometry: {
      dimension: "",
      default: okane2022CrackGrowth.geometry,
      constraint: "positive",
      description: "b: stress intensity over σ sqrt(π l)",
    },
  },
  tables: {},
  create: ({ rate, initialLength, width, density, exponent, geometry }) => ({
    initialLength,
    width,
    density,
    exponent,
    geometry,
    coefficient: rate / referenceIntensity ** exponent,
  }),
}
