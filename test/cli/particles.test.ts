import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import { afterAll, describe, expect, it } from "vitest"
import { runCommand } from "../../src/cli/command.ts"
import { exitCodeOf } from "../../src/cli/failure.ts"
import { readCsv } from "../../src/formats/csv.ts"
import { numbersOf, type Table } from "../../src/formats/table.ts"
import { encodedTiff } from "../../src/formats/tomogram-writer.ts"
import { readVtu } from "../../src/formats/vtu.ts"
import { defaultPhantomSettings, phantomSlice } from "../../src/image/phantom.ts"
import { ballGray, ballPhases, ballTiff } from "../pipeline/particles/balls.ts"
import { ballsOf, expectBalls } from "../pipeline/particles/expect-balls.ts"
import { start, synchrode } from "./command.ts"

const folder = mkdtempSync(join(tmpdir(), "particles-"))
afterAll(() => rmSync(folder, { recursive: true }))
const inside = (...names: string[]): string => join(folder, ...names)

writeFileSync(inside("gray.tif"), ballTiff(ballGray()))
writeFileSync(inside("phases.tif"), ballTiff(ballPhases()))
writeFileSync(inside("text.tif"), "no image at all")
writeFileSync(
  inside("scaleless.tif"),
  Buffer.from(ballTiff(ballPhases())).toString("latin1").replaceAll("ImageJ", "NoWord"),
  "latin1",
)

const tableIn = (out: string, name = "particles.csv"): Table => readCsv(readFileSync(inside(out, name), "utf8"))

/** Ends whole or not at all: nothing half written and nothing scratched is left. */
const leftovers = (out: string): readonly string[] =>
  readdirSync(inside(out)).filter((name) => /\.(part|tmp)$|^synchrode-/.test(name))

describe("phases", () => {
  const command = [
    "particles",
    inside("phases.tif"),
    "--phases",
    "0=void,1=particle,2=carbon-binder",
    "--out",
    inside("phases"),
  ]

  it("give the particles with what they touch, a network, a mesh, statistics and a report", async () => {
    const { code, out, error } = await synchrode(...command, "--json", "--surfaces", "--fields")
    expect(error.split("\n").filter((line) => !line.startsWith("note: ") && line !== "")).toEqual([])
    expect(code).toBe(0)
    const record = JSON.parse(out)
    expect(record).toMatchObject({ status: "done", resumed: false, particles: { count: 25, whole: 24 } })
    const table = tableIn("phases")
    expectBalls(table, 0.001)
    const balls = ballsOf(table)
    const [binder, empty, contact] = ["ContactCB", "ContactVoid", "Contact"].map((name) => numbersOf(table, name))
    balls.forEach(({ centre, label, isCut }, row) => {
      if (isCut) return
      expect(binder[row] + empty[row] + contact[row]).toBeCloseTo(1, 9)
      // Below the middle all matrix is carbon/binder; the pair that touches shares a facet.
      const isPair = label <= 2
      expect(contact[row] > 0, `contact of ball ${label}`).toBe(isPair)
      expect((centre[2] < 14 ? empty : binder)[row]).toBe(0)
    })
    const neighbours = tableIn("phases", "neighbours.csv")
    const touching = [...numbersOf(neighbours, "contact_area")].filter((area) => area > 0)
    expect(touching.length).toBe(1)
    const network = readVtu(readFileSync(inside("phases", "network.vtu"), "utf8"))?.grid
    expect([network?.points.length, network?.cellToPoint.length]).toEqual([75, 2])
    const mesh = readVtu(readFileSync(inside("phases", "mesh.vtu"), "utf8"))?.grid
    expect(mesh?.cellToPoint.length).toBeGreaterThan(300)
    const statistics = JSON.parse(readFileSync(inside("phases", "statistics.json"), "utf8"))
    const solid = ballPhases().reduce((sum, phase) => sum + (phase === 1 ? 1 : 0), 0) / ballPhases().length
    expect(statistics.phases.particles).toBeCloseTo(solid, 12)
    expect(statistics.whole_particles).toBe(24)
    expect(readdirSync(inside("phases", "surfaces")).length).toBe(25)
    for (const name of [
      "report.html",
      "particles.parquet",
      "particles.png",
      "volume.vti",
      "labels.tif",
      "phases.tif",
    ]) {
      expect(existsSync(inside("phases", name)), name).toBe(true)
    }
    expect(leftovers("phases")).toEqual([])
  })

  it("are not parted anew by the same command, and the table stays the same", async () => {
    const before = readFileSync(inside("phases", "particles.csv"), "utf8")
    const again = await synchrode(...command, "--json", "--surface-format", "stl")
    expect(JSON.parse(again.out)).toMatchObject({ status: "done", resumed: true })
    expect(again.error).toContain("labels taken over")
    expect(readFileSync(inside("phases", "particles.csv"), "utf8")).toBe(before)
    // The same triangles in both formats: 50 bytes each behind the head of STL.
    const files = readdirSync(inside("phases", "surfaces"))
    const stl = files.filter((file) => file.endsWith(".stl"))
    expect(stl.length).toBe(25)
    for (const file of stl) {
      const ply = readFileSync(inside("phases", "surfaces", file.replace(".stl", ".ply")), "latin1")
      const triangles = Number(/element face (\d+)/.exec(ply)?.[1])
      const bytes = readFileSync(inside("phases", "surfaces", file))
      expect([bytes.readUInt32LE(80), bytes.length]).toEqual([triangles, 84 + 50 * triangles])
    }
  })

  it("refuse a format of surfaces that is none", async () => {
    const { code, error } = await synchrode(...command, "--surface-format", "obj")
    expect(code).toBe(1)
    expect(error).toMatch(/surface-format.*ply or stl.*obj/)
  })
})

