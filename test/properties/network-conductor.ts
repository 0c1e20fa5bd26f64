import type { ElectrodeNetwork } from "../../src/microstructure/electrode-network.ts"
import { createNetworkStepper } from "../../src/model/network/implicit-step.ts"
import { createNetworkCell } from "../../src/model/network/network-cell.ts"
import type { NetworkCase } from "../arbitrary/network-twin-files.ts"
import { withEdge } from "../model/network/transforms.ts"
import { type InstantCurrents, idealIons, instant, leftOfIons, rounding, small, strong } from "./conductor.ts"
import type { Finding } from "./invariants.ts"

type Cell = Pick<NetworkCase, "network" | "parameters">

/**
 * Currents of a network at rest that is held at another voltage for an instant.
 * @param overpotential above the open-circuit potential [V]; @returns undefined where no solution was found
 */
export const instantNetworkCurrents = (
  { network, parameters }: Cell,
  overpotential: number,
): InstantCurrents | undefined => {
  // Edges that are taken for ideal would be so with and without the conductor that is added.
  const cell = createNetworkCell(network, { ...parameters, mechanics: false, negligibleFall: 0 })
  const stepper = createNetworkStepper(cell, 1)
  const rest = stepper.initial()
  const voltage = rest.x[cell.electrochemistry.unknowns.voltage] + overpotential
  const trial = stepper.attempt([rest], instant, { kind: "voltage", voltage })
  stepper.forget()
  return trial.kind === "failed" ? undefined : { total: trial.state.current, particles: trial.state.transfer }
}

/** What is led in may multiply the current, and with it what ions and lithium still take. */
const nearlyIdeal = { conductivity: 3e5, exchangeCurrent: 1e8 }

/** Less than this is none: six electrons a second [A], in the plane [A/m] */
const nothing = 1e-18

/** Area over length of added conductors, poor to good, in space [m] and in the plane */
const shapes = { 3: [1e-9, 1e-7, 1e-5], 2: [1e-3, 0.1, 10] } as const

/** Particles to which a conductor is led, one after the other */
const mostParticles = 6

/** A network with a conductor from the collector to a particle. */
export interface Led {
  readonly particle: number
  /** Whether carbon and binder lead to that node without it */
  readonly isReached: boolean
  readonly shape: number
  readonly network: ElectrodeNetwork
}

/** Conductors led from the collector to the first node that touches a particle, one at a time. */
export function* conductorsLed(network: ElectrodeNetwork): Generator<Led> {
  const { start, node } = network.patches
  const step = Math.ceil(network.particles.count / mostParticles)
  for (let particle = 0; particle < network.particles.count; particle += step) {
    const touched = node.subarray(start[particle], start[particle + 1]).find((own) => own > 0)
    if (touched === undefined) continue
    for (const shape of shapes[network.dimension]) {
      const isReached = network.electrons.connected[touched] === 1
      yield { particle, isReached, shape, network: withEdge(network, 0, touched, shape) }
    }
  }
}

const led = ({ particle, shape }: Led): string =>
  `with a conductor of ${shape} (area over length, SI) led to particle ${particle + 1}`

/**
 * Held a millivolt from rest, a network passes no less current when a conductor is led from the collector to a particle:
 * Rayleigh's law, as in {@link totalCurrentFinding} of resolved cells.
 */
export const totalNetworkCurrentFinding = (run: NetworkCase): Finding => {
  const before = instantNetworkCurrents(run, small)
  for (const more of conductorsLed(run.network)) {
    const after = instantNetworkCurrents({ ...run, network: more.network }, small)
    if (!before || !after) return "no solution a millivolt from rest"
    if (!(after.total >= before.total * (1 - rounding) - nothing))
      return `${led(more)} the cell passes ${after.total} A instead of ${before.total} A`
  }
  return undefined
}

/**
 * Where ions meet no resistance, a conductor from the collector lowers the current of no particle, however far from rest the
 * network is held (comparison principle). Holds for equipotential particles, too: what is added leads from one terminal, so
 * that it raises every potential; but carbon and binder that only a particle leads to count as cut off, and what joins them
 * lets that particle feed others. Surfaces are alike all round: within an instant lithium comes from a few nanometres, and
 * the few harmonics by which it may vary around a particle swing below zero beside a patch that is fed so briefly.
 */
export const everyNetworkCurrentFinding = ({ network, parameters }: NetworkCase): Finding => {
  const ideal = { ...idealIons(parameters, nearlyIdeal), angularModes: 0 }
  for (const overpotential of strong) {
    const before = instantNetworkCurrents({ network, parameters: ideal }, overpotential)
    for (const more of conductorsLed(network)) {
      if (parameters.particleConduction === "equipotential" && !more.isReached) continue
      const after = instantNetworkCurrents({ network: more.network, parameters: ideal }, overpotential)
      if (!before || !after) return `no solution ${overpotential} V from rest`
      const lost = (current: number): number => leftOfIons * Math.abs(current) + rounding * before.total + nothing
      const loser = before.particles.findIndex((current, p) => !(after.particles[p] >= current - lost(current)))
      if (loser >= 0)
        return (
          `${led(more)}, ${overpotential} V from rest particle ${loser + 1} passes ${after.particles[loser]} A ` +
          `instead of ${before.particles[loser]} A`
        )
    }
  }
  return undefined
}

/**
 * A conductor from the collector lowers no current of the particle it touches. True only where particles do not share what
 * limits them; see the counterexample beside the tests.
 */
export const touchedCurrentFinding = (run: NetworkCase): Finding => {
  const before = instantNetworkCurrents(run, small)
  for (const more of conductorsLed(run.network)) {
    const after = instantNetworkCurrents({ ...run, network: more.network }, small)
    if (!before || !after) return "no solution a millivolt from rest"
    const [old, now] = [before.particles[more.particle], after.particles[more.particle]]
    if (!(now >= old - rounding * before.total - nothing)) return `${led(more)} it passes ${now} A instead of ${old} A`
  }
  return undefined
}
