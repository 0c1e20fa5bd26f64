/** Gray values that become zero and one for a network. */
export interface GrayRange {
  readonly low: number
  readonly high: number
}

/** Ranks of those gray values among all. */
const lowRank = 0.01
const highRank = 0.998

/** Values that are ranked at the most; of larger images evenly spread ones. */
const mostRanked = 2 ** 18

/**
 * The range of an image by the ranks of its gray values, so that networks see all images alike.
 * @param values finite; at least one
 * @source U. Schmidt et al., MICCAI (2018) 265–273, doi:10.1007/978-3-030-00934-2_30, normalisation by percentiles
 */
export const grayRange = (values: Float32Array | Float64Array): GrayRange => {
  // Odd, so that no image whose width is a power of two shows the same columns again and again.
  const step = Math.floor(values.length / mostRanked) | 1
  const ranked = new Float32Array(Math.ceil(values.length / step))
  for (let i = 0; i < ranked.length; i++) ranked[i] = values[i * step]
  ranked.sort()
  const [low, high] = [lowRank, highRank].map((rank) => ranked[Math.round(rank * (ranked.length - 1))])
  return { low, high: high > low ? high : low + 1 }
}

/** Gray values with the range's ends at zero and one. */
export const rangedGray = (values: Float32Array | Float64Array, { low, high }: GrayRange): Float32Array => {
  const out = new Float32Array(values.length)
  const factor = 1 / (high - low)
  for (let i = 0; i < out.length; i++) out[i] = (values[i] - low) * factor
  return out
}
