import { assertLength } from "../array/assert.ts"
import type { Verdict } from "../synchronisation/ensemble.ts"

/** The course of a run over its numbered cycles, as far as it came; a value that a cycle lacks is NaN. */
export interface SweepCourse {
  /** [cycle] number */
  readonly cycle: Float64Array
  /** [cycle] largest less smallest stoichiometry over the particles at the end of charge */
  readonly spread: Float64Array
  readonly meanDamage: Float64Array
  readonly spreadDamage: Float64Array
  /** [cycle] [mAh/g] */
  readonly chargeCapacity: Float64Array
  readonly dischargeCapacity: Float64Array
}

/** What the runs of a sweep are compared by; NaN where a run has none. */
export interface SweepMeasures {
  readonly cycles: number
  readonly syncCycle: number
  readonly verdict: Verdict
  readonly verdictReason: string
  /** Factor by which the spread changes per cycle after its peak, and the ends of its confidence interval */
  readonly contraction: number
  readonly contractionLow: number
  readonly contractionHigh: number
  readonly peakSpread: number
  readonly peakCycle: number
  readonly finalSpread: number
  /** At the end of the last cycle */
  readonly meanDamage: number
  readonly spreadDamage: number
  /** [mAh/g] */
  readonly firstCharge: number
  readonly lastCharge: number
  readonly firstDischarge: number
  readonly lastDischarge: number
  /** Last discharge over first */
  readonly retention: number
  /** Share of particles that are severely damaged at the sync cycle */
  readonly severeShare: number
  /** Computing time [s] */
  readonly wallTime: number
}

/** Something that varies from run to run. */
export interface SweepReportFactor {
  readonly path: string
  /** Coherent SI unit, "" for plain numbers and for words */
  readonly unit: string
  readonly isLogarithmic: boolean
}

export interface SweepReportRun {
  readonly name: string
  /** Page of the run, seen from the page of the sweep; null where there is none */
  readonly link: string | null
  readonly status: "waiting" | "running" | "done" | "interrupted" | "failed"
  readonly reason: string
  /** [factor] as written; "" where the run leaves it as the twin has it */
  readonly texts: readonly string[]
  /** [factor] in SI; NaN for words */
  readonly values: Float64Array
  /** null where the run has not begun */
  readonly course: SweepCourse | null
  readonly measures: SweepMeasures | null
}

/** Everything that the page of a sweep is made from. */
export interface SweepReportInput {
  readonly title: string
  readonly description: string
  /** In words, such as "a Latin hypercube of 20 runs (seed 1)" */
  readonly design: string
  /** Whether values are scattered, so that ranks say more than means by level */
  readonly isSampled: boolean
  readonly programVersion: string
  /** ISO 8601 */
  readonly started: string
  readonly factors: readonly SweepReportFactor[]
  readonly runs: readonly SweepReportRun[]
}

/** Throws unless every run has a value for each factor and every course as many values as cycles. */
export const assertSweepInput = ({ factors, runs }: SweepReportInput): void => {
  for (const { name, texts, values, course } of runs) {
    assertLength(`${name}: texts`, texts, factors.length)
    assertLength(`${name}: values`, values, factors.length)
    if (course === null) continue
    for (const [column, cells] of Object.entries(course)) {
      assertLength(`${name}: ${column}`, cells, course.cycle.length)
    }
  }
}
