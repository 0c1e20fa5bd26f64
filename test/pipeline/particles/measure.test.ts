import { Effect } from "effect"
import { expect, it } from "vitest"
import { volumeInMemory } from "../../../src/formats/volume-in-memory.ts"
import { defaultParticleSettings } from "../../../src/particles/particle-settings.ts"
import { particleEngine } from "../../../src/pipeline/particles/engine.ts"
import { fittingThreads, measureAll } from "../../../src/pipeline/particles/measure.ts"
import { segmentVolume } from "../../../src/pipeline/segmentation/segment-volume.ts"
import { defaultVolumeSettings } from "../../../src/pipeline/segmentation/settings.ts"
import { ballLabels, shape, trueBalls, voxel } from "./balls.ts"

const source = volumeInMemory({ shape, spacing: [voxel, voxel, voxel] }, ballLabels(1), "balls")
const { published: _, ...geometric } = defaultParticleSettings(source.spacing)
const labelled = segmentVolume(
  source,
  { ...defaultVolumeSettings, meaning: { kind: "labels" } },
  { memory: 1e9, threads: 1, scratch: "/nowhere" },
  () => Effect.void,
)

it("uses as many threads as fit into the memory, one at least", async () => {
  const volume = await Effect.runPromise(Effect.scoped(labelled))
  const fitting = (memory: number): number => fittingThreads(volume, geometric, 8, memory)
  expect(fitting(1e12)).toBe(8)
  expect(fitting(1e8)).toBe(1)
  // What the process holds already is taken off.
  const held = process.memoryUsage.rss()
  expect(fitting(held + 60e6)).toBe(1)
  const some = fitting(held + 500e6)
  expect(some).toBeGreaterThan(1)
  expect(some).toBeLessThan(6)
  expect(some).toBeLessThanOrEqual(fitting(held + 700e6))
})

it("has every outline around its ball, and tells how far it is", async () => {
  const shares: number[] = []
  const { measures, outlines, angles } = await Effect.runPromise(
    Effect.scoped(
      Effect.flatMap(labelled, (volume) =>
        measureAll(volume, geometric, null, (share) => Effect.sync(() => shares.push(share))).pipe(
          Effect.provide(particleEngine(1)),
        ),
      ),
    ),
  )
  expect(measures.map(({ label }) => label)).toEqual(trueBalls.map(({ label }) => label))
  expect(angles).toBeUndefined()
  expect(shares[shares.length - 1]).toBeCloseTo(1, 12)
  expect(shares.every((share, at) => at === 0 || share >= shares[at - 1])).toBe(true)
  const rays = 162
  trueBalls.forEach(({ centre, radius, isCut }, row) => {
    if (isCut) return
    for (let axis = 0; axis < 3; axis++) {
      expect(Math.abs((outlines?.centre[3 * row + axis] ?? 0) / voxel - centre[axis])).toBeLessThan(0.3)
    }
    const reach = outlines?.reach.subarray(rays * row, rays * (row + 1)) ?? new Float32Array(0)
    expect(Math.abs(reach.reduce((sum, value) => sum + value, 0) / rays / voxel - radius)).toBeLessThan(0.4)
  })
})
