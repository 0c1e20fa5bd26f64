import { expect, it } from "vitest"
import { chen2020OpenCircuit } from "../../src/laws/open-circuit.ts"
import { mohtat2020OpenCircuit } from "../../src/laws/open-circuit-mohtat.ts"

it("the fit of Chen et al. falls also without the term that ends a discharge, least at x = 0.327", () => {
  let least = Number.NEGATIVE_INFINITY
  let at = 0
  for (let x = 0; x <= 1; x += 1e-4) {
    const bare = chen2020OpenCircuit.slope(x) + (1.2 / 0.012) * Math.exp((x - 1) / 0.012)
    if (bare > least) [least, at] = [bare, x]
  }
  expect(least).toBeCloseTo(-0.3422, 4)
  expect(at).toBeCloseTo(0.327, 3)
})

it("Mohtat 2020 has the values of its formula and falls by at least 0.28 V per unit", () => {
  const { potential, slope } = mohtat2020OpenCircuit
  // Evaluated independently in another language
  expect(potential(0)).toBeCloseTo(4.3452, 12)
  expect(potential(0.5)).toBeCloseTo(3.81478125, 8)
  expect(potential(0.9)).toBeCloseTo(3.65038668, 7)
  expect(potential(1)).toBeCloseTo(2.81858385, 7)
  for (let x = 0; x <= 1; x += 1e-3) expect(slope(x)).toBeLessThan(-0.28)
  expect(potential(1.01) - potential(1)).toBeCloseTo(0.01 * slope(1), 12)
  expect(potential(-0.5) - potential(0)).toBeCloseTo(-0.5 * slope(0), 12)
})
