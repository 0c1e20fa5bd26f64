import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { frozenContact } from "../../../src/laws/contact-resistance.ts"
import type { ElectrodeNetwork } from "../../../src/microstructure/electrode-network.ts"
import { createNetworkStepper } from "../../../src/model/network/implicit-step.ts"
import { createNetworkCell } from "../../../src/model/network/network-cell.ts"
import type { NetworkCellParameters } from "../../../src/model/network/parameters.ts"
import {
  createNetworkSimulation,
  type NetworkSimulation,
  type NetworkTimeSettings,
} from "../../../src/model/network/simulation.ts"
import type { Observation } from "../../../src/model/observation.ts"
import type { Protocol } from "../../../src/model/protocol.ts"
import { builtNetwork, type SmallNetwork, smallNetwork } from "../../arbitrary/network.ts"
import { atRate, networkParameters, time } from "./reference.ts"
import { doubled, relabelled, withEdge } from "./transforms.ts"

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

const simulated = (
  one: Case,
  network: ElectrodeNetwork = builtNetwork(one.small),
  settings: NetworkTimeSettings = time,
): NetworkSimulation => createNetworkSimulation(network, parametersOf(one), protocolOf(one), settings)

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

describe("any network", () => {
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

  it(
    "beside a copy of itself does as it does alone, and the copy the same",
    () => {
      fc.assert(
        fc.property(caseOf(40), (one) => {
          const network = builtNetwork(one.small)
          const [alone, pair] = [marched(simulated(one, network)), marched(simulated(one, doubled(network)))]
          const { count } = network.particles
          expect(pair).toHaveLength(alone.length)
          pair.forEach(({ particles: { meanStoichiometry, damage } }, k) => {
            for (let particle = 0; particle < count; particle++) {
              expect(Math.abs(meanStoichiometry[particle] - meanStoichiometry[count + particle])).toBeLessThan(1e-8)
              expect(Math.abs(damage[particle] - damage[count + particle])).toBeLessThan(1e-8)
              expect(meanStoichiometry[particle]).toBeCloseTo(alone[k].particles.meanStoichiometry[particle], 5)
            }
          })
        }),
        runs(15),
      )
    },
    patience,
  )

  it(
    "goes on bit-equally from a checkpoint anywhere",
    () => {
      fc.assert(
        fc.property(caseOf(20), fc.integer({ min: 0, max: 150 }), (one, steps) => {
          const straight = simulated(one)
          for (let k = 0; k < steps; k++) straight.advance()
          const saved = structuredClone(straight.checkpoint())
          marched(straight)
          const resumed = simulated(one)
          resumed.restore(saved)
          marched(resumed)
          expect(resumed.state()).toEqual(straight.state())
        }),
        runs(15),
      )
    },
    patience,
  )

  it(
    "changes by little more than the tolerance when that is halved",
    () => {
      fc.assert(
        fc.property(caseOf(20), (one) => {
          const settings = { ...time, tolerance: 1e-3 }
          const finer = { ...settings, tolerance: 5e-4, damageIncrement: settings.damageIncrement / 2 }
          const [coarse, fine] = [
            marched(simulated(one, undefined, settings)),
            marched(simulated(one, undefined, finer)),
          ]
          expect(fine).toHaveLength(coarse.length)
          coarse.forEach(({ particles }, k) => {
            particles.meanStoichiometry.forEach((own, particle) => {
              expect(Math.abs(own - fine[k].particles.meanStoichiometry[particle])).toBeLessThan(5e-3)
              expect(Math.abs(particles.damage[particle] - fine[k].particles.damage[particle])).toBeLessThan(0.03)
            })
          })
        }),
        runs(15),
      )
    },
    patience,
  )

  it(
    "lets more current through a particle that a conductor is led to",
    () => {
      const currents = (network: ElectrodeNetwork, parameters: NetworkCellParameters): Float64Array | undefined => {
        const stepper = createNetworkStepper(createNetworkCell(network, parameters), 1)
        const rest = stepper.initial()
        const voltage = parameters.active.openCircuit.potential(parameters.active.initialStoichiometry) + 1e-3
        const trial = stepper.attempt([rest], 1e-3, { kind: "voltage", voltage })
        stepper.forget()
        return trial.kind === "failed" ? undefined : trial.state.transfer
      }
      fc.assert(
        fc.property(
          caseOf(60),
          fc.integer({ min: 0, max: 10_000 }),
          fc.double({ min: -8, max: -5, noNaN: true }),
          (one, choice, power) => {
            const parameters = { ...parametersOf(one), mechanics: false, negligibleFall: 0 }
            const network = builtNetwork(one.small)
            const particle = choice % network.particles.count
            const { start, node } = network.patches
            const touched = node.subarray(start[particle], start[particle + 1]).find((own) => own > 0)
            fc.pre(touched !== undefined)
            const before = currents(network, parameters)
            const after = currents(withEdge(network, 0, touched!, 10 ** power), parameters)
            fc.pre(before !== undefined && after !== undefined)
            // What the solution's tolerance leaves open: a share of 1C, and of what passes
            const { oneC } = createNetworkCell(network, parameters)
            const total = before!.reduce((sum, own) => sum + Math.abs(own), 0)
            expect(after![particle] - before![particle]).toBeGreaterThanOrEqual(-1e-6 * total - 1e-9 * oneC)
          },
        ),
        runs(60),
      )
    },
    patience,
  )
})

