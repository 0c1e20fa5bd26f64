import { fileURLToPath } from "node:url"
import { Effect } from "effect"
import { expect, it } from "vitest"
import type { ThreadCrew } from "../../src/engine/crew.ts"
import { buildTwin } from "../../src/pipeline/build.ts"
import { crewOf, crewSize } from "../../src/pipeline/network-crew.ts"
import { startSimulation } from "../../src/pipeline/simulation.ts"
import { loadTwin } from "../../src/twin/load.ts"
import { loadScenario } from "../../src/twin/scenario/load.ts"

const shipped = (file: string): string => fileURLToPath(new URL(`../../${file}`, import.meta.url))
const quiet = (): Effect.Effect<void> => Effect.void

/** The packing that is shipped, charged for a while; with three threads the work is shared differently every time. */
const charged = Effect.fnUntraced(function* (threads: number, steps: number, checkpoint?: unknown) {
  const twin = yield* loadTwin(shipped("twins/packing.yaml"))
  const { protocol } = yield* loadScenario(shipped("scenarios/one-cycle.yaml"))
  const { source } = yield* buildTwin(twin, undefined, quiet)
  expect(crewSize(source, threads)).toBe(threads)
  const crew = yield* crewOf(source, twin, threads)
  const simulation = startSimulation(source, twin, protocol, checkpoint, crew)
  expect(simulation.advance().kind).toBe("step")
  while (threads > 1 && (crew as ThreadCrew).joined() < threads - 1) yield* Effect.sleep("20 millis")
  for (let step = 1; step < steps; step++) expect(simulation.advance().kind).toBe("step")
  return simulation.checkpoint()
})

it("threads change nothing in a network, to the last bit, nor does going on with another number of them", async () => {
  const [one, two, three, halved, both] = await Effect.runPromise(
    Effect.scoped(
      Effect.all([
        charged(1, 24),
        charged(2, 24),
        charged(3, 24),
        Effect.flatMap(charged(1, 12), (checkpoint) => charged(1, 12, checkpoint)),
        Effect.flatMap(charged(2, 12), (checkpoint) => charged(1, 12, checkpoint)),
      ]),
    ),
  )
  expect(one.history[0].time).toBeGreaterThan(1)
  expect(two).toEqual(one)
  expect(three).toEqual(one)
  // Taking a checkpoint drops a factorisation: both of these have done so.
  expect(both).toEqual(halved)
})
