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
export { coverage, cutForCoverage, type Layout, meshLayout } from "./mesh/layout.ts"
export {
  cellCount,
  type FacetSet,
  type InterfaceFacets,
  interfaceCount,
  type Mesh,
  nodeCount,
  particleCount,
  type Region,
  type RegionKind,
} from "./mesh/mesh.ts"
export type { Shape } from "./mesh/outlines.ts"
export type { Resolution } from "./mesh/parts.ts"
export { describeProblem, isMeshProblem, type MeshProblem } from "./mesh/problem.ts"
