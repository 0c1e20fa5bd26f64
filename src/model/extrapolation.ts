import { type Clock, extrapolationWeights, plainClock } from "../solve/bdf.ts"

/**
 * A field at a new time, extrapolated from the newest states.
 * @param history newest first
 * @param points  how many of them, three at most, as far as there are
 * @param clock   of which the field is a smooth function; time itself unless told
 */
export const extrapolated = <State extends { readonly time: number }>(
  history: readonly State[],
  time: number,
  field: (state: State) => Float64Array,
  points: number,
  { reading }: Clock = plainClock,
): Float64Array => {
  const used = history.slice(0, points)
  const weights = extrapolationWeights(
    used.map((state) => reading(state.time)),
    reading(time),
  )
  const [a, b = a, c = a] = used.map(field)
  const [p, q = 0, r = 0] = weights
  const out = new Float64Array(a.length)
  if (used.length > 3) throw new RangeError(`extrapolation from ${used.length} states; three at most`)
  if (used.length === 1) out.set(a)
  else for (let i = 0; i < out.length; i++) out[i] = p * a[i] + q * b[i] + r * c[i]
  return out
}
