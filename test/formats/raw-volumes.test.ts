import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { Effect } from "effect"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { voxelTypes } from "../../src/formats/voxel-type.ts"
import type { Triple } from "../../src/image/brick.ts"
import { expectSturdy } from "./made/damage.ts"
import { madeMetaImage, madeNifti, madeNrrd, type RawRecipe, voxelBytesOf } from "./made/raw.ts"
import { boxShares, expectHolds, type MadeVolume, madeVolume, refusalBy, volumes, withVolume } from "./made/volume.ts"

let folder = ""
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "raw-"))
})
afterAll(() => rm(folder, { recursive: true }))
const path = (name: string): string => join(folder, name)
const put = async (name: string, bytes: Uint8Array | string): Promise<string> => {
  await writeFile(path(name), bytes)
  return path(name)
}
const all = [0, 0, 0, 1, 1, 1]
const made = madeVolume([6, 5, 3], "int16", 3)

describe("any box of any dialect, whatever its name", () => {
  const dialects = fc.record({ littleEndian: fc.boolean(), packed: fc.boolean() })
  it.each([
    ["NRRD", (volume: MadeVolume, recipe: RawRecipe) => madeNrrd(volume, recipe)],
    ["MetaImage", (volume: MadeVolume, recipe: RawRecipe) => madeMetaImage(volume, recipe)],
    ["NIfTI", (volume: MadeVolume, recipe: RawRecipe) => madeNifti(volume, recipe)],
    ["NIfTI-2", (volume: MadeVolume, recipe: RawRecipe) => madeNifti(volume, { ...recipe, version: 2 })],
  ])("%s", async (format, encoded) => {
    await fc.assert(
      fc.asyncProperty(volumes(voxelTypes), dialects, boxShares, async (volume, dialect, shares) => {
        const file = await put("volume.bin", encoded(volume, dialect))
        await expectHolds(file, volume, { voxelSize: [1e-7, 2e-7, 3e-7], scratch: folder }, shares, [1e-7, 2e-7, 3e-7])
        await withVolume(file, { voxelSize: 1 }, (source) => Effect.sync(() => expect(format).toContain(source.format)))
      }),
      { numRuns: 60 },
    )
    expect((await readdir(folder)).filter((name) => name.startsWith("synchrode"))).toEqual([])
  })

  it("voxels in another file", async () => {
    await put("data.raw", Buffer.concat([Buffer.from("line\n12"), voxelBytesOf(made, false)]))
    const skipping = { littleEndian: false, lines: ["line skip: 1", "byte skip: 2"] }
    await expectHolds(await put("a.nhdr", madeNrrd(made, skipping, "data.raw")), made, { voxelSize: 1 }, all)
    const fromEnd = { littleEndian: false, lines: ["byte skip: -1"] }
    await expectHolds(await put("b.nhdr", madeNrrd(made, fromEnd, "data.raw")), made, { voxelSize: 1 }, all)
    const header = { littleEndian: false, lines: ["HeaderSize = 7"] }
    await expectHolds(await put("c.mhd", madeMetaImage(made, header, "data.raw")), made, { voxelSize: 1 }, all)
    const last = { littleEndian: false, lines: ["HeaderSize = -1"] }
    await expectHolds(await put("d.mhd", madeMetaImage(made, last, "data.raw")), made, { voxelSize: 1 }, all)
    for (const file of [
      await put("e.nhdr", madeNrrd(made, {}, "nowhere.raw")),
      await put("f.mhd", madeMetaImage(made, {}, "nowhere.raw")),
    ]) {
      expect(await refusalBy(file, { voxelSize: 1 })).toMatchObject({ trouble: "missing" })
    }
  })

  it("values that a header scales", async () => {
    const scaled = { ...made, type: "float32" as const, values: Float32Array.from(made.values, (v) => v * 0.5 + 3) }
    await expectHolds(await put("s.nii", madeNifti(made, { slope: 0.5, offset: 3 })), scaled, { voxelSize: 1 }, all)
  })

  it("whole numbers of 64 bits, as far as they are labels", async () => {
    const numbers = BigInt64Array.of(0n, 5n, -7n, 2n ** 31n - 1n, 1n, 2n)
    const bytes = new Uint8Array(numbers.buffer)
    const lines = ["NRRD0004", "type: int64", "dimension: 3", "sizes: 3 2 1", "endian: little", "encoding: raw", "", ""]
    const head = Buffer.from(lines.join("\n"))
    const volume = { shape: [3, 2, 1] as const, type: "int32" as const, values: Int32Array.from(numbers, Number) }
    await expectHolds(await put("long.nrrd", Buffer.concat([head, bytes])), volume, { voxelSize: 1 }, all)
    numbers[2] = 2n ** 31n
    const beyond = await refusalBy(await put("long.nrrd", Buffer.concat([head, bytes])), { voxelSize: 1 })
    expect(beyond).toMatchObject({ trouble: "unsupported", reason: expect.stringContaining("beyond 2³¹") })
  })
})

