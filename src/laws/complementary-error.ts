const perRootPi = 2 / Math.sqrt(Math.PI)

/**
 * erfc(x) to about 1e-13 relative: the series of erf below 2.5, Lentz's continued fraction above.
 * @source Abramowitz & Stegun (1964), 7.1.6 and 7.1.14
 */
export const complementaryError = (x: number): number => {
  if (x < 0) return 2 - complementaryError(-x)
  if (x < 2.5) {
    // erf x = 2/√π e^{−x²} Σ 2ⁿ x^{2n+1}/(2n + 1)!!, all terms positive
    let term = x
    let sum = x
    for (let n = 1; term > 1e-17 * sum; n++) {
      term *= (2 * x * x) / (2 * n + 1)
      sum += term
    }
    return 1 - perRootPi * Math.exp(-x * x) * sum
  }
  if (x > 27) return 0
  let fraction = x
  for (let n = 60; n > 0; n--) fraction = x + n / 2 / fraction
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction)
}

/** d erfc/dx */
export const complementaryErrorSlope = (x: number): number => -perRootPi * Math.exp(-x * x)
