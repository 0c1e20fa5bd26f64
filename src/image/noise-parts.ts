/**
 * Parts of plain noise above, or below, a threshold: how many there are of a size, and which seen parts are more than
 * that, by the theory of smooth Gaussian random fields.
 * @source K. J. Friston et al., Hum. Brain Mapp. 1 (1994) 210–220, doi:10.1002/hbm.460010306
 */

/** Below this height parts of noise grow together, and their number means nothing [standard deviation] */
const leastHeight = 1.3

/** Mills' ratio (1 − Φ(u)) / φ(u) of the normal distribution for u ≥ 1, 1 % too large at most (M. R. Sampford, 1953). */
const millsRatio = (u: number): number => 4 / (3 * u + Math.sqrt(u ** 2 + 8))

/**
 * How many connected parts of noise alone are to be expected that lie beyond a threshold and are at least as large.
 * @param height of the threshold [standard deviation of the noise] @param size [pixel] @param area searched [pixel]
 * @param roughness square root of the determinant of the covariance of the noise's slopes, over its variance [1/pixel²]
 * @returns ≥ 0; 0 where there is no noise
 */
export const expectedNoiseParts = (height: number, size: number, area: number, roughness: number): number => {
  if (!(Number.isFinite(height) && roughness > 0)) return 0
  const u = Math.max(leastHeight, height)
  const perArea = roughness * (2 * Math.PI) ** -1.5 * u * Math.exp((-u * u) / 2)
  const meanSize = (2 * Math.PI * millsRatio(u)) / (roughness * u)
  return area * perArea * Math.exp(-size / meanSize)
}

/**
 * Which of some parts are more than noise, so that no more than a share of the chosen ones is to be expected of noise
 * alone: many that each could be noise cannot all be.
 * @param expected of each part, the number of those of noise that are as large @param share 0 … 1
 * @returns indices of the chosen, those least like noise first
 * @source Y. Benjamini, Y. Hochberg, J. R. Stat. Soc. B 57 (1995) 289–300; of parts: J. Chumbley et al., NeuroImage 49
 *   (2010) 3057–3064, doi:10.1016/j.neuroimage.2009.10.090
 */
export const moreThanNoise = (expected: readonly number[], share: number): readonly number[] => {
  const order = expected.map((_, k) => k).sort((p, q) => expected[p] - expected[q] || p - q)
  return order.slice(0, order.findLastIndex((k, rank) => expected[k] <= share * (rank + 1)) + 1)
}
