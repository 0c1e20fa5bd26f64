import { Effect } from "effect"
import { TableInvalid } from "../../formats/errors.ts"
import { type PublishedScores, publishedScoresOf } from "../../learning/published-scores.ts"
import type { FileUnreadable } from "../../twin/errors.ts"
import { readCsvTable } from "./read-csv.ts"
import type { PreparedTable } from "./read-table.ts"

/** Fewer attributes than this have no ranks to speak of. */
const leastShared = 4

/** Published importances from a file, of which enough attributes are in all tables. */
export const readPublishedScores = Effect.fn("readPublishedScores")(function* (
  file: string,
  tables: readonly PreparedTable[],
): Effect.fn.Return<PublishedScores, FileUnreadable | TableInvalid> {
  const { columns } = yield* readCsvTable(file)
  const scores = publishedScoresOf(columns)
  const invalid = (column: string, expected: string, found: string) =>
    new TableInvalid({ file, line: 0, column, expected, found })
  if ("expected" in scores) return yield* invalid(scores.column, scores.expected, scores.found)
  const shared = scores.early.names.filter((name) => tables.every(({ table }) => table.names.includes(name)))
  if (shared.length < leastShared) {
    const expected = `at least ${leastShared} attributes of ${tables.map((table) => table.file).join(" and ")}`
    return yield* invalid("attribute", expected, shared.length === 0 ? "none" : shared.join(", "))
  }
  return scores
})
