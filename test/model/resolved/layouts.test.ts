import { describe, expect, it } from "vitest"
import type { Layout } from "../../../src/mesh/layout.ts"
import type { HalfCellParameters, ParticleConduction } from "../../../src/model/resolved/parameters.ts"
import { createSimulation } from "../../../src/model/resolved/simulation.ts"
import { fixedChargeCycle, meshed, referenceParameters, time } from "./reference.ts"

/** Two particles, the upper one with a pore over half of its surface. */
const porous: Layout = {
  width: 11e-6,
  height: 22e-6,
  separatorThickness: 25e-6,
  matrix: "high",
  particles: [5.5, 16.5].map((y) => ({ kind: "circle" as const, centre: [5.5e-6, y * 1e-6] as const, radius: 5e-6 })),
  boxes: [{ x0: 0, y0: 12e-6, x1: 5.5e-6, y1: 20e-6, kind: "void", name: "pore" }],
}

const charged = (
  layout: Layout,
  particleConduction: ParticleConduction,
  matrices: HalfCellParameters["matrices"] = referenceParameters.matrices,
) => {
  const simulation = createSimulation(
    meshed(layout, 1e-6),
    { ...referenceParameters, particleConduction, matrices },
    { name: "charge", steps: [{ ...fixedChargeCycle.steps[0], duration: 100, limits: [] }] },
    time,
  )
  for (;;) {
    const advance = simulation.advance()
    if (advance.kind === "failed") throw new Error(JSON.stringify(advance.reason))
    if (advance.kind === "finished") return simulation.observation
  }
}

describe("a pore beside a particle", () => {
  it("wets but does not feed a particle that takes its electrons from the carbon/binder", () => {
    const { particles, balance } = charged(porous, "none")
    expect(particles.meanStoichiometry[1] - particles.meanStoichiometry[0]).toBeGreaterThan(0.02)
    expect(balance.charge).toBeLessThan(1e-9)
  })

  it("lets all of an equipotential particle's surface react", () => {
    const { particles, balance } = charged(porous, "equipotential")
    expect(Math.abs(particles.meanStoichiometry[1] - particles.meanStoichiometry[0])).toBeLessThan(0.005)
    expect(balance.charge).toBeLessThan(1e-9)
  })
})

describe("particles without carbon/binder", () => {
  it("keep their lithium when nothing feeds them", () => {
    const isolated: Layout = {
      ...porous,
      boxes: [{ x0: 0, y0: 11.2e-6, x1: 11e-6, y1: 22e-6, kind: "void", name: "pore" }],
    }
    const { particles, balance } = charged(isolated, "none")
    expect(particles.meanStoichiometry[1]).toBeCloseTo(0.95, 12)
    expect(particles.meanStoichiometry[0]).toBeLessThan(0.8)
    expect(balance.lithium).toBeLessThan(1e-9)
  })
})

describe("a good conductor behind a poor one", () => {
  /** Slow diffusion raises the voltage, and with it the potential of the part that the poor conductor cuts off. */
  const island = (angle: number): Layout => ({
    ...porous,
    boxes: [],
    cuts: [{ through: [3.5e-6, 11e-6], angle, left: "high", right: "low" }],
  })
  const conductors = (conductivity: number) => ({
    high: { ...referenceParameters.matrices.high, conductivity },
    low: { ...referenceParameters.matrices.low, conductivity: 5e-4 },
  })

  it("carries its current although its potential is far from the collector's", () => {
    const { balance } = charged(island(Math.PI / 2), "none", conductors(300))
    expect(balance.charge).toBeLessThan(1e-10)
  })

  it.each([40, 90])("is solved as far as numbers go at 1000 S/m, cut at %d degrees", (degrees) => {
    const { balance, time } = charged(island((degrees * Math.PI) / 180), "none", conductors(1000))
    expect(time).toBeCloseTo(100, 6)
    expect(balance.charge).toBeLessThan(1e-8)
  })
})
