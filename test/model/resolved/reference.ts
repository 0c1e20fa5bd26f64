import { exponentialContact } from "../../../src/laws/contact-resistance.ts"
import type { Electrolyte } from "../../../src/laws/contracts.ts"
import { constantExchangeCurrent, insertionExchangeCurrent } from "../../../src/laws/exchange-current.ts"
import { butlerVolmer } from "../../../src/laws/kinetics.ts"
import { chen2020OpenCircuit } from "../../../src/laws/open-circuit.ts"
import { constantMolarVolume } from "../../../src/laws/swelling.ts"
import { type Layout, meshLayout } from "../../../src/mesh/layout.ts"
import type { Mesh } from "../../../src/mesh/mesh.ts"
import type { Protocol, ProtocolStep } from "../../../src/model/protocol.ts"
import type { HalfCellParameters, TimeSettings } from "../../../src/model/resolved/parameters.ts"

const temperature = 298.15
const maximumConcentration = 49_136

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

/** Properties that do not change. */
export const constantElectrolyte: Electrolyte = {
  conductivity: () => 1,
  conductivitySlope: () => 0,
  diffusivity: () => 3e-10,
  diffusivitySlope: () => 0,
  transference: () => 0.38,
  transferenceSlope: () => 0,
  thermodynamicFactor: () => 1,
  thermodynamicFactorSlope: () => 0,
}

const matrix = (conductivity: number, initialGap: number) => ({
  conductivity,
  porosity: 0.5,
  bruggeman: 1.5,
  elasticity: { young: 2e9, poisson: 0.3 },
  initialGap,
})

/** The reference half-cell of physics.md §3. */
export const referenceParameters: HalfCellParameters = {
  temperature,
  active: {
    maximumConcentration,
    initialStoichiometry: 0.95,
    density: 4780,
    nominalCapacity: 720_000,
    diffusivity: { value: () => 2e-14, slope: () => 0 },
    stressCoupling: true,
    swelling: constantMolarVolume(1.5e-6, 0.95 * maximumConcentration),
    elasticity: { young: 140e9, poisson: 0.3 },
    openCircuit: chen2020OpenCircuit,
    exchangeCurrent: insertionExchangeCurrent({
      reference: 3.4,
      saltExponent: 0.5,
      freeExponent: 0.5,
      lithiumExponent: 0.5,
    }),
    chargeTransfer: butlerVolmer({ anodic: 0.5, cathodic: 0.5, temperature }),
  },
  matrices: { high: matrix(100, 0), low: matrix(2e-3, 0.2e-9) },
  separator: { porosity: 0.5, bruggeman: 1.5 },
  electrolyte: constantElectrolyte,
  initialElectrolyte: 1000,
  lithium: { exchangeCurrent: 12, chargeTransfer: butlerVolmer({ anodic: 0.5, cathodic: 0.5, temperature }) },
  contactResistance: exponentialContact({ closed: 1e-3, referenceGap: 1e-9 }),
  cohesion: { stiffness: 3e18, strength: 300e6, fractureEnergy: 0.4, mixity: 1, delay: 20 },
  particleConduction: "none",
  mechanics: true,
}

export { constantExchangeCurrent }

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

/** Meshes a layout; a problem fails the test with its own words. */
export const meshed = (layout: Layout, interfaceLength: number): Mesh => {
  const mesh = meshLayout(layout, { interfaceLength, growth: 0.25, maximumLength: 2e-6 })
  if ("kind" in mesh) throw new Error(JSON.stringify(mesh))
  return mesh
}

export const time: TimeSettings = {
  tolerance: 2e-3,
  firstStep: 0.1,
  longestStep: 20,
  shortestStep: 1e-4,
  damageIncrement: 0.02,
}

const step = (phrase: string, rate: number, duration: number, limits: ProtocolStep["limits"]): ProtocolStep => ({
  phrase,
  cycle: 1,
  control: rate === 0 ? { kind: "rest" } : { kind: "c-rate", rate },
  duration,
  limits,
})

/** One cycle of fixed charge: 0.6 τ at 5C both ways. */
export const fixedChargeCycle: Protocol = {
  name: "fixed charge",
  steps: [
    step("Charge at 5C for 432 seconds or until 5.1 V", 5, 432, [{ kind: "voltage-above", voltage: 5.1 }]),
    step("Rest for 2 minutes", 0, 120, []),
    step("Discharge at 5C for 432 seconds or until 2.5 V", -5, 432, [{ kind: "voltage-below", voltage: 2.5 }]),
    step("Rest for 2 minutes", 0, 120, []),
  ],
}
