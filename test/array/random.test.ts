import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { assertFinite, assertIndices, assertLength, assertStride } from "../../src/array/assert.ts"
import { seededRandom } from "../../src/array/random.ts"

describe("seededRandom", () => {
  it("repeats itself for one seed and differs for the next", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const draw = (s: number): number[] => {
          const random = seededRandom(s)
          return Array.from({ length: 5 }, random.uniform)
        }
        expect(draw(seed)).toEqual(draw(seed))
        expect(draw(seed)).not.toEqual(draw(seed + 1))
      }),
    )
  })

  it("has the moments of the uniform and normal distributions", () => {
    const random = seededRandom(7)
    const count = 200_000
    let sum = 0
    let square = 0
    let normalSum = 0
    let normalSquare = 0
    let normalFourth = 0
    for (let i = 0; i < count; i++) {
      const u = random.uniform()
      sum += u
      square += u * u
      const z = random.normal()
      normalSum += z
      normalSquare += z * z
      normalFourth += z ** 4
    }
    // Six standard errors of each estimate.
    expect(Math.abs(sum / count - 1 / 2)).toBeLessThan(6 * Math.sqrt(1 / 12 / count))
    expect(Math.abs(square / count - 1 / 3)).toBeLessThan(6 * Math.sqrt(4 / 45 / count))
    expect(Math.abs(normalSum / count)).toBeLessThan(6 / Math.sqrt(count))
    expect(Math.abs(normalSquare / count - 1)).toBeLessThan(6 * Math.sqrt(2 / count))
    expect(Math.abs(normalFourth / count - 3)).toBeLessThan(6 * Math.sqrt(96 / count))
  })

  it("draws every integer equally often and permutations without loss", () => {
    const random = seededRandom(3)
    const counts = new Int32Array(7)
    for (let i = 0; i < 70_000; i++) counts[random.integer(7)]++
    for (const c of counts) expect(Math.abs(c - 10_000)).toBeLessThan(6 * Math.sqrt(10_000))
    fc.assert(
      fc.property(fc.nat(200), fc.integer(), (n, seed) => {
        const order = seededRandom(seed).permutation(n)
        expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i))
      }),
    )
  })

  it("splits into streams that differ", () => {
    const random = seededRandom(11)
    const first = random.split()
    const second = random.split()
    expect(first.uniform()).not.toBe(second.uniform())
  })

  it("refuses a seed that is no number", () => {
    expect(() => seededRandom(Number.NaN)).toThrow(RangeError)
  })
})

describe("assertions", () => {
  it("pass what holds and name what does not", () => {
    expect(() => assertLength("x", [1, 2], 2)).not.toThrow()
    expect(() => assertLength("x", [1, 2], 3)).toThrow(/x has 2 entries, 3 expected/)
    expect(() => assertStride("x", [1, 2, 3], 2)).toThrow(/x has 3 entries/)
    expect(() => assertFinite("x", [1, Number.NaN])).toThrow(/x\[1\] is NaN/)
    expect(() => assertFinite("x", [Number.POSITIVE_INFINITY])).toThrow(/x\[0\]/)
    expect(() => assertIndices("map", [0, 2], 2)).toThrow(/map\[1\] is 2/)
    expect(() => assertIndices("map", [-1, 1], 2, -1)).not.toThrow()
  })
})
