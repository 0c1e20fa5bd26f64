import { seededRandom } from "../array/random.ts"
import { growForest, type RegressionForest } from "./forest.ts"
import type { ForestSettings } from "./forest-settings.ts"
import { importanceOf } from "./importance.ts"
import { explainForest } from "./path-dependent-shap.ts"
import { type RegressionTable, refusalText, rowsOf } from "./regression-table.ts"
import { randomSplit } from "./splits.ts"

/** One repetition of the scores: other rows, or another forest on the same rows. */
export type ScoreRun =
  | { readonly kind: "subsample"; readonly rowCount: number; readonly seed: number }
  | { readonly kind: "reseeding"; readonly seed: number }

/** Rows of a published subsample. @source J. Li et al., Science 376 (2022) 517, Fig. 4, doi:10.1126/science.abm8962 */
const publishedRows = 500

/** Of smaller tables, in which 500 rows would leave hardly any out. */
const smallShare = 0.8

/** Rows of a subsample: 500 as published where they are at most four fifths of the table, else four fifths. */
export const subsampleRows = (rowCount: number): number =>
  Math.min(publishedRows, Math.max(2, Math.round(smallShare * rowCount)))

/** The repetitions of the published protocol: so many subsamples, then so many forests of other seeds. */
export const scoreRuns = (rowCount: number, count: number, seed: number): readonly ScoreRun[] => {
  const seeds = Array.from({ length: count }, (_, run) => 1000 * seed + run + 1)
  return [
    ...seeds.map((each): ScoreRun => ({ kind: "subsample", rowCount: subsampleRows(rowCount), seed: each })),
    ...seeds.map((each): ScoreRun => ({ kind: "reseeding", seed: each })),
  ]
}

/** The forest of a table. @throws RangeError where the table cannot be learnt from, a broken contract */
export const grownForest = (table: RegressionTable, settings: ForestSettings): RegressionForest => {
  const outcome = growForest(table, settings)
  if (outcome.kind !== "grown") throw new RangeError(refusalText(outcome))
  return outcome.forest
}

/**
 * Importances [feature] of one repetition, mean |φ| over the rows learnt from [target]: those rows drawn for it, but for
 * the share held out.
 */
export const scoresOf = (
  table: RegressionTable,
  settings: ForestSettings,
  heldOutShare: number,
  run: ScoreRun,
): Float64Array => {
  const rowCount = table.target.length
  const drawn =
    run.kind === "subsample"
      ? rowsOf(table, seededRandom(run.seed).permutation(rowCount).subarray(0, run.rowCount))
      : table
  // Reseeded forests share their split: what differs is bootstrap and features alone.
  const splitSeed = run.kind === "subsample" ? run.seed : settings.seed
  const learnt = rowsOf(drawn, randomSplit(drawn.target.length, heldOutShare, splitSeed).training)
  const forest = grownForest(learnt, run.kind === "reseeding" ? { ...settings, seed: run.seed } : settings)
  return importanceOf(explainForest(forest.trees, learnt.columns)).mean
}
