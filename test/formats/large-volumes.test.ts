import { mkdtemp, open, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { tiffLayout } from "../../src/formats/tiff-layout.ts"
import { readTomogramSlice } from "../../src/formats/tomogram.ts"
import type { Triple } from "../../src/image/brick.ts"
import { madeTiff } from "./made/tiff.ts"
import { withVolume } from "./made/volume.ts"

/** Files with holes: they say their length and take no room. */
let folder = ""
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "large-"))
})
afterAll(() => rm(folder, { recursive: true }))
const path = (name: string): string => join(folder, name)

/** Pieces of a file at their places; nothing between them. */
const putSparse = async (
  name: string,
  length: number,
  pieces: Iterable<readonly [at: number, bytes: Uint8Array]>,
): Promise<string> => {
  const handle = await open(path(name), "w")
  for (const [at, bytes] of pieces) await handle.write(bytes, 0, bytes.length, at)
  await handle.truncate(length)
  await handle.close()
  return path(name)
}

const shape: Triple = [2000, 2000, 2100]
const [nx, ny, nz] = shape
/** Far beyond 4 GiB */
const place: Triple = [1234, 987, 2050]
const index = place[0] + nx * (place[1] + ny * place[2])
const brick = {
  from: [1200, 960, 2020] as const,
  to: [1264, 1024, 2084] as const,
}
const inBrick = place[0] - brick.from[0] + 64 * (place[1] - brick.from[1] + 64 * (place[2] - brick.from[2]))

/** The one voxel that is not 0 lies where it should, and no more is held than what is asked for. */
const expectBrick = async (file: string): Promise<void> => {
  const before = process.memoryUsage.rss()
  await withVolume(file, { voxelSize: 1e-7 }, (source) => {
    expect(source.shape).toEqual(shape)
    return Effect.map(source.read(brick), (values) => {
      expect(values.length).toBe(64 ** 3)
      expect(values.findIndex((value) => value !== 0)).toBe(inBrick)
      expect(values[inBrick]).toBe(77)
    })
  })
  expect(process.memoryUsage.rss() - before).toBeLessThan(80e6)
  const { image } = await Effect.runPromise(readTomogramSlice(file, { voxelSize: 1e-7, slice: place[2] }))
  expect(image.values[place[0] + nx * place[1]]).toBe(77)
}

describe("8 GB on disk", () => {
  const one = Uint8Array.of(77)
  it("NRRD", async () => {
    const head = Buffer.from(`NRRD0004\ntype: uint8\ndimension: 3\nsizes: ${shape.join(" ")}\nencoding: raw\n\n`)
    const length = head.length + nx * ny * nz
    await expectBrick(
      await putSparse("a.nrrd", length, [
        [0, head],
        [head.length + index, one],
      ]),
    )
  })
  it("ImageJ's planes after one directory, in a file of 32-bit offsets", async () => {
    // A file of one small page, whose directory then says what lies in the large one.
    const tiff = madeTiff({
      width: 2,
      height: 2,
      pages: [new Uint8Array(4)],
      description: `ImageJ=1.54f\nimages=${nz}\nslices=${nz}\n`,
      instead: [
        [256, 4, nx],
        [257, 4, ny],
        [273, 4, 4096],
        [278, 4, ny],
        [279, 4, nx * ny],
      ],
    })
    expect(tiff.length).toBeLessThan(4096)
    await expectBrick(
      await putSparse("b.tif", 4096 + nx * ny * nz, [
        [0, tiff],
        [4096 + index, one],
      ]),
    )
  })
  it("BigTIFF, a directory a plane", async () => {
    const layout = tiffLayout({ shape, spacing: [1e-7, 1e-7, 1e-7] }, "uint8")
    const pageBytes = layout.directory(0).length + layout.planeBytes
    const at = (page: number): number => layout.head.length + page * pageBytes
    const pieces: (readonly [number, Uint8Array])[] = [[0, layout.head]]
    for (let page = 0; page < nz; page++) pieces.push([at(page), layout.directory(page)])
    pieces.push([at(place[2]) + pageBytes - layout.planeBytes + (index % (nx * ny)), one])
    await expectBrick(await putSparse("c.tif", layout.total, pieces))
  })
})
