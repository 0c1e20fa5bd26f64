import { existsSync, readFileSync } from "node:fs"
import { basename, join } from "node:path"
import { Effect } from "effect"
import { type CsvColumn, csvHeader, csvLine, readCsv } from "../formats/csv.ts"
import { numbersOf, wordsOf } from "../formats/table.ts"
import type { DesignReportInput, LayoutMeasures, RankedLayout } from "../report/design/input.ts"
import { renderDesign } from "../report/design/page.ts"
import { paretoFronts } from "../statistics/pareto.ts"
import { midRanks } from "../statistics/rank-correlation.ts"
import { writeAtomically } from "../store/atomic.ts"
import type { RunUnreadable, RunUnwritable } from "../store/errors.ts"
import { runFiles } from "../store/run-directory.ts"
import { readSweepRecord, type SweepRecord, sweepFiles } from "../store/sweep-record.ts"
import { analyseSynchronisation } from "../synchronisation/analysis.ts"
import { readRunEnsemble } from "./run-ensemble.ts"
import { reportFonts } from "./typeface.ts"

/** Files that a design leaves beside those of its sweep. */
export const designFiles = { table: "designs.csv", report: "designs.html" } as const

/** Charge [mAh/g] and energy [mWh/g] that the last numbered cycle gives on discharge, by the trapezoidal rule. */
const lastDischarge = (folder: string): { readonly capacity: number; readonly energy: number } => {
  const history = readCsv(readFileSync(join(folder, runFiles.history), "utf8"))
  const [cycle, voltage, charge] = ["cycle", "voltage", "capacity"].map((name) => numbersOf(history, name))
  const types = wordsOf(history, "step_type")
  const last = cycle[cycle.length - 1]
  let [capacity, energy] = [0, 0]
  for (let row = 1; row < cycle.length; row++) {
    if (cycle[row] !== last || types[row] !== "discharge") continue
    const passed = charge[row - 1] - charge[row]
    capacity += passed
    energy += (passed * (voltage[row] + voltage[row - 1])) / 2
  }
  return { capacity, energy }
}

const read = Effect.fnUntraced(function* (folder: string) {
  if (!existsSync(join(folder, runFiles.cycles)) || !existsSync(join(folder, runFiles.mesh))) return null
  const { cycles, syncCycle, severeShareAtSync } = analyseSynchronisation(yield* readRunEnsemble(folder))
  const last = cycles.at(-1)
  if (last === undefined) return null
  const measures: LayoutMeasures = {
    syncCycle: syncCycle ?? Number.POSITIVE_INFINITY,
    severeShare: severeShareAtSync ?? last.severeShare,
    ...lastDischarge(folder),
    meanDamage: last.meanDamage,
    deviation: last.deviationCharge,
  }
  return { measures, cycles: cycles.length }
})

/** What differs by less is the same: [mAh/g] and [mWh/g] */
const alike = 0.01

/** Measures smaller of which are better. */
const goals: readonly ((measures: LayoutMeasures) => number)[] = [
  ({ syncCycle }) => syncCycle,
  ({ severeShare }) => severeShare,
  ({ capacity }) => -Math.round(capacity / alike),
  ({ energy }) => -Math.round(energy / alike),
]

/** Layouts by fronts, and within a front by the mean rank of what they are judged by. */
const ranked = (layouts: readonly Omit<RankedLayout, "rank" | "front">[]): readonly RankedLayout[] => {
  const objectives = goals.map((goal) =>
    Float64Array.from(layouts, ({ measures, status }) =>
      measures === null || status !== "done" ? Number.NaN : goal(measures),
    ),
  )
  const front = paretoFronts(objectives)
  const known = [...layouts.keys()].filter((at) => front[at] > 0)
  const meanRank = new Float64Array(layouts.length).fill(Number.POSITIVE_INFINITY)
  const ranks = objectives.map((column) => midRanks(Float64Array.from(known, (at) => column[at])))
  known.forEach((at, place) => {
    meanRank[at] = ranks.reduce((sum, column) => sum + column[place], 0) / ranks.length
  })
  const order = [...layouts.keys()].sort((a, b) => {
    const [one, other] = [front[a], front[b]].map((number) => (number === 0 ? Number.POSITIVE_INFINITY : number))
    return one === other ? (meanRank[a] === meanRank[b] ? a - b : meanRank[a] - meanRank[b]) : one - other
  })
  return order.map((at, place) => ({ ...layouts[at], rank: place + 1, front: front[at] }))
}