describe("raw voxels with a header", () => {
  const orders = fc.constantFrom("xyz", "xzy", "yxz", "yzx", "zxy", "zyx")
  it("in any order of axes", async () => {
    await fc.assert(
      fc.asyncProperty(volumes(voxelTypes), orders, fc.nat(9), boxShares, async (volume, axes, skip, shares) => {
        const order = [...axes].map((axis) => "xyz".indexOf(axis))
        const sizes = order.map((axis) => volume.shape[axis])
        const stored = volume.values.slice()
        let at = 0
        for (let k = 0; k < sizes[2]; k++)
          for (let j = 0; j < sizes[1]; j++)
            for (let i = 0; i < sizes[0]; i++) {
              const place = [0, 0, 0]
              for (const [step, axis] of order.entries()) place[axis] = [i, j, k][step]
              stored[at++] = volume.values[place[0] + volume.shape[0] * (place[1] + volume.shape[1] * place[2])]
            }
        await put("r.raw", Buffer.concat([new Uint8Array(skip), voxelBytesOf({ values: stored }, false)]))
        const header = {
          "raw-volume": 1,
          file: "r.raw",
          shape: volume.shape,
          type: volume.type,
          "byte-order": "big",
          axes,
          skip,
          "voxel-size": ["1 um", "0.2 um", "30 nm"],
        }
        await expectHolds(await put("r.json", JSON.stringify(header)), volume, {}, shares, [1e-6, 2e-7, 3e-8])
      }),
      { numRuns: 60 },
    )
  })

  it("beside the file, in either notation", async () => {
    await put("e.raw", voxelBytesOf(made, true))
    await put(
      "e.raw.yaml",
      "# mine\nraw-volume: 1\nshape: [6, 5, 3]\ntype: int16\nbyte-order: little\nvoxel-size: 398 nm\n",
    )
    await expectHolds(path("e.raw"), made, {}, all, [398e-9, 398e-9, 398e-9])
    await expectHolds(path("e.raw.yaml"), made, {}, all, [398e-9, 398e-9, 398e-9])
    await put("f.raw", voxelBytesOf(made, true))
    await put(
      "f.json",
      '{"raw-volume": 1, "file": "f.raw", "shape": [6, 5, 3], "type": "int16", "byte-order": "little"}',
    )
    await expectHolds(path("f.raw"), made, { voxelSize: 2 }, all, [2, 2, 2])
    expect(await refusalBy(path("f.raw"))).toMatchObject({
      _tag: "VoxelSizeMissing",
      found: "its header has no voxel-size",
    })
  })

  it.each([
    [
      "raw-volume: 1\nshape: [6, 5, 300]\ntype: int16\nbyte-order: little\n",
      "truncated",
      /6 × 5 × 300 voxels of int16/,
    ],
    ["raw-volume: 1\nshape: [1000000, 1000000, 1]\ntype: uint8\n", "truncated", /1000000 × 1000000/],
    ["raw-volume: 1\nshape: [6, 0, 3]\ntype: uint8\n", "damaged", /g\.raw\.yaml:2:12: shape\[1\]: .*0/],
    ["raw-volume: 1\nshape: [6, 5, 3]\ntype: int16\n", "damaged", /byte-order of int16/],
    ["raw-volume: 1\nshape: [6, 5, 3]\ntype: complex\n", "damaged", /type/],
    ["raw-volume: 2\nshape: [6, 5, 3]\ntype: uint8\n", "damaged", /raw-volume/],
    ["raw-volume: 1\nshape: [6, 5, 3]\ntype: uint8\nvoxel-size: 3 s\n", "damaged", /voxel-size: .*time/],
    ["raw-volume: 1\nshape: [6, 5, 3]\ntype: uint8\nendian: little\n", "damaged", /endian/],
    ["raw-volume: 1\nshape: [6, 5\n", "damaged", /g\.raw\.yaml/],
  ])("refused: %j", async (header, trouble, message) => {
    await put("g.raw", voxelBytesOf(made, true))
    const problem = await refusalBy(await put("g.raw.yaml", header), { voxelSize: 1 })
    expect(problem).toMatchObject({ _tag: "TomogramUnreadable", trouble })
    expect(problem.message).toMatch(message)
  })
})

