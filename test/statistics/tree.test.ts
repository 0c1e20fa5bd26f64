import fc from "fast-check"
import type { Monoid } from "fp-ts/lib/Monoid.js"
import { describe, expect, it } from "vitest"
import { momentsMonoid, momentsOf } from "../../src/statistics/moments.ts"
import { blockSize, type Forest, forestMonoid, leaf, reduceBlocks, wholeOf } from "../../src/statistics/tree.ts"

/** Writes the order in which things are merged. */
const bracket: Monoid<string> = { empty: "", concat: (a, b) => (a === "" ? b : b === "" ? a : `(${a}${b})`) }
const { concat, empty } = forestMonoid(bracket)
const letter = (index: number): Forest<string> => leaf(index, String.fromCharCode(97 + index))

/** Leaves 0 … n − 1 in any sequence, cut into shares in any way. */
const shares = fc.integer({ min: 1, max: 24 }).chain((count) =>
  fc.record({
    order: fc.shuffledSubarray([...Array(count).keys()], { minLength: count }),
    worker: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: count, maxLength: count }),
  }),
)

describe("a forest", () => {
  it("is a monoid, exactly, over disjoint leaves", () => {
    const disjoint = fc.uniqueArray(fc.integer({ min: 0, max: 25 }), { minLength: 3, maxLength: 26 })
    fc.assert(
      fc.property(disjoint, fc.integer({ min: 1, max: 9 }), (indices, cut) => {
        const grow = (some: number[]) => some.map(letter).reduce(concat, empty)
        const [a, b, c] = [indices.slice(0, cut), indices.slice(cut, 2 * cut), indices.slice(2 * cut)].map(grow)
        expect(concat(concat(a, b), c)).toEqual(concat(a, concat(b, c)))
        expect(concat(a, b)).toEqual(concat(b, a))
        expect(concat(a, empty)).toEqual(a)
      }),
    )
  })

  it("merges in one order, whoever comes first", () => {
    fc.assert(
      fc.property(shares, ({ order, worker }) => {
        const byWorker = [0, 1, 2, 3, 4].map((here) => order.filter((index) => worker[index] === here))
        const forest = byWorker.map((some) => some.map(letter).reduce(concat, empty)).reduce(concat, empty)
        const inOrder = order.map((_, index) => letter(index)).reduce(concat, empty)
        expect(wholeOf(bracket, forest, order.length)).toBe(wholeOf(bracket, inOrder, order.length))
      }),
    )
  })

  it("is a balanced tree", () => {
    const whole = (count: number) => wholeOf(bracket, [...Array(count).keys()].map(letter).reduce(concat, empty), count)
    expect(whole(1)).toBe("a")
    expect(whole(4)).toBe("((ab)(cd))")
    expect(whole(7)).toBe("(((ab)(cd))((ef)g))")
  })

  it("misses no leaf and takes none twice", () => {
    expect(() => wholeOf(bracket, concat(letter(0), letter(2)), 3)).toThrow("leaf 1 is missing")
    expect(() => wholeOf(bracket, letter(0), 2)).toThrow("1 leaves of 2")
    expect(() => concat(letter(3), letter(3))).toThrow("leaf 3 is there twice")
    expect(() => concat(concat(letter(2), letter(3)), letter(3))).toThrow("leaf 3 is there twice")
  })
})

describe("blocks", () => {
  it("give the same bits in one process and over workers", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 1, max: 6 }), (count, workers) => {
        const values = Float64Array.from({ length: count }, (_, index) => Math.sin(index * index) * 10 ** (index % 9))
        const blockCount = Math.ceil(count / blockSize)
        const { concat: join, empty: nothing } = forestMonoid(momentsMonoid)
        const forests = [...Array(workers).keys()].map((worker) => {
          let forest = nothing
          for (let block = worker; block < blockCount; block += workers) {
            const part = values.subarray(block * blockSize, (block + 1) * blockSize)
            forest = join(leaf(block, momentsOf(part)), forest)
          }
          return forest
        })
        expect(wholeOf(momentsMonoid, forests.reduceRight(join, nothing), blockCount)).toEqual(momentsOf(values))
      }),
      { numRuns: 60 },
    )
  })

  it("cover every entry once", () => {
    const { empty: none } = bracket
    const whole = reduceBlocks({ empty: none, concat: (a, b) => `${a} ${b}` }, 700, (begin, end) => `${begin}–${end}`)
    expect(whole).toBe("0–256 256–512 512–700")
  })
})
