import { describe, expect, it } from "vitest"
import type { GivenColumn } from "../../src/learning/learning-table.ts"
import { comparedWithPublished, publishedScoresOf } from "../../src/learning/published-scores.ts"
import { scoreRows } from "../../validation/published/li2022-shap-scores/scores.ts"

/** A published file of two runs each of two protocols. */
const fileOf = (attributes: readonly string[], early: readonly number[], late: readonly number[]): GivenColumn[] => {
  const runs = [
    ["single", "0"],
    ["random_seed", "0"],
    ["random_seed", "1"],
    ["subset500", "0"],
    ["subset500", "1"],
  ]
  const lines = runs.flatMap(([protocol, seed], run) =>
    attributes.map((attribute, k) => ({
      protocol,
      seed: Number(seed),
      attribute,
      early: early[k] * (1 + 0.02 * run * (k % 2)),
      late: late[k] * (1 + 0.02 * run * (k % 2)),
    })),
  )
  return [
    { name: "protocol", unit: "", values: lines.map(({ protocol }) => protocol) },
    { name: "seed", unit: "", values: Float64Array.from(lines, ({ seed }) => seed) },
    { name: "attribute", unit: "", values: lines.map(({ attribute }) => attribute) },
    { name: "mean_abs_shap_10cyc", unit: "", values: Float64Array.from(lines, (line) => line.early) },
    { name: "mean_abs_shap_50cyc", unit: "", values: Float64Array.from(lines, (line) => line.late) },
  ]
}

const names = ["Z", "Vsratio", "Sphericity", "Elongation", "Contact", "DisNearest", "locOri", "PDensity", "locVolume"]
const early = [30, 50, 100, 80, 3, 3, 1, 2, 1]
const late = [25, 20, 55, 70, 110, 50, 60, 70, 40]

describe("published scores", () => {
  it("are read run by run, under the names of tables, without the single run", () => {
    const scores = publishedScoresOf(fileOf(names, early, late))
    if ("expected" in scores) throw new Error(scores.expected)
    expect(scores.early.names).toEqual([
      ...["Z", "VSratio", "Sphericity", "Elongation", "Contact", "DistNearest", "OrienIso", "PDensity", "VolumeStd"],
    ])
    expect(scores.protocols).toEqual(["random_seed", "random_seed", "subset500", "subset500"])
    expect(scores.early.runs.length).toBe(4 * 9)
    expect(scores.late.runs[9 + 5]).toBeCloseTo(50 * 1.04, 12)
  })

  it("are refused where a column, a run or a number is missing", () => {
    const file = fileOf(names, early, late)
    const found = (columns: readonly GivenColumn[]) => publishedScoresOf(columns)
    expect(found(file.filter(({ name }) => name !== "seed"))).toMatchObject({ column: "seed" })
    const one = file.map((column): GivenColumn => ({ ...column, values: column.values.slice(0, 18) }))
    expect(found(one)).toMatchObject({ expected: "two runs or more", found: "1" })
    const gap = file.map((column): GivenColumn => {
      if (!(column.values instanceof Float64Array) || column.name !== "mean_abs_shap_50cyc") return column
      return { ...column, values: column.values.map((value, at) => (at === 20 ? Number.NaN : value)) }
    })
    expect(found(gap)).toMatchObject({ column: "mean_abs_shap_50cyc", found: "none or another in random_seed 1" })
  })

  it("agree with themselves, and with the other time less", () => {
    const scores = publishedScoresOf(fileOf(names, early, late))
    if ("expected" in scores) throw new Error(scores.expected)
    const own = [scores.early, scores.late]
    const { tables, gains } = comparedWithPublished(own, scores)
    expect(tables[0].early.coefficient).toBeCloseTo(1, 12)
    expect(tables[1].late.coefficient).toBeCloseTo(1, 12)
    expect(tables[0].late.coefficient).toBeLessThan(0.5)
    expect(gains?.coefficient).toBeCloseTo(1, 12)
    expect(comparedWithPublished([scores.late, scores.early], scores).gains?.coefficient).toBeCloseTo(-1, 12)
    expect(comparedWithPublished([scores.late], scores).gains).toBeNull()
  })
})

describe("the rows of the validation", () => {
  /** Scores with the published reading in them, twenty runs. */
  const scoresLike = (first: readonly number[], second: readonly number[]) => {
    const file = fileOf(names, first, second)
    const runs = Array.from({ length: 20 }, (_, run) => run)
    const repeated = file.map((column): GivenColumn => {
      const picked = runs.flatMap((run) => {
        const from = 9 * (1 + (run % 2) + 2 * Math.floor(run / 10))
        return Array.from({ length: 9 }, (_, k) => column.values[from + k])
      })
      if (column.name === "seed")
        return { ...column, values: Float64Array.from(runs.flatMap((run) => Array(9).fill(run % 10))) }
      return column.values instanceof Float64Array
        ? { ...column, values: Float64Array.from(picked as number[], (value, at) => value * (1 + 0.01 * Math.sin(at))) }
        : { ...column, values: picked as string[] }
    })
    const scores = publishedScoresOf(repeated)
    if ("expected" in scores) throw new Error(scores.expected)
    return scoreRows(scores)
  }
  const failing = (rows: ReturnType<typeof scoreRows>) =>
    rows.filter(({ passed }) => !passed).map(({ quantity }) => quantity)

  it("hold for scores that go as the paper says, and not the other way round", () => {
    expect(failing(scoresLike(early, late))).toEqual([])
    const reversed = failing(scoresLike(late, early))
    for (const name of ["Contact", "DistNearest", "OrienIso", "PDensity", "VolumeStd"])
      expect(reversed).toContain(`checklist: later, ${name} tells more of damage than early`)
    expect(reversed).toContain("shares that rise beyond chance")
    expect(reversed).toContain("foremost at 50 cycles")
  })
})
