import { decimalsOf, fixed, significant } from "./number.ts"
import { extent } from "./series.ts"
import { markupToUnicode } from "./text.ts"

/** A linear axis from a round number to a round number. */
export interface Axis {
  /** Mark-up with the unit, such as "Voltage (V)". */
  readonly title: string
  readonly minimum: number
  readonly maximum: number
  /** Distance of the ticks */
  readonly step: number
}

/** 1, 2, 2.5 or 5 times a power of ten, the smallest one not below `least`. */
const roundStep = (least: number): number => {
  const power = 10 ** Math.floor(Math.log10(least))
  for (const factor of [1, 2, 2.5, 5]) if (factor * power >= least * (1 - 1e-9)) return factor * power
  return 10 * power
}

const roundWhole = (least: number): number => {
  const step = roundStep(Math.max(1, least))
  return Number.isInteger(step) ? step : roundWhole(1.1 * step)
}

/** A multiple of a round step as the number a reader would write: 3.4, not 3.4000000000000004. */
const multiple = (count: number, step: number): number => Number((count * step).toPrecision(12)) + 0

export interface AxisWishes {
  /** About how many spans between ticks; 5 where not said. */
  readonly spans?: number
  /** Values that must be inside, such as 0. */
  readonly include?: readonly number[]
  /** Keep exactly the range of the data (for time). */
  readonly tight?: boolean
  /** Little more than the range of the data, with round ticks inside. */
  readonly snug?: boolean
  /** Ticks at whole numbers only. */
  readonly whole?: boolean
  /** No tick beyond these, such as 0…1 for damage. */
  readonly within?: readonly [number, number]
}

/** An axis that holds all finite values of some columns. */
export const axisOver = (title: string, columns: readonly ArrayLike<number>[], wishes: AxisWishes = {}): Axis => {
  const { spans = 5, include = [], tight = false, snug = false, whole = false, within } = wishes
  let [low, high] = extent([...columns, include]) ?? [0, 1]
  const size = Math.max(Math.abs(low), Math.abs(high))
  // Numbers so small that their powers underflow count as zero.
  if (high - low <= Math.max(1e-12 * size, 1e-100)) {
    const room = size > 1e-100 ? 0.05 * size : 1
    low -= include.includes(low) ? 0 : room
    high += room
  }
  const step = whole ? roundWhole((high - low) / spans) : roundStep((high - low) / spans)
  if (tight) return { title, minimum: low, maximum: high, step }
  if (snug) return { title, minimum: low - 0.08 * (high - low), maximum: high + 0.08 * (high - low), step }
  let minimum = multiple(Math.floor(low / step + 1e-9), step)
  let maximum = multiple(Math.ceil(high / step - 1e-9), step)
  if (within !== undefined) {
    minimum = Math.max(minimum, within[0])
    maximum = Math.min(maximum, within[1])
  }
  return { title, minimum, maximum, step }
}

/** An axis of whole numbers from a half below the first to a half above the last. */
export const axisOfCycles = (title: string, first: number, last: number): Axis => ({
  title,
  minimum: first - 0.5,
  maximum: last + 0.5,
  step: Math.max(1, Math.ceil((last - first + 1) / 12)),
})

/** Where the ticks stand, ends included where they are multiples of the step. */
export const ticksOf = ({ minimum, maximum, step }: Axis): readonly number[] => {
  const ticks: number[] = []
  const slack = 1e-9 * (maximum - minimum)
  for (let index = Math.ceil((minimum - slack) / step); index * step <= maximum + slack; index++)
    ticks.push(multiple(index, step))
  return ticks
}

/** Tick labels of an axis, all with the same decimals; powers of ten where decimals would not show them. */
export const tickLabel = (axis: Axis, value: number): string =>
  axis.step < 1e-6 || Math.max(Math.abs(axis.minimum), Math.abs(axis.maximum)) >= 1e7
    ? markupToUnicode(significant(value, 4))
    : fixed(value, decimalsOf(axis.step))
