import type {
  ChargeTransfer,
  CohesiveLaw,
  ContactResistance,
  Electrolyte,
  ExchangeCurrent,
  IsotropicElasticity,
  OpenCircuitPotential,
  SolidDiffusivity,
  Swelling,
} from "../../laws/contracts.ts"

/** How electrons reach the surface of a particle. */
export type ParticleConduction =
  /** A facet takes the potential of the carbon/binder that touches it. */
  | "none"
  /** One potential a particle; current enters through the contacts, every wetted facet reacts. */
  | "equipotential"

export interface ActiveMaterial {
  /** c_max [mol/m³] */
  readonly maximumConcentration: number
  /** c_ini / c_max, stress-free */
  readonly initialStoichiometry: number
  /** [kg/m³] */
  readonly density: number
  /** Capacity that 1C passes in one hour [C/kg]; 720 000 for 200 mAh/g */
  readonly nominalCapacity: number
  readonly diffusivity: SolidDiffusivity
  /** Whether the hydrostatic stress gradient drives lithium */
  readonly stressCoupling: boolean
  readonly swelling: Swelling
  readonly elasticity: IsotropicElasticity
  readonly openCircuit: OpenCircuitPotential
  readonly exchangeCurrent: ExchangeCurrent
  readonly chargeTransfer: ChargeTransfer
}

/** A porous conductor filled with electrolyte. */
export interface Matrix {
  /** Effective electron conductivity [S/m] */
  readonly conductivity: number
  readonly porosity: number
  /** Exponent b in ε^b */
  readonly bruggeman: number
  readonly elasticity: IsotropicElasticity
  /** λ_int added to the gap in R(λ) [m] */
  readonly initialGap: number
}

export interface Separator {
  readonly porosity: number
  readonly bruggeman: number
}

export interface LithiumElectrode {
  /** [A/m²] */
  readonly exchangeCurrent: number
  readonly chargeTransfer: ChargeTransfer
}

/** Everything the resolved half-cell needs besides mesh and protocol; SI. */
export interface HalfCellParameters {
  /** [K] */
  readonly temperature: number
  readonly active: ActiveMaterial
  /** By region name; every matrix region of the mesh must be present. */
  readonly matrices: Readonly<Record<string, Matrix>>
  readonly separator: Separator
  readonly electrolyte: Electrolyte
  /** c_l0 [mol/m³] */
  readonly initialElectrolyte: number
  readonly lithium: LithiumElectrode
  readonly contactResistance: ContactResistance
  readonly cohesion: CohesiveLaw
  readonly particleConduction: ParticleConduction
  /** false leaves the mechanics out: no stress, no damage, gap 0. */
  readonly mechanics: boolean
}

/** Error control of the time integration. */
export interface TimeSettings {
  /** Local error allowed a step: stoichiometry and damage (absolute), default 2e-3 */
  readonly tolerance: number
  /** First step after a discontinuity [s] */
  readonly firstStep: number
  /** Longest step [s] */
  readonly longestStep: number
  /** A run fails when it needs steps shorter than this [s] */
  readonly shortestStep: number
  /** Largest rise of a particle's mean damage in one step */
  readonly damageIncrement: number
}
