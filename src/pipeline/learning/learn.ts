import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { Effect } from "effect"
import type { TableInvalid } from "../../formats/errors.ts"
import { defaultObservation, publishedObservations } from "../../learning/observations.ts"
import { renderLearning } from "../../report/learning/page.ts"
import { writeAtomically } from "../../store/atomic.ts"
import { RunOccupied, type RunUnreadable, type RunUnwritable, unwritable } from "../../store/errors.ts"
import { fingerprintOf } from "../../store/fingerprint.ts"
import type { FileUnreadable } from "../../twin/errors.ts"
import { program } from "../program.ts"
import { reportFonts } from "../typeface.ts"
import { readTables, titlesOf } from "./common-columns.ts"
import { writeStudy } from "./outputs.ts"
import { learningRecord } from "./record.ts"
import type { LearningLost, LearnRequest } from "./request.ts"
import { edgeThreshold, observedTable, scoreDifferences, shownStudy, silentForests } from "./shown.ts"
import { learnEngine, studyTables } from "./study.ts"

export type LearnError = FileUnreadable | TableInvalid | RunOccupied | RunUnreadable | RunUnwritable | LearningLost

export interface LearnListener {
  readonly onProgress: (share: number, doing: string) => Effect.Effect<void>
  readonly onNote: (text: string) => Effect.Effect<void>
}

/** What the work ended with; the directory holds the rest. */
export interface LearnOutcome {
  readonly folder: string
  readonly record: Readonly<Record<string, unknown>>
  readonly warnings: readonly string[]
  /** The most important attributes of each table */
  readonly leading: readonly {
    readonly title: string
    readonly names: readonly string[]
    readonly error: number
    readonly determination: number
  }[]
}

/** Makes the directory of some learning; one that holds something else, or results already, is refused. */
export const claimFolder = Effect.fnUntraced(function* (folder: string, kind: string, overwrite: boolean) {
  const manifest = join(folder, "manifest.json")
  if (existsSync(manifest)) {
    const found = yield* Effect.sync((): unknown => {
      try {
        return (JSON.parse(readFileSync(manifest, "utf8")) as { kind?: unknown }).kind
      } catch {
        return undefined
      }
    })
    if (found !== kind)
      return yield* new RunOccupied({ path: folder, reason: "holds something else; choose another --out" })
    if (!overwrite)
      return yield* new RunOccupied({
        path: folder,
        reason: "holds results already; choose another --out, or give --overwrite",
      })
  }
  yield* Effect.try({ try: () => mkdirSync(folder, { recursive: true }), catch: (cause) => unwritable(folder, cause) })
})

const preset = { notebook: "the published notebook", text: "the published text" } as const

/** Data as JSON; typed arrays as lists, what is no number as null. */
export const jsonText = (value: unknown): string =>
  `${JSON.stringify(value, (_, item) => (ArrayBuffer.isView(item) ? Array.from(item as Float64Array) : item), 2)}\n`

/**
 * Learns which attributes tell of the target from one or more tables, and leaves models, tables and a report in a
 * directory. The same seed gives the same files for any number of threads.
 */
export const learnFromTables = Effect.fn("learnFromTables")(function* (
  request: LearnRequest,
  { onProgress, onNote }: LearnListener,
): Effect.fn.Return<LearnOutcome, LearnError> {
  const { files, target, without, out: folder, seed, runs } = request
  const started = new Date().toISOString()
  const prepared = yield* readTables(files, target, without)
  yield* claimFolder(folder, "learning", request.overwrite)
  for (const note of prepared.flatMap(({ notes }) => notes)) yield* onNote(note)
  const inputs = yield* Effect.forEach(files, (file) =>
    Effect.map(fingerprintOf(file), (print) => ({ file, ...print })),
  )
  const studies = yield* studyTables(prepared, request, onProgress).pipe(Effect.provide(learnEngine(request.threads)))
  const titles = titlesOf(files)
  const shown = studies.map((study, at) => shownStudy(study, titles[at]))
  const differences = shown.length < 2 ? [] : scoreDifferences(shown[0], shown[1], seed)
  const observations =
    studies.length < 2 || target !== "Damage"
      ? []
      : publishedObservations(observedTable(studies[0]), observedTable(studies[1]), {
          ...defaultObservation,
          permutations: { ...defaultObservation.permutations, seed },
        })
  const constructed = shown.flatMap(({ title, warnings }) =>
    warnings.map(({ name, reason }) => `${title}: ${name} ${reason}`),
  )
  const silent = silentForests(studies, titles)
  const unsettled = studies.flatMap(({ choice }, at) =>
    choice !== null && !choice.isSettled
      ? [`${titles[at]}: errors still fall at ${choice.latentCount} latent values, the largest tried`]
      : [],
  )
  const warnings = [...prepared.flatMap(({ notes }) => notes), ...silent, ...constructed, ...unsettled]
  for (const warning of [...silent, ...constructed, ...unsettled]) yield* onNote(warning)
  const places =
    studies.length === 1
      ? [folder]
      : titles.map((title, at) => join(folder, `${at + 1}-${title.replace(/[^\w.-]+/g, "-")}`))
  for (const [at, study] of studies.entries()) {
    yield* Effect.try({
      try: () => mkdirSync(places[at], { recursive: true }),
      catch: (cause) => unwritable(places[at], cause),
    })
    yield* writeStudy(places[at], study, shown[at])
  }
  const record = learningRecord(studies, shown, differences, observations, request)
  const text = jsonText(record)
  yield* writeAtomically(join(folder, "learning.json"), text)
  const subsample = studies.map((study) => study.runs.find((run) => run.kind === "subsample")?.rowCount ?? 0)
  const page = renderLearning(
    {
      programVersion: program.version,
      started,
      studies: shown,
      differences,
      observations,
      edgeThreshold,
      preset: preset[request.preset.name as keyof typeof preset] ?? request.preset.name,
      runsInWords: `${runs} subsamples of ${subsample.join(" and ")} rows drawn at random, and ${runs} forests of other seeds on all rows`,
      warnings,
    },
    { fonts: yield* reportFonts },
  )
  yield* writeAtomically(join(folder, "report.html"), page)
  const manifest = {
    format: 1,
    kind: "learning",
    program,
    inputs,
    settings: { target, without, preset: request.preset.name, seed, runs, latent: request.latent },
    threads: request.threads,
    started,
    ended: new Date().toISOString(),
    status: "done",
    warnings,
    sha256: createHash("sha256").update(text).digest("hex"),
  }
  yield* writeAtomically(join(folder, "manifest.json"), jsonText(manifest))
  return {
    folder,
    record,
    warnings,
    leading: shown.map(({ title, names, scores, errors }) => ({
      title,
      names: [...names.keys()]
        .sort((a, b) => scores.mean[b] - scores.mean[a])
        .slice(0, 3)
        .map((k) => names[k]),
      error: errors.crossValidated,
      determination: errors.determination,
    })),
  }
})
