import { createHash } from "node:crypto"
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect, Result } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { runCommand } from "../../src/cli/command.ts"
import { exitCodeOf } from "../../src/cli/failure.ts"
import { readCsv } from "../../src/formats/csv.ts"
import { numbersOf, wordsOf } from "../../src/formats/table.ts"
import type { SweepRecord } from "../../src/store/sweep-record.ts"
import { type Ended, root, start, synchrode } from "./command.ts"

const folder = mkdtempSync(join(tmpdir(), "sweep-"))
afterAll(() => rmSync(folder, { recursive: true }))
const inside = (...names: string[]): string => join(folder, ...names)

const twin = "twins/li2022-three-particle.yaml"
const scenario = "scenarios/one-cycle.yaml"
const strength = "materials.interface.cohesion.strength"
const diffusivity = "materials.active.diffusivity.value"

/** A coarse mesh without mechanics and two short cycles: a run takes a second. */
const coarse = [
  "--set",
  "mesh={interface-length: 2 um, growth: 0.4, maximum-length: 5 um}",
  "--set",
  "model.mechanics=false",
  "--set",
  "cycle.repeat=2",
  "--set",
  "cycle.steps=[Charge at 5C for 200 seconds, Discharge at 5C for 200 seconds]",
  "--set",
  "record={particles-every: 50 s}",
]
const three = ["sweep", twin, scenario, ...coarse, "--vary", `${diffusivity}=1e-14 m^2/s,2e-14 m^2/s,4e-14 m^2/s`]

const text = (...names: string[]): string => readFileSync(inside(...names), "utf8")
const recordOf = (sweep: string): SweepRecord => JSON.parse(text(sweep, "sweep.json"))
const runsIn = (sweep: string): readonly string[] => readdirSync(inside(sweep, "runs")).sort()

/** sweep.csv without the time that computing took. */
const tableOf = (sweep: string): string => text(sweep, "sweep.csv").replaceAll(/,[^,\n]*\n/g, "\n")

const tables = ["history.csv", "particles-history.csv", "cycles.csv", "particles.csv"]

/** Both sweeps found the same, bit for bit. */
const expectSame = (sweep: string, other: string): void => {
  expect(tableOf(sweep)).toBe(tableOf(other))
  for (const { name } of recordOf(other).points) {
    for (const file of tables)
      expect(text(sweep, "runs", name, file), `${name}/${file}`).toBe(text(other, "runs", name, file))
  }
}

/** Content and time of every file of the runs. */
const traceOf = (sweep: string): ReadonlyMap<string, string> => {
  const runs = inside(sweep, "runs")
  const files = readdirSync(runs, { recursive: true, encoding: "utf8" }).filter((file) =>
    statSync(join(runs, file)).isFile(),
  )
  return new Map(
    files.map((file) => {
      const hash = createHash("sha256")
        .update(readFileSync(join(runs, file)))
        .digest("hex")
      return [file, `${hash} ${statSync(join(runs, file)).mtimeMs}`]
    }),
  )
}

const statusesOf = (sweep: string): readonly string[] => recordOf(sweep).points.map(({ status }) => status)

/** The exit code of a command that is run here and says nothing. */
const quietly = (...words: readonly string[]): Promise<number> => Effect.runPromise(runCommand([...words, "--quiet"]))

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10))

/** Waits until a run of a sweep is in its midst. */
const midst = async (sweep: string, name: string): Promise<void> => {
  const file = inside(sweep, "runs", name, "history.csv")
  while (!existsSync(file) || readFileSync(file, "utf8").split("\n").length < 12) await pause()
}

let whole: Ended
beforeAll(async () => {
  whole = await synchrode(...three, "--threads", "2", "--out", inside("whole"))
}, 120_000)

