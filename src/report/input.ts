import type { Mesh } from "../mesh/mesh.ts"
import type { EnsembleHistory } from "../synchronisation/ensemble.ts"

/**
 * What the report of a run is made from: the files of a run directory as plain records, SI throughout. Column
 * names follow the CSV files, without the unit suffix. A column has as many entries as its table has rows; NaN
 * stands for "not recorded" and is left out of pictures and statistics.
 */
export interface ReportInput {
  readonly manifest: RunManifest
  readonly history: HistoryTable
  readonly particleHistory: ParticleHistoryTable
  readonly cycles: CycleTable
  /** What each particle did in each cycle, by which synchronisation is judged; null where it is not known. */
  readonly ensemble: EnsembleHistory | null
  /** Attribute table at the end of the run; no columns where there is none. */
  readonly particles: AttributeTable
  /** null where the model has no mesh (particle networks). */
  readonly mesh: Mesh | null
  /** Fields on the mesh, in order of time; may be empty. */
  readonly frames: readonly FieldFrame[]
  readonly segmentation: SegmentationPicture | null
  readonly warnings: readonly ReportWarning[]
  /** null where the run has no mechanics. */
  readonly mechanicalEnergy: MechanicalEnergySummary | null
}

export type RunStatus = "running" | "done" | "interrupted" | "failed"

export interface RunManifest {
  readonly twin: string
  /** What the twin is, in the words of its file; may be empty. */
  readonly description: string
  readonly scenario: string
  /** Phrases of one cycle, such as "Charge at 5C until 4.5 V". */
  readonly scenarioSteps: readonly string[]
  readonly status: RunStatus
  /** Why the run stopped where it did not end as planned; may be empty. */
  readonly reason: string
  readonly programVersion: string
  /** ISO 8601; empty where unknown. */
  readonly started: string
  readonly ended: string
  /** [s] */
  readonly wallTime: number
  /** [row of the table of cycles] wall time of each finished cycle [s]; empty where unknown */
  readonly cycleTimes: readonly number[]
  readonly threads: number
  readonly seed: number | null
  /** τ of the time axis t/τ: the time to pass the nominal capacity at the cycling rate [s]; 720 at 5C. */
  readonly referenceTime: number
  readonly parameters: readonly ReportParameter[]
  readonly solver: readonly SolverStatistic[]
}

/** One resolved parameter with where it comes from. */
export interface ReportParameter {
  /** Heading under which it is listed, such as "Active material". */
  readonly group: string
  readonly name: string
  /** As the equations write it: `D`, `c_max`, `σ_CB`; `_` starts a subscript. May be empty. */
  readonly symbol: string
  /** SI number, or words where the parameter is a law or a choice. */
  readonly value: number | string
  /** SI unit; empty for none. */
  readonly unit: string
  /** Citation, or "choice" with its reason. */
  readonly source: string
  /** Set by the user on the command line. */
  readonly overridden: boolean
}

export interface SolverStatistic {
  readonly name: string
  readonly value: number | string
  /** Empty for counts. */
  readonly unit: string
}

/** history.csv; every column is [row], rows in order of time. */
export interface HistoryTable {
  /** [s] */
  readonly time: Float64Array
  /** 0 for formation. */
  readonly cycle: Int32Array
  /** "charge", "discharge", "rest" or "hold" */
  readonly stepType: readonly string[]
  /** Over collector area, > 0 on charge [A/m²] */
  readonly current: Float64Array
  /** [V] */
  readonly voltage: Float64Array
  /** Charge passed since the run began per mass of active material, > 0 on charge [mAh/g] */
  readonly capacity: Float64Array
  /** c/c_max over particles */
  readonly stoichiometry: ParticleStatistics
  readonly damage: ParticleStatistics
}

/** Statistics over the particles; every column is [row]. */
export interface ParticleStatistics {
  readonly mean: Float64Array
  readonly minimum: Float64Array
  readonly maximum: Float64Array
  /** Population standard deviation */
  readonly deviation: Float64Array
}