describe("scale", () => {
  const nrrd = (...lines: string[]) => madeNrrd(made, { lines })
  const meta = (...lines: string[]) => madeMetaImage(made, { lines })
  it.each<readonly [string, Uint8Array, Triple]>([
    ["NRRD spacings", nrrd("spacings: 0.398 0.398 -0.5", 'units: "um" "µm" "micron"'), [398e-9, 398e-9, 5e-7]],
    [
      "NRRD directions",
      nrrd("space directions: (0,4,0) (3,0,0) (0,0,-5)", 'space units: "nm" "nm" "nm"'),
      [4e-9, 3e-9, 5e-9],
    ],
    ["MetaImage", meta("ElementSpacing = 1 2 3", "DistanceUnits = um"), [1e-6, 2e-6, 3e-6]],
    ["NIfTI mm", madeNifti(made, { edges: [0.001, 0.002, 0.1], unit: 2 }), [1e-6, 2e-6, 1e-4]],
    ["NIfTI µm", madeNifti(made, { edges: [0.398, 0.398, 0.5], unit: 3 + 8, version: 2 }), [398e-9, 398e-9, 5e-7]],
  ])("%s", async (_, bytes, spacing) => {
    await expectHolds(await put("scaled.bin", bytes), made, {}, all, spacing)
    await withVolume(path("scaled.bin"), {}, (source) => Effect.sync(() => expect(source.spacing).toEqual(spacing)))
  })
  it.each([
    ["NRRD without spacings", nrrd(), /states no spacings/],
    ["NRRD without unit", nrrd("spacings: 1 1 2"), /spacings 1, 1, 2 have no unit/],
    [
      "NRRD directions without unit",
      nrrd("space directions: (1,0,0) (0,1,0) (0,0,2)"),
      /measure 1, 1, 2, in no stated unit/,
    ],
    ["NRRD in seconds", nrrd("spacings: 1 1 2", 'units: "s" "s" "s"'), /"s"/],
    ["MetaImage without spacing", meta(), /no ElementSpacing/],
    ["MetaImage without unit", meta("ElementSpacing = 0.4 0.4 0.4"), /ElementSpacing 0.4 0.4 0.4 has no unit/],
    ["NIfTI without unit", madeNifti(made, { edges: [0.4, 0.4, 0.4] }), /pixdim 0.4, 0.4, 0.4 has no unit/],
    ["NIfTI without edges", madeNifti(made, { edges: [0, 0, 0], unit: 2 }), /pixdim is 0, 0, 0/],
  ])("is not guessed: %s", async (_, bytes, found) => {
    expect(await refusalBy(await put("sizeless.bin", bytes))).toMatchObject({
      _tag: "VoxelSizeMissing",
      file: path("sizeless.bin"),
      found: expect.stringMatching(found),
    })
  })
})

