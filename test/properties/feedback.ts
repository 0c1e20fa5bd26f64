import fc from "fast-check"
import { frozenContact } from "../../src/laws/contact-resistance.ts"
import type { Observation } from "../../src/model/observation.ts"
import type { Simulation } from "../../src/model/resolved/simulation.ts"
import { box, within } from "../arbitrary/box.ts"
import { type SmallTwin, smallTwin } from "../arbitrary/small-twin.ts"
import type { Finding } from "./invariants.ts"
import { type Runnable, runnable, startOf } from "./march.ts"

/**
 * Cells of 2 or 3 equal circles in one column that charge and discharge a fixed charge, fed by the carbon/binder they
 * touch: the paper's case, in which particles differ in how they are connected and held.
 */
export const cyclingTwin = (cycles: number): fc.Arbitrary<SmallTwin> =>
  smallTwin({
    cycles,
    protocol: fc.record({
      kind: fc.constant("fixed charge" as const),
      charged: within(box.charged),
      returned: fc.constant(1),
    }),
  }).map((twin) => ({
    ...twin,
    columns: 1,
    severed: 0,
    conduction: "none",
    particles: twin.particles.slice(0, 3).map(() => ({ ...twin.particles[0], aspect: 1, shift: 0 })),
  }))

/** Largest minus smallest mean stoichiometry. */
export const spreadOf = ({ particles: { meanStoichiometry } }: Observation): number =>
  Math.max(...meanStoichiometry) - Math.min(...meanStoichiometry)

/** The same cell whose contacts keep the resistance of a closed gap: damage that the current does not feel. */
export const withoutFeedback = (run: Runnable, { materials }: SmallTwin): Runnable => ({
  ...run,
  parameters: {
    ...run.parameters,
    contactResistance: frozenContact({
      closed: materials.closedResistance,
      referenceGap: materials.referenceGap * 1e-9,
    }),
  },
})

const place = (values: Float64Array, extreme: (...all: number[]) => number): number =>
  values.indexOf(extreme(...values))

/** Whether gaps follow work: the particle that gave most lithium has the widest gap, the one that gave least the narrowest. */
export const gapsFollowWork = ({ particles: { meanStoichiometry, meanGap } }: Observation): boolean =>
  place(meanStoichiometry, Math.min) === place(meanGap, Math.max) &&
  place(meanStoichiometry, Math.max) === place(meanGap, Math.min)

/** What the tolerance of the time steps leaves open in a spread */
const openInSpread = 0.003

/** The cell at the end of its next charge; undefined where there is none. */
const nextEndOfCharge = (simulation: Simulation): Observation | undefined => {
  for (;;) {
    const advance = simulation.advance()
    if (advance.kind === "finished" || advance.kind === "failed") return undefined
    if (advance.kind === "step-ended" && advance.observation.stepType === "charge") return advance.observation
  }
}

/** One cell at the ends of its charges: as it is, and with damage that the current does not feel. */
export interface BothWays {
  readonly felt: Observation
  readonly unfelt: Observation
}

/** Ends of charge, both ways, one after the other. */
export function* bothWays(run: Runnable, twin: SmallTwin): Generator<BothWays> {
  const [one, other] = [startOf(run), startOf(withoutFeedback(run, twin))]
  for (;;) {
    const [felt, unfelt] = [nextEndOfCharge(one), nextEndOfCharge(other)]
    if (felt === undefined || unfelt === undefined) return
    yield { felt, unfelt }
  }
}

/** Whether neither charge was cut short by what contacts cost. */
export const samePassed = ({ felt, unfelt }: BothWays): boolean =>
  Math.abs(felt.charge - unfelt.charge) <= 1e-6 * Math.abs(felt.charge)

/**
 * Where gaps follow work, contact resistance that grows with them does not widen the spread at the end of charge: it takes
 * current from the particle that runs ahead. Judged for as long as gaps have followed work at the ends of all charges.
 */
export const feedbackFinding = async (twin: SmallTwin): Promise<Finding> => {
  for (const both of bothWays(await runnable(twin), twin)) {
    if (!samePassed(both) || !gapsFollowWork(both.felt)) return undefined
    const [felt, unfelt] = [spreadOf(both.felt), spreadOf(both.unfelt)]
    if (!(felt <= unfelt + openInSpread))
      return `in cycle ${both.felt.cycle} the spread is ${felt} with feedback and ${unfelt} without`
  }
  return undefined
}
