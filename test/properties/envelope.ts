import { defaultSynchronisationSettings } from "../../src/synchronisation/settings.ts"
import type { SpreadOfCycle } from "../../src/synchronisation/trend.ts"
import { judge } from "../../src/synchronisation/verdict.ts"
import type { NetworkTwin } from "../arbitrary/network-twin.ts"
import type { NetworkCase } from "../arbitrary/network-twin-files.ts"
import { nextEndOfCharge, spreadOf } from "./feedback.ts"
import type { Finding } from "./invariants.ts"
import { lostContact } from "./network-feedback.ts"
import { networkStartOf, runnableNetwork } from "./network-run.ts"

/** The end of a charge that was not cut short. */
export interface ChargeSpread extends SpreadOfCycle {
  /** [particle] share of the contacts' conductance that gaps have taken */
  readonly lost: Float64Array
}

/** Spreads of the stoichiometry at the ends of charges until one is cut short, over particles with a path. */
export const chargeSpreads = (run: NetworkCase): readonly ChargeSpread[] => {
  const simulation = networkStartOf(run)
  const spreads: ChargeSpread[] = []
  for (;;) {
    const end = nextEndOfCharge(simulation)
    if (end === undefined) return spreads
    const spread = spreadOf(end, (particle) => simulation.floating[particle] === 0)
    spreads.push({ cycle: end.cycle, spread, lost: lostContact(simulation) })
  }
}

/** What the cycles after the first verdict `synchronises` did; undefined where there is none, or nothing after it. */
export const afterVerdict = (
  spreads: readonly SpreadOfCycle[],
): { readonly decided: number; readonly envelope: number; readonly later: SpreadOfCycle } | undefined => {
  const { leastCycles } = defaultSynchronisationSettings
  for (let known = leastCycles; known < spreads.length; known++) {
    const { verdict, syncCycle } = judge(spreads.slice(0, known), defaultSynchronisationSettings)
    if (verdict !== "synchronises" || syncCycle === null) continue
    const largest = (points: readonly SpreadOfCycle[]): SpreadOfCycle =>
      points.reduce((most, point) => (point.spread > most.spread ? point : most))
    return {
      decided: spreads[known - 1].cycle,
      envelope: largest(spreads.slice(0, known).filter(({ cycle }) => cycle >= syncCycle)).spread,
      later: largest(spreads.slice(known)),
    }
  }
  return undefined
}

/** What the tolerance of the steps leaves open of a spread that does not change */
const openInSpread = 0.005

/** Share of its contact that a particle may lose or win as if nothing had changed */
const still = 0.01

/** The cycles, from the first verdict on as long as all contacts are what they were then. */
const asContactsStand = (spreads: readonly ChargeSpread[], decided: number): readonly ChargeSpread[] => {
  const { lost } = spreads.find(({ cycle }) => cycle === decided) ?? spreads[0]
  const changed = spreads.findIndex(
    (later) => later.cycle > decided && later.lost.some((own, particle) => Math.abs(own - lost[particle]) > still),
  )
  return changed < 0 ? spreads : spreads.slice(0, changed)
}

/**
 * Once the verdict is `synchronises`, more cycles do not raise the envelope of the spread, the largest that it has been since
 * the sync cycle, by more than {@link openInSpread} as long as contacts stay what they are. Where bonds go on tearing they do:
 * see the counterexample beside the tests. Damage that stands still is not enough: the last hundredth of a bond opens its gap.
 */
export const envelopeFinding = async (twin: NetworkTwin): Promise<Finding> => {
  const spreads = chargeSpreads(await runnableNetwork(twin))
  const first = afterVerdict(spreads)
  const after = first && afterVerdict(asContactsStand(spreads, first.decided))
  if (after === undefined || after.later.spread <= after.envelope + openInSpread) return undefined
  const { decided, envelope, later } = after
  return `in step after ${decided} cycles within ${envelope}, the spread is ${later.spread} in cycle ${later.cycle}`
}
