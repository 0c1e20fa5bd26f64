import { assertFinite, assertStride } from "../array/assert.ts"
import { seededRandom } from "../array/random.ts"

/** How a null model is drawn. */
export interface PermutationSettings {
  readonly permutations: number
  readonly seed: number
}

export const defaultPermutations: PermutationSettings = { permutations: 999, seed: 1 }

/**
 * Probability of a statistic at least as large where nothing but chance divides the values: the share among the
 * permutations, the observed division being one of them. At most the nominal rate of rejections, for any number of them.
 * @param observed  of the division as it is
 * @param permuted  [permutation] of divisions by chance
 * @source B. Phipson, G. K. Smyth, Stat. Appl. Genet. Mol. Biol. 9 (2010) 39, doi:10.2202/1544-6115.1585
 */
export const permutationProbability = (observed: number, permuted: ArrayLike<number>): number => {
  // Sums in another order differ by rounding; such ties count as ties.
  const least = observed - 1e-12 * Math.abs(observed)
  let asLarge = 1
  for (let at = 0; at < permuted.length; at++) if (permuted[at] >= least) asLarge++
  return asLarge / (permuted.length + 1)
}

/** How one item's mean differs between two groups of runs. */
export interface MeanDifference {
  /** Second less first */
  readonly difference: number
  /** Standard deviation of the difference: from those of the runs, or among the permutations */
  readonly deviation: number
  /** Two-sided probability of so large a difference by chance, this item alone */
  readonly probability: number
  /** The same for the largest among all items: below 0.05 for any of them in 5 % of tables without differences */
  readonly familyProbability: number
}

const moments = (
  values: Float64Array,
  rows: Int32Array,
  itemCount: number,
  item: number,
): readonly [number, number] => {
  let mean = 0
  for (const row of rows) mean += values[row * itemCount + item] / rows.length
  let squares = 0
  for (const row of rows) squares += (values[row * itemCount + item] - mean) ** 2
  return [mean, squares / Math.max(1, rows.length - 1) / rows.length]
}

/**
 * Differences of the means of many items between two groups of runs, such as importances of attributes of two tables over
 * subsamples and seeds, each with a permutation test of its studentised difference. Runs must be exchangeable: runs of one
 * table that share rows vary less than tables of other particles would, so that p then speaks of the runs, not of the
 * population.
 * @param first   [run, item], at least two runs
 * @param second  [run, item], at least two runs
 * @source P. H. Westfall, S. S. Young (1993), Resampling-Based Multiple Testing, §2.3 (single-step maxT)
 */
export const meanDifferences = (
  first: Float64Array,
  second: Float64Array,
  itemCount: number,
  { permutations, seed }: PermutationSettings = defaultPermutations,
): readonly MeanDifference[] => {
  assertStride("first", first, itemCount)
  assertStride("second", second, itemCount)
  assertFinite("first", first)
  assertFinite("second", second)
  const [firstCount, secondCount] = [first.length / itemCount, second.length / itemCount]
  if (firstCount < 2 || secondCount < 2) throw new RangeError(`${firstCount} and ${secondCount} runs; two at least`)
  const values = new Float64Array(first.length + second.length)
  values.set(first)
  values.set(second, first.length)
  const compare = (order: Int32Array) =>
    Array.from({ length: itemCount }, (_, item) => {
      const [mean, variance] = moments(values, order.subarray(0, firstCount), itemCount, item)
      const [otherMean, otherVariance] = moments(values, order.subarray(firstCount), itemCount, item)
      const [difference, deviation] = [otherMean - mean, Math.sqrt(variance + otherVariance)]
      const isRounding = Math.abs(difference) <= 1e-12 * (Math.abs(mean) + Math.abs(otherMean))
      return { difference, deviation, size: isRounding ? 0 : Math.abs(difference) / deviation }
    })
  const random = seededRandom(seed)
  const observed = compare(Int32Array.from({ length: firstCount + secondCount }, (_, run) => run))
  const sizes = observed.map(() => new Float64Array(permutations))
  const largest = new Float64Array(permutations)
  for (let at = 0; at < permutations; at++) {
    for (const [item, { size }] of compare(random.permutation(firstCount + secondCount)).entries()) {
      sizes[item][at] = size
      largest[at] = Math.max(largest[at], size)
    }
  }
  return observed.map(({ difference, deviation, size }, item) => ({
    difference,
    deviation,
    probability: permutationProbability(size, sizes[item]),
    familyProbability: permutationProbability(size, largest),
  }))
}

