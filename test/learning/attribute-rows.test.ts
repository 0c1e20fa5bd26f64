import { describe, expect, it } from "vitest"
import { seededRandom } from "../../src/array/random.ts"
import { attributeRows, wholeParticleColumns } from "../../src/learning/attribute-rows.ts"
import { plantedColumns } from "../../src/learning/planted-table.ts"
import { scoreRuns, subsampleRows } from "../../src/learning/score-runs.ts"
import { constructionWarnings, targetDependence } from "../../src/learning/target-dependence.ts"

const { NaN: none } = Number
const column = (name: string, ...values: number[]) => ({ name, unit: "", values: Float64Array.from(values) })

describe("rows to learn from", () => {
  const columns = [
    column("Label", 1, 2, 3, 4, 5),
    column("Z", 1, none, 3, 4, 5),
    column("Roll", none, none, none, 4, 5),
    column("Damage", 0.1, 0.2, 0.3, 0.4, 0.5),
    column("Cut", 0, 0, 0, 0, 1),
  ]

  it("are whole particles with all numbers, in attributes that have them in most rows", () => {
    const found = attributeRows(columns, "Damage", [])
    expect(found.columns.map(({ name }) => name)).toEqual(["Z", "Damage"])
    expect([...found.rows]).toEqual([0, 2, 3])
    expect([found.cutCount, found.incompleteCount]).toEqual([1, 1])
    expect([found.besides, found.sparse]).toEqual([["Label", "Cut"], ["Roll"]])
    expect(found.columns[0].values).toEqual(Float64Array.of(1, 3, 4))
  })

  it("keep a target that is no attribute, and leave out what is asked for", () => {
    const found = attributeRows(columns, "Label", ["Z", "Roll"])
    expect(found.columns.map(({ name }) => name)).toEqual(["Label", "Damage"])
    expect(found.rows.length).toBe(4)
  })

  it("of whole particles alone keep missing numbers", () => {
    expect(wholeParticleColumns(columns)[1].values).toEqual(Float64Array.of(1, none, 3, 4))
  })
})

describe("repetitions of scores", () => {
  it("draw 500 rows of large tables and four fifths of small ones", () => {
    expect([2000, 625, 600, 100].map(subsampleRows)).toEqual([500, 500, 480, 80])
    const runs = scoreRuns(1000, 10, 3)
    expect(runs.map(({ kind }) => kind)).toEqual([...Array(10).fill("subsample"), ...Array(10).fill("reseeding")])
    expect(new Set(runs.slice(0, 10).map(({ seed }) => seed)).size).toBe(10)
  })
})

describe("dependence on the target", () => {
  const planted = plantedColumns({ rowCount: 300, influences: [], noise: 0, seed: 5 })
  const damage = planted.find(({ name }) => name === "Damage")?.values as Float64Array
  const [z, volume, surface] = ["Z", "Volume", "SurfaceInner"].map(
    (name) => planted.find((each) => each.name === name)?.values as Float64Array,
  )
  const table = (names: readonly string[], columns: readonly Float64Array[]) => ({
    names,
    columns,
    targetName: "Damage",
    target: damage,
  })

  it("shows a column that is the target in disguise, and only that", () => {
    const disguised = table(["Hidden", "Volume"], [damage.map((value) => -(value ** 3)), volume])
    const found = targetDependence(disguised)
    expect(found[0]).toBeLessThan(-0.99)
    expect(Math.abs(found[1])).toBeLessThan(0.3)
    expect(constructionWarnings(disguised, ["", "m^3"], found).map(({ name }) => name)).toEqual(["Hidden"])
  })

  it("knows attributes that are measured on cracks, and those of the published estimator", () => {
    const names = ["SurfaceInner", "Sphericity", "OrienIso"]
    const known = (unit: string) => {
      const given = table(names, [surface, z, volume])
      return constructionWarnings(given, ["m^2", "", unit], targetDependence(given)).map(({ name }) => name)
    }
    expect(known("")).toEqual(["SurfaceInner"])
    expect(known("deg")).toEqual(["SurfaceInner", "Sphericity"])
  })

  it("betrays shapes that have the surface of cracks in them, although one repeats the other", () => {
    const [outer, size] = ["SurfaceOuter", "Volume"].map(
      (name) => planted.find((each) => each.name === name)?.values as Float64Array,
    )
    const random = seededRandom(9)
    const cracked = outer.map((area) => area * random.uniform())
    const found = (share: number) => {
      const total = outer.map((area, row) => area + share * cracked[row])
      const given = {
        names: ["Z", "Volume", "SurfaceOuter", "Sphericity", "VSratio"],
        columns: [
          z,
          size,
          outer.map((area) => area * Math.exp(0.05 * random.normal())),
          total.map((area, row) => Math.cbrt(36 * Math.PI * size[row] ** 2) / area),
          total.map((area, row) => Math.cbrt(size[row]) / Math.sqrt(area)),
        ],
        targetName: "Damage",
        target: cracked.map((area, row) => (0.1 * area) / outer[row] + 0.01 * random.normal()),
      }
      const dependence = targetDependence(given)
      return { dependence, warned: constructionWarnings(given, ["m", "m^3", "m^2", "", ""], dependence) }
    }
    const [total, own] = [found(1), found(0)]
    expect(total.dependence[3]).toBeLessThan(-0.5)
    expect(total.dependence[4]).toBeCloseTo(total.dependence[3], 6)
    expect(total.warned.map(({ name }) => name)).toEqual(["Sphericity", "VSratio"])
    expect(own.warned).toEqual([])
  })
})
