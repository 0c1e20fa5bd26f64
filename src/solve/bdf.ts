/** Weights of a backward differentiation formula: Δt·ẋ(t_new) ≈ newest·x_new + previous·x_n + older·x_{n−1}. */
export interface BackwardDifference {
  readonly order: 1 | 2
  readonly newest: number
  readonly previous: number
  readonly older: number
}

/** Backward Euler. */
export const backwardEuler: BackwardDifference = { order: 1, newest: 1, previous: -1, older: 0 }

/**
 * Second-order backward differentiation on unequal steps.
 * @param step     Δt to the new time [s]
 * @param lastStep Δt before it [s]
 * @source E. Hairer, S. P. Nørsett, G. Wanner, Solving Ordinary Differential Equations I (1993), §III.5
 */
export const variableBackwardDifference = (step: number, lastStep: number): BackwardDifference => {
  const ratio = step / lastStep
  return {
    order: 2,
    newest: (1 + 2 * ratio) / (1 + ratio),
    previous: -(1 + ratio),
    older: (ratio * ratio) / (1 + ratio),
  }
}

/** A measure of time of which a solution is a smooth function. */
export interface Clock {
  readonly reading: (time: number) => number
  /** Its pace, d reading/dt */
  readonly pace: (time: number) => number
}

/** Time itself. */
export const plainClock: Clock = { reading: (time) => time, pace: () => 1 }

/** √(t − since): diffusion after a jump is smooth in it, as long as it has not come across the body. */
export const rootClock = (since: number): Clock => ({
  reading: (time) => Math.sqrt(time - since),
  pace: (time) => 0.5 / Math.sqrt(time - since),
})

/**
 * Second-order backward differentiation on a clock: exact for parabolas in its reading, so on the root clock for √t and t.
 * @param time  new time, later than `last`, and that later than `older` [s]
 */
export const backwardDifferenceOn = (
  { reading, pace }: Clock,
  time: number,
  last: number,
  older: number,
): BackwardDifference => {
  const step = reading(time) - reading(last)
  const { order, newest, previous, older: oldest } = variableBackwardDifference(step, reading(last) - reading(older))
  const share = ((time - last) * pace(time)) / step
  return { order, newest: share * newest, previous: share * previous, older: share * oldest }
}

/**
 * Weights that extrapolate a smooth quantity to a new time from its values at earlier times (Lagrange).
 * @param times [count] earlier times, all different [s]
 * @returns     [count]
 */
export const extrapolationWeights = (times: readonly number[], time: number): number[] =>
  times.map((own, i) =>
    times.reduce((product, other, j) => (i === j ? product : (product * (time - other)) / (own - other)), 1),
  )

/**
 * Factor that turns the difference between corrector and extrapolated predictor into the local error of the step.
 *
 * A predictor of degree m through the last m + 1 states errs by Π(t − t_k)/(m+1)! · x^(m+1); backward Euler by
 * Δt²/2 · x″, BDF2 by Δt²(Δt + Δt_last)²/(6(2Δt + Δt_last))·x‴. For a shorter history than the order asks for the
 * lower predictor is compared, which overestimates the error.
 *
 * @param times states the predictor used, newest first [s]
 * @param time  new time [s]
 */
export const localErrorFactor = (order: 1 | 2, times: readonly number[], time: number): number => {
  const step = time - times[0]
  if (order === 1 || times.length < 3) {
    if (times.length < 2) return 0.5
    const predictor = (step * (time - times[1])) / 2
    const own = (step * step) / 2
    return own / (own + predictor)
  }
  const last = times[0] - times[1]
  const predictor = (step * (time - times[1]) * (time - times[2])) / 6
  const own = (step * step * (step + last) ** 2) / (6 * (2 * step + last))
  return own / (own + predictor)
}
