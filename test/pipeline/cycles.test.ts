import { Effect } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Observation } from "../../src/model/observation.ts"
import type { Protocol, ProtocolStep } from "../../src/model/protocol.ts"
import { booked, cycleColumns, cycleRow, openAccount, spreadOf } from "../../src/pipeline/cycles.ts"
import { progressOf } from "../../src/pipeline/progress.ts"
import { splitSettings } from "../../src/pipeline/settings.ts"

const observation = (charge: number, more: Partial<Observation> = {}): Observation => {
  const values = Float64Array.of(0.1, 0.2, 0.3)
  return {
    time: 0,
    cycle: 1,
    step: 0,
    stepType: "charge",
    current: 1,
    voltage: 4,
    charge,
    particles: {
      meanStoichiometry: values,
      surfaceStoichiometry: values,
      damage: values,
      meanGap: values,
      maximumGap: values,
      debondedShare: values,
      gapVolumeShare: values,
      current: values,
      maximumPrincipalStress: values,
      maximumHydrostaticStress: values,
      elasticEnergy: values,
    },
    balance: { lithium: 0, charge: 0 },
    mechanicalEnergy: { input: 0, elastic: 0, dissipated: 0, viscous: 0 },
    ...more,
  }
}

describe("spread over particles", () => {
  it("is that of the definitions", () => {
    expect(spreadOf(Float64Array.of(1, 2, 3, 4))).toEqual({
      mean: 2.5,
      minimum: 1,
      maximum: 4,
      deviation: Math.sqrt(1.25),
    })
  })
  it("moves with the values and does not depend on their order", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }), (values) => {
        const spread = spreadOf(Float64Array.from(values))
        const turned = spreadOf(Float64Array.from(values.toReversed()))
        expect(turned.deviation).toBeCloseTo(spread.deviation, 12)
        expect(spread.deviation).toBeLessThanOrEqual(spread.maximum - spread.minimum + 1e-12)
        expect(spread.mean).toBeGreaterThanOrEqual(spread.minimum - 1e-12)
      }),
    )
  })
})

describe("the account of a cycle", () => {
  it("adds up charge and discharge apart, in mAh/g, whatever the steps", () => {
    const charges = [0, 100, 360_000, 350_000, 0, 3600]
    const account = charges.reduce((sum, charge) => booked(sum, observation(charge)), openAccount(1, 0))
    const row = Object.fromEntries(
      cycleRow(account, observation(3600)).map((value, index) => [cycleColumns[index].name, value]),
    )
    expect(row).toMatchObject({ cycle: 1, charge_capacity: 101, discharge_capacity: 100 })
    expect(row.spread_damage).toBeCloseTo(0.2, 12)
    expect(row.spread_stoichiometry_charge).toBeNaN()
  })
  it("keeps the largest balance error", () => {
    const errors = [1e-12, -3e-10, 2e-11]
    const account = errors.reduce(
      (sum, error) => booked(sum, observation(0, { balance: { lithium: error, charge: -error } })),
      openAccount(1, 0),
    )
    expect(account).toMatchObject({ lithiumError: 3e-10, chargeError: 3e-10 })
  })
})

describe("progress", () => {
  const step = (cycle: number, duration: number, rate: number): ProtocolStep => ({
    phrase: "step",
    cycle,
    duration,
    limits: [],
    control: rate === 0 ? { kind: "rest" } : { kind: "c-rate", rate },
  })
  const protocol: Protocol = {
    name: "p",
    steps: [step(0, 100, 1), step(1, Number.POSITIVE_INFINITY, 5), step(2, 100, 0)],
  }

  it("rises from 0 to 1 and never falls", () => {
    const progress = progressOf(protocol)
    let last = 0
    for (const [index, end] of [100, 900, 1000].entries()) {
      for (let time = [0, 100, 900][index]; time <= end; time += 20) {
        const { share } = progress.at(observation(0, { time }), 1)
        expect(share).toBeGreaterThanOrEqual(last)
        last = share
      }
      progress.stepEnded(index, observation(0, { time: end }))
      last = progress.at(observation(0, { time: end }), 1).share
    }
    expect(last).toBe(1)
  })
})

describe("--set", () => {
  it("goes to the file that has the path", async () => {
    const { twin, scenario } = await Effect.runPromise(
      splitSettings(["cycle.repeat=2", "materials.temperature=300 K", "scenario.name=x", "twin.name=y"]),
    )
    expect(scenario.map(({ path, value }) => [path, value])).toEqual([
      [["cycle", "repeat"], 2],
      [["name"], "x"],
    ])
    expect(twin.map(({ path, value }) => [path, value])).toEqual([
      [["materials", "temperature"], "300 K"],
      [["name"], "y"],
    ])
  })
})
