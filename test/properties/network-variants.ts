import type { NetworkCase } from "../arbitrary/network-twin-files.ts"
import { doubled, mirrored, relabelled } from "../model/network/transforms.ts"
import type { Finding } from "./invariants.ts"
import { march } from "./march.ts"
import { type NetworkRun, networkStartOf } from "./network-run.ts"
import { worstOf } from "./variants.ts"

/**
 * Largest differences that rounding may leave. Surfaces of patches are solved to a few 1e-8 of the currents, and rounding
 * decides whether one more iteration is made.
 */
const sameness = 1e-5

/** The mirror image of a network, with its particles, patches, nodes and edges in another order, behaves as it does. */
export const mirroredNetworkFinding = (run: NetworkRun): Finding => {
  const { network, toOld } = relabelled(mirrored(run.network), 11)
  const toNew = new Int32Array(toOld.length)
  toOld.forEach((old, own) => {
    toNew[old] = own
  })
  const simulation = networkStartOf({ ...run, network })
  // The pause for the checkpoint drops the factorisations, which shifts what follows by rounding.
  const other = march(simulation, (accepted) => {
    if (accepted === run.savedAfter) simulation.checkpoint()
  })
  const [own, its] = [run.march.observations, other.observations]
  if (own.length !== its.length) return `${own.length - 1} accepted steps, ${its.length - 1} in the mirror`
  const { quantity, apart, time } = worstOf(own, its, toNew)
  return apart <= sameness ? undefined : `${quantity} differs by ${apart} at ${time.toPrecision(7)} s`
}

/** A network beside a copy of itself: each particle and its copy stay equal. */
export const doubledNetworkFinding = (run: NetworkCase): Finding => {
  const { count } = run.network.particles
  const { observations } = march(networkStartOf({ ...run, network: doubled(run.network) }))
  const partner = Int32Array.from({ length: 2 * count }, (_, particle) => (particle + count) % (2 * count))
  const { quantity, apart, time } = worstOf(observations, observations, partner)
  return apart <= sameness ? undefined : `${quantity} differs by ${apart} from its copy at ${time.toPrecision(7)} s`
}

/**
 * How far halving the tolerance of the steps may move what a network reports at the ends of the steps, where damage lags by
 * `smoothDelay` or more. Most move by a tenth of that; a patch that goes a step earlier or later moves its particle at
 * once, and a surface that is emptied ends a charge.
 */
export const networkToleranceErrors = { stoichiometry: 0.05, damage: 0.1, charge: 0.02 } as const

/**
 * Whether a step ends because lithium or salt has run out. When it does so may hang on the tolerance: electrolyte that is all
 * but dry runs dry within the error allowed to its salt, and a step is broken off that smaller time steps carry on.
 */
export const endsForWant = ({ march: { ends } }: NetworkRun): boolean =>
  ends.some(({ end }) => end === "cannot carry the current")
