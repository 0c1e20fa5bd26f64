import { existsSync } from "node:fs"
import { basename, join } from "node:path"
import { Effect } from "effect"
import type { SweepReportInput } from "../report/sweep-input.ts"
import { renderSweep } from "../report/sweep-page.ts"
import { writeDerived } from "../store/atomic.ts"
import type { RunUnreadable, RunUnwritable } from "../store/errors.ts"
import { runFiles } from "../store/run-directory.ts"
import { readSweepRecord, type SweepRecord, sweepFiles } from "../store/sweep-record.ts"
import { readSweepRun, type SweepRunData } from "./sweep-measures.ts"
import { reportFonts } from "./typeface.ts"

const stem = (file: string): string => basename(file).replace(/\.(ya?ml|json)$/, "")

const designWords = (design: SweepRecord["design"]): string => {
  switch (design.kind) {
    case "grid":
      return "every combination of values"
    case "list":
      return "points one by one"
    case "latin-hypercube":
      return `a Latin hypercube (seed ${design.seed})`
  }
}

/** What the page of a sweep is made from. */
export const sweepReportInput = (
  folder: string,
  record: SweepRecord,
  data: readonly (SweepRunData | null)[],
): SweepReportInput => {
  const { points, factors, description, design, program, started } = record
  const names = [
    ...new Set(points.map(({ twin }) => stem(twin))),
    ...new Set(points.map(({ scenario }) => stem(scenario))),
  ]
  return {
    title: names.join(" · "),
    description,
    design: designWords(design),
    isSampled: design.kind === "latin-hypercube",
    programVersion: program.version,
    started,
    factors,
    runs: points.map(({ name, choices, values, status, reason }, point) => {
      const page = `${sweepFiles.runs}/${name}/${runFiles.report}`
      return {
        name,
        link: existsSync(join(folder, page)) ? page : null,
        status,
        reason,
        texts: factors.map(({ path }) => choices.find((choice) => choice.path === path)?.text ?? ""),
        values: Float64Array.from(values, (value) => value ?? Number.NaN),
        course: data[point]?.course ?? null,
        measures: data[point]?.measures ?? null,
      }
    }),
  }
}

/** Makes the report of a sweep anew; returns the page. */
export const writeSweepReport = Effect.fn("writeSweepReport")(function* (
  folder: string,
  record: SweepRecord,
  data: readonly (SweepRunData | null)[],
): Effect.fn.Return<string, RunUnwritable> {
  const fonts = yield* reportFonts
  const file = join(folder, sweepFiles.report)
  yield* writeDerived(file, renderSweep(sweepReportInput(folder, record, data), { fonts }))
  return file
})

/** Makes the report of the sweep in a directory anew, from what its runs have come to; returns the page. */
export const remakeSweepReport = Effect.fn("remakeSweepReport")(function* (
  folder: string,
): Effect.fn.Return<string, RunUnreadable | RunUnwritable> {
  const record = yield* readSweepRecord(folder)
  const data = yield* Effect.forEach(record.points, ({ name }) => readSweepRun(join(folder, sweepFiles.runs, name)))
  return yield* writeSweepReport(folder, record, data)
})
