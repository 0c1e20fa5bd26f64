import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  type ForestSettings,
  publishedNotebookForest,
  publishedTextForest,
} from "../../src/learning/forest-settings.ts"
import { gaussLegendre } from "../../src/learning/gauss-legendre.ts"
import { importanceOf } from "../../src/learning/importance.ts"
import {
  type Explanation,
  explainForest,
  explainTrees,
  explanationGroups,
  joinExplanations,
} from "../../src/learning/path-dependent-shap.ts"
import { growTrees } from "../../src/learning/tree-growth.ts"
import { predict, type Trees } from "../../src/learning/trees.ts"
import { chainTree, gridRows, pathDependentGame, shapleyValues, smallForests } from "./shapley-oracle.ts"
import { normalTable } from "./tables.ts"

/** Greatest |expected + Σ values − prediction| over the rows. */
const additivityError = (trees: Trees, columns: readonly Float64Array[], found: Explanation): number => {
  const answers = predict(trees, columns)
  let worst = 0
  for (let row = 0; row < found.rowCount; row++) {
    let sum = found.expected
    for (let f = 0; f < found.featureCount; f++) sum += found.values[row * found.featureCount + f]
    worst = Math.max(worst, Math.abs(sum - answers[row]))
  }
  return worst
}

const greatestDifference = (a: Float64Array, b: Float64Array): number =>
  a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i])), 0)

/** Rows once more and once more, so that they share their patterns. */
const repeated = (columns: readonly Float64Array[], times: number): Float64Array[] =>
  columns.map((column) => Float64Array.from({ length: column.length * times }, (_, i) => column[i % column.length]))

const forestWithRows = smallForests.chain((trees) => fc.tuple(fc.constant(trees), gridRows(trees.featureCount, 6)))

