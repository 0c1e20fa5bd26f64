/** Names that stand more than once, each with its number. */
export const repeatedNames = (names: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return new Map([...counts].filter(([, count]) => count > 1))
}

/** Whether all values are one, but for rounding. */
export const isConstant = (values: Float64Array): boolean => {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return !(high - low > 1e-12 * Math.max(Math.abs(low), Math.abs(high)))
}

/** Values that do not pass: how many, and the first few rows. */
export const failingRows = (
  values: Float64Array,
  passes: (value: number) => boolean,
  most: number,
): { readonly count: number; readonly rows: readonly number[] } => {
  const rows: number[] = []
  let count = 0
  for (let row = 0; row < values.length; row++) {
    if (passes(values[row])) continue
    if (count++ < most) rows.push(row)
  }
  return { count, rows }
}
