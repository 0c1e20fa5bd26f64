/**
 * Reading volumes: `node test/bench/volumes.bench.ts [edge] [repetitions]`.
 *
 * One volume of gray values with noise, edge³ voxels of 16 bits, in every format: as a whole in slabs of 32 planes, then
 * as bricks of 64³ along one diagonal of the volume. Shown are the least and the middle processor time of all threads for
 * a million voxels, for the machine may be shared. TIFF stands beside geotiff, whose pages are read one after another. Pages of the operating system's cache are
 * warm: what a disk takes is not measured, nor is opening (a stack of 2100 planes opens in half a second).
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import { fromFile } from "geotiff"
import { writeOmeZarr } from "../../src/formats/ome-zarr-writer.ts"
import { openVolume } from "../../src/formats/open-volume.ts"
import { volumeInMemory } from "../../src/formats/volume-in-memory.ts"
import type { VolumeSource } from "../../src/formats/volume-source.ts"
import type { Box, Triple } from "../../src/image/brick.ts"
import { madeHdf5 } from "../formats/made/hdf5.ts"
import { madeNifti, madeNrrd } from "../formats/made/raw.ts"
import { madeTiff } from "../formats/made/tiff.ts"

const edge = Number(process.argv[2] ?? 256)
const repetitions = Number(process.argv[3] ?? 5)
const shape: Triple = [edge, edge, edge]
const values = new Uint16Array(edge ** 3)
for (let i = 0, state = 1; i < values.length; i++) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  values[i] = 20_000 + (state >>> 22) + 3000 * Math.sin(i / 5e4)
}
const made = { shape, type: "uint16" as const, values }
const pages = Array.from({ length: edge }, (_, z) => values.subarray(edge * edge * z, edge * edge * (z + 1)))

const folder = mkdtempSync(join(tmpdir(), "volumes-bench-"))
const path = (name: string): string => join(folder, name)
const put = (name: string, bytes: Uint8Array): void => writeFileSync(path(name), bytes)
put("plain.tif", madeTiff({ width: edge, height: edge, pages }))
put("lzw.tif", madeTiff({ width: edge, height: edge, pages, compression: "lzw", rows: 16 }))
put("raw.nrrd", madeNrrd(made))
put("packed.nii.gz", madeNifti(made, { packed: true }))
put("packed.h5", madeHdf5(path("making.h5"), { "/a": made }, { chunks: [64, 64, 64], packed: true }))
await Effect.runPromise(
  writeOmeZarr(path("image.zarr"), volumeInMemory({ shape, spacing: [1, 1, 1] }, values), { isLabels: false }),
)

let sink = 0
const slabs: Box[] = []
for (let z = 0; z < edge; z += 32) slabs.push({ from: [0, 0, z], to: [edge, edge, Math.min(edge, z + 32)] })
const bricks: Box[] = []
for (let at = 0; at + 64 <= edge; at += 64) bricks.push({ from: [at, at, at], to: [at + 64, at + 64, at + 64] })

const timed = async (work: () => Promise<number>): Promise<string> => {
  const perMillion: number[] = []
  for (let k = 0; k <= repetitions; k++) {
    const start = process.cpuUsage()
    const voxels = await work()
    const { user, system } = process.cpuUsage(start)
    // The first time warms up.
    if (k > 0) perMillion.push((1e3 * (user + system)) / voxels)
  }
  perMillion.sort((a, b) => a - b)
  const [least, middle] = [perMillion[0], perMillion[Math.floor(perMillion.length / 2)]]
  return `${least.toFixed(2).padStart(7)} ${middle.toFixed(2).padStart(7)}`
}

const reading = (source: VolumeSource, boxes: readonly Box[]) => async (): Promise<number> => {
  let voxels = 0
  for (const box of boxes) {
    const read = await Effect.runPromise(source.read(box))
    sink += read[read.length >> 1]
    voxels += read.length
  }
  return voxels
}

console.log(`${edge}³ voxels of 16 bits; processor ms for a million voxels, least and middle of ${repetitions}`)
console.log(`${"".padEnd(28)}${"slabs".padStart(15)}${"bricks".padStart(17)}`)
for (const name of ["plain.tif", "lzw.tif", "raw.nrrd", "packed.nii.gz", "packed.h5", "image.zarr"]) {
  await Effect.runPromise(
    Effect.scoped(
      Effect.flatMap(openVolume(path(name), { voxelSize: 1e-7 }), (source) =>
        Effect.promise(async () => {
          const [all, some] = [await timed(reading(source, slabs)), await timed(reading(source, bricks))]
          console.log(`${`${name} (${source.format})`.padEnd(28)}${all}  ${some}`)
        }),
      ),
    ),
  )
}
for (const name of ["plain.tif", "lzw.tif"]) {
  const tiff = await fromFile(path(name))
  const whole = await timed(async () => {
    for (let z = 0; z < edge; z++) {
      const raster = await (await tiff.getImage(z)).readRasters({ interleave: true })
      sink += Number(raster[0])
    }
    return edge ** 3
  })
  console.log(`${`${name} (geotiff)`.padEnd(28)}${whole}`)
  await tiff.close()
}
console.log(`resident ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB, ${sink}`)
rmSync(folder, { recursive: true })
