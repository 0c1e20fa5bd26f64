import { expect } from "vitest"

/**
 * Expects `slope` to be the derivative of `value` at x: a central difference with an error estimate from a second one of
 * half the step, so that curvature is not mistaken for a wrong slope.
 * @param noise relative round-off of the values
 */
export const expectSlope = (
  value: (x: number) => number,
  slope: number,
  x: number,
  step: number,
  tolerance = 1e-6,
  noise = 3e-13,
): void => {
  const difference = (h: number) => (value(x + h) - value(x - h)) / (2 * h)
  const coarse = difference(step)
  const fine = difference(step / 2)
  const extrapolated = (4 * fine - coarse) / 3
  const roundoff = (noise * Math.abs(value(x))) / step
  const bound = tolerance * Math.max(Math.abs(extrapolated), Math.abs(slope)) + Math.abs(extrapolated - fine) + roundoff
  expect(Math.abs(extrapolated - slope), `slope ${slope} at ${x}, differences ${extrapolated}`).toBeLessThanOrEqual(
    bound,
  )
}
