/** A column of a table: numbers, or words such as the kind of a step. */
export interface Column {
  readonly name: string
  /** SI; "" for none */
  readonly unit: string
  /** [row] */
  readonly values: Float64Array | readonly string[]
}

/** Columns of equal length. */
export interface Table {
  readonly columns: readonly Column[]
}

export const rowCount = ({ columns }: Table): number => columns[0]?.values.length ?? 0

/** The numbers of a column by its name; NaN stands for "not recorded". */
export const numbersOf = ({ columns }: Table, name: string): Float64Array => {
  const column = columns.find((candidate) => candidate.name === name)
  if (column === undefined) return new Float64Array(columns[0]?.values.length ?? 0).fill(Number.NaN)
  return column.values instanceof Float64Array ? column.values : Float64Array.from(column.values, toNumber)
}

/** The words of a column by its name. */
export const wordsOf = ({ columns }: Table, name: string): readonly string[] => {
  const column = columns.find((candidate) => candidate.name === name)
  if (column === undefined) return []
  return column.values instanceof Float64Array ? Array.from(column.values, String) : column.values
}

const toNumber = (cell: string): number => (cell.trim() === "" ? Number.NaN : Number(cell))
