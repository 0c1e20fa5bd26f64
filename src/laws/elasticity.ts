import type { IsotropicElasticity } from "./contracts.ts"

/** Moduli of a linear isotropic solid [Pa]. */
export interface Moduli {
  /** λ, Lamé's first modulus */
  readonly lambda: number
  /** μ */
  readonly shear: number
  /** K = λ + 2μ/3 */
  readonly bulk: number
}

/**
 * λ = Eν/((1 + ν)(1 − 2ν)), μ = E/(2(1 + ν)), K = E/(3(1 − 2ν)).
 * @throws where E ≤ 0 or ν lies outside (−1, ½)
 * @source Timoshenko & Goodier (1970), Theory of Elasticity
 */
export const moduli = ({ young, poisson }: IsotropicElasticity): Moduli => {
  if (!(young > 0 && poisson > -1 && poisson < 0.5))
    throw new RangeError(`No isotropic solid has E = ${young} Pa and ν = ${poisson}`)
  return {
    lambda: (young * poisson) / ((1 + poisson) * (1 - 2 * poisson)),
    shear: young / (2 * (1 + poisson)),
    bulk: young / (3 * (1 - 2 * poisson)),
  }
}

/** λ + 2μ: stiffness against strain in one direction alone [Pa]. */
export const confinedModulus = (elasticity: IsotropicElasticity): number => {
  const { lambda, shear } = moduli(elasticity)
  return lambda + 2 * shear
}

/**
 * σ_h = tr σ/3 [Pa].
 * @param stress [xx, yy, zz, yz, xz, xy] [Pa]
 */
export const hydrostatic = (stress: ArrayLike<number>): number => (stress[0] + stress[1] + stress[2]) / 3

/**
 * Von Mises equivalent stress sqrt(3 J₂) [Pa].
 * @param stress [xx, yy, zz, yz, xz, xy] [Pa]
 */
export const equivalentStress = (stress: ArrayLike<number>): number => Math.sqrt(3 * secondInvariant(stress))

/** J₂ of the deviator, ½ s:s [Pa²]. */
const secondInvariant = (stress: ArrayLike<number>): number => {
  const xx = stress[0] - stress[1]
  const yy = stress[1] - stress[2]
  const zz = stress[2] - stress[0]
  const shear = stress[3] * stress[3] + stress[4] * stress[4] + stress[5] * stress[5]
  return (xx * xx + yy * yy + zz * zz) / 6 + shear
}

/**
 * A bound on the largest eigenvalue of a symmetric stress, σ_h + 2 sqrt(J₂/3): attained where the other two are equal.
 * @param stress [xx, yy, zz, yz, xz, xy] [Pa]
 */
export const principalBound = (stress: ArrayLike<number>): number =>
  hydrostatic(stress) + 2 * Math.sqrt(secondInvariant(stress) / 3)

/**
 * Largest eigenvalue of a symmetric stress: σ_h + 2 sqrt(J₂/3) cos(θ), cos 3θ = (J₃/2)(3/J₂)^{3/2}, θ ∈ [0, π/3].
 * Error of the order of round-off, up to 1e-8 of the deviator where the two largest eigenvalues coincide; allocates
 * nothing.
 * @param stress [xx, yy, zz, yz, xz, xy] [Pa]
 * @returns [Pa]
 * @source Smith (1961), Commun. ACM 4, 168, DOI 10.1145/355578.366316
 */
export const largestPrincipal = (stress: ArrayLike<number>): number => {
  const mean = hydrostatic(stress)
  const second = secondInvariant(stress)
  if (second <= 0) return mean
  const radius = Math.sqrt(second / 3)
  // Scaled by the radius first, so that no power of a stress overflows or vanishes
  const xx = (stress[0] - mean) / radius
  const yy = (stress[1] - mean) / radius
  const zz = (stress[2] - mean) / radius
  const yz = stress[3] / radius
  const xz = stress[4] / radius
  const xy = stress[5] / radius
  const third = xx * (yy * zz - yz * yz) - xy * (xy * zz - yz * xz) + xz * (xy * yz - yy * xz)
  const cosine = third / 2
  const angle = Math.acos(cosine > 1 ? 1 : cosine < -1 ? -1 : cosine) / 3
  return mean + 2 * radius * Math.cos(angle)
}
