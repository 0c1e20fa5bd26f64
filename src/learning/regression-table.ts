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

/** Whether every value of a column is the same. */
const isConstant = (values: Float64Array): boolean => values.every((value) => value === values[0])

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
  const all = [...names, targetName]
  const duplicates = new Set(all.filter((name, k) => all.indexOf(name) !== k))
  if (duplicates.size > 0) return { kind: "duplicate names", names: [...duplicates] }
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
  const all = [...columns, target]
  const named = [...names, targetName]
  const cells: FaultyCell[] = []
  const faulty = new Set<string>()
  let count = 0
  let rowCount = 0
  for (let row = 0; row < target.length; row++) {
    const before = count
    for (let k = 0; k < all.length; k++) {
      if (Number.isFinite(all[k][row])) continue
      count++
      faulty.add(named[k])
      if (cells.length < cellsNamed) cells.push({ row, column: named[k], value: all[k][row] })
    }
    if (count > before) rowCount++
  }
  if (count === 0) return undefined
  return { kind: "missing values", count, rowCount, columns: named.filter((name) => faulty.has(name)), cells }
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
