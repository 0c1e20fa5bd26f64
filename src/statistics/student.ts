/**
 * Probability that a variable of Student's distribution lies within ±t, by its finite series in θ = atan(t / √ν).
 * @param angle    θ, 0 … π/2
 * @param degrees  of freedom ν, whole, ≥ 1
 * @source M. Abramowitz, I. A. Stegun (1964), Handbook of Mathematical Functions, eqs. 26.7.3 and 26.7.4
 */
const probabilityWithin = (angle: number, degrees: number): number => {
  const cosine = Math.cos(angle)
  const isOdd = degrees % 2 === 1
  let term = isOdd ? cosine : 1
  let sum = degrees === 1 ? 0 : term
  for (let power = isOdd ? 3 : 2; power <= degrees - 2; power += 2) {
    term *= ((power - 1) / power) * cosine * cosine
    sum += term
  }
  return isOdd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum
}

/**
 * The t for which a variable of Student's distribution lies within ±t with the given probability: the factor by which a
 * standard error becomes half a confidence interval.
 * @param confidence  in (0, 1), such as 0.95
 * @param degrees     of freedom, whole, ≥ 1
 * @throws where the confidence or the degrees are none
 */
export const studentFactor = (confidence: number, degrees: number): number => {
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`a confidence of ${confidence}, not between 0 and 1`)
  if (!(Number.isInteger(degrees) && degrees >= 1)) throw new RangeError(`${degrees} degrees of freedom`)
  let low = 0
  let high = Math.PI / 2
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return Math.sqrt(degrees) * Math.tan(middle)
    if (probabilityWithin(middle, degrees) < confidence) low = middle
    else high = middle
  }
}
