import { type Monoid, max, min, struct } from "fp-ts/lib/Monoid.js"
import { Ord } from "fp-ts/lib/number.js"

/** Smallest and largest of some numbers; +∞ and −∞ where there are none. */
export interface Range {
  readonly min: number
  readonly max: number
}

const extended = { ...Ord, top: Number.POSITIVE_INFINITY, bottom: Number.NEGATIVE_INFINITY }

/** Ranges under union. Exactly associative and commutative. */
export const rangeMonoid: Monoid<Range> = struct({ min: min(extended), max: max(extended) })

/** The range of a single number. */
export const rangeOf = (value: number): Range => ({ min: value, max: value })

/** Largest less smallest; 0 where there are no numbers. */
export const spread = (range: Range): number => (range.max < range.min ? 0 : range.max - range.min)
