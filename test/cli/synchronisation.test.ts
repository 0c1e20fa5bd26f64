import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { readCsv } from "../../src/formats/csv.ts"
import { numbersOf } from "../../src/formats/table.ts"
import { synchrode } from "./command.ts"

const folder = mkdtempSync(join(tmpdir(), "synchronisation-"))
afterAll(() => rmSync(folder, { recursive: true }))
const inside = (name: string): string => join(folder, name)

/** Two particles whose lithium contents come together by a fifth a cycle, the first of them damaged from cycle 4 on. */
const spreads = Array.from({ length: 6 }, (_, index) => 0.1 * 0.8 ** index)
const lines = spreads.flatMap((spread, index) =>
  [
    [0.4 - spread / 2, 0.4 + spread / 2],
    [0.9, 0.9],
  ].flatMap((pair, half) =>
    pair.map((x, particle) => [
      1000 * index + 500 * half,
      index + 1,
      particle + 1,
      x,
      particle === 0 ? 0.15 * index : 0,
    ]),
  ),
)
const header = "time_s,cycle,particle,mean_stoichiometry,damage"
writeFileSync(inside("good.csv"), `${header}\n${lines.map((line) => line.join(",")).join("\n")}\n`)
writeFileSync(inside("formation.csv"), `${header}\n0,0,1,0.5,0\n0,0,2,0.5,0\n1,1,1,0.5,0\n1,1,2,0.5,0\n`)
writeFileSync(inside("alone.csv"), `${header}\n0,1,1,0.5,0\n`)
writeFileSync(inside("words.csv"), `${header}\n0,1,1,high,0\n`)

describe("synchrode synchronisation", () => {
  it("prints a table and the verdict with its numbers, and writes the table", async () => {
    const { code, out, error } = await synchrode("synchronisation", inside("good.csv"), "--out", inside("out.csv"))
    expect([code, error]).toEqual([0, ""])
    expect(out.split("\n")[0]).toMatch(/^cycle +charge +discharge +throughput +order +damage +its spread +severe$/)
    expect(out).toMatch(/^ +4 +0\.0512 +0 +0\.5 +\S+ +0\.225 +0\.45 +0 %$/m)
    expect(out).toContain(
      "Synchronises. The spread falls from 0.1 (cycle 1) to 0.033 (cycle 6), below half its peak from cycle 5 on; factor 0.800 per cycle (0.800–0.800).",
    )
    expect(out).toContain("In cycle 5 50 % of the particles are severely damaged (0.5 or more).")
    const table = readCsv(readFileSync(inside("out.csv"), "utf8"))
    for (const [index, spread] of numbersOf(table, "spread_stoichiometry_charge").entries())
      expect(spread).toBeCloseTo(spreads[index], 12)
    expect([...numbersOf(table, "severe_share")]).toEqual([0, 0, 0, 0, 0.5, 0.5])
  })

  it("follows its options and gives everything as data", async () => {
    const words = ["--json", "--threshold", "0.7", "--severe-damage", "0.25"]
    const { out } = await synchrode("synchronisation", inside("good.csv"), ...words)
    const found = JSON.parse(out)
    expect(found).toMatchObject({
      verdict: "synchronises",
      syncCycle: 3,
      severeShareAtSync: 0.5,
      weights: "equal",
      settings: { threshold: 0.7, severeDamage: 0.25, confidence: 0.95 },
    })
    expect(found.cycles).toHaveLength(6)
    expect(found.cycles[5].damageFromMean).toEqual([0.375, -0.375])
  })

  it("says what it takes for formation", async () => {
    const { error, code } = await synchrode("synchronisation", inside("formation.csv"))
    expect([code, error]).toEqual([0, "note: cycle 0 is taken for formation and left out\n"])
  })

  it.each([
    [["gone.csv"], 3, "gone.csv: no such file or run directory"],
    [["alone.csv"], 1, "alone.csv: expected at least two particles; found particle 1 only"],
    [["words.csv"], 1, 'words.csv:2: mean_stoichiometry: expected a share of the lithium sites, 0 to 1; found "high"'],
    [["."], 3, "is no run directory: no manifest.json"],
    [["good.csv", "--threshold", "2"], 1, '--threshold: expected a number between 0 and 1; found "2"'],
    [["good.csv", "--severe-damage", "much"], 1, '--severe-damage: expected a number between 0 and 1; found "much"'],
    [["good.csv", "--out", join("no", "such", "folder", "f.csv")], 3, "cannot be written: no such directory"],
  ])("tells what is wrong with %j", async (words, code, message) => {
    const [name, ...rest] = words
    const ended = await synchrode("synchronisation", inside(name), ...rest)
    expect(ended.error).toContain(message)
    expect([ended.code, ended.out]).toEqual([code, ""])
  })
})
