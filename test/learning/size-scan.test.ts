import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { defaultAutoencoder, type Training } from "../../src/learning/autoencoder.ts"
import { factorTable } from "../../src/learning/factor-table.ts"
import { chosenSize, defaultSizeScan, scanSize, scanSizes } from "../../src/learning/size-scan.ts"

const training: Training = { kind: "quasi-newton", memory: 10, mostIterations: 300 }
const autoencoder = { ...defaultAutoencoder, training }
const straight = { rowCount: 500, columnCount: 23, factorCount: 9, bend: 0, noise: 0.05, seed: 1 }

describe("the scan of sizes", () => {
  it.each([1, 2])("finds nine factors where there are nine (%s)", (seed) => {
    const { table } = factorTable({ ...straight, seed })
    const scan = scanSizes(table, {
      ...defaultSizeScan,
      sizes: [7, 8, 9, 10, 12],
      heldOutShare: 0.1,
      repeats: 1,
      starts: 1,
      autoencoder,
    })
    expect(scan.choice).toEqual({ latentCount: 9, isSettled: true })
  })

  it("finds three where they are bent, though components go on", () => {
    const { table } = factorTable({ ...straight, rowCount: 500, columnCount: 12, factorCount: 3, bend: 0.5 })
    const scan = scanSizes(table, {
      ...defaultSizeScan,
      sizes: [1, 2, 3, 4, 6],
      heldOutShare: 0.1,
      repeats: 1,
      starts: 2,
      autoencoder: { ...autoencoder, hiddenCount: 12 },
    })
    expect(scan.choice).toEqual({ latentCount: 3, isSettled: true })
    const components = scan.sizes.map(({ principal }) => principal[0])
    expect(chosenSize([1, 2, 3, 4, 6], components, 12).latentCount).not.toBe(3)
  })

  it("has errors of every repeat and fold, with and without regularisation", () => {
    const { table } = factorTable({ ...straight, rowCount: 100 })
    const settings = {
      ...defaultSizeScan,
      repeats: 2,
      starts: 1,
      folds: 3,
      withUnregularised: true,
      autoencoder: { ...autoencoder, training: { ...training, mostIterations: 10 } },
    }
    const errors = scanSize(table, settings, 4)
    expect(errors).toEqual(scanSize(table, settings, 4))
    expect([errors.heldOut, errors.training, errors.unregularised, errors.principal].map((a) => a.length)).toEqual([
      2, 2, 2, 2,
    ])
    expect(errors.crossValidated.length).toBe(3)
    for (const list of Object.values(errors))
      if (typeof list !== "number") expect(list.every(Number.isFinite)).toBe(true)
    expect(errors.unregularised).not.toEqual(errors.heldOut)
  })
})

describe("the choice", () => {
  it("falls on the last size that explains more than noise would", () => {
    const cases = fc.record({
      columns: fc.integer({ min: 8, max: 30 }),
      noise: fc.double({ min: 0.001, max: 0.03, noNaN: true }),
    })
    fc.assert(
      fc.property(cases, fc.nat(), ({ columns, noise }, at) => {
        const factors = 1 + (at % (columns - 3))
        const sizes = Array.from({ length: columns - 1 }, (_, k) => k + 1)
        // Equal factors, then equal shares of noise.
        const errors = sizes.map((k) => (0.9 * Math.max(0, factors - k)) / factors + (noise * (columns - k)) / columns)
        expect(chosenSize(sizes, errors, columns).latentCount).toBe(factors)
      }),
    )
  })

  it("is not settled where the error still falls at the largest size", () => {
    expect(chosenSize([1, 2, 3], [0.9, 0.6, 0.3], 20)).toEqual({ latentCount: 3, isSettled: false })
    expect(() => chosenSize([], [], 20)).toThrow("no sizes")
  })
})
