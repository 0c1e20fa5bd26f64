import type { Monoid } from "fp-ts/lib/Monoid.js"

/** How often two labels stand together, for every pair that occurs; as large as there are such pairs. */
export interface Contingency {
  /** [pair] whole numbers from 0; pairs rise by the first label, then by the second */
  readonly first: Int32Array
  readonly second: Int32Array
  /** [pair] > 0 */
  readonly count: Float64Array
}

const none: Contingency = { first: new Int32Array(0), second: new Int32Array(0), count: new Float64Array(0) }

/** Contingency tables of disjoint places under addition; exact for counts up to 2⁵³. */
export const contingencyMonoid: Monoid<Contingency> = {
  empty: none,
  concat: (a, b) => {
    if (a.count.length === 0) return b
    if (b.count.length === 0) return a
    const longest = a.count.length + b.count.length
    const first = new Int32Array(longest)
    const second = new Int32Array(longest)
    const count = new Float64Array(longest)
    let used = 0
    for (let i = 0, j = 0; i < a.count.length || j < b.count.length; used++) {
      const order =
        i === a.count.length ? 1 : j === b.count.length ? -1 : a.first[i] - b.first[j] || a.second[i] - b.second[j]
      const [from, at] = order <= 0 ? [a, i] : [b, j]
      first[used] = from.first[at]
      second[used] = from.second[at]
      if (order <= 0) count[used] += a.count[i++]
      if (order >= 0) count[used] += b.count[j++]
    }
    return { first: first.slice(0, used), second: second.slice(0, used), count: count.slice(0, used) }
  },
}

/**
 * Counts which labels stand together.
 * @param first   [place] whole numbers 0 … 2³¹ − 1
 * @param second  the same length, likewise
 * @throws where a label is no such number
 */
export const contingencyOf = (first: ArrayLike<number>, second: ArrayLike<number>): Contingency => {
  if (first.length !== second.length) throw new RangeError(`${first.length} first labels, ${second.length} second ones`)
  const rows = new Map<number, Map<number, number>>()
  const add = (a: number, b: number, times: number): void => {
    for (const label of [a, b])
      if (!(Number.isInteger(label) && label >= 0 && label < 2 ** 31)) throw new RangeError(`a label is ${label}`)
    const row = rows.get(a)
    if (row === undefined) rows.set(a, new Map([[b, times]]))
    else row.set(b, (row.get(b) ?? 0) + times)
  }
  // Neighbours mostly are alike, so that whole runs are counted at once.
  let begin = 0
  for (let here = 1; here <= first.length; here++) {
    if (here < first.length && first[here] === first[begin] && second[here] === second[begin]) continue
    add(first[begin], second[begin], here - begin)
    begin = here
  }
  const pairs = [...rows].flatMap(([a, row]) => Array.from(row, ([b, times]) => [a, b, times] as const))
  pairs.sort((p, q) => p[0] - q[0] || p[1] - q[1])
  return {
    first: Int32Array.from(pairs, ([a]) => a),
    second: Int32Array.from(pairs, ([, b]) => b),
    count: Float64Array.from(pairs, ([, , times]) => times),
  }
}