/** particles-history.csv (tidy): one row for each particle and recorded time; every column is [row]. */
export interface ParticleHistoryTable {
  /** [s] */
  readonly time: Float64Array
  readonly cycle: Int32Array
  /** Index from 0. */
  readonly particle: Int32Array
  /** Mean c/c_max */
  readonly meanStoichiometry: Float64Array
  readonly surfaceStoichiometry: Float64Array
  /** Area mean of the interface damage, 0…1 */
  readonly damage: Float64Array
  /** [m] */
  readonly meanGap: Float64Array
  /** [m] */
  readonly maximumGap: Float64Array
  readonly debondedShare: Float64Array
  /** Over the particle's surface, > 0 on charge [A/m²] */
  readonly current: Float64Array
  /** [Pa] */
  readonly maximumPrincipalStress: Float64Array
}

/** cycles.csv; every column is [row]. */
export interface CycleTable {
  readonly cycle: Int32Array
  /** [mAh/g] */
  readonly chargeCapacity: Float64Array
  /** [mAh/g] */
  readonly dischargeCapacity: Float64Array
  /** Largest − smallest mean c/c_max over particles at end of charge */
  readonly spreadStoichiometryCharge: Float64Array
  readonly spreadStoichiometryDischarge: Float64Array
  /** Standard deviation of mean c/c_max over particles at end of charge */
  readonly stdStoichiometryCharge: Float64Array
  readonly stdStoichiometryDischarge: Float64Array
  /** Largest − smallest damage at end of cycle */
  readonly spreadDamage: Float64Array
  readonly meanDamage: Float64Array
  /** Largest relative error in the cycle */
  readonly lithiumBalanceError: Float64Array
  readonly chargeBalanceError: Float64Array
}

/** One row a particle; row k is particle k. */
export interface AttributeTable {
  readonly columns: readonly AttributeColumn[]
}

export interface AttributeColumn {
  readonly name: string
  /** SI; empty for none. */
  readonly unit: string
  /** [particle] */
  readonly values: Float64Array
}

/** Values on the mesh at one time. */
export interface FieldFrame {
  /** What the moment is, such as "End of charge, cycle 1". */
  readonly label: string
  /** [s] */
  readonly time: number
  readonly pointData: readonly Field[]
  readonly cellData: readonly Field[]
  /** Interface damage at the nodes of each facet, [facet, dimension]; null without mechanics. */
  readonly interfaceDamage: Float64Array | null
  /** Normal opening at the nodes of each facet, [facet, dimension] [m]; null without mechanics. */
  readonly interfaceGap: Float64Array | null
}

/**
 * A scalar field. Names that the report knows get their proper title, unit prefix and colour map:
 * `stoichiometry`, `hydrostatic_stress`, `max_principal_stress`, `electrolyte_concentration`,
 * `electrolyte_potential`, `solid_potential`; any other name is shown as it is.
 */
export interface Field {
  readonly name: string
  /** SI; empty for none. */
  readonly unit: string
  /** [node] or [cell]; NaN where the field is not defined. */
  readonly values: Float64Array
}

/** The picture the mesh was made from, in the coordinates of the mesh. */
export interface SegmentationPicture {
  /** PNG or JPEG data URL. */
  readonly dataUrl: string
  /** [pixel] */
  readonly width: number
  readonly height: number
  /** Corners in mesh coordinates [m]; the first row of pixels lies at `maximum[1]`. */
  readonly minimum: readonly [number, number]
  readonly maximum: readonly [number, number]
}

export interface ReportWarning {
  readonly severity: "note" | "warning" | "error"
  readonly message: string
}

/** Accumulated energies at the end of the run, per metre of depth in 2-D [J/m]. */
export interface MechanicalEnergySummary {
  readonly input: number
  readonly elastic: number
  readonly dissipated: number
  readonly viscous: number
}

/** A row of the validation table. */
export interface ValidationRow {
  readonly case: string
  readonly quantity: string
  readonly expected: number | string
  readonly found: number | string
  /** Relative or absolute as the case states; NaN where the row is a verdict. */
  readonly error: number
  readonly tolerance: number
  readonly passed: boolean
}

/** A named picture as a stand-alone SVG document. */
export interface Figure {
  /** File name without extension. */
  readonly name: string
  readonly title: string
  /** What is seen, in a sentence or two. */
  readonly caption: string
  readonly svg: string
}
