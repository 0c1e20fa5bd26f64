/**
 * The shapes every law of a family has. Adding a law: one file in this room, one line in `registry.ts`, one
 * conformance test. All values SI; slopes are exact derivatives of the values beside them.
 */

/** Current through an interface point, with a contact resistance in series, solved implicitly. */
export interface ChargeTransfer {
  /**
   * Writes i [A/m²], ∂i/∂driving [S/m²], ∂i/∂i₀ [1], ∂i/∂R [A²/(V·m⁴)] for i = f(i₀, driving − i R).
   * Finite for every finite input; i → 0 as R → ∞.
   * @param exchange   i₀ ≥ 0 [A/m²]
   * @param driving    φ_s − φ_l − E_eq [V]
   * @param resistance R ≥ 0 [Ω·m²]
   * @param out        [4]
   */
  readonly evaluateInto: (exchange: number, driving: number, resistance: number, out: Float64Array) => void
  /**
   * The same from a guess nearby, to rounding but not to the last bit: a fraction of the work where it is good, no more
   * than all of it where it is not.
   * @param memory [point, 3] F η/(R_g T) and, where they are known there and not NaN, i/i₀ and its slope; those of the
   *   solution when done. NaN where nothing is known
   * @param at     first entry of the point in `memory`
   */
  readonly evaluateNearInto: (
    exchange: number,
    driving: number,
    resistance: number,
    memory: Float64Array,
    at: number,
    out: Float64Array,
  ) => void
}

/** i₀ of an insertion electrode. */
export interface ExchangeCurrent {
  /**
   * Writes i₀ [A/m²], ∂i₀/∂x [A/m²], ∂i₀/∂c_l [A·m/mol]; smooth and positive also for x slightly outside 0…1.
   * @param stoichiometry x = c/c_max
   * @param electrolyte   c_l [mol/m³]
   * @param out           [3]
   */
  readonly evaluateInto: (stoichiometry: number, electrolyte: number, out: Float64Array) => void
}

/** Equilibrium potential against lithium; defined and decreasing also slightly outside 0…1. */
export interface OpenCircuitPotential {
  /** [V] */
  readonly potential: (stoichiometry: number) => number
  /** d potential / d stoichiometry [V] */
  readonly slope: (stoichiometry: number) => number
}

/** Transport properties of the liquid electrolyte at a fixed temperature; c in mol/m³, c > 0. */
export interface Electrolyte {
  /** κ [S/m] */
  readonly conductivity: (concentration: number) => number
  readonly conductivitySlope: (concentration: number) => number
  /** D_l [m²/s] */
  readonly diffusivity: (concentration: number) => number
  readonly diffusivitySlope: (concentration: number) => number
  /** t₊ */
  readonly transference: (concentration: number) => number
  readonly transferenceSlope: (concentration: number) => number
  /** 1 + ∂ln f/∂ln c */
  readonly thermodynamicFactor: (concentration: number) => number
  readonly thermodynamicFactorSlope: (concentration: number) => number
}

/** Lithium diffusivity in the active material. */
export interface SolidDiffusivity {
  /** D(x) [m²/s] */
  readonly value: (stoichiometry: number) => number
  readonly slope: (stoichiometry: number) => number
}

/** Relative volume change of the active material against the stress-free state. */
export interface Swelling {
  /** ΔV/V at concentration c [mol/m³] */
  readonly volumeChange: (concentration: number) => number
  /** d(ΔV/V)/dc [m³/mol] */
  readonly slope: (concentration: number) => number
}

/** R(λ) of an interface point whose gap is λ. */
export interface ContactResistance {
  /** [Ω·m²]; capped so that it stays finite */
  readonly resistance: (gap: number, initialGap: number) => number
  /** dR/dλ [Ω·m] */
  readonly slope: (gap: number, initialGap: number) => number
}

/** Linear isotropic elasticity. */
export interface IsotropicElasticity {
  /** [Pa] */
  readonly young: number
  readonly poisson: number
}

/** Bilinear traction–separation law with delayed damage and undamaged contact. */
export interface CohesiveLaw {
  /** Initial stiffness K [Pa/m] */
  readonly stiffness: number
  /** T_max [Pa] */
  readonly strength: number
  /** G_c [J/m²] */
  readonly fractureEnergy: number
  /** β: weight of the tangential opening */
  readonly mixity: number
  /** τ_d, 0 for rate-independent damage [s] */
  readonly delay: number
  /** Reach ℓ over which the traction that damages is averaged, 0 for none: damage follows a point's own opening [m] */
  readonly processZone?: number
  /** Share of what still holds that one loading to the strength wears away, in [0, 1); 0 or absent for no fatigue */
  readonly fatigueLoss?: number
  /** Share of the strength up to which loading wears nothing, in [0, 1) */
  readonly endurance?: number
}
