import type { Verdict } from "./ensemble.ts"
import type { SynchronisationSettings } from "./settings.ts"
import { geometricTrend, leastPoints, type SpreadOfCycle, type Trend } from "./trend.ts"

/** What the spreads at end of charge say. */
export interface Judgement {
  readonly peak: SpreadOfCycle | null
  readonly syncCycle: number | null
  readonly contraction: Trend | null
  readonly inStep: boolean
  readonly verdict: Verdict
  readonly reason: string
}

const short = (value: number): string => String(Number(value.toPrecision(2)))

const trendText = ({ factor, low, high }: Trend): string =>
  `factor ${factor.toFixed(3)} per cycle (${low.toFixed(3)}–${high.toFixed(3)})`

/** First cycle after the peak from which on every spread counts as synchronous. */
const syncCycleOf = (after: readonly SpreadOfCycle[], isSynchronous: (spread: number) => boolean): number | null => {
  const last = after.findLastIndex(({ spread }) => !isSynchronous(spread))
  return after[last + 1]?.cycle ?? null
}

/**
 * What the last half of the cycles does: rises, falls, stands still, or is too uneven to tell. Spreads below the floor
 * count as the floor.
 */
const tailOf = (points: readonly SpreadOfCycle[], { floor, confidence }: SynchronisationSettings): Trend | null => {
  const tail = points.slice(-Math.max(leastPoints, Math.ceil(points.length / 2)))
  return geometricTrend(
    tail.map(({ cycle, spread }) => ({ cycle, spread: Math.max(spread, floor) })),
    confidence,
  )
}

const undecided = (reason: string, known: Partial<Judgement> = {}): Judgement => ({
  peak: null,
  syncCycle: null,
  contraction: null,
  inStep: false,
  verdict: "undecided",
  reason,
  ...known,
})

/**
 * Judges the spreads of the stoichiometry at end of charge. The first rule that applies decides:
 * 1. fewer cycles than `leastCycles`: undecided;
 * 2. no spread above the floor: in step from the start, which counts as synchronises;
 * 3. after its peak the spread falls below `threshold` of it (or to the floor) and stays there to the last cycle:
 *    synchronises; where only the last cycle is below, the whole interval of the contraction factor must be below 1;
 * 4. the last half of the cycles changes by less than `steady` per cycle, interval included: saturates;
 * 5. the last half rises, its whole interval above 1: diverges;
 * 6. else undecided, be it that the spread is still falling or that it is too uneven.
 *
 * The contraction is fitted from the peak to the last cycle before the spread first reaches the floor.
 * @param points  cycles rising, spread ≥ 0
 */
export const judge = (points: readonly SpreadOfCycle[], settings: SynchronisationSettings): Judgement => {
  const { threshold, confidence, leastCycles, floor, steady } = settings
  if (points.length === 0) return undecided("No cycle has an end of charge.")
  const first = points[0]
  const last = points[points.length - 1]
  const peak = points.reduce((most, point) => (point.spread > most.spread ? point : most))
  const fromPeak = points.slice(points.indexOf(peak))
  const isEqual = (spread: number): boolean => spread <= floor
  const inStep = isEqual(peak.spread)
  const end = fromPeak.findIndex(({ spread }) => isEqual(spread))
  const contraction = geometricTrend(end < 0 ? fromPeak : fromPeak.slice(0, end), confidence)
  const isSynchronous = (spread: number): boolean => isEqual(spread) || spread < threshold * peak.spread
  const syncCycle = inStep ? first.cycle : syncCycleOf(fromPeak.slice(1), isSynchronous)
  const known = { peak, syncCycle, contraction, inStep }

  if (points.length < leastCycles) {
    const counted = points.length === 1 ? "1 cycle is" : `${points.length} cycles are`
    return undecided(`${counted} too few for a verdict; ${leastCycles} are wanted.`, known)
  }
  if (inStep) {
    const reason = `In step from the start: the spread never exceeds ${short(floor)} (largest ${short(peak.spread)}, cycle ${peak.cycle}).`
    return { ...known, verdict: "synchronises", reason }
  }

  const tail = tailOf(points, settings)!
  const rate = contraction === null ? "" : `; ${trendText(contraction)}`
  const place = ({ cycle, spread }: SpreadOfCycle): string => `${short(spread)} (cycle ${cycle})`
  const course = `${place(peak)} to ${place(last)}`
  const share = threshold === 0.5 ? "half its peak" : `${short(threshold)} of its peak`
  const isFalling = contraction !== null && contraction.high < 1
  if (syncCycle !== null && (syncCycle < last.cycle || isFalling || isEqual(last.spread))) {
    const again = tail.low > 1 + steady ? `; at the end it rises again, ${trendText(tail)}` : ""
    const reason = `The spread falls from ${course}, below ${share} from cycle ${syncCycle} on${rate}${again}.`
    return { ...known, verdict: "synchronises", reason }
  }
  const whole = peak === last ? `${place(first)} to its peak, ${place(last)},` : course
  const lately = `over the last half of the cycles ${trendText(tail)}`
  if (tail.low > 1 - steady && tail.high < 1 + steady) {
    const reason = `The spread goes from ${whole} without staying below ${share} and stands still: ${lately}.`
    return { ...known, verdict: "saturates", reason }
  }
  if (tail.low > 1) {
    const reason = `The spread goes from ${place(first)} to ${place(last)} and rises: ${lately}.`
    return { ...known, verdict: "diverges", reason }
  }
  const why = tail.high < 1 ? "but is still falling" : "and is too uneven to tell its course"
  return undecided(`The spread goes from ${whole} without staying below ${share}, ${why}: ${lately}.`, known)
}
