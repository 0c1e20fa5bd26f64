import type { SweepReportFactor } from "../sweep-input.ts"

/** What a layout is judged by; NaN where its run has none. */
export interface LayoutMeasures {
  /** Infinite where the electrode does not come into step within its cycles */
  readonly syncCycle: number
  /** Share of particles severely damaged at the sync cycle; at the end where there is none */
  readonly severeShare: number
  /** Of the last discharge [mAh/g] */
  readonly capacity: number
  /** Of the last discharge [mWh/g] */
  readonly energy: number
  readonly meanDamage: number
  /** Standard deviation of the lithium contents at the last end of charge */
  readonly deviation: number
}

export interface RankedLayout {
  /** 1 is the best */
  readonly rank: number
  /** Front of layouts that none of the same or a later front beats in everything, from 1; 0 without measures */
  readonly front: number
  /** Of its run */
  readonly name: string
  readonly link: string | null
  /** [factor] in SI */
  readonly values: Float64Array
  /** [factor] as written */
  readonly texts: readonly string[]
  readonly status: string
  readonly measures: LayoutMeasures | null
}

/** Everything that the page of a design is made from. */
export interface DesignReportInput {
  readonly title: string
  readonly programVersion: string
  /** ISO 8601 */
  readonly started: string
  readonly cycles: number
  readonly factors: readonly SweepReportFactor[]
  /** In the order of their ranks */
  readonly layouts: readonly RankedLayout[]
}
