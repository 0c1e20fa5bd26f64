import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { volumeInMemory } from "../../../src/formats/volume-in-memory.ts"
import { segmentVolume } from "../../../src/pipeline/segmentation/segment-volume.ts"
import { defaultVolumeSettings } from "../../../src/pipeline/segmentation/settings.ts"

/** Two balls that touch. */
const pair = (): Uint8Array => {
  const values = new Uint8Array(40 * 20 * 20)
  for (let i = 0; i < values.length; i++) {
    const [x, y, z] = [i % 40, Math.floor(i / 40) % 20, Math.floor(i / 800)]
    for (const centre of [11, 27]) if (Math.hypot(x - centre, y - 10, z - 10) < 8.5) values[i] = 1
  }
  return values
}

describe("segmentVolume", () => {
  it("parts two balls that touch", async () => {
    const grid = { shape: [40, 20, 20] as const, spacing: [1e-6, 1e-6, 1e-6] as const }
    const source = volumeInMemory(grid, pair())
    const resources = { memory: 1e9, threads: 1, scratch: "." }
    const { count, boxes, sizes, crop } = await Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const found = yield* segmentVolume(source, defaultVolumeSettings, resources, () => Effect.void)
          return { ...found, crop: yield* found.cropOf(2, 2) }
        }),
      ),
    )
    expect(count).toBe(2)
    expect([...boxes.subarray(0, 6)]).toEqual([3, 2, 2, 20, 19, 19])
    expect(Math.abs(sizes[0] - sizes[1])).toBeLessThan(0.05 * sizes[0])
    expect(crop.labels.filter((label) => label === 2).length).toBe(sizes[1])
    expect(crop.phases).toHaveLength(crop.labels.length)
  })
})
