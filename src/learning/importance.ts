import type { Explanation } from "./path-dependent-shap.ts"

/** How much a feature moves the predictions. */
export interface Importance {
  /** [feature] mean over the rows of |Shapley value| [target] */
  readonly mean: Float64Array
  /** [feature] share of the sum over all features; 0 where nothing moves the predictions */
  readonly share: Float64Array
  /** [feature] features by falling importance; equal ones in their order */
  readonly ranking: Int32Array
}

/** Importance of the features over all rows of an explanation. */
export const importanceOf = ({ values, rowCount, featureCount }: Explanation): Importance => {
  const mean = new Float64Array(featureCount)
  for (let i = 0; i < values.length; i++) mean[i % featureCount] += Math.abs(values[i]) / rowCount
  const sum = mean.reduce((total, value) => total + value, 0)
  return {
    mean,
    share: mean.map((value) => (sum > 0 ? value / sum : 0)),
    ranking: Int32Array.from(mean.keys()).sort((a, b) => mean[b] - mean[a] || a - b),
  }
}
