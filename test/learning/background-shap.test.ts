import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { explainAgainst, explainTreesAgainst } from "../../src/learning/background-shap.ts"
import { publishedTextForest } from "../../src/learning/forest-settings.ts"
import { explainForest, explanationGroups, joinExplanations } from "../../src/learning/path-dependent-shap.ts"
import { growTrees } from "../../src/learning/tree-growth.ts"
import { predict } from "../../src/learning/trees.ts"
import { gridRows, interventionalGame, shapleyValues, smallForests } from "./shapley-oracle.ts"
import { normalTable } from "./tables.ts"

const games = smallForests.chain((trees) =>
  fc.tuple(fc.constant(trees), gridRows(trees.featureCount, 3), gridRows(trees.featureCount, 4)),
)

describe("Shapley values against a background", () => {
  it("are those of the definition over all sets of features", () => {
    fc.assert(
      fc.property(games, ([trees, columns, background]) => {
        const found = explainAgainst(trees, columns, background)
        for (let row = 0; row < 3; row++) {
          const game = interventionalGame(trees, columns, row, background)
          const exact = shapleyValues(game, trees.featureCount)
          expect(Math.abs(found.expected - game(() => false))).toBeLessThan(1e-12)
          for (const [f, value] of exact.entries()) {
            expect(Math.abs(found.values[row * trees.featureCount + f] - value)).toBeLessThan(1e-11)
          }
        }
      }),
    )
  })

  const table = normalTable(300, 12, 5, ([a, b, c], noise) => a * b + c + 0.5 * noise())
  const trees = growTrees(table, { ...publishedTextForest, treeCount: 12 }, 0, 12)
  const few = (columns: readonly Float64Array[], from: number, to: number) =>
    columns.map((column) => column.slice(from, to))

  it("and what is expected sum to the prediction of deep forests", () => {
    const rows = few(table.columns, 0, 40)
    const { values, expected, featureCount } = explainAgainst(trees, rows, few(table.columns, 100, 150))
    const answers = predict(trees, rows)
    for (let row = 0; row < 40; row++) {
      const sum = values
        .slice(row * featureCount, (row + 1) * featureCount)
        .reduce((total, value) => total + value, expected)
      expect(Math.abs(sum - answers[row])).toBeLessThan(1e-12)
    }
  })

  it("are all 0 for a row that is the background", () => {
    const row = few(table.columns, 7, 8)
    expect(new Set(explainAgainst(trees, row, row).values)).toEqual(new Set([0]))
  })

  it("differ from those that follow the training rows, where features hang together", () => {
    const doubled = { ...table, columns: [...table.columns.slice(0, 11), table.columns[0].map((x) => x + 1e-3)] }
    const one = growTrees(doubled, { ...publishedTextForest, treeCount: 1, depthLimit: 6 }, 0, 1)
    const rows = few(doubled.columns, 0, 30)
    const a = explainAgainst(one, rows, doubled.columns)
    const b = explainForest(one, rows)
    expect(Math.max(...a.values.map((value, i) => Math.abs(value - b.values[i])))).toBeGreaterThan(1e-3)
  })

  it("of groups of trees, explained by different workers, add up bit for bit", () => {
    const rows = few(table.columns, 0, 10)
    const background = few(table.columns, 10, 20)
    const parts = explanationGroups(12).map(([from, to]) => explainTreesAgainst(trees, rows, background, from, to))
    expect(joinExplanations(parts, 12)).toEqual(explainAgainst(trees, rows, background))
  })

  it("need a background", () => {
    expect(() => explainAgainst(trees, table.columns, few(table.columns, 0, 0))).toThrow(RangeError)
  })
})
