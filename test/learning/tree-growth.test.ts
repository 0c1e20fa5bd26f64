import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  type ForestSettings,
  publishedNotebookForest,
  publishedTextForest,
} from "../../src/learning/forest-settings.ts"
import type { RegressionTable } from "../../src/learning/regression-table.ts"
import { growTrees, rowsDrawn } from "../../src/learning/tree-growth.ts"
import { depthOf, joinTrees, leafCountOf, leafOf, predict, type Trees, treesBetween } from "../../src/learning/trees.ts"
import { normalTable, tiedTables } from "./tables.ts"

const single: ForestSettings = { ...publishedTextForest, treeCount: 1, bootstrap: false }
const settingsOf = fc.record({
  criterion: fc.constantFrom({ kind: "squared error" } as const, { kind: "absolute error" } as const),
  depthLimit: fc.constantFrom(0, 1, 3, Number.POSITIVE_INFINITY),
  leafLimit: fc.constantFrom(2, 5, Number.POSITIVE_INFINITY),
  leastLeafRows: fc.integer({ min: 1, max: 4 }),
  leastSplitRows: fc.integer({ min: 2, max: 6 }),
  leastDecrease: fc.constantFrom(0, 0.05, 0.5),
  bootstrap: fc.boolean(),
  seed: fc.nat(1000),
})

/** Drawn rows of each node, as often as they were drawn. */
const rowsOfNodes = (table: RegressionTable, trees: Trees, counts: Float64Array): number[][] => {
  const rows: number[][] = Array.from(trees.feature, () => [])
  for (let row = 0; row < table.target.length; row++) {
    let node = 0
    for (;;) {
      for (let times = 0; times < counts[row]; times++) rows[node].push(row)
      if (trees.feature[node] < 0) break
      const goesLeft = table.columns[trees.feature[node]][row] <= trees.threshold[node]
      node = goesLeft ? trees.left[node] : trees.right[node]
    }
  }
  return rows
}

const medianOf = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length / 2
  return Number.isInteger(half) ? sorted[half - 1] / 2 + sorted[half] / 2 : sorted[Math.floor(half)]
}
const meanOf = (values: readonly number[]): number => values.reduce((sum, y) => sum + y, 0) / values.length

/** Σ of squared or absolute deviations, by the definition. */
const impurity = (values: readonly number[], { kind }: ForestSettings["criterion"]): number =>
  kind === "squared error"
    ? values.reduce((sum, y) => sum + (y - meanOf(values)) ** 2, 0)
    : values.reduce((sum, y) => sum + Math.abs(y - medianOf(values)), 0)

/** Greatest decrease of Σ impurity over every feature and every place between two values, by the definition. */
const greatestGain = (table: RegressionTable, rows: readonly number[], settings: ForestSettings): number => {
  const y = (some: readonly number[]) => some.map((row) => table.target[row])
  let best = Number.NEGATIVE_INFINITY
  for (const column of table.columns) {
    for (const cut of new Set(rows.map((row) => column[row]))) {
      const left = rows.filter((row) => column[row] <= cut)
      const right = rows.filter((row) => column[row] > cut)
      if (Math.min(new Set(left).size, new Set(right).size) < settings.leastLeafRows) continue
      const { criterion } = settings
      best = Math.max(best, impurity(y(rows), criterion) - impurity(y(left), criterion) - impurity(y(right), criterion))
    }
  }
  return best
}

