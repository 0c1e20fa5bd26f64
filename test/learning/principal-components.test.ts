import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { factorTable } from "../../src/learning/factor-table.ts"
import { principalComponents, principalReconstruction } from "../../src/learning/principal-components.ts"

const everyRow = (count: number): Int32Array => Int32Array.from({ length: count }, (_, row) => row)

describe("principal components", () => {
  it("leave as much as the variances that are left out, and nothing with all of them", () => {
    const models = fc.record({
      rowCount: fc.integer({ min: 3, max: 40 }),
      columnCount: fc.integer({ min: 3, max: 8 }),
      factorCount: fc.integer({ min: 1, max: 3 }),
      bend: fc.constantFrom(0, 0.7),
      noise: fc.double({ min: 0, max: 0.5, noNaN: true }),
      seed: fc.integer(),
    })
    fc.assert(
      fc.property(models, fc.nat(3), (model, count) => {
        const { rowCount, columnCount } = model
        const { values } = factorTable(model).table
        const components = principalComponents(values, columnCount, everyRow(rowCount))
        const leftBy = (k: number): number =>
          principalReconstruction(components, values, k).reduce((sum, v, at) => sum + (v - values[at]) ** 2, 0) /
          rowCount
        const known = components.variances.slice(count).reduce((sum, value) => sum + value, 0)
        expect(leftBy(count)).toBeCloseTo(known, 9)
        expect(leftBy(columnCount)).toBeLessThan(1e-20)
      }),
    )
  })

  it("show straight factors as they are, and bent ones as more", () => {
    const model = { rowCount: 3000, columnCount: 12, factorCount: 3, noise: 0.02, seed: 3 }
    const above = (bend: number): number => {
      const { values } = factorTable({ ...model, bend }).table
      return principalComponents(values, 12, everyRow(3000)).variances.filter((variance) => variance > 0.1).length
    }
    expect(above(0)).toBe(3)
    expect(above(0.8)).toBeGreaterThan(4)
  })
})

describe("a table of factors", () => {
  it("has columns of variance one, bent or not, and their noise", () => {
    for (const bend of [0, 0.5]) {
      const { table } = factorTable({ rowCount: 20000, columnCount: 5, factorCount: 2, bend, noise: 0.3, seed: 5 })
      for (let column = 0; column < 5; column++) {
        let [sum, squares] = [0, 0]
        for (let at = column; at < table.values.length; at += 5) {
          sum += table.values[at] / 20000
          squares += table.values[at] ** 2 / 20000
        }
        expect(Math.abs(sum)).toBeLessThan(0.04)
        expect(Math.abs(squares - 1)).toBeLessThan(0.06)
      }
    }
  })
})
