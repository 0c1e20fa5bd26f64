import fc from "fast-check"
import { expect, it } from "vitest"
import type { Triple } from "../../src/image/brick.ts"
import { squaredDistance } from "../../src/image/squared-distance.ts"

const length = fc.integer({ min: 1, max: 9 })
const edge = fc.double({ min: 0.3, max: 3, noNaN: true })

/** Least over all seeds, in squares of the edge along x. */
const bySearch = (shape: Triple, spacing: Triple, seeds: Uint8Array): Float64Array => {
  const place = (i: number): Triple => [
    i % shape[0],
    Math.floor(i / shape[0]) % shape[1],
    Math.floor(i / (shape[0] * shape[1])),
  ]
  const all = [...seeds.keys()].filter((i) => seeds[i] !== 0).map(place)
  return Float64Array.from(seeds, (_, i) => {
    const here = place(i)
    return Math.min(
      ...all.map((there) => here.reduce((sum, v, a) => sum + (((v - there[a]) * spacing[a]) / spacing[0]) ** 2, 0)),
    )
  })
}

it("finds the nearest seed of every voxel, whatever it is confined to", () => {
  fc.assert(
    fc.property(length, length, length, edge, edge, edge, fc.integer(), (nx, ny, nz, dx, dy, dz, seed) => {
      const [shape, spacing]: [Triple, Triple] = [
        [nx, ny, nz],
        [dx, dy, dz],
      ]
      const seeds = Uint8Array.from({ length: nx * ny * nz }, (_, i) => ((i * 7919 + seed) % 11 === 0 ? 1 : 0))
      const exact = bySearch(shape, spacing, seeds)
      const close = (found: number, i: number): void => {
        if (exact[i] === Number.POSITIVE_INFINITY) expect(found).toBeGreaterThan(1e29)
        else expect(Math.abs(found - exact[i])).toBeLessThanOrEqual(1e-5 * exact[i])
      }
      squaredDistance({ shape, spacing }, seeds).forEach(close)
      const layers = [...Array(nz).keys()].filter((z) => seeds.subarray(nx * ny * z, nx * ny * (z + 1)).includes(1))
      const box = {
        from: [0, 0, Math.min(nz, ...layers)] as Triple,
        to: [nx, ny, Math.max(0, ...layers.map((z) => z + 1))] as Triple,
      }
      if (layers.length > 0) squaredDistance({ shape, spacing }, seeds, { seeds: box }).forEach(close)
      const limit = 4
      squaredDistance({ shape, spacing }, seeds, { limit: limit * dx * dx }).forEach((found, i) => {
        if (exact[i] <= limit) close(found, i)
        else expect(found).toBeGreaterThan((1 - 1e-6) * limit)
      })
    }),
  )
})

it("takes memory as it needs it, and gives much of it back", () => {
  const shape: Triple = [240, 200, 160]
  const seeds = new Uint8Array(240 * 200 * 160)
  seeds[0] = 1
  for (let pass = 0; pass < 2; pass++) {
    const found = squaredDistance({ shape, spacing: [1, 1, 1] }, seeds, { limit: 9 })
    expect([found[0], found[1], found[240 * 200 * 2]]).toEqual([0, 1, 4])
    expect(squaredDistance({ shape: [2, 1, 1], spacing: [1, 1, 1] }, Uint8Array.of(1, 0))[1]).toBe(1)
  }
})

it("refuses seeds that do not fill the grid", () => {
  expect(() => squaredDistance({ shape: [2, 2, 2], spacing: [1, 1, 1] }, new Uint8Array(7))).toThrow(/seeds has 7/)
})
