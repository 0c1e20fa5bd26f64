import { assertLength } from "../array/assert.ts"
import { cellCount, interfaceCount, nodeCount } from "../mesh/mesh.ts"
import type { ReportInput } from "./input.ts"

/** Throws unless every column of a table has its rows and every field its nodes, cells or facets. */
export const assertReportInput = (input: ReportInput): void => {
  const { history, particleHistory, cycles, particles, mesh, frames } = input
  const { stoichiometry, damage, ...columns } = history
  const rows = history.time.length
  assertColumns("history", columns, rows)
  assertColumns("history.stoichiometry", stoichiometry, rows)
  assertColumns("history.damage", damage, rows)
  assertColumns("particleHistory", particleHistory, particleHistory.time.length)
  assertColumns("cycles", cycles, cycles.cycle.length)
  for (const { name, values } of particles.columns) {
    assertLength(`particles.${name}`, values, particles.columns[0].values.length)
  }
  if (mesh === null) return
  for (const { label, pointData, cellData, interfaceDamage, interfaceGap } of frames) {
    for (const { name, values } of pointData) assertLength(`${label}: ${name}`, values, nodeCount(mesh))
    for (const { name, values } of cellData) assertLength(`${label}: ${name}`, values, cellCount(mesh))
    for (const values of [interfaceDamage, interfaceGap]) {
      if (values !== null) assertLength(`${label}: interface`, values, interfaceCount(mesh) * mesh.dimension)
    }
  }
}

const assertColumns = (table: string, columns: object, rows: number): void => {
  for (const [name, column] of Object.entries(columns)) assertLength(`${table}.${name}`, column, rows)
}