describe("path-dependent Shapley values", () => {
  it("are those of the definition over all sets of features, row by row and for many rows together", () => {
    fc.assert(
      fc.property(forestWithRows, ([trees, columns]) => {
        const games = Array.from({ length: 6 }, (_, row) => pathDependentGame(trees, columns, row))
        const exact = games.map((game) => shapleyValues(game, trees.featureCount))
        for (const times of [1, 40, 250]) {
          const found = explainForest(trees, repeated(columns, times))
          expect(Math.abs(found.expected - games[0](() => false))).toBeLessThan(1e-12)
          for (let row = 0; row < found.rowCount; row += row < 12 ? 1 : 97) {
            const some = found.values.slice(row * trees.featureCount, (row + 1) * trees.featureCount)
            expect(greatestDifference(some, exact[row % 6])).toBeLessThan(1e-11)
          }
        }
      }),
    )
  })

  it.each([
    ["of the published notebook", publishedNotebookForest],
    ["of the published text", { ...publishedTextForest, treeCount: 12 }],
    ["without a limit", { ...publishedTextForest, treeCount: 6, depthLimit: Number.POSITIVE_INFINITY }],
  ] satisfies [string, ForestSettings][])("and what is expected sum to the prediction: forest %s", (_, settings) => {
    const table = normalTable(600, 23, 8, ([a, b, c], noise) => Math.sin(a) + b * c + noise())
    const trees = growTrees(table, settings, 0, settings.treeCount)
    for (const rows of [5, 150, 600]) {
      const columns = table.columns.map((column) => column.slice(0, rows))
      expect(additivityError(trees, columns, explainForest(trees, columns))).toBeLessThan(1e-12)
    }
  })

  // A pattern holds 31 features of a path; beyond, rows are explained one by one.
  it.each([31, 32, 60])("stay exact on a chain of %i splits on as many features", (depth) => {
    // Shares from even to one in ten thousand.
    const trees = chainTree(
      depth,
      (k) => [0.5, 0.1, 1e-4][k % 3],
      (leaf) => Math.sin(leaf),
    )
    const table = normalTable(300, depth, 4, () => 0)
    const columns = table.columns.map((column) => column.map((x) => x + 1.5))
    for (const rows of [3, 300]) {
      const some = columns.map((column) => column.slice(0, rows))
      expect(additivityError(trees, some, explainForest(trees, some))).toBeLessThan(1e-12)
    }
    // Symmetry: two features that play the same part have the same value.
    const even = chainTree(
      depth,
      (k) => [0.5, 0.1, 1e-4][k % 3],
      (leaf) => (leaf === depth ? 1 : 0),
    )
    const all = explainForest(
      even,
      columns.map(() => Float64Array.of(1)),
    )
    for (let k = 3; k < depth; k++) expect(Math.abs(all.values[k] - all.values[k % 3])).toBeLessThan(1e-14)
  })

  it("of a feature that no tree asks for are 0", () => {
    const table = normalTable(200, 4, 6, ([a, b]) => a + b)
    const blind = { ...table, columns: [...table.columns.slice(0, 3), new Float64Array(200)] }
    const trees = growTrees(blind, { ...publishedTextForest, treeCount: 5 }, 0, 5)
    const { values, featureCount } = explainForest(trees, blind.columns)
    expect(values.filter((value, i) => i % featureCount === 3 && value !== 0)).toEqual(new Float64Array(0))
    const { mean, share, ranking } = importanceOf(explainForest(trees, blind.columns))
    expect(mean[3]).toBe(0)
    expect(new Set(ranking.slice(0, 2))).toEqual(new Set([0, 1]))
    expect(share.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12)
  })

  it("of groups of trees, explained by different workers, add up bit for bit", () => {
    const table = normalTable(120, 5, 3, ([a, b, c], noise) => a * b + c + noise())
    const trees = growTrees(table, { ...publishedTextForest, treeCount: 23 }, 0, 23)
    const groups = explanationGroups(23)
    expect(groups).toEqual([
      [0, 10],
      [10, 20],
      [20, 23],
    ])
    const parts = groups.toReversed().map(([from, to]) => explainTrees(trees, table.columns, from, to))
    expect(joinExplanations(parts.toReversed(), 23)).toEqual(explainForest(trees, table.columns))
  })

  it("do not depend on which rows stand together, to rounding", () => {
    const table = normalTable(5000, 6, 13, ([a, b, c], noise) => a * b + c + noise())
    const trees = growTrees(table, { ...publishedTextForest, treeCount: 2, depthLimit: 8 }, 0, 2)
    const whole = explainForest(trees, table.columns)
    for (const row of [0, 2500, 4095, 4096, 4999]) {
      const alone = explainForest(
        trees,
        table.columns.map((column) => column.slice(row, row + 1)),
      )
      expect(greatestDifference(alone.values, whole.values.slice(6 * row, 6 * row + 6))).toBeLessThan(1e-13)
    }
  })

  it("refuse nodes without cover", () => {
    const table = normalTable(20, 2, 1, ([a]) => a)
    const trees = growTrees(table, { ...publishedTextForest, treeCount: 1 }, 0, 1)
    const bare = { ...trees, cover: trees.cover.map((cover, k) => (k === 1 ? 0 : cover)) }
    expect(() => explainForest(bare, table.columns)).toThrow(/cover/)
  })
})

describe("Gauss points", () => {
  it("integrate every power that they should, and no more", () => {
    for (const count of [1, 2, 3, 7, 16, 40]) {
      const { points, weights } = gaussLegendre(count)
      const integral = (power: number) => points.reduce((sum, t, q) => sum + weights[q] * t ** power, 0)
      for (let power = 0; power < 2 * count; power++)
        expect(Math.abs(integral(power) * (power + 1) - 1)).toBeLessThan(1e-13)
      if (count < 10) expect(Math.abs(integral(2 * count) * (2 * count + 1) - 1)).toBeGreaterThan(1e-12)
    }
  })
})
