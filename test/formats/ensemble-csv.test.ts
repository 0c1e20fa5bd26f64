import { Effect, Result } from "effect"
import { describe, expect, it } from "vitest"
import { readEnsembleCsv } from "../../src/formats/ensemble-csv.ts"

const read = (...lines: string[]) =>
  Effect.runSync(Effect.result(readEnsembleCsv("t.csv", lines.map((line) => `${line}\n`).join(""))))

const header = "time_s,cycle,particle,mean_stoichiometry,damage"

describe("a table of an ensemble", () => {
  it("is read whatever the order and number of its columns and the numbers of its particles", () => {
    const found = read(
      "\uFEFFparticle,note,damage,cycle,time,mean_stoichiometry,mean_gap_m",
      '7,"a, b",0.1,1,0,0.4,1e-9',
      "3,,0.2,1,0,0.5,1e-9",
      "",
      "3,,0.3,1,10,0.6,1e-9",
      "7,,0.4,1,10,0.7,1e-9",
    )
    if (Result.isFailure(found)) throw found.failure
    expect(found.success).toEqual({
      particle: [3, 7],
      rows: {
        particleCount: 2,
        time: Float64Array.of(0, 10),
        cycle: Int32Array.of(1, 1),
        meanStoichiometry: Float64Array.of(0.5, 0.4, 0.6, 0.7),
        damage: Float64Array.of(0.2, 0.1, 0.3, 0.4),
      },
    })
  })

  it("may have two moments of one time, as where a step ends at once", () => {
    const found = read(header, "0,1,1,0.4,0", "0,1,2,0.4,0", "0,1,1,0.5,0", "0,1,2,0.5,0")
    if (Result.isFailure(found)) throw found.failure
    expect(found.success.rows.time).toEqual(Float64Array.of(0, 0))
  })

  const good = ["0,1,1,0.4,0", "0,1,2,0.5,0"]
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    [
      "a column missing",
      ["time_s,cycle,particle,damage"],
      't.csv:1: expected columns time, cycle, particle, mean_stoichiometry, damage; found no mean_stoichiometry among "time_s", "cycle", "particle", "damage"',
    ],
    ["other separators", ["time_s;cycle;particle"], "(columns are parted by commas); found no time, no cycle"],
    ["another unit", [header.replace("damage", "damage_m")], "t.csv:1: damage_m: expected no unit; found m"],
    ["no header", [""], "found no time"],
    ["no number", [header, ...good, "10,1,1,0,4,0"], "t.csv:4: expected 5 cells; found 6"],
    [
      "a word",
      [header, "0,1,1,high,0"],
      't.csv:2: mean_stoichiometry: expected a share of the lithium sites, 0 to 1; found "high"',
    ],
    ["per cent", [header, "0,1,1,40,0"], 'found "40"'],
    ["nothing", [header, "0,1,1,0.4,"], "t.csv:2: damage: expected a damage, 0 to 1; found nothing"],
    ["damage above 1", [header, "0,1,1,0.4,1.2"], 'found "1.2"'],
    [
      "half a cycle",
      [header, "0,1.5,1,0.4,0"],
      't.csv:2: cycle: expected the number of a cycle, 0 for formation; found "1.5"',
    ],
    ["a negative cycle", [header, "0,-1,1,0.4,0"], 'found "-1"'],
    ["an infinite time", [header, "Infinity,1,1,0.4,0"], "t.csv:2: time: expected a time in s"],
    ["no lines", [header], "t.csv: expected at least two particles; found no line"],
    [
      "one particle",
      [header, "0,1,4,0.4,0", "1,1,4,0.4,0"],
      "t.csv: expected at least two particles; found particle 4 only",
    ],
    [
      "a particle missing",
      [header, ...good, "10,1,2,0.5,0"],
      "t.csv:4: particle: expected all 2 particles in cycle 1 at 10 s; found no 1",
    ],
    [
      "time that falls",
      [header, "9,1,1,0.4,0", "9,1,2,0.4,0", ...good],
      "t.csv:4: time: expected a time from 9 s on; found 0",
    ],
    [
      "cycles that fall",
      [header, "0,2,1,0.4,0", "0,2,2,0.4,0", "5,1,1,0.4,0", "5,1,2,0.4,0"],
      "t.csv:4: cycle: expected a cycle from 2 on; found 1",
    ],
  ]
  it.each(cases)("is refused with its place: %s", (_, lines, message) => {
    const found = read(...lines)
    if (Result.isSuccess(found)) throw new Error("the table was accepted")
    expect(found.failure.message).toContain(message)
  })
})
