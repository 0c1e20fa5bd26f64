import type { Observation } from "../../learning/observations.ts"
import type { PublishedComparison } from "../../learning/published-scores.ts"
import type { CorrelationEdge } from "../../statistics/correlation.ts"

/** Scores of attributes over the repetitions. */
export interface ScoreSummary {
  /** [attribute] mean over the runs of the shares in all importances */
  readonly mean: Float64Array
  /** [attribute] standard deviation over the runs */
  readonly deviation: Float64Array
  /** [run, attribute] shares: of the subsamples first, then of the other seeds */
  readonly shares: Float64Array
  readonly runCount: number
  readonly subsampleCount: number
}

/** What was learnt from one table, as far as the report shows it. */
export interface StudyShown {
  readonly title: string
  readonly rowCount: number
  /** [attribute] */
  readonly names: readonly string[]
  readonly units: readonly string[]
  readonly target: { readonly name: string; readonly unit: string; readonly values: Float64Array }
  /** [row] by forests that have not seen the row */
  readonly crossPredicted: Float64Array
  readonly scores: ScoreSummary
  /** [attribute] with the target */
  readonly pearson: Float64Array
  /** [attribute] partial rank correlation with the target */
  readonly dependence: Float64Array
  /** Attributes that follow the target by construction */
  readonly constructed: readonly string[]
  /** Shapley values of the rows learnt from [row, attribute], and the attributes themselves [attribute][row] */
  readonly shap: { readonly values: Float64Array; readonly columns: readonly Float64Array[] }
  readonly errors: {
    readonly heldOut: number
    readonly crossValidated: number
    readonly outOfBag: number
    /** R² */
    readonly determination: number
  }
  readonly latent: {
    /** [column] with the target */
    readonly names: readonly string[]
    readonly latentCount: number
    /** [latent, latent] */
    readonly correlations: Float64Array
    /** [column, column] as measured */
    readonly measured: Float64Array
    /** [column, column] as given back */
    readonly reconstructed: Float64Array
    /** Of `reconstructed`, past the threshold */
    readonly edges: readonly CorrelationEdge[]
    /** Of rows held out, mean square of a standardised column */
    readonly errors: { readonly regularised: number; readonly unregularised: number; readonly principal: number }
    /** [column] the same, column by column */
    readonly columnErrors: {
      readonly regularised: Float64Array
      readonly unregularised: Float64Array
      readonly principal: Float64Array
    }
    /** [size]; empty without a scan */
    readonly scan: readonly {
      readonly latentCount: number
      readonly autoencoder: number
      readonly deviation: number
      readonly principal: number
    }[]
  }
}

/** Difference of one attribute's score between two tables. */
export interface DifferenceShown {
  readonly name: string
  /** Second less first */
  readonly difference: number
  /** Of single runs, √(s₁² + s₂²) with the deviations of either table's runs */
  readonly deviation: number
  /** Of so large a difference of the means by chance, runs changing tables; this attribute alone */
  readonly probability: number
  /** The same in any attribute */
  readonly familyProbability: number
  /** The same with rows changing tables and forests grown anew: what other particles would show; null where not asked for */
  readonly rows: {
    readonly difference: number
    readonly deviation: number
    readonly probability: number
    readonly familyProbability: number
  } | null
}

/** The tables' scores beside published ones, over the attributes that all have. */
export interface PublishedShown {
  readonly file: string
  readonly comparison: PublishedComparison
  /** [attribute] */
  readonly names: readonly string[]
  /** [attribute] published shares, early and late */
  readonly published: readonly [early: Float64Array, late: Float64Array]
  /** [table][attribute] shares */
  readonly own: readonly Float64Array[]
}

export interface LearningReportInput {
  readonly programVersion: string
  readonly started: string
  /** One or more, in the order given */
  readonly studies: readonly StudyShown[]
  /** Between the first two tables; empty for one */
  readonly differences: readonly DifferenceShown[]
  /** Of the first table as the early one and the second as the later one; empty for one table or another target */
  readonly observations: readonly Observation[]
  /** Null where no published scores were given */
  readonly published: PublishedShown | null
  readonly edgeThreshold: number
  readonly preset: string
  readonly runsInWords: string
  /** Of the test over rows; 0 for none */
  readonly permutations: number
  readonly warnings: readonly string[]
}
