import { importanceOf } from "../../learning/importance.ts"
import type { Observation } from "../../learning/observations.ts"
import type { DifferenceShown, PublishedShown, StudyShown } from "../../report/learning/input.ts"
import type { CorrelationEdge } from "../../statistics/correlation.ts"
import type { LearnRequest } from "./request.ts"
import { foldCount, type TableStudy } from "./study.ts"

/** Edges of one table by the names of their columns. */
const named = (names: readonly string[], edges: readonly CorrelationEdge[]) =>
  edges.map(({ first, second, correlation }) => ({ first: names[first], second: names[second], correlation }))

const studyRecord = (study: TableStudy, shown: StudyShown) => {
  const { forest, folds, autoencoder } = study
  const importance = importanceOf(forest.explanation)
  const byName = (values: ArrayLike<number>) => Object.fromEntries(shown.names.map((name, k) => [name, values[k]]))
  const columnsByName = (values: ArrayLike<number>) =>
    Object.fromEntries(shown.latent.names.map((name, k) => [name, values[k]]))
  return {
    table: shown.title,
    rows: shown.rowCount,
    attributes: shown.names,
    target: shown.target.name,
    targetUnit: shown.target.unit,
    forest: {
      heldOut: forest.heldOut,
      training: forest.training,
      outOfBag: forest.outOfBag,
      crossValidated: {
        folds: folds.folds,
        rowCount: folds.rowCount,
        meanAbsoluteError: folds.meanAbsoluteError,
        determination: folds.determination,
      },
      expected: forest.explanation.expected,
    },
    importances: {
      meanAbsoluteShap: byName(importance.mean),
      share: byName(importance.share),
      runsMeanShare: byName(shown.scores.mean),
      runsStandardDeviation: byName(shown.scores.deviation),
      pearson: byName(shown.pearson),
      partialRankCorrelation: byName(shown.dependence),
      byConstruction: shown.constructed,
    },
    runs: study.runs,
    autoencoder: {
      columns: shown.latent.names,
      latentCount: shown.latent.latentCount,
      heldOutError: autoencoder.heldOutError,
      trainingError: autoencoder.trainingError,
      unregularisedHeldOutError: autoencoder.unregularised.heldOutError,
      principalComponentsHeldOutError: autoencoder.principalError,
      columnErrors: {
        regularised: columnsByName(shown.latent.columnErrors.regularised),
        unregularised: columnsByName(shown.latent.columnErrors.unregularised),
        principalComponents: columnsByName(shown.latent.columnErrors.principal),
      },
      latentCorrelations: shown.latent.correlations,
      measuredCorrelations: shown.latent.measured,
      reconstructedCorrelations: shown.latent.reconstructed,
      edges: named(shown.latent.names, shown.latent.edges),
      scan: shown.latent.scan,
      choice: study.choice,
    },
  }
}

/** All that was learnt as data for JSON. */
export const learningRecord = (
  studies: readonly TableStudy[],
  shown: readonly StudyShown[],
  differences: readonly DifferenceShown[],
  observations: readonly Observation[],
  published: PublishedShown | null,
  { target, preset, seed, runs, permutations }: LearnRequest,
): Readonly<Record<string, unknown>> => ({
  target,
  preset: preset.name,
  forest: {
    ...preset.forest,
    seed,
    depthLimit: finite(preset.forest.depthLimit),
    leafLimit: finite(preset.forest.leafLimit),
  },
  seed,
  runs,
  folds: foldCount,
  permutations: studies.length < 2 ? 0 : permutations,
  tables: studies.map((study, at) => studyRecord(study, shown[at])),
  differences,
  observations,
  published: published && {
    file: published.file,
    attributes: published.names,
    early: published.published[0],
    late: published.published[1],
    own: published.own,
    rankCorrelations: published.comparison,
  },
})

/** JSON has no infinity: null says that there is no limit. */
const finite = (limit: number): number | null => (Number.isFinite(limit) ? limit : null)
