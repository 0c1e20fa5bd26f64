import { fileURLToPath } from "node:url"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { buildTwin } from "../../src/pipeline/build.ts"
import { meshSource } from "../../src/pipeline/run-source.ts"
import { defaultSynchronisationSettings } from "../../src/synchronisation/settings.ts"
import { judge } from "../../src/synchronisation/verdict.ts"
import { loadTwin } from "../../src/twin/load.ts"
import { loadScenario } from "../../src/twin/scenario/load.ts"
import { type NetworkCase, networkCase } from "../arbitrary/network-twin-files.ts"
import { coatedCurrentFinding, instantCurrents, withCoat } from "./conductor.ts"
import { afterVerdict, chargeSpreads } from "./envelope.ts"
import { bothWays, gapsFollowWork, spreadOf } from "./feedback.ts"
import type { Runnable } from "./march.ts"
import {
  conductorsLed,
  everyNetworkCurrentFinding,
  instantNetworkCurrents,
  touchedCurrentFinding,
} from "./network-conductor.ts"
import { networkBothWays } from "./network-feedback.ts"

/** A counterexample as it was saved; its README says what it contradicts and why. */
const files = Effect.fn("files")(function* (name: string) {
  const folder = fileURLToPath(new URL(`counterexamples/${name}/`, import.meta.url))
  const twin = yield* loadTwin(`${folder}twin.yaml`)
  const { protocol } = yield* loadScenario(`${folder}scenario.yaml`)
  return { twin, protocol }
})

const loaded = (name: string): Promise<Runnable> =>
  Effect.runPromise(
    Effect.gen(function* () {
      const { twin, protocol } = yield* files(name)
      const { mesh } = meshSource((yield* buildTwin(twin)).source)
      return { mesh, parameters: twin.parameters, protocol, time: twin.time }
    }),
  )

const loadedNetwork = (name: string): Promise<NetworkCase> =>
  Effect.runPromise(
    Effect.gen(function* () {
      const { twin, protocol } = yield* files(name)
      return yield* networkCase(twin, protocol)
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

describe("particles that are fed alike but not held alike", async () => {
  const run = await loadedNetwork("alike-but-unequally-held")
  const charges = [...networkBothWays(run, { closedResistance: 1e-3, referenceGap: 1 }).charges]

  it("are in step without feedback, and put out of step by it", () => {
    expect(charges).toHaveLength(8)
    for (const { unfelt } of charges) expect(spreadOf(unfelt)).toBeLessThan(1e-3)
    expect(spreadOf(charges[0].felt)).toBeLessThan(1e-3)
    expect(spreadOf(charges[4].felt)).toBeGreaterThan(0.022)
    expect(spreadOf(charges[7].felt)).toBeGreaterThan(0.03)
  })

  it("tear in other places: the one that tears more falls behind", () => {
    const { damage, meanGap, meanStoichiometry } = charges[7].felt.particles
    expect(damage[0]).toBeGreaterThan(4 * damage[1])
    expect(meanGap[0]).toBeGreaterThan(meanGap[1])
    expect(meanStoichiometry[0]).toBeGreaterThan(meanStoichiometry[1])
    expect(gapsFollowWork(charges[7].felt)).toBe(false)
  })
})

describe("a conductor from the collector", async () => {
  const run = await loadedNetwork("conductor-that-takes-current-away")
  const before = instantNetworkCurrents(run, 1e-3)
  const led = [...conductorsLed(run.network)].filter(({ shape }) => shape === 10)
  const after = led.map(({ network }) => instantNetworkCurrents({ ...run, network }, 1e-3))

  it("can take current away from the particle that it is led to", () => {
    expect(after[0]?.particles[0]).toBeLessThan(0.998 * (before?.particles[0] ?? 0))
    expect(touchedCurrentFinding(run)).toMatch(/led to particle 1 it passes/)
  })

  it("gives more than that to the others", () => {
    for (const particle of [1, 2, 3])
      expect(after[0]?.particles[particle]).toBeGreaterThan(1.005 * (before?.particles[particle] ?? Infinity))
    for (const own of after) expect(own?.total).toBeGreaterThan(before?.total ?? Infinity)
  })

  it("takes none away where ions meet no resistance", () => {
    expect(everyNetworkCurrentFinding(run)).toBeUndefined()
  })
})

describe("a network that has come into step", async () => {
  const spreads = chargeSpreads(await loadedNetwork("in-step-and-out-again"))

  it("can fall out of it when another bond goes", () => {
    const after = afterVerdict(spreads)
    expect(after?.decided).toBe(4)
    expect(after?.later.spread).toBeGreaterThan(1.8 * (after?.envelope ?? Infinity))
    expect(judge(spreads, defaultSynchronisationSettings).verdict).not.toBe("synchronises")
  })
})

describe("what comes after a verdict", () => {
  const points = (...spreads: number[]) => spreads.map((spread, k) => ({ cycle: k + 1, spread }))

  it("is held against the largest spread since the sync cycle", () => {
    expect(afterVerdict(points(0.1, 0.08, 0.04, 0.03, 0.02, 0.05))).toEqual({
      decided: 4,
      envelope: 0.04,
      later: { cycle: 6, spread: 0.05 },
    })
  })

  it("is nothing where there is no verdict, or no cycle after it", () => {
    expect(afterVerdict(points(0.1, 0.1, 0.1, 0.1, 0.1))).toBeUndefined()
    expect(afterVerdict(points(0.1, 0.08, 0.04, 0.03))).toBeUndefined()
  })
})
