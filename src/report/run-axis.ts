import { type Axis, axisOver } from "./axis.ts"
import type { ChartSpan } from "./chart-spec.ts"
import type { ParticleCurves } from "./series.ts"

/** A cycle with its first and last time [s]; 0 is formation. */
export interface CycleSpan {
  readonly cycle: number
  readonly from: number
  readonly to: number
}

/** The horizontal axis of charts over a whole run. */
export interface RunAxis {
  readonly axis: Axis
  /** [row] where moments stand on it */
  readonly placed: (curves: Pick<ParticleCurves, "time" | "cycle">) => Float64Array
  /** Behind every other cycle; none where they would be too narrow */
  readonly stripes: readonly ChartSpan[]
}

/** Cycles that can be told apart in a chart over the whole run. */
export const distinctCycles = 12

/**
 * Time over τ as the paper has it; where that hides the cycles (formation takes as long as all of them, or there are
 * many) every cycle gets the same width, formation the one before zero.
 * @param tau [s]
 */
export const runAxisOf = (spans: readonly CycleSpan[], time: Float64Array, tau: number): RunAxis => {
  const numbered = spans.filter(({ cycle }) => cycle > 0)
  const many = numbered.length > distinctCycles
  const even = spans.filter(({ cycle }) => cycle > 0 && cycle % 2 === 0 && !many)
  if (numbered.length === 0 || (!many && numbered.length === spans.length)) {
    return {
      axis: axisOver("Time *t*/*τ*", [time.map((value) => value / tau)], { tight: true }),
      placed: (curves) => curves.time.map((value) => value / tau),
      stripes: even.map(({ from, to }) => ({ from: from / tau, to: to / tau })),
    }
  }
  const spanOf = new Map(spans.map((span) => [span.cycle, span]))
  const place = (moment: number, cycle: number): number => {
    const span = spanOf.get(cycle)
    if (span === undefined) return Number.NaN
    return cycle - 1 + (span.to > span.from ? (moment - span.from) / (span.to - span.from) : 0)
  }
  const first = spans[0].cycle
  const title = first === 0 ? "Cycles gone by (formation before 0)" : "Cycles gone by"
  return {
    axis: axisOver(title, [[first - 1, numbered[numbered.length - 1].cycle]], { tight: true, whole: true, spans: 10 }),
    placed: (curves) => curves.time.map((value, row) => place(value, curves.cycle[row])),
    stripes: even.map(({ cycle }) => ({ from: cycle - 1, to: cycle })),
  }
}

/**
 * A few cycles that stand for all: the first, the last and evenly between them.
 * @param count at most so many
 */
export const chosenCycles = (first: number, last: number, count: number): readonly number[] =>
  last - first < count
    ? Array.from({ length: last - first + 1 }, (_, at) => first + at)
    : Array.from({ length: count }, (_, at) => Math.round(first + (at * (last - first)) / (count - 1)))
