import type { Monoid } from "fp-ts/lib/Monoid.js"

/** Curves of simulations, by the number of the simulation. */
export interface CurveSet {
  /** [simulation] rising, without gaps or not */
  readonly numbers: readonly number[]
  /** [simulation][place] */
  readonly curves: readonly Float64Array[]
}

/**
 * Curves taken together in the order of their numbers; exactly associative and commutative.
 * @throws where both hold the same simulation
 */
export const curveSetMonoid: Monoid<CurveSet> = {
  empty: { numbers: [], curves: [] },
  concat: (a, b) => {
    const numbers: number[] = []
    const curves: Float64Array[] = []
    for (let i = 0, j = 0; i < a.numbers.length || j < b.numbers.length; ) {
      if (a.numbers[i] === b.numbers[j]) throw new RangeError(`simulation ${a.numbers[i]} is there twice`)
      const takesFirst = j === b.numbers.length || a.numbers[i] < b.numbers[j]
      numbers.push(takesFirst ? a.numbers[i] : b.numbers[j])
      curves.push(takesFirst ? a.curves[i++] : b.curves[j++])
    }
    return { numbers, curves }
  },
}

/** What curves of a null model say about an observed one; all arrays are [place]. */
export interface Envelope {
  readonly observed: Float64Array
  readonly mean: Float64Array
  /** Between these lies the stated share of the simulations at each place, one by one */
  readonly low: Float64Array
  readonly high: Float64Array
  /** Between these lies the stated share of the simulations everywhere: the observed curve leaves it where p is small */
  readonly globalLow: Float64Array
  readonly globalHigh: Float64Array
  /** Share of curves, the observed one among them, that are at least as extreme as it: p of the global test */
  readonly probability: number
  readonly simulations: number
}

/** Ranks of values from both ends, 1 for the most extreme; equal values share the mean of theirs. */
const extremeRanks = (values: Float64Array): Float64Array => {
  const count = values.length
  const order = Int32Array.from(values, (_, index) => index).sort((a, b) => values[a] - values[b])
  const ranks = new Float64Array(count)
  for (let start = 0; start < count; ) {
    let end = start + 1
    while (end < count && values[order[end]] === values[order[start]]) end++
    const rank = (start + 1 + end) / 2
    for (let place = start; place < end; place++) ranks[order[place]] = Math.min(rank, count + 1 - rank)
    start = end
  }
  return ranks
}

const compareLists = (a: Float64Array, b: Float64Array): number => {
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return a[at] - b[at]
  return 0
}

const sortedAt = (curves: readonly Float64Array[], place: number): Float64Array =>
  Float64Array.from(curves, (curve) => curve[place]).sort()

/**
 * Envelope and global test of an observed curve among simulated ones by extreme rank lengths: curves are ordered by
 * the sorted list of their pointwise two-sided ranks, compared as words are.
 * @param observed    [place] finite
 * @param simulated   curves of the null model [place], at least one
 * @param confidence  share of the curves inside of the envelopes, in (0, 1)
 * @source M. Myllymäki et al., J. R. Stat. Soc. B 79 (2017) 381, doi:10.1111/rssb.12172
 */
export const envelopeOf = (observed: Float64Array, { curves }: CurveSet, confidence: number): Envelope => {
  if (curves.length === 0) throw new RangeError("an envelope needs simulations")
  const all = [observed, ...curves]
  const places = [...observed.keys()]
  const ranks = places.map((place) => extremeRanks(Float64Array.from(all, (curve) => curve[place])))
  const lists = all.map((_, curve) => Float64Array.from(places, (place) => ranks[place][curve]).sort())
  const order = [...lists.keys()].sort((a, b) => compareLists(lists[a], lists[b]))
  const asExtreme = lists.filter((list) => compareLists(list, lists[0]) <= 0).length
  // The most extreme curves that the confidence allows to leave out; ties with the first kept one stay inside.
  const out = Math.floor((1 - confidence) * all.length + 1e-9)
  const edge = lists[order[Math.min(out, all.length - 1)]]
  const kept = all.filter((_, curve) => compareLists(lists[curve], edge) >= 0)
  const tail = Math.max(0, Math.round(((1 - confidence) / 2) * (curves.length + 1)) - 1)
  return {
    observed,
    mean: Float64Array.from(places, (place) => curves.reduce((sum, curve) => sum + curve[place], 0) / curves.length),
    low: Float64Array.from(places, (place) => sortedAt(curves, place)[tail]),
    high: Float64Array.from(places, (place) => sortedAt(curves, place)[curves.length - 1 - tail]),
    globalLow: Float64Array.from(places, (place) => sortedAt(kept, place)[0]),
    globalHigh: Float64Array.from(places, (place) => sortedAt(kept, place)[kept.length - 1]),
    probability: asExtreme / all.length,
    simulations: curves.length,
  }
}
