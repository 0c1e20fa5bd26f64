import type { CohesiveLaw } from "../../../src/laws/contracts.ts"

/** Two equal arms per unit width, pulled apart at their free ends; the bonded part is long. */
export interface DoubleCantilever {
  /** a: end of the arms to the tip of the notch [m] */
  readonly crack: number
  /** h of one arm [m] */
  readonly thickness: number
  /** E of the arms [Pa] */
  readonly young: number
  readonly poisson: number
  /** Shear correction κ of Timoshenko's beam, 5/6; Infinity leaves shear out */
  readonly shearCorrection: number
  readonly cohesion: CohesiveLaw
}

export interface BeamState {
  /** P [N/m] */
  readonly load: number
  /** Distance of the loaded ends, both arms [m] */
  readonly opening: number
  /** Opening of the interface at the tip [m] */
  readonly tipOpening: number
  /** ψ of an arm at the tip, x pointing into the bond: negative when the arms open [1] */
  readonly tipRotation: number
  /** Length of the softening zone ahead of the tip [m] */
  readonly processZone: number
  /** Crack length a [m] */
  readonly crack: number
}

/** E′I, 1/(κGA) and the interface constants of one arm; the arm moves w = δ/2. */
const constants = ({ thickness, young, poisson, shearCorrection, cohesion }: DoubleCantilever) => {
  const { strength, stiffness, fractureEnergy } = cohesion
  const [onset, failure] = [strength / stiffness, (2 * fractureEnergy) / strength]
  return {
    bending: ((young / (1 - poisson * poisson)) * thickness ** 3) / 12,
    shear: (2 * (1 + poisson)) / (shearCorrection * young * thickness),
    foundation: 2 * stiffness,
    softening: (2 * strength) / (failure - onset),
    onset,
    failure,
  }
}

/**
 * State of a joint whose softening zone has length z and whose crack has length a, in plane strain.
 *
 * One arm with deflection w, rotation ψ, moment M and shear force V along x from the tip into the bond obeys
 *   w′ = ψ + V/(κGA), ψ′ = M/(E′I), M′ = −V, V′ = T(2w),
 * with V = −P, M = P a at the tip. Where T = 2Kw (elastic bond, x > z) the decaying solution ties
 *   w = −(s/k) V + M/√(kE′I), k = 2K, s² = k/(κGA) + 2√(k/E′I);
 * where the bond softens, T = T_max (δ_f − 2w)/(δ_f − δ₀) (0 < x < z), w − δ_f/2 is a sum of cosh μx, sinh μx, cos νx,
 * sin νx. 2w(z) = δ₀ and M(0) + a V(0) = 0 close the system, linear in the only unknown M(z).
 * @param processZone z ≥ 0; at 0 the bond is elastic and the tip just at δ₀ [m]
 * @source beam on an elastic foundation: Kanninen (1973), Int. J. Fract. 9, 83; cohesive zone between beams: Williams &
 *   Hadavinia (2002), J. Mech. Phys. Solids 50, 809
 */
export const beamState = (problem: DoubleCantilever, crack: number, processZone: number): BeamState => {
  const { bending, shear, foundation, onset } = constants(problem)
  const root = Math.sqrt(foundation / bending)
  const sum = Math.sqrt(foundation * shear + 2 * root)
  /** State at the end of the softening zone for a moment there: w, ψ, M, V. */
  const atEnd = (moment: number): BeamVector => {
    const force = (moment / (bending * root) - onset / 2) * (foundation / sum)
    return [onset / 2, force / (bending * root) - (sum * moment) / (bending * root), moment, force]
  }
  const tip = (moment: number) => throughSoftening(problem, processZone, atEnd(moment))
  const scale = (bending * root * onset) / 2
  const closing = (moment: number) => {
    const [, , M, V] = tip(moment)
    return M + crack * V
  }
  const [zero, one] = [closing(0), closing(scale)]
  const [w, rotation, , force] = tip((-zero * scale) / (one - zero))
  const load = -force
  const end = w - rotation * crack + (load * crack ** 3) / (3 * bending) + load * crack * shear
  return { load, opening: 2 * end, tipOpening: 2 * w, tipRotation: rotation, processZone, crack }
}

/** w, ψ, M, V */
type BeamVector = readonly [number, number, number, number]

