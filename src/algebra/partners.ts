import type { SparsePattern } from "./pattern.ts"

/**
 * For each unknown whose pivot was weak, the unknown with which it makes a good pivot of two: the one with the largest
 * entry in its row that no other weak unknown has taken.
 * @param values    [entry] scaled
 * @param unknownAt [position]
 * @param weak      [position] 1 where the pivot was weak
 * @param earlier   [pair, 2] pairs that did not suffice
 * @returns         [pair, 2] those and further ones
 */
export const partners = (
  { rowCount, rowStart, columnIndex }: SparsePattern,
  values: Float64Array,
  unknownAt: Int32Array,
  weak: Int32Array,
  earlier: Int32Array,
): Int32Array => {
  const pairs = Array.from(earlier)
  const taken = new Uint8Array(rowCount)
  const isPair = new Set<number>()
  for (let q = 0; q < earlier.length; q += 2) {
    const [i, j] = [earlier[q], earlier[q + 1]]
    taken[i] = 1
    taken[j] = 1
    isPair.add(i * rowCount + j)
    isPair.add(j * rowCount + i)
  }
  for (let position = 0; position < rowCount; position++) {
    if (weak[position] === 0) continue
    const i = unknownAt[position]
    let best = -1
    let bestTaken = -1
    let largest = 0
    let largestTaken = 0
    for (let at = rowStart[i]; at < rowStart[i + 1]; at++) {
      const j = columnIndex[at]
      const magnitude = Math.abs(values[at])
      if (j === i || magnitude === 0 || isPair.has(i * rowCount + j)) continue
      if (!taken[j] && magnitude > largest) {
        largest = magnitude
        best = j
      } else if (taken[j] && magnitude > largestTaken) {
        largestTaken = magnitude
        bestTaken = j
      }
    }
    const chosen = best >= 0 ? best : bestTaken
    if (chosen < 0) continue
    taken[chosen] = 1
    taken[i] = 1
    pairs.push(i, chosen)
  }
  return Int32Array.from(pairs)
}
