import { defaultSynchronisationSettings } from "../../src/synchronisation/settings.ts"
import type { Result } from "../case.ts"
import type { Cycled } from "./cycling.ts"
import {
  atLeast,
  atMost,
  chargedIn,
  cyclesOf,
  damagedIn,
  firstOf,
  judged,
  lastOf,
  relativeSpread,
  rising,
  short,
} from "./rows.ts"

/** Runs of one layout; particles are numbered from the best to the worst connected. */
export interface EvolutionRuns {
  /** As shipped, fixed charge */
  readonly fixed: Cycled
  /** As shipped, between voltage limits after a formation */
  readonly window: Cycled
  /** The same with an interface that does not wear */
  readonly untiring: Cycled
  /** Between voltage limits without formation */
  readonly bare: Cycled
  /** The well conducting carbon/binder everywhere */
  readonly homogeneous: Cycled
  /** The same, without mechanics and with an electrolyte that hinders no ion */
  readonly unhindered: Cycled
  /** Without mechanics */
  readonly still: Cycled
  /** The contact resistance does not feel the gap */
  readonly frozen: Cycled
  /** Coverages from the other end */
  readonly swapped: Cycled
}

const { floor } = defaultSynchronisationSettings

const series = (run: Cycled, of: (cycle: ReturnType<typeof cyclesOf>[number]) => number): string =>
  cyclesOf(run)
    .map((cycle) => of(cycle).toFixed(3))
    .join(", ")

/** The published evolution under fixed charge. */
export const evolutionRows = ({ fixed }: Pick<EvolutionRuns, "fixed">): Result[] => {
  const [first, last] = [firstOf(fixed), lastOf(fixed)]
  const { contraction, peak } = fixed.synchronisation
  const earliest = Math.min(...fixed.onset)
  const damageSpreads = cyclesOf(fixed).map(({ spreadDamage }) => spreadDamage)
  const relative = cyclesOf(fixed).map(relativeSpread)
  return [
    rising(
      "first charge: lithium contents at its end",
      "rise from the best to the worst connected",
      chargedIn(fixed, 0),
    ),
    rising("onset of damage in the first charge, share of its duration", "in the order of coverage", fixed.onset),
    atLeast(
      "onset of damage, earliest",
      "near the end of the charge",
      Number.isFinite(earliest) ? earliest : 0,
      0.7,
      Number.isFinite(earliest) ? short(earliest) : "never",
    ),
    rising("damage after the first cycle", "rises with coverage", damagedIn(fixed, 0).toReversed()),
    atLeast(
      "spread of damage, largest over first",
      "diverges after its onset",
      Math.max(...damageSpreads) / damageSpreads[0],
      1.2,
      `${series(fixed, ({ spreadDamage }) => spreadDamage)}`,
    ),
    atMost(
      "spread of damage over its mean, last over largest",
      "converges",
      relative[relative.length - 1] / Math.max(...relative),
      0.5,
      relative.map((value) => value.toFixed(2)).join(", "),
    ),
    atMost(
      "spread of damage, last over largest",
      "converges (the paper's damage curves meet)",
      damageSpreads[damageSpreads.length - 1] / Math.max(...damageSpreads),
      0.5,
    ),
    atMost(
      "spread of lithium contents at end of charge, last over peak",
      "converges",
      last.spreadCharge / (peak?.spread ?? Number.NaN),
      0.5,
      series(fixed, ({ spreadCharge }) => spreadCharge),
    ),
    atMost(
      "contraction of that spread per cycle",
      "upper end of its interval below 1",
      contraction?.high ?? Number.POSITIVE_INFINITY,
      1,
      contraction === null
        ? "none: the peak comes too late"
        : `${contraction.factor.toFixed(3)} (${contraction.low.toFixed(3)}–${contraction.high.toFixed(3)})`,
    ),
    judged("verdict", fixed.synchronisation, ["synchronises"]),
    atLeast(
      "order parameter of the throughputs, last cycle against first",
      "works more alike",
      last.orderParameter - first.orderParameter,
      0,
      `${first.orderParameter.toFixed(4)} → ${last.orderParameter.toFixed(4)}`,
    ),
  ]
}

