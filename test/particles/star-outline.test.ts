import fc from "fast-check"
import { expect, it } from "vitest"
import type { Triple } from "../../src/image/brick.ts"
import { icosphere } from "../../src/image/icosphere.ts"
import type { ParticleCrop } from "../../src/particles/crop.ts"
import { starOutline } from "../../src/particles/star-outline.ts"

const spacing: Triple = [1e-7, 1e-7, 1.4e-7]

/** Voxels of label 5 where the test holds, at a place [m] from the crop's middle. */
const cropOf = (half: number, isInside: (x: number, y: number, z: number) => boolean): ParticleCrop => {
  const shape = spacing.map((edge) => 2 * Math.ceil(half / edge) + 1) as unknown as Triple
  const labels = Int32Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, voxel) => {
    const at = [voxel % shape[0], Math.floor(voxel / shape[0]) % shape[1], Math.floor(voxel / (shape[0] * shape[1]))]
    const [x, y, z] = at.map((place, axis) => (place - (shape[axis] - 1) / 2) * spacing[axis])
    return isInside(x, y, z) ? 5 : 9
  })
  return { shape, spacing, from: [10, 20, 30], whole: [100, 100, 100], label: 5, labels }
}

it("is a sphere of even triangles that close and look outward", () => {
  for (const divisions of [0, 1, 2]) {
    const { vertices, triangles } = icosphere(divisions)
    expect(vertices.length / 3).toBe(10 * 4 ** divisions + 2)
    expect(triangles.length / 3).toBe(20 * 4 ** divisions)
    const edges = new Map<string, number>()
    let volume = 0
    for (let at = 0; at < triangles.length; at += 3) {
      const [a, b, c] = [...triangles.subarray(at, at + 3)]
      for (const [from, to] of [
        [a, b],
        [b, c],
        [c, a],
      ])
        edges.set(`${from} ${to}`, (edges.get(`${from} ${to}`) ?? 0) + 1)
      const [p, q, r] = [a, b, c].map((corner) => vertices.subarray(3 * corner, 3 * corner + 3))
      volume +=
        (p[0] * (q[1] * r[2] - q[2] * r[1]) + p[1] * (q[2] * r[0] - q[0] * r[2]) + p[2] * (q[0] * r[1] - q[1] * r[0])) /
        6
    }
    // Every edge is walked once each way.
    expect([...edges.values()].every((times) => times === 1)).toBe(true)
    for (const edge of edges.keys()) expect(edges.has(edge.split(" ").reverse().join(" "))).toBe(true)
    expect(volume).toBeGreaterThan(0.6 * ((4 / 3) * Math.PI))
    expect(volume).toBeLessThan((4 / 3) * Math.PI)
  }
})

it("is the ellipsoid that was digitised, within half a voxel, wherever it lies", () => {
  const { vertices } = icosphere(1)
  const radius = fc.double({ min: 4e-7, max: 12e-7, noNaN: true })
  fc.assert(
    fc.property(radius, radius, radius, (a, b, c) => {
      const crop = cropOf(13e-7, (x, y, z) => (x / a) ** 2 + (y / b) ** 2 + (z / c) ** 2 <= 1)
      const { centre, reach } = starOutline(crop, vertices)
      centre.forEach((x, axis) => {
        expect(Math.abs(x - (crop.from[axis] + crop.shape[axis] / 2) * spacing[axis])).toBeLessThan(1e-12)
      })
      reach.forEach((distance, ray) => {
        const [x, y, z] = vertices.subarray(3 * ray, 3 * ray + 3)
        const expected = 1 / Math.hypot(x / a, y / b, z / c)
        expect(Math.abs(distance - expected)).toBeLessThan(0.9e-7)
      })
    }),
    { numRuns: 25 },
  )
})

it("ends at the border of the crop, and looks past hollows", () => {
  const open = starOutline(
    cropOf(1e-6, () => true),
    Float64Array.of(1, 0, 0, 0, 0, -1),
  )
  expect(open.reach[0]).toBeCloseTo(10.5e-7, 9)
  expect(open.reach[1]).toBeCloseTo(8.5 * 1.4e-7, 9)
  const shell = cropOf(1e-6, (x, y, z) => Math.abs(Math.hypot(x, y, z) - 7e-7) < 1.5e-7)
  expect(Math.abs(starOutline(shell, Float64Array.of(1, 0, 0)).reach[0] - 8.5e-7)).toBeLessThan(0.5e-7)
  expect(() => starOutline({ ...shell, label: 8 }, Float64Array.of(1, 0, 0))).toThrow("particle 8 has no voxels")
})
