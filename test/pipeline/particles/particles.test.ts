import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import { afterAll, describe, expect, it } from "vitest"
import { readCsv } from "../../../src/formats/csv.ts"
import { numbersOf, type Table } from "../../../src/formats/table.ts"
import { encodedTiff } from "../../../src/formats/tomogram-writer.ts"
import { readVtu } from "../../../src/formats/vtu.ts"
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
        stated: new Set(),
        published: { kind: "no" },
        depth: defaultDepthAxis,
        damage: defaultDamageThresholds,
        out: inside(out),
        overwrite: false,
        memory: 1e9,
        threads: 1,
        surfaces: null,
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
    // A single threshold does not tell carbon/binder from void.
    expect(table.columns.map(({ name }) => name)).not.toContain("ContactCB")
    expect(Object.keys(JSON.parse(textOf("gray", "statistics.json")).phases)).toEqual(["particles", "other"])
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

describe("a plane of its own", () => {
  const plane = <A extends Int32Array | Uint8Array>(values: A): A =>
    values.subarray(7 * shape[0] * shape[1], 8 * shape[0] * shape[1]) as A
  const picture = (values: Int32Array | Uint8Array) =>
    encodedTiff({ width: shape[0], height: shape[1], pixel: voxel, planes: [values] })
  writeFileSync(inside("plane-labels.tif"), picture(plane(ballLabels(3))))
  writeFileSync(inside("plane-phases.tif"), picture(plane(ballPhases())))
  const sizeOf = (label: number) => plane(ballLabels(1)).reduce((sum, own) => sum + (own === label ? 1 : 0), 0)

  it("is measured from labels, and from phases", async () => {
    await measured("plane-labels.tif", "plane-labels", {})
    const areas = numbersOf(tableIn("plane-labels"), "Volume")
    // The balls of the lower layer.
    expect(areas.length).toBe(12)
    areas.forEach((area, row) => {
      expect(area / (sizeOf(row + 1) * voxel ** 2)).toBeCloseTo(1, 9)
    })
    const names = tableIn("plane-labels").columns.map(({ name }) => name)
    for (const unknown of ["Y", "EDensity"]) expect(names).not.toContain(unknown)
    expect(names).toContain("Damage")
    await measured("plane-phases.tif", "plane-phases", { settings: defaultVolumeSettings })
    expect([...numbersOf(tableIn("plane-phases"), "Volume")].sort()).toEqual([...areas].sort())
  })
})

describe("the mesh of a plane", () => {
  /** Mean height of the ball with a label in the mesh [m]. */
  const heightOf = (out: string, label: number): number => {
    const grid = readVtu(textOf(out, "mesh.vtu"))?.grid
    const labelled = grid?.cellData.find(({ name }) => name === "label")?.values ?? []
    const nodes = Array.from(labelled, (own, cell) =>
      own === label ? [3 * cell, 3 * cell + 1, 3 * cell + 2] : [],
    ).flat()
    const heights = nodes.map((corner) => grid?.points[3 * (grid?.cellToPoint[corner] ?? 0) + 1] ?? Number.NaN)
    return heights.reduce((sum, height) => sum + height, 0) / heights.length
  }

  it("stands upright along the depth, whichever end is the collector's", async () => {
    const meshSlice = { kind: "plane", axis: 1, at: 21 } as const
    await measured("labels.tif", "upright", { meshSlice })
    await measured("labels.tif", "turned", { meshSlice, depth: { axis: 2, growing: -1 } })
    // Ball 5 lies in the lower layer, around z = 7 of 28 voxels.
    const low = 7 * voxel
    expect(Math.abs(heightOf("upright", 15) / low - 1)).toBeLessThan(0.08)
    expect(Math.abs(heightOf("turned", 15) / (shape[2] * voxel - low) - 1)).toBeLessThan(0.08)
  })

  it("is not made of pixels that are no squares, and the reason is told", async () => {
    const { manifest } = await measured("labels.tif", "oblong", {
      voxelSize: [4e-7, 4e-7, 5e-7],
      meshSlice: { kind: "middle" },
    })
    expect(existsSync(inside("oblong", "mesh.vtu"))).toBe(false)
    expect(manifest.warnings.join()).toContain("wants square pixels")
  })
})

it("does not write over what was made of another file, unless told so", async () => {
  const failed = measured("phases.tif", "labels", {})
  await expect(failed).rejects.toThrow("holds the particles of")
  const { manifest } = await measured("phases.tif", "labels", { overwrite: true })
  expect(manifest.input.file).toBe(inside("phases.tif"))
})
