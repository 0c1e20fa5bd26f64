/** Limits of the step-size controller. */
export interface StepLimits {
  /** [s] */ readonly shortest: number
  /** [s] */ readonly longest: number
  /** Largest growth from one step to the next */ readonly growth: number
}

/**
 * Next step after one of `step` seconds whose local error was `error` (1 = exactly the tolerance):
 * step · 0.9 · error^(−1/(order+1)), within [0.2, growth] of the last and within the limits.
 * @source E. Hairer, G. Wanner, Solving Ordinary Differential Equations II (1996), §IV.8
 */
export const nextStep = (step: number, error: number, order: 1 | 2, limits: StepLimits): number => {
  const factor = error > 0 ? 0.9 * error ** (-1 / (order + 1)) : limits.growth
  return limited(step, factor, limits)
}

/** A step times a factor, within [0.2, growth] of it and within the limits. */
const limited = (step: number, factor: number, { shortest, longest, growth }: StepLimits): number =>
  Math.min(longest, Math.max(shortest, step * Math.min(growth, Math.max(0.2, factor))))

/** A step that was taken, and its local error over the tolerance. */
export interface JudgedStep {
  /** [s] */ readonly step: number
  readonly error: number
}

/**
 * Next step where errors follow a trend: while steps grow step by step, as they do after a jump, the error of the next is
 * expected to change as it did from the last to this, step · 0.9 · ratio · (error before/error²)^(1/(order+1)).
 * @source K. Gustafsson, ACM Trans. Math. Softw. 20 (1994) 496, predictive control for implicit methods
 */
export const nextStepOnTrend = (last: JudgedStep, before: JudgedStep, order: 1 | 2, limits: StepLimits): number => {
  if (!(last.error > 0 && before.error > 0)) return nextStep(last.step, last.error, order, limits)
  const trend = (last.step / before.step) * (before.error / last.error) ** (1 / (order + 1))
  const factor = 0.9 * trend * last.error ** (-1 / (order + 1))
  return limited(last.step, factor, limits)
}

/**
 * Step to take so that a fixed time is hit exactly without leaving a sliver before it: a step that would end within
 * 40 % of its length before the target is shortened to half the remaining way.
 */
export const stepTowards = (step: number, time: number, target: number): number => {
  const left = target - time
  if (step >= left * (1 - 1e-9)) return left
  return step > left / 1.4 ? left / 2 : step
}

/** A sign change of a continuous function between two places, one of them the latest evaluated. */
export interface Bracket {
  readonly kept: number
  readonly atKept: number
  readonly latest: number
  readonly atLatest: number
}

export const bracketWidth = ({ kept, latest }: Bracket): number => Math.abs(latest - kept)

/** Next place to evaluate: the zero of the secant, kept a little inside the bracket. */
export const bracketGuess = ({ kept, atKept, latest, atLatest }: Bracket): number => {
  const secant = latest - (atLatest * (latest - kept)) / (atLatest - atKept)
  const low = Math.min(kept, latest)
  const high = Math.max(kept, latest)
  const margin = 0.01 * (high - low)
  return Math.min(high - margin, Math.max(low + margin, secant))
}

/** Next place to evaluate, a little beyond the zero: of a search that may end right behind it. @param width of its end */
export const guessBeyond = (bracket: Bracket, width: number): number => {
  const root = bracketGuess(bracket)
  return Math.min(root + width / 3, (root + Math.max(bracket.kept, bracket.latest)) / 2)
}

/** Lesser of the slopes from a place between the ends of a bracket to either. */
export const leastSlope = ({ kept, atKept, latest, atLatest }: Bracket, place: number, value: number): number =>
  Math.min((value - atKept) / (place - kept), (value - atLatest) / (place - latest))

/**
 * Bracket after the value at `place` became known: the Illinois variant of regula falsi.
 * @source M. Dowell, P. Jarratt, BIT 11 (1971) 168
 */
export const narrowed = (bracket: Bracket, place: number, value: number): Bracket =>
  value * bracket.atLatest < 0
    ? { kept: bracket.latest, atKept: bracket.atLatest, latest: place, atLatest: value }
    : { kept: bracket.kept, atKept: bracket.atKept / 2, latest: place, atLatest: value }
