/**
 * Particles of a volume, from the source to the labels: synthetic 16-bit volumes (touching balls in noise, made while
 * they are read) of 250³ and 1000³ voxels within 1 GB, and the measured cathode of ../shared/data where it is there, on
 * one thread and on two. For each: time without that of the source, time a voxel, largest resident memory, disk; and the
 * ratios. Each runs in a process of its own. 1000³ voxels take 11 GB of disk and some minutes.
 * Not measured: reading of files, non-local means, closings, cubes as bricks (slower, see --brick).
 *
 * npm run bench -- segmentation   (or: node test/bench/segmentation.bench.ts [edge … [--memory GB] [--brick N]])
 */
import { spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { Effect } from "effect"
import { openVolume } from "../../src/formats/open-volume.ts"
import type { VolumeSource } from "../../src/formats/volume-source.ts"
import { type Box, boxShape, boxSize } from "../../src/image/brick.ts"
import { voxelCount } from "../../src/image/volume.ts"
import { scratchBytesPerVoxel, segmentVolume } from "../../src/pipeline/segmentation/segment-volume.ts"
import { defaultVolumeSettings, type VolumeSettings } from "../../src/pipeline/segmentation/settings.ts"

/** Cells of one ball each [voxel] */
const cell = 34

/** A whole number in [0, 2³²) that stands for a place and a purpose. */
const hashed = (a: number, b: number, c: number, purpose: number): number => {
  let h =
    Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35) ^ Math.imul(purpose, 0x27d4eb2f)
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39)
  return (h ^ (h >>> 15)) >>> 0
}

/** Gray values of a box: dark ground, a bright ball in each cell, noise. */
const grayOf = (box: Box): Uint16Array => {
  const [nx, ny, nz] = boxShape(box)
  const [x0, y0, z0] = box.from
  const out = new Uint16Array(boxSize(box)).fill(15_000)
  const cells = [0, 1, 2].map((axis) => [Math.floor(box.from[axis] / cell) - 1, Math.floor(box.to[axis] / cell) + 1])
  for (let c = cells[2][0]; c <= cells[2][1]; c++)
    for (let b = cells[1][0]; b <= cells[1][1]; b++)
      for (let a = cells[0][0]; a <= cells[0][1]; a++) {
        const [x, y, z] = [a, b, c].map((k, axis) => cell * (k + 0.35 + (0.3 * hashed(a, b, c, axis)) / 2 ** 32))
        const radius = 12 + (8 * hashed(a, b, c, 3)) / 2 ** 32
        for (let k = Math.max(0, Math.ceil(z - radius) - z0); k <= Math.min(nz - 1, Math.floor(z + radius) - z0); k++)
          for (
            let j = Math.max(0, Math.ceil(y - radius) - y0);
            j <= Math.min(ny - 1, Math.floor(y + radius) - y0);
            j++
          ) {
            const left = radius * radius - (k + z0 - z) ** 2 - (j + y0 - y) ** 2
            if (left <= 0) continue
            const half = Math.sqrt(left)
            const from = Math.max(0, Math.ceil(x - half) - x0)
            const to = Math.min(nx - 1, Math.floor(x + half) - x0)
            if (from <= to) out.fill(40_000, nx * (j + ny * k) + from, nx * (j + ny * k) + to + 1)
          }
      }
  let i = 0
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++) {
      let state = hashed(x0, j + y0, k + z0, 4)
      for (let n = 0; n < nx; n++, i++) {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
        out[i] += (state >>> 19) + ((Math.imul(state, 0x2c1b3c6d) >>> 19) & 8191)
      }
    }
  return out
}

/** Seconds spent in making or reading values */
let sourceTime = 0

const timed = (source: VolumeSource): VolumeSource => ({
  ...source,
  read: (box) =>
    Effect.gen(function* () {
      const begun = performance.now()
      const values = yield* source.read(box)
      sourceTime += (performance.now() - begun) / 1000
      return values
    }),
})

const synthetic = (edge: number): VolumeSource => ({
  shape: [edge, edge, edge],
  spacing: [400e-9, 400e-9, 400e-9],
  file: `${edge}³ voxels`,
  format: "synthetic",
  voxelType: "uint16",
  voxelSizeFrom: "given",
  chunk: [1, 1, 1],
  // Whole rows only: the noise runs along them.
  read: (box) => Effect.sync(() => grayOf(box)),
})

