import { describe, expect, it } from "vitest"
import type { NetworkCheckpoint } from "../../../src/model/network/simulation.ts"
import type { Observation } from "../../../src/model/observation.ts"
import type { Protocol } from "../../../src/model/protocol.ts"
import type { ParticleConduction } from "../../../src/model/resolved/parameters.ts"
import { plainNetwork, type SmallNetwork } from "../../arbitrary/network.ts"
import { atRate, finish, fixedChargeCycle, simulationOf } from "./reference.ts"

/** A plane electrode with thin ligaments, whose bonds tear in the first charge. */
const torn = { ...plainNetwork, dimension: 2, columns: 3, rows: 4, gap: 0.4 } as const

const twoCycles: Protocol = {
  name: "two cycles",
  steps: [1, 2].flatMap((cycle) => fixedChargeCycle.steps.map((step) => ({ ...step, cycle }))),
}

const cases: readonly {
  readonly name: string
  readonly small: SmallNetwork
  readonly conduction?: ParticleConduction
}[] = [
  { name: "in space, held", small: plainNetwork },
  { name: "in the plane, torn", small: torn },
  { name: "with one potential a particle", small: torn, conduction: "equipotential" },
]

describe.each(cases)("two fixed-charge cycles $name", ({ small, conduction = "none" }) => {
  const simulation = simulationOf(small, twoCycles, { particleConduction: conduction })
  const observations: Observation[] = []
  const ends = finish(simulation, (observation) => observations.push(observation))
  const atEnd = (step: number): Observation => observations.filter((observation) => observation.step === step).at(-1)!

  it("runs every step to an end", () => {
    expect(ends).toHaveLength(8)
    expect(atEnd(0).time).toBeCloseTo(432, 9)
    expect(atEnd(0).charge / 3600).toBeCloseTo(120, 6)
  })

  it("conserves lithium and charge at every accepted step", () => {
    for (const { balance } of observations) {
      expect(balance.lithium).toBeLessThan(1e-9)
      expect(balance.charge).toBeLessThan(1e-9)
    }
  })

  it("balances the mechanical energy: work put in = elastic + debonding + viscous", () => {
    const { input, elastic, dissipated, viscous } = atEnd(4).mechanicalEnergy
    expect(input).toBeGreaterThan(0)
    expect(Math.abs(input - elastic - dissipated - viscous) / input).toBeLessThan(1e-6)
  })

  it("never heals", () => {
    observations.slice(1).forEach((observation, k) => {
      observation.particles.damage.forEach((value, particle) => {
        expect(value).toBeGreaterThanOrEqual(observations[k].particles.damage[particle])
        expect(value).toBeLessThanOrEqual(1)
      })
    })
  })
})

describe("checkpoints", () => {
  it("let a torn run go on bit-equally", () => {
    const create = () => simulationOf(torn, twoCycles)
    const straight = create()
    for (let k = 0; k < 120; k++) straight.advance()
    const saved: NetworkCheckpoint = structuredClone(straight.checkpoint())
    finish(straight)
    const resumed = create()
    resumed.restore(saved)
    finish(resumed)
    expect(Math.max(...resumed.observation.particles.damage)).toBeGreaterThan(0)
    expect(resumed.observation).toEqual(straight.observation)
    expect(resumed.state()).toEqual(straight.state())
  })
})

describe("limits", () => {
  it("are located, and a hold ends when its current has fallen", () => {
    const simulation = simulationOf(plainNetwork, {
      name: "hold",
      steps: [
        atRate(5, 1000, [{ kind: "voltage-above", voltage: 3.9 }]),
        {
          phrase: "Hold at 3.9 V until C/2",
          cycle: 1,
          control: { kind: "voltage", voltage: 3.9 },
          duration: Number.POSITIVE_INFINITY,
          limits: [{ kind: "c-rate-below", rate: 0.5 }],
        },
      ],
    })
    const worst = { charge: 0, lithium: 0 }
    const reached: number[] = []
    const ends = finish(simulation, ({ balance, voltage, step }) => {
      worst.charge = Math.max(worst.charge, balance.charge)
      worst.lithium = Math.max(worst.lithium, balance.lithium)
      if (step === 0) reached.push(voltage)
    })
    expect(ends).toEqual(["voltage-above", "c-rate-below"])
    expect(reached.at(-1)! - 3.9).toBeGreaterThanOrEqual(0)
    expect(reached.at(-1)! - 3.9).toBeLessThan(1e-5)
    expect((simulation.observation.current * simulation.cell.collectorArea) / simulation.cell.oneC).toBeCloseTo(0.5, 2)
    expect(worst.lithium).toBeLessThan(1e-9)
    expect(worst.charge).toBeLessThan(1e-9)
  })
})