describe("refused", () => {
  const nrrd = (...instead: string[]) => madeNrrd(made, { instead })
  const meta = (...instead: string[]) => madeMetaImage(made, { instead })
  const packedNrrd = (...instead: string[]) => madeNrrd(made, { instead, packed: true })
  it.each([
    ["NRRD 10⁶ × 10⁶", nrrd("sizes: 1000000 1000000 1"), "truncated", /1000000 × 1000000 × 1 voxels of int16/],
    ["NRRD 10⁶ × 10⁶ packed", packedNrrd("sizes: 1000000 1000000 1"), "truncated", /cannot unpack/],
    ["NRRD beyond all", nrrd("sizes: 1e20 1 1"), "damaged", /claims a volume/],
    ["NRRD of negative size", nrrd("sizes: -6 5 3"), "damaged", /-6/],
    ["NRRD of no size", nrrd("sizes: a b c"), "damaged", /NaN/],
    ["NRRD block", nrrd("type: block"), "unsupported", /"block"/],
    ["NRRD text", nrrd("encoding: ascii"), "unsupported", /"ascii"/],
    ["NRRD of no order", nrrd("endian: middle"), "damaged", /"middle"/],
    ["NRRD colours", madeNrrd(made, { lines: ["kinds: RGB-color domain domain"] }), "unsupported", /rgb-color/],
    [
      "NRRD skew",
      madeNrrd(made, { lines: ["space directions: (1,0,0) (1,1,0) (0,0,1)"] }),
      "unsupported",
      /right angles/,
    ],
    ["NRRD many files", madeNrrd(made, {}, "LIST"), "unsupported", /many files/],
    ["NRRD without end", madeNrrd(made).subarray(0, 60), "truncated", /no end/],
    ["MetaImage 10⁶ × 10⁶", meta("DimSize = 1000000 1000000 1"), "truncated", /1000000 × 1000000/],
    ["MetaImage colours", madeMetaImage(made, { lines: ["ElementNumberOfChannels = 3"] }), "unsupported", /3 channels/],
    ["MetaImage type", meta("ElementType = MET_STRING"), "unsupported", /MET_STRING/],
    ["MetaImage text", meta("BinaryData = False"), "unsupported", /text/],
    ["MetaImage of four", meta("NDims = 4", "DimSize = 6 5 1 3"), "unsupported", /6 × 5 × 1 × 3/],
    ["MetaImage of negative size", meta("DimSize = 6 -5 3"), "damaged", /-5/],
    [
      "NIfTI 10⁶ × 10⁶",
      madeNifti(made, { version: 2, dimensions: [3, 1e6, 1e6, 1] }),
      "truncated",
      /1000000 × 1000000/,
    ],
    ["NIfTI packed", madeNifti(made, { packed: true, dimensions: [3, 30000, 30000, 9] }), "truncated", /cannot unpack/],
    ["NIfTI colours", madeNifti(made, { type: 128 }), "unsupported", /data type 128/],
    ["NIfTI of four", madeNifti(made, { dimensions: [4, 6, 5, 1, 3] }), "unsupported", /6 × 5 × 1 × 3/],
    ["NIfTI of negative size", madeNifti(made, { dimensions: [3, 6, -5, 3] }), "damaged", /-5/],
    ["gzip of something else", gzipSync(Buffer.from("text")), "unknown format", /no NIfTI/],
    ["nothing known", Buffer.from([7, 8, 9, 200]), "unknown format", /begins with the bytes 070809c8, like no volume/],
  ])("%s", async (_, bytes, trouble, message) => {
    const problem = await refusalBy(await put("refused.bin", bytes), { voxelSize: 1 })
    expect(problem).toMatchObject({ _tag: "TomogramUnreadable", trouble })
    expect(problem.message).toMatch(message)
  })

  it("cut off anywhere, or with bits turned over: refused, or read", async () => {
    const files: readonly (readonly [string, Uint8Array, number])[] = [
      ["nrrd", madeNrrd(made, { lines: ["spacings: 1 1 1"] }), 0],
      ["nrrd.packed", madeNrrd(made, { packed: true }), 0],
      ["mha", madeMetaImage(made), 0],
      ["mha.packed", madeMetaImage(made, { packed: true }), 0],
      ["nii", madeNifti(made, { unit: 2 }), 0],
      ["nii.gz", madeNifti(made, { packed: true }), 0],
      ["nii2", madeNifti(made, { version: 2 }), 0],
    ]
    for (const [name, bytes, spare] of files) {
      await expectSturdy({ put: (damaged) => put(`damaged.${name}`, damaged), bytes, cuts: 40, turns: 150, spare })
    }
    await put("damaged.raw", voxelBytesOf(made, true))
    for (const bytes of [madeNrrd(made, {}, "damaged.raw"), madeMetaImage(made, {}, "damaged.raw")]) {
      // Without its last letter the name of the other file is another one.
      await expectSturdy({ put: (damaged) => put("damaged.header", damaged), bytes, cuts: 30, turns: 100, spare: 1 })
    }
    const header = "raw-volume: 1\nshape: [6, 5, 3]\ntype: int16\nbyte-order: little\nvoxel-size: 398 nm\n"
    const bytes = Buffer.from(header)
    const spare = "byte-order: little\nvoxel-size: 398 nm\n".length
    await expectSturdy({ put: (damaged) => put("damaged.raw.yaml", damaged), bytes, cuts: 30, turns: 100, spare })
    expect((await readdir(folder)).filter((name) => name.startsWith("synchrode"))).toEqual([])
  })
})
