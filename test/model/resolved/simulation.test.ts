import { describe, expect, it } from "vitest"
import type { Protocol } from "../../../src/model/protocol.ts"
import { type Checkpoint, createSimulation, type Simulation } from "../../../src/model/resolved/simulation.ts"
import { columnLayout, fixedChargeCycle, meshed, referenceParameters, time } from "./reference.ts"

const finish = (simulation: Simulation, visit?: (observation: Simulation["observation"]) => void): string[] => {
  const ends: string[] = []
  for (;;) {
    const advance = simulation.advance()
    if (advance.kind === "finished") return ends
    if (advance.kind === "failed") throw new Error(JSON.stringify(advance.reason))
    visit?.(advance.observation)
    if (advance.kind === "step-ended") ends.push(advance.end)
  }
}

describe("one fixed-charge cycle of three particles", () => {
  const mesh = meshed(columnLayout(3), 0.8e-6)
  const simulation = createSimulation(mesh, referenceParameters, fixedChargeCycle, time)
  const observations: Simulation["observation"][] = []
  const ends = finish(simulation, (observation) => observations.push(observation))
  const atEnd = (step: number) => observations.filter((observation) => observation.step === step).at(-1)!

  it("runs every step to its end", () => {
    expect(ends).toHaveLength(4)
    expect(ends[0]).toBe("duration")
    expect(atEnd(0).time).toBeCloseTo(432, 9)
  })

  it("conserves lithium and charge at every accepted step", () => {
    for (const { balance } of observations) {
      expect(balance.lithium).toBeLessThan(1e-9)
      expect(balance.charge).toBeLessThan(1e-9)
    }
  })

  it("balances the mechanical energy: swelling work = elastic + debonding + viscous", () => {
    const { input, elastic, dissipated, viscous } = atEnd(3).mechanicalEnergy
    expect(Math.abs(input - elastic - dissipated - viscous) / input).toBeLessThan(1e-6)
    expect(dissipated).toBeGreaterThan(0)
    expect(viscous).toBeGreaterThan(0)
  })

  it("separates the particles in the order of their coverage", () => {
    const { meanStoichiometry } = atEnd(0).particles
    expect(meanStoichiometry[0]).toBeLessThan(meanStoichiometry[1])
    expect(meanStoichiometry[1]).toBeLessThan(meanStoichiometry[2])
    // Independent solution of the same case: 0.087 at 0.4 µm.
    expect(meanStoichiometry[2] - meanStoichiometry[0]).toBeCloseTo(0.087, 2)
  })

  it("damages in the order of coverage, late, and never heals", () => {
    const damage = atEnd(3).particles.damage
    expect(damage[0]).toBeGreaterThan(damage[1])
    expect(damage[1]).toBeGreaterThan(damage[2])
    const half = observations.find((observation) => observation.time >= 216)!
    expect(Math.max(...half.particles.damage)).toBeLessThan(0.01)
    observations.slice(1).forEach((observation, k) => {
      observation.particles.damage.forEach((value, particle) => {
        expect(value).toBeGreaterThanOrEqual(observations[k].particles.damage[particle])
      })
    })
  })

  it("passes the charge of 0.6 τ", () => {
    expect(atEnd(0).charge / 3600).toBeCloseTo(200 * 0.6, 6)
  })
})

describe("checkpoints", () => {
  const short: Protocol = {
    name: "short",
    steps: [
      { ...fixedChargeCycle.steps[0], duration: 60 },
      { ...fixedChargeCycle.steps[1], duration: 30 },
    ],
  }
  const create = () => createSimulation(meshed(columnLayout(1), 1e-6), referenceParameters, short, time)

  it("let a run go on bit-equally", () => {
    const straight = create()
    for (let k = 0; k < 12; k++) straight.advance()
    const saved: Checkpoint = structuredClone(straight.checkpoint())
    finish(straight)
    const resumed = create()
    resumed.restore(saved)
    finish(resumed)
    expect(resumed.observation).toEqual(straight.observation)
    expect(resumed.checkpoint().history[0].x).toEqual(straight.checkpoint().history[0].x)
  })
})

describe("limits", () => {
  it("locates a voltage limit to a millisecond", () => {
    const limited = (longestStep: number) => {
      const protocol: Protocol = {
        name: "limit",
        steps: [{ ...fixedChargeCycle.steps[0], limits: [{ kind: "voltage-above", voltage: 3.9 }] }],
      }
      const simulation = createSimulation(
        meshed(columnLayout(1), 1e-6),
        { ...referenceParameters, mechanics: false },
        protocol,
        { ...time, longestStep },
      )
      expect(finish(simulation)).toEqual(["voltage-above"])
      return simulation.observation
    }
    const { voltage, time: end } = limited(20)
    expect(voltage).toBeGreaterThanOrEqual(3.9)
    // 5C raises the voltage by about 1 mV a second here.
    expect(voltage - 3.9).toBeLessThan(1e-5)
    expect(end).toBeGreaterThan(1)
  })

  it("holds a voltage until the current has fallen", () => {
    const protocol: Protocol = {
      name: "hold",
      steps: [
        { ...fixedChargeCycle.steps[0], limits: [{ kind: "voltage-above", voltage: 3.9 }] },
        {
          phrase: "Hold at 3.9 V until C/2",
          cycle: 1,
          control: { kind: "voltage", voltage: 3.9 },
          duration: Number.POSITIVE_INFINITY,
          limits: [{ kind: "c-rate-below", rate: 0.5 }],
        },
      ],
    }
    const simulation = createSimulation(
      meshed(columnLayout(1), 1e-6),
      { ...referenceParameters, mechanics: false },
      protocol,
      time,
    )
    const worst = { charge: 0, lithium: 0 }
    const ends = finish(simulation, ({ balance }) => {
      worst.charge = Math.max(worst.charge, balance.charge)
      worst.lithium = Math.max(worst.lithium, balance.lithium)
    })
    expect(ends).toEqual(["voltage-above", "c-rate-below"])
    const { observation, cell } = simulation
    expect(observation.voltage).toBeCloseTo(3.9, 9)
    expect((observation.current * cell.collectorArea) / cell.oneC).toBeCloseTo(0.5, 2)
    expect(worst.lithium).toBeLessThan(1e-9)
    expect(worst.charge).toBeLessThan(1e-9)
  })
})
