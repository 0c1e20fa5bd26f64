/** How many features a node may look at, drawn anew for each node; at least one that varies is always among them. */
export type FeatureDraw =
  | { readonly kind: "all" }
  /** ⌊√features⌋ */
  | { readonly kind: "square root" }
  /** ⌊share × features⌋, at least 1; 0 < share ≤ 1 */
  | { readonly kind: "share"; readonly share: number }
  | { readonly kind: "count"; readonly count: number }

/** What a split reduces, and so what a leaf predicts. */
export type Criterion =
  /** Variance; leaves predict the mean. */
  | { readonly kind: "squared error" }
  /** Mean distance from the median; leaves predict the median. */
  | { readonly kind: "absolute error" }

/** How a forest of regression trees is grown. */
export interface ForestSettings {
  readonly treeCount: number
  readonly criterion: Criterion
  /** Splits on the longest path, ≥ 0; may be Infinity */
  readonly depthLimit: number
  /** Leaves of a tree, ≥ 2, grown best split first; Infinity for none, grown depth first */
  readonly leafLimit: number
  readonly features: FeatureDraw
  /** Least decrease of the impurity, N_t/N (I − N_l/N_t I_l − N_r/N_t I_r), ≥ 0 [target², or target for absolute error] */
  readonly leastDecrease: number
  /** Distinct rows that each side of a split keeps, ≥ 1 */
  readonly leastLeafRows: number
  /** Distinct rows below which a node stays a leaf, ≥ 2 */
  readonly leastSplitRows: number
  /** Whether each tree sees as many rows as there are, drawn with replacement, or each row once. */
  readonly bootstrap: boolean
  readonly seed: number
}

/**
 * The forest of the published notebook.
 * @source T. Li et al., Science 376 (2022) 517, doi:10.1126/science.abm8962, code of the random forest
 */
export const publishedNotebookForest: ForestSettings = {
  treeCount: 40,
  criterion: { kind: "absolute error" },
  depthLimit: Number.POSITIVE_INFINITY,
  leafLimit: 30,
  features: { kind: "square root" },
  leastDecrease: 1.02e-5,
  leastLeafRows: 1,
  leastSplitRows: 2,
  bootstrap: true,
  seed: 0,
}

/**
 * The forest that the published text describes; it leaves the number of trees open: 100.
 * @source T. Li et al., Science 376 (2022) 517, doi:10.1126/science.abm8962, supplementary text
 */
export const publishedTextForest: ForestSettings = {
  treeCount: 100,
  criterion: { kind: "squared error" },
  depthLimit: 30,
  leafLimit: Number.POSITIVE_INFINITY,
  features: { kind: "all" },
  leastDecrease: 0,
  leastLeafRows: 1,
  leastSplitRows: 2,
  bootstrap: true,
  seed: 0,
}

/** Share of the rows held out for the error, in both published forests. */
export const publishedHeldOutShare = 0.05

/** Features that a node looks at, of so many. */
export const featuresDrawn = (draw: FeatureDraw, featureCount: number): number => {
  switch (draw.kind) {
    case "all":
      return featureCount
    case "square root":
      return Math.max(1, Math.floor(Math.sqrt(featureCount)))
    case "share":
      return Math.max(1, Math.floor(draw.share * featureCount))
    case "count":
      return Math.min(draw.count, featureCount)
  }
}

/** Throws unless settings make sense. */
export const assertForestSettings = (settings: ForestSettings): void => {
  const { treeCount, depthLimit, leafLimit, features, leastDecrease, leastLeafRows, leastSplitRows } = settings
  const whole = (name: string, value: number, least: number, infinite = false): void => {
    if (!(value >= least && (Number.isInteger(value) || (infinite && value === Number.POSITIVE_INFINITY))))
      throw new RangeError(`${name} is ${value}, a whole number from ${least} expected`)
  }
  whole("treeCount", treeCount, 1)
  whole("depthLimit", depthLimit, 0, true)
  whole("leafLimit", leafLimit, 2, true)
  whole("leastLeafRows", leastLeafRows, 1)
  whole("leastSplitRows", leastSplitRows, 2)
  if (!(leastDecrease >= 0)) throw new RangeError(`leastDecrease is ${leastDecrease}`)
  if (features.kind === "count") whole("features.count", features.count, 1)
  if (features.kind === "share" && !(features.share > 0 && features.share <= 1))
    throw new RangeError(`features.share is ${features.share}`)
}
