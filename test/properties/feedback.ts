import fc from "fast-check"
import { type ContactResistanceParameters, frozenContact } from "../../src/laws/contact-resistance.ts"
import type { Observation } from "../../src/model/observation.ts"
import type { Simulation } from "../../src/model/resolved/simulation.ts"
import { box, within } from "../arbitrary/box.ts"
import { type SmallTwin, smallTwin } from "../arbitrary/small-twin.ts"
import type { Finding } from "./invariants.ts"
import { type Runnable, runnable, startOf } from "./march.ts"

/** [MPa] */
const weakBond = 150

/**
 * Cells of 2 or 3 equal circles in one column that charge and discharge a fixed charge, fed by the carbon/binder they
 * touch: the paper's case, in which particles differ in how they are connected and held. Bonds are weak enough to tear
 * within a few cycles.
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
    materials: { ...twin.materials, strength: Math.min(twin.materials.strength, weakBond) },
    particles: twin.particles.slice(0, 3).map(() => ({ ...twin.particles[0], aspect: 1, shift: 0 })),
  }))

/** Largest minus smallest mean stoichiometry. */
export const spreadOf = ({ particles: { meanStoichiometry } }: Observation): number =>
  Math.max(...meanStoichiometry) - Math.min(...meanStoichiometry)

/** The same cell whose contacts keep the resistance of a closed gap: damage that the current does not feel. */
const withoutFeedback = (run: Runnable, contact: ContactResistanceParameters): Runnable => ({
  ...run,
  parameters: { ...run.parameters, contactResistance: frozenContact(contact) },
})

const place = (values: Float64Array, extreme: (...all: number[]) => number): number =>
  values.indexOf(extreme(...values))

/** Whether gaps follow work: the particle that gave most lithium has the widest gap, the one that gave least the narrowest. */
export const gapsFollowWork = ({ particles: { meanStoichiometry, meanGap } }: Observation): boolean =>
  place(meanStoichiometry, Math.min) === place(meanGap, Math.max) &&
  place(meanStoichiometry, Math.max) === place(meanGap, Math.min)

/** Mean gaps tell only roughly who is held back: what they do not decide about a spread. */
const openInSpread = 0.02

/** The cell at the end of its next charge; undefined where none comes or it is cut short. */
const nextEndOfCharge = (simulation: Simulation): Observation | undefined => {
  for (;;) {
    const advance = simulation.advance()
    if (advance.kind === "finished" || advance.kind === "failed") return undefined
    if (advance.kind === "step-ended" && advance.observation.stepType === "charge")
      return advance.end === "duration" ? advance.observation : undefined
  }
}

/** One cell at the ends of its charges: as it is, and with damage that the current does not feel. */
export interface BothWays {
  readonly felt: Observation
  readonly unfelt: Observation
}

/** Ends of charge, both ways, one after the other, until a charge is cut short. */
export function* bothWays(run: Runnable, contact: ContactResistanceParameters): Generator<BothWays> {
  const [one, other] = [startOf(run), startOf(withoutFeedback(run, contact))]
  for (;;) {
    const [felt, unfelt] = [nextEndOfCharge(one), nextEndOfCharge(other)]
    if (felt === undefined || unfelt === undefined) return
    yield { felt, unfelt }
  }
}

/**
 * Where gaps follow work, contact resistance that grows with them does not widen the spread at the end of charge: it takes
 * current from the particle that runs ahead. Judged for as long as gaps have followed work at the ends of all charges;
 * where they follow something else, such as size, the spread may grow (see the counterexample beside the tests).
 */
export const feedbackFinding = async (twin: SmallTwin): Promise<Finding> => {
  const { closedResistance: closed, referenceGap } = twin.materials
  for (const both of bothWays(await runnable(twin), { closed, referenceGap: referenceGap * 1e-9 })) {
    if (!gapsFollowWork(both.felt)) return undefined
    const [felt, unfelt] = [spreadOf(both.felt), spreadOf(both.unfelt)]
    if (!(felt <= unfelt + openInSpread))
      return `in cycle ${both.felt.cycle} the spread is ${felt} with feedback and ${unfelt} without`
  }
  return undefined
}