describe("a regression tree", () => {
  it("takes at every node the split that the definition finds best, and stops by its limits", () => {
    fc.assert(
      fc.property(tiedTables, settingsOf, (table, varied) => {
        const settings: ForestSettings = { ...single, ...varied }
        const trees = growTrees(table, settings, 0, 1)
        const [counts] = rowsDrawn(settings, table.target.length, 0, 1)
        const rows = rowsOfNodes(table, trees, counts)
        const total = rows[0].length
        expect(depthOf(trees, 0)).toBeLessThanOrEqual(settings.depthLimit)
        expect(leafCountOf(trees)).toBeLessThanOrEqual(settings.leafLimit)
        const depth = new Int32Array(rows.length)
        for (const [node, inside] of rows.entries()) {
          const values = inside.map((row) => table.target[row])
          expect(trees.cover[node]).toBe(inside.length)
          const inner = settings.criterion.kind === "squared error" ? meanOf(values) : medianOf(values)
          expect(trees.value[node]).toBeCloseTo(inner, 12)
          const best = greatestGain(table, inside, settings)
          if (trees.feature[node] >= 0) {
            const sides = [trees.left[node], trees.right[node]]
            for (const side of sides) depth[side] = depth[node] + 1
            const parts = sides.map((side) => rows[side].map((row) => table.target[row]))
            const gain = parts.reduce(
              (left, part) => left - impurity(part, settings.criterion),
              impurity(values, settings.criterion),
            )
            expect(gain).toBeCloseTo(best, 9)
            expect(gain / total).toBeGreaterThanOrEqual(settings.leastDecrease - 1e-12)
          } else if (settings.leafLimit === Number.POSITIVE_INFINITY) {
            const mustStop =
              depth[node] >= settings.depthLimit ||
              new Set(inside).size < Math.max(settings.leastSplitRows, 2 * settings.leastLeafRows) ||
              new Set(values).size === 1 ||
              best === Number.NEGATIVE_INFINITY ||
              best / total < settings.leastDecrease + 1e-12
            expect(mustStop).toBe(true)
          }
        }
      }),
    )
  })

  it("puts thresholds halfway between neighbouring values, or on the lower one where there is nothing between", () => {
    const table = (low: number, high: number): RegressionTable => ({
      names: ["x"],
      columns: [Float64Array.of(low, high)],
      targetName: "y",
      target: Float64Array.of(0, 1),
    })
    expect(growTrees(table(1, 2), single, 0, 1).threshold[0]).toBe(1.5)
    expect(growTrees(table(1e-16, 3e-16), single, 0, 1).threshold[0]).toBeCloseTo(2e-16, 30)
    expect(growTrees(table(1, 1 + Number.EPSILON), single, 0, 1).threshold[0]).toBe(1)
    expect(growTrees(table(-1.7e308, 1.7e308), single, 0, 1).threshold[0]).toBe(0)
    for (const [low, high] of [
      [1, 1 + Number.EPSILON],
      [5e-324, 1e-323],
      [1.7e308, 1.79e308],
    ]) {
      const some = table(low, high)
      expect([...predict(growTrees(some, single, 0, 1), some.columns)]).toEqual([0, 1])
    }
  })

  it("tells every row of a table apart, whatever the unit of the target", () => {
    for (const unit of [1, 1e-18, 1e-160, 1e150]) {
      const plain = normalTable(200, 3, 5, ([a, b], noise) => a * b + noise())
      const table = { ...plain, target: plain.target.map((y) => (y + 3) * unit) }
      for (const criterion of [{ kind: "squared error" }, { kind: "absolute error" }] as const) {
        const trees = growTrees(table, { ...single, depthLimit: Number.POSITIVE_INFINITY, criterion }, 0, 1)
        const answers = predict(trees, table.columns)
        for (let row = 0; row < 200; row++) {
          expect(Math.abs(answers[row] - table.target[row]) / unit).toBeLessThan(1e-13)
        }
      }
    }
  })

  it("separates what no single split improves", () => {
    const table: RegressionTable = {
      names: ["a", "b"],
      columns: [Float64Array.of(0, 0, 1, 1), Float64Array.of(0, 1, 0, 1)],
      targetName: "y",
      target: Float64Array.of(0, 1, 1, 0),
    }
    expect([...predict(growTrees(table, single, 0, 1), table.columns)]).toEqual([0, 1, 1, 0])
  })

  it("with limited leaves is the beginning of the same tree with more, best splits first", () => {
    const table = normalTable(120, 4, 3, ([a, b, c], noise) => a + b * c + 0.3 * noise())
    const errors = [2, 3, 5, 9, 17, 40].map((leafLimit) => {
      const trees = growTrees(table, { ...single, leafLimit }, 0, 1)
      expect(leafCountOf(trees)).toBe(leafLimit)
      const answers = predict(trees, table.columns)
      return table.target.reduce((sum, y, row) => sum + (y - answers[row]) ** 2, 0)
    })
    expect(errors).toEqual(errors.toSorted((a, b) => b - a))
    const few = growTrees(table, { ...single, leafLimit: 9 }, 0, 1)
    const more = growTrees(table, { ...single, leafLimit: 40 }, 0, 1)
    // Splits are made in the order of their gains among those open, so that the first eight are the same.
    const cuts = (trees: Trees) => Array.from(trees.threshold).filter((_, node) => trees.feature[node] >= 0)
    for (const cut of cuts(few)) expect(cuts(more)).toContain(cut)
  })

  it("does not split on constant columns, and not at all under a constant target", () => {
    const table = normalTable(50, 3, 1, ([a]) => a)
    const flat = { ...table, columns: [table.columns[0], new Float64Array(50).fill(7), table.columns[2]] }
    const one = { ...single, features: { kind: "count", count: 1 } } as const
    const trees = growTrees(flat, { ...one, treeCount: 20 }, 0, 20)
    expect([...trees.feature]).not.toContain(1)
    expect(depthOf(trees, 0)).toBeGreaterThan(3)
    expect(growTrees({ ...table, target: new Float64Array(50).fill(0.1) }, single, 0, 1).value).toEqual(
      Float64Array.of(0.1),
    )
  })
})

