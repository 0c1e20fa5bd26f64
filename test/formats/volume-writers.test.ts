import { existsSync } from "node:fs"
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import fc from "fast-check"
import { fromFile } from "geotiff"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { writeOmeZarr } from "../../src/formats/ome-zarr-writer.ts"
import { tiffLayout } from "../../src/formats/tiff-layout.ts"
import type { TomogramUnreadable } from "../../src/formats/tomogram-errors.ts"
import { writeTiffStack } from "../../src/formats/tomogram-writer.ts"
import { volumeInMemory } from "../../src/formats/volume-in-memory.ts"
import type { VolumeToWrite } from "../../src/formats/volume-to-write.ts"
import { emptyVoxels, voxelTypes } from "../../src/formats/voxel-type.ts"
import { writeVti } from "../../src/formats/vti.ts"
import type { Box, Triple } from "../../src/image/brick.ts"
import { boxShares, expectHolds, type MadeVolume, madeVolume, volumes } from "./made/volume.ts"

let folder = ""
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "writers-"))
})
afterAll(() => rm(folder, { recursive: true }))
const path = (name: string): string => join(folder, name)
const all = [0, 0, 0, 1, 1, 1]
const run = <A, E>(effect: Effect.Effect<A, E>): Promise<A> => Effect.runPromise(effect)

const toWrite = ({ shape, values }: MadeVolume, spacing: Triple): VolumeToWrite<TomogramUnreadable> =>
  volumeInMemory({ shape, spacing }, values)
const edge = fc.double({ min: 1e-9, max: 1e-3, noNaN: true })
const edges = fc.tuple(edge, edge, edge)

describe("TIFF stack", () => {
  it("is read again: every voxel, and its edges along each axis", async () => {
    await fc.assert(
      fc.asyncProperty(volumes(voxelTypes), edges, boxShares, async (made, spacing, shares) => {
        await run(writeTiffStack(path("round.tif"), toWrite(made, spacing)))
        await expectHolds(path("round.tif"), made, {}, shares, spacing)
      }),
      { numRuns: 60 },
    )
    expect((await readdir(folder)).filter((name) => name.endsWith(".part"))).toEqual([])
  })
  it("with offsets of 64 bits from 4 GiB on", async () => {
    const made = madeVolume([5, 3, 4], "uint16", 1)
    const spacing: Triple = [398e-9, 398e-9, 5e-7]
    const layout = tiffLayout({ shape: made.shape, spacing }, "uint16", true)
    const parts = [layout.head]
    for (let z = 0; z < 4; z++) {
      const plane = made.values.slice(15 * z, 15 * (z + 1))
      parts.push(layout.directory(z), new Uint8Array(plane.buffer as ArrayBuffer))
    }
    await writeFile(path("big.tif"), Buffer.concat(parts))
    await expectHolds(path("big.tif"), made, {}, all, spacing)
    const tiff = await fromFile(path("big.tif"))
    const raster = await (await tiff.getImage(3)).readRasters({ interleave: true })
    await tiff.close()
    expect(Array.from(raster as unknown as ArrayLike<number>)).toEqual(Array.from(made.values.slice(45)))
    const long = (depth: number) => tiffLayout({ shape: [2000, 2000, depth], spacing }, "uint16").head[2]
    expect([long(536), long(537)]).toEqual([42, 43])
  })
  it("asks for slabs of bounded size and leaves nothing of a volume that fails", async () => {
    const asked: Box[] = []
    const shape: Triple = [1024, 1024, 70]
    const failing: VolumeToWrite<string> = {
      shape,
      spacing: [1e-7, 1e-7, 1e-7],
      voxelType: "uint8",
      read: (box) => {
        asked.push(box)
        if (box.from[2] > 40) return Effect.fail("lost")
        return Effect.succeed(emptyVoxels("uint8", 1024 * 1024 * (box.to[2] - box.from[2])))
      },
    }
    expect(await run(Effect.flip(writeTiffStack(path("failing.tif"), failing)))).toBe("lost")
    expect(asked.map(({ from, to }) => [from[2], to[2]])).toEqual([
      [0, 32],
      [32, 64],
      [64, 70],
    ])
    expect((await readdir(folder)).filter((name) => name.startsWith("failing"))).toEqual([])
    expect(await run(Effect.flip(writeTiffStack(join(folder, "no", "x.tif"), failing)))).toMatchObject({
      _tag: "TomogramUnwritable",
    })
  })
})

