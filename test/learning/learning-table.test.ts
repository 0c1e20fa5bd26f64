import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  completeRows,
  defaultLearningChoice,
  faultText,
  type GivenColumn,
  type LearningChoice,
  learningTable,
  regressionTable,
  tableColumn,
  tableRows,
} from "../../src/learning/learning-table.ts"
import { foldSplits, randomSplit } from "../../src/learning/splits.ts"
import { standardisationOf, standardised, unstandardised } from "../../src/learning/standardisation.ts"

const rows = 30
const column = (name: string, value: (row: number) => number): GivenColumn => ({
  name,
  unit: "",
  values: Float64Array.from({ length: rows }, (_, row) => value(row)),
})
const volume: GivenColumn = { ...column("Volume", (row) => 1e-18 * (row + 1)), unit: "m^3" }
const damage = column("Damage", (row) => row / 100)

const choice = (some: Partial<LearningChoice>): LearningChoice => ({ ...defaultLearningChoice, ...some })

const faultsOf = (columns: readonly GivenColumn[], some: Partial<LearningChoice> = {}): readonly string[] => {
  const outcome = learningTable(columns, choice(some))
  return outcome.kind === "refused" ? outcome.faults.map(faultText) : []
}

const tableOf = (columns: readonly GivenColumn[], some: Partial<LearningChoice> = {}) => {
  const outcome = learningTable(columns, choice(some))
  if (outcome.kind === "refused") throw new Error(outcome.faults.map(faultText).join("; "))
  return outcome
}

describe("a table to learn from", () => {
  it("has its target apart and its columns in order", () => {
    const { table, dropped } = tableOf([volume, damage, column("Z", (row) => -row)], { target: "Damage" })
    expect(table.names).toEqual(["Volume", "Z"])
    expect(table.units).toEqual(["m^3", ""])
    expect(table.target?.values).toEqual(damage.values)
    expect(tableColumn(table, 0)).toEqual(volume.values)
    expect(dropped).toEqual([])
  })

  it("is a forest's table as well", () => {
    const { table } = tableOf([volume, damage], { target: "Damage" })
    expect(regressionTable(table)).toEqual({
      names: ["Volume"],
      columns: [volume.values],
      targetName: "Damage",
      target: damage.values,
    })
    expect(() => regressionTable(tableOf([volume]).table)).toThrow("needs a target")
  })

  it("keeps all columns together where there is no target, and drops those asked for", () => {
    expect(tableOf([volume, damage]).table.names).toEqual(["Volume", "Damage"])
    expect(tableOf([volume, damage], { without: ["Volume"] }).table.names).toEqual(["Damage"])
  })

  it("takes numbers that came as words", () => {
    const words = { name: "Z", unit: "", values: Array.from({ length: rows }, (_, row) => ` ${row}e-6 `) }
    expect(tableColumn(tableOf([words]).table, 0)[7]).toBe(7e-6)
  })

  it("drops constant columns by name, tiny ones that vary excepted", () => {
    const same = column("Same", (row) => 0.1 + 0.2 * (row % 2) - 0.2 * (row % 2))
    const { table, dropped } = tableOf([volume, same, column("Zero", () => 0)])
    expect(table.names).toEqual(["Volume"])
    expect(dropped.map(({ name }) => name)).toEqual(["Same", "Zero"])
  })

  it("names every fault at once, with columns and rows", () => {
    const words = {
      name: "Kind",
      unit: "",
      values: Array.from({ length: rows }, (_, row) => (row < 3 ? "large" : "1")),
    }
    const gaps = column("Yaw", (row) => (row % 4 === 0 ? Number.NaN : row === 9 ? Number.POSITIVE_INFINITY : row))
    expect(faultsOf([volume, volume, words, gaps], { target: "Damage", leastRows: 50 })).toEqual([
      "column Volume: expected one of this name; found 2",
      "column Damage: expected one of Volume, Volume, Kind, Yaw; found none of this name",
      "expected at least 50 rows; found 30",
      "column Kind, row 1, 2, 3: expected numbers; found “large”",
      "column Yaw, row 1, 5, 9, 10, 13 and 4 more: expected finite numbers; found none",
    ])
  })

  it("takes empty cells for missing numbers, not for zero", () => {
    const values = Array.from({ length: rows }, (_, row) => (row === 4 ? "" : String(row)))
    expect(faultsOf([{ name: "Z", unit: "m", values }])).toEqual([
      "column Z, row 5: expected finite numbers; found none",
    ])
  })

  it("is refused of constants alone, of three rows, and with a constant target", () => {
    expect(faultsOf([column("Z", () => 3)])).toEqual(["expected columns of numbers that differ; found none"])
    expect(faultsOf([{ name: "Z", unit: "", values: Float64Array.of(1, 2, 3) }])).toEqual([
      "expected at least 20 rows; found 3",
    ])
    expect(faultsOf([volume, column("Damage", () => 0)], { target: "Damage" })).toEqual([
      "column Damage: expected values that differ; all are 0",
    ])
    expect(faultsOf([], { leastRows: 0 })).toEqual(["expected columns of numbers that differ; found none"])
  })

  it("is refused of numbers whose squares are none", () => {
    const wide = column("Z", (row) => (row === 4 ? -1e200 : row))
    expect(faultsOf([wide, volume])).toEqual(["column Z, row 5: expected numbers up to 1e+150; found larger ones"])
    expect(tableOf([column("Z", (row) => row * 1e148), volume]).table.names).toEqual(["Z", "Volume"])
  })

  it("never holds anything but finite numbers, whatever it is given", () => {
    const cell = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 0))
    const given = fc.array(
      fc.tuple(fc.constantFrom("A", "B", "C", "D"), fc.array(cell, { minLength: 3, maxLength: 3 })),
    )
    fc.assert(
      fc.property(given, (columns) => {
        const outcome = learningTable(
          columns.map(([name, values]) => ({ name, unit: "", values: Float64Array.from(values) })),
          choice({ leastRows: 3 }),
        )
        if (outcome.kind === "refused") expect(outcome.faults.length).toBeGreaterThan(0)
        else {
          expect(outcome.table.values.every(Number.isFinite)).toBe(true)
          expect(new Set(outcome.table.names).size).toBe(outcome.table.names.length)
        }
      }),
    )
  })

  it("may be made of the complete rows alone, which are counted", () => {
    const gaps = column("Yaw", (row) => (row % 4 === 0 ? Number.NaN : row))
    const { columns, rows: kept, leftOut } = completeRows([volume, gaps])
    expect(leftOut).toBe(8)
    expect([...kept].slice(0, 3)).toEqual([1, 2, 3])
    expect(tableColumn(tableOf(columns).table, 1)[0]).toBe(1)
  })

  it("gives rows in any order, target and all", () => {
    const { table } = tableOf([volume, damage], { target: "Damage" })
    const some = tableRows(table, [5, 2])
    expect([...some.values]).toEqual([volume.values[5], volume.values[2]])
    expect([...(some.target?.values ?? [])]).toEqual([0.05, 0.02])
  })
})

