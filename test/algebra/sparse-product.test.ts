import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { multiplyInto, type SparsePattern } from "../../src/algebra/pattern.ts"
import { sparseProduct } from "../../src/algebra/sparse-product.ts"
import { seededRandom } from "../../src/array/random.ts"
import { randomVector } from "./matrices.ts"

/** Any pattern, columns rising within rows; rows may be empty. */
const pattern: fc.Arbitrary<SparsePattern> = fc
  .tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 12 }))
  .chain(([rowCount, columnCount]) =>
    fc
      .array(fc.subarray(Array.from({ length: columnCount }, (_, column) => column)), {
        minLength: rowCount,
        maxLength: rowCount,
      })
      .map((rows) => ({
        rowCount,
        columnCount,
        rowStart: Int32Array.from([0, ...rows].map((_, row) => rows.slice(0, row).flat().length)),
        columnIndex: Int32Array.from(rows.flat()),
      })),
  )

describe("sparseProduct", () => {
  it("is the plain loop, to rounding, whatever the pattern and however often its values change", () => {
    fc.assert(
      fc.property(pattern, fc.integer(), (shape, seed) => {
        const random = seededRandom(seed)
        const { matrix, applyInto } = sparseProduct(shape)
        for (let round = 0; round < 2; round++) {
          matrix.values.set(randomVector(random, matrix.values.length))
          const x = randomVector(random, shape.columnCount)
          const [plain, out] = [new Float64Array(shape.rowCount), new Float64Array(shape.rowCount)]
          multiplyInto(matrix, x, plain)
          applyInto(x, out)
          for (let row = 0; row < out.length; row++) expect(out[row]).toBeCloseTo(plain[row], 12)
        }
      }),
    )
  })

  it("begins with zeros and works in place", () => {
    const shape = {
      rowCount: 2,
      columnCount: 2,
      rowStart: Int32Array.of(0, 2, 4),
      columnIndex: Int32Array.of(0, 1, 0, 1),
    }
    const { matrix, applyInto } = sparseProduct(shape)
    const x = Float64Array.of(3, 4)
    applyInto(x, x)
    expect([...x]).toEqual([0, 0])
    matrix.values.set([1, 2, 3, 4])
    x.set([5, 6])
    applyInto(x, x)
    expect([...x]).toEqual([17, 39])
  })

  it("refuses vectors of a wrong length", () => {
    const shape = { rowCount: 1, columnCount: 2, rowStart: Int32Array.of(0, 1), columnIndex: Int32Array.of(1) }
    const { applyInto } = sparseProduct(shape)
    expect(() => applyInto(new Float64Array(1), new Float64Array(1))).toThrow(RangeError)
    expect(() => applyInto(new Float64Array(2), new Float64Array(2))).toThrow(RangeError)
    expect(() => sparseProduct({ ...shape, columnIndex: Int32Array.of(1, 0) })).toThrow(RangeError)
  })
})
