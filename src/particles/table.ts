/** One attribute of all particles. */
export interface TableColumn {
  /** As in the table of attributes, such as "Elongation" */
  readonly name: string
  /** SI; empty for none */
  readonly unit: string
  /** [particle] NaN where it is not defined */
  readonly values: Float64Array
  /** What stands for the spatial quantity where only a plane is known; absent where the definition is the same. */
  readonly planeAnalogue?: string
}

/** An attribute that the source of the table cannot give. */
export interface MissingColumn {
  readonly name: string
  readonly reason: string
}

/** One row a particle; row k is particle k. Measurement and simulation share names, units and definitions. */
export interface ParticleTable {
  readonly particleCount: number
  readonly columns: readonly TableColumn[]
  readonly missing: readonly MissingColumn[]
  /** [particle] 1 where the border of the field of view cuts it; such rows stay out of statistics */
  readonly cut: Uint8Array
}

/** Column of a table by name. */
export const columnOf = (table: ParticleTable, name: string): TableColumn | undefined =>
  table.columns.find((column) => column.name === name)

/** The table with a column put in the place of one with the same name, or at the end. */
export const withColumn = (table: ParticleTable, column: TableColumn): ParticleTable => {
  if (column.values.length !== table.particleCount) {
    throw new RangeError(`column ${column.name} has ${column.values.length} rows; the table has ${table.particleCount}`)
  }
  const at = table.columns.findIndex(({ name }) => name === column.name)
  return {
    ...table,
    columns: at < 0 ? [...table.columns, column] : table.columns.map((old, k) => (k === at ? column : old)),
    missing: table.missing.filter(({ name }) => name !== column.name),
  }
}

/** The table without the rows of particles that the border cuts. */
export const wholeParticles = (table: ParticleTable): ParticleTable => {
  const rows = [...table.cut.keys()].filter((row) => table.cut[row] === 0)
  return {
    ...table,
    particleCount: rows.length,
    cut: new Uint8Array(rows.length),
    columns: table.columns.map((column) => ({ ...column, values: Float64Array.from(rows, (r) => column.values[r]) })),
  }
}
