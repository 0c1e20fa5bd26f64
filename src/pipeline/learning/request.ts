import { Schema } from "effect"
import type { ForestSettings } from "../../learning/forest-settings.ts"

/** How many latent values the autoencoder has. */
export type LatentChoice =
  | { readonly kind: "count"; readonly count: number }
  /** As errors of held-out rows ask for */
  | { readonly kind: "scan" }

/** What to learn from which tables. */
export interface LearnRequest {
  readonly files: readonly string[]
  readonly target: string
  /** Columns to leave out */
  readonly without: readonly string[]
  readonly preset: { readonly name: string; readonly forest: ForestSettings }
  readonly seed: number
  /** Subsamples, and as many reseedings, ≥ 2 */
  readonly runs: number
  readonly latent: LatentChoice
  /** Divisions of the rows of two tables by which differences are tested; 0 for none */
  readonly permutations: number
  /** Rows of a table that are learnt from; of larger ones as many are drawn at random */
  readonly mostRows: number
  /** File of published importances to lay the own ones beside */
  readonly published?: string
  readonly threads: number
  readonly out: string
  readonly overwrite: boolean
}

/** Learning that a fault of the machine broke off. */
export class LearningLost extends Schema.TaggedError<LearningLost>()("LearningLost", { reason: Schema.String }) {
  override get message(): string {
    return `the learning was lost: ${this.reason}`
  }
}
