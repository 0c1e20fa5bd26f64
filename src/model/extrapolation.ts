import { extrapolationWeights } from "../solve/bdf.ts"

/**
 * A field at a new time, extrapolated from the newest states.
 * @param history newest first
 * @param points  how many of them, as far as there are
 * @param clock   of which the field is a smooth function; time itself unless told
 */
export const extrapolated = <State extends { readonly time: number }>(
  history: readonly State[],
  time: number,
  field: (state: State) => Float64Array,
  points: number,
  clock: (time: number) => number = (own) => own,
): Float64Array => {
  const used = history.slice(0, points)
  const weights = extrapolationWeights(
    used.map((state) => clock(state.time)),
    clock(time),
  )
  const out = new Float64Array(field(used[0]).length)
  used.forEach((state, k) => {
    const values = field(state)
    for (let i = 0; i < out.length; i++) out[i] += weights[k] * values[i]
  })
  return out
}
