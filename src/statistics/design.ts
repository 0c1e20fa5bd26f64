import type { Random } from "../array/random.ts"

/**
 * Every combination of the levels of some factors; the last factor changes fastest.
 * @param levelCounts [factor] levels, ≥ 1
 * @returns           [point, factor] index of a level
 */
export const fullFactorial = (levelCounts: readonly number[]): Int32Array => {
  for (const count of levelCounts) {
    if (!(Number.isInteger(count) && count >= 1)) throw new RangeError(`a factor has ${count} levels`)
  }
  const factors = levelCounts.length
  const points = levelCounts.reduce((product, count) => product * count, 1)
  const levels = new Int32Array(points * factors)
  for (let point = 0; point < points; point++) {
    let rest = point
    for (let factor = factors - 1; factor >= 0; factor--) {
      levels[point * factors + factor] = rest % levelCounts[factor]
      rest = Math.floor(rest / levelCounts[factor])
    }
  }
  return levels
}

/**
 * A Latin hypercube: each factor's range is cut into as many equal strata as there are points, and each stratum holds
 * exactly one point, anywhere in it.
 * @returns [point, factor] in [0, 1)
 * @source M. D. McKay, R. J. Beckman, W. J. Conover, Technometrics 21 (1979) 239, doi:10.2307/1268522
 */
export const latinHypercube = (random: Random, pointCount: number, factorCount: number): Float64Array => {
  const places = new Float64Array(pointCount * factorCount)
  for (let factor = 0; factor < factorCount; factor++) {
    const strata = random.permutation(pointCount)
    for (let point = 0; point < pointCount; point++) {
      places[point * factorCount + factor] = (strata[point] + random.uniform()) / pointCount
    }
  }
  return places
}
