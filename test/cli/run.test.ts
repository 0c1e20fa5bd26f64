import { spawn } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parquetReadObjects } from "hyparquet"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { readCsv } from "../../src/formats/csv.ts"
import { numbersOf, rowCount } from "../../src/formats/table.ts"
import { readPvd, readVtu } from "../../src/formats/vtu.ts"
import type { Manifest } from "../../src/store/manifest.ts"
import { type Ended, root, start, synchrode } from "./command.ts"

const folder = mkdtempSync(join(tmpdir(), "run-"))
afterAll(() => rmSync(folder, { recursive: true }))
const inside = (...names: string[]): string => join(folder, ...names)

/** A coarse mesh and half a cycle: damage begins, and the whole takes seconds. */
const coarse = [
  "twins/li2022-three-particle.yaml",
  "scenarios/one-cycle.yaml",
  "--set",
  "mesh={interface-length: 1.5 um, growth: 0.4, maximum-length: 4 um}",
  "--set",
  "cycle.steps=[Charge at 5C for 432 seconds or until 5.1 V, Rest for 20 seconds]",
]

const manifestOf = (run: string): Manifest => JSON.parse(readFileSync(inside(run, "manifest.json"), "utf8"))
const text = (run: string, file: string): string => readFileSync(inside(run, file), "utf8")
const columns = (run: string, file: string): string => text(run, file).split("\n")[0]

const rowsIn = (run: string): number => text(run, "history.csv").split("\n").length

/** The latest first. */
const snapshotsOf = (run: string): readonly string[] =>
  readdirSync(inside(run, "snapshots"))
    .filter((name) => /^snapshot-\d+\.msgpack$/.test(name))
    .sort()
    .reverse()