const spreadOf = (
  { particles: { meanStoichiometry } }: Observation,
  counted: (particle: number) => boolean,
): number => {
  const own = meanStoichiometry.filter((_, particle) => counted(particle))
  return own.length === 0 ? 0 : Math.max(...own) - Math.min(...own)
}

/** The electrode at the ends of its charges, whose contacts feel their gaps and whose contacts do not. */
const bothWays = (one: Case, cycles: number) => {
  const network = builtNetwork(one.small)
  const felt = parametersOf(one)
  const unfelt = { ...felt, contactResistance: frozenContact({ closed: 1e-3, referenceGap: 1e-9 }) }
  const ends = [felt, unfelt].map((parameters) => {
    const simulation = createNetworkSimulation(network, parameters, protocolOf(one, cycles), time)
    return { charges: marched(simulation).filter(({ step }) => step % 3 === 0), floating: simulation.floating }
  })
  const counted = (particle: number): boolean => !ends[0].floating[particle]
  return { felt: ends[0].charges, unfelt: ends[1].charges, counted }
}

/** Gaps up to which contacts tell by how much they have opened: beyond a few λ_ref all that is torn is shut off [m] */
const reach = 5e-9

describe("damage that the current feels", () => {
  it(
    "does not widen the spread at the end of charge as long as gaps follow work and contacts feel them",
    () => {
      fc.assert(
        fc.property(caseOf(12), (drawn) => {
          const one: Case = { ...drawn, conduction: "none", rate: 5, charged: 0.6, fatigueLoss: 0 }
          const { felt, unfelt, counted } = bothWays(one, 2)
          for (const [k, observation] of felt.entries()) {
            const other = unfelt[k]
            // Cut short by a voltage, a charge is not the same charge any more.
            if (other === undefined || Math.abs(other.charge - observation.charge) > 1) return
            if (!gapsFollowWork(observation, counted)) return
            expect(spreadOf(observation, counted)).toBeLessThanOrEqual(spreadOf(other, counted) + 0.02)
          }
        }),
        runs(15),
      )
    },
    patience,
  )

  it("can widen it once bonds are torn all round: what still touches then decides, not what has worked most", () => {
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
    const { felt, unfelt, counted } = bothWays(one, 1)
    const { particles } = felt[0]
    expect(Math.min(...particles.damage)).toBeGreaterThan(0.95)
    expect(Math.min(...particles.meanGap)).toBeGreaterThan(reach)
    expect(spreadOf(felt[0], counted)).toBeGreaterThan(spreadOf(unfelt[0], counted) + 0.05)
  })
})

/**
 * Whether the particle that gave most lithium has the widest gap and the one that gave least the narrowest, and no gap is
 * beyond reach.
 */
const gapsFollowWork = ({ particles }: Observation, counted: (particle: number) => boolean): boolean => {
  const own = Array.from(particles.meanGap.keys()).filter(counted)
  if (own.length < 2 || own.some((particle) => particles.meanGap[particle] > reach)) return false
  const least = (values: Float64Array, sign: number): number =>
    own.reduce((best, particle) => (sign * values[particle] < sign * values[best] ? particle : best))
  return (
    least(particles.meanStoichiometry, 1) === least(particles.meanGap, -1) &&
    least(particles.meanStoichiometry, -1) === least(particles.meanGap, 1)
  )
}
