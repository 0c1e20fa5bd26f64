import { existsSync } from "node:fs"
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import fc from "fast-check"
import { fromFile } from "geotiff"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { unpackLzwInto } from "../../src/formats/lzw.ts"
import { unpackBitsInto } from "../../src/formats/tiff-block.ts"
import { type VoxelType, voxelTypes } from "../../src/formats/voxel-type.ts"
import { expectSturdy } from "./made/damage.ts"
import { lzwPacked, madeTiff, type TiffRecipe } from "./made/tiff.ts"
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
  folder = await mkdtemp(join(tmpdir(), "tiff-"))
})
afterAll(() => rm(folder, { recursive: true }))
const path = (name: string): string => join(folder, name)

const pagesOf = ({ shape: [nx, ny, nz], values }: MadeVolume) =>
  Array.from({ length: nz }, (_, z) => values.slice(nx * ny * z, nx * ny * (z + 1)))

const recipeOf = (made: MadeVolume, dialect: Partial<TiffRecipe> = {}): TiffRecipe => ({
  width: made.shape[0],
  height: made.shape[1],
  pages: pagesOf(made),
  ...dialect,
})

const put = async (name: string, bytes: Uint8Array): Promise<string> => {
  await writeFile(path(name), bytes)
  return path(name)
}

const dialects = fc.record({
  littleEndian: fc.boolean(),
  big: fc.boolean(),
  compression: fc.constantFrom(
    "none" as const,
    "lzw" as const,
    "packbits" as const,
    "deflate" as const,
    "zstd" as const,
  ),
  layout: fc.oneof(
    fc.record({ rows: fc.integer({ min: 1, max: 7 }) }),
    fc.record({ tile: fc.constantFrom([16, 16] as const, [4, 2] as const) }),
  ),
})

describe("TIFF", () => {
  it("any box of any dialect", async () => {
    await fc.assert(
      fc.asyncProperty(volumes(voxelTypes), dialects, fc.integer({ min: 1, max: 3 }), boxShares, async (...given) => {
        const [made, { layout, ...dialect }, wished, shares] = given
        const real = made.type.startsWith("float")
        const fits = wished === 1 || (wished === 3 ? real : made.type !== "float64")
        const predictor = (dialect.compression === "none" || !fits ? 1 : wished) as 1 | 2 | 3
        const rows = "rows" in layout ? Math.min(layout.rows, made.shape[1]) : made.shape[1]
        const recipe = recipeOf(made, { ...dialect, ...layout, rows, predictor })
        await expectHolds(await put("any.tif", madeTiff(recipe)), made, { voxelSize: 1e-7 }, shares)
      }),
      { numRuns: 150 },
    )
  })

  it("agrees with another reader", async () => {
    for (const type of ["uint8", "int16", "float32"] as VoxelType[]) {
      const made = madeVolume([37, 21, 3], type, 4)
      for (const compression of ["none", "lzw", "packbits", "deflate", "zstd"] as const) {
        const file = await put("other.tif", madeTiff(recipeOf(made, { compression, rows: 8 })))
        const tiff = await fromFile(file)
        const raster = await (await tiff.getImage(2)).readRasters({ interleave: true })
        await tiff.close()
        const ours = await withVolume(file, { voxelSize: 1e-7 }, (source) =>
          source.read({ from: [0, 0, 2], to: [37, 21, 3] }),
        )
        expect(Array.from(ours)).toEqual(Array.from(raster as unknown as ArrayLike<number>))
      }
    }
  })

  it("scale along each axis, or none at all", async () => {
    const made = madeVolume([4, 3, 2], "uint16", 1)
    const stated = { description: "ImageJ=1.54f\nimages=2\nslices=2\nunit=micron\nspacing=0.5\n", resolution: 5 }
    await expectHolds(
      await put("scale.tif", madeTiff(recipeOf(made, stated))),
      made,
      {},
      [0, 0, 0, 1, 1, 1],
      [2e-7, 2e-7, 5e-7],
    )
    const given = { voxelSize: [1e-7, 2e-7, 3e-7] as const }
    await expectHolds(path("scale.tif"), made, given, [0, 0, 0, 1, 1, 1], given.voxelSize)
    const flat = { ...stated, description: "ImageJ=1.54f\nimages=2\nslices=2\nunit=micron\n" }
    const file = await put("flat.tif", madeTiff(recipeOf(made, flat)))
    expect(await refusalBy(file)).toMatchObject({
      _tag: "VoxelSizeMissing",
      found: expect.stringMatching(/how far planes lie apart/),
    })
    expect(await refusalBy(await put("none.tif", madeTiff(recipeOf(made))))).toMatchObject({
      _tag: "VoxelSizeMissing",
      found: "it has neither ImageJ nor OME metadata",
    })
    await expect(withVolume(file, { voxelSize: 0 }, () => Effect.void)).rejects.toThrow(/a voxel of 0/)
  })

  it("large files of ImageJ: all planes after one directory", async () => {
    const made = madeVolume([5, 4, 6], "int16", 2)
    const long = { ...made, shape: [5, 24, 1] as const }
    const description = "ImageJ=1.54f\nimages=6\nslices=6\nunit=nm\nspacing=3\n"
    const bytes = madeTiff({ ...recipeOf(long), description, resolution: 0.5, littleEndian: false })
    // The one page says four rows; the others follow.
    const planes = madeTiff({
      ...recipeOf(long),
      description,
      resolution: 0.5,
      littleEndian: false,
      instead: [
        [257, 4, 4],
        [278, 4, 4],
        [279, 4, 40],
      ],
    })
    expect(planes.length).toBe(bytes.length)
    await expectHolds(await put("imagej.tif", planes), made, {}, [0.3, 0.5, 0.4, 0.5, 1, 0.6], [2e-9, 2e-9, 3e-9])
  })

  it("white stored as zero, pages of pyramids, palettes", async () => {
    const made = madeVolume([4, 3, 2], "uint8", 7)
    const white = await put("white.tif", madeTiff(recipeOf(made, { instead: [[262, 3, 0]] })))
    const turned = { ...made, values: made.values.map((value) => 255 - value) }
    await expectHolds(white, turned, { voxelSize: 1 }, [0, 0.5, 0, 1, 1, 1])
    const coloured = await put("palette.tif", madeTiff(recipeOf(made, { instead: [[262, 3, 3]] })))
    await expectHolds(coloured, made, { voxelSize: 1 }, [0, 0, 0, 1, 1, 1])
  })

  it("boxes outside are a broken contract", async () => {
    const file = await put("small.tif", madeTiff(recipeOf(madeVolume([4, 3, 2], "uint8", 1))))
    await withVolume(file, { voxelSize: 1 }, (source) =>
      Effect.sync(() => {
        for (const to of [
          [5, 3, 2],
          [4, 3, 3],
          [0, 3, 2],
        ] as const) {
          expect(() => source.read({ from: [0, 0, 0], to })).toThrow(/no box/)
        }
      }),
    )
  })
})

