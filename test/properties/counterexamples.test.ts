import { fileURLToPath } from "node:url"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { buildTwin } from "../../src/pipeline/build.ts"
import { meshSource } from "../../src/pipeline/run-source.ts"
import { loadTwin } from "../../src/twin/load.ts"
import { loadScenario } from "../../src/twin/scenario/load.ts"
import { coatedCurrentFinding, instantCurrents, withCoat } from "./conductor.ts"
import { bothWays, gapsFollowWork, spreadOf } from "./feedback.ts"
import type { Runnable } from "./march.ts"

/** A counterexample as it was saved; its README says what it contradicts and why. */
const loaded = (name: string): Promise<Runnable> =>
  Effect.runPromise(
    Effect.gen(function* () {
      const folder = fileURLToPath(new URL(`counterexamples/${name}/`, import.meta.url))
      const twin = yield* loadTwin(`${folder}twin.yaml`)
      const { protocol } = yield* loadScenario(`${folder}scenario.yaml`)
      const { mesh } = meshSource((yield* buildTwin(twin)).source)
      return { mesh, parameters: twin.parameters, protocol, time: twin.time }
    }),
  )

describe("a better conductor around one particle", async () => {
  const run = await loaded("coat-that-takes-current-away")
  const [before, after] = [instantCurrents(run, 1e-3), instantCurrents(withCoat(run, 0), 1e-3)]

  it("can take current away from that particle", () => {
    expect(after?.particles[0]).toBeLessThan(0.95 * (before?.particles[0] ?? 0))
    expect(coatedCurrentFinding(run)).toMatch(/^with a coat, particle 1 passes/)
  })

  it("gives more than that to the others", () => {
    for (const particle of [1, 2, 3, 4])
      expect(after?.particles[particle]).toBeGreaterThan(before?.particles[particle] ?? Infinity)
    expect(after?.total).toBeGreaterThan(before?.total ?? Infinity)
  })

  it("takes none away where ions meet no resistance", () => {
    const { electrolyte, lithium } = run.parameters
    const parameters = {
      ...run.parameters,
      electrolyte: { ...electrolyte, conductivity: () => 1e3 },
      lithium: { ...lithium, exchangeCurrent: 1e5 },
    }
    const [bare, coated] = [
      instantCurrents({ ...run, parameters }, 1e-3),
      instantCurrents(withCoat({ ...run, parameters }, 0), 1e-3),
    ]
    expect(coated?.particles[0]).toBeGreaterThanOrEqual(bare?.particles[0] ?? Infinity)
  })
})

describe("contact resistance that grows with the gap", async () => {
  const run = await loaded("feedback-that-drives-apart")
  const closed = { closed: 1e-3, referenceGap: 1e-9 }
  const charges = [...bothWays(run, closed)]

  it("can widen the spread of particles whose gaps follow size", () => {
    expect(charges).toHaveLength(3)
    const spreads = charges.map(({ felt }) => spreadOf(felt))
    expect(spreads[1]).toBeGreaterThan(spreads[0] + 0.015)
    expect(spreads[2]).toBeGreaterThan(spreads[1] + 0.015)
    expect(spreads[2]).toBeGreaterThan(spreadOf(charges[2].unfelt) + 0.03)
  })

  it("does so by the gap of the larger one, which works less", () => {
    const { particles } = charges[0].felt
    expect(particles.meanStoichiometry[0]).toBeGreaterThan(particles.meanStoichiometry[1])
    expect(particles.meanGap[0]).toBeGreaterThan(particles.meanGap[1])
    expect(gapsFollowWork(charges[0].felt)).toBe(false)
  })
})
