import fc from "fast-check"
import { expect, it } from "vitest"
import type { Triple } from "../../src/image/brick.ts"
import { components } from "../../src/image/components.ts"
import { floodFromBorderInto } from "../../src/particles/fill-holes.ts"

const length = fc.integer({ min: 1, max: 9 })

it("marks the zeros of just those parts that reach the border", () => {
  fc.assert(
    fc.property(length, length, length, fc.integer({ min: 1, max: 4 }), fc.integer(), (nx, ny, nz, share, seed) => {
      const shape: Triple = [nx, ny, nz]
      const spacing: Triple = [1, 1, 1]
      const random = (i: number): number => Math.abs((Math.sin(i * 12.9898 + seed) * 43758.5453) % 1)
      const values = Uint8Array.from({ length: nx * ny * nz }, (_, i) => (random(i) < share / 5 ? 4 : 0))
      const free = components({ shape, spacing, values: values.map((value) => (value === 0 ? 1 : 0)) }, "face")
      const open = new Set<number>()
      const isBorder = (i: number): boolean => {
        const place = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))]
        return place.some((at, a) => shape[a] > 1 && (at === 0 || at === shape[a] - 1))
      }
      free.values.forEach((part, i) => {
        if (part > 0 && isBorder(i)) open.add(part)
      })
      const expected = values.map((value, i) => (value === 0 && open.has(free.values[i]) ? 1 : value))
      floodFromBorderInto({ shape, spacing }, 1, values)
      expect(values).toEqual(expected)
    }),
  )
})

it("finds its way through a long winding channel, and not into a closed chamber", () => {
  const n = 41
  const values = new Uint8Array(n * n * n).fill(4)
  const clear = (x: number, y: number, z: number): void => {
    values[x + n * (y + n * z)] = 0
  }
  for (let y = 1; y < n - 1; y += 2) {
    for (let x = 1; x < n - 1; x++) clear(x, y, 20)
    if (y + 1 < n - 1) clear(y % 4 === 1 ? n - 2 : 1, y + 1, 20)
  }
  clear(20, 20, 30)
  clear(1, 0, 20)
  const zeros = values.filter((value) => value === 0).length
  floodFromBorderInto({ shape: [n, n, n], spacing: [1, 1, 1] }, 1, values)
  expect(values.filter((value) => value === 1).length).toBe(zeros - 1)
  expect(values[20 + n * (20 + n * 30)]).toBe(0)
})
