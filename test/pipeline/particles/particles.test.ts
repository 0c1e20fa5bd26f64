import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import { afterAll, describe, expect, it } from "vitest"
import { readCsv } from "../../../src/formats/csv.ts"
import { numbersOf, type Table } from "../../../src/formats/table.ts"
import { defaultDepthAxis } from "../../../src/particles/volume-table.ts"
import { measureTomogram } from "../../../src/pipeline/particles/particles.ts"
import type { ParticlesRequest } from "../../../src/pipeline/particles/request.ts"
import { defaultVolumeSettings } from "../../../src/pipeline/segmentation/settings.ts"
import { defaultDamageThresholds } from "../../../src/statistics/damage-class.ts"
import { ballGray, ballLabels, ballPhases, ballTiff, shape, trueBalls, voxel } from "./balls.ts"
import { expectBalls } from "./expect-balls.ts"

const folder = mkdtempSync(join(tmpdir(), "particles-"))
afterAll(() => rmSync(folder, { recursive: true }))
const inside = (...names: string[]): string => join(folder, ...names)

writeFileSync(inside("gray.tif"), ballTiff(ballGray()))
writeFileSync(inside("phases.tif"), ballTiff(ballPhases()))
writeFileSync(inside("labels.tif"), ballTiff(ballLabels(3)))

const labels = { ...defaultVolumeSettings, meaning: { kind: "labels" } } as const
const gray: ParticlesRequest["settings"] = {
  ...defaultVolumeSettings,
  meaning: { kind: "gray", denoise: { kind: "none" }, threshold: { kind: "otsu", classes: 2 } },
}

const measured = (name: string, out: string, changes: Partial<ParticlesRequest>) =>
  Effect.runPromise(
    measureTomogram(
      {
        file: inside(name),
        settings: labels,
        published: { kind: "no" },
        depth: defaultDepthAxis,
        damage: defaultDamageThresholds,
        out: inside(out),
        overwrite: false,
        memory: 1e9,
        brick: 64,
        threads: 1,
        surfaces: false,
        fields: false,
        meshSlice: { kind: "none" },
        ...changes,
      },
      { onProgress: () => Effect.void, onNote: () => Effect.void },
    ),
  )

const textOf = (out: string, name: string): string => readFileSync(inside(out, name), "utf8")
const tableIn = (out: string): Table => readCsv(textOf(out, "particles.csv"))

describe("labels", () => {
  it("keep their numbers, and give the same tables in bricks or whole, on one thread or two", async () => {
    const published = { kind: "beside" } as const
    await measured("labels.tif", "labels", { published, brick: 16 })
    const table = tableIn("labels")
    expectBalls(table, 0.001)
    expect([...numbersOf(table, "Label")]).toEqual(trueBalls.map(({ label }) => 3 * label))
    // They are there already.
    expect(existsSync(inside("labels", "labels.tif"))).toBe(false)
    await measured("labels.tif", "whole", { published, brick: 512, threads: 2 })
    for (const name of ["particles.csv", "particles-published.csv", "neighbours.csv", "statistics.json"]) {
      expect(textOf("whole", name) === textOf("labels", name), name).toBe(true)
    }
  })

  it("measure depth from the other end, and along another axis", async () => {
    await measured("labels.tif", "depth", { depth: { axis: 0, growing: -1 } })
    const [table, usual] = [tableIn("depth"), tableIn("labels")]
    const [x, y, z] = ["X", "Y", "Z"].map((name) => numbersOf(usual, name))
    numbersOf(table, "Z").forEach((depth, row) => {
      expect(depth).toBeCloseTo(shape[0] * voxel - x[row], 12)
    })
    // X and Y follow in cyclic order.
    expect([...numbersOf(table, "X")]).toEqual([...y])
    expect([...numbersOf(table, "Y")]).toEqual([...z])
  })
})

describe("gray values", () => {
  it("are parted, and measured as a phase map; labels go where they are wanted, and come again from there", async () => {
    const labelsOut = inside("found.ome.zarr")
    await measured("gray.tif", "gray", { settings: gray, labelsOut })
    const table = tableIn("gray")
    expectBalls(table, 0.001)
    numbersOf(table, "EDensity").forEach((mean) => {
      expect(Math.abs(mean / 30_000 - 1)).toBeLessThan(0.02)
    })
    numbersOf(table, "Homogeneity").forEach((value) => {
      expect(Math.abs(value * 1500 - 1)).toBeLessThan(0.35)
    })
    expect(JSON.parse(textOf("gray", "statistics.json")).gradient_angles.edges_deg.length).toBe(37)
    const again = await measured("found.ome.zarr", "zarr", {})
    expect(again.manifest.particles).toEqual({ count: 25, whole: 24 })
    expect([...numbersOf(tableIn("zarr"), "Volume")]).toEqual([...numbersOf(table, "Volume")])

    // Once more into the same place: the labels are taken over, and parted anew where settings are others.
    const before = textOf("gray", "particles.csv")
    const same = await measured("gray.tif", "gray", { settings: gray, labelsOut })
    expect([same.manifest.resumed, textOf("gray", "particles.csv") === before]).toEqual([true, true])
    const fewer = await measured("gray.tif", "gray", { settings: { ...gray, smallestDiameter: 4.3e-6 }, labelsOut })
    expect(fewer.manifest.resumed).toBe(false)
    expect(fewer.manifest.particles?.count).toBeLessThan(25)
  })
})

it("does not write over what was made of another file, unless told so", async () => {
  const failed = measured("phases.tif", "labels", {})
  await expect(failed).rejects.toThrow("holds the particles of")
  const { manifest } = await measured("phases.tif", "labels", { overwrite: true })
  expect(manifest.input.file).toBe(inside("phases.tif"))
})
