import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { createArena } from "../../src/kernels/arena.ts"
import * as surfacesBytes from "../../src/kernels/generated/surfaces.ts"
import { kernel } from "../../src/kernels/loader.ts"

interface Surfaces {
  readonly invert: (...addresses: number[]) => void
  readonly tangent: (...addresses: number[]) => void
  readonly correction: (...addresses: number[]) => void
}

/** Z = Y Yᵀ ≥ 0 and slopes ≥ 0 of any size, even and odd. */
const system = fc.integer({ min: 1, max: 27 }).chain((size) => {
  const numbers = (count: number, min: number) =>
    fc.array(fc.double({ min, max: 1, noNaN: true }), { minLength: count, maxLength: count })
  return fc.record({
    size: fc.constant(size),
    roots: numbers(size * size, -1),
    slopes: numbers(size, 0),
    vectors: numbers(3 * size, -1),
  })
})

const times = (matrix: ArrayLike<number>, x: ArrayLike<number>): number[] =>
  Array.from({ length: x.length }, (_, i) =>
    Array.from(x).reduce((sum, value, j) => sum + matrix[i * x.length + j] * value, 0),
  )

describe("matrices of the surfaces of particles", () => {
  it.each(["fused", "plain"])("are inverted and applied as with plain arithmetic (%s)", (kind) => {
    const bytes = kind === "fused" ? surfacesBytes : { ...surfacesBytes, fusedBase64: "" }
    fc.assert(
      fc.property(system, ({ size, roots, slopes, vectors }) => {
        const arena = createArena()
        const { invert, tangent, correction } = kernel<Surfaces>(bytes).instantiate(arena.memory)
        // Guards show that nothing is written beside what is asked for.
        const [z, b, history, surfaces, current, inverse, spare, out, guard] = [
          size * size,
          ...[size, size, size, size],
          size * size,
          ...[size, size, 1],
        ].map((length) => arena.floats(length))
        for (let i = 0; i < size; i++)
          for (let j = 0; j < size; j++)
            for (let k = 0; k < size; k++) z[i * size + j] += roots[i * size + k] * roots[j * size + k]
        b.set(slopes)
        for (const [k, vector] of [history, surfaces, current].entries()) {
          vector.set(vectors.slice(k * size, (k + 1) * size))
        }
        invert(z.byteOffset, b.byteOffset, inverse.byteOffset, size)
        // (1 + Z b) out gives back what went in.
        const back = (): number[] => {
          const moved = times(
            z,
            Array.from(out, (value, k) => b[k] * value),
          )
          return moved.map((value, k) => value + out[k])
        }
        const near = (found: number[], wanted: number[]): void => {
          for (const [k, value] of found.entries()) expect(Math.abs(value - wanted[k])).toBeLessThan(1e-9)
        }
        const [from, to] = [spare.byteOffset, out.byteOffset]
        tangent(z.byteOffset, inverse.byteOffset, current.byteOffset, from, to, size)
        near(
          back(),
          times(z, current).map((value) => -value),
        )
        correction(...[z, inverse, history, surfaces, current].map(({ byteOffset }) => byteOffset), ...[from, to, size])
        near(
          back(),
          times(z, current).map((value, k) => history[k] - surfaces[k] - value),
        )
        expect(guard[0]).toBe(0)
        expect([...b]).toEqual(slopes)
      }),
      { numRuns: 60 },
    )
  })
})

describe("memory that kernels of several threads share", () => {
  it("gives those who ask in the same order the same numbers", () => {
    const first = createArena()
    const one = first.floats(5, (values) => values.fill(7))
    const many = first.floats(100_000)
    const second = createArena(first.memory)
    const same = second.floats(5, () => {
      throw new Error("the first has filled it")
    })
    expect([...same]).toEqual([7, 7, 7, 7, 7])
    one[2] = 3
    expect(same[2]).toBe(3)
    second.floats(100_000)[99_999] = 4
    expect(many[99_999]).toBe(4)
    expect(many.byteOffset % 64).toBe(0)
  })

  it("refuses more than kernels can address", () => {
    expect(() => createArena().floats(2 ** 30)).toThrow("more than a kernel can address")
  })
})
