import { basename } from "node:path"
import { wholeParticleColumns } from "../../learning/attribute-rows.ts"
import { latentCorrelations, latentSignificance, reconstructedCorrelations } from "../../learning/latent.ts"
import type { ObservedTable } from "../../learning/observations.ts"
import {
  commonNames,
  comparedWithPublished,
  meanShares,
  type PublishedScores,
} from "../../learning/published-scores.ts"
import { rowsOf } from "../../learning/regression-table.ts"
import type { RowDifferences } from "../../learning/row-differences.ts"
import { standardised } from "../../learning/standardisation.ts"
import type { AttributeScores } from "../../learning/table-comparison.ts"
import { type ConstructionWarning, constructionWarnings, targetDependence } from "../../learning/target-dependence.ts"
import type { DifferenceShown, PublishedShown, ScoreSummary, StudyShown } from "../../report/learning/input.ts"
import { correlationEdges, correlationMatrix, pearsonCorrelation } from "../../statistics/correlation.ts"
import { meanDifferences } from "../../statistics/permutation.ts"
import type { TableStudy } from "./study.ts"

/** |r| from which on two columns are joined in the circular plots (this program's choice). */
export const edgeThreshold = 0.4

/** Shares of the attributes in the importances of each run, with mean and deviation (divisor n − 1) over the runs. */
export const scoreSummary = (scores: Float64Array, width: number, subsampleCount: number): ScoreSummary => {
  const runCount = scores.length / width
  const shares = scores.slice()
  for (let run = 0; run < runCount; run++) {
    const row = shares.subarray(run * width, (run + 1) * width)
    const sum = row.reduce((total, value) => total + value, 0)
    for (let k = 0; k < width; k++) row[k] = sum > 0 ? row[k] / sum : 0
  }
  const mean = new Float64Array(width)
  for (let at = 0; at < shares.length; at++) mean[at % width] += shares[at] / runCount
  const deviation = mean.map((middle, k) => {
    let sum = 0
    for (let run = 0; run < runCount; run++) sum += (shares[run * width + k] - middle) ** 2
    return runCount < 2 ? Number.NaN : Math.sqrt(sum / (runCount - 1))
  })
  return { mean, deviation, shares, runCount, subsampleCount }
}

const orNone = (value: number | undefined): number => value ?? Number.NaN

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** A study as the report and learning.json show it. */
export const shownStudy = (
  study: TableStudy,
  title: string,
): StudyShown & { readonly warnings: readonly ConstructionWarning[] } => {
  const { table, together, forest, folds, autoencoder, sizes } = study
  const { units } = study.prepared.table
  const dependence = targetDependence(table)
  const warnings = constructionWarnings(table, units, dependence)
  const width = together.names.length
  const values = standardised(autoencoder.autoencoder.standardisation, together.values)
  const reconstructed = reconstructedCorrelations(
    autoencoder.autoencoder,
    latentSignificance(autoencoder.autoencoder, together.values),
    together.values,
  )
  return {
    title,
    rowCount: table.target.length,
    names: table.names,
    units,
    target: { name: table.targetName, unit: study.prepared.table.target?.unit ?? "", values: table.target },
    crossPredicted: folds.predicted,
    scores: scoreSummary(
      study.scores,
      table.names.length,
      study.runs.filter(({ kind }) => kind === "subsample").length,
    ),
    pearson: Float64Array.from(table.columns, (column) => pearsonCorrelation(column, table.target)),
    dependence,
    constructed: warnings.map(({ name }) => name),
    warnings,
    shap: { values: forest.explanation.values, columns: rowsOf(table, forest.split.training).columns },
    errors: {
      heldOut: orNone(forest.heldOut.meanAbsoluteError),
      crossValidated: orNone(folds.meanAbsoluteError),
      outOfBag: orNone(forest.outOfBag?.meanAbsoluteError),
      determination: orNone(folds.determination),
    },
    latent: {
      names: together.names,
      latentCount: autoencoder.autoencoder.shape.latentCount,
      correlations: latentCorrelations(autoencoder.autoencoder, together.values),
      measured: correlationMatrix(values, width),
      reconstructed,
      edges: correlationEdges(reconstructed, edgeThreshold),
      errors: {
        regularised: autoencoder.heldOutError,
        unregularised: autoencoder.unregularised.heldOutError,
        principal: autoencoder.principalError,
      },
      columnErrors: autoencoder.columnErrors,
      scan: sizes.map(({ latentCount, heldOut, principal }) => ({
        latentCount,
        autoencoder: mean(heldOut),
        deviation: Math.sqrt(
          heldOut.reduce((sum, e) => sum + (e - mean(heldOut)) ** 2, 0) / Math.max(1, heldOut.length - 1),
        ),
        principal: mean(principal),
      })),
    },
  }
}

/**
 * Differences of the attributes' shares between two studies, over the attributes that both have.
 * @param tested over the rows, where that was asked for
 */
export const scoreDifferences = (
  first: StudyShown,
  second: StudyShown,
  seed: number,
  tested: RowDifferences | null,
): readonly DifferenceShown[] => {
  const names = first.names.filter((name) => second.names.includes(name))
  const picked = ({ names: all, scores }: StudyShown): Float64Array => {
    const out = new Float64Array(scores.runCount * names.length)
    for (let run = 0; run < scores.runCount; run++)
      for (const [k, name] of names.entries())
        out[run * names.length + k] = scores.shares[run * all.length + all.indexOf(name)]
    return out
  }
  const found = meanDifferences(picked(first), picked(second), names.length, { permutations: 999, seed })
  const deviationOf = ({ names: all, scores }: StudyShown, name: string): number => scores.deviation[all.indexOf(name)]
  return names.map((name, k) => {
    const rows = tested?.attributes.find((each) => each.name === name) ?? null
    return {
      name,
      ...found[k],
      deviation: Math.hypot(deviationOf(first, name), deviationOf(second, name)),
      rows: rows && {
        difference: rows.difference,
        deviation: rows.deviation,
        probability: rows.probability,
        familyProbability: rows.familyProbability,
      },
    }
  })
}

/** Importances beside published ones, over the attributes that all of them have. */
export const publishedShown = (
  file: string,
  published: PublishedScores,
  studies: readonly TableStudy[],
): PublishedShown => {
  const tables = studies.slice(0, 2).map(({ table, scores }): AttributeScores => ({ names: table.names, runs: scores }))
  const names = commonNames([...tables, published.early])
  return {
    file: basename(file),
    comparison: comparedWithPublished(tables, published),
    names,
    published: [meanShares(published.early, names), meanShares(published.late, names)],
    own: tables.map((scores) => meanShares(scores, names)),
  }
}

/** Forests that split nowhere, in words: the target varies too little for the preset. */
export const silentForests = (studies: readonly TableStudy[], titles: readonly string[]): readonly string[] =>
  studies.flatMap(({ scores, table: { targetName } }, at) =>
    scores.every((score) => score === 0)
      ? [
          `${titles[at]}: no forest splits anywhere, for ${targetName} varies less than the preset's least decrease of impurity asks for; all scores are 0 (--preset text has no such limit)`,
        ]
      : [],
  )

/** A table as published observations look at it: whole particles with their places, and the scores. */
export const observedTable = ({ prepared, table, scores }: TableStudy): ObservedTable => ({
  columns: wholeParticleColumns(prepared.given.columns),
  scores: { names: table.names, runs: scores },
})
