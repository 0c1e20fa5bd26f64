import { describe, expect, it } from "vitest"
import { crossValidate } from "../../src/learning/cross-validation.ts"
import { growForest, outOfBag } from "../../src/learning/forest.ts"
import {
  type ForestSettings,
  publishedNotebookForest,
  publishedTextForest,
} from "../../src/learning/forest-settings.ts"
import { errorOfPrediction } from "../../src/learning/prediction-error.ts"
import { examine, refusalText, rowsOf } from "../../src/learning/regression-table.ts"
import { foldSplits } from "../../src/learning/splits.ts"
import { predict } from "../../src/learning/trees.ts"
import { normalTable } from "./tables.ts"

const settings: ForestSettings = { ...publishedTextForest, treeCount: 40, seed: 4 }
const table = normalTable(400, 4, 11, ([a, b], noise) => 2 * a + Math.sin(3 * b) + 0.2 * noise())

const grown = (some: typeof table, how = settings) => {
  const outcome = growForest(some, how)
  if (outcome.kind !== "grown") throw new Error(outcome.kind)
  return outcome
}

describe("a forest", () => {
  it("learns a law, and its error out of the bag is that on fresh rows", () => {
    const { forest } = grown(table)
    const bag = outOfBag(table, settings, forest)
    const fresh = normalTable(2000, 4, 12, ([a, b], noise) => 2 * a + Math.sin(3 * b) + 0.2 * noise())
    const error = errorOfPrediction(predict(forest.trees, fresh.columns), fresh.target)
    expect(error.determination).toBeGreaterThan(0.93)
    expect(bag.rows.length).toBe(400)
    expect(bag.meanAbsoluteError! / error.meanAbsoluteError!).toBeGreaterThan(0.85)
    expect(bag.meanAbsoluteError! / error.meanAbsoluteError!).toBeLessThan(1.25)
    // Rows it has seen look far better than they are.
    const seen = errorOfPrediction(predict(forest.trees, table.columns), table.target)
    expect(seen.meanAbsoluteError!).toBeLessThan(0.6 * bag.meanAbsoluteError!)
  })

  it("finds nothing where nothing is", () => {
    const noise = normalTable(300, 4, 21, (_, normal) => normal())
    const bag = outOfBag(noise, settings, grown(noise).forest)
    expect(bag.determination).toBeLessThan(0.1)
  })

  it("has no rows out of the bag without a bootstrap", () => {
    const every = { ...settings, bootstrap: false, treeCount: 2 }
    const bag = outOfBag(table, every, grown(table, every).forest)
    expect(bag).toMatchObject({ rowCount: 0, meanAbsoluteError: undefined, determination: undefined })
  })

  it("of the published notebook is small, that of the published text deep", () => {
    expect(grown(table, publishedNotebookForest).forest.trees.feature.length).toBeLessThanOrEqual(40 * 59)
    expect(grown(table, publishedTextForest).forest.trees.feature.length).toBeGreaterThan(100 * 300)
  })

  it("says of a table what is wrong with it", () => {
    const broken = { ...table, columns: table.columns.map((column) => column.slice()) }
    broken.columns[1][7] = Number.NaN
    broken.columns[1][8] = Number.POSITIVE_INFINITY
    broken.columns[3][7] = Number.NaN
    const outcome = growForest(broken, settings)
    expect(outcome).toMatchObject({ kind: "missing values", count: 3, rowCount: 2, columns: ["x1", "x3"] })
    if (outcome.kind !== "missing values") return
    expect(outcome.cells[0]).toEqual({ row: 7, column: "x1", value: Number.NaN })
    expect(refusalText(outcome)).toBe(
      "3 values in 2 rows are no numbers: row 8 of x1 is NaN, row 8 of x3 is NaN, row 9 of x1 is Infinity",
    )
    expect(growForest({ ...table, target: table.target.map(() => Number.NaN) }, settings)).toMatchObject({
      kind: "missing values",
      count: 400,
      columns: ["y"],
    })
    expect(growForest(rowsOf(table, [3]), settings)).toEqual({ kind: "too few rows", found: 1, needed: 2 })
    expect(growForest({ ...table, names: ["a", "b", "a", "y"] }, settings)).toEqual({
      kind: "duplicate names",
      names: ["a", "y"],
    })
    expect(growForest({ ...table, names: [], columns: [] }, settings)).toEqual({ kind: "no columns" })
    expect(() => examine({ ...table, names: ["a"] })).toThrow(RangeError)
    expect(() => examine({ ...table, target: new Float64Array(3) })).toThrow(RangeError)
  })

  it("of three rows, of constant columns and of a constant target is one", () => {
    const three = rowsOf(table, [0, 1, 2])
    expect(grown(three).forest.names).toEqual(table.names)
    const flat = { ...table, columns: table.columns.map((column, k) => (k === 2 ? column.map(() => 5) : column)) }
    expect(grown(flat)).toMatchObject({ constant: ["x2"], isTargetConstant: false })
    const { forest, isTargetConstant } = grown({ ...table, target: table.target.map(() => 0.25) })
    expect(isTargetConstant).toBe(true)
    expect(new Set(predict(forest.trees, table.columns))).toEqual(new Set([0.25]))
  })
})

describe("rows held out", () => {
  it("are predicted by learners that have not seen them", () => {
    const learner = (some: typeof table) => {
      const { trees } = grown(some, { ...settings, treeCount: 15 }).forest
      return (columns: readonly Float64Array[]) => predict(trees, columns)
    }
    const judged = crossValidate(table, foldSplits(400, 4, 2), learner)
    expect(judged.folds.length).toBe(4)
    expect(judged.determination).toBeGreaterThan(0.9)
    expect(judged.determination).toBeLessThan(0.99)
    // Mean of the rest: at best as good as the mean of all.
    const flat = crossValidate(table, foldSplits(400, 4, 2), (some) => {
      const mean = some.target.reduce((sum, y) => sum + y, 0) / some.target.length
      return (columns) => new Float64Array(columns[0].length).fill(mean)
    })
    expect(flat.determination).toBeLessThan(0)
    expect(() => crossValidate(table, foldSplits(400, 4, 2).slice(1), learner)).toThrow(RangeError)
  })

  it("have errors by the definition", () => {
    const error = errorOfPrediction(Float64Array.of(1, 2, 4), Float64Array.of(1, 3, 5))
    expect(error.meanAbsoluteError).toBeCloseTo(2 / 3, 15)
    expect(error.determination).toBeCloseTo(1 - 2 / 8, 15)
    expect(errorOfPrediction(Float64Array.of(1), Float64Array.of(1)).determination).toBeUndefined()
  })
})
