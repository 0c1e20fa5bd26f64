import { failingRows, isConstant, repeatedNames } from "./column-checks.ts"

/** Attributes of some rows, and what is to be told from them. */
export interface RegressionTable {
  /** [feature] */
  readonly names: readonly string[]
  /** [feature][row], each in its own unit */
  readonly columns: readonly Float64Array[]
  readonly targetName: string
  /** [row] */
  readonly target: Float64Array
}

/** A cell that holds no finite number. */
export interface FaultyCell {
  readonly row: number
  readonly column: string
  readonly value: number
}

/** Why nothing can be learnt from a table. */
export type TableRefusal =
  | { readonly kind: "too few rows"; readonly found: number; readonly needed: number }
  | { readonly kind: "no columns" }
  | { readonly kind: "duplicate names"; readonly names: readonly string[] }
  /** `cells` are the first of `count`, row by row; `columns` are all that hold any. */
  | {
      readonly kind: "missing values"
      readonly count: number
      readonly rowCount: number
      readonly columns: readonly string[]
      readonly cells: readonly FaultyCell[]
    }

/** What a look at a table finds. */
export type TableVerdict =
  /** `constant` columns tell nothing: no tree splits on them and their importance is 0. */
  { readonly kind: "usable"; readonly constant: readonly string[]; readonly isTargetConstant: boolean } | TableRefusal

/** Cells that are named one by one. */
const cellsNamed = 10

/**
 * Whether a table can be learnt from: enough rows, names that are unique (the target's too), numbers everywhere.
 * @param needed rows, ≥ 1
 * @throws RangeError where columns differ in length
 */
export const examine = (table: RegressionTable, needed = 2): TableVerdict => {
  const { names, columns, target, targetName } = table
  const rowCount = target.length
  if (names.length !== columns.length) throw new RangeError(`${names.length} names for ${columns.length} columns`)
  for (const [k, column] of columns.entries()) {
    if (column.length !== rowCount)
      throw new RangeError(`${names[k]} has ${column.length} rows, the target ${rowCount}`)
  }
  if (columns.length === 0) return { kind: "no columns" }
  const duplicates = [...repeatedNames([...names, targetName]).keys()]
  if (duplicates.length > 0) return { kind: "duplicate names", names: duplicates }
  const missing = missingValues(table)
  if (missing !== undefined) return missing
  if (rowCount < needed) return { kind: "too few rows", found: rowCount, needed }
  return {
    kind: "usable",
    constant: names.filter((_, k) => isConstant(columns[k])),
    isTargetConstant: isConstant(target),
  }
}

const missingValues = ({ names, columns, target, targetName }: RegressionTable): TableRefusal | undefined => {
  const named = [...names, targetName]
  const faulty = [...columns, target].flatMap((values, k) => {
    const { count, rows } = failingRows(values, Number.isFinite, values.length)
    return count === 0 ? [] : { column: named[k], values, rows }
  })
  if (faulty.length === 0) return undefined
  const cells = faulty
    .flatMap(({ column, values, rows }) => rows.map((row): FaultyCell => ({ row, column, value: values[row] })))
    // The sort keeps the order of the columns in a row.
    .sort((a, b) => a.row - b.row)
  return {
    kind: "missing values",
    count: cells.length,
    rowCount: new Set(cells.map(({ row }) => row)).size,
    columns: faulty.map(({ column }) => column),
    cells: cells.slice(0, cellsNamed),
  }
}

/** A refusal in words; rows are counted from 1 here. */
export const refusalText = (refusal: TableRefusal): string => {
  switch (refusal.kind) {
    case "too few rows":
      return `${refusal.found} rows, at least ${refusal.needed} needed`
    case "no columns":
      return "no column to learn from"
    case "duplicate names":
      return `several columns are called ${refusal.names.join(", ")}`
    case "missing values": {
      const cells = refusal.cells.map(({ row, column, value }) => `row ${row + 1} of ${column} is ${value}`)
      const more = refusal.count > cells.length ? `, and ${refusal.count - cells.length} more` : ""
      return `${refusal.count} values in ${refusal.rowCount} rows are no numbers: ${cells.join(", ")}${more}`
    }
  }
}

/** Some rows of a table, in the order given. @param rows [row of the result] */
export const rowsOf = (table: RegressionTable, rows: ArrayLike<number>): RegressionTable => {
  const pick = (values: Float64Array): Float64Array => {
    const out = new Float64Array(rows.length)
    for (let i = 0; i < rows.length; i++) out[i] = values[rows[i]]
    return out
  }
  return { ...table, columns: table.columns.map(pick), target: pick(table.target) }
}
