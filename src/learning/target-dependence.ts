import { eigenSymmetric } from "../algebra/eigen.ts"
import { correlationMatrix } from "../statistics/correlation.ts"
import { midRanks } from "../statistics/rank-correlation.ts"
import type { RegressionTable } from "./regression-table.ts"

/** Eigenvalues of a correlation matrix below this count as this, so that columns that repeat others do no harm. */
const leastEigenvalue = 1e-6

/**
 * Partial rank correlation of each column with the target given all other columns, −P_iy / √(P_ii P_yy) with the inverse
 * P of the matrix of rank correlations: near ±1 where the target follows from the column once the others are known.
 * @returns [feature] −1 … 1
 * @source J. Whittaker, Graphical Models in Applied Multivariate Statistics (1990), corollary 5.8.2
 */
export const targetDependence = ({ columns, target }: RegressionTable): Float64Array => {
  const width = columns.length + 1
  const ranks = new Float64Array(width * target.length)
  for (const [place, column] of [...columns, target].entries()) {
    const own = midRanks(column)
    for (let row = 0; row < own.length; row++) ranks[row * width + place] = own[row]
  }
  const { values, vectors } = eigenSymmetric(width, correlationMatrix(ranks, width))
  const inverse = (i: number, j: number): number =>
    values.reduce(
      (sum, value, k) => sum + (vectors[k * width + i] * vectors[k * width + j]) / Math.max(leastEigenvalue, value),
      0,
    )
  const y = width - 1
  return Float64Array.from(columns, (_, i) => -inverse(i, y) / Math.sqrt(inverse(i, i) * inverse(y, y)))
}

/** A column whose importance says less than it seems. */
export interface ConstructionWarning {
  readonly name: string
  readonly reason: string
}

/** Partial rank correlation from which on a column is said to follow the target by construction. */
const suspicious = 0.95

/** Attributes that are computed from cracks, as Damage is. */
const fromCracks = ["SurfaceInner", "RoughInner"]

/** Attributes that the published estimator computes with the surface of cracks. */
const fromTotalSurface = ["Sphericity", "VSratio"]

/**
 * Columns that follow the target by construction, known ones and those that their numbers betray.
 * @param units [feature]
 */
export const constructionWarnings = (
  table: RegressionTable,
  units: readonly string[],
  dependence: Float64Array,
): readonly ConstructionWarning[] => {
  const { names, targetName } = table
  // Only the published estimator gives OrienIso as an angle.
  const isPublished = units[names.indexOf("OrienIso")] === "deg"
  return names.flatMap((name, k): readonly ConstructionWarning[] => {
    const numbers = `partial rank correlation with ${targetName} ${dependence[k].toFixed(2).replace("-", "−")}`
    if (targetName === "Damage" && fromCracks.includes(name))
      return [{ name, reason: `is measured on the cracks themselves, as Damage is (${numbers})` }]
    if (targetName === "Damage" && isPublished && fromTotalSurface.includes(name))
      return [
        {
          name,
          reason: `takes the total surface, cracks included, in the published estimator, and so falls as Damage rises by construction (${numbers})`,
        },
      ]
    return Math.abs(dependence[k]) >= suspicious
      ? [{ name, reason: `nearly gives ${targetName} once the other columns are known (${numbers})` }]
      : []
  })
}
