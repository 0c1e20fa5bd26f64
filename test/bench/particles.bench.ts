/**
 * Time of the attributes of particles in space, a particle at a time on one processor: a phantom of cracked, touching
 * particles, each in a crop of its own with twelve voxels around, by the definitions of the table alone and with the
 * published estimator beside. Goal: 1,700 particles of some 5,000 voxels in 25 s.
 * Not measured: cutting crops out of files, threads, widening crops, the table and its neighbours.
 */
import { boxShape, type Triple, wholeOf, widened } from "../../src/image/brick.ts"
import { phantomPresets } from "../../src/image/phantom-volume/settings.ts"
import { emptyTally } from "../../src/image/phantom-volume/truth.ts"
import { phantomBox, phantomVolume } from "../../src/image/phantom-volume/volume.ts"
import { cropped, type Labels } from "../../src/image/volume.ts"
import type { ParticleCrop } from "../../src/particles/crop.ts"
import { measureParticle } from "../../src/particles/measure-particle.ts"
import { defaultParticleSettings } from "../../src/particles/particle-settings.ts"

const runs = 5
const margin = 12
const phantom = phantomVolume(phantomPresets.cracked([200, 200, 200], 4e-7, 5))
const part = phantomBox(phantom, wholeOf(phantom))
const count = emptyTally(phantom).voxels.length - 1

/** Bounds of every label, as [label, 6] first and one after the last voxel. */
const bounds = Int32Array.from({ length: 6 * (count + 1) }, (_, i) => (i % 6 < 3 ? 1 << 20 : 0))
const [nx, ny, nz] = phantom.shape
for (let z = 0, i = 0; z < nz; z++)
  for (let y = 0; y < ny; y++)
    for (let x = 0; x < nx; x++, i++) {
      const at = 6 * part.labels[i]
      if (at === 0) continue
      ;[x, y, z].forEach((value, a) => {
        bounds[at + a] = Math.min(bounds[at + a], value)
        bounds[at + 3 + a] = Math.max(bounds[at + 3 + a], value + 1)
      })
    }

const crops: ParticleCrop[] = []
for (let label = 1; label <= count; label++) {
  const [x0, y0, z0, x1, y1, z1] = bounds.subarray(6 * label, 6 * label + 6)
  if (x1 === 0) continue
  const box = widened({ from: [x0, y0, z0], to: [x1, y1, z1] }, margin, phantom)
  const cut = (values: Int32Array): Int32Array => {
    const whole: Labels = { shape: phantom.shape, spacing: phantom.spacing, values, count }
    return cropped(whole, box.from, box.to).values
  }
  crops.push({
    shape: boxShape(box),
    spacing: phantom.spacing,
    from: box.from,
    whole: phantom.shape as Triple,
    label,
    labels: cut(part.labels),
    phases: Uint8Array.from(cut(Int32Array.from(part.phases))),
    gray: Float32Array.from(cut(Int32Array.from(part.gray))),
  })
}
const voxels = part.labels.reduce((sum, label) => sum + (label > 0 ? 1 : 0), 0) / crops.length
const edge = Math.cbrt(crops.reduce((sum, { labels }) => sum + labels.length, 0) / crops.length)
console.log(`${crops.length} particles of ${Math.round(voxels)} voxels, crops of ${edge.toFixed(0)}³`)

let sink = 0
const medians: number[] = []
const { published, ...geometric } = defaultParticleSettings(phantom.spacing)
for (const [name, settings] of [
  ["geometric", geometric],
  ["with published", { ...geometric, ...(published ? { published } : {}) }],
] as const) {
  const times: number[] = []
  for (let run = 0; run <= runs; run++) {
    const start = performance.now()
    for (const crop of crops) sink += measureParticle(crop, settings).surfaceOuter
    // The first run warms up.
    if (run > 0) times.push((performance.now() - start) / crops.length)
  }
  times.sort((one, other) => one - other)
  medians.push(times[runs >> 1])
  const all = (1700 * times[runs >> 1]) / 1000
  console.log(
    `${name.padEnd(16)} min ${times[0].toFixed(2)} ms, median ${times[runs >> 1].toFixed(2)} ms a particle; 1,700 in ${all.toFixed(0)} s`,
  )
}
console.log(`both estimators take ${(medians[1] / medians[0]).toFixed(2)} times as long as the first alone`)
if (!Number.isFinite(sink)) console.log("unreachable")