describe("trees of a forest", () => {
  const table = normalTable(150, 5, 9, ([a, b], noise) => Math.sin(a) + b * b + 0.1 * noise())

  it.each([publishedNotebookForest, publishedTextForest])(
    "are the same in whatever shares they are grown",
    (preset) => {
      const settings = { ...preset, treeCount: 7, seed: 12 }
      const whole = growTrees(table, settings, 0, 7)
      const shares = [
        growTrees(table, settings, 0, 2),
        growTrees(table, settings, 2, 3),
        growTrees(table, settings, 3, 7),
      ]
      expect(joinTrees(shares)).toEqual(whole)
      expect(treesBetween(whole, 2, 3)).toEqual(shares[1])
      expect(growTrees(table, { ...settings, seed: 13 }, 0, 7)).not.toEqual(whole)
    },
  )

  it("draw two thirds of the rows, each tree others", () => {
    const drawn = rowsDrawn({ ...publishedTextForest, treeCount: 50 }, 400, 0, 50)
    const share = meanOf(drawn.map((counts) => counts.filter((count) => count > 0).length / 400))
    expect(share).toBeGreaterThan(0.62)
    expect(share).toBeLessThan(0.645)
    for (const counts of drawn) expect(counts.reduce((sum, count) => sum + count, 0)).toBe(400)
    expect(drawn[0]).not.toEqual(drawn[1])
  })

  it("look at as many features as they are told", () => {
    const informed = normalTable(300, 9, 2, ([a]) => a)
    const first = (features: ForestSettings["features"]): number => {
      const trees = growTrees(informed, { ...publishedTextForest, depthLimit: 1, features, treeCount: 400 }, 0, 400)
      return trees.treeStart.slice(0, -1).filter((root) => trees.feature[root] === 0).length / 400
    }
    expect(first({ kind: "all" })).toBe(1)
    expect(Math.abs(first({ kind: "square root" }) - 3 / 9)).toBeLessThan(0.08)
    expect(Math.abs(first({ kind: "count", count: 6 }) - 6 / 9)).toBeLessThan(0.08)
    expect(Math.abs(first({ kind: "share", share: 0.5 }) - 4 / 9)).toBeLessThan(0.08)
  })

  it("average to what each leaf holds", () => {
    const trees = growTrees(table, { ...publishedTextForest, treeCount: 5 }, 0, 5)
    const answers = predict(trees, table.columns)
    for (let row = 0; row < 150; row += 17) {
      const leaves = [0, 1, 2, 3, 4].map((tree) => trees.value[leafOf(trees, tree, table.columns, row)])
      expect(answers[row]).toBeCloseTo(meanOf(leaves), 12)
    }
  })

  it("answer for finite numbers alone, one column a feature", () => {
    const trees = growTrees(table, { ...publishedTextForest, treeCount: 1 }, 0, 1)
    const spoilt = table.columns.map((column, k) =>
      k === 3 ? column.map((x, row) => (row === 9 ? Number.NaN : x)) : column,
    )
    expect(() => predict(trees, spoilt)).toThrow("columns[3][9] is NaN")
    expect(() => predict(trees, table.columns.slice(1))).toThrow(RangeError)
    expect(() => predict(trees, [...table.columns.slice(1), new Float64Array(3)])).toThrow(RangeError)
  })

  it("refuse settings that make no sense", () => {
    for (const wrong of [
      { treeCount: 0 },
      { leafLimit: 1 },
      { depthLimit: -1 },
      { leastDecrease: Number.NaN },
      { leastLeafRows: 0.5 },
    ]) {
      expect(() => growTrees(table, { ...publishedTextForest, ...wrong }, 0, 1)).toThrow(RangeError)
    }
    expect(() => growTrees(table, publishedTextForest, 3, 101)).toThrow(RangeError)
  })
})
