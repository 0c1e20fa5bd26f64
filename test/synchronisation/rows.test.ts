import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type EnsembleRows, historyOfRows } from "../../src/synchronisation/rows.ts"

type Row = readonly [time: number, cycle: number, x: readonly number[], damage: readonly number[]]

const rowsOf = (table: readonly Row[]): EnsembleRows => ({
  particleCount: table[0][2].length,
  time: Float64Array.from(table, ([time]) => time),
  cycle: Int32Array.from(table, ([, cycle]) => cycle),
  meanStoichiometry: Float64Array.from(table.flatMap(([, , x]) => x)),
  damage: Float64Array.from(table.flatMap(([, , , damage]) => damage)),
})

const equal = Float64Array.of(0.5, 0.5)

describe("rows of an ensemble", () => {
  const cycle: readonly Row[] = [
    [0, 1, [0.95, 0.95], [0, 0]],
    [200, 1, [0.6, 0.8], [0.1, 0]],
    [400, 1, [0.4, 0.6], [0.2, 0]],
    // At rest the particles exchange lithium; the mean stands still but for rounding
    [500, 1, [0.45, 0.55 - 1e-12], [0.3, 0]],
    [700, 1, [0.8, 0.7], [0.3, 0.05]],
    [900, 1, [0.9, 0.85], [0.3, 0.1]],
    [1000, 1, [0.88, 0.87], [0.3, 0.15]],
  ]
  it("end the charge where the mean first is least, the discharge where it then first is greatest", () => {
    const history = historyOfRows(rowsOf(cycle), equal)
    expect(history.endOfCharge).toEqual(Float64Array.of(0.4, 0.6))
    expect(history.endOfDischarge).toEqual(Float64Array.of(0.9, 0.85))
    expect(history.damage).toEqual(Float64Array.of(0.3, 0.15))
  })

  it("need but two rows a cycle, or one where there is no discharge", () => {
    const two: readonly Row[] = [
      [1, 1, [0.4, 0.6], [0, 0]],
      [2, 1, [0.9, 0.8], [0, 0]],
      [3, 2, [0.45, 0.6], [0.1, 0]],
    ]
    const history = historyOfRows(rowsOf(two), equal)
    expect(history.cycle).toEqual(Int32Array.of(1, 2))
    expect(history.endOfCharge).toEqual(Float64Array.of(0.4, 0.6, 0.45, 0.6))
    expect(history.endOfDischarge).toEqual(Float64Array.of(0.9, 0.8, Number.NaN, Number.NaN))
  })

  it("of more of the same moments say the same", () => {
    const between = fc.array(fc.double({ min: 0.01, max: 0.99, noNaN: true }), { maxLength: 6 })
    fc.assert(
      fc.property(between, between, (charging, discharging) => {
        const [full, empty] = [
          [0.95, 0.95],
          [0.4, 0.6],
        ]
        const mixed = (share: number): number[] => full.map((value, k) => value + share * (empty[k] - value))
        const down = [0, ...charging.toSorted((a, b) => a - b), 1]
        const up = [1, ...discharging.toSorted((a, b) => b - a), 0]
        const table = [...down, ...up].map((share, index): Row => [index, 1, mixed(share), [0, 0]])
        const history = historyOfRows(rowsOf(table), equal)
        expect([...history.endOfCharge]).toEqual(mixed(1))
        expect([...history.endOfDischarge]).toEqual(mixed(0))
      }),
    )
  })
})
