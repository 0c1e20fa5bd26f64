import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { readCsv } from "../../src/formats/csv.ts"
import { numbersOf } from "../../src/formats/table.ts"
import type { Manifest } from "../../src/store/manifest.ts"
import { synchrode } from "./command.ts"

const folder = mkdtempSync(join(tmpdir(), "branch-"))
afterAll(() => rmSync(folder, { recursive: true }))
const inside = (...names: string[]): string => join(folder, ...names)
const text = (run: string, file: string): string => readFileSync(inside(run, file), "utf8")
const manifestOf = (run: string): Manifest => JSON.parse(text(run, "manifest.json"))

/** Three short cycles on a coarse mesh. */
const short = [
  "twins/li2022-three-particle.yaml",
  "scenarios/one-cycle.yaml",
  "--set",
  "mesh={interface-length: 2 um, growth: 0.4, maximum-length: 4 um}",
  "--set",
  "cycle={repeat: 3, steps: [Charge at 5C for 60 s, Discharge at 5C for 60 s]}",
  "--set",
  "record={fields-at: end of charge, tables-at-cycles: [1, 3]}",
]
const tables = ["history.csv", "particles-history.csv", "cycles.csv", "particles.csv", "particles-cycle-001.csv"]

beforeAll(async () => {
  expect(await synchrode("run", ...short, "--out", inside("whole"), "--quiet")).toMatchObject({ code: 0, error: "" })
})

describe("a run taken up at the end of a cycle", () => {
  it("keeps the end of every cycle, and says how long each took", () => {
    expect(readdirSync(inside("whole", "snapshots")).filter((name) => name.startsWith("cycle-"))).toEqual([
      "cycle-00001.msgpack",
      "cycle-00002.msgpack",
      "cycle-00003.msgpack",
    ])
    const { cycleTimes = [], wallTime } = manifestOf("whole")
    expect(cycleTimes).toHaveLength(3)
    expect(cycleTimes.every((seconds) => seconds > 0)).toBe(true)
    expect(cycleTimes.reduce((sum, seconds) => sum + seconds, 0)).toBeLessThanOrEqual(wallTime)
  })

  it("with the same scenario gives the same bits in a directory of its own", async () => {
    const before = text("whole", "manifest.json")
    const words = ["resume", inside("whole"), "--from-cycle", "1", "--out", inside("again"), "--quiet"]
    expect(await synchrode(...words)).toMatchObject({ code: 0, error: "" })
    for (const file of [...tables, "particles-cycle-003.csv", "fields.pvd"])
      expect(text("again", file), file).toBe(text("whole", file))
    for (const file of readdirSync(inside("whole", "fields")))
      expect(text("again", join("fields", file)), file).toBe(text("whole", join("fields", file)))
    expect(manifestOf("again")).toMatchObject({ status: "done", origin: { folder: inside("whole"), cycle: 1 } })
    expect(text("whole", "manifest.json")).toBe(before)
  })

  it("goes on beyond its end, or another way, and keeps the past", async () => {
    const longer = ["--from-cycle", "3", "--out", inside("longer"), "--set", "cycle.repeat=4"]
    expect((await synchrode("resume", inside("whole"), ...longer)).code).toBe(0)
    expect(text("longer", "cycles.csv").startsWith(text("whole", "cycles.csv"))).toBe(true)
    expect([...numbersOf(readCsv(text("longer", "cycles.csv")), "cycle")]).toEqual([1, 2, 3, 4])

    const slower = ["--from-cycle", "1", "--out", inside("slower"), "--set", "cycle.steps[0]=Charge at 1C for 60 s"]
    expect((await synchrode("resume", inside("whole"), ...slower)).code).toBe(0)
    const charged = numbersOf(readCsv(text("slower", "cycles.csv")), "charge_capacity")
    expect(charged[0]).toBeCloseTo(200 / 12, 6)
    expect(charged[1]).toBeCloseTo(200 / 60, 6)
    expect(existsSync(inside("slower", "report.html"))).toBe(true)
  })

  it.each([
    [
      "a cycle that is not there",
      ["--from-cycle", "0", "--out", "x"],
      /expected a cycle whose end is kept \(1, 2, 3\); found 0/,
    ],
    [
      "nothing left to do",
      ["--from-cycle", "3", "--out", "x"],
      /nothing is left to do after cycle 3: the scenario ends/,
    ],
    [
      "the twin",
      ["--from-cycle", "1", "--out", "x", "--set", "materials.temperature=310 K"],
      /materials\.temperature: expected a value of the scenario/,
    ],
    ["its own directory", ["--from-cycle", "1", "--out", "."], /expected another directory in --out/],
    ["no directory", ["--from-cycle", "1"], /expected --out DIR as well; found nothing/],
    ["no cycle", ["--out", "x"], /--out goes with --from-cycle N/],
    ["no number", ["--from-cycle", "last", "--out", "x"], /expected the number of a cycle; found "last"/],
  ])("refuses %s", async (_, words, message) => {
    const placed = words.map((word) => (word === "x" ? inside("x") : word === "." ? inside("whole") : word))
    const { code, error } = await synchrode("resume", inside("whole"), ...placed)
    expect(error).toMatch(message)
    expect(code).toBe(1)
    expect(existsSync(inside("x"))).toBe(false)
  })
})
