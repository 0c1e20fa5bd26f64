/** Lowest and highest of some values, and the first that is no number. */
export interface GrayRange {
  readonly lowest: number
  readonly highest: number
  /** Index of the first value that is not finite, −1 where all are */
  readonly firstBad: number
}

/** Range of values; empty (∞ … −∞) of none. */
export const grayRange = (values: ArrayLike<number>): GrayRange => {
  let lowest = Number.POSITIVE_INFINITY
  let highest = Number.NEGATIVE_INFINITY
  let firstBad = -1
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    // NaN fails both comparisons.
    if (value < lowest) lowest = value
    if (value > highest) highest = value
    if (firstBad < 0 && !(value - value === 0)) firstBad = i
  }
  return { lowest, highest, firstBad }
}

/** Edges of equal bins between two values. @returns [bins + 1], rising where lowest < highest */
export const equalBins = (lowest: number, highest: number, bins: number): Float64Array =>
  Float64Array.from({ length: bins + 1 }, (_, k) => lowest + ((highest - lowest) * k) / bins)

/**
 * Counts values in equal bins between two values; what rounding moves past an end counts to the last bin there.
 * @param out [bin], counted into
 */
export const addCounts = (values: ArrayLike<number>, lowest: number, highest: number, out: Float64Array): void => {
  const last = out.length - 1
  const scale = out.length / (highest - lowest)
  for (let i = 0; i < values.length; i++) {
    const bin = ((values[i] - lowest) * scale) | 0
    out[bin < 0 ? 0 : bin > last ? last : bin]++
  }
}

/**
 * Class of each value: how many of the thresholds it reaches, looked up.
 * @param thresholds rising
 * @param classes [threshold + 1]
 * @param out     [voxel]
 */
export const classifyInto = (
  values: ArrayLike<number>,
  thresholds: readonly number[],
  classes: readonly number[],
  out: Uint8Array,
): void => {
  if (thresholds.length === 1) {
    const [cut] = thresholds
    const [low, high] = classes
    for (let i = 0; i < values.length; i++) out[i] = values[i] >= cut ? high : low
    return
  }
  for (let i = 0; i < values.length; i++) {
    let k = 0
    while (k < thresholds.length && values[i] >= thresholds[k]) k++
    out[i] = classes[k]
  }
}