/** Carries a state at x = z back to x = 0 through the softening zone. */
const throughSoftening = (problem: DoubleCantilever, length: number, end: BeamVector): BeamVector => {
  if (length === 0) return end
  const { bending, shear, softening, failure } = constants(problem)
  const half = (softening * shear) / 2
  const spread = Math.sqrt(half * half + softening / bending)
  const [mu, nu] = [Math.sqrt(spread - half), Math.sqrt(spread + half)]
  const [w, rotation, moment, force] = end
  const y0 = w - failure / 2
  const y1 = rotation + force * shear
  const y2 = moment / bending - softening * shear * y0
  const y3 = -force / bending - softening * shear * y1
  const both = mu * mu + nu * nu
  const cosh = (y2 + nu * nu * y0) / both
  const cos = (mu * mu * y0 - y2) / both
  const sinh = (y3 + nu * nu * y1) / (both * mu)
  const sin = (mu * mu * y1 - y3) / (both * nu)
  const [hc, hs] = [Math.cosh(mu * length), -Math.sinh(mu * length)]
  const [tc, ts] = [Math.cos(nu * length), -Math.sin(nu * length)]
  const x0 = cosh * hc + sinh * hs + cos * tc + sin * ts
  const x1 = mu * (cosh * hs + sinh * hc) + nu * (sin * tc - cos * ts)
  const x2 = mu ** 2 * (cosh * hc + sinh * hs) - nu ** 2 * (cos * tc + sin * ts)
  const x3 = mu ** 3 * (cosh * hs + sinh * hc) - nu ** 3 * (sin * tc - cos * ts)
  const shearForce = -bending * (x3 + softening * shear * x1)
  return [x0 + failure / 2, x1 - shearForce * shear, bending * (x2 + softening * shear * x0), shearForce]
}

/** Opening of the ends per load while the bond is elastic, Δ/P [m²/N]. */
export const elasticCompliance = (problem: DoubleCantilever, crack = problem.crack): number => {
  const { load, opening } = beamState(problem, crack, 0)
  return opening / load
}

/** Softening zone at which the tip opens to δ_f: from there on the crack grows [m]. */
export const fullProcessZone = (problem: DoubleCantilever, crack = problem.crack): number => {
  const { failure, bending, softening } = constants(problem)
  const broken = (zone: number) => beamState(problem, crack, zone).tipOpening >= failure
  // Half a wave of the softening solution bounds the zone; the first crossing is the physical one
  const wave = Math.PI / Math.sqrt(Math.sqrt(softening / bending))
  let low = 0
  let high = 0
  while (!broken(high)) {
    if (high > 2 * wave) throw new RangeError("The tip never opens to δ_f: the arms are too stiff for this bond")
    low = high
    high += wave / 400
  }
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2
    if (broken(middle)) high = middle
    else low = middle
  }
  return (low + high) / 2
}

/** State while the crack grows through length a, the tip at δ_f. */
export const growthState = (problem: DoubleCantilever, crack: number): BeamState =>
  beamState(problem, crack, fullProcessZone(problem, crack))

/**
 * The load–opening curve: elastic to the onset, softening zone growing at the notch, crack growing to `longest`.
 * @param points of each of the two last branches
 */
export const loadOpening = (problem: DoubleCantilever, longest: number, points = 50): readonly BeamState[] => {
  const zone = fullProcessZone(problem)
  const from = problem.crack
  return [
    ...Array.from({ length: points }, (_, k) => beamState(problem, from, (zone * k) / points)),
    ...Array.from({ length: points + 1 }, (_, k) => growthState(problem, from + ((longest - from) * k) / points)),
  ]
}

/**
 * Linear elastic fracture of slender arms: P = √(G_c E′I)/a, Δ = 2 P a³/(3 E′I); the limit of a stiff, brittle bond.
 */
export const brittleGrowth = (problem: DoubleCantilever, crack: number): { load: number; opening: number } => {
  const { bending } = constants(problem)
  const load = Math.sqrt(problem.cohesion.fractureEnergy * bending) / crack
  return { load, opening: (2 * load * crack ** 3) / (3 * bending) }
}

/**
 * Energy release into the tip, J = 2 [M²/(2E′I) + V²/(2κGA) + V ψ] [J/m²]: equals the work of the interface up to its
 * tip opening, hence G_c while the crack grows.
 */
export const energyRelease = (problem: DoubleCantilever, state: BeamState): number => {
  const { bending, shear } = constants(problem)
  const moment = state.load * state.crack
  return moment ** 2 / bending + state.load ** 2 * shear - 2 * state.load * state.tipRotation
}
