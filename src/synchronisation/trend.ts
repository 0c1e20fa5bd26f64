import { studentFactor } from "../statistics/student.ts"

/** Factor per cycle of a quantity that changes geometrically, with its confidence interval. */
export interface Trend {
  readonly factor: number
  readonly low: number
  readonly high: number
}

/** A spread of one cycle. */
export interface SpreadOfCycle {
  readonly cycle: number
  /** ≥ 0 */
  readonly spread: number
}

/** A straight line and its error need three points. */
export const leastPoints = 3

/**
 * Least-squares line through the logarithms of spreads against the numbers of their cycles; its slope's confidence
 * interval is Student's with n − 2 degrees of freedom. Cycles may be missing in between. Null for fewer than three points.
 * @param points      spread > 0, cycles rising
 * @param confidence  such as 0.95
 * @source N. R. Draper, H. Smith (1998), Applied Regression Analysis, 3rd ed., eqs. (1.2.9) and (1.4.7),
 * doi:10.1002/9781118625590
 */
export const geometricTrend = (points: readonly SpreadOfCycle[], confidence: number): Trend | null => {
  const count = points.length
  if (count < leastPoints) return null
  const meanCycle = points.reduce((sum, { cycle }) => sum + cycle, 0) / count
  const meanLog = points.reduce((sum, { spread }) => sum + Math.log(spread), 0) / count
  let squares = 0
  let products = 0
  for (const { cycle, spread } of points) {
    squares += (cycle - meanCycle) ** 2
    products += (cycle - meanCycle) * (Math.log(spread) - meanLog)
  }
  const slope = products / squares
  const residual = points.reduce(
    (sum, { cycle, spread }) => sum + (Math.log(spread) - meanLog - slope * (cycle - meanCycle)) ** 2,
    0,
  )
  const error = Math.sqrt(residual / (count - 2) / squares)
  const half = studentFactor(confidence, count - 2) * error
  return { factor: Math.exp(slope), low: Math.exp(slope - half), high: Math.exp(slope + half) }
}
