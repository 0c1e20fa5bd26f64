import { Effect } from "effect"
import { expect, it } from "vitest"
import { seededRandom } from "../../../src/array/random.ts"
import { defaultPopulationSettings, populationOf } from "../../../src/particles/population.ts"
import type { ParticleTable } from "../../../src/particles/table.ts"
import { populationIn } from "../../../src/pipeline/particles/statistics.ts"
import type { Window } from "../../../src/statistics/pair-correlation.ts"

const window: Window = [6e-5, 6e-5, 6e-5]
const random = seededRandom(4)
const count = 400
const column = (name: string, unit: string, of: () => number) => ({
  name,
  unit,
  values: Float64Array.from({ length: count }, of),
})
const table: ParticleTable = {
  particleCount: count,
  columns: [
    ...["X", "Y", "Z"].map((name) => column(name, "m", () => 6e-5 * random.uniform())),
    column("Volume", "m^3", () => 1e-16 * (1 + random.uniform())),
    column("Damage", "", () => 0.4 * random.uniform()),
  ],
  missing: [],
  cut: new Uint8Array(count),
}

it("is the same however relabellings are divided among threads, and as done at once", async () => {
  const settings = { ...defaultPopulationSettings, simulations: 799 }
  const at = (threads: number) => Effect.runPromise(populationIn(table, window, settings, threads))
  // Some 200 severely damaged particles: enough for threads of their own.
  const [one, two] = [await at(1), await at(2)]
  expect(one).toEqual(populationOf(table, window, settings))
  expect(two).toEqual(one)
})
