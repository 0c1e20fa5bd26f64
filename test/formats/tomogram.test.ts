import { existsSync } from "node:fs"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { inflateSync } from "node:zlib"
import { Effect } from "effect"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { readLabelSlice, readTomogramSlice } from "../../src/formats/tomogram.ts"
import { statedVoxelSize } from "../../src/formats/tomogram-metadata.ts"
import { encodedPng } from "../../src/formats/tomogram-picture.ts"
import { encodedTiff, writeTiff } from "../../src/formats/tomogram-writer.ts"

let folder = ""
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tomogram-"))
})
afterAll(() => rm(folder, { recursive: true }))
const path = (name: string): string => join(folder, name)
const failure = <A, E>(effect: Effect.Effect<A, E>): Promise<E> => Effect.runPromise(Effect.flip(effect))

describe("what is written is read again", () => {
  it("pixels of every kind, any size, any plane, and the voxel size", async () => {
    const kinds = fc.constantFrom("u8", "u16", "i32", "f32")
    const stacks = fc
      .record({
        width: fc.integer({ min: 1, max: 9 }),
        height: fc.integer({ min: 1, max: 7 }),
        depth: fc.integer({ min: 1, max: 3 }),
        nanometres: fc.integer({ min: 1, max: 100_000 }),
        kind: kinds,
        seed: fc.integer({ min: 0, max: 1e6 }),
      })
      .map(({ width, height, depth, nanometres, kind, seed }) => {
        const number = (k: number): number => (Math.imul(k + 1, 2654435761) ^ Math.imul(seed + 1, 40503)) >>> 0
        const planes = Array.from({ length: depth }, (_, z) => {
          const raw = Array.from({ length: width * height }, (_, i) => number(i + 1000 * z))
          if (kind === "u8") return Uint8Array.from(raw, (v) => v & 255)
          if (kind === "u16") return Uint16Array.from(raw, (v) => v & 65535)
          return kind === "i32" ? Int32Array.from(raw, (v) => v >>> 8) : Float32Array.from(raw, (v) => v / 7)
        })
        return { stack: { width, height, pixel: nanometres * 1e-9, planes }, slice: seed % depth }
      })
    await fc.assert(
      fc.asyncProperty(stacks, async ({ stack, slice }) => {
        await Effect.runPromise(writeTiff(path("round.tif"), stack))
        const read = await Effect.runPromise(readTomogramSlice(path("round.tif"), { slice }))
        expect(read.slices).toBe(stack.planes.length)
        expect(read.image.shape).toEqual([stack.width, stack.height, 1])
        expect(read.voxelSizeFrom).toBe("ImageJ")
        for (const edge of read.image.spacing) expect(edge / stack.pixel).toBeCloseTo(1, 9)
        expect(Array.from(read.image.values)).toEqual(Array.from(Float32Array.from(stack.planes[slice])))
      }),
      { numRuns: 40 },
    )
  })
  it("labels beyond 2²⁴ stay whole", async () => {
    const planes = [Int32Array.from([0, 1, 2 ** 24 + 1, 7])]
    await Effect.runPromise(writeTiff(path("labels.tif"), { width: 2, height: 2, pixel: 1e-7, planes }))
    const labels = await Effect.runPromise(readLabelSlice(path("labels.tif")))
    expect(labels.values).toEqual(planes[0])
    expect(labels.count).toBe(2 ** 24 + 1)
  })
  it("a given voxel size stands above the stated one", async () => {
    const planes = [Uint8Array.of(1)]
    await Effect.runPromise(writeTiff(path("given.tif"), { width: 1, height: 1, pixel: 1e-7, planes }))
    const { image, voxelSizeFrom } = await Effect.runPromise(readTomogramSlice(path("given.tif"), { voxelSize: 3e-8 }))
    expect(image.spacing).toEqual([3e-8, 3e-8, 3e-8])
    expect(voxelSizeFrom).toBe("given")
  })
})

describe("voxel size", () => {
  const tags = { description: "", xResolution: Number.NaN, yResolution: Number.NaN, resolutionUnit: 2 }
  it.each([
    ["ImageJ=1.53\nunit=micron\nspacing=0.5\n", [2e-7, 2e-7, 5e-7]],
    ["ImageJ=1.53\nunit=\\u00B5m\n", [2e-7, 2e-7, Number.NaN]],
    ["ImageJ=1.53\nunit=µm\nspacing=2\nzunit=nm\n", [2e-7, 2e-7, 2e-9]],
    ["ImageJ=1.53\nunit=nm\n", [2e-10, 2e-10, Number.NaN]],
  ] as const)("of ImageJ: %j", (description, spacing) => {
    const stated = statedVoxelSize({ ...tags, description, xResolution: 5, yResolution: 5 })
    if (stated.kind === "none") throw new Error(stated.found)
    stated.spacing.forEach((edge, k) => {
      if (Number.isNaN(spacing[k])) expect(edge).toBeNaN()
      else expect(edge / spacing[k]).toBeCloseTo(1, 9)
    })
  })
  it("of OME, with and without units", () => {
    const description = `<?xml version="1.0"?><OME xmlns="x"><Image><Pixels PhysicalSizeX="70" PhysicalSizeXUnit="nm" PhysicalSizeY="0.07" SizeX="4"/></Image></OME>`
    const stated = statedVoxelSize({ ...tags, description })
    if (stated.kind === "none") throw new Error(stated.found)
    expect(stated.by).toBe("OME")
    expect(stated.spacing).toEqual([7e-8, 7e-8, Number.NaN])
  })
  it.each([
    [{ ...tags, description: "ImageJ=1.53\n" }, /no unit/],
    [{ ...tags, description: "ImageJ=1.53\nunit=pixel\n", xResolution: 1, yResolution: 1 }, /pixel/],
    [{ ...tags, xResolution: 72, yResolution: 72 }, /print/],
    [{ ...tags, description: "<OME><Pixels SizeX='3'/></OME>" }, /PhysicalSize/],
    [tags, /^it has neither ImageJ nor OME metadata$/],
  ])("is not guessed: %j", (given, found) => {
    const stated = statedVoxelSize(given)
    expect(stated.kind === "none" ? stated.found : "stated").toMatch(found)
  })
})

