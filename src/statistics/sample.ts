import type { Monoid } from "fp-ts/lib/Monoid.js"

/** Finite numbers in rising order, kept one by one: exact quantiles and distribution functions of tables. */
export interface Sample {
  /** [value] rising [x] */
  readonly sorted: Float64Array
}

/** Samples taken together; exactly associative and commutative. */
export const sampleMonoid: Monoid<Sample> = {
  empty: { sorted: new Float64Array(0) },
  concat: ({ sorted: a }, { sorted: b }) => {
    const sorted = new Float64Array(a.length + b.length)
    for (let here = 0, i = 0, j = 0; here < sorted.length; here++) {
      sorted[here] = j === b.length || (i < a.length && a[i] <= b[j]) ? a[i++] : b[j++]
    }
    return { sorted }
  },
}

/**
 * The sample of some numbers.
 * @param values  finite [x]
 * @throws where one is not finite
 */
export const sampleOf = (values: ArrayLike<number>): Sample => {
  const sorted = Float64Array.from(values)
  const bad = sorted.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) throw new RangeError(`value ${bad} is ${sorted[bad]}`)
  // Zeros of both signs are one value, whichever comes first.
  for (let here = 0; here < sorted.length; here++) sorted[here] += 0
  return { sorted: sorted.sort() }
}

/**
 * The value below which a share of the sample lies, linear between order statistics (Hyndman and Fan's type 7); NaN of
 * an empty sample [x].
 * @param share  0 … 1
 * @source R. J. Hyndman, Y. Fan, Am. Stat. 50 (1996) 361, doi:10.2307/2684934
 */
export const quantile = ({ sorted }: Sample, share: number): number => {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`a share of ${share}, not from 0 to 1`)
  if (sorted.length === 0) return Number.NaN
  const place = share * (sorted.length - 1)
  const low = Math.floor(place)
  const high = Math.min(sorted.length - 1, low + 1)
  return sorted[low] + (place - low) * (sorted[high] - sorted[low])
}

/** Number of values ≤ x. */
export const countUpTo = ({ sorted }: Sample, x: number): number => {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle] <= x) low = middle + 1
    else high = middle
  }
  return low
}

/** Share of the values ≤ x; NaN of an empty sample. */
export const shareUpTo = (sample: Sample, x: number): number =>
  sample.sorted.length === 0 ? Number.NaN : countUpTo(sample, x) / sample.sorted.length

/**
 * Largest distance between the distribution functions of two samples, 0 … 1 (Kolmogorov and Smirnov); NaN where one
 * is empty.
 */
export const kolmogorovDistance = ({ sorted: a }: Sample, { sorted: b }: Sample): number => {
  if (a.length === 0 || b.length === 0) return Number.NaN
  let most = 0
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const value = Math.min(a[i], b[j])
    while (i < a.length && a[i] === value) i++
    while (j < b.length && b[j] === value) j++
    most = Math.max(most, Math.abs(i / a.length - j / b.length))
  }
  return most
}

/**
 * How far the values of one sample must be moved on average to become the other, ∫ |F − G| dx (Wasserstein's distance of
 * first order); NaN where one is empty [x].
 * @source S. S. Vallender, Theory Probab. Appl. 18 (1974) 784–786, doi:10.1137/1118101
 */
export const wassersteinDistance = ({ sorted: a }: Sample, { sorted: b }: Sample): number => {
  if (a.length === 0 || b.length === 0) return Number.NaN
  let area = 0
  let from = Math.min(a[0], b[0])
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const to = j === b.length || (i < a.length && a[i] <= b[j]) ? a[i] : b[j]
    area += Math.abs(i / a.length - j / b.length) * (to - from)
    while (i < a.length && a[i] === to) i++
    while (j < b.length && b[j] === to) j++
    from = to
  }
  return area
}

/**
 * Mean of `kolmogorovDistance` between a population and a part of it that was drawn blindly, √(π/2) ln 2 √((1 − n/N)/n);
 * for large n.
 * @param drawn       n, ≥ 1
 * @param population  N, ≥ n
 * @source G. Marsaglia, W. W. Tsang, J. Wang, J. Stat. Softw. 8 (2003) 18, doi:10.18637/jss.v008.i18, with the
 * correction of sampling without replacement, W. G. Cochran (1977), Sampling Techniques, eq. (2.8)
 */
export const blindKolmogorovDistance = (drawn: number, population: number): number =>
  Math.sqrt(Math.PI / 2) * Math.LN2 * Math.sqrt(Math.max(0, 1 - drawn / population) / drawn)
