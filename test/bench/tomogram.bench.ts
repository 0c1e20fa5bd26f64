/**
 * Time and memory from a tomogram to the particle table with its statistics and report, by the command line's own path
 * on all processors: 301 × 301 × 251 voxels of an NMC cathode (phases by X-ray tomography, carbon/binder generated),
 * from the shared data, or a phantom of 200³ where these are absent. Then the same in bricks of 64 voxels: the tables
 * must be equal. Goal: 60 s on two processors and 2 GB. Not measured: gray values, volumes beyond the memory.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { availableParallelism, tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Effect } from "effect"
import { phantomPresets } from "../../src/image/phantom-volume/settings.ts"
import { defaultDepthAxis } from "../../src/particles/volume-table.ts"
import { measureTomogram } from "../../src/pipeline/particles/particles.ts"
import type { ParticlesRequest } from "../../src/pipeline/particles/request.ts"
import { writePhantom } from "../../src/pipeline/phantom-files.ts"
import { defaultVolumeSettings } from "../../src/pipeline/segmentation/settings.ts"
import { defaultDamageThresholds } from "../../src/statistics/damage-class.ts"

const nrel = fileURLToPath(new URL("../../../shared/data/nrel-nmc/nmc-1-cal-cbd.tif", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "synchrode-bench-"))
const threads = availableParallelism()

const phantom = async (): Promise<string> => {
  console.log("the shared data are absent: a phantom stands in")
  const settings = phantomPresets.touching([200, 200, 200], 398e-9, 1)
  const { files } = await Effect.runPromise(writePhantom(join(folder, "phantom.tif"), settings, () => Effect.void))
  return files.phases
}

const file = existsSync(nrel) ? nrel : await phantom()

const measured = async (out: string, changes: Partial<ParticlesRequest>) => {
  const request: ParticlesRequest = {
    file,
    voxelSize: 398e-9,
    settings: defaultVolumeSettings,
    stated: new Set(),
    published: { kind: "no" },
    depth: defaultDepthAxis,
    damage: defaultDamageThresholds,
    out: join(folder, out),
    overwrite: false,
    memory: 2e9,
    threads,
    surfaces: null,
    fields: false,
    meshSlice: { kind: "none" },
    ...changes,
  }
  const [begun, used] = [performance.now(), process.cpuUsage()]
  const { manifest } = await Effect.runPromise(
    measureTomogram(request, { onProgress: () => Effect.void, onNote: () => Effect.void }),
  )
  const { user, system } = process.cpuUsage(used)
  console.log(
    `${out.padEnd(10)} ${manifest.particles?.count} particles in ${((performance.now() - begun) / 1000).toFixed(1)} s, ` +
      `${((user + system) / 1e6).toFixed(1)} s of processors, at most ${(manifest.peakMemory / 1e9).toFixed(2)} GB`,
  )
  for (const { name, seconds } of manifest.stages) console.log(`  ${seconds.toFixed(2).padStart(6)} s  ${name}`)
}

try {
  await measured("whole", { meshSlice: { kind: "middle" } })
  await measured("bricks", { brick: 64 })
  const [whole, bricks] = ["whole", "bricks"].map((out) => readFileSync(join(folder, out, "particles.csv"), "utf8"))
  console.log(whole === bricks ? "the tables are equal" : "THE TABLES DIFFER")
  process.exitCode = whole === bricks ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