const measureColumns: readonly (CsvColumn & { readonly of: (measures: LayoutMeasures) => number })[] = [
  { name: "sync_cycle", unit: "", of: ({ syncCycle }) => (Number.isFinite(syncCycle) ? syncCycle : Number.NaN) },
  { name: "severe_share", unit: "", of: ({ severeShare }) => severeShare },
  { name: "discharge_capacity", unit: "mAh/g", of: ({ capacity }) => capacity },
  { name: "discharge_energy", unit: "mWh/g", of: ({ energy }) => energy },
  { name: "mean_damage", unit: "", of: ({ meanDamage }) => meanDamage },
  { name: "std_stoichiometry_charge", unit: "", of: ({ deviation }) => deviation },
]

const table = ({ factors }: SweepRecord, layouts: readonly RankedLayout[]): string =>
  csvHeader([
    { name: "rank", unit: "" },
    { name: "front", unit: "" },
    { name: "run", unit: "" },
    ...factors.map(({ path, unit }) => ({ name: path, unit })),
    ...measureColumns,
    { name: "status", unit: "" },
  ]) +
  layouts
    .map(({ rank, front, name, values, texts, measures, status }) =>
      csvLine([
        rank,
        front === 0 ? "" : front,
        name,
        ...factors.map((_, factor) => (Number.isFinite(values[factor]) ? values[factor] : texts[factor])),
        ...measureColumns.map(({ of }) => (measures === null ? "" : of(measures))),
        status,
      ]),
    )
    .join("")

/** What a design came to. */
export interface DesignOutcome {
  readonly folder: string
  readonly layouts: readonly RankedLayout[]
  readonly report: string
  readonly table: string
}

/** Ranks the layouts of a finished sweep and writes table and page beside its own. */
export const rankDesign = Effect.fn("rankDesign")(function* (
  folder: string,
): Effect.fn.Return<DesignOutcome, RunUnreadable | RunUnwritable> {
  const record = yield* readSweepRecord(folder)
  const found = yield* Effect.forEach(record.points, ({ name }) =>
    Effect.orElseSucceed(read(join(folder, sweepFiles.runs, name)), () => null),
  )
  const layouts = ranked(
    record.points.map(({ name, choices, values, status }, at) => {
      const page = `${sweepFiles.runs}/${name}/${runFiles.report}`
      return {
        name,
        link: existsSync(join(folder, page)) ? page : null,
        values: Float64Array.from(values, (value) => value ?? Number.NaN),
        texts: record.factors.map(({ path }) => choices.find((choice) => choice.path === path)?.text ?? ""),
        status,
        measures: found[at]?.measures ?? null,
      }
    }),
  )
  const stem = (file: string): string => basename(file).replace(/\.(ya?ml|json)$/, "")
  const [first] = record.points
  const input: DesignReportInput = {
    title: first === undefined ? "Layouts" : `${stem(first.twin)} · ${stem(first.scenario)}`,
    programVersion: record.program.version,
    started: record.started,
    cycles: found.reduce((most, each) => Math.max(most, each?.cycles ?? 0), 0),
    factors: record.factors,
    layouts,
  }
  const files = { table: join(folder, designFiles.table), report: join(folder, designFiles.report) }
  yield* writeAtomically(files.table, table(record, layouts))
  yield* writeAtomically(files.report, renderDesign(input, { fonts: yield* reportFonts }))
  return { folder, layouts, ...files }
})
