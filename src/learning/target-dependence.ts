import { eigenSymmetric } from "../algebra/eigen.ts"
import { correlationMatrix } from "../statistics/correlation.ts"
import { midRanks } from "../statistics/rank-correlation.ts"
import type { RegressionTable } from "./regression-table.ts"

/** Eigenvalues of a correlation matrix below this count as this, so that columns that nearly follow from others do no harm. */
const leastEigenvalue = 1e-6

/** Rank correlation from which on a column repeats another: V^⅓/√S is the root of the sphericity but for a factor. */
const repeated = 0.995

/** Partial correlation of two columns given others, from the correlations of all. */
const partialCorrelation = (
  correlations: Float64Array,
  width: number,
  first: number,
  second: number,
  given: readonly number[],
): number => {
  const picked = [first, second, ...given]
  const count = picked.length
  const part = new Float64Array(count * count)
  for (let i = 0; i < count; i++)
    for (let j = 0; j < count; j++) part[i * count + j] = correlations[picked[i] * width + picked[j]]
  const { values, vectors } = eigenSymmetric(count, part)
  const inverse = (i: number, j: number): number =>
    values.reduce(
      (sum, value, k) => sum + (vectors[k * count + i] * vectors[k * count + j]) / Math.max(leastEigenvalue, value),
      0,
    )
  return -inverse(0, 1) / Math.sqrt(inverse(0, 0) * inverse(1, 1))
}

/**
 * Partial rank correlation of each column with the target given all other columns, −P_iy / √(P_ii P_yy) with the inverse
 * P of the matrix of rank correlations: near ±1 where the target follows from the column once the others are known.
 * Columns that repeat the column are no others: given its double, no column would tell anything.
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
  const correlations = correlationMatrix(ranks, width)
  return Float64Array.from(columns, (_, i) => {
    const others = [...columns.keys()].filter((j) => j !== i && Math.abs(correlations[i * width + j]) < repeated)
    return partialCorrelation(correlations, width, i, width - 1, others)
  })
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

/** Partial rank correlation from which on one of these is said to fall with Damage as if it had that surface in it. */
const falling = -0.3

/** Whether a partial correlation is more than three standard errors of its Fisher transform from none. */
const isBeyondChance = (correlation: number, rowCount: number, width: number): boolean =>
  rowCount - width > 3 && Math.abs(Math.atanh(correlation)) * Math.sqrt(rowCount - width - 3) > 3

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
    if (
      targetName === "Damage" &&
      fromTotalSurface.includes(name) &&
      dependence[k] <= falling &&
      isBeyondChance(dependence[k], table.target.length, names.length)
    )
      return [
        {
          name,
          reason: `falls as Damage rises once the other columns are known, as where the total surface, cracks included, is taken for it (${numbers})`,
        },
      ]
    return Math.abs(dependence[k]) >= suspicious
      ? [{ name, reason: `nearly gives ${targetName} once the other columns are known (${numbers})` }]
      : []
  })
}
