import fc from "fast-check"
import { expect, it } from "vitest"
import { studentFactor } from "../../src/statistics/student.ts"

/** Two-sided, W. H. Beyer (ed.), CRC Standard Mathematical Tables, 28th ed. (1987), Percentage points of Student's t. */
const table: readonly (readonly [number, number, number, number])[] = [
  [1, 6.314, 12.706, 63.657],
  [2, 2.92, 4.303, 9.925],
  [3, 2.353, 3.182, 5.841],
  [4, 2.132, 2.776, 4.604],
  [7, 1.895, 2.365, 3.499],
  [8, 1.86, 2.306, 3.355],
  [30, 1.697, 2.042, 2.75],
  [120, 1.658, 1.98, 2.617],
]

it.each(table)("is that of the table for %i degrees of freedom", (degrees, ninety, ninetyFive, ninetyNine) => {
  expect(studentFactor(0.9, degrees)).toBeCloseTo(ninety, 3)
  expect(studentFactor(0.95, degrees)).toBeCloseTo(ninetyFive, 3)
  expect(studentFactor(0.99, degrees)).toBeCloseTo(ninetyNine, 3)
})

it("is the closed form for one and two degrees, and the normal one for many", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 0.99, noNaN: true }), (confidence) => {
      expect(studentFactor(confidence, 1)).toBeCloseTo(Math.tan((Math.PI * confidence) / 2), 8)
      expect(studentFactor(confidence, 2)).toBeCloseTo(confidence * Math.sqrt(2 / (1 - confidence ** 2)), 8)
    }),
  )
  expect(studentFactor(0.95, 100_000)).toBeCloseTo(1.95996, 4)
})

it("grows with the confidence and falls with the degrees of freedom", () => {
  const confidence = fc.double({ min: 0.01, max: 0.98, noNaN: true })
  fc.assert(
    fc.property(confidence, fc.integer({ min: 1, max: 200 }), (share, degrees) => {
      expect(studentFactor(share + 0.01, degrees)).toBeGreaterThan(studentFactor(share, degrees))
      expect(studentFactor(share, degrees + 1)).toBeLessThan(studentFactor(share, degrees))
    }),
  )
})

it("wants a confidence and degrees of freedom", () => {
  expect(() => studentFactor(1, 3)).toThrow("confidence of 1")
  expect(() => studentFactor(0.95, 0)).toThrow("0 degrees")
  expect(() => studentFactor(0.95, 1.5)).toThrow("1.5 degrees")
})
