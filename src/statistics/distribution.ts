import { type Monoid, struct } from "fp-ts/lib/Monoid.js"
import { MonoidSum } from "fp-ts/lib/number.js"
import { type Histogram, histogramMonoid, histogramOf } from "./histogram.ts"
import { type Moments, momentsMonoid, momentsOf } from "./moments.ts"
import { type Sample, sampleMonoid, sampleOf } from "./sample.ts"

/** How the values of one attribute are spread: histogram, moments and, exactly, every quantile. */
export interface Distribution {
  readonly histogram: Histogram
  readonly moments: Moments
  readonly sample: Sample
  /** Values that are not recorded or not finite */
  readonly missing: number
}

/**
 * Distributions over the same bins taken together; all but the moments, which merge to rounding, exactly associative
 * and commutative.
 * @param edges  of the bins [bin + 1], strictly rising [x]
 */
export const distributionMonoid = (edges: Float64Array): Monoid<Distribution> =>
  struct({
    histogram: histogramMonoid(edges),
    moments: momentsMonoid,
    sample: sampleMonoid,
    missing: MonoidSum,
  })

/**
 * The distribution of some values; those that are not finite are counted apart.
 * @param values  [x]
 * @param edges   of the bins [bin + 1], strictly rising [x]
 */
export const distributionOf = (values: Float64Array, edges: Float64Array): Distribution => {
  const finite = values.filter(Number.isFinite)
  return {
    histogram: histogramOf(finite, edges),
    moments: momentsOf(finite),
    sample: sampleOf(finite),
    missing: values.length - finite.length,
  }
}

/**
 * Edges of equal bins over the range of some values, 2 n^(1/3) of them (Rice's rule) within the given bounds; around a
 * single value, one bin.
 * @param values  finite [x]
 * @returns       [bin + 1] [x]; [0, 1] where there are no values
 */
export const equalBins = (values: ArrayLike<number>, least = 5, most = 40): Float64Array => {
  const { count, min, max } = momentsOf(values)
  if (count === 0) return Float64Array.of(0, 1)
  // A range of nothing but rounding is that of a single value.
  if (!(max - min > 1e-9 * Math.max(Math.abs(min), Math.abs(max)))) {
    const reach = Math.max(Math.abs(min), Math.abs(max)) * 1e-6 || 0.5
    return Float64Array.of(min - reach, max + reach)
  }
  const bins = Math.min(most, Math.max(least, Math.ceil(2 * Math.cbrt(count))))
  const edges = Float64Array.from({ length: bins + 1 }, (_, bin) => min + ((max - min) * bin) / bins)
  edges[bins] = max
  return edges
}