describe("bad files", () => {
  const tiff = encodedTiff({ width: 30, height: 20, pixel: 1e-7, planes: [new Uint16Array(600)] })

  it("missing, a folder, empty, text", async () => {
    await writeFile(path("empty.tif"), "")
    await writeFile(path("text.tif"), "no picture")
    expect(await failure(readTomogramSlice(path("nowhere.tif")))).toMatchObject({
      _tag: "TomogramUnreadable",
      trouble: "missing",
      file: path("nowhere.tif"),
    })
    expect(await failure(readTomogramSlice(folder))).toMatchObject({
      _tag: "TomogramUnreadable",
      trouble: "unknown format",
    })
    for (const name of ["empty.tif", "text.tif"]) {
      expect(await failure(readTomogramSlice(path(name)))).toMatchObject({
        _tag: "TomogramUnreadable",
        trouble: "unknown format",
      })
    }
  })
  it("cut off anywhere", async () => {
    for (const length of [4, 8, 60, 180, 400, tiff.length - 1]) {
      await writeFile(path("cut.tif"), tiff.subarray(0, length))
      const problem = await failure(readTomogramSlice(path("cut.tif")))
      expect(problem, `${length} bytes`).toMatchObject({ _tag: "TomogramUnreadable", trouble: "truncated" })
    }
  })
  it("without voxel size, slice out of range, labels that are none, unwritable", async () => {
    const text = Buffer.from(tiff)
    text.set(Buffer.from("Nothing="), 8)
    await writeFile(path("sizeless.tif"), text)
    const problem = await failure(readTomogramSlice(path("sizeless.tif")))
    expect(problem).toMatchObject({ _tag: "VoxelSizeMissing", file: path("sizeless.tif") })
    expect(problem.message).toMatch(/no voxel size to go by/)
    await writeFile(path("metres.tif"), encodedTiff({ width: 1, height: 1, pixel: 70e-3, planes: [Uint8Array.of(1)] }))
    const tooLarge = await failure(readTomogramSlice(path("metres.tif")))
    expect(tooLarge).toMatchObject({ _tag: "VoxelSizeMissing", file: path("metres.tif") })
    expect(tooLarge.message).toContain("state an edge of 0.07 m, where 0.1 nm to 1 mm can be meant")
    await writeFile(path("good.tif"), tiff)
    for (const slice of [1, -1, 0.5]) {
      expect(await failure(readTomogramSlice(path("good.tif"), { slice }))).toMatchObject({
        _tag: "SliceOutOfRange",
        slices: 1,
      })
    }
    await writeFile(path("real.tif"), encodedTiff({ width: 1, height: 1, pixel: 1e-6, planes: [Float32Array.of(0.5)] }))
    expect(await failure(readLabelSlice(path("real.tif")))).toMatchObject({ trouble: "unsupported" })
    const stack = { width: 1, height: 1, pixel: 1e-7, planes: [Uint8Array.of(0)] }
    expect(await failure(writeTiff(join(folder, "no", "such", "x.tif"), stack))).toMatchObject({
      _tag: "TomogramUnwritable",
    })
  })
  it("contract breaches throw", () => {
    expect(() => encodedTiff({ width: 2, height: 2, pixel: 1e-7, planes: [new Uint8Array(3)] })).toThrow(/2 × 2/)
    expect(() => encodedTiff({ width: 1, height: 1, pixel: 0, planes: [new Uint8Array(1)] })).toThrow(/stored/)
  })
})

it("PNG holds the pixels it was given", () => {
  const pixels = Uint8ClampedArray.from({ length: 4 * 6 }, (_, i) => (37 * i) % 256)
  const png = Buffer.from(encodedPng({ width: 3, height: 2, pixels }))
  expect(png.subarray(1, 4).toString()).toBe("PNG")
  const at = png.indexOf("IDAT")
  const raw = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)))
  expect([...raw.subarray(1, 13), ...raw.subarray(14, 26)]).toEqual([...pixels])
})

const shared = new URL("../../../shared/data/", import.meta.url)
describe.skipIf(!existsSync(shared))("files from instruments (skipped where ../shared/data is absent)", () => {
  it("the holo-tomography slice, once its voxel size is given", async () => {
    const file = new URL("holotomography-slice/example_xy.tif", shared).pathname
    expect(await failure(readTomogramSlice(file))).toMatchObject({ _tag: "VoxelSizeMissing" })
    const { image } = await Effect.runPromise(readTomogramSlice(file, { voxelSize: 70e-9 }))
    expect(image.shape).toEqual([2048, 655, 1])
    const bytes = await readFile(file)
    expect(image.values[100_000]).toBe(bytes[212 + 100_000])
  })
  it("a compressed stack of labels", async () => {
    const file = new URL("nrel-nmc/nmc-1-cal-cbd.tif", shared).pathname
    const { slices, image } = await Effect.runPromise(readTomogramSlice(file, { voxelSize: 4e-7, slice: 200 }))
    expect(slices).toBe(251)
    expect(new Set(image.values).size).toBeGreaterThan(1)
  })
})