/** Waits until a run has written so many rows. */
const rowsOf = async (run: string, rows: number): Promise<void> => {
  const file = inside(run, "history.csv")
  while (!existsSync(file) || readFileSync(file, "utf8").split("\n").length < rows) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

let whole: Ended
beforeAll(async () => {
  whole = await synchrode("run", ...coarse, "--out", inside("whole"))
})

const tables = ["history.csv", "particles-history.csv", "cycles.csv", "particles.csv", "particles-cycle-001.csv"]

/** The run is that of `whole`, bit for bit. */
const expectSame = (run: string): void => {
  for (const file of [...tables, "fields.pvd", "synchronisation.json"])
    expect(text(run, file), file).toBe(text("whole", file))
  for (const file of ["snapshots", "fields"].flatMap((part) =>
    readdirSync(inside("whole", part)).map((name) => join(part, name)),
  )) {
    expect(readFileSync(inside(run, file)).equals(readFileSync(inside("whole", file))), file).toBe(true)
  }
}

describe("a run", () => {
  it("ends with code 0 and tells where its report is", () => {
    expect(whole.error).toBe("")
    expect(whole.out).toMatch(
      /^3 particles on \d+ cells, 452 s of model time in .* s\nUndecided\. 1 cycle is too few for a verdict; 4 are wanted\.\nReport: .*whole\/report\.html\n$/,
    )
    expect(whole.code).toBe(0)
  })

  it("writes the files and columns of the contract", async () => {
    expect(readdirSync(inside("whole")).sort()).toEqual([
      "cycles.csv",
      "fields",
      "fields.pvd",
      "figures",
      "history.csv",
      "manifest.json",
      "particles-cycle-001.csv",
      "particles-history.csv",
      "particles.csv",
      "particles.parquet",
      "report.html",
      "snapshots",
      "synchronisation.json",
    ])
    expect(columns("whole", "history.csv")).toBe(
      "time_s,cycle,step,step_type,current_A_m2,voltage_V,capacity_mAh_g,mean_stoichiometry,min_stoichiometry,max_stoichiometry,std_stoichiometry,mean_damage,min_damage,max_damage,std_damage",
    )
    expect(columns("whole", "particles-history.csv")).toBe(
      "time_s,cycle,particle,mean_stoichiometry,surface_stoichiometry,damage,mean_gap_m,max_gap_m,debonded_share,current_A_m2,max_principal_stress_Pa",
    )
    expect(columns("whole", "cycles.csv")).toBe(
      "cycle,charge_capacity_mAh_g,discharge_capacity_mAh_g,spread_stoichiometry_charge,spread_stoichiometry_discharge,std_stoichiometry_charge,std_stoichiometry_discharge,spread_damage,mean_damage,lithium_balance_error,charge_balance_error",
    )
    const particles = readCsv(text("whole", "particles.csv"))
    expect(rowCount(particles)).toBe(3)
    for (const name of [
      "X",
      "Z",
      "Volume",
      "Elongation",
      "Sphericity",
      "EDensity",
      "Homogeneity",
      "Damage",
      "interface_damage",
    ]) {
      expect(particles.columns.map((column) => column.name)).toContain(name)
    }
    const bytes = readFileSync(inside("whole", "particles.parquet"))
    const rows = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
    })
    expect(rows.map(({ Damage }) => Damage)).toEqual([...numbersOf(particles, "Damage")])
  })

  it("charges by 120 mAh/g in 432 s at 5C, keeps its balances, spreads its particles", () => {
    const cycles = readCsv(text("whole", "cycles.csv"))
    expect(numbersOf(cycles, "charge_capacity")[0]).toBeCloseTo(120, 6)
    expect(numbersOf(cycles, "lithium_balance_error")[0]).toBeLessThan(1e-9)
    expect(numbersOf(cycles, "charge_balance_error")[0]).toBeLessThan(1e-9)
    expect(numbersOf(cycles, "spread_stoichiometry_charge")[0]).toBeGreaterThan(0.03)
    expect(numbersOf(cycles, "mean_damage")[0]).toBeGreaterThan(0.01)
    const history = readCsv(text("whole", "history.csv"))
    const times = numbersOf(readCsv(text("whole", "particles-history.csv")), "time")
    const rows = [...new Set(times)]
    expect(rows).toEqual(expect.arrayContaining([0, 432, 452]))
    // Rows follow the solver's steps, ten seconds apart or at the end of a step of the protocol.
    const gaps = rows.slice(1).map((time, index) => time - rows[index])
    expect(gaps.filter((gap) => gap < 10 - 1e-6).length).toBeLessThanOrEqual(2)
    for (const time of times) expect(numbersOf(history, "time")).toContain(time)
  })

  it("leaves its synchronisation, which the table of its particles confirms", async () => {
    const found = JSON.parse(text("whole", "synchronisation.json"))
    expect(found).toMatchObject({
      verdict: "undecided",
      particles: 3,
      weights: "volume",
      settings: { threshold: 0.5, severeDamage: 0.5 },
      cycles: [{ cycle: 1, spreadDischarge: null, orderParameter: null }],
    })
    const cycles = readCsv(text("whole", "cycles.csv"))
    expect(found.cycles[0].spreadCharge).toBe(numbersOf(cycles, "spread_stoichiometry_charge")[0])
    expect(found.cycles[0].spreadDamage).toBe(numbersOf(cycles, "spread_damage")[0])
    const again = await synchrode("synchronisation", inside("whole"), "--json")
    expect(again).toMatchObject({ code: 0, error: "" })
    expect(JSON.parse(again.out)).toEqual(found)
    const elsewhere = await synchrode("synchronisation", inside("whole", "particles-history.csv"), "--json")
    const { cycles: rows, weights } = JSON.parse(elsewhere.out)
    expect(weights).toBe("equal")
    expect(rows[0].spreadCharge).toBe(found.cycles[0].spreadCharge)
    expect(rows[0].meanDamage).toBeCloseTo(found.cycles[0].meanDamage, 4)
  })

  it("says in its manifest what it was made from and how it went", () => {
    const manifest = manifestOf("whole")
    expect(manifest).toMatchObject({
      status: "done",
      reason: "",
      threads: 1,
      time: 452,
      twin: { name: "li2022-three-particle" },
      scenario: { name: "one-cycle" },
    })
    expect(manifest.inputs.map(({ file }) => file.split("/").at(-1))).toEqual([
      "nmc811-li2022.yaml",
      "li2022-three-particle.yaml",
      "one-cycle.yaml",
    ])
    expect(manifest.parameters).toContainEqual({
      path: "materials.interface.cohesion.strength",
      value: 3e8,
      unit: "Pa",
      text: "300 MPa",
      source: "Li et al. 2022, supplement",
    })
    expect(manifest.settings).toHaveLength(2)
    expect(Date.parse(manifest.ended ?? "")).toBeGreaterThan(Date.parse(manifest.started))
  })

  it("counts particles from 1, as its regions do", () => {
    expect([...numbersOf(readCsv(text("whole", "particles.csv")), "particle")]).toEqual([1, 2, 3])
    expect([...numbersOf(readCsv(text("whole", "particles-history.csv")), "particle").slice(0, 4)]).toEqual([
      1, 2, 3, 1,
    ])
  })

  it("writes fields that read back on its mesh", () => {
    const series = readPvd(text("whole", "fields.pvd"))
    expect(series.map(({ time, part, label }) => [time, part, label])).toEqual([
      [432, 0, "End of charge, cycle 1"],
      [432, 1, "End of charge, cycle 1"],
    ])
    const cells = readVtu(text("whole", series[0].file))?.grid
    expect(cells?.pointData.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["stoichiometry", "potential_electrolyte", "stress_hydrostatic", "displacement"]),
    )
    const facets = readVtu(text("whole", series[1].file))?.grid
    expect(facets?.pointData.map(({ name, unit }) => [name, unit])).toEqual(expect.arrayContaining([["gap", "m"]]))
    expect(text("whole", "report.html")).toMatch(/^<!doctype html>/i)
  })

  it("is resumed as a whole when it is done already, and its report can be made again", async () => {
    const before = text("whole", "history.csv")
    const { code, out } = await synchrode("resume", inside("whole"), "--json")
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ status: "done", time: 452 })
    rmSync(inside("whole", "report.html"))
    expect((await synchrode("report", inside("whole"), "--quiet")).out).toBe("")
    expect(existsSync(inside("whole", "report.html"))).toBe(true)
    expect(text("whole", "history.csv")).toBe(before)
  })
})