describe("standardisation", () => {
  it("gives the chosen rows mean 0 and deviation 1, and goes back", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 12, maxLength: 60 }),
        (numbers) => {
          const values = Float64Array.from(numbers.slice(0, numbers.length - (numbers.length % 3)))
          const training = Int32Array.from({ length: values.length / 3 - 1 }, (_, row) => row)
          const scale = standardisationOf(values, 3, training)
          const z = standardised(scale, values)
          for (let c = 0; c < 3; c++) {
            const chosen = [...training].map((row) => z[3 * row + c])
            const mean = chosen.reduce((sum, value) => sum + value, 0) / chosen.length
            expect(Math.abs(mean)).toBeLessThan(1e-6)
            const square = chosen.reduce((sum, value) => sum + value * value, 0) / chosen.length
            if (new Set([...training].map((row) => values[3 * row + c])).size === 1) expect(square).toBeLessThan(1e-12)
          }
          const back = unstandardised(scale, z)
          for (let at = 0; at < values.length; at++) expect(back[at]).toBeCloseTo(values[at], 6)
        },
      ),
    )
  })

  it("neither overflows nor loses small columns", () => {
    const { means, deviations } = standardisationOf(Float64Array.of(1e300, -1e-200, 3e300, 1e-200), 2, [0, 1])
    expect(means[0] / 2e300).toBeCloseTo(1, 12)
    expect(deviations[0] / 1e300).toBeCloseTo(1, 12)
    expect(deviations[1] / 1e-200).toBeCloseTo(1, 12)
  })

  it("does not look at the other rows", () => {
    const values = Float64Array.of(1, 3, 1000)
    expect(standardisationOf(values, 1, [0, 1])).toEqual({ means: Float64Array.of(2), deviations: Float64Array.of(1) })
  })
})

describe("splits", () => {
  const all = (a: Int32Array, b: Int32Array): number[] => [...a, ...b].sort((x, y) => x - y)

  it("put each row on one side, the same for the same seed", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 300 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.integer(),
        (n, share, seed) => {
          const { training, heldOut } = randomSplit(n, share, seed)
          expect(all(training, heldOut)).toEqual([...Array(n).keys()])
          expect(Math.abs(heldOut.length - share * n)).toBeLessThanOrEqual(1)
          expect(training.length).toBeGreaterThan(0)
          expect(randomSplit(n, share, seed).heldOut).toEqual(heldOut)
        },
      ),
    )
  })

  it("hold each row out in one fold of nearly equal size", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 0, max: 60 }), (folds, more) => {
        const splits = foldSplits(folds + more, folds, 3)
        expect(splits.flatMap(({ heldOut }) => [...heldOut]).sort((a, b) => a - b)).toEqual([
          ...Array(folds + more).keys(),
        ])
        for (const { training, heldOut } of splits) {
          expect(training.length + heldOut.length).toBe(folds + more)
          expect(heldOut.length).toBeGreaterThanOrEqual(Math.floor((folds + more) / folds))
        }
      }),
    )
  })
})
