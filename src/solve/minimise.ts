import { assertLength } from "../array/assert.ts"
import { type LinePoint, wolfeSearch } from "./line-search.ts"

/** A function of many variables: its value at x; gradient = its slopes there. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number

/** Whether to go on from a place; it may be kept, but not written to. */
export type Watch = (x: Float64Array, iteration: number, value: number) => "go on" | "stop"

/** Where a descent came to, and why it ended there. */
export interface Minimum {
  readonly kind: "flat" | "iterations used up" | "stopped" | "no lower place found" | "not finite"
  /** [variable] the last place, whose value and slopes are finite unless the start's were not */
  readonly x: Float64Array
  /** [iteration + 1] value at the start and after each iteration */
  readonly values: Float64Array
  readonly iterations: number
  readonly evaluations: number
}

export interface QuasiNewtonSettings {
  /** Pairs of steps and changes of slope that stand for the curvature, ≥ 1 */
  readonly memory: number
  readonly mostIterations: number
  /** Flat where no slope is steeper than this */
  readonly flatness: number
}

export const defaultQuasiNewton: QuasiNewtonSettings = { memory: 10, mostIterations: 500, flatness: 1e-7 }

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

const addTimes = (factor: number, a: Float64Array, out: Float64Array): void => {
  for (let i = 0; i < a.length; i++) out[i] += factor * a[i]
}

const steepest = (gradient: Float64Array): number => {
  let most = 0
  for (const slope of gradient) if (Math.abs(slope) > most) most = Math.abs(slope)
  return most
}

interface Pair {
  readonly step: Float64Array
  readonly change: Float64Array
  readonly weight: number
}

/** direction = −H gradient with the inverse curvature H that the pairs stand for (two loops). */
const descend = (pairs: readonly Pair[], gradient: Float64Array, direction: Float64Array): void => {
  for (let i = 0; i < gradient.length; i++) direction[i] = -gradient[i]
  if (pairs.length === 0) return
  const shares = new Float64Array(pairs.length)
  for (let at = pairs.length - 1; at >= 0; at--) {
    shares[at] = pairs[at].weight * dot(pairs[at].step, direction)
    addTimes(-shares[at], pairs[at].change, direction)
  }
  const { change, weight } = pairs[pairs.length - 1]
  const scale = 1 / (weight * dot(change, change))
  for (let i = 0; i < direction.length; i++) direction[i] *= scale
  for (let at = 0; at < pairs.length; at++) {
    const share = pairs[at].weight * dot(pairs[at].change, direction)
    addTimes(shares[at] - share, pairs[at].step, direction)
  }
}

/**
 * A local minimum of a smooth function by the limited-memory quasi-Newton method of Broyden, Fletcher, Goldfarb and
 * Shanno, with steps that meet the strong Wolfe conditions.
 * @param start [variable]
 * @param watch asked after each iteration
 * @source J. Nocedal, S. J. Wright (2006), Numerical Optimization, 2nd ed., algorithms 7.4 and 7.5
 */
