import { describe, expect, it } from "vitest"
import { learningTable, tableColumn } from "../../src/learning/learning-table.ts"
import { type Influence, neighbourInfluences, ownInfluences, plantedColumns } from "../../src/learning/planted-table.ts"
import { describeColumns } from "../../src/particles/attribute-columns.ts"
import { pearsonCorrelation } from "../../src/statistics/correlation.ts"
import { rankCorrelation } from "../../src/statistics/rank-correlation.ts"

const planted = (influences: readonly Influence[], seed: number, rowCount = 1500, noise = 0.2) => {
  const outcome = learningTable(plantedColumns({ rowCount, influences, noise, seed }), {
    target: "Damage",
    without: [],
    leastRows: 20,
  })
  if (outcome.kind === "refused") throw new Error("refused")
  return outcome.table
}

describe("a planted table", () => {
  it("has the attributes of the table of particles, all of them finite and varying", () => {
    const table = planted(ownInfluences, 1)
    const known = describeColumns()
      .filter(({ beside, name }) => !beside && name !== "Damage")
      .map(({ name }) => name)
    expect([...table.names].sort()).toEqual([...known].sort())
    expect(table.names.length).toBe(23)
    for (const name of ["Sphericity", "Contact", "PDensity", "OrienIso"]) {
      const values = tableColumn(table, table.names.indexOf(name))
      expect(values.every((value) => value > 0 && value < 1)).toBe(true)
    }
    expect(table.target?.values.every((value) => value > 0 && value < 0.4)).toBe(true)
  })

  it("has shapes, sizes and neighbourhoods that follow each other as in a cathode", () => {
    const table = planted([], 2, 3000)
    const r = (a: string, b: string): number =>
      rankCorrelation(tableColumn(table, table.names.indexOf(a)), tableColumn(table, table.names.indexOf(b)))
        .coefficient
    expect(r("Volume", "SurfaceOuter")).toBeGreaterThan(0.9)
    expect(r("Sphericity", "VSratio")).toBeGreaterThan(0.8)
    expect(r("Elongation", "Sphericity")).toBeLessThan(-0.3)
    expect(r("Contact", "PDensity")).toBeGreaterThan(0.3)
    expect(r("Contact", "DistNearest")).toBeLessThan(-0.3)
    expect(Math.abs(r("Z", "Elongation"))).toBeLessThan(0.08)
  })

  it.each([
    ["own", ownInfluences],
    ["of the neighbourhood", neighbourInfluences],
  ])("shows its influences, %s, in their order in each of 20 seeds, and no others", (_, influences) => {
    for (let seed = 1; seed <= 20; seed++) {
      const table = planted(influences, seed, 1000)
      const target = table.target?.values ?? new Float64Array()
      const strength = (name: string): number =>
        rankCorrelation(tableColumn(table, table.names.indexOf(name)), target).coefficient
      const found = influences.map(({ attribute, weight }) => Math.sign(weight) * strength(attribute))
      for (let at = 1; at < found.length; at++) expect(found[at]).toBeLessThan(found[at - 1])
      expect(found[found.length - 1]).toBeGreaterThan(0.15)
      for (const name of ["Yaw", "Homogeneity", "SurfaceInner", "RoughInner"]) {
        expect(Math.abs(strength(name))).toBeLessThan(0.15)
      }
    }
  })

  it("of nothing but noise correlates with nothing, at the rate of chance", () => {
    let [beyond, all] = [0, 0]
    for (let seed = 1; seed <= 20; seed++) {
      const table = planted([], seed, 400)
      for (let column = 0; column < table.names.length; column++, all++) {
        const r = pearsonCorrelation(tableColumn(table, column), table.target?.values ?? new Float64Array())
        if (Math.abs(r) > 1.96 / Math.sqrt(400)) beyond++
      }
    }
    expect(beyond / all).toBeLessThan(0.09)
    expect(beyond / all).toBeGreaterThan(0.02)
  })

  it("is the same for the same seed, and names what is not there", () => {
    const model = { rowCount: 30, influences: ownInfluences, noise: 0.2, seed: 4 }
    expect(plantedColumns(model)).toEqual(plantedColumns(model))
    expect(() => plantedColumns({ ...model, influences: [{ attribute: "Colour", weight: 1 }] })).toThrow(
      "no attribute Colour",
    )
  })
})
