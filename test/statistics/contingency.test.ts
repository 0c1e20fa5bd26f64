import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Contingency, contingencyMonoid, contingencyOf } from "../../src/statistics/contingency.ts"
import { expectMonoid } from "./laws.ts"

const label = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constantFrom(70_000, 2 ** 31 - 1))
const places = fc.array(fc.tuple(label, label), { maxLength: 40 })
const tableOf = (pairs: readonly (readonly [number, number])[]): Contingency =>
  contingencyOf(
    pairs.map(([a]) => a),
    pairs.map(([, b]) => b),
  )

describe("a contingency table", () => {
  it("is a monoid, exactly", () => {
    expectMonoid(contingencyMonoid, places.map(tableOf))
  })

  it("of parts, merged, is that of the whole", () => {
    fc.assert(
      fc.property(places, fc.nat(), (pairs, cut) => {
        const at = pairs.length === 0 ? 0 : cut % pairs.length
        expect(contingencyMonoid.concat(tableOf(pairs.slice(0, at)), tableOf(pairs.slice(at)))).toEqual(tableOf(pairs))
      }),
    )
  })

  it("counts every place once, each pair in one row, in order", () => {
    fc.assert(
      fc.property(places, (pairs) => {
        const { first, second, count } = tableOf(pairs)
        expect(count.reduce((sum, each) => sum + each, 0)).toBe(pairs.length)
        for (let k = 0; k < count.length; k++) {
          expect(count[k]).toBe(pairs.filter(([a, b]) => a === first[k] && b === second[k]).length)
          if (k > 0) expect(first[k] - first[k - 1] || second[k] - second[k - 1]).toBeGreaterThan(0)
        }
      }),
    )
  })

  it("refuses lengths that differ and what is no label", () => {
    expect(() => contingencyOf([1], [])).toThrow("1 first labels, 0 second ones")
    for (const wrong of [-1, 0.5, Number.NaN, 2 ** 31]) {
      expect(() => contingencyOf([wrong], [0])).toThrow(`a label is ${wrong}`)
      expect(() => contingencyOf([0], [wrong])).toThrow(`a label is ${wrong}`)
    }
  })
})
