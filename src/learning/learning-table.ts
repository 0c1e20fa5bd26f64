import { failingRows, isConstant, repeatedNames } from "./column-checks.ts"
import type { RegressionTable } from "./regression-table.ts"

/** A column as a table of attributes has it, measured, simulated or read from a file. */
export interface GivenColumn {
  readonly name: string
  /** SI; empty for none */
  readonly unit: string
  /** [row]; words where the source has words */
  readonly values: Float64Array | readonly string[]
}

/** Rows of numbers to learn from: every one finite, every column named once and varying. */
export interface LearningTable {
  readonly rowCount: number
  /** [column] */
  readonly names: readonly string[]
  /** [column] SI; empty for none */
  readonly units: readonly string[]
  /** [row, column] row by row, in the columns' units */
  readonly values: Float64Array
  /** What is to be foretold from the other columns; null where nothing is */
  readonly target: { readonly name: string; readonly unit: string; readonly values: Float64Array } | null
}

/** What to make of some columns. */
export interface LearningChoice {
  /** The column to foretell; null for none, which keeps all columns together */
  readonly target: string | null
  /** Columns to leave out, such as numbers of particles */
  readonly without: readonly string[]
  /** Fewer rows than this are refused */
  readonly leastRows: number
}

/** Ten rows a fold of a tenth, and one held out of twenty. */
export const defaultLearningChoice: LearningChoice = { target: null, without: [], leastRows: 20 }

/** What keeps some columns from being a table to learn from. Rows count from 0; the first few are named. */
export type TableFault =
  | { readonly kind: "no such column"; readonly column: string; readonly columns: readonly string[] }
  | { readonly kind: "name twice"; readonly column: string; readonly count: number }
  | { readonly kind: "words"; readonly column: string; readonly rows: readonly number[]; readonly found: string }
  | { readonly kind: "no number"; readonly column: string; readonly rows: readonly number[]; readonly count: number }
  | {
      readonly kind: "too large"
      readonly column: string
      readonly rows: readonly number[]
      readonly count: number
      readonly largest: number
    }
  | { readonly kind: "constant target"; readonly column: string; readonly value: number }
  | { readonly kind: "too few rows"; readonly rowCount: number; readonly least: number }
  | { readonly kind: "no columns" }

/** A column that was left out because all its values are one. */
export interface DroppedColumn {
  readonly name: string
  readonly value: number
}

/** A table fit to learn from with what was left out of it, or all that is wrong with what was given. */
export type TableOutcome =
  | { readonly kind: "ready"; readonly table: LearningTable; readonly dropped: readonly DroppedColumn[] }
  | { readonly kind: "refused"; readonly faults: readonly TableFault[] }

const shownRows = 5

/** Squares of larger numbers, and sums of them, are no numbers any more. */
const largestNumber = 1e150

/** Rows as a reader counts them, from 1. */
const counted = (rows: readonly number[]): string => rows.map((row) => row + 1).join(", ")

/** One line that says what is wrong, where (rows counted from 1), and what was expected. */
export const faultText = (fault: TableFault): string => {
  switch (fault.kind) {
    case "no such column":
      return `column ${fault.column}: expected one of ${fault.columns.join(", ")}; found none of this name`
    case "name twice":
      return `column ${fault.column}: expected one of this name; found ${fault.count}`
    case "words":
      return `column ${fault.column}, row ${counted(fault.rows)}: expected numbers; found “${fault.found}”`
    case "no number": {
      const more = fault.count > fault.rows.length ? ` and ${fault.count - fault.rows.length} more` : ""
      return `column ${fault.column}, row ${counted(fault.rows)}${more}: expected finite numbers; found none`
    }
    case "too large":
      return `column ${fault.column}, row ${counted(fault.rows)}: expected numbers up to ${fault.largest.toExponential()}; found larger ones`
    case "constant target":
      return `column ${fault.column}: expected values that differ; all are ${fault.value}`
    case "too few rows":
      return `expected at least ${fault.least} rows; found ${fault.rowCount}`
    case "no columns":
      return "expected columns of numbers that differ; found none"
  }
}

/** An empty cell is a number that was not recorded; `Number` would make it 0. */
const numberIn = (cell: string): number => (cell.trim() === "" ? Number.NaN : Number(cell))

const isWord = (cell: string): boolean => Number.isNaN(numberIn(cell)) && !/^\s*(?:|nan|na|null)\s*$/i.test(cell)

interface Read {
  readonly name: string
  readonly unit: string
  readonly values: Float64Array
}

const readColumn = ({ name, unit, values }: GivenColumn): Read | TableFault => {
  if (!(values instanceof Float64Array)) {
    const words = [...values.keys()].filter((row) => isWord(values[row]))
    if (words.length > 0)
      return { kind: "words", column: name, rows: words.slice(0, shownRows), found: values[words[0]] }
  }
  const numbers = values instanceof Float64Array ? values : Float64Array.from(values, numberIn)
  const missing = failingRows(numbers, Number.isFinite, shownRows)
  if (missing.count > 0) return { kind: "no number", column: name, ...missing }
  const large = failingRows(numbers, (value) => Math.abs(value) <= largestNumber, shownRows)
  if (large.count > 0) return { kind: "too large", column: name, ...large, largest: largestNumber }
  return { name, unit, values: numbers }
}

