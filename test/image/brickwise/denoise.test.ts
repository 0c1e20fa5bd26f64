import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { seededRandom } from "../../../src/array/random.ts"
import { copySharedInto } from "../../../src/formats/copy-box.ts"
import { type Box, boxShape, bricksOf, type Triple, wholeOf } from "../../../src/image/brick.ts"
import { denoiseHalo, denoiseStage, mirrorOutside } from "../../../src/image/brickwise/denoise.ts"
import { rimmed } from "../../../src/image/brickwise/seams.ts"
import type { Denoise } from "../../../src/image/settings.ts"
import { gaussian, median, mirrored } from "../../../src/image/smoothing.ts"
import type { Volume } from "../../../src/image/volume.ts"
import { Workspace } from "../../../src/kernels/workspace.ts"

const work = new Workspace()

interface Gray extends Volume {
  readonly values: Float32Array
}

const edge = fc.integer({ min: 1, max: 9 })
const shapes = fc.tuple(edge, edge, edge)
const volumes = fc.record({ shape: shapes, seed: fc.integer() }).map(({ shape, seed }): Gray => {
  const random = seededRandom(seed)
  const values = Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, () => random.integer(4096))
  return { shape, spacing: [1, 1, 1], values }
})

const filters: readonly Denoise[] = [
  { kind: "none" },
  { kind: "median", radius: 1 },
  { kind: "median", radius: 2 },
  { kind: "gaussian", sigma: 0.5 },
  { kind: "gaussian", sigma: 1.2 },
  { kind: "non-local-means", settings: { patch: 1, search: 2, strength: 900, noise: 100 } },
]

const filtered = (volume: Gray, box: Box, filter: Denoise): Float32Array => {
  const wide = rimmed(box, denoiseHalo(filter))
  const { values, run } = denoiseStage(work, boxShape(wide), filter)
  copySharedInto({ ...wholeOf(volume), values: volume.values }, { ...wide, values })
  mirrorOutside(values, wide, volume.shape)
  const [x, y, z] = boxShape(box)
  const out = new Float32Array(x * y * z)
  copySharedInto({ ...wide, values: run() }, { ...box, values: out })
  return out
}

/** Weighted by the likeness of patches, voxel by voxel, with mirrored borders. */
const nonLocalByForce = (
  { shape, values }: Gray,
  { patch, search, strength, noise }: { patch: number; search: number; strength: number; noise: number },
): number[] => {
  const [nx, ny, nz] = shape
  const at = (x: number, y: number, z: number): number =>
    values[mirrored(x, nx) + nx * (mirrored(y, ny) + ny * mirrored(z, nz))]
  const cube = (radius: number): Triple[] => {
    const out: Triple[] = []
    for (let z = -radius; z <= radius; z++)
      for (let y = -radius; y <= radius; y++) for (let x = -radius; x <= radius; x++) out.push([x, y, z])
    return out
  }
  return Array.from(values, (_, i) => {
    const [x, y, z] = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))]
    let [sum, total] = [0, 0]
    for (const [dx, dy, dz] of cube(search)) {
      const around = cube(patch).map(
        ([a, b, c]) => (at(x + a, y + b, z + c) - at(x + a + dx, y + b + dy, z + c + dz)) ** 2,
      )
      const distance = around.reduce((all, d) => all + d, 0) / around.length
      const own = dx === 0 && dy === 0 && dz === 0
      const weight = own ? 1 : Math.exp(-Math.max(0, distance - 2 * noise * noise) / strength ** 2)
      sum += weight * at(x + dx, y + dy, z + dz)
      total += weight
    }
    return sum / total
  })
}

describe("noise taken off by boxes", () => {
  it.each(filters)("is the same bit for bit however the volume is cut: %o", (filter) => {
    fc.assert(
      fc.property(volumes, shapes, (volume, cut) => {
        const whole = wholeOf(volume)
        const joined = new Float32Array(volume.values.length)
        for (const box of bricksOf(volume, cut)) {
          copySharedInto({ ...box, values: filtered(volume, box, filter) }, { ...whole, values: joined })
        }
        expect(joined).toEqual(filtered(volume, whole, filter))
      }),
      { numRuns: filter.kind === "non-local-means" ? 10 : 40 },
    )
  })

  it.each([1, 2])("is the median of the whole volume (radius %i)", (radius) => {
    fc.assert(
      fc.property(volumes, (volume) => {
        const found = filtered(volume, wholeOf(volume), { kind: "median", radius })
        expect(found).toEqual(median(volume, radius).values)
      }),
    )
  })

  it.each([0.5, 1.2])("is the Gaussian of the whole volume, to rounding (σ = %f)", (sigma) => {
    fc.assert(
      fc.property(volumes, (volume) => {
        const expected = gaussian(volume, sigma).values
        filtered(volume, wholeOf(volume), { kind: "gaussian", sigma }).forEach((value, i) => {
          expect(Math.abs(value - expected[i])).toBeLessThan(4096 * 2e-6)
        })
      }),
    )
  })

  it("is the mean over voxels that look alike", () => {
    const settings = { patch: 1, search: 2, strength: 900, noise: 100 }
    fc.assert(
      fc.property(volumes, (volume) => {
        const expected = nonLocalByForce(volume, settings)
        filtered(volume, wholeOf(volume), { kind: "non-local-means", settings }).forEach((value, i) => {
          expect(Math.abs(value - expected[i])).toBeLessThan(4096 * 5e-6)
        })
      }),
      { numRuns: 5 },
    )
  })

  it("leaves a constant as it is", () => {
    const constant: Gray = { shape: [7, 6, 5], spacing: [1, 1, 1], values: new Float32Array(210).fill(1000) }
    for (const filter of filters) {
      for (const value of filtered(constant, wholeOf(constant), filter)) expect(value).toBeCloseTo(1000, 2)
    }
  })
})