/** Rows of either group after one division. */
export type Division = readonly [first: Int32Array, second: Int32Array]

/**
 * The division of rows 0 … firstCount − 1 and those after them as it is, then divisions of the same sizes by chance.
 * @returns [permutations + 1] rows rising
 */
export const relabelledRows = (
  firstCount: number,
  secondCount: number,
  { permutations, seed }: PermutationSettings = defaultPermutations,
): readonly Division[] => {
  const random = seededRandom(seed)
  const count = firstCount + secondCount
  return Array.from({ length: permutations + 1 }, (_, at): Division => {
    const order = at === 0 ? Int32Array.from({ length: count }, (_row, row) => row) : random.permutation(count)
    return [order.slice(0, firstCount).sort(), order.slice(firstCount).sort()]
  })
}

/**
 * Differences of many items with a test among divisions of the same rows, each difference in units of its standard
 * deviation among all of them, so that the family's largest is fair to all items.
 * @param divisions [division, item] second less first, finite; the first division is the one as it is
 * @source P. H. Westfall, S. S. Young (1993), Resampling-Based Multiple Testing, §2.3 (single-step maxT)
 */
export const differencesAmongDivisions = (divisions: readonly Float64Array[]): readonly MeanDifference[] => {
  for (const difference of divisions) assertFinite("scores", difference)
  const [observed, ...permuted] = divisions
  // The observed division is one of them, so that the scale is the same for all.
  const deviations = observed.map((_, item) =>
    Math.sqrt(divisions.reduce((sum, difference) => sum + difference[item] ** 2, 0) / divisions.length),
  )
  const sizeOf = (difference: Float64Array, item: number): number =>
    deviations[item] > 0 ? Math.abs(difference[item]) / deviations[item] : 0
  const largest = permuted.map((difference) =>
    difference.reduce((most, _, k) => Math.max(most, sizeOf(difference, k)), 0),
  )
  return Array.from(observed, (difference, item) => {
    const size = sizeOf(observed, item)
    const others = permuted.map((values) => sizeOf(values, item))
    return {
      difference,
      deviation: deviations[item],
      probability: permutationProbability(size, others),
      familyProbability: permutationProbability(size, largest),
    }
  })
}

/**
 * Differences of scores, such as importances of attributes, between two groups of rows, each with a test that lets rows
 * change groups by chance and scores both anew: it speaks of the populations that the rows were drawn from, which
 * `meanDifferences` over runs of the same rows cannot. Differences are divided by their standard deviation among the
 * permutations, so that the family's largest is fair to all items. `score` is called 2 (permutations + 1) times.
 * @param firstCount  rows 0 … firstCount − 1 are the first group
 * @param secondCount the rows after them are the second
 * @param score       [item] finite scores of some rows
 * @source P. H. Westfall, S. S. Young (1993), Resampling-Based Multiple Testing, §2.3 (single-step maxT)
 */
export const relabelledDifferences = (
  firstCount: number,
  secondCount: number,
  score: (rows: Int32Array) => Float64Array,
  settings: PermutationSettings = defaultPermutations,
): readonly MeanDifference[] =>
  differencesAmongDivisions(
    relabelledRows(firstCount, secondCount, settings).map((division) => {
      const [a, b] = division.map(score)
      return b.map((value, item) => value - a[item])
    }),
  )
