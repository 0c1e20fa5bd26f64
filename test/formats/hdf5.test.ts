import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openHdf5 } from "../../src/formats/hdf5.ts"
import type { VoxelArray } from "../../src/formats/volume-source.ts"
import { type VoxelType, voxelTypeOf, voxelTypes } from "../../src/formats/voxel-type.ts"
import type { Triple } from "../../src/image/brick.ts"
import { expectSturdy } from "./made/damage.ts"
import { foreignFile } from "./made/foreign.ts"
import { type Hdf5Contents, type Hdf5Recipe, madeHdf5 } from "./made/hdf5.ts"
import { boxShares, expectHolds, madeVolume, refusalBy, volumes } from "./made/volume.ts"

let folder = ""
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hdf5-"))
})
afterAll(() => rm(folder, { recursive: true }))
const path = (name: string): string => join(folder, name)
const all = [0, 0, 0, 1, 1, 1]
const made = madeVolume([6, 5, 3], "uint16", 3)

const put = async (contents: Hdf5Contents, recipe: Hdf5Recipe = {}, name = "volume.bin"): Promise<string> => {
  await writeFile(path(name), madeHdf5(path("making.h5"), contents, recipe))
  return path(name)
}

describe("HDF5", () => {
  it("any box of any layout", async () => {
    const recipes = fc.record({
      chunked: fc.boolean(),
      edges: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 3, maxLength: 3 }),
      packed: fc.boolean(),
      leading: fc.integer({ min: 0, max: 2 }),
    })
    await fc.assert(
      fc.asyncProperty(volumes(voxelTypes), recipes, boxShares, async (volume, recipe, shares) => {
        const { chunked, edges, packed, leading } = recipe
        const chunks = chunked ? edges.map((edge, k) => Math.min(edge, volume.shape[2 - k])) : undefined
        const file = await put(
          { "/entry/data/data": volume },
          { ...(chunks === undefined ? {} : { chunks, packed }), leading },
        )
        await expectHolds(file, volume, { voxelSize: [1, 2, 3], dataset: "entry/data/data" }, shares, [1, 2, 3])
      }),
      { numRuns: 10 },
    )
  })

  it("whole numbers of 64 bits, as far as they are labels", async () => {
    const numbers = Array.from({ length: 24 }, (_, i) => i * 1000)
    const shape = [2, 3, 4]
    const int32 = { shape: [4, 3, 2] as const, type: "int32" as VoxelType, values: Int32Array.from(numbers) }
    const long = { data: BigInt64Array.from(numbers, BigInt), shape }
    await expectHolds(await put({ "/a": long }), int32, { voxelSize: 1 }, all)
    const beyond = { data: BigInt64Array.from(numbers, (number) => BigInt(number) << 20n), shape }
    expect(await refusalBy(await put({ "/a": beyond }), { voxelSize: 1 })).toMatchObject({
      trouble: "unsupported",
      reason: expect.stringContaining("beyond 2³¹"),
    })
  })

  it("files of another program: big-endian, truth values, other packing", async () => {
    await writeFile(path("foreign.h5"), foreignFile("hdf5"))
    const numbers = Array.from({ length: 24 }, (_, i) => i)
    const volume = (values: VoxelArray) => ({ shape: [4, 3, 2] as const, type: voxelTypeOf(values), values })
    const held: Readonly<Record<string, VoxelArray>> = {
      big: Int32Array.from(numbers, (number) => 1000 * number),
      flag: Int8Array.from(numbers, (number) => (number % 3 === 0 ? 1 : 0)),
      lzf: Uint16Array.from(numbers, (number) => 100 * number),
      long: Int32Array.from(numbers, (number) => number - 12),
    }
    for (const [dataset, values] of Object.entries(held)) {
      await expectHolds(path("foreign.h5"), volume(values), { voxelSize: 1, dataset }, [0.3, 0, 0.5, 1, 0.5, 1])
    }
    await expectHolds(path("foreign.h5"), volume(held.lzf), { dataset: "lzf" }, all, [1.25e-7, 2.5e-7, 5e-7])
  })

  it("the usual dataset, the only volume, or the one that is named", async () => {
    const other = madeVolume([4, 4, 4], "float32", 9)
    const usual = await put({ "/first": other, "/exchange/data": made, "/exchange/data_white": other })
    await expectHolds(usual, made, { voxelSize: 1 }, all)
    await expectHolds(usual, other, { voxelSize: 1, dataset: "/exchange/data_white/" }, all)
    const only = await put({ "/a/b/c/d": made, "/a/list": { data: Float64Array.of(1, 2, 3) }, "/a/word": "text" })
    await expectHolds(only, made, { voxelSize: 1 }, all)
    const several = await put({ "/a": made, "/b": other })
    expect(await refusalBy(several, { voxelSize: 1 })).toMatchObject({
      trouble: "ambiguous",
      reason: expect.stringMatching(/name one as its dataset: \/a \(3 × 5 × 6\), \/b \(4 × 4 × 4\)$/),
    })
    expect(await refusalBy(several, { voxelSize: 1, dataset: "/c" })).toMatchObject({
      trouble: "unsupported",
      reason: expect.stringMatching(/no dataset \/c; it has \/a .*\/b/),
    })
    const plane = madeVolume([6, 5, 1], "uint8", 2)
    await expectHolds(await put({ "/picture": plane }), plane, { voxelSize: 1 }, all)
  })

  it("the dataset that a NeXus file marks", async () => {
    const other = madeVolume([4, 4, 4], "float32", 9)
    const file = await put({
      "/entry/raw/data": other,
      "/entry/result/absorption": made,
      "@default": "entry",
      "/entry@default": "result",
      "/entry/result@signal": "absorption",
    })
    await expectHolds(file, made, { voxelSize: 1 }, all)
  })

  it("planes that lie in other files, all of which must be there", async () => {
    await writeFile(path("virtual.h5"), foreignFile("virtualHdf5"))
    const plane = (z: number) => madeVolume([4, 3, 1], "uint16", z)
    const values = Uint16Array.from([...plane(0).values, ...plane(1).values])
    for (const z of [0, 1]) {
      const missing = await refusalBy(path("virtual.h5"), { voxelSize: 1 })
      expect(missing).toMatchObject({
        trouble: "missing",
        reason: expect.stringContaining(`values of /data lie in part${z}.h5, which is not there`),
      })
      await put({ "/d": plane(z) }, {}, `part${z}.h5`)
    }
    await expectHolds(path("virtual.h5"), { shape: [4, 3, 2], type: "uint16", values }, { voxelSize: 1 }, all)
  })

  const size = (name: string, ...edges: number[]): Hdf5Contents => ({ [name]: { data: Float64Array.from(edges) } })
  const scalar = (value: number) => ({ data: Float64Array.of(value) })
  const axis = (count: number, step: number) => ({ data: Float64Array.from({ length: count }, (_, k) => 2 + k * step) })
  it.each<readonly [string, Hdf5Contents, Triple]>([
    ["element_size_um, slowest axis first", size("/v@element_size_um", 0.5, 0.2, 0.1), [1e-7, 2e-7, 5e-7]],
    ["a size with its unit in the name", size("/v@voxel_size_nm", 398), [398e-9, 398e-9, 398e-9]],
    ["a size with its unit beside it", { ...size("@pixel_size", 0.4), "@pixel_size_units": "µm" }, [4e-7, 4e-7, 4e-7]],
    ["a dataset with units", { "/voxel_size": scalar(0.4), "/voxel_size@units": "micrometer" }, [4e-7, 4e-7, 4e-7]],
    [
      "pixels of the sample",
      {
        "/sample/x_pixel_size": scalar(1),
        "/sample/x_pixel_size@units": "um",
        "/sample/y_pixel_size": scalar(2),
        "/sample/y_pixel_size@units": "um",
        "/sample/z_pixel_size": scalar(3000),
        "/sample/z_pixel_size@units": "nm",
      },
      [1e-6, 2e-6, 3e-6],
    ],
    [
      "coordinates",
      { "/z": axis(3, 3), "/z@units": "nm", "/y": axis(5, -2), "/y@units": "nm", "/x": axis(6, 1), "/x@units": "nm" },
      [1e-9, 2e-9, 3e-9],
    ],
  ])("scale: %s", async (_, around, spacing) => {
    await expectHolds(await put({ "/v": made, ...around }), made, {}, all, spacing)
  })
  it.each<readonly [string, Hdf5Contents, RegExp]>([
    ["nothing", {}, /nothing around its dataset \/v states one/],
    ["no unit", size("/v@voxel_size", 0.4), /\/v@voxel_size of 0.4 has no unit/],
    ["no order", size("/v@voxel_size_um", 1, 2, 3), /does not say which axis is which/],
    ["a unit of time", size("/v@voxel_size_s", 1), /is in "s"/],
    ["two of three axes", { "/y": axis(5, 1), "/y@units": "nm", "/x": axis(6, 1), "/x@units": "nm" }, /nothing around/],
    ["the pixels of a detector", { "/instrument/detector/x_pixel_size": scalar(6.5e-6) }, /nothing around/],
  ])("scale is not guessed: %s", async (_, around, found) => {
    expect(await refusalBy(await put({ "/v": made, ...around }))).toMatchObject({
      _tag: "VoxelSizeMissing",
      found: expect.stringMatching(found),
    })
  })

  it.each<readonly [string, Hdf5Contents, string, RegExp]>([
    ["words", { "/a": "text" }, "unsupported", /no volume of gray values; it has \/a/],
    ["nothing", { "/a@b": "text" }, "unsupported", /no volume of gray values; it has nothing/],
    [
      "projections beside their angles",
      { "/exchange/data": made, "/exchange/theta": { data: Float64Array.of(0, 60, 120) } },
      "unsupported",
      /\/exchange\/data holds projections/,
    ],
  ])("refused: %s", async (_, contents, trouble, message) => {
    const problem = await refusalBy(await put(contents), { voxelSize: 1 })
    expect(problem).toMatchObject({ _tag: "TomogramUnreadable", trouble })
    expect(problem.message).toMatch(message)
    expect(problem.message).toMatch(/volume\.bin: read as HDF5: /)
  })

  it("refused: 10⁶ × 10⁶ voxels of which none is stored", async () => {
    await writeFile(path("huge.h5"), foreignFile("hugeHdf5"))
    expect(await refusalBy(path("huge.h5"), { voxelSize: 1 })).toMatchObject({
      trouble: "truncated",
      reason: expect.stringMatching(/1000000 × 1000000 × 2|2 × 1000000 × 1000000/),
    })
  })

  it("refused: a file on which the library runs without end", async () => {
    await writeFile(path("endless.h5"), foreignFile("endlessHdf5"))
    const problem = await Effect.runPromise(Effect.flip(Effect.scoped(openHdf5(path("endless.h5"), undefined, 1))))
    expect(problem).toMatchObject({
      _tag: "TomogramUnreadable",
      trouble: "damaged",
      reason: expect.stringContaining("gave no answer in 1 s"),
    })
  })

  it("cut off anywhere, or with bits turned over: refused, or read", async () => {
    const damage = {
      put: async (bytes: Uint8Array) => {
        await writeFile(path("damaged.h5"), bytes)
        return path("damaged.h5")
      },
      cuts: 5,
      turns: 6,
    }
    await expectSturdy({ ...damage, bytes: madeHdf5(path("making.h5"), { "/a": made }) })
    const packed = { chunks: [2, 2, 4], packed: true }
    await expectSturdy({ ...damage, bytes: madeHdf5(path("making.h5"), { "/a": made }, packed) })
  })
})
