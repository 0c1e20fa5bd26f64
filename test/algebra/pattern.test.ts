import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { assemblyPattern, multiplyInto } from "../../src/algebra/pattern.ts"
import { assembled, difference, toDense } from "./matrices.ts"

describe("assemblyPattern", () => {
  const groups = fc.record({
    size: fc.integer({ min: 1, max: 20 }),
    lists: fc.array(
      fc.record({
        perElement: fc.integer({ min: 1, max: 4 }),
        raw: fc.array(fc.integer({ min: -1, max: 1000 }), { maxLength: 40 }),
      }),
      { maxLength: 3 },
    ),
  })

  it("has just the places that elements touch and the diagonal, and says where each element entry goes", () => {
    fc.assert(
      fc.property(groups, ({ size, lists }) => {
        const given = lists.map(({ perElement, raw }) => ({
          perElement,
          dofs: Int32Array.from(raw.slice(0, raw.length - (raw.length % perElement)), (d) => (d < 0 ? -1 : d % size)),
        }))
        const { pattern, positions } = assemblyPattern(size, given)
        const wanted = new Set(Array.from({ length: size }, (_, i) => i * size + i))
        given.forEach(({ dofs, perElement }, g) => {
          expect(positions[g].length).toBe(dofs.length * perElement)
          for (let e = 0; e < dofs.length / perElement; e++)
            for (let i = 0; i < perElement; i++)
              for (let j = 0; j < perElement; j++) {
                const [row, column] = [dofs[e * perElement + i], dofs[e * perElement + j]]
                const at = positions[g][(e * perElement + i) * perElement + j]
                if (row < 0 || column < 0) {
                  expect(at).toBe(-1)
                  continue
                }
                wanted.add(row * size + column)
                expect(pattern.columnIndex[at]).toBe(column)
                expect(at).toBeGreaterThanOrEqual(pattern.rowStart[row])
                expect(at).toBeLessThan(pattern.rowStart[row + 1])
              }
        })
        const found: number[] = []
        for (let i = 0; i < size; i++)
          for (let at = pattern.rowStart[i]; at < pattern.rowStart[i + 1]; at++)
            found.push(i * size + pattern.columnIndex[at])
        expect(found).toEqual([...wanted].sort((a, b) => a - b))
      }),
    )
  })
})

describe("multiplyInto", () => {
  it("is the product of the dense matrix", () => {
    fc.assert(
      fc.property(assembled(false), (matrix) => {
        const n = matrix.pattern.rowCount
        const x = Float64Array.from({ length: n }, (_, i) => Math.sin(i + 1))
        const out = new Float64Array(n)
        multiplyInto(matrix, x, out)
        const dense = toDense(matrix)
        const plain = out.map((_, i) => x.reduce((sum, value, j) => sum + dense[i * n + j] * value, 0))
        expect(difference(out, plain)).toBeLessThan(1e-9)
      }),
    )
  })

  it("refuses vectors of another length", () => {
    const { pattern } = assemblyPattern(2, [])
    const matrix = { pattern, values: new Float64Array(2) }
    expect(() => multiplyInto(matrix, new Float64Array(3), new Float64Array(2))).toThrow(RangeError)
  })
})
