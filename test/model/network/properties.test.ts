import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { frozenContact } from "../../../src/laws/contact-resistance.ts"
import type { ElectrodeNetwork } from "../../../src/microstructure/electrode-network.ts"
import type { NetworkCellParameters } from "../../../src/model/network/parameters.ts"
import { createNetworkSimulation, type NetworkSimulation } from "../../../src/model/network/simulation.ts"
import type { Observation } from "../../../src/model/observation.ts"
import type { Protocol } from "../../../src/model/protocol.ts"
import { builtNetwork, type SmallNetwork, smallNetwork } from "../../arbitrary/network.ts"
import { endsOfCharge, spreadOf } from "../../properties/feedback.ts"
import { atRate, networkParameters, time } from "./reference.ts"
import { relabelled } from "./transforms.ts"

/** A network under a load. */
interface Case {
  readonly small: SmallNetwork
  readonly conduction: "none" | "equipotential"
  /** [MPa] */
  readonly strength: number
  readonly fatigueLoss: number
  /** Multiple of 1C, and the share of the capacity that it moves */
  readonly rate: number
  readonly charged: number
}

const caseOf = (most: number): fc.Arbitrary<Case> =>
  fc.record({
    small: smallNetwork(most),
    conduction: fc.constantFrom("none", "equipotential"),
    strength: fc.constantFrom(30, 80, 150, 300),
    fatigueLoss: fc.constantFrom(0, 0.05, 0.2),
    rate: fc.constantFrom(0.5, 1, 2, 5),
    charged: fc.constantFrom(0.2, 0.4, 0.6),
  })

const parametersOf = ({ conduction, strength, fatigueLoss }: Case): NetworkCellParameters => ({
  ...networkParameters,
  particleConduction: conduction,
  cohesion: { ...networkParameters.cohesion, strength: strength * 1e6, fatigueLoss, endurance: 0.25 },
})

const protocolOf = ({ rate, charged }: Case, cycles = 1): Protocol => {
  const duration = (3600 * charged) / rate
  return {
    name: "there and back",
    steps: Array.from({ length: cycles }, (_, k) =>
      [
        atRate(rate, duration, [{ kind: "voltage-above", voltage: 5.1 }]),
        atRate(0, 60),
        atRate(-rate, duration, [{ kind: "voltage-below", voltage: 2.5 }]),
      ].map((step) => ({ ...step, cycle: k + 1 })),
    ).flat(),
  }
}

const simulated = (one: Case, network: ElectrodeNetwork = builtNetwork(one.small)): NetworkSimulation =>
  createNetworkSimulation(network, parametersOf(one), protocolOf(one), time)

/** Observations at the ends of protocol steps. A step that fails is an end as well. */
const marched = (simulation: NetworkSimulation, visit?: (observation: Observation) => void): readonly Observation[] => {
  const ends: Observation[] = []
  for (let steps = 0; steps < 5000; steps++) {
    const advance = simulation.advance()
    if (advance.kind === "finished") return ends
    if (advance.kind === "failed") throw new Error(JSON.stringify(advance.reason))
    visit?.(advance.observation)
    if (advance.kind === "step-ended") ends.push(advance.observation)
  }
  throw new Error("no end after 5000 steps")
}

/** As many cases as asked of `npm run properties` for every 200, otherwise those given. */
const runs = (cases: number): { readonly numRuns: number } => {
  const { numRuns: asked } = fc.readConfigureGlobal()
  return { numRuns: asked === undefined ? cases : Math.max(1, Math.round((asked * cases) / 200)) }
}
const patience = 900_000

const finiteIn = (value: object): boolean =>
  Object.values(value).every((own) =>
    typeof own === "number"
      ? Number.isFinite(own)
      : own instanceof Float64Array
        ? own.every((each) => Number.isFinite(each))
        : true,
  )

// What a twin's file can draw is tried in test/properties/network.test.ts; contacts and missing edges are tried here.
describe("any lattice of particles", () => {
  it(
    "keeps lithium and charge, never heals, and leaves floating particles as they are",
    () => {
      fc.assert(
        fc.property(caseOf(100), (one) => {
          const simulation = simulated(one)
          const start = networkParameters.active.initialStoichiometry
          let before = simulation.observation.particles.damage
          marched(simulation, (observation) => {
            const { balance, particles, voltage } = observation
            expect(balance.lithium).toBeLessThan(1e-9)
            expect(balance.charge).toBeLessThan(1e-9)
            expect(Number.isFinite(voltage) && finiteIn(particles)).toBe(true)
            particles.damage.forEach((damage, particle) => {
              expect(damage).toBeGreaterThanOrEqual(before[particle])
              expect(damage).toBeLessThanOrEqual(1 + 1e-12)
              if (simulation.floating[particle])
                expect(Math.abs(particles.meanStoichiometry[particle] - start)).toBeLessThan(1e-9)
            })
            before = particles.damage
          })
        }),
        runs(15),
      )
    },
    patience,
  )

  it(
    "gives the same whatever the order of particles, patches, nodes and edges",
    () => {
      fc.assert(
        fc.property(caseOf(40), fc.integer({ min: 1, max: 1000 }), (one, seed) => {
          const network = builtNetwork(one.small)
          const other = relabelled(network, seed)
          const [plain, shuffled] = [marched(simulated(one, network)), marched(simulated(one, other.network))]
          expect(shuffled).toHaveLength(plain.length)
          plain.forEach((observation, k) => {
            expect(shuffled[k].voltage).toBeCloseTo(observation.voltage, 5)
            for (let particle = 0; particle < other.toOld.length; particle++) {
              const old = other.toOld[particle]
              for (const field of ["meanStoichiometry", "damage"] as const)
                expect(shuffled[k].particles[field][particle]).toBeCloseTo(observation.particles[field][old], 5)
            }
          })
        }),
        runs(15),
      )
    },
    patience,
  )
})

/** A few λ_ref: a gap beyond is shut off, whatever it is [m] */
const reach = 5e-9

describe("damage that the current feels", () => {
  it("can widen the spread once bonds are torn all round: what still touches then decides, not what has worked most", () => {
    const small: SmallNetwork = {
      dimension: 2,
      columns: 2,
      rows: 4,
      seed: 370998,
      radius: 2.677,
      scatter: 0,
      gap: 0.3,
      coverage: 0.2546,
      unevenness: 0,
      pore: 0,
      contact: 0,
      severed: 0.4,
      patches: 7,
    }
    const one: Case = { small, conduction: "none", strength: 30, fatigueLoss: 0, rate: 5, charged: 0.6 }
    const network = builtNetwork(small)
    const parameters = parametersOf(one)
    const contactResistance = frozenContact({ closed: 1e-3, referenceGap: 1e-9 })
    const cells = [parameters, { ...parameters, contactResistance }]
    const [own, other] = cells.map((cell) => createNetworkSimulation(network, cell, protocolOf(one), time))
    const [{ felt, unfelt }] = endsOfCharge(own, other)
    const counted = (particle: number): boolean => own.floating[particle] === 0
    const { particles } = felt
    expect(Math.min(...particles.damage)).toBeGreaterThan(0.95)
    expect(Math.min(...particles.meanGap)).toBeGreaterThan(reach)
    expect(spreadOf(felt, counted)).toBeGreaterThan(spreadOf(unfelt, counted) + 0.05)
  })
})
