/**
 * The argument itself inside low…high, beyond them bending smoothly towards low − reach and high + reach:
 * high + reach (1 − exp(−(x − high)/reach)). C¹ and increasing: a fit stays exact inside its range and finite outside.
 */
export interface Saturation {
  readonly low: number
  readonly high: number
  /** How far beyond either end the argument may still go */
  readonly lowReach: number
  readonly highReach: number
}

/** x, saturated. */
export const saturated = (x: number, { low, high, lowReach, highReach }: Saturation): number => {
  if (x < low) return low + lowReach * Math.expm1((x - low) / lowReach)
  if (x > high) return high - highReach * Math.expm1((high - x) / highReach)
  return x
}

/** d saturated/dx */
export const saturatedSlope = (x: number, { low, high, lowReach, highReach }: Saturation): number => {
  if (x < low) return Math.exp((x - low) / lowReach)
  if (x > high) return Math.exp((high - x) / highReach)
  return 1
}
