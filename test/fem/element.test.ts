import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { linearElement, quadraticElement } from "../../src/fem/element.ts"

const barycentric = (dimension: number) =>
  fc
    .array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: dimension + 1, maxLength: dimension + 1 })
    .map((raw) => {
      const total = raw.reduce((sum, value) => sum + value, 0)
      return raw.map((value) => value / total)
    })

const elements = ([1, 2, 3] as const).flatMap((dimension) => [linearElement(dimension), quadraticElement(dimension)])

describe.each(elements)("element of order $order in $dimension dimensions", (element) => {
  const vertices = element.dimension + 1
  const nodes = [
    ...Array.from({ length: vertices }, (_, v) => Array.from({ length: vertices }, (__, w) => (v === w ? 1 : 0))),
    ...element.edges.map(([a, b]) => Array.from({ length: vertices }, (_, w) => (w === a || w === b ? 0.5 : 0))),
  ]
  const values = (point: readonly number[]): Float64Array => {
    const out = new Float64Array(element.nodesPerCell)
    element.valuesInto(point, out)
    return out
  }

  it("is one at its own node and zero at the others", () => {
    nodes.forEach((node, own) => {
      values(node).forEach((value, other) => {
        expect(value).toBeCloseTo(own === other ? 1 : 0, 14)
      })
    })
  })

  it("sums to one and reproduces polynomials of its order", () => {
    fc.assert(
      fc.property(barycentric(element.dimension), (point) => {
        const N = values(point)
        const field = (p: readonly number[]): number =>
          element.order === 1 ? 2 + p[0] : 2 + p[0] - 3 * p[0] * p[1] + p[1] ** 2
        expect(N.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12)
        expect(nodes.reduce((sum, node, a) => sum + N[a] * field(node), 0)).toBeCloseTo(field(point), 12)
      }),
    )
  })

  it("has the slopes of its values", () => {
    fc.assert(
      fc.property(barycentric(element.dimension), (point) => {
        const slopes = new Float64Array(element.nodesPerCell * vertices)
        element.slopesInto(point, slopes)
        for (let v = 0; v < vertices; v++) {
          const ahead = values(point.map((value, w) => (w === v ? value + 1e-6 : value)))
          const behind = values(point.map((value, w) => (w === v ? value - 1e-6 : value)))
          for (let a = 0; a < element.nodesPerCell; a++)
            expect(slopes[a * vertices + v]).toBeCloseTo((ahead[a] - behind[a]) / 2e-6, 7)
        }
      }),
    )
  })
})
