import { Effect } from "effect"
import { cellsOf, readHeaderName } from "../../formats/csv.ts"
import { TableInvalid } from "../../formats/errors.ts"
import { readParquet } from "../../formats/parquet.ts"
import { type AttributeRows, attributeRows } from "../../learning/attribute-rows.ts"
import {
  faultText,
  type GivenColumn,
  type LearningTable,
  learningTable,
  type TableFault,
} from "../../learning/learning-table.ts"
import { readText } from "../../twin/document.ts"
import type { FileUnreadable } from "../../twin/errors.ts"
import { suggestion } from "../../twin/suggestion.ts"

/** Fewer rows teach nothing: a fold would have less than two. */
const leastRows = 20

/** A table from a file. */
export interface GivenTable {
  readonly file: string
  readonly columns: readonly GivenColumn[]
  /** Line of the file that a row stands in, from 1 */
  readonly lineOf: (row: number) => number
}

const missing = /^\s*(?:|nan|na|n\/a|null|-?inf(?:inity)?)\s*$/i

/** A column of numbers where all cells are numbers or missing, otherwise the words as they are. */
const columnOf = (header: string, cells: readonly string[]): GivenColumn => {
  const numbers = Float64Array.from(cells, (cell) => (missing.test(cell) ? Number.NaN : Number(cell)))
  const hasWords = cells.some((cell, row) => Number.isNaN(numbers[row]) && !missing.test(cell))
  return { ...readHeaderName(header.trim()), values: hasWords ? cells : numbers }
}

const csvTable = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<GivenTable, FileUnreadable | TableInvalid> {
  const text = (yield* readText(file)).replace(/^\uFEFF/, "")
  const lines = text.split(/\r?\n/).map((line, at) => ({ line, at: at + 1 }))
  const filled = lines.filter(({ line }) => line.trim() !== "")
  if (filled.length === 0) {
    return yield* new TableInvalid({ file, line: 0, column: "", expected: "a table with a header", found: "nothing" })
  }
  const [header, ...rows] = filled
  const names = cellsOf(header.line)
  const cells = rows.map(({ line }) => cellsOf(line))
  const ragged = cells.findIndex((row) => row.length !== names.length)
  if (ragged >= 0) {
    return yield* new TableInvalid({
      file,
      line: rows[ragged].at,
      column: "",
      expected: `${names.length} cells, as many as the header has`,
      found: `${cells[ragged].length}`,
    })
  }
  const columns = names.map((name, place) =>
    columnOf(
      name,
      cells.map((row) => row[place]),
    ),
  )
  return { file, columns, lineOf: (row) => rows[row]?.at ?? 0 }
})

/** Reads a table of attributes: CSV with units in its header, or Parquet. */
export const readGivenTable = Effect.fn("readGivenTable")(function* (
  file: string,
): Effect.fn.Return<GivenTable, FileUnreadable | TableInvalid> {
  if (!/\.(parquet|pq)$/i.test(file)) return yield* csvTable(file)
  const { columns } = yield* readParquet(file)
  return { file, columns, lineOf: (row) => row + 1 }
})

/** A table made ready, with what was left out in words. */
export interface PreparedTable {
  readonly file: string
  readonly given: GivenTable
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

/**
 * Reads a table and makes it ready to learn from.
 * @param target null for none
 */
export const prepareTable = Effect.fn("prepareTable")(function* (
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
  return { file, given, kept, table: outcome.table, notes: notesOf(kept, dropped) }
})
