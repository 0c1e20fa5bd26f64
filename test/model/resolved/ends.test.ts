import { describe, expect, it } from "vitest"
import { exponentialContact } from "../../../src/laws/contact-resistance.ts"
import type { ProtocolStep, StepEnd } from "../../../src/model/protocol.ts"
import type { HalfCellParameters } from "../../../src/model/resolved/parameters.ts"
import { createSimulation } from "../../../src/model/resolved/simulation.ts"
import { columnLayout, fixedChargeCycle, meshed, referenceParameters, time } from "./reference.ts"

const mesh = meshed(columnLayout(1), 1e-6)
const [charge, , discharge] = fixedChargeCycle.steps

/** Ends of the steps, the last observation, and the failure in words if there was one. */
const ran = (parameters: HalfCellParameters, steps: readonly ProtocolStep[], settings = time) => {
  const simulation = createSimulation(mesh, parameters, { name: "ends", steps }, settings)
  const ends: StepEnd[] = []
  for (;;) {
    const advance = simulation.advance()
    if (advance.kind === "failed") return { ends, failure: advance.reason, observation: advance.observation }
    if (advance.kind === "finished") return { ends, failure: undefined, observation: simulation.observation }
    if (advance.kind === "step-ended") ends.push(advance.end)
  }
}
const electrical = { ...referenceParameters, mechanics: false }

describe("a step that cannot go on", () => {
  it.each([0.5, 5, 500])("ends at its voltage limit when a contact of %d Ω·m² needs many volts at once", (closed) => {
    const contactResistance = exponentialContact({ closed, referenceGap: 1e-9 })
    expect(ran({ ...electrical, contactResistance }, [charge]).ends).toEqual(["voltage-above"])
  })

  it("ends when the particle is full and no limit was set", () => {
    const { ends, observation } = ran(electrical, [{ ...discharge, duration: 600, limits: [] }])
    expect(ends).toEqual(["cannot carry the current"])
    expect(observation.particles.surfaceStoichiometry[0]).toBeLessThan(1.011)
  })

  it("ends when the particle is empty, whatever the size of its steps, and can be filled again at once", () => {
    // Slow particles: their surfaces empty long before the charge is over.
    const active = { ...electrical.active, diffusivity: { value: () => 5e-15, slope: () => 0 } }
    const emptied = (tolerance: number) =>
      ran(
        { ...electrical, active },
        [
          { ...charge, duration: 700, limits: [] },
          { ...discharge, duration: 20 },
        ],
        { ...time, tolerance },
      )
    const [coarse, fine] = [emptied(2e-2), emptied(1e-3)]
    expect(coarse.ends).toEqual(["cannot carry the current", "duration"])
    expect(fine.ends).toEqual(coarse.ends)
    expect(Math.abs(fine.observation.charge / coarse.observation.charge - 1)).toBeLessThan(0.02)
  })

  it("skips a step of no length", () => {
    expect(ran(electrical, [{ ...charge, duration: 0 }]).ends).toEqual(["duration"])
  })
})

describe("damage that hardly lags", () => {
  it("passes its onset in bursts", () => {
    const { failure, observation } = ran(
      { ...referenceParameters, cohesion: { ...referenceParameters.cohesion, delay: 0.5 } },
      [charge],
    )
    expect(failure).toBeUndefined()
    expect(observation.particles.damage[0]).toBeGreaterThan(0.01)
    expect(observation.balance.lithium).toBeLessThan(1e-9)
  })
})
