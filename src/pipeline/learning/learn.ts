import { join } from "node:path"
import { Effect } from "effect"
import type { TableInvalid } from "../../formats/errors.ts"
import { makeFolder } from "../../formats/make-folder.ts"
import { defaultObservation, publishedObservations } from "../../learning/observations.ts"
import type { PublishedScores } from "../../learning/published-scores.ts"
import type { RowDifferences } from "../../learning/row-differences.ts"
import { learningFigures } from "../../report/learning/figures.ts"
import type { LearningReportInput } from "../../report/learning/input.ts"
import { renderLearning } from "../../report/learning/page.ts"
import { writeAtomically } from "../../store/atomic.ts"
import { type RunOccupied, type RunUnreadable, type RunUnwritable, unwritable } from "../../store/errors.ts"
import { fingerprintOf } from "../../store/fingerprint.ts"
import type { FileUnreadable } from "../../twin/errors.ts"
import { writePictures } from "../pictures.ts"
import { program } from "../program.ts"
import { reportFonts } from "../typeface.ts"
import { readTables, titlesOf } from "./common-columns.ts"
import { claimFolder, jsonText, withManifest } from "./folder.ts"
import { learnEngine } from "./jobs.ts"
import { writeStudy } from "./outputs.ts"
import { readPublishedScores } from "./read-published.ts"
import { learningRecord } from "./record.ts"
import type { LearningLost, LearnRequest } from "./request.ts"
import { edgeThreshold, observedTable, publishedShown, scoreDifferences, shownStudy, silentForests } from "./shown.ts"
import { studyDifferences, studyTables, type TableStudy } from "./study.ts"

/** What may keep tables from being learnt from. */
export type LearnError = FileUnreadable | TableInvalid | RunOccupied | RunUnreadable | RunUnwritable | LearningLost

/** Hears how far the work is, and what is worth a note. */
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

const preset = { notebook: "the published notebook", text: "the published text" } as const

/** Writes what was learnt into the directory of the request. */
const written = Effect.fnUntraced(function* (
  studies: readonly TableStudy[],
  tested: RowDifferences | null,
  published: PublishedScores | null,
  request: LearnRequest,
  started: string,
  onNote: LearnListener["onNote"],
) {
  const { files, target, out: folder, seed, runs } = request
  const titles = titlesOf(files)
  const shown = studies.map((study, at) => shownStudy(study, titles[at]))
  const differences = shown.length < 2 ? [] : scoreDifferences(shown[0], shown[1], seed, tested)
  const observations =
    studies.length < 2 || target !== "Damage"
      ? []
      : publishedObservations(
          observedTable(studies[0]),
          observedTable(studies[1]),
          { ...defaultObservation, permutations: { ...defaultObservation.permutations, seed } },
          tested?.neighbours ?? null,
        )
  const constructed = shown.flatMap(({ title, warnings }) =>
    warnings.map(({ name, reason }) => `${title}: ${name} ${reason}`),
  )
  const silent = silentForests(studies, titles)
  const unsettled = studies.flatMap(({ choice }, at) =>
    choice !== null && !choice.isSettled
      ? [`${titles[at]}: errors still fall at ${choice.latentCount} latent values, the largest tried`]
      : [],
  )
  const warnings = [...studies.flatMap(({ prepared }) => prepared.notes), ...silent, ...constructed, ...unsettled]
  for (const warning of [...silent, ...constructed, ...unsettled]) yield* onNote(warning)
  const places =
    studies.length === 1
      ? [folder]
      : titles.map((title, at) => join(folder, `${at + 1}-${title.replace(/[^\w.-]+/g, "-")}`))
  for (const [at, study] of studies.entries()) {
    yield* Effect.try({
      try: () => makeFolder(places[at]),
      catch: (cause) => unwritable(places[at], cause),
    })
    yield* writeStudy(places[at], study, shown[at])
  }
  const beside = published === null ? null : publishedShown(request.published ?? "", published, studies)
  const record = learningRecord(studies, shown, differences, observations, beside, request)
  const text = jsonText(record)
  yield* writeAtomically(join(folder, "learning.json"), text)
  const subsample = studies.map((study) => study.runs.find((run) => run.kind === "subsample")?.rowCount ?? 0)
  const input: LearningReportInput = {
    programVersion: program.version,
    started,
    studies: shown,
    differences,
    observations,
    published: beside,
    edgeThreshold,
    preset: preset[request.preset.name as keyof typeof preset] ?? request.preset.name,
    runsInWords: `${runs} subsamples of ${subsample.join(" and ")} rows drawn at random, and ${runs} forests of other seeds on all rows`,
    permutations: tested === null ? 0 : request.permutations,
    warnings,
  }
  const figures = learningFigures(input)
  yield* writePictures(join(folder, "figures"), Object.values(figures).flat())
  yield* writeAtomically(join(folder, "report.html"), renderLearning(input, figures, { fonts: yield* reportFonts }))
  const leading = shown.map(({ title, names, scores, errors }) => ({
    title,
    names: [...names.keys()]
      .filter((k) => scores.mean[k] > 0)
      .sort((a, b) => scores.mean[b] - scores.mean[a])
      .slice(0, 3)
      .map((k) => names[k]),
    error: errors.crossValidated,
    determination: errors.determination,
  }))
  return { result: { folder, record, warnings, leading }, warnings, text }
})

/**
 * Learns which attributes tell of the target from one or more tables, and leaves models, tables, pictures and a report in
 * a directory. The same seed gives the same files for any number of threads. Where it was broken off, the same request
 * goes on from the parts that were finished.
 */
export const learnFromTables = Effect.fn("learnFromTables")(function* (
  request: LearnRequest,
  { onProgress, onNote }: LearnListener,
): Effect.fn.Return<LearnOutcome, LearnError> {
  const { files, target, without, out: folder, mostRows } = request
  const started = new Date().toISOString()
  const prepared = yield* readTables(files, target, without, mostRows)
  const published = request.published === undefined ? null : yield* readPublishedScores(request.published, prepared)
  const kept = yield* claimFolder(folder, "learning", request.overwrite)
  for (const note of prepared.flatMap(({ notes }) => notes)) yield* onNote(note)
  const inputs = yield* Effect.forEach(files, (file) =>
    Effect.map(fingerprintOf(file), (print) => ({ file, ...print })),
  )
  return yield* withManifest(
    request,
    kept,
    { kind: "learning", started, inputs },
    Effect.gen(function* () {
      const share = files.length > 1 && request.permutations > 0 ? 0.75 : 1
      const learnt = Effect.gen(function* () {
        const studies = yield* studyTables(prepared, request, kept, (done, doing) => onProgress(share * done, doing))
        const tested = yield* studyDifferences(studies, request, kept, (done, doing) =>
          onProgress(share + (1 - share) * done, doing),
        )
        return { studies, tested }
      })
      const { studies, tested } = yield* learnt.pipe(Effect.provide(learnEngine(request.threads)))
      return yield* written(studies, tested, published, request, started, onNote)
    }),
  )
})