export const minimiseQuasiNewton = (
  objective: Objective,
  start: Float64Array,
  { memory, mostIterations, flatness }: QuasiNewtonSettings = defaultQuasiNewton,
  watch: Watch = () => "go on",
): Minimum => {
  const size = start.length
  let x = Float64Array.from(start)
  let gradient = new Float64Array(size)
  let trial = new Float64Array(size)
  let slopes = new Float64Array(size)
  const direction = new Float64Array(size)
  const values = [objective(x, gradient)]
  let evaluations = 1
  let pairs: Pair[] = []
  const end = (kind: Minimum["kind"]): Minimum => ({
    kind,
    x,
    values: Float64Array.from(values),
    iterations: values.length - 1,
    evaluations,
  })
  if (!Number.isFinite(values[0]) || !Number.isFinite(steepest(gradient))) return end("not finite")
  for (;;) {
    if (steepest(gradient) <= flatness) return end("flat")
    if (values.length > mostIterations) return end("iterations used up")
    descend(pairs, gradient, direction)
    let slope = dot(direction, gradient)
    if (!(slope < 0)) {
      pairs = []
      descend(pairs, gradient, direction)
      slope = dot(direction, gradient)
    }
    const value = values[values.length - 1]
    const evaluate = (step: number): LinePoint => {
      for (let i = 0; i < size; i++) trial[i] = x[i] + step * direction[i]
      evaluations++
      return { step, value: objective(trial, slopes), slope: dot(slopes, direction) }
    }
    const first = pairs.length === 0 ? Math.min(1, 1 / Math.sqrt(-slope)) : 1
    const outcome = wolfeSearch({ step: 0, value, slope }, evaluate, first)
    const point = outcome.kind === "found" ? outcome.point : outcome.lowest
    if (point.step === 0) {
      if (pairs.length === 0) return end("no lower place found")
      pairs = []
      continue
    }
    // The place that is taken need not be the last that was looked at.
    if (outcome.kind === "not found") evaluate(point.step)
    const step = new Float64Array(size)
    const change = new Float64Array(size)
    for (let i = 0; i < size; i++) {
      step[i] = trial[i] - x[i]
      change[i] = slopes[i] - gradient[i]
    }
    const curvature = dot(step, change)
    if (curvature > 1e-10 * Math.sqrt(dot(step, step) * dot(change, change))) {
      pairs.push({ step, change, weight: 1 / curvature })
      if (pairs.length > memory) pairs.shift()
    }
    ;[x, trial] = [trial, x]
    ;[gradient, slopes] = [slopes, gradient]
    values.push(point.value)
    if (watch(x, values.length - 1, point.value) === "stop") return end("stopped")
  }
}

/** Steps of the method of adaptive moments. */
export interface AdaptiveSettings {
  /** Length of a step in each variable, > 0 */
  readonly rate: number
  /** Share of the old mean of slopes that is kept, and of the mean of their squares, in [0, 1) */
  readonly momentum: number
  readonly secondMomentum: number
}

export const defaultAdaptive: AdaptiveSettings = { rate: 0.005, momentum: 0.9, secondMomentum: 0.999 }

/** What the method of adaptive moments remembers from step to step; enough to go on later, bit for bit. */
export interface AdaptiveState {
  /** [variable] running means of the slopes and of their squares */
  readonly mean: Float64Array
  readonly square: Float64Array
  /** What is left of the zeros that the means began with */
  keptMean: number
  keptSquare: number
}

export const adaptiveStart = (size: number): AdaptiveState => ({
  mean: new Float64Array(size),
  square: new Float64Array(size),
  keptMean: 1,
  keptSquare: 1,
})

/**
 * Changes x and the state by one step of the method of adaptive moments (Adam).
 * @param gradient [variable]
 * @param x        [variable]
 * @source D. P. Kingma, J. Ba, 3rd Int. Conf. Learn. Represent. (2015), algorithm 1, arXiv:1412.6980
 */
export const takeAdaptiveStep = (
  state: AdaptiveState,
  { rate, momentum, secondMomentum }: AdaptiveSettings,
  gradient: Float64Array,
  x: Float64Array,
): void => {
  const { mean, square } = state
  assertLength("gradient", gradient, mean.length)
  assertLength("x", x, mean.length)
  state.keptMean *= momentum
  state.keptSquare *= secondMomentum
  const length = (rate * Math.sqrt(1 - state.keptSquare)) / (1 - state.keptMean)
  const least = 1e-8 * Math.sqrt(1 - state.keptSquare)
  for (let i = 0; i < x.length; i++) {
    mean[i] = momentum * mean[i] + (1 - momentum) * gradient[i]
    square[i] = secondMomentum * square[i] + (1 - secondMomentum) * gradient[i] * gradient[i]
    x[i] -= (length * mean[i]) / (Math.sqrt(square[i]) + least)
  }
}

/** Changes x by one step against some slopes. */
export type AdaptiveStep = (gradient: Float64Array, x: Float64Array) => void

/** Steps of the method of adaptive moments in so many variables. */
export const adaptiveSteps = (size: number, settings: AdaptiveSettings = defaultAdaptive): AdaptiveStep => {
  const state = adaptiveStart(size)
  return (gradient, x) => takeAdaptiveStep(state, settings, gradient, x)
}
