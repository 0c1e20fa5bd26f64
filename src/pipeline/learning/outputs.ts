import { join } from "node:path"
import { Effect } from "effect"
import { writeCsv } from "../../formats/csv.ts"
import type { Column, Table } from "../../formats/table.ts"
import { decoderModel, encoderModel } from "../../inference/autoencoder-model.ts"
import { forestModel } from "../../inference/forest-model.ts"
import { encodeModel } from "../../inference/onnx-model.ts"
import { encodedRows } from "../../learning/autoencoder.ts"
import { importanceOf } from "../../learning/importance.ts"
import type { StudyShown } from "../../report/learning/input.ts"
import { writeAtomically } from "../../store/atomic.ts"
import type { RunUnwritable } from "../../store/errors.ts"
import type { TableStudy } from "./study.ts"

const numbers = (name: string, values: ArrayLike<number>, unit = ""): Column => ({
  name,
  unit,
  values: Float64Array.from(values),
})

/** Rows of the file that the rows learnt from are, from 1 without the header. */
const fileRows = ({ prepared }: TableStudy, rows: ArrayLike<number>): Column =>
  numbers(
    "row",
    Array.from(rows, (row) => prepared.given.numberOf(prepared.kept.rows[row])),
  )

/** One line an attribute, the most important first. */
const importancesTable = ({ forest }: TableStudy, shown: StudyShown): Table => {
  const { mean, share, ranking } = importanceOf(forest.explanation)
  const pick = (values: ArrayLike<number>) => Array.from(ranking, (k) => values[k])
  return {
    columns: [
      { name: "attribute", unit: "", values: Array.from(ranking, (k) => shown.names[k]) },
      // The header would take m³ of a target for a unit of its own, so that raw importances say their unit in learning.json.
      numbers("mean_abs_shap", pick(mean)),
      numbers("sum_abs_shap", pick(mean.map((value) => value * forest.explanation.rowCount))),
      numbers("share", pick(share)),
      numbers("runs_mean_share", pick(shown.scores.mean)),
      numbers("runs_std_share", pick(shown.scores.deviation)),
      numbers("pearson", pick(shown.pearson)),
      numbers("partial_rank_correlation", pick(shown.dependence)),
      {
        name: "by_construction",
        unit: "",
        values: Array.from(ranking, (k) => (shown.constructed.includes(shown.names[k]) ? "yes" : "no")),
      },
    ],
  }
}

const rowsTable = (lead: readonly Column[], names: readonly string[], values: ArrayLike<number>): Table => ({
  columns: [
    ...lead,
    ...names.map((name, k) =>
      numbers(
        name,
        Array.from({ length: values.length / names.length }, (_, row) => values[row * names.length + k]),
      ),
    ),
  ],
})

const runsTable = ({ runs, scores, table }: TableStudy): Table =>
  rowsTable(
    [
      { name: "run", unit: "", values: runs.map(({ kind }) => kind) },
      numbers(
        "seed",
        runs.map(({ seed }) => seed),
      ),
      numbers(
        "rows",
        runs.map((run) => (run.kind === "subsample" ? run.rowCount : table.target.length)),
      ),
    ],
    table.names,
    scores,
  )

const predictionsTable = (study: TableStudy): Table => {
  const { forest, folds, table } = study
  const held = new Set(forest.split.heldOut)
  return {
    columns: [
      fileRows(study, Int32Array.from(table.target.keys())),
      {
        name: "part",
        unit: "",
        values: Array.from(table.target.keys(), (row) => (held.has(row) ? "held out" : "learnt")),
      },
      numbers("actual", table.target),
      numbers("predicted", forest.predicted),
      numbers("cross_validated", folds.predicted),
    ],
  }
}

/** Writes what was learnt from one table into a folder that is there. */
export const writeStudy = Effect.fn("writeStudy")(function* (
  folder: string,
  study: TableStudy,
  shown: StudyShown,
): Effect.fn.Return<void, RunUnwritable> {
  const { forest, together, autoencoder } = study
  const latent = encodedRows(autoencoder.autoencoder, together.values)
  const latentNames = Array.from({ length: shown.latent.latentCount }, (_, k) => `latent${k + 1}`)
  const everyRow = Int32Array.from({ length: together.rowCount }, (_, row) => row)
  const files: readonly (readonly [string, string | Uint8Array])[] = [
    ["importances.csv", writeCsv(importancesTable(study, shown))],
    ["shap.csv", writeCsv(rowsTable([fileRows(study, forest.split.training)], shown.names, forest.explanation.values))],
    ["scores-runs.csv", writeCsv(runsTable(study))],
    ["predictions.csv", writeCsv(predictionsTable(study))],
    ["latent.csv", writeCsv(rowsTable([fileRows(study, everyRow)], latentNames, latent))],
    ["forest.onnx", encodeModel(forestModel(forest.forest, { kind: "float64" }))],
    ["encoder.onnx", encodeModel(encoderModel(autoencoder.autoencoder))],
    ["decoder.onnx", encodeModel(decoderModel(autoencoder.autoencoder))],
  ]
  for (const [name, content] of files) yield* writeAtomically(join(folder, name), content)
})
