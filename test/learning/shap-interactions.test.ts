import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { publishedTextForest } from "../../src/learning/forest-settings.ts"
import { explainForest } from "../../src/learning/path-dependent-shap.ts"
import { explainInteractions } from "../../src/learning/shap-interactions.ts"
import { growTrees } from "../../src/learning/tree-growth.ts"
import { chainTree, gridRows, pathDependentGame, shapleyInteractions, smallForests } from "./shapley-oracle.ts"
import { normalTable } from "./tables.ts"

const forestWithRows = smallForests.chain((trees) => fc.tuple(fc.constant(trees), gridRows(trees.featureCount, 5)))

describe("interactions", () => {
  it("are those of the definition over all sets of features, for a row alone and for many together", () => {
    fc.assert(
      fc.property(forestWithRows, ([trees, columns]) => {
        const size = trees.featureCount ** 2
        const together = explainInteractions(trees, columns)
        for (let row = 0; row < 5; row++) {
          const game = pathDependentGame(trees, columns, row)
          const exact = shapleyInteractions(game, trees.featureCount)
          const alone = explainInteractions(
            trees,
            columns.map((column) => column.slice(row, row + 1)),
          )
          for (const [k, value] of exact.entries()) {
            expect(Math.abs(together.values[row * size + k] - value)).toBeLessThan(1e-11)
            expect(Math.abs(alone.values[k] - value)).toBeLessThan(1e-11)
          }
        }
      }),
    )
  })

  it("sum to the Shapley values in deep forests, over more rows than are explained together", () => {
    const table = normalTable(520, 9, 3, ([a, b], noise) => a * b + 0.1 * noise())
    const trees = growTrees(table, { ...publishedTextForest, treeCount: 3 }, 0, 3)
    const { values, featureCount, rowCount } = explainInteractions(trees, table.columns)
    const single = explainForest(trees, table.columns).values
    const total = new Float64Array(featureCount * featureCount)
    for (let row = 0; row < rowCount; row++) {
      for (let i = 0; i < featureCount; i++) {
        let sum = 0
        for (let j = 0; j < featureCount; j++) {
          const value = values[(row * featureCount + i) * featureCount + j]
          expect(value).toBe(i === j ? value : values[(row * featureCount + j) * featureCount + i])
          sum += value
          total[i * featureCount + j] += Math.abs(value)
        }
        expect(Math.abs(sum - single[row * featureCount + i])).toBeLessThan(1e-12)
      }
    }
    // The pair that acts together stands out.
    const pairs = total.map((value, k) => (k % (featureCount + 1) === 0 ? 0 : value))
    expect(pairs.indexOf(Math.max(...pairs))).toBe(1)
  })

  it.each([31, 32, 40])("are exact on paths of %i features", (depth) => {
    // A product of indicators: by symmetry all pairs are equal where every share is.
    const trees = chainTree(
      depth,
      () => 0.5,
      (leaf) => (leaf === depth ? 1 : 0),
    )
    const columns = Array.from({ length: depth }, () => Float64Array.of(1, 1))
    const { values, expected } = explainInteractions(trees, columns)
    expect(expected).toBeCloseTo(2 ** -depth, 15)
    const pair = values[1]
    expect(pair).toBeGreaterThan(0)
    for (let i = 0; i < depth; i++) {
      let sum = 0
      for (let j = 0; j < depth; j++) {
        sum += values[i * depth + j]
        if (i !== j) expect(Math.abs(values[i * depth + j] - pair)).toBeLessThan(1e-15)
      }
      expect(Math.abs(sum - (1 - expected) / depth)).toBeLessThan(1e-14)
    }
  })
})
