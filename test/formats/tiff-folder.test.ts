import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { voxelTypes } from "../../src/formats/voxel-type.ts"
import { expectSturdy } from "./made/damage.ts"
import { foreignFile, foreignNifti } from "./made/foreign.ts"
import { madeTiff, type TiffRecipe } from "./made/tiff.ts"
import {
  boxShares,
  expectHolds,
  type MadeVolume,
  madeVolume,
  refusalBy,
  volumes,
  wholeBox,
  withVolume,
} from "./made/volume.ts"

let folder = ""
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "planes-"))
})
afterAll(() => rm(folder, { recursive: true }))
const path = (name: string): string => join(folder, name)
const all = [0, 0, 0, 1, 1, 1]

/** Lays down a plane a file; names count without leading zeros. */
const putPlanes = async (made: MadeVolume, dialect: Partial<TiffRecipe> = {}): Promise<string> => {
  const [width, height, depth] = made.shape
  await rm(path("planes"), { recursive: true, force: true })
  await mkdir(path("planes"))
  for (let z = 0; z < depth; z++) {
    const plane = made.values.slice(width * height * z, width * height * (z + 1))
    await writeFile(path(`planes/Slice_${z + 8}.TIF`), madeTiff({ width, height, pages: [plane], ...dialect }))
  }
  return path("planes")
}

describe("folder of TIFF files", () => {
  const made = madeVolume([6, 5, 4], "uint16", 3)
  it("any box, planes in the natural order of their names", async () => {
    await fc.assert(
      fc.asyncProperty(volumes(voxelTypes), fc.boolean(), boxShares, async (volume, littleEndian, shares) => {
        const compression = littleEndian ? "none" : "deflate"
        await expectHolds(await putPlanes(volume, { littleEndian, compression }), volume, { voxelSize: 1 }, shares)
      }),
      { numRuns: 30 },
    )
  })
  it("beside other files; the scale of the first", async () => {
    const description = "ImageJ=1.54f\nunit=micron\nspacing=0.5\n"
    const file = await putPlanes(made, { description, resolution: 5 })
    await writeFile(path("planes/log.txt"), "x")
    await writeFile(path("planes/.hidden.tif"), "x")
    await expectHolds(file, made, {}, all, [2e-7, 2e-7, 5e-7])
  })
  it("refused: nothing in it, text among it, pages that differ or are many", async () => {
    await mkdir(path("empty"))
    expect(await refusalBy(path("empty"))).toMatchObject({
      trouble: "unknown format",
      reason: expect.stringMatching(/folder without TIFF files or Zarr metadata; in it: nothing/),
    })
    const file = await putPlanes(made)
    await writeFile(path("planes/Slice_9.TIF"), "text")
    expect(await refusalBy(file, { voxelSize: 1 })).toMatchObject({
      trouble: "unknown format",
      file: path("planes/Slice_9.TIF"),
      reason: expect.stringMatching(/bytes 74657874, like no TIFF/),
    })
    const other = madeTiff({ width: 6, height: 4, pages: [new Uint16Array(24)] })
    await writeFile(path("planes/Slice_9.TIF"), other)
    expect(await refusalBy(file, { voxelSize: 1 })).toMatchObject({
      trouble: "unsupported",
      reason: expect.stringMatching(/Slice_9.TIF has 6 × 4 pixels of uint16, the first one 6 × 5/),
    })
    const two = madeTiff({ width: 6, height: 5, pages: [new Uint16Array(30), new Uint16Array(30)] })
    await writeFile(path("planes/Slice_9.TIF"), two)
    expect(await refusalBy(file, { voxelSize: 1 })).toMatchObject({ reason: expect.stringMatching(/2 pages/) })
  })
  it("one of them cut off or turned over: refused, or read", async () => {
    const file = await putPlanes(made, { compression: "lzw" })
    const bytes = madeTiff({ width: 6, height: 5, pages: [made.values.slice(0, 30)], compression: "lzw" })
    const put = async (damaged: Uint8Array): Promise<string> => {
      await writeFile(path("planes/Slice_9.TIF"), damaged)
      return file
    }
    await expectSturdy({ put, bytes, cuts: 20, turns: 60, spare: 1 })
  })
})

describe("files of other programs", () => {
  const values = Uint16Array.from({ length: 24 }, (_, i) => 100 * i)
  const made = { shape: [4, 3, 2] as const, type: "uint16" as const, values }
  it("tifffile's stack for ImageJ, whose planes have no directories, and its OME-TIFF", async () => {
    await writeFile(path("a.tif"), foreignFile("imageJ"))
    await expectHolds(path("a.tif"), made, {}, [0.3, 0, 0.5, 1, 0.5, 1], [2e-7, 2e-7, 5e-7])
    await writeFile(path("b.tif"), foreignFile("ome"))
    await expectHolds(path("b.tif"), made, {}, [0.3, 0, 0.5, 1, 0.5, 1], [2e-7, 2e-7, 5e-7])
  })
  it("nibabel's packed NIfTI", async () => {
    await writeFile(path("c.nii.gz"), foreignNifti)
    const tens = { ...made, type: "int16" as const, values: Int16Array.from({ length: 24 }, (_, i) => 10 * i) }
    await expectHolds(path("c.nii.gz"), tens, {}, [0.3, 0, 0.5, 1, 0.5, 1], [1e-6, 2e-6, 3e-6])
  })
  it("Pillow's JPEG in TIFF, as near as that is", async () => {
    await writeFile(path("d.tif"), foreignFile("jpeg"))
    const pixels = await withVolume(path("d.tif"), { voxelSize: 1 }, (source) => {
      expect(source.shape).toEqual([32, 24, 1])
      return source.read(wholeBox(source.shape))
    })
    pixels.forEach((pixel, i) => {
      expect(Math.abs(pixel - Math.floor(i / 3))).toBeLessThanOrEqual(4)
    })
    const put = async (bytes: Uint8Array): Promise<string> => {
      await writeFile(path("e.tif"), bytes)
      return path("e.tif")
    }
    await expectSturdy({ put, bytes: foreignFile("jpeg"), cuts: 10, turns: 60 })
  })
})