const gray: VolumeSettings = {
  ...defaultVolumeSettings,
  meaning: { kind: "gray", denoise: { kind: "median", radius: 1 }, threshold: { kind: "otsu", classes: 2 } },
}

interface Cost {
  readonly count: number
  /** [s] */
  readonly elapsed: number
  readonly processor: number
  readonly source: number
  /** [byte] */
  readonly resident: number
  readonly disk: number
  readonly voxels: number
}

const nrel = fileURLToPath(new URL("../../../shared/data/nrel-nmc/nmc-1-cal-cbd.tif", import.meta.url))

const measured = async (what: string, memory: number, threads: number, brick: number): Promise<Cost> => {
  const scratch = mkdtempSync(join(tmpdir(), "segmentation-bench-"))
  try {
    return await Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const source = timed(
            what === "nrel" ? yield* openVolume(nrel, { voxelSize: 398e-9 }) : synthetic(Number(what)),
          )
          const settings = what === "nrel" ? defaultVolumeSettings : gray
          const resources = { memory, threads, scratch, ...(brick > 0 ? { brick } : {}) }
          const [begun, used] = [performance.now(), process.cpuUsage()]
          let [doing, last] = ["", begun]
          const found = yield* segmentVolume(source, settings, resources, (progress) =>
            Effect.sync(() => {
              if (progress.doing === doing) return
              if (doing !== "")
                console.error(`    ${doing.padEnd(18)} ${((performance.now() - last) / 1000).toFixed(1)} s`)
              doing = progress.doing
              last = performance.now()
            }),
          )
          const { user, system } = process.cpuUsage(used)
          const isOnDisk = found.stores.labels.place.kind === "file"
          return {
            count: found.count,
            elapsed: (performance.now() - begun) / 1000,
            processor: (user + system) / 1e6,
            source: sourceTime,
            resident: process.resourceUsage().maxRSS * 1024,
            disk: isOnDisk ? voxelCount(source) * scratchBytesPerVoxel(source, settings) : 0,
            voxels: voxelCount(source),
          }
        }),
      ),
    )
  } finally {
    rmSync(scratch, { recursive: true })
  }
}

const inItsOwnProcess = (what: string, memory: number, threads: number, brick: number): Cost => {
  const words = ["--one", what, "--memory", String(memory), "--threads", String(threads), "--brick", String(brick)]
  const { stdout, status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), ...words], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  })
  if (status !== 0) throw new Error(`${what} ended with ${status}`)
  const cost: Cost = JSON.parse(stdout)
  const own = cost.elapsed - cost.source
  const name = `${what === "nrel" ? "measured cathode" : `${what}³`}, ${threads} thread${threads > 1 ? "s" : ""}`
  const numbers = [
    `${own.toFixed(1)} s (+ ${cost.source.toFixed(1)} s source)`,
    `${((own / cost.voxels) * 1e9).toFixed(0)} ns a voxel`,
    `processor ${((cost.processor / cost.voxels) * 1e9).toFixed(0)} ns a voxel`,
    `memory ${(cost.resident / 1e6).toFixed(0)} MB of ${(memory / 1e6).toFixed(0)}`,
    `disk ${(cost.disk / 1e9).toFixed(1)} GB`,
    `${cost.count} particles`,
  ]
  console.log(`${name.padEnd(30)} ${numbers.join(", ")}`)
  return cost
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    one: { type: "string" },
    memory: { type: "string", default: "1e9" },
    threads: { type: "string", default: "2" },
    brick: { type: "string", default: "0" },
  },
})
const [memory, threads, brick] = [values.memory, values.threads, values.brick].map(Number)
if (values.one !== undefined) {
  console.log(JSON.stringify(await measured(values.one, memory, threads, brick)))
} else {
  const edges = positionals.length > 0 ? positionals : ["250", "1000"]
  const costs = edges.map((edge) => inItsOwnProcess(edge, memory, threads, brick))
  const perVoxel = costs.map(({ elapsed, source, voxels }) => (elapsed - source) / voxels)
  if (costs.length > 1)
    console.log(`time a voxel, last to first: ${(perVoxel[perVoxel.length - 1] / perVoxel[0]).toFixed(2)}`)
  if (existsSync(nrel) && positionals.length === 0) {
    const [one, two] = [1, 2].map((count) => inItsOwnProcess("nrel", 2e9, count, brick))
    console.log(`one thread to two: ${((one.elapsed - one.source) / (two.elapsed - two.source)).toFixed(2)}`)
  }
}
