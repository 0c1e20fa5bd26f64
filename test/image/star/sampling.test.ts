import { describe, expect, it } from "vitest"
import { networkPixel, sectionImage } from "../../../src/image/star/sampling.ts"

describe("the pixels in which a network is shown a volume", () => {
  it.each([
    ["voxels as it learnt them", 70, 70, 70],
    ["somewhat coarser voxels", 100, 70, 100],
    ["coarser voxels, divided", 250, 70, 105],
    ["voxels coarser still, divided in three and no more", 900, 70, 300],
    ["finer voxels, averaged", 30, 70, 70],
    ["any voxels where it says nothing", 400, undefined, 400],
  ])("are right for %s", (_, voxel, learnt, expected) => {
    const spacing = [1e-9 * voxel, 1.5e-9 * voxel, 1e-9 * voxel] as const
    const pixel = networkPixel(spacing, learnt === undefined ? undefined : 1e-9 * learnt)
    expect(1e9 * pixel).toBeCloseTo(expected, 6)
  })

  it("are square, whatever the voxels", () => {
    const { size, section } = sectionImage([100, 40], [100e-9, 250e-9], 100e-9)
    expect(size).toEqual([100, 100])
    expect(section.scale).toEqual([1, 2.5])
  })
})
