/**
 * The public API, one room after the other. Whatever is not listed here may change without notice; whatever is
 * listed has a docstring. Faces (command line, page) are programs, not library.
 */

// ── statistics ──────────────────────────────────────────────────────────────────────────────────────────────────
export { type Histogram, histogramMonoid, histogramOf } from "./statistics/histogram.ts"
export { type Moments, momentsMonoid, momentsOf, standardDeviation, variance } from "./statistics/moments.ts"
export { type Range, rangeMonoid, rangeOf, spread } from "./statistics/range.ts"
export { type Forest, forestMonoid, leaf, reduceBlocks, wholeOf } from "./statistics/tree.ts"
export { type WeightedMean, weightedMeanMonoid, weightedMeanOf } from "./statistics/weighted-mean.ts"

// ── mesh ────────────────────────────────────────────────────────────────────────────────────────────────────────
export type { FacetSet, InterfaceFacets, Mesh, Region, RegionKind } from "./mesh/mesh.ts"
