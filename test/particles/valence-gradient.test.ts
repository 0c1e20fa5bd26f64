import fc from "fast-check"
import { expect, it } from "vitest"
import { seededRandom } from "../../src/array/random.ts"
import type { Triple } from "../../src/image/brick.ts"
import type { ParticleCrop } from "../../src/particles/crop.ts"
import {
  angleEdges,
  type GradientAngles,
  gradientAngles,
  gradientAnglesMonoid,
  isotropicShare,
} from "../../src/particles/valence-gradient.ts"
import { expectMonoid } from "../statistics/laws.ts"

const edges = angleEdges(18)
const spacing: Triple = [70e-9, 70e-9, 100e-9]
const radius = 1e-6

/** A ball with a phase map that depends on the way from its centre [m]. */
const ball = (gray: (x: number, y: number, z: number) => number, label = 3): ParticleCrop => {
  const shape = spacing.map((edge) => 2 * Math.ceil(radius / edge) + 3) as unknown as Triple
  const size = shape[0] * shape[1] * shape[2]
  const labels = new Int32Array(size)
  const map = new Float32Array(size)
  for (let voxel = 0; voxel < size; voxel++) {
    const at = [voxel % shape[0], Math.floor(voxel / shape[0]) % shape[1], Math.floor(voxel / (shape[0] * shape[1]))]
    const [x, y, z] = at.map((place, axis) => (place - (shape[axis] - 1) / 2) * spacing[axis])
    labels[voxel] = Math.hypot(x, y, z) <= radius ? label : 0
    map[voxel] = gray(x / radius, y / radius, z / radius)
  }
  return { shape, spacing, from: [0, 0, 0], whole: shape, label, labels, gray: map }
}

const shareOf = (angles: GradientAngles, from: number, to: number): number => {
  const { counts } = angles.voxels
  const total = counts.reduce((sum, count) => sum + count, 0)
  return counts.subarray(from / 10, to / 10).reduce((sum, count) => sum + count, 0) / total
}

it("sees a map that falls or rises with depth, and one that is layered along radii", () => {
  const rising = gradientAngles(
    ball((x, y, z) => Math.hypot(x, y, z)),
    edges,
  )
  expect(shareOf(rising, 170, 180)).toBeGreaterThan(0.97)
  const falling = gradientAngles(
    ball((x, y, z) => -(x * x + y * y + z * z)),
    edges,
  )
  expect(shareOf(falling, 0, 10)).toBeGreaterThan(0.97)
  const layered = gradientAngles(
    ball((x, y) => Math.atan2(Math.abs(y), x)),
    edges,
  )
  expect(shareOf(layered, 80, 100)).toBeGreaterThan(0.85)
})

it("sees no preferred angle in a map that changes along a line, nor in noise", () => {
  const random = seededRandom(3)
  for (const map of [(x: number, y: number, z: number) => x + 2 * y - z, () => random.normal()]) {
    const angles = gradientAngles(ball(map), edges)
    const total = angles.voxels.counts.reduce((sum, count) => sum + count, 0)
    const isotropic = isotropicShare(edges)
    angles.voxels.counts.forEach((count, bin) => {
      expect(Math.abs(count / total - isotropic[bin])).toBeLessThan(0.02)
    })
  }
})

it("weighs angles by the size of the gradient, in space and not in voxels", () => {
  // Voxels are longer along z: a map of z alone has one size everywhere.
  const { voxels, gradient } = gradientAngles(
    ball((_, __, z) => z),
    edges,
  )
  gradient.counts.forEach((sum, bin) => {
    // Both neighbours along z count: twice 1 over the radius.
    if (voxels.counts[bin] > 0) expect((sum / voxels.counts[bin]) * radius).toBeCloseTo(2, 4)
  })
})

it("counts voxels without a gradient apart, and leaves out cracks and what touches them", () => {
  const flat = gradientAngles(
    ball(() => 7),
    edges,
  )
  expect(flat.voxels.counts.every((count) => count === 0)).toBe(true)
  expect(flat.undefined).toBeGreaterThan(1000)
  const whole = ball((x) => x)
  const phases = Uint8Array.from(whole.labels, (label) => (label > 0 ? 1 : 0))
  const middle = Math.floor(phases.length / 2)
  phases[middle + 3] = 0
  const total = (angles: GradientAngles) => angles.voxels.counts.reduce((sum, count) => sum + count, angles.undefined)
  expect(total(gradientAngles(whole, edges)) - total(gradientAngles({ ...whole, phases }, edges))).toBe(7)
})

it("merges over particles", () => {
  const of = fc.nat(50).map((seed) => {
    const random = seededRandom(seed)
    return gradientAngles(
      ball(() => Math.floor(8 * random.uniform())),
      edges,
    )
  })
  const some = fc.constantFrom(...fc.sample(of, 6))
  expectMonoid(gradientAnglesMonoid(edges), some, (a, b) => {
    expect([a.voxels, a.undefined]).toEqual([b.voxels, b.undefined])
    a.gradient.counts.forEach((sum, bin) => {
      expect(Math.abs(sum - b.gradient.counts[bin])).toBeLessThanOrEqual(1e-12 * sum)
    })
  })
})

it("refuses a particle without a phase map", () => {
  const { gray: _, ...bare } = ball(() => 0)
  expect(() => gradientAngles(bare, edges)).toThrow("need a phase map")
})
