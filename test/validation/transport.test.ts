import { describe, expect, it } from "vitest"
import { integrate } from "../../validation/analytic/diffusion-induced-stress/quadrature.ts"
import {
  type ElectrolyteCell,
  limitingCurrent,
  platesConcentration,
  steadyConcentration,
  steadyPotential,
} from "../../validation/analytic/electrolyte-cell/solution.ts"
import {
  parallelConductivity,
  ringPotential,
  seriesConductivity,
  seriesPotential,
} from "../../validation/analytic/layered-conductor/solution.ts"

const faraday = 96485.33212
const cell: ElectrolyteCell = {
  separator: { thickness: 25e-6, porosity: 0.5, bruggeman: 1.5 },
  electrode: { thickness: 60e-6, porosity: 0.3, bruggeman: 1.8 },
  diffusivity: 3e-10,
  conductivity: 1,
  transference: 0.38,
  thermodynamicFactor: 1.4,
  initial: 1000,
  temperature: 298.15,
}
const plates = { ...cell, electrode: { ...cell.electrode, thickness: 0 } }
const length = 85e-6
const current = 40

/** i_l [A/m²] */
const ionic = (x: number) => (x < 25e-6 ? -current : -current * (1 - (x - 25e-6) / 60e-6))
const share = (x: number) => (x < 25e-6 ? 0.5 ** 1.5 : 0.3 ** 1.8)

describe("electrolyte cell", () => {
  it("keeps the salt", () => {
    const within = (from: number, to: number) => integrate((x) => steadyConcentration(cell, current, x), from, to)
    const salt = 0.5 * within(0, 25e-6) + 0.3 * within(25e-6, length)
    expect(salt / (1000 * (0.5 * 25e-6 + 0.3 * 60e-6))).toBeCloseTo(1, 12)
  })
  it("moves no anions, and obeys the current equation", () => {
    const step = 1e-9
    for (const x of [5e-6, 20e-6, 30e-6, 60e-6, 84e-6]) {
      const slope = (f: (c: ElectrolyteCell, i: number, x: number) => number) =>
        (f(cell, current, x + step) - f(cell, current, x - step)) / (2 * step)
      const saltSlope = slope(steadyConcentration)
      // Anion flux −D ε^b ∇c − (1 − t₊) i/F vanishes
      expect((cell.diffusivity * share(x) * saltSlope) / ((-0.62 * ionic(x)) / faraday)).toBeCloseTo(1, 6)
      const lift = ((2 * 8.314462618 * 298.15) / faraday) * 0.62 * 1.4
      const carried = share(x) * (lift * (saltSlope / steadyConcentration(cell, current, x)) - slope(steadyPotential))
      expect(carried / ionic(x)).toBeCloseTo(1, 5)
    }
  })
  it("runs dry at the limiting current", () => {
    expect(steadyConcentration(cell, limitingCurrent(cell, "charge"), 0)).toBeCloseTo(0, 9)
    expect(steadyConcentration(cell, -limitingCurrent(cell, "discharge"), length)).toBeCloseTo(0, 9)
    const expected = (2 * faraday * 3e-10 * 0.5 ** 1.5 * 1000) / (0.62 * 25e-6)
    for (const direction of ["charge", "discharge"] as const)
      expect(limitingCurrent(plates, direction) / expected).toBeCloseTo(1, 12)
  })
  it("approaches the steady state between plates as finite volumes do", () => {
    const count = 100
    const h = 25e-6 / count
    const diffusivity = 3e-10 * 0.5 ** 0.5
    const c = new Float64Array(count).fill(1000)
    const end = (0.1 * 25e-6 ** 2) / diffusivity
    const steps = Math.ceil(end / ((0.2 * h * h) / diffusivity))
    const source = (0.62 * current) / faraday / 0.5
    for (let step = 0; step < steps; step++) {
      const inflow = new Float64Array(count + 1)
      for (let k = 1; k < count; k++) inflow[k] = (diffusivity / h) * (c[k] - c[k - 1])
      inflow[0] = source
      inflow[count] = source
      for (let k = 0; k < count; k++) c[k] += ((end / steps) * (inflow[k + 1] - inflow[k])) / h
    }
    for (const k of [0, 20, 60, 99])
      expect(c[k] - platesConcentration(plates, current, (k + 0.5) * h, end)).toBeCloseTo(0, 1)
    expect(platesConcentration(plates, current, 4e-6, 0)).toBeCloseTo(1000, 2)
    for (const x of [0, 10e-6, 25e-6])
      expect(platesConcentration(plates, current, x, 1e4)).toBeCloseTo(steadyConcentration(plates, current, x), 9)
  })
})

describe("layered conductor", () => {
  const layers = [
    { thickness: 2e-6, conductivity: 100 },
    { thickness: 5e-6, conductivity: 2e-3 },
    { thickness: 1e-6, conductivity: 0.7 },
  ]
  it("drops i L/σ_eff across, and carries least in series", () => {
    const drop = seriesPotential(layers, 3, 8e-6)
    expect(drop / ((-3 * 8e-6) / seriesConductivity(layers))).toBeCloseTo(1, 12)
    expect(parallelConductivity(layers)).toBeCloseTo((2 * 100 + 5 * 2e-3 + 0.7) / 8, 12)
    expect(seriesConductivity(layers)).toBeLessThan(parallelConductivity(layers))
    expect(seriesPotential(layers, 3, 4e-6) - seriesPotential(layers, 3, 3e-6)).toBeCloseTo((-3 * 1e-6) / 2e-3, 12)
  })
  it("carries the same current through every ring", () => {
    const step = 1e-10
    for (const r of [2e-6, 4e-6]) {
      const slope = (ringPotential(5, 0.3, 5e-6, r + step) - ringPotential(5, 0.3, 5e-6, r - step)) / (2 * step)
      expect((-5 * slope * 2 * Math.PI * r) / 0.3).toBeCloseTo(1, 6)
    }
  })
})
