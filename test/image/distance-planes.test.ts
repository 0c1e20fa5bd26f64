import fc from "fast-check"
import { expect, it } from "vitest"
import type { Triple } from "../../src/image/brick.ts"
import { visitSquaredDistance } from "../../src/image/distance-planes.ts"
import { squaredDistance } from "../../src/image/squared-distance.ts"
import { Workspace } from "../../src/kernels/workspace.ts"

const length = fc.integer({ min: 1, max: 9 })
const depth = fc.integer({ min: 1, max: 40 })
const edge = fc.double({ min: 0.3, max: 3, noNaN: true })
const limits = fc.option(fc.double({ min: 0, max: 60, noNaN: true }), { nil: undefined })
const workspace = new Workspace()

it("has plane by plane what the whole volume has, bit for bit up to the limit", () => {
  fc.assert(
    fc.property(
      length,
      length,
      depth,
      edge,
      edge,
      edge,
      limits,
      fc.integer(),
      (nx, ny, nz, dx, dy, dz, limit, seed) => {
        const shape: Triple = [nx, ny, nz]
        const grid = { shape, spacing: [dx, dy, dz] as Triple }
        const plane = nx * ny
        const seeds = Uint8Array.from({ length: plane * nz }, (_, i) => ((i * 7919 + seed) % 37 === 0 ? 1 : 0))
        const filled = [...Array(nz).keys()].filter((z) => seeds.subarray(plane * z, plane * (z + 1)).includes(1))
        const within = filled.length === 0 ? ([0, nz] as const) : ([filled[0], filled[filled.length - 1] + 1] as const)
        const whole = squaredDistance(grid, seeds, limit === undefined ? {} : { limit })
        const visited: number[] = []
        const planes = [seed & 1 ? nz >> 1 : 0, nz] as const
        const extent = { seeds: within, planes, ...(limit === undefined ? {} : { limit }) }
        visitSquaredDistance(
          grid,
          workspace,
          extent,
          (z, out) => out.set(seeds.subarray(plane * z, plane * (z + 1))),
          (z, squared) => {
            visited.push(z)
            const highest = limit === undefined ? 1e29 : limit / dx ** 2
            squared.forEach((found, i) => {
              const expected = whole[plane * z + i]
              if (expected <= highest) expect(found).toBe(expected)
              else expect(found).toBeGreaterThan(highest)
            })
          },
        )
        expect(visited).toEqual([...Array(nz).keys()].slice(planes[0]))
      },
    ),
  )
})
