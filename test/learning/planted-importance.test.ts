import { describe, expect, it } from "vitest"
import { growForest } from "../../src/learning/forest.ts"
import {
  type ForestSettings,
  publishedNotebookForest,
  publishedTextForest,
} from "../../src/learning/forest-settings.ts"
import { importanceOf } from "../../src/learning/importance.ts"
import { learningTable, regressionTable } from "../../src/learning/learning-table.ts"
import { explainForest } from "../../src/learning/path-dependent-shap.ts"
import { type Influence, neighbourInfluences, ownInfluences, plantedColumns } from "../../src/learning/planted-table.ts"

/** The three most important attributes that a forest finds in 500 planted rows. */
const foremost = (influences: readonly Influence[], settings: ForestSettings, seed: number): readonly string[] => {
  const columns = plantedColumns({ rowCount: 500, influences, noise: 0.2, seed })
  const outcome = learningTable(columns, { target: "Damage", without: ["X", "Y"], leastRows: 20 })
  if (outcome.kind !== "ready") throw new Error("refused")
  const table = regressionTable(outcome.table)
  const grown = growForest(table, settings)
  if (grown.kind !== "grown") throw new Error(grown.kind)
  const { ranking } = importanceOf(explainForest(grown.forest.trees, table.columns))
  return Array.from(ranking.subarray(0, 3), (feature) => table.names[feature])
}

describe.each([
  ["own", ownInfluences],
  ["of the neighbourhood", neighbourInfluences],
])("planted influences, %s,", (_, influences) => {
  it.each([
    ["text", { ...publishedTextForest, treeCount: 20 }],
    ["notebook", publishedNotebookForest],
  ])("are ranked right by Shapley values of the published %s's forest in 19 of 20 seeds", (_name, settings) => {
    const wanted = influences.map(({ attribute }) => attribute).join()
    const seeds = Array.from({ length: 20 }, (_seed, at) => at + 1)
    const right = seeds.filter((seed) => foremost(influences, settings, seed).join() === wanted)
    expect(right.length).toBeGreaterThanOrEqual(19)
  })
})
