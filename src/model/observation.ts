/** Per-particle values at one time; every array is [particle]. */
export interface ParticleObservation {
  /** Mean c/c_max */
  readonly meanStoichiometry: Float64Array
  /** Mean c/c_max over the surface */
  readonly surfaceStoichiometry: Float64Array
  /** Area mean of the interface damage */
  readonly damage: Float64Array
  /** [m] */
  readonly meanGap: Float64Array
  /** [m] */
  readonly maximumGap: Float64Array
  /** Share of the cohesive area with damage above 0.99 */
  readonly debondedShare: Float64Array
  /** Gap volume over particle volume */
  readonly gapVolumeShare: Float64Array
  /** Mean current density over the particle's surface, > 0 on charge [A/m²] */
  readonly current: Float64Array
  /** Largest principal stress in the particle [Pa] */
  readonly maximumPrincipalStress: Float64Array
  /** Largest hydrostatic stress in the particle [Pa] */
  readonly maximumHydrostaticStress: Float64Array
  /** Elastic energy (per metre of depth in 2-D) [J] or [J/m] */
  readonly elasticEnergy: Float64Array
}

/** What the cell and its particles do at one accepted time step. */
export interface Observation {
  /** [s] */
  readonly time: number
  readonly cycle: number
  /** Index into the protocol's steps */
  readonly step: number
  readonly stepType: "charge" | "discharge" | "rest" | "hold"
  /** Over collector area, > 0 on charge [A/m²] */
  readonly current: number
  /** [V] */
  readonly voltage: number
  /** Charge passed since the run began, > 0 on charge, per mass of active material [C/kg]; 3600 C/kg = 1 mAh/g */
  readonly charge: number
  readonly particles: ParticleObservation
  readonly balance: Balance
  readonly mechanicalEnergy: MechanicalEnergy
}

/** Conservation errors, relative. */
export interface Balance {
  /** Lithium in solid + electrolyte + through the counter electrode against the start */
  readonly lithium: number
  /** Current into the collector against current through the interfaces and into the lithium electrode */
  readonly charge: number
}

/** Accumulated mechanical energies (per metre of depth in 2-D) [J] or [J/m]. */
export interface MechanicalEnergy {
  /** Work put in by the swelling */
  readonly input: number
  /** Elastic energy stored in solids and interfaces now */
  readonly elastic: number
  /** Dissipated by the rate-independent part of debonding */
  readonly dissipated: number
  /** Dissipated by the delay (viscous regularisation) */
  readonly viscous: number
}
