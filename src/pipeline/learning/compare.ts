import { join } from "node:path"
import { Effect } from "effect"
import { writeCsv } from "../../formats/csv.ts"
import type { Column, Table } from "../../formats/table.ts"
import { isAttribute, wholeParticleColumns } from "../../learning/attribute-rows.ts"
import { defaultAutoencoder, trainAutoencoder } from "../../learning/autoencoder.ts"
import { tableRows } from "../../learning/learning-table.ts"
import { defaultObservation, tableObservations } from "../../learning/observations.ts"
import { randomSplit } from "../../learning/splits.ts"
import {
  type AttributeComparison,
  type AttributeScores,
  compareColumns,
  defaultComparison,
  latentDistances,
  scoreAgreement,
} from "../../learning/table-comparison.ts"
import { type ComparisonReportInput, comparisonFigures, renderComparison } from "../../report/learning/comparison.ts"
import { defaultJointSettings } from "../../statistics/joint-distance.ts"
import { writeAtomically } from "../../store/atomic.ts"
import { fingerprintOf } from "../../store/fingerprint.ts"
import { writePictures } from "../pictures.ts"
import { program } from "../program.ts"
import { reportFonts } from "../typeface.ts"
import { readTables, titlesOf } from "./common-columns.ts"
import { claimFolder, jsonText, withManifest } from "./folder.ts"
import { learnEngine } from "./jobs.ts"
import type { LearnError, LearnListener } from "./learn.ts"
import type { PreparedTable } from "./read-table.ts"
import type { LearnRequest } from "./request.ts"
import { observedTable, shownStudy, silentForests } from "./shown.ts"
import { studyTables, type TableStudy } from "./study.ts"

/** What the comparison ended with; the directory holds the rest. */
export interface ComparedTables {
  readonly folder: string
  readonly record: Readonly<Record<string, unknown>>
  readonly text: string
}

/** Columns that are compared, of whole particles. */
const comparedColumns = ({ given }: PreparedTable, { target, without }: LearnRequest) =>
  wholeParticleColumns(given.columns).filter(
    ({ name }) => name === target || (isAttribute(name) && !without.includes(name)),
  )

const distanceTable = (attributes: readonly AttributeComparison[]): Table => {
  const compared = attributes.flatMap((each) => (each.kind === "compared" ? [each] : []))
  type Compared = (typeof compared)[number]
  const numbers = (name: string, value: (each: Compared) => number): Column => ({
    name,
    unit: "",
    values: Float64Array.from(compared, value),
  })
  return {
    columns: [
      { name: "attribute", unit: "", values: compared.map(({ name }) => name) },
      { name: "unit", unit: "", values: compared.map(({ unit }) => unit) },
      numbers("rows_measured", ({ counts }) => counts[0]),
      numbers("rows_simulated", ({ counts }) => counts[1]),
      numbers("kolmogorov_smirnov", ({ kolmogorov }) => kolmogorov.value),
      numbers("kolmogorov_smirnov_low", ({ kolmogorov }) => kolmogorov.low),
      numbers("kolmogorov_smirnov_high", ({ kolmogorov }) => kolmogorov.high),
      numbers("wasserstein", ({ wasserstein }) => wasserstein.value),
      numbers("wasserstein_low", ({ wasserstein }) => wasserstein.low),
      numbers("wasserstein_high", ({ wasserstein }) => wasserstein.high),
      numbers("wasserstein_in_deviations", ({ wassersteinInDeviations }) => wassersteinInDeviations),
      numbers("probability", ({ probability }) => probability),
    ],
  }
}

/** Distances in the latent values of an autoencoder that has seen half of the measured rows; the other half is compared. */
const jointly = ([measured, simulated]: readonly TableStudy[], seed: number) => {
  const split = randomSplit(measured.together.rowCount, 0.5, seed)
  const { latentCount } = measured.autoencoder.autoencoder.shape
  const { autoencoder } = trainAutoencoder(measured.together, split, { ...defaultAutoencoder, latentCount, seed })
  const unseen = tableRows(measured.together, split.heldOut)
  const distances = latentDistances(autoencoder, unseen, simulated.together, { ...defaultJointSettings, seed })
  return { ...distances, latentCount, learntRows: split.training.length }
}

