import { join } from "node:path"
import { Effect } from "effect"
import { figures, renderReport, runPicture } from "../report/report.ts"
import { writeDerived } from "../store/atomic.ts"
import type { RunUnreadable, RunUnwritable, SnapshotMissing } from "../store/errors.ts"
import { madeFolder } from "../store/made-folder.ts"
import { runFiles } from "../store/run-directory.ts"
import { readReportInput } from "./report-input.ts"
import { reportFonts } from "./typeface.ts"

/** Makes the report of a run and its figures (one SVG file each, and one picture of it all) anew; returns the page. */
export const writeReport = Effect.fn("writeReport")(function* (
  folder: string,
): Effect.fn.Return<string, RunUnreadable | SnapshotMissing | RunUnwritable> {
  const input = yield* readReportInput(folder)
  const fonts = yield* reportFonts
  const file = join(folder, runFiles.report)
  yield* writeDerived(file, renderReport(input, { fonts }))
  const folderOfFigures = join(folder, runFiles.figures)
  yield* madeFolder(folderOfFigures)
  for (const { name, svg } of [...figures(input), { name: "run", svg: runPicture(input) }])
    yield* writeDerived(join(folderOfFigures, `${name}.svg`), svg)
  return file
})
