import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Effect, Result } from "effect"
import { afterAll, describe, expect, it } from "vitest"
import { readCsv } from "../../src/formats/csv.ts"
import { numbersOf } from "../../src/formats/table.ts"
import { encodedTiff } from "../../src/formats/tomogram-writer.ts"
import { readPvd } from "../../src/formats/vtu.ts"
import { defaultPhantomSettings, phantomSlice } from "../../src/image/phantom.ts"
import { phantomPresets } from "../../src/image/phantom-volume/settings.ts"
import { particleCount } from "../../src/mesh/mesh.ts"
import { buildTwin } from "../../src/pipeline/build.ts"
import { writePhantom } from "../../src/pipeline/phantom-files.ts"
import { readReportInput } from "../../src/pipeline/report-input.ts"
import { type RunListener, runTwin } from "../../src/pipeline/run.ts"
import { meshSource } from "../../src/pipeline/run-source.ts"
import { loadTwin } from "../../src/twin/load.ts"
import { readSetting } from "../../src/twin/override.ts"

const shipped = fileURLToPath(new URL("../../twins/", import.meta.url))
const scenario = fileURLToPath(new URL("../../scenarios/one-cycle.yaml", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "pipeline-"))
afterAll(() => rmSync(folder, { recursive: true }))

const quiet: RunListener = { onStage: () => Effect.void, onProgress: () => Effect.void, onNote: () => Effect.void }

/** A small generated slice in the place of the tomogram that is not bundled. */
const tomogram = join(folder, "slice.tif")
const small = { ...defaultPhantomSettings, seed: 3, width: 30e-6, height: 22e-6, pixel: 150e-9 }
const [width, height] = phantomSlice(small).gray.shape
writeFileSync(
  tomogram,
  encodedTiff({ width, height, pixel: small.pixel, planes: [Uint8Array.from(phantomSlice(small).gray.values)] }),
)

const short = [
  "mesh={interface-length: 1.5 um, growth: 0.4, maximum-length: 4 um}",
  "cycle.steps=[Charge at 5C for 2 seconds, Discharge at 5C for 1 s]",
  "record={particles-every: 1 s, fields-at: [end of charge, 0.5 s], tables-at-cycles: [1]}",
]
/** Twins without a mesh, solved as networks */
const networks = ["nrel-nmc-network.yaml", "packing.yaml"]
const phantom = phantomPresets.touching([48, 48, 48], 400e-9, 1)

const extra: Readonly<Record<string, readonly string[]>> = {
  "demo.yaml": ["geometry.width=30 um", "geometry.height=22 um", "geometry.voxel-size=150 nm"],
  "holotomography-slice.yaml": ["geometry.voxel-size=150 nm"],
  "nrel-nmc-network.yaml": ["geometry.voxel-size=400 nm"],
  "packing.yaml": ["geometry.count=12", "geometry.thickness=30 um"],
}