const namesTwice = (columns: readonly GivenColumn[]): readonly TableFault[] =>
  Array.from(repeatedNames(columns.map(({ name }) => name)), ([column, count]) => ({
    kind: "name twice" as const,
    column,
    count,
  }))

/**
 * A table to learn from, or everything that is wrong with the columns: names that are not there or there twice, words,
 * numbers that are missing or infinite, fewer rows than asked for, a target that never changes. Other columns that
 * never change are dropped and named.
 * @param columns  of equal length
 * @throws RangeError where lengths differ, a broken contract
 */
export const learningTable = (
  columns: readonly GivenColumn[],
  { target, without, leastRows }: LearningChoice = defaultLearningChoice,
): TableOutcome => {
  const rowCount = columns[0]?.values.length ?? 0
  for (const { name, values } of columns)
    if (values.length !== rowCount) throw new RangeError(`column ${name} has ${values.length} rows, not ${rowCount}`)
  const names = columns.map(({ name }) => name)
  const faults: TableFault[] = [...namesTwice(columns)]
  for (const column of target === null ? without : [target, ...without])
    if (!names.includes(column)) faults.push({ kind: "no such column", column, columns: names })
  if (rowCount < leastRows) faults.push({ kind: "too few rows", rowCount, least: leastRows })
  const read: Read[] = []
  for (const column of columns.filter(({ name }) => !without.includes(name))) {
    const result = readColumn(column)
    if ("kind" in result) faults.push(result)
    else read.push(result)
  }
  const wanted = read.find(({ name }) => name === target) ?? null
  if (wanted !== null && rowCount > 0 && isConstant(wanted.values))
    faults.push({ kind: "constant target", column: wanted.name, value: wanted.values[0] })
  if (faults.length > 0) return { kind: "refused", faults }
  const inputs = read.filter((column) => column !== wanted)
  const kept = inputs.filter(({ values }) => !isConstant(values))
  if (kept.length === 0) return { kind: "refused", faults: [{ kind: "no columns" }] }
  const values = new Float64Array(rowCount * kept.length)
  for (const [place, column] of kept.entries())
    for (let row = 0; row < rowCount; row++) values[row * kept.length + place] = column.values[row]
  return {
    kind: "ready",
    table: {
      rowCount,
      names: kept.map(({ name }) => name),
      units: kept.map(({ unit }) => unit),
      values,
      target: wanted,
    },
    dropped: inputs
      .filter((column) => !kept.includes(column))
      .map((column) => ({ name: column.name, value: column.values[0] })),
  }
}

/** Rows in which every column has a finite number, and how many had not. */
export interface CompleteRows {
  readonly columns: readonly GivenColumn[]
  /** [row] its place in the table as it was */
  readonly rows: Int32Array
  readonly leftOut: number
}

/** Columns without the rows in which one of them has no number; columns of words stay as they are. */
export const completeRows = (columns: readonly GivenColumn[]): CompleteRows => {
  const rowCount = columns[0]?.values.length ?? 0
  const isComplete = new Uint8Array(rowCount).fill(1)
  for (const { values } of columns) {
    for (let row = 0; row < rowCount; row++) {
      const cell = values[row]
      const isMissing =
        typeof cell === "number" ? !Number.isFinite(cell) : Number.isNaN(numberIn(cell)) && !isWord(cell)
      if (isMissing) isComplete[row] = 0
    }
  }
  const rows = Int32Array.from([...isComplete.keys()].filter((row) => isComplete[row] === 1))
  const kept = columns.map((column): GivenColumn => {
    const { values } = column
    const picked = values instanceof Float64Array ? Float64Array.from(rows, (row) => values[row]) : undefined
    return { ...column, values: picked ?? Array.from(rows, (row) => values[row] as string) }
  })
  return { columns: kept, rows, leftOut: rowCount - rows.length }
}

/** Column of a table as numbers of their own [row]. */
export const tableColumn = ({ names, rowCount, values }: LearningTable, column: number): Float64Array => {
  if (!(column >= 0 && column < names.length)) throw new RangeError(`column ${column} of ${names.length}`)
  return Float64Array.from({ length: rowCount }, (_, row) => values[row * names.length + column])
}

/** The table with some of its rows, in the order given. @param rows [row] */
export const tableRows = (table: LearningTable, rows: ArrayLike<number>): LearningTable => {
  const width = table.names.length
  const values = new Float64Array(rows.length * width)
  for (let row = 0; row < rows.length; row++)
    values.set(table.values.subarray(rows[row] * width, (rows[row] + 1) * width), row * width)
  const { target } = table
  return {
    ...table,
    rowCount: rows.length,
    values,
    target: target && { ...target, values: Float64Array.from(rows, (row) => target.values[row]) },
  }
}

/** The table as a forest takes it. @throws RangeError where the table has no target */
export const regressionTable = (table: LearningTable): RegressionTable => {
  const { names, target } = table
  if (target === null) throw new RangeError("a regression needs a target")
  const columns = names.map((_, column) => tableColumn(table, column))
  return { names, columns, targetName: target.name, target: target.values }
}
