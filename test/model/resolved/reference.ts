import type { Electrolyte } from "../../../src/laws/contracts.ts"
import type { Layout } from "../../../src/mesh/layout.ts"
import type { TimeSettings } from "../../../src/model/resolved/parameters.ts"

export { fixedChargeCycle, meshed, referenceParameters } from "../../../validation/analytic/reference-cell.ts"

/** Electrolyte whose properties depend on concentration, so that every derivative is exercised. */
export const curvedElectrolyte: Electrolyte = {
  conductivity: (c) => 1 - 2e-7 * (c - 1000) ** 2,
  conductivitySlope: (c) => -4e-7 * (c - 1000),
  diffusivity: (c) => 3e-10 - 1e-13 * (c - 1000),
  diffusivitySlope: () => -1e-13,
  transference: (c) => 0.38 + 2e-5 * (c - 1000),
  transferenceSlope: () => 2e-5,
  thermodynamicFactor: (c) => 1 + 3e-4 * (c - 1000),
  thermodynamicFactorSlope: () => 3e-4,
}

/** Circles of 10 µm in a column with the slanted cut of the three-particle layout. */
export const columnLayout = (particles: 1 | 3): Layout => ({
  width: 11e-6,
  height: particles * 11e-6,
  separatorThickness: 25e-6,
  matrix: "high",
  particles: Array.from({ length: particles }, (_, k) => ({
    kind: "circle" as const,
    centre: [5.5e-6, (5.5 + 11 * k) * 1e-6] as const,
    radius: 5e-6,
  })),
  cuts: [
    {
      through: [5.5e-6, (particles * 11e-6) / 2],
      angle: -Math.asin((5 * Math.cos(Math.PI / 4)) / 11),
      left: "high",
      right: "low",
    },
  ],
})

export const time: TimeSettings = {
  tolerance: 2e-3,
  firstStep: 0.1,
  longestStep: 20,
  shortestStep: 1e-4,
  damageIncrement: 0.02,
}
