import { exponentialContact } from "../../src/laws/contact-resistance.ts"
import type { Electrolyte } from "../../src/laws/contracts.ts"
import { insertionExchangeCurrent } from "../../src/laws/exchange-current.ts"
import { butlerVolmer } from "../../src/laws/kinetics.ts"
import { chen2020OpenCircuit } from "../../src/laws/open-circuit.ts"
import { constantMolarVolume } from "../../src/laws/swelling.ts"
import { cutForCoverage, type Layout, meshLayout } from "../../src/mesh/layout.ts"
import type { Mesh } from "../../src/mesh/mesh.ts"
import type { Observation } from "../../src/model/observation.ts"
import type { Protocol, ProtocolStep, StepEnd } from "../../src/model/protocol.ts"
import type { HalfCellParameters, Matrix, TimeSettings } from "../../src/model/resolved/parameters.ts"
import { createSimulation, type Simulation } from "../../src/model/resolved/simulation.ts"

const temperature = 298.15
const maximumConcentration = 49_136

/** Constant properties: κ 1 S/m, D_l 3e-10 m²/s, t₊ 0.38. */
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

/** Carbon/binder of the paper with another conductivity [S/m] and λ_int [m]. */
export const matrix = (conductivity: number, initialGap: number): Matrix => ({
  conductivity,
  porosity: 0.5,
  bruggeman: 1.5,
  elasticity: { young: 2e9, poisson: 0.3 },
  initialGap,
})

/** The reference half-cell. @source Li et al. (2022), Science 376, 517, and the choices of the shipped twins */
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

const radius = 5e-6

/** Three circles in a column, the slanted cut leaving high conductivity on 75, 50 and 25 % of their perimeters. */
export const threeParticles = (): Layout => {
  const centres = [5.5e-6, 16.5e-6, 27.5e-6].map((y): readonly [number, number] => [5.5e-6, y])
  const cut = cutForCoverage({ centre: centres[0], radius, share: 0.75 }, { centre: centres[2], radius, share: 0.25 })
  if (!cut) throw new RangeError("no such cut")
  return {
    width: 11e-6,
    height: 33e-6,
    separatorThickness: 25e-6,
    matrix: "high",
    particles: centres.map((centre) => ({ kind: "circle", centre, radius })),
    cuts: [{ ...cut, left: "high", right: "low" }],
  }
}

/** Meshes a layout as the product does. @param interfaceLength [m] */
export const meshed = (layout: Layout, interfaceLength: number): Mesh => {
  const mesh = meshLayout(layout, { interfaceLength, growth: 0.25, maximumLength: 2e-6 })
  if ("kind" in mesh) throw new Error(JSON.stringify(mesh))
  return mesh
}

/** The product's default error control. */
export const time: TimeSettings = {
  tolerance: 1e-3,
  firstStep: 0.1,
  longestStep: 20,
  shortestStep: 1e-4,
  damageIncrement: 0.02,
}

/** A step at a multiple of 1C, > 0 on charge. */
export const atRate = (
  rate: number,
  duration: number,
  limits: ProtocolStep["limits"] = [],
  phrase = `${rate}C for ${duration} s`,
): ProtocolStep => ({
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
    atRate(5, 432, [{ kind: "voltage-above", voltage: 5.1 }]),
    atRate(0, 120),
    atRate(-5, 432, [{ kind: "voltage-below", voltage: 2.5 }]),
    atRate(0, 120),
  ],
}

/** Runs a protocol to its end and returns how its steps ended. @throws when the run fails */
export const run = (
  mesh: Mesh,
  parameters: HalfCellParameters,
  protocol: Protocol,
  settings: TimeSettings,
  visit?: (observation: Observation, simulation: Simulation) => void,
): { readonly simulation: Simulation; readonly ends: readonly StepEnd[] } => {
  const simulation = createSimulation(mesh, parameters, protocol, settings)
  const ends: StepEnd[] = []
  for (;;) {
    const advance = simulation.advance()
    if (advance.kind === "finished") return { simulation, ends }
    if (advance.kind === "failed") throw new Error(JSON.stringify(advance.reason))
    visit?.(advance.observation, simulation)
    if (advance.kind === "step-ended") ends.push(advance.end)
  }
}
