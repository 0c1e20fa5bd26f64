import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { readCsv } from "../../src/formats/csv.ts"
import { numbersOf, wordsOf } from "../../src/formats/table.ts"
import { synchrode } from "./command.ts"

const folder = mkdtempSync(join(tmpdir(), "design-"))
afterAll(() => rmSync(folder, { recursive: true }))
const out = join(folder, "design")

const command = [
  "design",
  "twins/packing.yaml",
  "scenarios/li2022-voltage-window.yaml",
  ...["geometry.count=8", "geometry.thickness=25 um", "cycle.repeat=1", "formation.steps=[Rest for 1 second]"].flatMap(
    (each) => ["--set", each],
  ),
  "--out",
  out,
]

describe("design", () => {
  it("cycles layouts of one packing and ranks them; the same command does nothing twice", async () => {
    const first = await synchrode(...command, "--layouts", "4")
    expect(first.error).toBe("")
    expect(first.code).toBe(0)
    expect(first.out).toMatch(
      /^4 of 4 layouts cycled, \d come into step, \d are beaten by none\nTable: .*\nReport: .*\n$/,
    )
    const table = readCsv(readFileSync(join(out, "designs.csv"), "utf8"))
    expect([...numbersOf(table, "rank")]).toEqual([1, 2, 3, 4])
    const fronts = [...numbersOf(table, "front")]
    expect(fronts).toEqual(fronts.toSorted((a, b) => a - b))
    for (const coverage of numbersOf(table, "geometry.conductor.coverage")) {
      expect(coverage).toBeGreaterThanOrEqual(0.35)
      expect(coverage).toBeLessThan(0.75)
    }
    for (const energy of numbersOf(table, "discharge_energy")) expect(energy).toBeGreaterThan(100)
    const page = readFileSync(join(out, "designs.html"), "utf8")
    expect(page).toContain("What is to be had for what")
    for (const run of wordsOf(table, "run")) expect(page).toContain(run)
    const made = wordsOf(table, "run").map((run) => statSync(join(out, "runs", run, "manifest.json")).mtimeMs)
    const again = await synchrode(...command, "--layouts", "4", "--json")
    expect(again.code).toBe(0)
    expect(JSON.parse(again.out).layouts).toHaveLength(4)
    expect(wordsOf(table, "run").map((run) => statSync(join(out, "runs", run, "manifest.json")).mtimeMs)).toEqual(made)
  })

  it("refuses knobs that the twin has not", async () => {
    const ended = await synchrode(
      ...["design", "twins/packing.yaml", "scenarios/one-cycle.yaml", "--layouts", "2"],
      ...["--vary", "geometry.conductor.covrage=0.2..0.4", "--out", join(folder, "wrong")],
    )
    expect(ended.code).toBe(1)
    expect(ended.error).toContain("geometry.conductor.covrage")
  })
})
