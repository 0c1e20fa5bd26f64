import { assertLength } from "../array/assert.ts"

/**
 * [item] number of the front an item belongs to, from 1: no item of the first front is beaten, none of the second by any but
 * those of the first, and so on. One item beats another where it is nowhere worse and somewhere better. Items with a
 * value that is not a number are of no front: 0. Cost O(items² × objectives).
 * @param objectives [objective][item] smaller is better
 * @source K. Deb et al., IEEE Trans. Evol. Comput. 6 (2002) 182, doi:10.1109/4235.996017
 */
export const paretoFronts = (objectives: readonly Float64Array[]): Int32Array => {
  const count = objectives[0]?.length ?? 0
  for (const column of objectives) assertLength("objective", column, count)
  const front = new Int32Array(count)
  const known = Array.from({ length: count }, (_, item) => item).filter((item) =>
    objectives.every((column) => !Number.isNaN(column[item])),
  )
  const beats = (one: number, other: number): boolean => {
    let better = false
    for (const column of objectives) {
      if (column[one] > column[other]) return false
      if (column[one] < column[other]) better = true
    }
    return better
  }
  let left = known
  for (let number = 1; left.length > 0; number++) {
    const unbeaten = left.filter((item) => !left.some((other) => beats(other, item)))
    for (const item of unbeaten) front[item] = number
    left = left.filter((item) => front[item] === 0)
  }
  return front
}
