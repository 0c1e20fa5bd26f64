import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { cycleSynchrony, orderParameter } from "../../src/synchronisation/cycle.ts"
import type { CycleSynchrony, EnsembleHistory } from "../../src/synchronisation/ensemble.ts"
import { ensembles } from "./ensemble.ts"

/** The numbers of a cycle but for the damage of each particle. */
const numbers = ({ damageFromMean: _, ...rest }: CycleSynchrony): number[] => Object.values(rest)

const expectClose = (found: readonly number[], expected: readonly number[], digits = 9): void =>
  found.forEach((value, index) => {
    if (Number.isNaN(expected[index])) expect(value).toBeNaN()
    else expect(value).toBeCloseTo(expected[index], digits)
  })

const renumbered = (history: EnsembleHistory): EnsembleHistory => {
  const { particleCount: count } = history
  const turned = (matrix: Float64Array): Float64Array =>
    matrix.map((_, index) => matrix[index - (index % count) + (count - 1 - (index % count))])
  return {
    ...history,
    endOfCharge: turned(history.endOfCharge),
    endOfDischarge: turned(history.endOfDischarge),
    damage: turned(history.damage),
    weight: turned(history.weight),
  }
}

const shifted = (values: Float64Array, by: number): Float64Array => values.map((value) => value + by)

describe("the measures of a cycle", () => {
  const history: EnsembleHistory = {
    particleCount: 3,
    cycle: Int32Array.of(4),
    endOfCharge: Float64Array.of(0.3, 0.4, 0.5),
    endOfDischarge: Float64Array.of(0.9, 0.9, 0.8),
    damage: Float64Array.of(0.6, 0.2, 0.1),
    weight: Float64Array.of(0.5, 0.25, 0.25),
  }
  it("are those of the definitions, by weight", () => {
    const found = cycleSynchrony(history, 0, 0.5)
    expect(found.cycle).toBe(4)
    expect(found.spreadCharge).toBeCloseTo(0.2, 12)
    // mean 0.375; Σ w (x − mean)² = 0.5·0.005625 + 0.25·0.000625 + 0.25·0.015625
    expect(found.deviationCharge).toBeCloseTo(Math.sqrt(0.006875), 12)
    expect(found.spreadDischarge).toBeCloseTo(0.1, 12)
    expect(found.meanThroughput).toBeCloseTo(0.5 * 0.6 + 0.25 * 0.5 + 0.25 * 0.3, 12)
    expect(found.spreadThroughput).toBeCloseTo(0.3, 12)
    expect(found.orderParameter).toBeCloseTo(0.5 / Math.sqrt(0.5 * 0.36 + 0.25 * 0.25 + 0.25 * 0.09), 12)
    expect(found.meanDamage).toBeCloseTo(0.375, 12)
    expect(found.spreadDamage).toBeCloseTo(0.5, 12)
    expectClose([...found.damageFromMean], [0.225, -0.175, -0.275], 12)
    expect(found.severeShare).toBe(0.5)
    expect(cycleSynchrony(history, 0, 0.7).severeShare).toBe(0)
  })

  it("do not depend on how particles are numbered or weights are scaled", () => {
    fc.assert(
      fc.property(ensembles, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (any, scale) => {
        const found = numbers(cycleSynchrony(any, 0, 0.5))
        expectClose(numbers(cycleSynchrony(renumbered(any), 0, 0.5)), found)
        const scaled = { ...any, weight: any.weight.map((weight) => weight * scale) }
        expectClose(numbers(cycleSynchrony(scaled, 0, 0.5)), found)
      }),
    )
  })

  it("see differences only: a shift of all stoichiometries or damages changes no spread", () => {
    fc.assert(
      fc.property(ensembles, fc.double({ min: -0.5, max: 0.5, noNaN: true }), (any, by) => {
        const found = cycleSynchrony(any, 0, 0.5)
        const moved = {
          ...any,
          endOfCharge: shifted(any.endOfCharge, by),
          endOfDischarge: shifted(any.endOfDischarge, by),
          damage: shifted(any.damage, by),
        }
        const { meanDamage, ...rest } = cycleSynchrony(moved, 0, 0.5 + by)
        expect(meanDamage).toBeCloseTo(found.meanDamage + by, 12)
        expect(rest.spreadDamage).toBeCloseTo(found.spreadDamage, 12)
        expectClose([...rest.damageFromMean], [...found.damageFromMean])
        for (const name of ["spreadCharge", "deviationCharge", "spreadThroughput", "meanThroughput"] as const)
          expect(rest[name]).toBeCloseTo(found[name], 12)
      }),
    )
  })

  it("keep their bounds", () => {
    fc.assert(
      fc.property(ensembles, (any) => {
        const found = cycleSynchrony(any, 0, 0.5)
        expect(found.deviationCharge).toBeLessThanOrEqual(found.spreadCharge / 2 + 1e-12)
        expect(found.deviationDamage).toBeLessThanOrEqual(found.spreadDamage / 2 + 1e-12)
        expect(found.severeShare).toBeGreaterThanOrEqual(0)
        expect(found.severeShare).toBeLessThanOrEqual(1 + 1e-12)
      }),
    )
  })

  it("are not recorded where one particle is missing", () => {
    const found = cycleSynchrony({ ...history, endOfDischarge: Float64Array.of(0.9, Number.NaN, 0.8) }, 0, 0.5)
    for (const name of ["spreadDischarge", "deviationDischarge", "meanThroughput", "orderParameter"] as const)
      expect(found[name]).toBeNaN()
    expect(found.spreadCharge).toBeCloseTo(0.2, 12)
    expect(found.severeShare).toBe(0.5)
  })
})

describe("the order parameter", () => {
  const equal = (count: number): Float64Array => new Float64Array(count).fill(1 / count)
  it("has its limits", () => {
    expect(orderParameter(Float64Array.of(0.4, 0.4, 0.4, 0.4), equal(4))).toBe(1)
    expect(orderParameter(Float64Array.of(0.4, 0, 0, 0), equal(4))).toBeCloseTo(Math.sqrt(1 / 4), 12)
    expect(orderParameter(Float64Array.of(0.4, 0.4, -0.4, -0.4), equal(4))).toBeCloseTo(0, 12)
    expect(orderParameter(Float64Array.of(0, 0), equal(2))).toBeNaN()
  })
  it("lies between 0 and 1 and does not depend on the depth or sense of the cycle", () => {
    const exchange = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 })
    const scale = fc.oneof(fc.constant(-1), fc.double({ min: 1e-6, max: 1e3, noNaN: true }))
    fc.assert(
      fc.property(exchange, scale, (values, by) => {
        // Products of the tiniest numbers underflow: no statement about those
        fc.pre(values.some((value) => Math.abs(value) > 1e-100))
        const order = orderParameter(Float64Array.from(values), equal(values.length))
        expect(order).toBeGreaterThanOrEqual(0)
        expect(order).toBeLessThanOrEqual(1)
        const scaled = Float64Array.from(values, (value) => value * by)
        expect(orderParameter(scaled, equal(values.length))).toBeCloseTo(order, 9)
      }),
    )
  })
})
