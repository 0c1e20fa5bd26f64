import fc from "fast-check"
import { expect, it } from "vitest"
import { geometricTrend } from "../../src/synchronisation/trend.ts"

const factors = fc.double({ min: 0.3, max: 1.5, noNaN: true })
const rising = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 3, maxLength: 12 })

it("is exact, with an interval of no width, for a geometric series, whichever cycles are missing", () => {
  fc.assert(
    fc.property(factors, rising, (factor, cycles) => {
      const points = cycles.sort((a, b) => a - b).map((cycle) => ({ cycle, spread: 0.1 * factor ** cycle }))
      const trend = geometricTrend(points, 0.95)!
      expect(trend.factor / factor).toBeCloseTo(1, 9)
      expect(trend.high - trend.low).toBeLessThan(1e-8)
    }),
  )
})

it("does not depend on the unit of the spread, and widens with the confidence", () => {
  const spreads = fc.array(fc.double({ min: 1e-3, max: 1, noNaN: true }), { minLength: 3, maxLength: 12 })
  fc.assert(
    fc.property(spreads, fc.double({ min: 0.01, max: 100, noNaN: true }), (values, unit) => {
      const points = values.map((spread, index) => ({ cycle: index + 1, spread }))
      const trend = geometricTrend(points, 0.9)!
      const scaled = geometricTrend(
        points.map(({ cycle, spread }) => ({ cycle, spread: spread * unit })),
        0.9,
      )!
      expect(scaled.factor / trend.factor).toBeCloseTo(1, 9)
      expect(trend.low).toBeLessThanOrEqual(trend.factor)
      expect(trend.high).toBeGreaterThanOrEqual(trend.factor)
      const surer = geometricTrend(points, 0.99)!
      expect(surer.low).toBeLessThanOrEqual(trend.low)
      expect(surer.high).toBeGreaterThanOrEqual(trend.high)
    }),
  )
})

it("is that of the regression written out", () => {
  // ln: −1, −2, −2, slope −1/2, residuals ±1/6, ∓1/3: s² = 1/6, error of the slope √(1/12)
  const points = [-1, -2, -2].map((log, index) => ({ cycle: index, spread: Math.exp(log) }))
  const trend = geometricTrend(points, 0.95)!
  expect(Math.log(trend.factor)).toBeCloseTo(-0.5, 12)
  expect(Math.log(trend.high)).toBeCloseTo(-0.5 + 12.7062 * Math.sqrt(1 / 12), 4)
})

it("needs three points", () => {
  expect(
    geometricTrend(
      [
        { cycle: 1, spread: 0.1 },
        { cycle: 2, spread: 0.05 },
      ],
      0.95,
    ),
  ).toBeNull()
})
