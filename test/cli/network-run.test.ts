import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { readCsv } from "../../src/formats/csv.ts"
import { numbersOf, rowCount } from "../../src/formats/table.ts"
import { readVtu } from "../../src/formats/vtu.ts"
import type { Manifest } from "../../src/store/manifest.ts"
import { type Ended, synchrode } from "./command.ts"

const folder = mkdtempSync(join(tmpdir(), "network-run-"))
afterAll(() => rmSync(folder, { recursive: true }))
const inside = (...names: string[]): string => join(folder, ...names)
const text = (run: string, file: string): string => readFileSync(inside(run, file), "utf8")
const table = (run: string, file: string) => readCsv(text(run, file))

const small = [
  "twins/packing.yaml",
  "scenarios/li2022-fixed-charge.yaml",
  "--set",
  "geometry.count=12",
  "--set",
  "geometry.thickness=30 um",
  "--set",
  "cycle.repeat=2",
]

let whole: Ended
beforeAll(async () => {
  whole = await synchrode("run", ...small, "--out", inside("whole"))
})

describe("a run of a packing", () => {
  it("ends with code 0, its size, and where its report is", () => {
    expect(whole.error).toBe("")
    expect(whole.code).toBe(0)
    expect(whole.out).toMatch(
      /^12 particles with 168 patches, \d+ s of model time in .* s\n.*\nReport: .*report\.html\n$/,
    )
  })

  it("writes the tables and fields of any run", () => {
    const files = readdirSync(inside("whole"))
    expect(files).toEqual(
      expect.arrayContaining(["cycles.csv", "history.csv", "particles-history.csv", "particles.csv", "report.html"]),
    )
    const particles = table("whole", "particles.csv")
    expect(rowCount(particles)).toBe(12)
    const names = particles.columns.map(({ name }) => name)
    for (const name of ["Z", "Volume", "ContactCB", "PDensity", "DistNearest", "EDensity", "Homogeneity", "Damage"])
      expect(names).toContain(name)
    for (const value of numbersOf(particles, "EDensity")) expect(value).toBeGreaterThan(0.3)
    const grid = readVtu(text("whole", "fields/particles-0001.vtu"))
    expect(grid?.grid.points.length).toBe(36)
    expect(grid?.grid.pointData.map(({ name }) => name)).toContain("stoichiometry")
  })

  it("conserves lithium and charge in every cycle", () => {
    const cycles = table("whole", "cycles.csv")
    expect(rowCount(cycles)).toBe(2)
    for (const name of ["lithium_balance_error", "charge_balance_error"])
      for (const value of numbersOf(cycles, name)) expect(value).toBeLessThan(1e-9)
  })

  it("states what it was solved on", () => {
    const { network, mesh, seed } = JSON.parse(text("whole", "manifest.json")) as Manifest
    expect(network).toMatchObject({ particles: 12, patches: 168 })
    expect(mesh).toBeUndefined()
    expect(seed).toBe(1)
  })

  it("goes on from the end of a cycle with the same bits", async () => {
    const branch = await synchrode("resume", inside("whole"), "--from-cycle", "1", "--out", inside("branch"))
    expect(branch.code, branch.error).toBe(0)
    for (const file of ["history.csv", "particles-history.csv", "cycles.csv", "particles.csv"])
      expect(text("branch", file), file).toBe(text("whole", file))
  })
})

describe("a network twin", () => {
  it("is a drawn layout of circles, too", async () => {
    const set = ["model.space=network", "cycle.steps=[Charge at 5C for 60 seconds]", "cycle.repeat=1"]
    const run = await synchrode(
      "run",
      "twins/li2022-three-particle.yaml",
      "scenarios/li2022-fixed-charge.yaml",
      ...set.flatMap((each) => ["--set", each]),
      "--out",
      inside("three"),
    )
    expect(run.error).toBe("")
    expect(rowCount(table("three", "particles.csv"))).toBe(3)
    expect([...numbersOf(table("three", "particles.csv"), "Coverage")].map((share) => share.toFixed(2))).toEqual([
      "0.75",
      "0.50",
      "0.25",
    ])
  })

  it("is a volume of a tomogram, too, with the attributes that a measurement has", async () => {
    const phantom = await synchrode("phantom", inside("volume.tif"), "--preset", "dense", "--size", "64", "--quiet")
    expect(phantom.code, phantom.error).toBe(0)
    const set = ["geometry.voxel-size=400 nm", "cycle.steps=[Charge at 5C for 60 seconds]", "cycle.repeat=1"]
    const run = await synchrode(
      "run",
      "twins/nrel-nmc-network.yaml",
      "scenarios/li2022-fixed-charge.yaml",
      "--tomogram",
      inside("volume-phases.tif"),
      ...set.flatMap((each) => ["--set", each]),
      "--out",
      inside("volume"),
    )
    expect(run.code, run.error).toBe(0)
    const particles = table("volume", "particles.csv")
    expect(rowCount(particles)).toBeGreaterThan(5)
    const names = particles.columns.map(({ name }) => name)
    for (const name of ["Yaw", "Sphericity", "RoughOuter", "Contact", "ContactCB", "EDensity", "Damage", "OrienIso"])
      expect(names).toContain(name)
    const manifest = JSON.parse(text("volume", "manifest.json")) as Manifest
    expect(manifest.inputs.map(({ file }) => file)).toContain(inside("volume-phases.tif"))
    const nameless = await synchrode(
      "run",
      "twins/nrel-nmc-network.yaml",
      "scenarios/one-cycle.yaml",
      "--out",
      inside("none"),
    )
    expect(nameless.code).toBe(1)
    expect(nameless.error).toContain("geometry.file: expected the file of a tomogram")
  })

  const refused = async (set: readonly string[]): Promise<string> => {
    const words = set.flatMap((each) => ["--set", each])
    const ended = await synchrode("run", ...small, ...words, "--out", inside("refused"))
    expect(ended.code).toBe(1)
    return ended.error
  }

  it("is refused with the place of what is wrong", async () => {
    expect(await refused(["geometry.particle-share=90 %"])).toContain("geometry.particle-share")
    expect(await refused(["geometry.count=1"])).toContain("does not fit")
    expect(await refused(["geometry.conductor.coverage=1.2"])).toContain("geometry.conductor.coverage")
    expect(await refused(["geometry.conductor.coverage-scatter=60 %"])).toContain("coverageScatter")
  })

  it("wants a mesh where it is none", async () => {
    const file = inside("meshless.yaml")
    const layout = readFileSync("twins/li2022-three-particle.yaml", "utf8").replace(/^mesh:.*$/m, "")
    writeFileSync(file, layout.replace("extends: ", `extends: ${process.cwd()}/twins/`))
    const ended = await synchrode("run", file, "scenarios/one-cycle.yaml", "--out", inside("meshless"))
    expect(ended.code).toBe(1)
    expect(ended.error).toContain("mesh: expected edge lengths of the mesh")
  })
})
