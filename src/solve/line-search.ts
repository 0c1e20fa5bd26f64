/** A function and its slope at one place along a line. */
export interface LinePoint {
  /** Length of the step */
  readonly step: number
  readonly value: number
  readonly slope: number
}

export interface LineSearchSettings {
  /** c₁ of the Wolfe conditions, in (0, c₂) */
  readonly decrease: number
  /** c₂, in (c₁, 1) */
  readonly curvature: number
  readonly mostEvaluations: number
}

export const defaultLineSearch: LineSearchSettings = { decrease: 1e-4, curvature: 0.9, mostEvaluations: 25 }

export type LineSearchOutcome =
  | { readonly kind: "found"; readonly point: LinePoint; readonly evaluations: number }
  /** The lowest place seen, which may be the start */
  | { readonly kind: "not found"; readonly lowest: LinePoint; readonly evaluations: number }

/** Lowest place of the cubic through two places, kept well inside of them; the middle where there is none. */
const between = (a: LinePoint, b: LinePoint): number => {
  const middle = (a.step + b.step) / 2
  const theta = a.slope + b.slope - (3 * (a.value - b.value)) / (a.step - b.step)
  const square = theta * theta - a.slope * b.slope
  if (!(square >= 0)) return middle
  const root = Math.sign(b.step - a.step) * Math.sqrt(square)
  const step = b.step - ((b.step - a.step) * (b.slope + root - theta)) / (b.slope - a.slope + 2 * root)
  const margin = 0.1 * Math.abs(b.step - a.step)
  const [low, high] = [Math.min(a.step, b.step) + margin, Math.max(a.step, b.step) - margin]
  return Number.isFinite(step) ? Math.min(high, Math.max(low, step)) : middle
}

/**
 * A step that meets the strong Wolfe conditions, f(a) ≤ f(0) + c₁ a f′(0) and |f′(a)| ≤ c₂ |f′(0)|.
 * @param start    the place with step 0; its slope is negative
 * @param evaluate value and slope at a step; a value that is not finite counts as too high
 * @param first    step to try first, > 0
 * @source J. Nocedal, S. J. Wright (2006), Numerical Optimization, 2nd ed., algorithms 3.5 and 3.6
 */
export const wolfeSearch = (
  start: LinePoint,
  evaluate: (step: number) => LinePoint,
  first: number,
  { decrease, curvature, mostEvaluations }: LineSearchSettings = defaultLineSearch,
): LineSearchOutcome => {
  if (!(start.slope < 0)) throw new RangeError(`a line that does not fall: its slope is ${start.slope}`)
  let evaluations = 0
  let lowest = start
  const at = (step: number): LinePoint => {
    evaluations++
    const point = evaluate(step)
    if (point.value < lowest.value && Number.isFinite(point.slope)) lowest = point
    return point
  }
  const isHigh = (point: LinePoint): boolean =>
    !(point.value <= start.value + decrease * point.step * start.slope) || !Number.isFinite(point.slope)
  const isFlat = (point: LinePoint): boolean => Math.abs(point.slope) <= -curvature * start.slope

  let last = start
  let step = first
  let bracket: readonly [LinePoint, LinePoint] | undefined
  while (bracket === undefined && evaluations < mostEvaluations) {
    const point = at(step)
    if (isHigh(point) || (evaluations > 1 && point.value >= last.value)) bracket = [last, point]
    else if (isFlat(point)) return { kind: "found", point, evaluations }
    else if (point.slope >= 0) bracket = [point, last]
    else {
      step = Math.min(10 * point.step, Math.max(2 * point.step, between(last, point)))
      last = point
    }
  }
  while (bracket !== undefined && evaluations < mostEvaluations) {
    const [low, high] = bracket
    if (Math.abs(high.step - low.step) <= 1e-15 * Math.abs(low.step)) break
    const isKnown = Number.isFinite(high.value) && Number.isFinite(high.slope)
    const point = at(isKnown ? between(low, high) : low.step + 0.1 * (high.step - low.step))
    if (isHigh(point) || point.value >= low.value) bracket = [low, point]
    else if (isFlat(point)) return { kind: "found", point, evaluations }
    else bracket = [point, point.slope * (high.step - low.step) >= 0 ? low : high]
  }
  return { kind: "not found", lowest, evaluations }
}
