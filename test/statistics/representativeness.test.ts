import { expect, it } from "vitest"
import { seededRandom } from "../../src/array/random.ts"
import type { Window } from "../../src/statistics/pair-correlation.ts"
import { representativeness } from "../../src/statistics/representativeness.ts"

const window: Window = [2, 1, 4]
const random = seededRandom(21)
const points = Float64Array.from({ length: 3 * 6000 }, (_, at) => random.uniform() * window[at % 3])
const size = Float64Array.from({ length: 6000 }, () => Math.exp(0.4 * random.normal()))

it("says of a uniform volume that its parts differ by chance alone", () => {
  for (const { division, agreements, meanCount, densityError } of representativeness(
    points,
    window,
    [{ name: "size", values: size }],
    [1, 2, 3],
  )) {
    const [{ distance, blindDistance, meanError }] = agreements
    expect(meanCount).toBe(6000 / division ** 3)
    if (division === 1) {
      expect([distance, blindDistance, densityError, meanError < 1e-12]).toEqual([0, 0, 0, true])
      continue
    }
    expect(distance / blindDistance).toBeGreaterThan(0.8)
    expect(distance / blindDistance).toBeLessThan(1.2)
    // The spread of a mean of n values of relative standard deviation s is s/√n; of a count, 1/√n.
    const relative = Math.sqrt(Math.exp(0.16) - 1)
    expect(meanError / (relative / Math.sqrt(meanCount))).toBeGreaterThan(0.5)
    expect(meanError / (relative / Math.sqrt(meanCount))).toBeLessThan(1.5)
    expect(densityError * Math.sqrt(meanCount)).toBeGreaterThan(0.5)
    expect(densityError * Math.sqrt(meanCount)).toBeLessThan(1.5)
  }
})

it("finds an attribute that changes through the volume", () => {
  const graded = size.map((value, point) => value * (1 + points[3 * point + 2] / window[2]))
  const [halves] = representativeness(points, window, [{ name: "size", values: graded }], [2])
  const [{ distance, blindDistance, meanError }] = halves.agreements
  expect(distance).toBeGreaterThan(5 * blindDistance)
  // The means of both halves are 1.25 and 1.75 of the lowest: a sixth from their middle.
  expect(Math.abs(meanError - 1 / 6)).toBeLessThan(0.02)
})

it("cuts a plane into squares, and leaves out what is not known", () => {
  const plane = points.map((x, at) => (at % 3 === 2 ? 0 : x))
  const holed = size.map((value, point) => (point % 2 === 0 ? value : Number.NaN))
  const [half] = representativeness(plane, [2, 1, 0], [{ name: "size", values: holed }], [2])
  expect(half.meanCount).toBe(1500)
  expect(half.edge).toBeCloseTo(Math.sqrt(0.5), 12)
  expect(half.agreements[0].distance).toBeLessThan(0.08)
})
