import { Effect } from "effect"
import { expect, it } from "vitest"
import { volumeInMemory } from "../../../src/formats/volume-in-memory.ts"
import { defaultParticleSettings } from "../../../src/particles/particle-settings.ts"
import { particleEngine } from "../../../src/pipeline/particles/engine.ts"
import { type MeasuringRoom, measureAll, measuringRoom } from "../../../src/pipeline/particles/measure.ts"
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

const unbounded: MeasuringRoom = {
  threads: 1,
  sharedVoxels: Number.POSITIVE_INFINITY,
  soleVoxels: Number.POSITIVE_INFINITY,
  memory: Number.POSITIVE_INFINITY,
  begun: 0,
}

const measured = (room: MeasuringRoom, onDone: (share: number) => void = () => {}) =>
  Effect.scoped(
    Effect.flatMap(labelled, (volume) =>
      measureAll(volume, geometric, room, null, (share) => Effect.sync(() => onDone(share))).pipe(
        Effect.provide(particleEngine(1)),
      ),
    ),
  )

it("uses as many threads as fit into the memory, one at least", async () => {
  const volume = await Effect.runPromise(Effect.scoped(labelled))
  const fitting = (memory: number): number => measuringRoom(volume, geometric, 8, memory).threads
  expect(fitting(1e12)).toBe(8)
  expect(fitting(1e8)).toBe(1)
  // What the process holds already is taken off.
  const held = process.memoryUsage.rss()
  expect(fitting(held + 60e6)).toBe(1)
  const some = fitting(held + 400e6)
  expect(some).toBeGreaterThan(1)
  expect(some).toBeLessThan(8)
  expect(some).toBeLessThanOrEqual(fitting(held + 600e6))
})

it("leaves large particles until the others are done, with the same result", async () => {
  const before = await Effect.runPromise(measured(unbounded))
  const crops = before.measures.map(({ bounds: { from, to } }) =>
    [0, 1, 2].reduce((size, a) => size * (Math.min(shape[a], to[a] + 12) - Math.max(0, from[a] - 12)), 1),
  )
  const smallest = Math.min(...crops)
  const sharedVoxels = crops.find((size) => size > smallest && size !== crops[crops.length - 1]) ?? smallest
  expect(crops.findIndex((size) => size > sharedVoxels)).toBeLessThan(
    crops.findLastIndex((size) => size <= sharedVoxels),
  )
  const after = await Effect.runPromise(measured({ ...unbounded, sharedVoxels }))
  expect(after).toEqual(before)
  const none = await Effect.runPromise(measured({ ...unbounded, sharedVoxels: 0 }))
  expect(none).toEqual(before)
})

it("refuses a particle that does not fit by itself, before anything is measured", async () => {
  const shares: number[] = []
  const room = { ...unbounded, soleVoxels: 1000, memory: 2e8, begun: 1.9e8 }
  const failure = await Effect.runPromise(Effect.flip(measured(room, (share) => shares.push(share))))
  expect(failure._tag).toBe("ParticleTooLarge")
  expect(failure.message).toMatch(
    /^particle \d+ and its surroundings have 0\.0\d+ million voxels: .* 200 MB were given$/,
  )
  expect(shares).toEqual([])
})

it("has every outline around its ball, and tells how far it is", async () => {
  const shares: number[] = []
  const work = measured(unbounded, (share) => shares.push(share))
  const { measures, outlines, angles } = await Effect.runPromise(work)
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
