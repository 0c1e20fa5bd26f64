/** One compared quantity. */
export interface Result {
  readonly quantity: string
  /** What theory, experiment or an independent solution says, in words or as a number with unit */
  readonly expected: string
  readonly found: string
  /** In the measure of `tolerance` */
  readonly error: number
  readonly tolerance: number
  readonly passed: boolean
  /** Why a row that does not hold is a finding, explained in the README of its case; absent for all others */
  readonly finding?: string
}

/** A row that is known not to hold, with the reason. */
export const found = (finding: string, row: Result): Result => ({ ...row, finding })

/** A verification problem (are the equations solved right?) or a published one (are they the right equations?). */
export interface ValidationCase {
  /** Folder below validation/, such as "analytic/shrinking-inclusion" */
  readonly name: string
  readonly title: string
  readonly reference: string
  /** "fast" cases also run in `npm test`. */
  readonly tier: "fast" | "long"
  readonly run: () => Result[] | Promise<Result[]>
}

/** A quantity that must lie within a relative error of its reference. */
export const compared = (
  quantity: string,
  expected: number,
  found: number,
  tolerance: number,
  unit: string,
): Result => {
  const error = Math.abs(found - expected) / Math.abs(expected)
  return {
    quantity,
    expected: `${expected.toPrecision(6)} ${unit}`.trim(),
    found: `${found.toPrecision(6)} ${unit}`.trim(),
    error,
    tolerance,
    passed: error <= tolerance,
  }
}

/** An error that must stay below a cap. */
export const bounded = (quantity: string, error: number, cap: number): Result => ({
  quantity,
  expected: `≤ ${cap > 0 && cap < 1e-3 ? cap.toExponential() : cap}`,
  found: error.toExponential(2),
  error,
  tolerance: cap,
  passed: error <= cap,
})

/** Slope of log error over log size between the last two refinements, asked to be within 0.15 of theory. */
export const orderOf = (quantity: string, theory: number, errors: readonly number[], ratio = 2): Result => {
  const order = Math.log(errors[errors.length - 2] / errors[errors.length - 1]) / Math.log(ratio)
  return {
    quantity: `${quantity}: observed order`,
    expected: `${theory} ± 0.15, or better`,
    found: order.toFixed(3),
    error: Math.max(0, theory - order),
    tolerance: 0.15,
    passed: order >= theory - 0.15,
  }
}

/** Rows with those that are known not to hold marked. @param findings reasons by quantity; each must name a row */
export const withFindings = (rows: readonly Result[], findings: Readonly<Record<string, string>>): Result[] => {
  for (const quantity of Object.keys(findings)) {
    if (!rows.some((row) => row.quantity === quantity)) throw new RangeError(`no row "${quantity}" to be a finding`)
  }
  return rows.map((row) => (row.quantity in findings ? found(findings[row.quantity], row) : row))
}
