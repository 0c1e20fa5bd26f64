import { existsSync, statSync } from "node:fs"
import { join } from "node:path"
import { Effect } from "effect"
import { readEnsembleCsv } from "../formats/ensemble-csv.ts"
import type { TableInvalid } from "../formats/errors.ts"
import type { Table } from "../formats/table.ts"
import { writeAtomically } from "../store/atomic.ts"
import type { RunUnreadable, RunUnwritable, SnapshotMissing } from "../store/errors.ts"
import { runFiles } from "../store/run-directory.ts"
import { analyseSynchronisation } from "../synchronisation/analysis.ts"
import type { CycleSynchrony, EnsembleHistory, Synchronisation } from "../synchronisation/ensemble.ts"
import { historyOfRows } from "../synchronisation/rows.ts"
import { defaultSynchronisationSettings, type SynchronisationSettings } from "../synchronisation/settings.ts"
import { readText } from "../twin/document.ts"
import { FileUnreadable } from "../twin/errors.ts"
import { readRunEnsemble } from "./run-ensemble.ts"

/** An ensemble from the world: a run directory, or a table from elsewhere. */
export interface ReadEnsemble {
  readonly history: EnsembleHistory
  /** What the particles weigh by */
  readonly weights: "volume" | "equal"
  /** Worth knowing about what was read */
  readonly notes: readonly string[]
}

/** Why an ensemble cannot be read. */
export type EnsembleError = FileUnreadable | TableInvalid | RunUnreadable | SnapshotMissing

const formationNote = "cycle 0 is taken for formation and left out"

/** Reads the ensemble of a run directory, or of a tidy CSV file whose particles then count alike. */
export const readEnsemble = Effect.fn("readEnsemble")(function* (
  path: string,
): Effect.fn.Return<ReadEnsemble, EnsembleError> {
  if (!existsSync(path)) return yield* new FileUnreadable({ file: path, reason: "no such file or run directory" })
  if (statSync(path).isDirectory()) return { history: yield* readRunEnsemble(path), weights: "volume", notes: [] }
  const { rows, particle } = yield* readEnsembleCsv(path, yield* readText(path))
  const weight = new Float64Array(particle.length).fill(1 / particle.length)
  const notes = rows.cycle.some((cycle) => cycle === 0) ? [formationNote] : []
  return { history: historyOfRows(rows, weight), weights: "equal", notes }
})

const plain = ({ damageFromMean, ...numbers }: CycleSynchrony) => ({ ...numbers, damageFromMean: [...damageFromMean] })

/** The whole analysis as data for JSON, where a value that is not recorded is null. */
export const synchronisationRecord = (
  { cycles, ...summary }: Synchronisation,
  settings: SynchronisationSettings,
  { weights, history }: Pick<ReadEnsemble, "weights" | "history">,
): Readonly<Record<string, unknown>> => ({
  ...summary,
  particles: history.particleCount,
  weights,
  settings,
  cycles: cycles.map(plain),
})

/** One line a cycle, for writeCsv. */
export const synchronisationTable = (cycles: readonly CycleSynchrony[]): Table => {
  const column = (name: string, value: (cycle: CycleSynchrony) => number) => ({
    name,
    unit: "",
    values: Float64Array.from(cycles, value),
  })
  return {
    columns: [
      column("cycle", ({ cycle }) => cycle),
      column("spread_stoichiometry_charge", ({ spreadCharge }) => spreadCharge),
      column("std_stoichiometry_charge", ({ deviationCharge }) => deviationCharge),
      column("spread_stoichiometry_discharge", ({ spreadDischarge }) => spreadDischarge),
      column("std_stoichiometry_discharge", ({ deviationDischarge }) => deviationDischarge),
      column("mean_throughput", ({ meanThroughput }) => meanThroughput),
      column("spread_throughput", ({ spreadThroughput }) => spreadThroughput),
      column("order_parameter", ({ orderParameter }) => orderParameter),
      column("mean_damage", ({ meanDamage }) => meanDamage),
      column("spread_damage", ({ spreadDamage }) => spreadDamage),
      column("std_damage", ({ deviationDamage }) => deviationDamage),
      column("severe_share", ({ severeShare }) => severeShare),
    ],
  }
}

const verdictWords: Readonly<Record<Synchronisation["verdict"], string>> = {
  synchronises: "Synchronises",
  saturates: "Saturates",
  diverges: "Diverges",
  undecided: "Undecided",
}

/** "Synchronises. The spread falls from …" */
export const verdictLine = ({ verdict, reason }: Synchronisation): string => `${verdictWords[verdict]}. ${reason}`

const short = (value: number): string => (Number.isNaN(value) ? "–" : String(Number(value.toPrecision(3))))
const percent = (share: number): string => (Number.isNaN(share) ? "–" : `${Math.round(100 * share)} %`)

/** A compact table of the cycles and the verdict, for a terminal. */
export const synchronisationText = (
  found: Synchronisation,
  { severeDamage }: Pick<SynchronisationSettings, "severeDamage">,
): string => {
  const head = ["cycle", "charge", "discharge", "throughput", "order", "damage", "its spread", "severe"]
  const rows = found.cycles.map((cycle) => [
    String(cycle.cycle),
    short(cycle.spreadCharge),
    short(cycle.spreadDischarge),
    short(cycle.meanThroughput),
    short(cycle.orderParameter),
    short(cycle.meanDamage),
    short(cycle.spreadDamage),
    percent(cycle.severeShare),
  ])
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)))
  const line = (cells: readonly string[]): string =>
    cells.map((cell, column) => cell.padStart(widths[column])).join("  ")
  const share = found.severeShareAtSync
  const severe =
    share === null
      ? ""
      : `In cycle ${found.syncCycle} ${percent(share)} of the particles are severely damaged (${severeDamage} or more). `
  const work = Number.isNaN(found.utilisation)
    ? ""
    : `In the last cycle the particles work ${percent(found.utilisation)} of what they do in the first.`
  const legend = "charge, discharge: spread of the lithium contents (largest minus smallest) at the end of each"
  const last = `${severe}${work}`.trim()
  return `${[head, ...rows].map(line).join("\n")}\n${legend}\n\n${verdictLine(found)}\n${last === "" ? "" : `${last}\n`}`
}

/** Analyses what a run has written and leaves the result in its directory. */
export const writeSynchronisation = Effect.fn("writeSynchronisation")(function* (
  folder: string,
  history: EnsembleHistory,
): Effect.fn.Return<Synchronisation, RunUnwritable> {
  const settings = defaultSynchronisationSettings
  const found = analyseSynchronisation(history, settings)
  const record = synchronisationRecord(found, settings, { history, weights: "volume" })
  yield* writeAtomically(join(folder, runFiles.synchronisation), `${JSON.stringify(record, null, 2)}\n`)
  return found
})
