/**
 * Points and weights in (0, 1) that integrate polynomials up to degree 2 count − 1 exactly.
 * @param count ≥ 1
 * @source P. J. Davis, P. Rabinowitz, Methods of Numerical Integration (1984), §2.7: roots of Legendre's polynomial by
 * Newton's iteration
 */
export const gaussLegendre = (count: number): { readonly points: Float64Array; readonly weights: Float64Array } => {
  if (!(Number.isInteger(count) && count >= 1)) throw new RangeError(`${count} points of quadrature`)
  const points = new Float64Array(count)
  const weights = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5))
    let slope = 1
    for (let step = 0; step < 100; step++) {
      let before = 1
      let value = x
      for (let degree = 2; degree <= count; degree++) {
        const next = ((2 * degree - 1) * x * value - (degree - 1) * before) / degree
        before = value
        value = next
      }
      slope = (count * (x * value - before)) / (x * x - 1)
      const change = value / slope
      x -= change
      if (Math.abs(change) < 1e-16) break
    }
    points[i] = (1 - x) / 2
    weights[i] = 1 / ((1 - x * x) * slope * slope)
  }
  return { points, weights }
}