/**
 * Between voltage limits, which the paper does not show: damage raises the overpotential, the limit comes earlier and no
 * particle is driven as deep again. Without wear damage then stops (shakedown); with it, it goes on.
 */
export const windowRows = ({ window, untiring, bare }: EvolutionRuns): Result[] => [
  atMost(
    "between voltage limits, no wear: mean damage, growth over the cycles after formation",
    "shakes down",
    lastOf(untiring).meanDamage - firstOf(untiring).meanDamage,
    0.02,
    `${firstOf(untiring).meanDamage.toFixed(4)} → ${lastOf(untiring).meanDamage.toFixed(4)}`,
  ),
  atLeast(
    "between voltage limits, no wear: spread of damage after the last cycle",
    "still unequal",
    lastOf(untiring).spreadDamage,
    0.1,
  ),
  atLeast(
    "between voltage limits: mean damage, growth over the cycles after formation",
    "goes on by wear",
    lastOf(window).meanDamage - firstOf(window).meanDamage,
    0.02,
    `${firstOf(window).meanDamage.toFixed(4)} → ${lastOf(window).meanDamage.toFixed(4)}`,
  ),
  judged("between voltage limits, no formation: verdict", bare.synchronisation, ["synchronises"]),
  atMost(
    "between voltage limits, no formation: spread at end of charge, last over peak",
    "converges",
    lastOf(bare).spreadCharge / (bare.synchronisation.peak?.spread ?? Number.NaN),
    0.5,
    series(bare, ({ spreadCharge }) => spreadCharge),
  ),
]

/** The controls without which the evolution would mean little. */
export const controlRows = (runs: EvolutionRuns): Result[] => {
  const { fixed, homogeneous, unhindered, still, frozen, swapped } = runs
  const largest = (run: Cycled): number => Math.max(...cyclesOf(run).map(({ spreadCharge }) => spreadCharge))
  const factor = ({ synchronisation: { contraction } }: Cycled): string =>
    contraction === null
      ? "no factor"
      : `factor ${contraction.factor.toFixed(3)} (${contraction.low.toFixed(3)}–${contraction.high.toFixed(3)})`
  const remaining = (run: Cycled): number => lastOf(run).spreadCharge / firstOf(run).spreadCharge
  const mirrored = chargedIn(swapped, 0).toReversed()
  return [
    atMost("(a) same carbon/binder, no mechanics, ions unhindered: largest spread", "none", largest(unhindered), floor),
    atMost(
      "(a) same carbon/binder everywhere: spread at end of the first charge over that of the layout",
      "a part only",
      firstOf(homogeneous).spreadCharge / firstOf(fixed).spreadCharge,
      1 / 3,
      `${firstOf(homogeneous).spreadCharge.toFixed(4)} of ${firstOf(fixed).spreadCharge.toFixed(4)}`,
    ),
    atMost(
      "(a) same carbon/binder everywhere: largest spread",
      "none",
      largest(homogeneous),
      floor,
      series(homogeneous, ({ spreadCharge }) => spreadCharge),
    ),
    atLeast(
      "(b) no mechanics: spread at end of charge, last over first",
      "does not contract",
      remaining(still),
      0.9,
      `${series(still, ({ spreadCharge }) => spreadCharge)}; ${factor(still)}`,
    ),
    atMost("(b) no mechanics: damage", "none", lastOf(still).meanDamage, 0),
    atLeast(
      "(c) R does not feel the gap: contraction factor less that with feedback, nearest ends of the intervals",
      "contracts more slowly",
      (frozen.synchronisation.contraction?.low ?? Number.NaN) - (fixed.synchronisation.contraction?.high ?? Number.NaN),
      0,
      `${factor(frozen)} against ${factor(fixed)}`,
    ),
    atLeast(
      "(c) R does not feel the gap: spread at end of charge, last over first",
      "does not contract",
      remaining(frozen),
      0.9,
      series(frozen, ({ spreadCharge }) => spreadCharge),
    ),
    rising(
      "(d) coverages swapped: lithium contents after the first charge, from the other end",
      "roles swap",
      mirrored,
    ),
    rising("(d) coverages swapped: damage after the first cycle", "roles swap", damagedIn(swapped, 0)),
  ]
}