describe("TIFF files that are refused", () => {
  const made = madeVolume([6, 5, 3], "uint16", 3)
  const claims: readonly (readonly [string, Partial<TiffRecipe>, string, RegExp])[] = [
    [
      "10⁶ × 10⁶",
      {
        instead: [
          [256, 4, 1e6],
          [257, 4, 1e6],
          [278, 4, 1e6],
        ],
      },
      "truncated",
      /1000000 × 1000000/,
    ],
    [
      "10⁶ × 10⁶ in rows",
      {
        instead: [
          [256, 4, 1e6],
          [257, 4, 1e6],
          [278, 4, 1],
        ],
      },
      "truncated",
      /1000000/,
    ],
    [
      "10⁶ × 10⁶ packed",
      {
        compression: "deflate",
        instead: [
          [256, 4, 1e6],
          [257, 4, 1e6],
          [278, 4, 1e6],
        ],
      },
      "unsupported",
      /1000000 × 1000000/,
    ],
    [
      "10⁶ × 10⁶ packed in rows",
      {
        compression: "lzw",
        instead: [
          [256, 4, 1e6],
          [257, 4, 1e6],
          [278, 4, 1],
        ],
      },
      "damaged",
      /1000000 strips/,
    ],
    ["no width", { instead: [[256, 4, 0]] }, "damaged", /0 × 5/],
    [
      "colour",
      {
        instead: [
          [277, 3, 3],
          [262, 3, 2],
        ],
      },
      "unsupported",
      /3 samples/,
    ],
    ["one bit", { instead: [[258, 3, 1]] }, "unsupported", /1 bits/],
    ["64-bit integers", { instead: [[258, 3, 64]] }, "unsupported", /64 bits, unsigned/],
    ["fax", { instead: [[259, 3, 4]] }, "unsupported", /method 4/],
    ["strips without rows", { instead: [[278, 4, 0]] }, "damaged", /blocks of 6 × 0/],
    ["too few strips", { instead: [[278, 4, 1]] }, "damaged", /5 strips or tiles, but places of 1/],
    ["short strips", { instead: [[279, 4, 59]] }, "damaged", /block 0 has 59 bytes/],
    [
      "short strips that are packed",
      { compression: "lzw", instead: [[279, 4, 20]] },
      "damaged",
      /unpacks to \d+ bytes/,
    ],
    [
      "rows that are not there",
      {
        compression: "packbits",
        instead: [
          [257, 4, 6],
          [278, 4, 6],
        ],
      },
      "damaged",
      /take 72/,
    ],
    ["channels", { description: "ImageJ=1.5\nimages=3\nchannels=3\n" }, "unsupported", /3 channels/],
    ["times", { description: '<OME><Pixels SizeC="1" SizeT="3"/></OME>' }, "unsupported", /SizeT 3/],
    ["a circle", { circular: true }, "damaged", /after page 2 comes an earlier one/],
  ]
  it.each(claims)("%s", async (_, dialect, trouble, message) => {
    const file = await put("claim.tif", madeTiff(recipeOf(made, dialect)))
    const problem = await refusalBy(file, { voxelSize: 1e-7 })
    expect(problem).toMatchObject({ _tag: "TomogramUnreadable", trouble })
    expect(problem.message).toMatch(message)
    expect(problem.message).toMatch(/^.*claim\.tif: read as TIFF stack: /)
  })

  it("pages that differ, and planes of ImageJ that are not there", async () => {
    const first = madeTiff(recipeOf(made))
    const wide = Buffer.from(first)
    // The second page's width is the second entry of that value.
    const entry = Buffer.from([0, 1, 4, 0, 1, 0, 0, 0, 6, 0, 0, 0])
    const at = wide.indexOf(entry, wide.indexOf(entry) + 1)
    wide.writeUInt32LE(3, at + 8)
    expect(await refusalBy(await put("differ.tif", wide), { voxelSize: 1 })).toMatchObject({
      trouble: "unsupported",
      reason: expect.stringMatching(/page 1 has 3 × 5 pixels of uint16, the first one 6 × 5/),
    })
    const one = madeTiff({ ...recipeOf(made), pages: pagesOf(made).slice(0, 1), description: "ImageJ=1\nimages=9\n" })
    expect(await refusalBy(await put("planes.tif", one), { voxelSize: 1 })).toMatchObject({ trouble: "truncated" })
  })

  it("cut off anywhere, or with bits turned over: refused, or read", async () => {
    const dialect = { description: "ImageJ=1.54f\nimages=3\nslices=3\nunit=nm\nspacing=3\n", resolution: 0.5, rows: 2 }
    for (const compression of ["none", "lzw", "packbits", "deflate", "zstd"] as const)
      for (const big of [false, true]) {
        const bytes = madeTiff(recipeOf(made, { ...dialect, compression, big }))
        await expectSturdy({ put: (damaged) => put("damaged.tif", damaged), bytes, cuts: 40, turns: 60 })
      }
  })

  it("a file cut off after it was opened", async () => {
    const file = await put("late.tif", madeTiff(recipeOf(made)))
    const problem = await withVolume(file, { voxelSize: 1 }, (source) =>
      Effect.gen(function* () {
        yield* Effect.promise(() => truncate(file, 40))
        return yield* Effect.flip(source.read(wholeBox(source.shape)))
      }),
    )
    expect(problem).toMatchObject({ _tag: "TomogramUnreadable", reason: expect.stringMatching(/ended at byte 40/) })
  })
})