describe("every shipped twin", () => {
  it.each(readdirSync(shipped).filter((file) => file.endsWith(".yaml")))("%s runs", async (file) => {
    const out = join(folder, file.replace(".yaml", ""))
    const volume = join(folder, "volume-phases.tif")
    if (file.startsWith("nrel")) {
      await Effect.runPromise(writePhantom(join(folder, "volume.tif"), phantom, () => Effect.void))
    }
    const images: Readonly<Record<string, string>> = {
      "holotomography-slice.yaml": tomogram,
      "nrel-nmc-network.yaml": volume,
    }
    const image = images[file]
    const outcome = await Effect.runPromise(
      runTwin(
        {
          twin: join(shipped, file),
          scenario,
          out,
          overwrite: false,
          threads: 1,
          set: [...short, ...(extra[file] ?? [])],
          ...(image === undefined ? {} : { tomogram: image }),
        },
        quiet,
      ),
    )
    expect(outcome).toMatchObject({ status: "done", manifest: { time: 3, status: "done" } })
    expect(outcome.manifest.inputs.some(({ file: name }) => name === image)).toBe(image !== undefined)
    const cycles = readCsv(readFileSync(join(out, "cycles.csv"), "utf8"))
    expect(numbersOf(cycles, "lithium_balance_error")[0]).toBeLessThan(1e-9)
    expect(numbersOf(cycles, "charge_balance_error")[0]).toBeLessThan(1e-9)

    const input = await Effect.runPromise(readReportInput(out))
    expect(readPvd(readFileSync(join(out, "fields.pvd"), "utf8")).map(({ label }) => label)).toContain("0.5 s, cycle 1")
    expect(input.cycles.chargeCapacity).toHaveLength(1)
    expect(input.manifest.parameters.find(({ symbol }) => symbol === "T_max")).toMatchObject({ value: 3e8, unit: "Pa" })
    const mesh = input.mesh
    expect(mesh === null).toBe(networks.includes(file))
    if (mesh === null) {
      expect(input.particles.columns[0].values.length).toBeGreaterThan(5)
      return
    }
    // A report draws ends of charge where there are any; the moment asked for is there for ParaView.
    expect(input.frames.map(({ label, time }) => [label, time])).toEqual([["End of charge, cycle 1", 2]])
    for (const frame of input.frames) {
      for (const { values } of frame.pointData) expect(values).toHaveLength(mesh.nodes.length / 2)
      for (const { values } of frame.cellData) expect(values).toHaveLength(mesh.cellToRegion.length)
      expect(frame.interfaceDamage).toHaveLength(mesh.interfaces.innerNode.length)
      expect(frame.interfaceGap).toHaveLength(mesh.interfaces.innerNode.length)
    }
    expect(input.particles.columns[0].values).toHaveLength(particleCount(mesh))
    expect(input.segmentation === null).toBe(file.endsWith("-particle.yaml"))
    expect(input.manifest.referenceTime).toBe(720)
    expect(input.manifest.parameters.filter(({ overridden }) => overridden).length).toBeGreaterThan(2)
    expect(input.particleHistory.time).toHaveLength(4 * particleCount(mesh))
  })
})

describe("building a twin", () => {
  const attempt = async (file: string, sets: readonly string[], given?: string) => {
    const settings = await Effect.runPromise(Effect.forEach(sets, readSetting))
    const loaded = await Effect.runPromise(loadTwin(join(shipped, file), settings))
    return Effect.runPromise(Effect.result(buildTwin(loaded, given)))
  }

  it("crops the image, and says so when nothing is left", async () => {
    const crop = await attempt(
      "holotomography-slice.yaml",
      ["geometry.voxel-size=150 nm", "geometry.crop={x: [0 um, 20 um]}"],
      tomogram,
    )
    if (Result.isFailure(crop)) throw new Error(crop.failure.message)
    expect(meshSource(crop.success.source).slice?.width).toBeLessThanOrEqual(Math.round(20e-6 / 150e-9))
    const nothing = await attempt(
      "holotomography-slice.yaml",
      ["geometry.voxel-size=150 nm", "geometry.crop={x: [90 um, 95 um]}"],
      tomogram,
    )
    expect(nothing).toMatchObject({
      failure: { _tag: "TwinInvalid", message: expect.stringContaining("geometry.crop: expected a part of the image") },
    })
  })

  it("wants no tomogram for a drawn layout", async () => {
    expect(await attempt("li2022-three-particle.yaml", [], tomogram)).toMatchObject({
      failure: { message: expect.stringContaining('geometry.kind: expected "tomogram", as --tomogram was given') },
    })
  })

  it("finds the tomogram beside the twin that names it", async () => {
    const twin = join(folder, "own.yaml")
    writeFileSync(
      twin,
      `extends: ${shipped}holotomography-slice.yaml\nname: own\ngeometry: { file: slice.tif, voxel-size: 150 nm }\nmesh: { interface-length: 1.5 um, maximum-length: 4 um }\n`,
    )
    const loaded = await Effect.runPromise(loadTwin(twin))
    const built = await Effect.runPromise(buildTwin(loaded))
    expect(built.tomogram).toBe(tomogram)
    const { mesh, particleToLabel } = meshSource(built.source)
    expect(particleCount(mesh)).toBe(particleToLabel.length)
  })
})
