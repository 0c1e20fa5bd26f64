import fc from "fast-check"
import { type ContactResistanceParameters, frozenContact } from "../../src/laws/contact-resistance.ts"
import type { Observation } from "../../src/model/observation.ts"
import { box, within } from "../arbitrary/box.ts"
import { type SmallTwin, smallTwin } from "../arbitrary/small-twin.ts"
import type { Finding } from "./invariants.ts"
import { type Marching, type Runnable, runnable, startOf } from "./march.ts"

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

/** Whether a particle takes part; all do if not given. */
export type Counted = (particle: number) => boolean

/** Largest minus smallest mean stoichiometry of those that count. */
export const spreadOf = ({ particles }: Observation, counted: Counted = () => true): number => {
  const own = particles.meanStoichiometry.filter((_, particle) => counted(particle))
  return own.length === 0 ? 0 : Math.max(...own) - Math.min(...own)
}

/** The same cell whose contacts keep the resistance of a closed gap: damage that the current does not feel. */
const withoutFeedback = (run: Runnable, contact: ContactResistanceParameters): Runnable => ({
  ...run,
  parameters: { ...run.parameters, contactResistance: frozenContact(contact) },
})

/**
 * Whether a handicap follows work: the particle that gave most lithium has most of it, the one that gave least the least.
 * @param handicap [particle]
 */
export const followsWork = (
  { particles: { meanStoichiometry } }: Observation,
  handicap: Float64Array,
  counted: Counted = () => true,
): boolean => {
  const own = [...handicap.keys()].filter(counted)
  const least = (values: Float64Array, sign: 1 | -1): number =>
    own.reduce((best, particle) => (sign * values[particle] < sign * values[best] ? particle : best), own[0])
  return least(meanStoichiometry, 1) === least(handicap, -1) && least(meanStoichiometry, -1) === least(handicap, 1)
}

/** Whether gaps follow work: the particle that gave most lithium has the widest gap, the one that gave least the narrowest. */
export const gapsFollowWork = (observation: Observation): boolean =>
  followsWork(observation, observation.particles.meanGap)

/** Mean gaps tell only roughly who is held back: what they do not decide about a spread. */
export const openInSpread = 0.02

/** The cell at the end of its next charge; undefined where none comes or it is cut short. */
export const nextEndOfCharge = (simulation: Marching): Observation | undefined => {
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

/** Ends of charge of two simulations, one after the other, until a charge is cut short. */
export function* endsOfCharge(one: Marching, other: Marching): Generator<BothWays> {
  for (;;) {
    const [felt, unfelt] = [nextEndOfCharge(one), nextEndOfCharge(other)]
    if (felt === undefined || unfelt === undefined) return
    yield { felt, unfelt }
  }
}

/** Ends of charge of a resolved cell, both ways. */
export const bothWays = (run: Runnable, contact: ContactResistanceParameters): Generator<BothWays> =>
  endsOfCharge(startOf(run), startOf(withoutFeedback(run, contact)))

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