describe("a sweep", () => {
  it("runs every point and tells where table and report are", () => {
    expect(whole.error).toBe("")
    expect(whole.out).toMatch(/^3 of 3 runs done\nTable: .*whole\/sweep\.csv\nReport: .*whole\/report\.html\n$/)
    expect(whole.code).toBe(0)
    expect(readdirSync(inside("whole")).sort()).toEqual(["report.html", "runs", "sweep.csv", "sweep.json"])
    expect(recordOf("whole").points.map(({ name }) => name)).toEqual([
      expect.stringMatching(/^diffusivity-1e-14-m-2-s-[0-9a-f]{8}$/),
      expect.stringMatching(/^diffusivity-2e-14-m-2-s-[0-9a-f]{8}$/),
      expect.stringMatching(/^diffusivity-4e-14-m-2-s-[0-9a-f]{8}$/),
    ])
    expect(runsIn("whole")).toHaveLength(3)
    for (const name of runsIn("whole")) {
      for (const file of [...tables, "manifest.json", "report.html", "snapshots", "fields"]) {
        expect(existsSync(inside("whole", "runs", name, file)), `${name}/${file}`).toBe(true)
      }
    }
  })

  it("has one row a run: what was varied in SI and as written, and what came out", () => {
    const [header] = text("whole", "sweep.csv").split("\n")
    expect(header).toBe(
      `run,${diffusivity}_m2_s,${diffusivity}_written,cycles,sync_cycle,verdict,contraction_factor,contraction_low,contraction_high,` +
        "peak_spread,peak_cycle,final_spread,mean_damage,spread_damage,first_charge_capacity_mAh_g,last_charge_capacity_mAh_g," +
        "first_discharge_capacity_mAh_g,last_discharge_capacity_mAh_g,retention,severe_share_at_sync,status,reason,wall_time_s",
    )
    const table = readCsv(text("whole", "sweep.csv"))
    expect([...numbersOf(table, diffusivity)]).toEqual([1e-14, 2e-14, 4e-14])
    expect(wordsOf(table, `${diffusivity}_written`)).toEqual(["1e-14 m^2/s", "2e-14 m^2/s", "4e-14 m^2/s"])
    expect(wordsOf(table, "status")).toEqual(["done", "done", "done"])
    const spread = numbersOf(table, "final_spread")
    expect(new Set(spread).size).toBe(3)
    for (const [row, { name }] of recordOf("whole").points.entries()) {
      const cycles = readCsv(text("whole", "runs", name, "cycles.csv"))
      expect(spread[row]).toBe(numbersOf(cycles, "spread_stoichiometry_charge")[1])
      expect(numbersOf(table, "mean_damage")[row]).toBe(numbersOf(cycles, "mean_damage")[1])
      expect(numbersOf(table, "last_discharge_capacity")[row]).toBe(numbersOf(cycles, "discharge_capacity")[1])
    }
  })

  it("has a page with links to those of its runs, which can be made anew", async () => {
    const page = text("whole", "report.html")
    rmSync(inside("whole", "report.html"))
    expect(await quietly("report", inside("whole"))).toBe(0)
    expect(text("whole", "report.html")).toBe(page)
    for (const name of runsIn("whole")) expect(page).toContain(`href="runs/${name}/report.html"`)
  })

  it("finds the same on one thread as on two", async () => {
    const { code } = await synchrode(...three, "--threads", "1", "--quiet", "--out", inside("one"))
    expect(code).toBe(0)
    expectSame("one", "whole")
  })

  it("given again does nothing again, and takes up values that are added", async () => {
    const before = traceOf("whole")
    expect(await quietly("resume", inside("whole"))).toBe(0)
    expect(traceOf("whole")).toEqual(before)
    const words = three.map((word) => word.replace("2e-14 m^2/s,", "2e-14 m^2/s,3e-10 cm^2/s,"))
    expect(await quietly(...words, "--out", inside("whole"), "--threads", "1")).toBe(0)
    const after = traceOf("whole")
    for (const [file, trace] of before) expect(after.get(file), file).toBe(trace)
    expect(runsIn("whole")).toHaveLength(4)
    expect(statusesOf("whole")).toEqual(["done", "done", "done", "done"])
    expect(await quietly(...three, "--out", inside("whole"))).toBe(0)
    expect(traceOf("whole")).toEqual(after)
    expectSame("whole", "one")
  })

  it("takes whole files as values", async () => {
    copyFileSync(join(root, scenario), inside("short.yaml"))
    const { out, code } = await synchrode(
      "sweep",
      twin,
      "--vary",
      `scenario=${inside("short.yaml")},${join(root, "scenarios/demo.yaml")}`,
      "--dry-run",
    )
    expect(code).toBe(0)
    expect(out).toBe(
      `1  scenario=${inside("short.yaml")}\n2  scenario=${join(root, "scenarios/demo.yaml")}\n2 runs, none begun\n`,
    )
  })
})

