import { describe, expect, it } from "vitest"
import { publishedNotebookForest } from "../../src/learning/forest-settings.ts"
import { learningTable, regressionTable } from "../../src/learning/learning-table.ts"
import { type Influence, neighbourInfluences, ownInfluences, plantedColumns } from "../../src/learning/planted-table.ts"
import type { RegressionTable } from "../../src/learning/regression-table.ts"
import { divisionScores, rowDifferences, sharedColumns } from "../../src/learning/row-differences.ts"

const planted = (influences: readonly Influence[], seed: number, rowCount = 250): RegressionTable => {
  const columns = plantedColumns({ rowCount, influences, noise: 0.15, seed })
  const outcome = learningTable(columns, {
    target: "Damage",
    without: ["X", "Y", "Yaw", "Pitch", "Roll"],
    leastRows: 20,
  })
  if (outcome.kind !== "ready") throw new Error("refused")
  return regressionTable(outcome.table)
}

const settings = { ...publishedNotebookForest, treeCount: 10 }
const tested = (first: RegressionTable, second: RegressionTable, permutations: number, seed = 1) => {
  const divisions = { first, second, settings, permutations: { permutations, seed } }
  return rowDifferences(first.names, divisionScores(divisions, 0, permutations + 1))
}

describe("differences of scores tested over rows", () => {
  it("find what differs, and only that", () => {
    const { attributes, neighbours } = tested(planted(ownInfluences, 1, 500), planted(neighbourInfluences, 2, 500), 39)
    const of = (name: string) => attributes.find((each) => each.name === name)!
    expect(of("Z").difference).toBeLessThan(-0.15)
    expect(of("Z").familyProbability).toBeLessThanOrEqual(0.05)
    expect(of("Contact").difference).toBeGreaterThan(0.15)
    expect(of("Contact").familyProbability).toBeLessThanOrEqual(0.05)
    expect(of("Homogeneity").familyProbability).toBeGreaterThan(0.3)
    expect(neighbours.at(-1)!.difference).toBeGreaterThan(0.4)
    expect(neighbours.at(-1)!.probability).toBe(1 / 40)
    expect(attributes.reduce((sum, { difference }) => sum + difference, 0)).toBeCloseTo(0, 12)
  })

  it("are the same in pieces as in one", () => {
    const [first, second] = [planted(ownInfluences, 3, 60), planted(ownInfluences, 4, 70)]
    const divisions = { first, second, settings, permutations: { permutations: 5, seed: 2 } }
    const whole = divisionScores(divisions, 0, 6)
    const pieces = [divisionScores(divisions, 0, 2), divisionScores(divisions, 2, 6)]
    expect(Float64Array.from(pieces.flatMap((piece) => [...piece]))).toEqual(whole)
  })

  it("reject tables of pure noise at no more than the nominal rate", () => {
    // With 9 divisions p ≤ 0.1 means the largest of ten; of 40 tables more than 9 in such a tail have p < 0.01.
    const trials = Array.from({ length: 40 }, (_, trial) => trial)
    const rejected = trials.filter((trial) => {
      const { attributes } = tested(planted([], 100 + trial, 60), planted([], 200 + trial, 60), 9, trial)
      return Math.min(...attributes.map(({ familyProbability }) => familyProbability)) <= 0.1
    })
    expect(rejected.length).toBeLessThanOrEqual(9)
    expect(rejected.length).toBeGreaterThanOrEqual(1)
  })

  it("need the columns that both tables have", () => {
    const [first, second] = [planted(ownInfluences, 1, 40), planted(ownInfluences, 2, 40)]
    const shorter = { ...second, names: second.names.slice(3), columns: second.columns.slice(3) }
    const divisions = { settings, permutations: { permutations: 1, seed: 1 } }
    expect(() => divisionScores({ first, second: shorter, ...divisions }, 0, 1)).toThrow("different columns")
    const [a, b] = sharedColumns(first, shorter)
    expect(a.names).toEqual(b.names)
    expect(a.columns[0]).toEqual(first.columns[3])
  })
})
