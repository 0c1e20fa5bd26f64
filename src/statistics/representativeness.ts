import { type Window, windowSize } from "./pair-correlation.ts"
import { blindKolmogorovDistance, kolmogorovDistance, type Sample, sampleMonoid, sampleOf } from "./sample.ts"

/** One attribute of all points of a volume. */
export interface PointAttribute {
  readonly name: string
  /** [point] NaN where it is not known */
  readonly values: Float64Array
}

/** How well sub-volumes of one size agree with the whole in one attribute. */
export interface Agreement {
  readonly attribute: string
  /** Root mean square over the sub-volumes of mean / mean of the whole − 1; NaN where that is 0 */
  readonly meanError: number
  /** Largest distance of the distribution functions, mean over the sub-volumes, 0 … 1 */
  readonly distance: number
  /** What `distance` would be for as many values drawn blindly from the whole */
  readonly blindDistance: number
}

/** Sub-volumes of one size. */
export interface SubvolumeSize {
  /** The whole is cut into division³ equal parts (division² in a plane) */
  readonly division: number
  /** Mean edge of a part [m] */
  readonly edge: number
  /** Values in a part, on average and at least */
  readonly meanCount: number
  readonly leastCount: number
  /** Root mean square over the parts of their number of points / the expected one − 1 */
  readonly densityError: number
  readonly agreements: readonly Agreement[]
}

const isPlane = (window: Window): boolean => window[2] === 0

/** [part] indices of the points that lie in each of division³ parts of the window (division² of a plane). */
const partsOf = (points: Float64Array, window: Window, division: number): readonly number[][] => {
  const dimensions = isPlane(window) ? 2 : 3
  const parts: number[][] = Array.from({ length: division ** dimensions }, () => [])
  for (let point = 0; point < points.length / 3; point++) {
    let part = 0
    for (let axis = dimensions - 1; axis >= 0; axis--) {
      const at = Math.floor((division * points[3 * point + axis]) / window[axis])
      part = division * part + Math.min(division - 1, Math.max(0, at))
    }
    parts[part].push(point)
  }
  return parts
}

const meanOf = ({ sorted }: Sample): number => sorted.reduce((sum, value) => sum + value, 0) / sorted.length

const rootMeanSquare = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)

/** The sample of some points' values, those that are known. */
const sampleAt = (values: Float64Array, points: readonly number[]): Sample =>
  sampleOf(points.map((point) => values[point]).filter(Number.isFinite))

/**
 * Whether parts of a volume speak for the whole: how far the mean and the distribution of some attributes, and the
 * number of points, differ between equal parts and the whole, for parts of several sizes. A distance that is not above
 * the blind one is due to the small number of points alone.
 * @param points     [point, 3] inside the window, which begins at 0 [m]
 * @param divisions  parts along each axis, whole numbers from 1
 * @source Z. Yang, F. Lin, J. Phys. Chem. C 125 (2021), §3, doi:10.1021/acs.jpcc.1c01703: a representative volume is
 * compared with the whole electrode in particle volume, size and neighbour distance
 */
export const representativeness = (
  points: Float64Array,
  window: Window,
  attributes: readonly PointAttribute[],
  divisions: readonly number[],
): readonly SubvolumeSize[] =>
  divisions.map((division) => {
    const parts = partsOf(points, window, division)
    const counts = parts.map((part) => part.length)
    const expected = points.length / 3 / parts.length
    return {
      division,
      edge: (windowSize(window) / parts.length) ** (1 / (isPlane(window) ? 2 : 3)),
      meanCount: expected,
      leastCount: Math.min(...counts),
      densityError: rootMeanSquare(counts.map((count) => count / expected - 1)),
      agreements: attributes.map(({ name, values }) => agreementOf(name, values, parts)),
    }
  })

const agreementOf = (attribute: string, values: Float64Array, parts: readonly (readonly number[])[]): Agreement => {
  const samples = parts.map((part) => sampleAt(values, part))
  const whole = samples.reduce(sampleMonoid.concat, sampleMonoid.empty)
  const filled = samples.filter(({ sorted }) => sorted.length > 0)
  const mean = meanOf(whole)
  const average = (of: (sample: Sample) => number): number =>
    filled.reduce((sum, sample) => sum + of(sample), 0) / filled.length
  return {
    attribute,
    meanError: mean === 0 ? Number.NaN : rootMeanSquare(filled.map((sample) => meanOf(sample) / mean - 1)),
    distance: average((sample) => kolmogorovDistance(sample, whole)),
    blindDistance: average(({ sorted }) => blindKolmogorovDistance(sorted.length, whole.sorted.length)),
  }
}