describe("a broken sweep", () => {
  it("killed with SIGKILL in the midst of a run goes on to the same bits", async () => {
    const { child, ended } = start([...three, "--threads", "2", "--out", inside("killed")])
    await midst("killed", recordOf("one").points[1].name)
    child.kill("SIGKILL")
    expect((await ended).signal).toBe("SIGKILL")
    expect(recordOf("killed").status).toBe("running")
    const { code, error } = await synchrode("resume", inside("killed"), "--threads", "2")
    expect(error).toBe("")
    expect(code).toBe(0)
    expectSame("killed", "one")
  })

  it("interrupted with Ctrl-C says how to go on, and does when it is given again", async () => {
    const { child, ended } = start([...three, "--threads", "2", "--out", inside("stopped")])
    await midst("stopped", recordOf("one").points[0].name)
    child.kill("SIGINT")
    const { code, error } = await ended
    expect(error).toContain("Interrupted. Go on with: synchrode resume")
    expect(code).toBe(130)
    const { status, points } = recordOf("stopped")
    expect(status).toBe("interrupted")
    expect(points.map((point) => point.status)).toContain("waiting")
    expect((await synchrode(...three, "--threads", "2", "--out", inside("stopped"))).code).toBe(0)
    expectSame("stopped", "one")
  })

  it("ends with code 2 where the equations refuse one run, which stays failed until it is asked for", async () => {
    const refused = "{shortest-step: 10 s, first-step: 20 s, tolerance: 1e-7}"
    const words = ["sweep", twin, scenario, ...coarse, "--out", inside("refused"), "--threads", "2", "--vary"]
    const vary = `solver={tolerance: 1e-3},${refused},{tolerance: 2e-3}`
    const first = await synchrode(...words, vary)
    expect(first.error).toMatch(/^synchrode: solver-.*: ".*" cannot go on at .* s: .*; try /)
    expect(first.out).toContain("2 of 3 runs done, 1 failed\n")
    expect(first.code).toBe(2)
    const table = readCsv(text("refused", "sweep.csv"))
    expect(wordsOf(table, "status")).toEqual(["done", "failed", "done"])
    expect(wordsOf(table, "reason")[1]).toContain("cannot go on")
    const before = traceOf("refused")
    expect(await quietly(...words, vary)).toBe(2)
    expect(traceOf("refused")).toEqual(before)
    expect(await quietly(...words, vary, "--retry-failed")).toBe(2)
    const after = traceOf("refused")
    const { points } = recordOf("refused")
    for (const [file, trace] of before) {
      expect(after.get(file) === trace, file).toBe(!file.startsWith(points[1].name))
    }
  })

  it("makes a missing page of a run and nothing else, be the run done or failed", async () => {
    const pages = recordOf("refused").points.map(({ name }) => inside("refused", "runs", name, "report.html"))
    const before = traceOf("refused")
    for (const page of pages.slice(0, 2)) rmSync(page)
    expect(await quietly("resume", inside("refused"))).toBe(2)
    const contentOf = (trace: string | undefined): string | undefined => trace?.split(" ")[0]
    for (const [file, trace] of traceOf("refused")) expect(contentOf(before.get(file)), file).toBe(contentOf(trace))
    for (const page of pages) expect(existsSync(page), page).toBe(true)
  })

  it("keeps a run whose page cannot be written, and says so", async () => {
    const [, name] = runsIn("one")
    const page = inside("one", "runs", name, "report.html")
    const words = [...three, "--threads", "1", "--out", inside("one")]
    const figures = inside("one", "runs", name, "figures")
    rmSync(page)
    rmSync(figures, { recursive: true })
    writeFileSync(figures, "")
    const before = traceOf("one")
    const { error, code } = await synchrode(...words)
    expect(code).toBe(2)
    expect(error).toContain(`synchrode: ${name}: `)
    expect(error).toContain("figures")
    rmSync(figures)
    rmSync(page, { force: true })
    expect((await synchrode(...words, "--retry-failed")).code).toBe(0)
    const after = traceOf("one")
    for (const file of tables.map((table) => `${name}/${table}`)) expect(after.get(file), file).toBe(before.get(file))
    expect(existsSync(page)).toBe(true)
  })

  it("goes on with a run whose thread was lost when it is asked to, and only then", async () => {
    const [name] = runsIn("one")
    const manifest = inside("one", "runs", name, "manifest.json")
    const note = (file: string, from: string, to: string): void => {
      const content = readFileSync(file, "utf8")
      expect(content).toContain(from)
      writeFileSync(file, content.replace(from, to))
    }
    note(manifest, '"status": "done"', '"status": "running"')
    note(
      inside("one", "sweep.json"),
      '"status": "done",\n      "reason": ""',
      '"status": "failed",\n      "reason": "lost"',
    )
    const words = [...three, "--threads", "1", "--out", inside("one")]
    const before = readFileSync(manifest, "utf8")
    expect(await quietly(...words)).toBe(2)
    expect(readFileSync(manifest, "utf8")).toBe(before)
    expect(await quietly(...words, "--retry-failed")).toBe(0)
    expect(JSON.parse(readFileSync(manifest, "utf8")).started).toBe(JSON.parse(before).started)
    expectSame("whole", "one")
  })

  it("does not go on when its files mean something else", async () => {
    const own = inside("own.yaml")
    const project = (repeat: number): void =>
      writeFileSync(own, `cycle: { repeat: ${repeat}, steps: [Charge at 5C for 20 seconds] }\n`)
    project(1)
    const words = [
      "sweep",
      twin,
      own,
      ...coarse.slice(0, 2),
      "--vary",
      `${strength}=250 MPa`,
      "--out",
      inside("changed"),
    ]
    expect(await quietly(...words)).toBe(0)
    project(2)
    const result = await Effect.runPromise(Effect.result(runCommand(["resume", inside("changed")])))
    expect(Result.isFailure(result) && result.failure.message).toContain(
      "as they were when the sweep began; found other values in them",
    )
    // The command itself makes the runs that are missing, beside the others.
    expect(await quietly(...words)).toBe(0)
    expect(runsIn("changed")).toHaveLength(2)
  })
})

