import { DenseMatrix } from "../algebra/dense.ts"
import { assertFinite, assertStride } from "../array/assert.ts"
import { seededRandom } from "../array/random.ts"
import { defaultPermutations, type PermutationSettings, permutationProbability } from "./permutation.ts"

/** How far two clouds of points are apart, and how often chance alone puts them so far. */
export interface JointDistance {
  readonly value: number
  /** Of a value at least as large where the points change clouds by chance */
  readonly probability: number
}

export interface JointDistances {
  /** 2 E|x − y| − E|x − x′| − E|y − y′|, in the unit of the points */
  readonly energy: JointDistance
  /** E k(x, x′) + E k(y, y′) − 2 E k(x, y) with k = exp(−|x − y|² / (2 σ²)), 0 … 2 */
  readonly discrepancy: JointDistance
  /** σ, the median distance of different points */
  readonly width: number
  /** Points of each cloud that were looked at: fewer than there are where `mostPoints` says so */
  readonly pointCounts: readonly [number, number]
}

export interface JointSettings extends PermutationSettings {
  /** Points of both clouds together; of more, as many are drawn at random (memory grows with the square) */
  readonly mostPoints: number
}

export const defaultJointSettings: JointSettings = { ...defaultPermutations, mostPoints: 3000 }

/** Permutations that go through the matrix together. */
const together = 64

/** Rows at some places. */
const rowsAt = (points: Float64Array, dimension: number, rows: Int32Array): Float64Array => {
  const out = new Float64Array(rows.length * dimension)
  for (let k = 0; k < rows.length; k++)
    out.set(points.subarray(rows[k] * dimension, (rows[k] + 1) * dimension), k * dimension)
  return out
}

/** [point, point] */
const pairDistances = (points: Float64Array, dimension: number): Float64Array => {
  const count = points.length / dimension
  const out = new Float64Array(count * count)
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      let square = 0
      for (let k = 0; k < dimension; k++) square += (points[i * dimension + k] - points[j * dimension + k]) ** 2
      const distance = Math.sqrt(square)
      out[i * count + j] = distance
      out[j * count + i] = distance
    }
  }
  return out
}

/** Median of the distances of different points; of very many, of every so many. */
const medianDistance = (distances: Float64Array, count: number): number => {
  const step = Math.max(1, Math.floor((count * count) / 200_000))
  const some: number[] = []
  for (let at = 0; at < distances.length; at += step) if (at % (count + 1) !== 0) some.push(distances[at])
  return Float64Array.from(some).sort()[some.length >> 1]
}

/**
 * mean of A within the first cloud + within the second − 2 × between, for the division as it is and for permutations:
 * with the indicator z of the first, all sums follow from zᵀ A z and the rows' sums.
 */
const jointDistance = (
  similarity: Float64Array,
  firstCount: number,
  count: number,
  { permutations, seed }: PermutationSettings,
): JointDistance => {
  const matrix = new DenseMatrix(count, count, similarity)
  const secondCount = count - firstCount
  const rowSums = new Float64Array(count)
  for (let i = 0; i < count; i++) for (let j = 0; j < count; j++) rowSums[i] += similarity[i * count + j]
  const total = rowSums.reduce((sum, value) => sum + value, 0)
  const random = seededRandom(seed)
  const found: number[] = []
  for (let from = 0; from <= permutations; from += together) {
    const width = Math.min(together, permutations + 1 - from)
    const indicators = new Float64Array(count * width)
    for (let column = 0; column < width; column++) {
      const isObserved = from + column === 0
      const order = isObserved ? Int32Array.from({ length: count }, (_, i) => i) : random.permutation(count)
      for (let k = 0; k < firstCount; k++) indicators[order[k] * width + column] = 1
    }
    const product = new Float64Array(count * width)
    matrix.multiplyMatrixInto(indicators, width, product)
    for (let column = 0; column < width; column++) {
      let [within, all] = [0, 0]
      for (let i = 0; i < count; i++) {
        if (indicators[i * width + column] === 0) continue
        within += product[i * width + column]
        all += rowSums[i]
      }
      const between = all - within
      const other = total - within - 2 * between
      found.push(within / firstCount ** 2 + other / secondCount ** 2 - (2 * between) / (firstCount * secondCount))
    }
  }
  matrix.dispose()
  const [observed, ...permuted] = found
  // Equal clouds have 0 but for rounding.
  return { value: Math.max(0, observed), probability: permutationProbability(observed, permuted) }
}

/**
 * Energy distance and maximum mean discrepancy of two clouds of points, each with a permutation test: for distributions
 * of many attributes together, such as latent values.
 * @param first     [point, dimension], at least one point, finite; scaled so that distances mean something
 * @param second    [point, dimension], at least one point, finite
 * @source G. J. Székely, M. L. Rizzo, J. Stat. Plan. Inference 143 (2013) 1249, doi:10.1016/j.jspi.2013.03.018;
 * A. Gretton et al., J. Mach. Learn. Res. 13 (2012) 723, eq. (5)
 */
export const jointDistances = (
  first: Float64Array,
  second: Float64Array,
  dimension: number,
  settings: JointSettings = defaultJointSettings,
): JointDistances => {
  for (const [name, points] of Object.entries({ first, second })) {
    assertStride(name, points, dimension)
    assertFinite(name, points)
    if (points.length === 0) throw new RangeError(`${name} has no points`)
  }
  const random = seededRandom(settings.seed).split()
  const counts = [first.length / dimension, second.length / dimension]
  const share = Math.min(1, settings.mostPoints / (counts[0] + counts[1]))
  const [x, y] = [first, second].map((points, which) => {
    const kept = Math.max(1, Math.floor(share * counts[which]))
    return kept === counts[which]
      ? points
      : rowsAt(points, dimension, random.permutation(counts[which]).subarray(0, kept))
  })
  const points = new Float64Array(x.length + y.length)
  points.set(x)
  points.set(y, x.length)
  const [firstCount, count] = [x.length / dimension, points.length / dimension]
  const distances = pairDistances(points, dimension)
  const width = medianDistance(distances, count)
  const nearness = distances.map((distance) => (distance === 0 ? 1 : Math.exp(-(distance ** 2) / (2 * width ** 2))))
  const apart = distances.map((distance) => -distance)
  return {
    energy: jointDistance(apart, firstCount, count, settings),
    discrepancy: jointDistance(nearness, firstCount, count, settings),
    width,
    pointCounts: [firstCount, count - firstCount],
  }
}