describe("a slice", () => {
  it("goes the way of slices", async () => {
    const phantom = phantomSlice({ ...defaultPhantomSettings, seed: 3, width: 30e-6, height: 24e-6, pixel: 100e-9 })
    const [width, height] = phantom.gray.shape
    writeFileSync(
      inside("slice.tif"),
      encodedTiff({ width, height, pixel: 100e-9, planes: [Float32Array.from(phantom.gray.values)] }),
    )
    const { code, out } = await synchrode("particles", inside("slice.tif"), "--out", inside("slice"), "--json")
    expect(code).toBe(0)
    const { count } = JSON.parse(out).particles
    expect(count).toBeGreaterThan(1)
    const table = tableIn("slice")
    expect(numbersOf(table, "particle").length).toBe(count)
    expect(table.columns.map(({ name }) => name)).not.toContain("Y")
    for (const name of ["mesh.vtu", "labels.tif"]) expect(existsSync(inside("slice", name)), name).toBe(true)
    const page = readFileSync(inside("slice", "report.html"), "utf8")
    expect(page.includes('id="figure-plane-xy"')).toBe(true)
  })
})

describe("wrong input", () => {
  mkdirSync(inside("run"))
  writeFileSync(inside("run", "manifest.json"), "{}")
  const phases = ["particles", inside("phases.tif"), "--out", inside("wrong")]
  const cases: readonly (readonly [string, readonly string[], number, string])[] = [
    [
      "a file that is missing",
      ["particles", inside("gone.tif"), "--out", inside("wrong")],
      3,
      "gone.tif: no such file or folder",
    ],
    ["no volume at all", ["particles", inside("text.tif"), "--out", inside("wrong")], 1, "like no volume that is read"],
    ["no voxel size", ["particles", inside("scaleless.tif"), "--out", inside("wrong")], 1, "no voxel size to go by"],
    ["values that no phase has", [...phases, "--phases", "0=void,1=particle"], 1, "found 2"],
    ["a phase of another name", [...phases, "--phases", "0=hole,1=particle"], 1, "one of the names void"],
    ["no particle among phases", [...phases, "--phases", "0=void"], 1, "expected a value that is particle"],
    ["labels and phases at once", [...phases, "--labels", "--phases", "1=particle"], 1, "found both"],
    ["a threshold for labels", [...phases, "--labels", "--threshold", "3"], 1, "--threshold: expected gray values"],
    ["a voxel size that is none", [...phases, "--voxel-size", "70"], 1, "a plain number without a unit"],
    ["voxels of another prefix", [...phases, "--voxel-size", "70mm"], 1, 'a length of at most 0.001 m; found "70mm"'],
    ["two edges of a voxel", [...phases, "--voxel-size", "70nm,80nm"], 1, "one length or three"],
    ["memory without a unit", [...phases, "--memory", "2"], 1, "a size such as 2GB"],
    ["an unknown estimator", [...phases, "--estimator", "best"], 1, "geometric, published or both"],
    ["an axis that is none", [...phases, "--depth-axis", "w"], 1, "x, y or z"],
    ["damage classes that fall", [...phases, "--damage-classes", "0.3,0.1"], 1, "two rising shares"],
    [
      "a plane beyond the volume",
      [...phases, "--phases", "0=void,1=particle,2=void", "--mesh-slice", "z=28"],
      1,
      "only slices 0 … 27",
    ],
    [
      "a directory with something else",
      ["particles", inside("phases.tif"), "--labels", "--out", inside("run")],
      1,
      "choose another --out",
    ],
  ]

  it.each(cases)("is refused: %s", async (_, words, expected, message) => {
    const failure = await Effect.runPromise(Effect.flip(runCommand(words)))
    expect(failure.message).toContain(message)
    expect(exitCodeOf(failure)).toBe(expected)
  })
})

