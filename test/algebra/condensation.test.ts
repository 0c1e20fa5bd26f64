import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { condense } from "../../src/algebra/condensation.ts"
import { seededRandom } from "../../src/array/random.ts"
import { elasticity } from "../bench/matrices.ts"
import { assembled, difference, largest, plainSolve, product, randomVector, saddlePoint, toDense } from "./matrices.ts"

/** S = K_kk − K_ki K_ii⁻¹ K_ik, as it is written. */
const plainSchur = (n: number, dense: Float64Array, kept: Int32Array): Float64Array => {
  const isKept = new Set(kept)
  const inner = Array.from({ length: n }, (_, i) => i).filter((i) => !isKept.has(i))
  const block = Float64Array.from(inner.flatMap((i) => inner.map((j) => dense[i * n + j])))
  const out = new Float64Array(kept.length ** 2)
  kept.forEach((b, column) => {
    const solved = plainSolve(
      inner.length,
      block,
      Float64Array.from(inner, (i) => dense[i * n + b]),
    )
    kept.forEach((a, row) => {
      out[row * kept.length + column] = inner.reduce(
        (sum, i, at) => sum - dense[a * n + i] * solved[at],
        dense[a * n + b],
      )
    })
  })
  return out
}

describe("condense", () => {
  it("gives the Schur complement, and solutions of the whole by way of it", () => {
    fc.assert(
      fc.property(assembled(true), fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), (matrix, seed, share) => {
        const n = matrix.pattern.rowCount
        const random = seededRandom(seed)
        const kept = random.permutation(n).slice(0, Math.round(share * n))
        const condensation = condense(matrix, kept)
        const { schur } = condensation
        expect(condensation.report.warnings).toEqual([])
        const scale = Math.max(1, largest(matrix.values))
        expect(difference(schur, plainSchur(n, toDense(matrix), kept))).toBeLessThan(1e-11 * scale)

        const x = randomVector(random, n)
        const f = product(matrix, x)
        const g = new Float64Array(kept.length)
        condensation.reduceInto(f, g)
        const xk = Float64Array.from(kept, (i) => x[i])
        const sx = g.map((_, a) => xk.reduce((sum, value, b) => sum + schur[a * kept.length + b] * value, 0))
        expect(difference(sx, g)).toBeLessThan(1e-10 * scale)
        const out = f.slice()
        condensation.expandInto(xk, out, out)
        expect(difference(out, x)).toBeLessThan(1e-9)
        condensation.dispose()
      }),
    )
  })

  it("renews S for other values", () => {
    const matrix = elasticity(10, 1)
    const kept = seededRandom(2).permutation(matrix.pattern.rowCount).slice(0, 31)
    const condensation = condense(matrix, kept)
    const before = condensation.schur.slice()
    condensation.renew(matrix.values.map((value) => 3 * value))
    const tripled = before.map((value) => 3 * value)
    expect(difference(condensation.schur, tripled) / largest(tripled)).toBeLessThan(1e-13)
    condensation.dispose()
  })

  it("eliminates indefinite blocks with interchanges", () => {
    const matrix = saddlePoint(4, 150, 60)
    const n = matrix.pattern.rowCount
    const kept = seededRandom(1).permutation(n).slice(0, 20)
    const condensation = condense(matrix, kept)
    const plain = plainSchur(n, toDense(matrix), kept)
    expect(difference(condensation.schur, plain) / largest(plain)).toBeLessThan(1e-9)
    const x = randomVector(seededRandom(9), n)
    const out = new Float64Array(n)
    condensation.expandInto(
      Float64Array.from(kept, (i) => x[i]),
      product(matrix, x),
      out,
    )
    expect(difference(out, x)).toBeLessThan(1e-8)
    condensation.dispose()
  })

  it("refuses unknowns that repeat or do not exist", () => {
    const matrix = elasticity(3, 1)
    expect(() => condense(matrix, Int32Array.of(1, 1))).toThrow(/twice/)
    expect(() => condense(matrix, Int32Array.of(-1))).toThrow(/outside/)
  })
})
