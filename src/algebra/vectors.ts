/** √(x·x) */
export const norm = (x: Float64Array): number => Math.sqrt(dot(x, x))

/** x·y */
export const dot = (x: Float64Array, y: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i]
  return sum
}

/** y += a x */
export const addScaled = (a: number, x: Float64Array, y: Float64Array): void => {
  for (let i = 0; i < x.length; i++) y[i] += a * x[i]
}

/** out = a x; `out` may be `x` */
export const scaledInto = (a: number, x: Float64Array, out: Float64Array): void => {
  for (let i = 0; i < x.length; i++) out[i] = a * x[i]
}
