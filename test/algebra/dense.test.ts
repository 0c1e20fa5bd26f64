import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { DenseFactorisation, DenseMatrix } from "../../src/algebra/dense.ts"
import { seededRandom } from "../../src/array/random.ts"
import { difference, largest, plainSolve, randomVector } from "./matrices.ts"

const shape = fc.record({
  rows: fc.integer({ min: 1, max: 45 }),
  columns: fc.integer({ min: 1, max: 45 }),
  others: fc.integer({ min: 1, max: 13 }),
  seed: fc.integer(),
})

const plainProduct = (a: Float64Array, b: Float64Array, m: number, k: number, n: number): Float64Array => {
  const out = new Float64Array(m * n)
  for (let i = 0; i < m; i++)
    for (let l = 0; l < k; l++) for (let j = 0; j < n; j++) out[i * n + j] += a[i * k + l] * b[l * n + j]
  return out
}

const transposed = (a: Float64Array, m: number, n: number): Float64Array =>
  Float64Array.from({ length: m * n }, (_, at) => a[(at % m) * n + Math.floor(at / m)])

describe("DenseMatrix", () => {
  it("multiplies vectors and matrices, transposed too", () => {
    fc.assert(
      fc.property(shape, ({ rows, columns, others, seed }) => {
        const random = seededRandom(seed)
        const a = randomVector(random, rows * columns)
        const matrix = new DenseMatrix(rows, columns, a)
        const x = randomVector(random, columns)
        const y = randomVector(random, rows)
        const b = randomVector(random, columns * others)
        const [ax, aty, ab] = [new Float64Array(rows), new Float64Array(columns), new Float64Array(rows * others)]
        matrix.multiplyInto(x, ax)
        matrix.multiplyTransposedInto(y, aty)
        matrix.multiplyMatrixInto(b, others, ab)
        matrix.multiplyInto(x, ax)
        expect(difference(ax, plainProduct(a, x, rows, columns, 1))).toBeLessThan(1e-12)
        expect(difference(aty, plainProduct(transposed(a, rows, columns), y, columns, rows, 1))).toBeLessThan(1e-12)
        expect(difference(ab, plainProduct(a, b, rows, columns, others))).toBeLessThan(1e-12)
        matrix.dispose()
      }),
    )
  })

  it("multiplies beyond one block of the kernel", () => {
    const [m, k, n] = [37, 600, 150]
    const random = seededRandom(1)
    const [a, b] = [randomVector(random, m * k), randomVector(random, k * n)]
    const out = new Float64Array(m * n)
    const matrix = new DenseMatrix(m, k, a)
    matrix.multiplyMatrixInto(b, n, out)
    expect(difference(out, plainProduct(a, b, m, k, n))).toBeLessThan(1e-11)
    matrix.dispose()
    expect(() => matrix.multiplyInto(new Float64Array(k), new Float64Array(m))).toThrow(/disposed/)
  })
})

describe("DenseFactorisation", () => {
  const system = fc.record({
    size: fc.integer({ min: 1, max: 70 }),
    columns: fc.integer({ min: 1, max: 6 }),
    seed: fc.integer(),
  })

  const check = (size: number, entries: Float64Array, kind: "symmetric" | "general", columns: number): boolean => {
    const b = randomVector(seededRandom(size), size * columns)
    const f = new DenseFactorisation(size, entries, kind)
    const x = b.slice()
    f.solveInto(x, x, columns)
    for (let c = 0; c < columns; c++) {
      const plain = plainSolve(size, entries, b.subarray(c * size, (c + 1) * size))
      expect(difference(x.subarray(c * size, (c + 1) * size), plain)).toBeLessThan(1e-7 * Math.max(1, largest(plain)))
      const rest = plainProduct(entries, x.subarray(c * size, (c + 1) * size), size, size, 1)
      const bound = 1e-12 * size * largest(entries) * Math.max(1, largest(x))
      expect(difference(rest, b.subarray(c * size, (c + 1) * size))).toBeLessThan(bound)
    }
    f.dispose()
    return f.report.pivoting
  }

  it("solves general systems, with zeros on the diagonal", () => {
    fc.assert(
      fc.property(system, ({ size, columns, seed }) => {
        const random = seededRandom(seed)
        const entries = randomVector(random, size * size)
        if (size > 1) for (let i = 0; i < size; i += 2) entries[i * size + i] = 0
        expect(check(size, entries, "general", columns)).toBe(true)
      }),
    )
  })

  it("solves definite systems without interchanges, whatever the units of the unknowns", () => {
    fc.assert(
      fc.property(system, ({ size, columns, seed }) => {
        const random = seededRandom(seed)
        const b = randomVector(random, size * size)
        const entries = plainProduct(b, transposed(b, size, size), size, size, size)
        const units = Float64Array.from({ length: size }, () => 10 ** (random.integer(5) - 2))
        for (let i = 0; i < size; i++)
          for (let j = 0; j < size; j++)
            entries[i * size + j] = (entries[i * size + j] + (i === j ? 1 : 0)) * units[i] * units[j]
        expect(check(size, entries, "symmetric", columns)).toBe(false)
      }),
    )
  })

  it("solves symmetric systems that are not definite", () => {
    fc.assert(
      fc.property(system, ({ size, columns, seed }) => {
        const random = seededRandom(seed)
        const entries = new Float64Array(size * size)
        for (let i = 0; i < size; i++)
          for (let j = 0; j <= i; j++) {
            // Nothing in the first quarter: no pivot there without interchanges.
            const value = i < size >> 2 ? 0 : random.normal()
            entries[i * size + j] = value
            entries[j * size + i] = value
          }
        if (size >= 4) expect(check(size, entries, "symmetric", columns)).toBe(true)
      }),
    )
  })

  it("refactorises, and reports what is singular or no number", () => {
    const f = new DenseFactorisation(3, Float64Array.of(2, 0, 0, 0, 2, 0, 0, 0, 2), "symmetric")
    const x = Float64Array.of(2, 4, 6)
    f.solveInto(x, x)
    expect(difference(x, [1, 2, 3])).toBeLessThan(1e-15)
    expect(f.refactorise(Float64Array.of(1, 1, 0, 1, 1, 0, 0, 0, 1))).toMatchObject({ nullPivots: 1, finite: true })
    expect(f.refactorise(Float64Array.of(1, Number.NaN, 0, Number.NaN, 1, 0, 0, 0, 1)).finite).toBe(false)
    f.solveInto(x, x)
    expect(x.every(Number.isNaN)).toBe(true)
    f.dispose()
  })
})