describe("bad input", () => {
  const out = inside("bad")
  const bad = (...words: string[]): string[] => ["sweep", twin, scenario, "--out", out, ...words]
  const file = (name: string, content: string): string => {
    writeFileSync(inside(name), content)
    return inside(name)
  }
  it.each<readonly [string, readonly string[], number, string]>([
    [
      "wrong unit",
      bad("--vary", `${strength}=85 MPa,85 mm`),
      1,
      `point 2 of 2, ${strength}=85 mm: ${strength}: expected a pressure (Pa), such as 140 GPa; found "85 mm", a length (m)`,
    ],
    [
      "wrong path",
      bad("--vary", "materials.interface.cohesion.strenght=85 MPa,90 MPa"),
      1,
      "point 1 of 2, materials.interface.cohesion.strenght=85 MPa: materials.interface.cohesion.strenght: expected one of the keys",
    ],
    [
      "unknown law",
      bad("--vary", "materials.electrolyte.transport.law=constant,nymann"),
      1,
      'found "nymann" (did you mean "nyman2008"?)',
    ],
    [
      "phrase misspelt",
      bad("--vary", "cycle.steps[0]=Charge at 5C until 4.5 V,Chrage at 5C until 4.5 V"),
      1,
      "point 2 of 2, cycle.steps[0]=Chrage at 5C until 4.5 V: cycle.steps[0]: expected a step that begins with",
    ],
    [
      "a geometry that cannot be meshed",
      bad("--vary", "geometry.particles[1].centre=[5.5 um, 16.5 um],[5.5 um, 15 um]"),
      1,
      `point 2 of 2, geometry.particles[1].centre=[5.5 um, 15 um]: ${join(root, twin)}:15:7: geometry.particles[1]: expected particles that do not overlap`,
    ],
    [
      "a shared value that is wrong, told once",
      bad("--set", "mesh.growth=7", "--vary", `${strength}=85 MPa,90 MPa`),
      1,
      '--set mesh.growth=7: mesh.growth: expected a plain number of at most 1; found "7"',
    ],
    [
      "points that mean the same",
      bad("--vary", `${strength}=200 MPa,0.2 GPa`),
      1,
      `point 2 of 2, ${strength}=0.2 GPa: expected points that differ in what they mean; found the same as point 1, ${strength}=200 MPa`,
    ],
    [
      "a value twice",
      bad("--vary", `${strength}=200 MPa,200 MPa`),
      1,
      'expected values that differ; found "200 MPa" twice',
    ],
    ["no design", bad(), 1, "expected --vary path=a,b,c or --design FILE; found neither"],
    [
      "two designs",
      bad("--design", "x.yaml", "--samples", "3"),
      1,
      "expected the design in the file alone; found --samples beside it",
    ],
    [
      "a range without samples",
      bad("--vary", `${strength}=100 MPa..200 MPa`),
      1,
      "(a range needs a Latin hypercube, --samples N)",
    ],
    [
      "a seed without samples",
      bad("--vary", `${strength}=100 MPa`, "--seed", "2"),
      1,
      "--seed: expected --samples N with it; found none",
    ],
    ["no twin", ["sweep", "--vary", `${strength}=100 MPa`], 1, "point 1 of 1: expected a twin, from the command line"],
    ["a missing twin", ["sweep", "gone.yaml", scenario, "--vary", "cycle.repeat=1,2"], 3, "gone.yaml: no such file"],
    [
      "an empty design",
      bad("--design", file("empty.yaml", "design: { kind: list, points: [] }\n")),
      1,
      "empty.yaml:1:",
    ],
    [
      "a design with nothing to vary",
      bad("--design", file("nothing.yaml", "design: { kind: grid, vary: {} }\n")),
      1,
      "design.vary: expected something to vary; found nothing",
    ],
    [
      "a range in a grid file",
      bad(
        "--design",
        file("range.yaml", `design: { kind: grid, vary: { ${strength}: { from: 1 MPa, to: 2 MPa } } }\n`),
      ),
      1,
      `range.yaml:1:31: design.vary.${strength}: expected a list`,
    ],
    [
      "a kind of design that there is not",
      bad("--design", file("kind.yaml", "design: { kind: grit, vary: {} }\n")),
      1,
      'design.kind: expected one of "grid", "list", "latin-hypercube"; found "grit"',
    ],
  ])("%s runs nothing", async (_, words, code, message) => {
    const result = await Effect.runPromise(Effect.result(runCommand(words)))
    if (Result.isSuccess(result)) throw new Error("the input was accepted")
    expect(result.failure.message).toContain(message)
    expect(result.failure.message.split(message)).toHaveLength(2)
    expect(exitCodeOf(result.failure)).toBe(code)
    expect(existsSync(out)).toBe(false)
  })

  it("a run directory is no place for a sweep", async () => {
    const run = inside("whole", "runs", runsIn("whole")[0])
    const result = await Effect.runPromise(Effect.result(runCommand([...three, "--out", run])))
    expect(Result.isFailure(result) && result.failure.message).toContain("holds a single run")
  })
})
