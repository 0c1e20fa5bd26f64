import fc from "fast-check"
import { frozenContact } from "../../src/laws/contact-resistance.ts"
import type { NetworkSimulation } from "../../src/model/network/simulation.ts"
import { box, within } from "../arbitrary/box.ts"
import { type NetworkTwin, networkTwin } from "../arbitrary/network-twin.ts"
import type { NetworkCase } from "../arbitrary/network-twin-files.ts"
import { type BothWays, type Counted, endsOfCharge, followsWork, openInSpread, spreadOf } from "./feedback.ts"
import type { Finding } from "./invariants.ts"
import { networkStartOf, runnableNetwork } from "./network-run.ts"

/** Most particles of networks that cycle: more of them only take longer. */
const mostParticles = 20

/** Networks of the whole box that charge and discharge a fixed charge. */
export const cyclingNetworkTwin = (cycles: number): fc.Arbitrary<NetworkTwin> =>
  networkTwin({
    cycles,
    most: mostParticles,
    protocol: fc.record({
      kind: fc.constant("fixed charge" as const),
      charged: within(box.charged),
      returned: fc.constant(1),
    }),
  })

/** A network at the ends of its charges, as it is and with contacts that do not feel their gaps. */
export interface NetworkBothWays {
  readonly charges: Generator<BothWays>
  /** [particle] share of the contacts' conductance that gaps have taken, now, where they are felt */
  readonly lostContact: () => Float64Array
  /** Particles with a path to the collector */
  readonly counted: Counted
}

export const networkBothWays = (
  run: NetworkCase,
  { closedResistance: closed, referenceGap }: Pick<NetworkTwin["materials"], "closedResistance" | "referenceGap">,
): NetworkBothWays => {
  const contactResistance = frozenContact({ closed, referenceGap: referenceGap * 1e-9 })
  const felt = networkStartOf(run)
  const unfelt = networkStartOf({ ...run, parameters: { ...run.parameters, contactResistance } })
  return {
    charges: endsOfCharge(felt, unfelt),
    lostContact: () => lostContact(felt),
    counted: (particle) => felt.floating[particle] === 0,
  }
}

/** Share of the conductance of its contacts that gaps have taken from each particle, now: 1 − ⟨R(0)/R(λ)⟩. */
export const lostContact = ({ cell, state }: NetworkSimulation): Float64Array => {
  const { ligaments, network, cohesiveArea, parameters } = cell
  const { resistance } = parameters.contactResistance
  const { gap } = state()
  const { start } = network.patches
  return cohesiveArea.map((whole, particle) => {
    let left = 0
    for (let patch = start[particle]; patch < start[particle + 1]; patch++)
      left += (ligaments.cohesiveArea[patch] * resistance(0, 0)) / resistance(gap[patch], 0)
    return whole === 0 ? 0 : 1 - left / whole
  })
}

const wider = ({ felt, unfelt }: BothWays, counted: Counted): Finding => {
  const [own, its] = [spreadOf(felt, counted), spreadOf(unfelt, counted)]
  return own <= its + openInSpread
    ? undefined
    : `in cycle ${felt.cycle} the spread is ${own} with feedback and ${its} without`
}

/** Beyond this loss of contact its resistance rules the current, and whoever had less of it from the start falls back. */
const mostLost = 0.5

/**
 * Contact resistance that grows with the gap does not widen the spread at the end of charge, as long as lost contact has
 * followed work at the ends of all charges (the particle that gave most lithium had lost most of its contact, the one that
 * gave least the least) and none has lost more than half of it. Mean gaps, by which resolved cells are judged, do not tell: a
 * patch that is torn is shut off, however far it gapes. Elsewhere the spread may widen (see {@link anywhereFinding}): where
 * all lose nearly all, what was unequal about their contacts counts for more.
 */
export const networkFeedbackFinding = async (twin: NetworkTwin): Promise<Finding> => {
  const { charges, counted, lostContact: lost } = networkBothWays(await runnableNetwork(twin), twin.materials)
  for (const both of charges) {
    const handicap = lost()
    if (handicap.some((own, particle) => counted(particle) && own > mostLost)) return undefined
    if (!followsWork(both.felt, handicap, counted)) return undefined
    const found = wider(both, counted)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * After the transient, at the last of the charges, the spread is not wider with feedback than without, wherever in the box.
 * False for one twin in ten: see the counterexamples beside the tests.
 */
export const anywhereFinding = async (twin: NetworkTwin): Promise<Finding> => {
  const { charges, counted } = networkBothWays(await runnableNetwork(twin), twin.materials)
  let last: BothWays | undefined
  for (const both of charges) last = both
  return last?.felt.cycle === twin.cycles ? wider(last, counted) : undefined
}
