/**
 * What each particle of an ensemble did in each cycle: all that synchronisation is judged by, whatever it comes from (a
 * resolved run, a network run, a table from elsewhere). Matrices are row-major; a value that a cycle lacks is NaN.
 */
export interface EnsembleHistory {
  readonly particleCount: number
  /** [cycle] number of each cycle, rising; formation is left out */
  readonly cycle: Int32Array
  /** [cycle, particle] mean stoichiometry at the end of charge */
  readonly endOfCharge: Float64Array
  /** [cycle, particle] mean stoichiometry at the end of discharge */
  readonly endOfDischarge: Float64Array
  /** [cycle, particle] damage at the end of the cycle, 0 … 1 */
  readonly damage: Float64Array
  /** [particle] weight in means, such as the volume share; positive, sum 1 */
  readonly weight: Float64Array
}

/**
 * How unequal the particles are in one cycle. Spread is largest minus smallest, deviation the standard deviation by
 * weight. A measure is NaN where the cycle lacks the value of any particle.
 */
export interface CycleSynchrony {
  readonly cycle: number
  readonly spreadCharge: number
  readonly deviationCharge: number
  readonly spreadDischarge: number
  readonly deviationDischarge: number
  /** Lithium a particle gives and takes in the cycle, |x(end of discharge) − x(end of charge)| */
  readonly meanThroughput: number
  readonly spreadThroughput: number
  /** 0 (what some take others give) … 1 (all work alike); √s where a share s does all the work; NaN without work */
  readonly orderParameter: number
  readonly meanDamage: number
  readonly spreadDamage: number
  readonly deviationDamage: number
  /** [particle] damage minus the mean damage */
  readonly damageFromMean: Float64Array
  /** Share of particles (by weight) whose damage is severe */
  readonly severeShare: number
}

/** What the spread does over the cycles. */
export type Verdict = "synchronises" | "saturates" | "diverges" | "undecided"

/** The asynchronous-to-synchronous evolution of an ensemble, in numbers. */
export interface Synchronisation {
  readonly cycles: readonly CycleSynchrony[]
  /** Largest spread of the stoichiometry at the end of charge, and its cycle; null without cycles */
  readonly peak: { readonly cycle: number; readonly spread: number } | null
  /**
   * First cycle after the peak from which on the spread stays below `threshold` of it, or counts as none; the first cycle
   * of an ensemble that is in step from the start; null where it does not
   */
  readonly syncCycle: number | null
  /** Factor by which the spread changes per cycle after its peak, with its confidence interval; null if too few cycles */
  readonly contraction: { readonly factor: number; readonly low: number; readonly high: number } | null
  /** The spread never counts as one: the particles were equal from the start */
  readonly inStep: boolean
  readonly verdict: Verdict
  /** Why, in one sentence with numbers */
  readonly reason: string
  /** Share of particles severely damaged at the sync cycle; null without one */
  readonly severeShareAtSync: number | null
  /** Mean throughput of the last cycle that has one over that of the first; NaN without */
  readonly utilisation: number
}
