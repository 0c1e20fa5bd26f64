import { join } from "node:path"
import { Effect } from "effect"
import { renderReport } from "../report/report.ts"
import { writeAtomically } from "../store/atomic.ts"
import type { RunUnreadable, RunUnwritable, SnapshotMissing } from "../store/errors.ts"
import { runFiles } from "../store/run-directory.ts"
import { readReportInput } from "./report-input.ts"

/** Makes the report of a run anew from its directory; returns the file. */
export const writeReport = Effect.fn("writeReport")(function* (
  folder: string,
): Effect.fn.Return<string, RunUnreadable | SnapshotMissing | RunUnwritable> {
  const input = yield* readReportInput(folder)
  const file = join(folder, runFiles.report)
  yield* writeAtomically(file, renderReport(input))
  return file
})
