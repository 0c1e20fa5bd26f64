import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { conductThroughNetwork } from "../../src/microstructure/network-conduction.ts"
import { EdgeList, reachableFrom } from "../../src/microstructure/network-edges.ts"

const edge = fc.record({
  one: fc.nat(9),
  other: fc.nat(9),
  high: fc.double({ min: 0, max: 10, noNaN: true }),
  low: fc.double({ min: 0, max: 10, noNaN: true }),
})

describe("EdgeList", () => {
  it("holds each pair once, with the sum of its shapes, sorted", () => {
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 60 }), (edges) => {
        const list = new EdgeList(10)
        const expected = new Map<string, [number, number]>()
        for (const { one, other, high, low } of edges) {
          list.add(one, other, high, low)
          if (one === other || (high === 0 && low === 0)) continue
          const key = `${Math.min(one, other)} ${Math.max(one, other)}`
          const [a, b] = expected.get(key) ?? [0, 0]
          expected.set(key, [a + high, b + low])
        }
        const { edgeCount, from, to, highShape, lowShape } = list.network(new Float64Array(30))
        expect(edgeCount).toBe(expected.size)
        for (let k = 0; k < edgeCount; k++) {
          const [high, low] = expected.get(`${from[k]} ${to[k]}`)!
          expect(highShape[k]).toBeCloseTo(high, 12)
          expect(lowShape[k]).toBeCloseTo(low, 12)
          if (k > 0) expect(from[k] * 10 + to[k]).toBeGreaterThan(from[k - 1] * 10 + to[k - 1])
        }
      }),
    )
  })

  it("refuses shapes that are no conductances", () => {
    for (const shape of [-1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => new EdgeList(3).add(1, 2, shape, 0)).toThrow("nodes 1 and 2")
  })
})

describe("reachableFrom", () => {
  it("follows edges either way and no further", () => {
    const from = Int32Array.of(1, 3, 4, 6)
    const to = Int32Array.of(0, 1, 3, 5)
    expect([...reachableFrom(0, 7, from, to)]).toEqual([1, 1, 0, 1, 1, 0, 0])
  })
})

describe("conductThroughNetwork", () => {
  const list = new EdgeList(5)
  list.add(0, 1, 2, 0)
  list.add(1, 2, 1, 30)
  list.add(0, 2, 0, 10)
  list.add(3, 4, 1, 1)
  const network = list.network(new Float64Array(15))
  const held = (values: Record<number, number>): Float64Array =>
    Float64Array.from({ length: 5 }, (_, node) => values[node] ?? Number.NaN)

  it("resistances in series and side by side", () => {
    // 2σ_h in series with σ_h + 30σ_l, beside 10σ_l: 8 in series with 4 + 6 is 40/9, and 2 more.
    const { potential, current } = conductThroughNetwork(network, { high: 4, low: 0.2 }, held({ 0: 0, 2: 1 }))
    expect(current[2]).toBeCloseTo(40 / 9 + 2, 9)
    expect(current[0]).toBeCloseTo(-current[2], 9)
    expect(potential[1]).toBeCloseTo(5 / 9, 9)
    expect(Number.isNaN(potential[3])).toBe(true)
  })

  it("what is fed in comes out at the collector", () => {
    const fed = Float64Array.of(0, 0.3, 0.4, 0, 0)
    const { potential, current } = conductThroughNetwork(network, { high: 4, low: 0.2 }, held({ 0: 0 }), fed)
    expect(current[0]).toBeCloseTo(-0.7, 9)
    expect(current[1]).toBeCloseTo(0.3, 9)
    expect(potential[2]).toBeGreaterThan(0)
  })
})