/** Compares what was learnt, and writes it into the directory of the request. */
const compared = Effect.fnUntraced(function* (
  studies: readonly TableStudy[],
  request: LearnRequest,
  started: string,
  { onProgress, onNote }: LearnListener,
) {
  const { files, target, out: folder, seed } = request
  const [first, second] = titlesOf(files)
  const [measured, simulated] = studies
  const shown = [shownStudy(measured, first), shownStudy(simulated, second)] as const
  yield* onProgress(0.85, "distances")
  const bootstrap = { ...defaultComparison.bootstrap, seed }
  const permutations = { ...defaultComparison.permutations, seed }
  const { attributes, onlyInFirst, onlyInSecond } = compareColumns(
    comparedColumns(measured.prepared, request),
    comparedColumns(simulated.prepared, request),
    { bootstrap, permutations },
  )
  const latent = jointly(studies, seed)
  const scores = studies.map((study): AttributeScores => ({ names: study.table.names, runs: study.scores }))
  const agreement = scoreAgreement(scores[0], scores[1])
  const observed = (study: TableStudy) =>
    tableObservations(observedTable(study), "in this table", { ...defaultObservation, permutations })
  const observations = [observed(measured), observed(simulated)] as const
  const constructed = shown.flatMap(({ title, warnings }) =>
    warnings.map(({ name, reason }) => `${title}: ${name} ${reason}`),
  )
  const only = [
    ...(onlyInFirst.length === 0 ? [] : [`only in ${first}: ${onlyInFirst.join(", ")}`]),
    ...(onlyInSecond.length === 0 ? [] : [`only in ${second}: ${onlyInSecond.join(", ")}`]),
  ]
  const silent = silentForests(studies, [first, second])
  const warnings = [...studies.flatMap(({ prepared }) => prepared.notes), ...only, ...silent, ...constructed]
  for (const warning of [...only, ...silent, ...constructed]) yield* onNote(warning)
  const record = {
    measured: first,
    simulated: second,
    target,
    seed,
    attributes,
    onlyInMeasured: onlyInFirst,
    onlyInSimulated: onlyInSecond,
    latent,
    importances: {
      rankCorrelation: agreement,
      measured: Object.fromEntries(shown[0].names.map((name, k) => [name, shown[0].scores.mean[k]])),
      simulated: Object.fromEntries(shown[1].names.map((name, k) => [name, shown[1].scores.mean[k]])),
    },
    observations: { measured: observations[0], simulated: observations[1] },
  }
  const input: ComparisonReportInput = {
    programVersion: program.version,
    started,
    titles: [first, second],
    attributes,
    latent,
    agreement,
    studies: [shown[0], shown[1]],
    observations,
    warnings,
  }
  const figures = comparisonFigures(input)
  yield* writePictures(join(folder, "figures"), Object.values(figures).flat())
  const text = jsonText(record)
  yield* writeAtomically(join(folder, "comparison.csv"), writeCsv(distanceTable(attributes)))
  yield* writeAtomically(join(folder, "comparison.json"), text)
  yield* writeAtomically(join(folder, "report.html"), renderComparison(input, figures, { fonts: yield* reportFonts }))
  const { energy } = latent
  const words =
    `All attributes together: energy distance ${energy.value.toPrecision(3)} (p = ${energy.probability.toPrecision(2)})\n` +
    `Rank correlation of the importances: ${Number.isNaN(agreement.coefficient) ? "not known" : agreement.coefficient.toFixed(2)}\n`
  return { result: { folder, record, text: words }, warnings, text }
})

/**
 * Holds a simulated table against a measured one: distances of every attribute, of all together, agreement of the
 * importances, published observations; tables and a report in a directory. Where it was broken off, the same request
 * goes on from the parts that were finished.
 */
export const compareTables = Effect.fn("compareTables")(function* (
  request: LearnRequest,
  listener: LearnListener,
): Effect.fn.Return<ComparedTables, LearnError> {
  const { files, target, without, out: folder, mostRows } = request
  const started = new Date().toISOString()
  const prepared = yield* readTables(files, target, without, mostRows)
  const kept = yield* claimFolder(folder, "comparison", request.overwrite)
  for (const note of prepared.flatMap((each) => each.notes)) yield* listener.onNote(note)
  const inputs = yield* Effect.forEach(files, (file) =>
    Effect.map(fingerprintOf(file), (print) => ({ file, ...print })),
  )
  return yield* withManifest(
    request,
    kept,
    { kind: "comparison", started, inputs },
    studyTables(prepared, request, kept, (share, doing) => listener.onProgress(0.8 * share, doing)).pipe(
      Effect.provide(learnEngine(request.threads)),
      Effect.andThen((studies) => compared(studies, request, started, listener)),
    ),
  )
})