describe("unpacking", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 3000 }),
    fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.nat(900)).map(([part, times]) => {
      return Uint8Array.from({ length: part.length * times }, (_, i) => part[i % part.length])
    }),
  )
  it("LZW gives back what was packed, also where its table is full", () => {
    const check = (data: Uint8Array): void => {
      const out = new Uint8Array(data.length)
      expect(unpackLzwInto(lzwPacked(data), out)).toBe(data.length)
      expect(out).toEqual(data)
    }
    fc.assert(fc.property(bytes, check))
    check(madeVolume([100, 300, 1], "uint8", 5).values as Uint8Array)
  })
  it("stays inside whatever it is given", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.nat(2000), (data, length) => {
        for (const unpack of [unpackLzwInto, unpackBitsInto]) {
          const written = unpack(data, new Uint8Array(length))
          expect(written >= 0 && written <= length).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })
})

const shared = new URL("../../../shared/data/nrel-nmc/nmc-1-cal-cbd.tif", import.meta.url)
describe.skipIf(!existsSync(shared))("a tomogram of an electrode (skipped where ../shared/data is absent)", () => {
  it("phases of 398 nm voxels, once the size is given", async () => {
    expect(await refusalBy(shared.pathname)).toMatchObject({
      _tag: "VoxelSizeMissing",
      found: expect.stringMatching(/print resolution/),
    })
    await withVolume(shared.pathname, { voxelSize: 398e-9 }, (source) =>
      Effect.gen(function* () {
        expect(source).toMatchObject({ shape: [301, 301, 251], voxelType: "uint8", format: "TIFF stack" })
        const count = [0, 0, 0]
        const all = yield* source.read(wholeBox(source.shape))
        for (const value of all) count[value]++
        expect(count.reduce((sum, part) => sum + part)).toBe(301 * 301 * 251)
        expect(count.every((part) => part > 1e6)).toBe(true)
        const box = yield* source.read({ from: [100, 50, 30], to: [164, 114, 34] })
        expect(box[5 + 64 * (7 + 64 * 2)]).toBe(all[105 + 301 * (57 + 301 * 32)])
      }),
    )
  })
})
