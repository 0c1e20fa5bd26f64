import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { voxelTypes } from "../../src/formats/voxel-type.ts"
import { expectSturdy } from "./made/damage.ts"
import { foreignZarr } from "./made/foreign.ts"
import { boxShares, expectHolds, type MadeVolume, madeVolume, refusalBy, volumes } from "./made/volume.ts"
import { madeMultiscales, madeZarrArray, madeZarrGroup, putFolder, type ZarrRecipe } from "./made/zarr.ts"

let folder = ""
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "zarr-"))
})
afterAll(() => rm(folder, { recursive: true }))
const path = (name: string): string => join(folder, name)
const all = [0, 0, 0, 1, 1, 1]
const made = madeVolume([6, 5, 3], "uint16", 3)
const plain: ZarrRecipe = { chunks: [2, 3, 4] }
const space = (unit?: string) =>
  ["z", "y", "x"].map((name) => ({ name, type: "space", ...(unit === undefined ? {} : { unit }) }))

const putArray = (volume: MadeVolume, recipe: ZarrRecipe, name = "array.zarr") =>
  putFolder(path(name), { "": madeZarrArray(volume, recipe) })

describe("Zarr", () => {
  it("any box of any layout", async () => {
    const edge = fc.integer({ min: 1, max: 6 })
    const recipes = fc.record({
      version: fc.constantFrom(2 as const, 3 as const),
      chunks: fc.tuple(edge, edge, edge),
      compression: fc.constantFrom("none" as const, "gzip" as const, "zlib" as const, "zstd" as const),
      littleEndian: fc.boolean(),
      leading: fc.integer({ min: 0, max: 2 }),
      parts: fc.constantFrom(1, 2),
      sharded: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(volumes(voxelTypes), recipes, boxShares, async (volume, drawn, shares) => {
        const { parts, sharded, ...recipe } = drawn
        const chunks = recipe.chunks.map((length) => length * parts) as unknown as ZarrRecipe["chunks"]
        const inner = recipe.version === 3 && sharded ? { inner: recipe.chunks } : {}
        const file = await putArray(volume, { ...recipe, chunks, ...inner })
        await expectHolds(file, volume, { voxelSize: [1, 2, 3] }, shares, [1, 2, 3])
      }),
      { numRuns: 60 },
    )
  })

  it("chunks that are absent hold the fill value", async () => {
    const values = made.values.slice()
    for (let y = 0; y < 3; y++) for (let x = 0; x < 4; x++) for (let z = 0; z < 2; z++) values[x + 6 * (y + 5 * z)] = 0
    await expectHolds(await putArray(made, { ...plain, absent: [0] }), { ...made, values }, { voxelSize: 1 }, all)
  })

  it("folders of another program: Blosc, and big-endian with x slowest", async () => {
    for (const files of Object.values(foreignZarr)) {
      const bytes = Object.entries(files).map(
        ([name, text]) => [name, new Uint8Array(Buffer.from(text, "base64"))] as const,
      )
      const file = await putFolder(path("foreign.zarr"), { "": new Map(bytes) })
      const values = Uint16Array.from({ length: 24 }, (_, i) => 100 * i)
      const volume = { shape: [4, 3, 2] as const, type: "uint16" as const, values }
      await expectHolds(file, volume, { voxelSize: 1 }, [0.3, 0, 0.5, 1, 0.5, 1])
    }
  })
})

describe("OME-Zarr", () => {
  const coarse = madeVolume([3, 2, 1], "uint16", 1)
  it.each([2, 3] as const)(
    "the finest image with its scale, or a coarser one by name (version %i)",
    async (version) => {
      const image = madeMultiscales(
        [{ name: "c", type: "channel" }, ...space("micrometer")],
        [
          { path: "fine", scale: [1, 0.5, 0.25, 0.25] },
          { path: "1", scale: [1, 1, 0.5, 0.5] },
        ],
        [1, 2, 1, 1],
      )
      const file = await putFolder(path("image.zarr"), {
        "": madeZarrGroup(version, version === 3 ? { ome: { version: "0.5", ...image } } : image),
        fine: madeZarrArray(made, { ...plain, version, leading: 1 }),
        1: madeZarrArray(coarse, { chunks: [1, 2, 3], version, leading: 1 }),
        "labels/cells": madeZarrGroup(version, {
          ...(version === 3 ? { ome: madeMultiscales(space("nanometer"), [{ path: "0", scale: [3, 2, 1] }]) } : {}),
          ...(version === 2 ? madeMultiscales(space("nanometer"), [{ path: "0", scale: [3, 2, 1] }]) : {}),
        }),
        "labels/cells/0": madeZarrArray(made, { ...plain, version }),
      })
      await expectHolds(file, made, {}, all, [2.5e-7, 2.5e-7, 1e-6])
      await expectHolds(file, coarse, { dataset: "1" }, all, [5e-7, 5e-7, 2e-6])
      await expectHolds(file, made, { dataset: "/labels/cells" }, all, [1e-9, 2e-9, 3e-9])
      await expectHolds(file, made, { dataset: "labels/cells/0" }, all, [1e-9, 2e-9, 3e-9])
      expect(await refusalBy(file, { dataset: "nowhere" })).toMatchObject({
        trouble: "unsupported",
        reason: expect.stringMatching(/nothing at nowhere; it has 1, fine/),
      })
    },
  )

  it("axes in the order in which they are named", async () => {
    const axes = ["x", "z", "y"].map((name) => ({ name, type: "space", unit: "micrometer" }))
    const stored = madeVolume([5, 3, 6], "uint16", 8)
    const values = made.values.map((_, i) => {
      const [x, y, z] = [i % 6, Math.floor(i / 6) % 5, Math.floor(i / 30)]
      return stored.values[y + 5 * (z + 3 * x)]
    })
    const file = await putFolder(path("turned.zarr"), {
      "": madeZarrGroup(2, madeMultiscales(axes, [{ path: "0", scale: [1, 3, 2] }])),
      0: madeZarrArray(stored, { ...plain, version: 2 }),
    })
    await expectHolds(file, { ...made, values }, {}, [0.3, 0.4, 0, 1, 0.5, 1], [1e-6, 2e-6, 3e-6])
  })

  it.each<readonly [string, readonly unknown[], readonly number[] | undefined, RegExp]>([
    ["no unit", space(), [1, 1, 1], /scale 1, 1, 1 \(x, y, z\) has no unit/],
    ["a unit of time", space("second"), [1, 1, 1], /is in "second"/],
    ["no scale", space("micrometer"), undefined, /multiscales have no scale/],
    ["nothing", [], [1, 1, 1], /no OME metadata for these axes/],
  ])("scale is not guessed: %s", async (_, axes, scale, found) => {
    const level = scale === undefined ? { path: "0" } : { path: "0", scale }
    const file = await putFolder(path("sizeless.zarr"), {
      "": madeZarrGroup(2, madeMultiscales(axes, [level])),
      0: madeZarrArray(made, { ...plain, version: 2 }),
    })
    expect(await refusalBy(file)).toMatchObject({ _tag: "VoxelSizeMissing", found: expect.stringMatching(found) })
  })

  it("groups without images: the only array, or none of several", async () => {
    const one = { "": madeZarrGroup(3), "a/b": madeZarrArray(made, plain), a: madeZarrGroup(3) }
    await expectHolds(await putFolder(path("group.zarr"), one), made, { voxelSize: 1 }, all)
    const two = { ...one, c: madeZarrArray(coarse, { chunks: [1, 1, 1] }) }
    expect(await refusalBy(await putFolder(path("group.zarr"), two), { voxelSize: 1 })).toMatchObject({
      trouble: "ambiguous",
      reason: expect.stringMatching(/name one as its dataset: a\/b, c/),
    })
  })
})

describe("Zarr that is refused", () => {
  const change = (files: Map<string, Uint8Array>, name: string, edit: (text: string) => string) =>
    new Map(files).set(name, Buffer.from(edit(Buffer.from(files.get(name)!).toString())))
  const array = madeZarrArray(made, { ...plain, version: 2, compression: "gzip" })
  const put = (files: Map<string, Uint8Array>) => putFolder(path("refused.zarr"), { "": files })
  it.each<readonly [string, Map<string, Uint8Array>, string, RegExp]>([
    [
      "10⁶ × 10⁶ of which a little is stored",
      change(array, ".zarray", (text) => text.replace("[3,5,6]", "[3,1000000,1000000]")),
      "truncated",
      /1000000 × 1000000 × 3 voxels/,
    ],
    [
      "chunks of 10⁶ × 10⁶",
      change(array, ".zarray", (text) =>
        text.replace("[3,5,6]", "[3,1000000,1000000]").replace("[2,3,4]", "[1,1000000,1000000]"),
      ),
      "unsupported",
      /chunks of 1 × 1000000 × 1000000, too large/,
    ],
    [
      "chunks that unpack to more than they may",
      new Map(array).set(
        "0.0.0",
        madeZarrArray(madeVolume([99, 99, 9], "uint16", 1), {
          chunks: [9, 99, 99],
          version: 2,
          compression: "gzip",
        }).get("0.0.0")!,
      ),
      "damaged",
      /chunk 0, 0, 0 of its array cannot be read/,
    ],
    ["no voxels", change(array, ".zarray", (text) => text.replace("[3,5,6]", "[3,0,6]")), "damaged", /3 × 0 × 6/],
    [
      "negative chunks",
      change(array, ".zarray", (text) => text.replace("[2,3,4]", "[2,-3,4]")),
      "damaged",
      /2 × -3 × 4/,
    ],
    ["words", change(array, ".zarray", (text) => text.replace("<u2", "<U4")), "unsupported", /holds v2:U4/],
    ["half precision", change(array, ".zarray", (text) => text.replace("<u2", "<f2")), "unsupported", /holds float16/],
    ["no JSON", change(array, ".zarray", (text) => text.slice(0, 40)), "damaged", /what describes it is damaged/],
    [
      "an unknown codec",
      change(array, ".zarray", (text) => text.replace("gzip", "wavelet")),
      "damaged",
      /cannot be read: .*wavelet/,
    ],
    ["two channels", madeZarrArray(made, plain), "unsupported", /2 of axis c/],
  ])("%s", async (name, files, trouble, message) => {
    const file =
      name === "two channels"
        ? await putFolder(path("refused.zarr"), {
            "": madeZarrGroup(2, madeMultiscales([{ name: "c" }, { name: "y" }, { name: "x" }], [{ path: "0" }])),
            0: madeZarrArray(madeVolume([6, 5, 2], "uint8", 1), { ...plain, version: 2 }),
          })
        : await put(files)
    const problem = await refusalBy(file, { voxelSize: 1 })
    expect(problem).toMatchObject({ _tag: "TomogramUnreadable", trouble })
    expect(problem.message).toMatch(message)
    expect(problem.message).toMatch(/refused\.zarr: read as OME-Zarr: /)
  })

  it("cut off anywhere, or with bits turned over: refused, or read", async () => {
    const cases: readonly (readonly [ZarrRecipe, string])[] = [
      [{ ...plain, version: 2, compression: "zlib" }, "0.0.0"],
      [{ ...plain, version: 2 }, ".zarray"],
      [{ ...plain, compression: "zstd" }, "c/0/0/0"],
      [{ ...plain, compression: "gzip", inner: [1, 3, 2] }, "c/0/0/0"],
      [plain, "zarr.json"],
    ]
    for (const [recipe, name] of cases) {
      const files = madeZarrArray(made, recipe)
      await expectSturdy({
        put: (bytes) => putFolder(path("damaged.zarr"), { "": new Map(files).set(name, bytes) }),
        bytes: files.get(name)!,
        cuts: 12,
        turns: 50,
      })
    }
    const files = new Map<string, Uint8Array>(
      Object.entries(foreignZarr.blosc).map(([name, text]) => [name, new Uint8Array(Buffer.from(text, "base64"))]),
    )
    await expectSturdy({
      put: (bytes) => putFolder(path("damaged.zarr"), { "": new Map(files).set("0.0.0", bytes) }),
      bytes: files.get("0.0.0")!,
      cuts: 20,
      turns: 100,
    })
  })
})
