import type { Column, Table } from "../../formats/table.ts"
import type { ParticleTable } from "../../particles/table.ts"

/**
 * A particle table for a file: `particle` counts rows from 1, as in tables of simulations, and `Cut` is 1 where the
 * border of the field of view cuts the particle.
 */
export const tableOf = (table: ParticleTable): Table => {
  const column = (name: string, values: Float64Array): Column => ({ name, unit: "", values })
  return {
    columns: [
      column(
        "particle",
        Float64Array.from({ length: table.particleCount }, (_, row) => row + 1),
      ),
      ...table.columns.map(({ name, unit, values }) => ({ name, unit, values })),
      column("Cut", Float64Array.from(table.cut)),
    ],
  }
}
