import { describeColumns } from "../particles/attribute-columns.ts"
import { completeRows, type GivenColumn } from "./learning-table.ts"

/** Rows of attributes to learn from, with what was left out and why. */
export interface AttributeRows {
  readonly columns: readonly GivenColumn[]
  /** [row] its place in the table as it was */
  readonly rows: Int32Array
  /** Rows whose particle the border of the field of view cuts */
  readonly cutCount: number
  /** Rows in which a number is missing */
  readonly incompleteCount: number
  /** Columns that are no attributes */
  readonly besides: readonly string[]
  /** Columns without a number in most rows */
  readonly sparse: readonly string[]
}

/** Numbers of particles, places across the depth, and what a simulation alone knows. */
const noAttributes = new Set([
  ...["particle", "Label", "Cut", "X", "Y"],
  ...describeColumns().flatMap(({ name, beside }) => (beside ? [name] : [])),
  ...["mean_stoichiometry", "surface_stoichiometry", "interface_damage", "debonded_share", "mean_gap", "max_gap"],
  ...["gap_volume_share", "current", "max_principal_stress", "max_hydrostatic_stress", "elastic_energy"],
  ...["crack_volume_share", "floating"],
])

/** Whether a column of a table of particles is one of its attributes; columns of other tables are. */
export const isAttribute = (name: string): boolean => !noAttributes.has(name)

const isMostlyMissing = ({ values }: GivenColumn): boolean =>
  values instanceof Float64Array && 2 * values.filter(Number.isFinite).length < values.length

/** A column with some of its rows, in the order given. */
export const pickedRows = (column: GivenColumn, rows: Int32Array): GivenColumn => {
  const { values } = column
  return {
    ...column,
    values:
      values instanceof Float64Array
        ? Float64Array.from(rows, (row) => values[row])
        : Array.from(rows, (row) => values[row]),
  }
}

/** Rows whose particle the border of the field of view does not cut. */
const wholeRows = (columns: readonly GivenColumn[]): Int32Array => {
  const cut = columns.find(({ name }) => name === "Cut")?.values
  const all = Int32Array.from({ length: columns[0]?.values.length ?? 0 }, (_, row) => row)
  return cut instanceof Float64Array ? all.filter((row) => cut[row] !== 1) : all
}

/** All columns of whole particles, numbers missing or not. */
export const wholeParticleColumns = (columns: readonly GivenColumn[]): readonly GivenColumn[] => {
  const whole = wholeRows(columns)
  return columns.map((column) => pickedRows(column, whole))
}

/**
 * What is learnt from a table of particles: whole particles, the attributes of the published table without X and Y, and
 * rows in which every one of them is a number. Columns of other tables all stay.
 * @param target  stays whatever it is; null for none
 * @param without columns to leave out besides
 */
export const attributeRows = (
  columns: readonly GivenColumn[],
  target: string | null,
  without: readonly string[],
): AttributeRows => {
  const whole = wholeRows(columns)
  const wanted = columns.filter(({ name }) => !without.includes(name))
  const attributes = wanted.filter(({ name }) => name === target || isAttribute(name))
  const picked = attributes.map((column) => pickedRows(column, whole))
  const filled = picked.filter((column) => column.name === target || !isMostlyMissing(column))
  const complete = completeRows(filled)
  return {
    columns: complete.columns,
    rows: complete.rows.map((row) => whole[row]),
    cutCount: (columns[0]?.values.length ?? 0) - whole.length,
    incompleteCount: complete.leftOut,
    besides: wanted.filter((column) => !attributes.includes(column)).map(({ name }) => name),
    sparse: picked.filter((column) => !filled.includes(column)).map(({ name }) => name),
  }
}
