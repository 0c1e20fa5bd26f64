import { Effect } from "effect"
import { seededRandom } from "../../array/random.ts"
import { TableInvalid } from "../../formats/errors.ts"
import { readParquet } from "../../formats/parquet.ts"
import { type AttributeRows, attributeRows, pickedRows } from "../../learning/attribute-rows.ts"
import {
  faultText,
  type GivenColumn,
  type LearningTable,
  learningTable,
  type TableFault,
} from "../../learning/learning-table.ts"
import type { FileUnreadable } from "../../twin/errors.ts"
import { suggestion } from "../../twin/suggestion.ts"
import { readCsvTable } from "./read-csv.ts"

/** Fewer rows teach nothing: a fold would have less than two. */
const leastRows = 20

/** A table from a file. */
export interface GivenTable {
  readonly file: string
  readonly columns: readonly GivenColumn[]
  /** Line of the file that a row stands in, from 1 */
  readonly lineOf: (row: number) => number
  /** Row of the file that a row is, from 1 without the header */
  readonly numberOf: (row: number) => number
}

/** Reads a table of attributes: CSV with units in its header, or Parquet. */
export const readGivenTable = Effect.fn("readGivenTable")(function* (
  file: string,
): Effect.fn.Return<GivenTable, FileUnreadable | TableInvalid> {
  if (!/\.(parquet|pq)$/i.test(file)) return yield* readCsvTable(file)
  const { columns } = yield* readParquet(file)
  return { file, columns, lineOf: (row) => row + 1, numberOf: (row) => row + 1 }
})

/** A table made ready, with what was left out in words. */
export interface PreparedTable {
  readonly file: string
  /** The rows of the file, or those that were drawn of too many */
  readonly given: GivenTable
  /** All rows of the file */
  readonly whole: GivenTable
  readonly kept: AttributeRows
  readonly table: LearningTable
  readonly notes: readonly string[]
}

const notesOf = (kept: AttributeRows, dropped: readonly string[]): readonly string[] => {
  const rows = (count: number): string => `${count} row${count === 1 ? "" : "s"}`
  return [
    ...(kept.cutCount === 0 ? [] : [`${rows(kept.cutCount)} left out: cut by the border`]),
    ...(kept.incompleteCount === 0 ? [] : [`${rows(kept.incompleteCount)} left out: a number is missing`]),
    ...(kept.besides.length === 0 ? [] : [`no attributes, left out: ${kept.besides.join(", ")}`]),
    ...(kept.sparse.length === 0 ? [] : [`no number in most rows, left out: ${kept.sparse.join(", ")}`]),
    ...(dropped.length === 0 ? [] : [`the same value in all rows, left out: ${dropped.join(", ")}`]),
  ]
}

const invalid = (given: GivenTable, kept: AttributeRows, fault: TableFault): TableInvalid => {
  const at = (line: number, column: string, expected: string, found: string): TableInvalid =>
    new TableInvalid({ file: given.file, line, column, expected, found })
  const lineOf = (row: number): number => given.lineOf(kept.rows[row] ?? row)
  switch (fault.kind) {
    case "words":
      return at(lineOf(fault.rows[0]), fault.column, "a number (--without leaves a column out)", `"${fault.found}"`)
    case "no number":
      return at(lineOf(fault.rows[0]), fault.column, "a finite number", "none")
    case "too large":
      return at(lineOf(fault.rows[0]), fault.column, `a number up to ${fault.largest.toExponential()}`, "a larger one")
    case "name twice":
      return at(0, fault.column, "one column of this name", `${fault.count}`)
    case "constant target":
      return at(0, fault.column, "values that differ", `${fault.value} in all rows`)
    case "too few rows": {
      const left = kept.cutCount + kept.incompleteCount
      const why =
        left === 0
          ? ""
          : ` (${kept.cutCount} cut by the border and ${kept.incompleteCount} without all numbers left out)`
      return at(0, "", `at least ${fault.least} rows to learn from`, `${fault.rowCount}${why}`)
    }
    default:
      return at(0, "", "columns of numbers that differ", faultText(fault))
  }
}

/** Always the same rows, whatever the seed of the learning. */
const drawingSeed = 1

/** Some rows of a table, drawn at random among those that are complete. */
const drawnRows = (given: GivenTable, complete: Int32Array, count: number): GivenTable => {
  const rows = seededRandom(drawingSeed)
    .permutation(complete.length)
    .subarray(0, count)
    .map((place) => complete[place])
    .sort()
  return {
    file: given.file,
    columns: given.columns.map((column) => pickedRows(column, rows)),
    lineOf: (row) => given.lineOf(rows[row]),
    numberOf: (row) => given.numberOf(rows[row]),
  }
}

const preparedRows = Effect.fnUntraced(function* (
  given: GivenTable,
  target: string | null,
  without: readonly string[],
): Effect.fn.Return<PreparedTable, TableInvalid> {
  const { file, columns } = given
  const names = columns.map(({ name }) => name)
  const unknown = (target === null ? without : [target, ...without]).find((name) => !names.includes(name))
  if (unknown !== undefined) {
    const hint = suggestion(unknown, names)
    const found = `${names.join(", ")}${hint === undefined ? "" : ` (${hint})`}`
    return yield* new TableInvalid({ file, line: 0, column: "", expected: `a column ${unknown}`, found })
  }
  const kept = attributeRows(columns, target, without)
  const outcome = learningTable(kept.columns, { target, without: [], leastRows })
  if (outcome.kind === "refused") {
    const order = ["name twice", "words", "too few rows"]
    const rank = ({ kind }: TableFault): number => (order.indexOf(kind) + order.length + 1) % (order.length + 1)
    const [first] = [...outcome.faults].sort((a, b) => rank(a) - rank(b))
    return yield* invalid(given, kept, first)
  }
  const dropped = outcome.dropped.map(({ name }) => name)
  return { file, given, whole: given, kept, table: outcome.table, notes: notesOf(kept, dropped) }
})

/**
 * Makes a table ready to learn from. All of it is looked at; of too many rows some are drawn.
 * @param target null for none
 */
export const prepareTable = Effect.fn("prepareTable")(function* (
  whole: GivenTable,
  target: string | null,
  without: readonly string[],
  mostRows: number,
): Effect.fn.Return<PreparedTable, TableInvalid> {
  const all = yield* preparedRows(whole, target, without)
  const { rows } = all.kept
  if (rows.length <= mostRows) return all
  const drawn = yield* preparedRows(drawnRows(whole, rows, mostRows), target, without)
  const words = `${mostRows.toLocaleString("en-GB")} of ${rows.length.toLocaleString("en-GB")} rows drawn at random to learn from (--rows)`
  return { ...drawn, whole, notes: [...all.notes, ...drawn.notes.filter((note) => !all.notes.includes(note)), words] }
})
