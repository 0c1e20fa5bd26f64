import { describe, expect, it } from "vitest"
import { defaultAutoencoder, quasiNewtonTraining, trainAutoencoder } from "../../src/learning/autoencoder.ts"
import { factorTable } from "../../src/learning/factor-table.ts"
import { type LearningTable, tableColumn, tableRows } from "../../src/learning/learning-table.ts"
import { ownInfluences, plantedColumns } from "../../src/learning/planted-table.ts"
import { randomSplit } from "../../src/learning/splits.ts"
import { compareColumns, latentDistances, scoreAgreement } from "../../src/learning/table-comparison.ts"
import { defaultJointSettings } from "../../src/statistics/joint-distance.ts"

const model = { rowCount: 300, influences: ownInfluences, noise: 0.2 }
const settings = {
  bootstrap: { resamples: 99, confidence: 0.95, seed: 1 },
  permutations: { permutations: 99, seed: 1 },
}

describe("two tables", () => {
  it("differ in the attribute that was changed, and in what follows chance", () => {
    const first = plantedColumns({ ...model, seed: 1 })
    const second = plantedColumns({ ...model, seed: 2 }).map((column) =>
      column.name === "Elongation" && column.values instanceof Float64Array
        ? { ...column, values: column.values.map((value) => value + 0.2) }
        : column,
    )
    const { attributes } = compareColumns(first, second, settings)
    expect(attributes.length).toBe(24)
    let byChance = 0
    for (const attribute of attributes) {
      if (attribute.kind !== "compared") throw new Error(attribute.reason)
      const { name, kolmogorov, wasserstein, probability } = attribute
      if (name === "Elongation") {
        expect(probability).toBe(0.01)
        expect(kolmogorov.low).toBeGreaterThan(0)
        expect(wasserstein.low).toBeLessThan(0.2)
        expect(wasserstein.high).toBeGreaterThan(0.2)
        expect(attribute.wassersteinInDeviations).toBeGreaterThan(0.5)
      } else if (probability <= 0.05) byChance++
    }
    expect(byChance).toBeLessThan(6)
  })

  it("are compared in the columns and rows that both have, the others named", () => {
    const column = (name: string, unit: string, values: Float64Array | readonly string[]) => ({ name, unit, values })
    const first = [
      column("A", "m", Float64Array.of(1, Number.NaN, 3)),
      column("B", "m", Float64Array.of(1, 2, 3)),
      column("C", "", ["a", "b", "c"]),
      column("D", "", Float64Array.of(1, 2, 3)),
      column("E", "", Float64Array.of(Number.NaN, Number.NaN, Number.NaN)),
    ]
    const second = [
      column("A", "m", Float64Array.of(1, 2)),
      column("B", "m^2", Float64Array.of(1, 2)),
      column("C", "", Float64Array.of(1, 2)),
      column("E", "", Float64Array.of(1, 2)),
      column("F", "", Float64Array.of(1, 2)),
    ]
    const { attributes, onlyInFirst, onlyInSecond } = compareColumns(first, second, settings)
    expect(attributes[0]).toMatchObject({ kind: "compared", counts: [2, 2], missing: [1, 0] })
    expect(attributes.slice(1)).toEqual([
      { kind: "not comparable", name: "B", reason: "unit m in the first table, m^2 in the second" },
      { kind: "not comparable", name: "C", reason: "words, no numbers" },
      { kind: "not comparable", name: "E", reason: "no numbers in the first table" },
    ])
    expect([onlyInFirst, onlyInSecond]).toEqual([["D"], ["F"]])
  })

  it("are apart in latent values only where their attributes hang together otherwise", () => {
    const factors = { rowCount: 600, columnCount: 8, factorCount: 2, bend: 0, noise: 0.1 }
    const { table } = factorTable({ ...factors, seed: 1 })
    const split = randomSplit(600, 0.5, 1)
    const { autoencoder } = trainAutoencoder(table, split, {
      ...defaultAutoencoder,
      hiddenCount: 0,
      latentCount: 2,
      training: { ...quasiNewtonTraining, mostIterations: 60 } as never,
    })
    const unseen = tableRows(table, split.heldOut)
    const half = (part: number): LearningTable =>
      tableRows(
        unseen,
        Int32Array.from({ length: 150 }, (_, row) => 2 * row + part),
      )
    const joint = { ...defaultJointSettings, permutations: 99 }
    expect(latentDistances(autoencoder, half(0), half(1), joint).energy.probability).toBeGreaterThan(0.02)
    // The same columns one by one, but no longer together.
    const apart = { ...half(1), values: half(1).values.slice() }
    for (let column = 0; column < 8; column += 2) {
      const values = tableColumn(apart, column)
      for (let row = 0; row < 150; row++) apart.values[8 * row + column] = values[(row + 40 * (column + 1)) % 150]
    }
    const found = latentDistances(autoencoder, half(0), apart, joint)
    expect(found.energy.probability).toBe(0.01)
    expect(found.discrepancy.probability).toBe(0.01)
    const others = { ...table, names: [...table.names].reverse() }
    expect(() => latentDistances(autoencoder, table, others)).toThrow("the autoencoder has")
  })

  it("agree in what is important as far as the ranks of common attributes do", () => {
    const first = { names: ["A", "B", "C", "D", "E"], runs: Float64Array.of(5, 4, 3, 2, 9, 5, 4, 3, 2, 9) }
    const second = { names: ["D", "C", "B", "A"], runs: Float64Array.of(0.1, 0.2, 0.5, 0.9) }
    expect(scoreAgreement(first, second)).toMatchObject({ coefficient: 1, count: 4 })
    const turned = { ...second, runs: second.runs.toReversed() }
    expect(scoreAgreement(first, turned).coefficient).toBe(-1)
  })
})