describe("a broken run", () => {
  it("killed with SIGKILL, its last snapshot damaged, goes on to the same bits", async () => {
    const { child, ended } = start(["run", ...coarse, "--out", inside("killed")])
    await rowsOf("killed", 1)
    while (snapshotsOf("killed").length < 2) await new Promise((resolve) => setTimeout(resolve, 10))
    child.kill("SIGKILL")
    expect((await ended).signal).toBe("SIGKILL")
    expect(manifestOf("killed").status).toBe("running")
    // As if the power had gone while the last snapshot was written.
    const [last] = snapshotsOf("killed")
    truncateSync(inside("killed", "snapshots", last), 1000)
    const { code, error } = await synchrode("resume", inside("killed"))
    expect(error).toContain(`${last} is passed over: it was cut off or overwritten`)
    expect(code).toBe(0)
    for (const file of tables) expect(text("killed", file), file).toBe(text("whole", file))
    expect(manifestOf("killed").status).toBe("done")
  })

  it("interrupted with Ctrl-C says how to go on, and does", async () => {
    const { child, ended } = start(["run", ...coarse, "--out", inside("stopped")])
    await rowsOf("stopped", Math.floor(0.4 * rowsIn("whole")))
    child.kill("SIGINT")
    const { code, error } = await ended
    expect(code).toBe(130)
    expect(error).toContain("Interrupted. Go on with: synchrode resume")
    expect(manifestOf("stopped")).toMatchObject({
      status: "interrupted",
      reason: "stopped by the user",
      snapshot: expect.stringMatching(/^snapshot-/),
    })
    // The first charge has not ended: no cycle to speak of
    const { verdict, cycles } = JSON.parse(text("stopped", "synchronisation.json"))
    expect([verdict, cycles]).toEqual(["undecided", []])
    expect((await synchrode("resume", inside("stopped"))).code).toBe(0)
    expectSame("stopped")
  })

  it("on a disk that takes no more ends with code 3 and the reason", async () => {
    const limited = spawn(
      "bash",
      [
        "-c",
        `ulimit -f 60; exec "$0" "$@"`,
        process.execPath,
        join(root, "src/cli/main.ts"),
        "run",
        ...coarse,
        "--out",
        inside("full"),
      ],
      { cwd: root },
    )
    let error = ""
    limited.stderr.on("data", (chunk: Buffer) => {
      error += chunk.toString()
    })
    const code = await new Promise((resolve) => limited.on("close", resolve))
    expect(error).toMatch(/full\/.*: cannot be written: the file grew too large/)
    expect(code).toBe(3)
  })

  it("that the equations refuse ends with code 2, its last good state and what to try", async () => {
    const { code, error } = await synchrode(
      "run",
      ...coarse,
      "--set",
      "solver={shortest-step: 10 s, first-step: 20 s, tolerance: 1e-7}",
      "--out",
      inside("refused"),
    )
    expect(error).toMatch(/cannot go on at .* s: .*; try /)
    expect(error).toContain("The last good state is kept in")
    expect(code).toBe(2)
    expect(manifestOf("refused")).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("cannot go on"),
      snapshot: expect.stringMatching(/^snapshot-/),
    })
    expect(existsSync(inside("refused", "report.html"))).toBe(true)
    expect(JSON.parse(text("refused", "synchronisation.json")).verdict).toBe("undecided")
  })
})

describe("a project of one's own", () => {
  it("runs as it was made", async () => {
    const project = inside("project")
    const made = await synchrode("init", project)
    expect(made.code).toBe(0)
    const { ended } = start(
      [
        "run",
        "twin.yaml",
        "scenario.yaml",
        "--out",
        "first",
        "--quiet",
        "--set",
        "mesh.interface-length=1.5 um",
        "--set",
        "cycle.steps=[Charge at 5C for 1 s]",
        "--set",
        "model.mechanics=false",
      ],
      project,
    )
    expect(await ended).toMatchObject({ code: 0, out: "", error: "" })
    expect(existsSync(join(project, "first", "report.html"))).toBe(true)
    expect((await synchrode("init", project)).code).toBe(1)
  })
})
