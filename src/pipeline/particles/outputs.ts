import { join } from "node:path"
import { Effect } from "effect"
import { writeCsv } from "../../formats/csv.ts"
import { writeParquet } from "../../formats/parquet.ts"
import { writeVtu } from "../../formats/vtu.ts"
import type { ParticleMeasures } from "../../particles/measure-particle.ts"
import type { Population } from "../../particles/population.ts"
import type { ParticleTable } from "../../particles/table.ts"
import type { GradientAngles } from "../../particles/valence-gradient.ts"
import type { ParticleReportInput } from "../../report/particles/input.ts"
import { renderParticles } from "../../report/particles/page.ts"
import { writeAtomically } from "../../store/atomic.ts"
import type { RunUnwritable } from "../../store/errors.ts"
import { particleFiles } from "../../store/particles-manifest.ts"
import { reportFonts } from "../typeface.ts"
import { contactNetwork, neighbourPairs, neighbourTable } from "./contacts.ts"
import type { PhaseShare } from "./layers.ts"
import type { SliceMesh } from "./mesh-slice.ts"
import { statisticsRecord } from "./statistics-record.ts"
import { tableOf } from "./table-files.ts"

/** Writes the tables, one for each estimator. */
export const writeTables = Effect.fnUntraced(function* (
  folder: string,
  table: ParticleTable,
  published: ParticleTable | null,
): Effect.fn.Return<void, RunUnwritable> {
  const file = tableOf(table)
  yield* writeAtomically(join(folder, particleFiles.particles), writeCsv(file))
  yield* writeAtomically(join(folder, particleFiles.particlesParquet), writeParquet(file))
  if (published !== null) yield* writeAtomically(join(folder, particleFiles.published), writeCsv(tableOf(published)))
})

/** Writes pairs of neighbours and the network of those that touch. */
export const writeNetwork = Effect.fnUntraced(function* (
  folder: string,
  measures: readonly ParticleMeasures[],
  table: ParticleTable,
): Effect.fn.Return<void, RunUnwritable> {
  const pairs = neighbourPairs(measures)
  yield* writeAtomically(join(folder, particleFiles.neighbours), writeCsv(neighbourTable(pairs, measures)))
  yield* writeAtomically(join(folder, particleFiles.network), writeVtu(contactNetwork(pairs, measures, table), 0))
})

export const writeStatistics = (
  folder: string,
  population: Population,
  phases: readonly PhaseShare[],
  angles: GradientAngles | undefined,
): Effect.Effect<void, RunUnwritable> =>
  writeAtomically(
    join(folder, particleFiles.statistics),
    `${JSON.stringify(statisticsRecord(population, phases, angles))}\n`,
  )

/** Writes a mesh; returns what is to be said of it. */
export const writeMesh = Effect.fnUntraced(function* (
  folder: string,
  mesh: SliceMesh,
): Effect.fn.Return<readonly string[], RunUnwritable> {
  if (mesh.kind === "failed") return [`no mesh of the plane ${mesh.plane}: ${mesh.reason}`]
  yield* writeAtomically(join(folder, particleFiles.mesh), writeVtu(mesh.grid, 0))
  return mesh.notes.map((note) => `mesh of the plane ${mesh.plane}: ${note}`)
})

/** Writes the page and the picture of the particles. */
export const writeReportPage = Effect.fnUntraced(function* (
  folder: string,
  input: ParticleReportInput,
): Effect.fn.Return<void, RunUnwritable> {
  const fonts = yield* reportFonts
  const { page, picture } = renderParticles(input, { fonts })
  yield* writeAtomically(join(folder, particleFiles.report), page)
  if (picture !== undefined) yield* writeAtomically(join(folder, particleFiles.picture), picture)
})
