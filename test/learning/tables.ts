import fc from "fast-check"
import { seededRandom } from "../../src/array/random.ts"
import type { RegressionTable } from "../../src/learning/regression-table.ts"

/** A table whose target is `law` of the standard normal columns. */
export const normalTable = (
  rowCount: number,
  featureCount: number,
  seed: number,
  law: (row: readonly number[], noise: () => number) => number,
): RegressionTable => {
  const random = seededRandom(seed)
  const columns = Array.from({ length: featureCount }, () => Float64Array.from({ length: rowCount }, random.normal))
  return {
    names: columns.map((_, k) => `x${k}`),
    columns,
    targetName: "y",
    target: Float64Array.from({ length: rowCount }, (_, row) =>
      law(
        columns.map((column) => column[row]),
        random.normal,
      ),
    ),
  }
}

/** Tables of few rows with many ties, in which every rule on equal values matters. */
export const tiedTables = fc
  .record({ rowCount: fc.integer({ min: 2, max: 24 }), featureCount: fc.integer({ min: 1, max: 4 }) })
  .chain(({ rowCount, featureCount }) => {
    const few = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: rowCount, maxLength: rowCount })
    return fc.record({
      columns: fc.array(few, { minLength: featureCount, maxLength: featureCount }),
      target: fc.oneof(
        few,
        fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: rowCount, maxLength: rowCount }),
      ),
    })
  })
  .map(
    ({ columns, target }): RegressionTable => ({
      names: columns.map((_, k) => `x${k}`),
      columns: columns.map((column) => Float64Array.from(column)),
      targetName: "y",
      target: Float64Array.from(target),
    }),
  )
