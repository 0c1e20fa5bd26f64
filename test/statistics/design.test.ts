import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { seededRandom } from "../../src/array/random.ts"
import { fullFactorial, latinHypercube } from "../../src/statistics/design.ts"

const counts = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 4 })
const size = fc.record({
  seed: fc.nat(),
  points: fc.integer({ min: 1, max: 40 }),
  factors: fc.integer({ min: 1, max: 5 }),
})

const rowsOf = (values: ArrayLike<number>, width: number): string[] =>
  Array.from({ length: width === 0 ? 0 : values.length / width }, (_, row) =>
    Array.from(values)
      .slice(row * width, (row + 1) * width)
      .join(),
  )

describe("a full factorial", () => {
  it("has every combination of levels once", () => {
    fc.assert(
      fc.property(counts, (levelCounts) => {
        const levels = fullFactorial(levelCounts)
        const rows = rowsOf(levels, levelCounts.length)
        const product = levelCounts.reduce((one, other) => one * other, 1)
        expect(levels.length).toBe(product * levelCounts.length)
        expect(new Set(rows).size).toBe(rows.length)
        for (const [index, level] of levels.entries()) {
          expect(level).toBeGreaterThanOrEqual(0)
          expect(level).toBeLessThan(levelCounts[index % levelCounts.length])
        }
      }),
    )
  })

  it("changes its last factor fastest", () => {
    expect(rowsOf(fullFactorial([2, 3]), 2)).toEqual(["0,0", "0,1", "0,2", "1,0", "1,1", "1,2"])
    expect(() => fullFactorial([2, 0])).toThrow("a factor has 0 levels")
  })
})

describe("a Latin hypercube", () => {
  it("hits each stratum of each factor exactly once", () => {
    fc.assert(
      fc.property(size, ({ seed, points, factors }) => {
        const places = latinHypercube(seededRandom(seed), points, factors)
        for (let factor = 0; factor < factors; factor++) {
          const strata = Array.from({ length: points }, (_, point) =>
            Math.floor(places[point * factors + factor] * points),
          )
          expect(strata.sort((a, b) => a - b)).toEqual(Array.from({ length: points }, (_, stratum) => stratum))
        }
      }),
    )
  })

  it("is the same for the same seed and another for another", () => {
    fc.assert(
      fc.property(size, ({ seed, points, factors }) => {
        const made = (from: number) => latinHypercube(seededRandom(from), points, factors)
        expect(made(seed)).toEqual(made(seed))
        expect(made(seed)).not.toEqual(made(seed + 1))
      }),
    )
  })
})