it("an interrupted call leaves nothing broken, and the next one goes on from its labels", async () => {
  const command = ["particles", inside("gray.tif"), "--estimator", "both", "--threads", "1", "--out"]
  const manifest = () => {
    const file = inside("stopped", "manifest.json")
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined
  }
  const { child, ended } = start([...command, inside("stopped")])
  while (manifest()?.segmentation == null) await new Promise((resolve) => setTimeout(resolve, 15))
  child.kill("SIGINT")
  const { code, error } = await ended
  expect(code).toBe(130)
  expect(error).toContain("The labels are kept")
  expect(manifest()).toMatchObject({ status: "interrupted", particles: null })
  expect(existsSync(inside("stopped", "particles.csv"))).toBe(false)
  expect(leftovers("stopped")).toEqual([])
  const next = await synchrode(...command, inside("stopped"), "--json")
  expect(JSON.parse(next.out)).toMatchObject({ status: "done", resumed: true })
  const unbroken = await synchrode(...command, inside("unbroken"), "--quiet")
  expect([unbroken.code, unbroken.out, unbroken.error]).toEqual([0, "", ""])
  // A median takes some voxels off small balls.
  expectBalls(tableIn("unbroken"), 0.15)
  for (const name of ["particles.csv", "particles-published.csv"]) {
    expect(readFileSync(inside("stopped", name), "utf8") === readFileSync(inside("unbroken", name), "utf8"), name).toBe(
      true,
    )
  }
})

describe("what values mean", () => {
  const notesOf = async (...words: readonly string[]): Promise<string> => {
    const { code, error } = await synchrode("particles", ...words)
    expect(code, error).toBe(0)
    return error
  }

  it("is doubted where phases are taken as gray values, and phases as labels", async () => {
    expect(await notesOf(inside("phases.tif"), "--mesh-slice", "none", "--out", inside("doubt-gray"))).toContain(
      "note: the values are 0, 1, 2, taken as gray values; if they are phases, name them",
    )
    expect(
      await notesOf(inside("phases.tif"), "--labels", "--mesh-slice", "none", "--out", inside("doubt-labels")),
    ).toContain("taken as numbers of particles (--labels); phases are named with --phases")
  })
})

describe("a gray slice", () => {
  const { values, shape } = phantomSlice({
    ...defaultPhantomSettings,
    seed: 3,
    width: 40e-6,
    height: 30e-6,
    pixel: 100e-9,
  }).gray
  writeFileSync(
    inside("own-slice.tif"),
    encodedTiff({ width: shape[0], height: shape[1], pixel: 100e-9, planes: [Float32Array.from(values)] }),
  )

  it("is segmented as stated, and says what it has no use for", async () => {
    const run = (out: string, ...words: readonly string[]) =>
      synchrode("particles", inside("own-slice.tif"), "--mesh-slice", "none", "--out", inside(out), ...words)
    const plain = await run("slice-plain")
    const stated = await run("slice-stated", "--smallest", "6um", "--surfaces")
    expect([plain.code, stated.code]).toEqual([0, 0])
    expect(stated.error).toContain("--surfaces was left out of account: a slice has no surfaces")
    const areas = (out: string): number[] => [...numbersOf(tableIn(out), "Volume")]
    expect(Math.min(...areas("slice-stated"))).toBeGreaterThan(Math.PI * 3e-6 ** 2)
    expect(areas("slice-stated").length).toBeLessThan(areas("slice-plain").length)
  })
})
