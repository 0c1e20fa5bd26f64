import type { CycleSynchrony, Synchronisation } from "../../src/synchronisation/ensemble.ts"
import { bounded, type Result } from "../case.ts"
import type { Cycled } from "./cycling.ts"

/** To three digits. */
export const short = (value: number): string => String(Number(value.toPrecision(3)))
const listed = (values: ArrayLike<number>): string =>
  Array.from(values, (value) => (Number.isFinite(value) ? short(value) : "never")).join(", ")

/** A number that must not pass a bound; what the bound stands for is in `expected`. */
export const atMost = (quantity: string, expected: string, value: number, bound: number, found?: string): Result => ({
  quantity,
  expected: `${expected}: ≤ ${short(bound)}`,
  found: found ?? short(value),
  error: value,
  tolerance: bound,
  passed: value <= bound,
})

/** A number that must reach a bound; the error is what it lacks. */
export const atLeast = (quantity: string, expected: string, value: number, bound: number, found?: string): Result => ({
  quantity,
  expected: `${expected}: ≥ ${short(bound)}`,
  found: found ?? short(value),
  // Without a value it lacks everything.
  error: Number.isNaN(value) ? Number.POSITIVE_INFINITY : Math.max(0, bound - value),
  tolerance: 0,
  passed: value >= bound,
})

/** A number beside that of an independent solution; the deviation is absolute. */
export const beside = (quantity: string, reference: number, value: number, tolerance: number): Result => ({
  quantity,
  expected: `${short(reference)} ± ${short(tolerance)} (independent solution)`,
  found: short(value),
  error: Math.abs(value - reference),
  tolerance,
  passed: Math.abs(value - reference) <= tolerance,
})

/** Values that must rise from each to the next; the error is the largest fall, infinite where a value never came. */
export const rising = (quantity: string, expected: string, values: ArrayLike<number>): Result => {
  const steps = Array.from({ length: values.length - 1 }, (_, index) => values[index + 1] - values[index])
  const worst = Math.min(...steps)
  return {
    quantity,
    expected,
    found: listed(values),
    error: Number.isNaN(worst) ? Number.POSITIVE_INFINITY : Math.max(0, -worst),
    tolerance: 0,
    passed: worst > 0,
  }
}

/** A verdict that must be one of some. */
export const judged = (
  quantity: string,
  { verdict, reason }: Synchronisation,
  expected: readonly Synchronisation["verdict"][],
): Result => ({
  quantity,
  expected: expected.join(" or "),
  found: `${verdict}. ${reason}`,
  error: expected.includes(verdict) ? 0 : 1,
  tolerance: 0,
  passed: expected.includes(verdict),
})

/** Values of all particles at the end of a charge, counted from the first cycle. */
export const chargedIn = ({ history }: Cycled, index: number): Float64Array =>
  history.endOfCharge.subarray(index * history.particleCount, (index + 1) * history.particleCount)

/** Damages of all particles at the end of a cycle, counted from the first. */
export const damagedIn = ({ history }: Cycled, index: number): Float64Array =>
  history.damage.subarray(index * history.particleCount, (index + 1) * history.particleCount)

export const cyclesOf = ({ synchronisation }: Cycled): readonly CycleSynchrony[] => synchronisation.cycles

export const firstOf = (run: Cycled): CycleSynchrony => cyclesOf(run)[0]
export const lastOf = (run: Cycled): CycleSynchrony => cyclesOf(run)[cyclesOf(run).length - 1]

/** Spread over mean of the damage. */
export const relativeSpread = ({ spreadDamage, meanDamage }: CycleSynchrony): number => spreadDamage / meanDamage

/** Every run keeps its balances and comes to the end of its protocol. */
export const soundness = (runs: Readonly<Record<string, Cycled>>): Result[] => {
  const names = Object.keys(runs)
  const stopped = names.filter((name) => runs[name].stopped !== "")
  return [
    bounded(
      `lithium and charge balance, worst step of all ${names.length} runs`,
      Math.max(...names.map((name) => runs[name].imbalance)),
      1e-9,
    ),
    atMost(
      "runs that break off before the end of their protocol",
      "none",
      stopped.length,
      0,
      stopped.length === 0 ? "0" : stopped.map((name) => `${name}: ${runs[name].stopped}`).join("; "),
    ),
  ]
}