describe("OME-Zarr", () => {
  it("is read again: every voxel, and its edges along each axis", async () => {
    const chunks = fc.tuple(
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 8 }),
    )
    await fc.assert(
      fc.asyncProperty(volumes(voxelTypes), edges, chunks, boxShares, async (made, spacing, chunk, shares) => {
        await rm(path("round.zarr"), { recursive: true, force: true })
        await run(writeOmeZarr(path("round.zarr"), toWrite(made, spacing), { chunk, isLabels: true }))
        await expectHolds(path("round.zarr"), made, {}, shares, spacing)
      }),
      { numRuns: 30 },
    )
  })
  it("says what it is; does not write over anything, and leaves nothing of a volume that fails", async () => {
    const made = madeVolume([6, 5, 3], "int32", 1)
    await run(writeOmeZarr(path("labels.zarr"), toWrite(made, [1e-7, 2e-7, 398e-9]), { isLabels: true }))
    const { attributes } = JSON.parse(await readFile(path("labels.zarr/zarr.json"), "utf8"))
    expect(attributes.ome["image-label"]).toEqual({})
    expect(attributes.ome.multiscales[0].datasets[0].coordinateTransformations).toEqual([
      { type: "scale", scale: [0.398, 0.2, 0.1] },
    ])
    const again = writeOmeZarr(path("labels.zarr"), toWrite(made, [1, 1, 1]), { isLabels: false })
    expect(await run(Effect.flip(again))).toMatchObject({ _tag: "TomogramUnwritable", reason: "it exists already" })
    const failing: VolumeToWrite<string> = { ...toWrite(made, [1, 1, 1]), read: () => Effect.fail("lost") }
    expect(await run(Effect.flip(writeOmeZarr(path("lost.zarr"), failing, { isLabels: true })))).toBe("lost")
    expect(existsSync(path("lost.zarr")) || existsSync(path("lost.zarr.part"))).toBe(false)
  })
})

describe("VTI", () => {
  it("holds each field behind its offset, with its name and unit", async () => {
    const gray = madeVolume([4, 3, 2], "float32", 1)
    const labels = madeVolume([4, 3, 2], "int32", 2)
    const spacing: Triple = [398e-9, 2e-7, 1e-7]
    const fieldOf = (made: MadeVolume, name: string, unit: string) => ({ ...toWrite(made, spacing), name, unit })
    await run(
      writeVti(path("fields.vti"), { shape: [4, 3, 2], spacing }, [
        fieldOf(gray, "density <raw>", "1/m^3"),
        fieldOf(labels, "labels", ""),
      ]),
    )
    const bytes = await readFile(path("fields.vti"))
    const start = bytes.indexOf('<AppendedData encoding="raw">\n_') + '<AppendedData encoding="raw">\n_'.length
    const head = bytes.toString("utf8", 0, start)
    expect(head).toContain('WholeExtent="0 4 0 3 0 2" Origin="0 0 0" Spacing="3.98e-7 2e-7 1e-7"')
    const arrays = [...head.matchAll(/type="(\w+)" Name="([^"]*)".*offset="(\d+)">(?:<Info[^>]*>([^<]*))?/g)]
    expect(arrays.map(([, ...rest]) => rest)).toEqual([
      ["Float32", "density &lt;raw&gt;", "0", "1/m^3"],
      ["Int32", "labels", "104", undefined],
    ])
    const values = (offset: number): Buffer => {
      const at = start + offset
      const length = Number(bytes.readBigUInt64LE(at))
      expect(length).toBe(96)
      return Buffer.from(bytes.subarray(at + 8, at + 8 + length))
    }
    expect(new Float32Array(new Uint8Array(values(0)).buffer)).toEqual(gray.values)
    expect(new Int32Array(new Uint8Array(values(104)).buffer)).toEqual(labels.values)
    expect(bytes.toString("utf8", start + 208)).toBe("\n</AppendedData>\n</VTKFile>\n")
  })
  it("refuses values that are not what was promised", async () => {
    const made = madeVolume([4, 3, 2], "float32", 1)
    const lying = { ...toWrite(made, [1, 1, 1]), name: "x", unit: "", voxelType: "uint8" as const }
    await expect(run(writeVti(path("lying.vti"), lying, [lying]))).rejects.toThrow(/24 uint8 came as 24 float32/)
    expect(existsSync(path("lying.vti"))).toBe(false)
  })
})
