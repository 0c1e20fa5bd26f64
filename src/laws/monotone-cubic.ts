import type { LawCurve } from "./law-entry.ts"

/** A curve and its slope. */
export interface Curve {
  readonly value: (x: number) => number
  readonly slope: (x: number) => number
}

/**
 * Monotone piecewise cubic through the points: rises and falls only where the points do, never overshoots, C¹;
 * goes on along its end tangents outside them.
 * @param points arguments strictly increasing, at least two
 * @throws RangeError where the arguments do not increase, or a number is not finite
 * @source Fritsch & Butland (1984), SIAM J. Sci. Stat. Comput. 5, 300, DOI 10.1137/0905021; ends: Moler (2004),
 *   Numerical Computing with MATLAB, §3.6
 */
export const monotoneCubic = ({ argument: x, value: y }: LawCurve): Curve => {
  const count = x.length
  if (count < 2 || y.length !== count) throw new RangeError(`A curve needs two points or more, not ${count}`)
  for (let i = 0; i < count; i++) {
    if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) throw new RangeError(`Point ${i} of a curve is not finite`)
    if (i > 0 && x[i] <= x[i - 1]) throw new RangeError(`The arguments of a curve must increase: ${x[i - 1]}, ${x[i]}`)
  }
  const slopes = pointSlopes(x, y)
  const last = count - 1

  const intervalOf = (at: number): number => {
    let low = 0
    let high = last
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (x[middle] <= at) low = middle
      else high = middle
    }
    return low
  }

  return {
    value: (at) => {
      if (at <= x[0]) return y[0] + slopes[0] * (at - x[0])
      if (at >= x[last]) return y[last] + slopes[last] * (at - x[last])
      const i = intervalOf(at)
      const width = x[i + 1] - x[i]
      const s = at - x[i]
      const secant = (y[i + 1] - y[i]) / width
      const quadratic = (3 * secant - 2 * slopes[i] - slopes[i + 1]) / width
      const cubic = (slopes[i] - 2 * secant + slopes[i + 1]) / (width * width)
      return y[i] + s * (slopes[i] + s * (quadratic + s * cubic))
    },
    slope: (at) => {
      if (at <= x[0]) return slopes[0]
      if (at >= x[last]) return slopes[last]
      const i = intervalOf(at)
      const width = x[i + 1] - x[i]
      const s = at - x[i]
      const secant = (y[i + 1] - y[i]) / width
      const quadratic = (3 * secant - 2 * slopes[i] - slopes[i + 1]) / width
      const cubic = (slopes[i] - 2 * secant + slopes[i + 1]) / (width * width)
      return slopes[i] + s * (2 * quadratic + 3 * s * cubic)
    },
  }
}

/** Weighted harmonic means of the neighbouring secants; zero where they differ in sign. */
const pointSlopes = (x: Float64Array, y: Float64Array): Float64Array => {
  const last = x.length - 1
  const slopes = new Float64Array(last + 1)
  const secant = (i: number) => (y[i + 1] - y[i]) / (x[i + 1] - x[i])
  if (last === 1) return slopes.fill(secant(0))
  for (let i = 1; i < last; i++) {
    const before = secant(i - 1)
    const after = secant(i)
    if (before * after <= 0) continue
    const left = x[i] - x[i - 1]
    const right = x[i + 1] - x[i]
    slopes[i] = (3 * (left + right)) / ((2 * right + left) / before + (right + 2 * left) / after)
  }
  slopes[0] = endSlope(x[1] - x[0], x[2] - x[1], secant(0), secant(1))
  slopes[last] = endSlope(x[last] - x[last - 1], x[last - 1] - x[last - 2], secant(last - 1), secant(last - 2))
  return slopes
}

/** Three-point end slope, kept to the shape of the points. */
const endSlope = (width: number, next: number, secant: number, nextSecant: number): number => {
  const slope = ((2 * width + next) * secant - width * nextSecant) / (width + next)
  if (slope * secant <= 0) return 0
  if (secant * nextSecant <= 0 && Math.abs(slope) > 3 * Math.abs(secant)) return 3 * secant
  return slope
}
