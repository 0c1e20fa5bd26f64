import { describe, expect, it } from "vitest"
import { nodalFacetQuadrature, quadrature } from "../../src/fem/quadrature.ts"

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1))

/** ∫ Π λ_v^{p_v} over the simplex, divided by its volume: d! Π p_v! / (Σ p_v + d)! */
const exact = (powers: readonly number[]): number => {
  const dimension = powers.length - 1
  const total = powers.reduce((sum, power) => sum + power, 0)
  return (
    (factorial(dimension) * powers.reduce((product, power) => product * factorial(power), 1)) /
    factorial(total + dimension)
  )
}

const monomials = (count: number, degree: number): number[][] =>
  count === 1
    ? Array.from({ length: degree + 1 }, (_, power) => [power])
    : Array.from({ length: degree + 1 }, (_, power) =>
        monomials(count - 1, degree - power).map((rest) => [power, ...rest]),
      ).flat()

const cases: readonly (readonly [1 | 2 | 3, number])[] = [
  [1, 1],
  [1, 3],
  [1, 5],
  [2, 1],
  [2, 2],
  [2, 4],
  [3, 1],
  [3, 2],
]

describe("quadrature", () => {
  it.each(cases)("integrates polynomials exactly: dimension %i, degree %i", (dimension, degree) => {
    const { points, weights } = quadrature(dimension, degree)
    for (const powers of monomials(dimension + 1, degree)) {
      let sum = 0
      weights.forEach((weight, p) => {
        sum += weight * powers.reduce((product, power, v) => product * points[p * (dimension + 1) + v] ** power, 1)
      })
      expect(sum).toBeCloseTo(exact(powers), 12)
    }
  })

  it("refuses a degree it has no rule for", () => {
    expect(() => quadrature(3, 4)).toThrow(/degree 4/)
  })

  it("puts positive weights at the nodes of a quadratic facet", () => {
    for (const dimension of [1, 2] as const) {
      const { weights } = nodalFacetQuadrature(dimension)
      expect(Math.min(...weights)).toBeGreaterThan(0)
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 14)
    }
  })
})
