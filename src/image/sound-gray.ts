import { kthSmallest } from "../array/selection.ts"
import { dilated, eroded } from "./morphology.ts"
import { gaussian, normalQuartile } from "./smoothing.ts"
import { resampled } from "./star/resampled.ts"
import { type Grid, gridOf, type Labels, type Mask, planeGrid, type Volume } from "./volume.ts"

/** Gray values of matrix and particle. */
export interface Means {
  readonly matrix: number
  readonly particle: number
}

/** Sound particle begins at this distance from a crack [voxel] */
const apart = 3
/** A particle's own gray value is that which this share of its voxels do not reach: it may be cracked by as much */
const ownShare = 0.7
/** Gray values of sound particle and of wide cracks are averaged with a Gaussian of this width [voxel] */
const neighbourhood = 8
/** Pixels that are taken together for that along an edge, and the least weight that tells anything */
const coarse = 4
const leastWeight = 1e-6
/** Intervals of depth for which a sound particle's gray value is known, a half voxel each, and voxels that one needs */
const intervals = 48
const leastKnown = 30
/** Cracks show their own gray value at this depth within them; so many such voxels tell that of all of them [voxel] */
const wide = 2
const leastWide = 100
/** Those nearby count by their Gaussian's weights, all together by this one: as eight right here */
const commonWeight = 8 / (2 * Math.PI * neighbourhood ** 2)

/** Labelled pixels as far from cracks as to be sound. */
export const soundOf = (labels: Labels, cracks: Uint8Array): Mask => {
  const { values } = dilated({ ...gridOf(labels), values: cracks }, apart * labels.spacing[0])
  for (let i = 0; i < values.length; i++) values[i] = labels.values[i] > 0 && values[i] === 0 ? 1 : 0
  return { ...gridOf(labels), values }
}

/** Gaussian mean over a neighbourhood, by way of larger pixels: it hardly changes from one pixel to the next. */
const softened = (values: Float32Array, { shape: [width, height] }: Grid): Float32Array => {
  const [full, small] = [
    [width, height],
    [Math.ceil(width / coarse), Math.ceil(height / coarse)],
  ] as const
  const coarser = { ...planeGrid(...small, coarse), values: resampled(values, full, small) }
  return resampled(gaussian(coarser, neighbourhood / coarse).values as Float32Array, small, full)
}

/** [group] gray values of the voxels that count, of each group by itself. @param group [voxel] */
const grayBy = (
  gray: Volume,
  group: ArrayLike<number>,
  groups: number,
  counts: (voxel: number) => boolean,
): readonly Float32Array[] => {
  const sizes = new Int32Array(groups)
  for (let i = 0; i < group.length; i++) if (counts(i)) sizes[group[i]]++
  const lists = Array.from(sizes, (size) => new Float32Array(size))
  sizes.fill(0)
  for (let i = 0; i < group.length; i++) if (counts(i)) lists[group[i]][sizes[group[i]]++] = gray.values[i]
  return lists
}

/**
 * Median gray value of sound particle by interval of depth: from the inside out, an interval of which little is seen takes
 * the value of the next deeper one.
 * @param interval [voxel]
 */
const profileOf = (gray: Volume, sound: Mask, interval: Uint8Array): Float64Array => {
  const lists = grayBy(gray, interval, intervals, (i) => sound.values[i] !== 0)
  const profile = Float64Array.from(lists, (list) => kthSmallest(list, list.length >> 1))
  const known = lists.findLastIndex((list) => list.length >= leastKnown)
  for (let k = intervals - 1; k >= 0; k--) {
    if (k > known) profile[k] = profile[Math.max(0, known)]
    else if (lists[k].length < leastKnown) profile[k] = profile[k + 1]
  }
  return profile
}

/** [voxel] interval of depth. @param depth [voxel] [m] */
export const intervalsOf = (depth: ArrayLike<number>, edge: number): Uint8Array => {
  const interval = new Uint8Array(depth.length)
  for (let i = 0; i < interval.length; i++) interval[i] = Math.min(intervals - 1, Math.floor((2 * depth[i]) / edge))
  return interval
}

/**
 * Gray value that a sound particle would show: that of all sound particle at the same depth, by which blur and fringes of
 * outlines are accounted for, and by how much this particle, and what is sound of it nearby, differs from it.
 * @param depth [voxel] [m] @param interval [voxel] of depth @param cracks [voxel] as far as they are known @param rim [m]
 */
export const soundGray = (
  labels: Labels,
  gray: Volume,
  { depth, interval }: { readonly depth: ArrayLike<number>; readonly interval: Uint8Array },
  cracks: Uint8Array,
  rim: number,
): Float32Array => {
  // A rim that was taken for a crack must not be left out of what rims look like.
  const inner = cracks.slice()
  for (let i = 0; i < inner.length; i++) if (!(depth[i] > rim)) inner[i] = 0
  const profile = profileOf(gray, soundOf(labels, inner), interval)
  const sound = soundOf(labels, cracks).values
  const values = new Float32Array(sound.length)
  for (let i = 0; i < values.length; i++) if (sound[i] === 1) values[i] = gray.values[i] - profile[interval[i]]
  // Each particle by itself: nearby a dim one lie bright ones.
  const lists = grayBy({ ...gridOf(labels), values }, labels.values, labels.count + 1, (i) => sound[i] === 1)
  const own = lists.map((list) => (list.length < leastKnown ? 0 : kthSmallest(list, list.length >> 1)))
  for (let i = 0; i < values.length; i++) if (sound[i] === 1) values[i] -= own[labels.values[i]]
  const [other, weight] = [values, new Float32Array(sound)].map((each) => softened(each, labels))
  for (let i = 0; i < values.length; i++) {
    const [label, nearby] = [labels.values[i], weight[i] > leastWeight ? other[i] / weight[i] : 0]
    values[i] = label === 0 ? 0 : profile[interval[i]] + own[label] + nearby
  }
  return values
}

/** 1 in the middle of wide cracks. @param depth [voxel] [m] @param cracks [voxel] @param rim [m] */
export const middles = (labels: Labels, depth: ArrayLike<number>, cracks: Uint8Array, rim: number): Float32Array => {
  const within = eroded({ ...gridOf(labels), values: cracks }, wide * labels.spacing[0]).values
  const out = new Float32Array(cracks.length)
  for (let i = 0; i < out.length; i++) out[i] = within[i] !== 0 && depth[i] > rim ? 1 : 0
  return out
}

/**
 * Gray value in the middle of wide cracks as far as a particle's own brightness, which reaches into them, decides it: the
 * mean share of the way from the matrix to the sound particle around, or else the matrix.
 * @param bright [voxel] of sound particle @param weights [voxel] of `middles` @returns [voxel]
 */
export const commonGray = (gray: Volume, bright: Float32Array, weights: Float32Array, matrix: number): Float32Array => {
  let [reached, whole, count] = [0, 0, 0]
  for (let i = 0; i < weights.length; i++) {
    reached += weights[i] * (gray.values[i] - matrix)
    whole += weights[i] * (bright[i] - matrix)
    count += weights[i]
  }
  const share = count >= leastWide && whole > 0 ? reached / whole : 0
  return bright.map((value) => matrix + share * (value - matrix))
}

/**
 * Gray value in the middle of wide cracks nearby, or, where there is none, the common one.
 * @param weights [voxel] of `middles` @param common [voxel]
 */
export const nearbyGray = (gray: Volume, weights: Float32Array, common: Float32Array): Float32Array => {
  const values = new Float32Array(weights.length)
  for (let i = 0; i < values.length; i++) values[i] = weights[i] * (gray.values[i] - common[i])
  const [other, weight] = [values, weights].map((each) => softened(each, gray))
  for (let i = 0; i < values.length; i++) values[i] = common[i] + other[i] / (weight[i] + commonWeight)
  return values
}

/**
 * Standard deviation of what differs at random from sound particle: by the median of the differences, on which cracks and
 * saturated voxels have little influence.
 * @param bright [voxel] of sound particle @param depth [voxel] [m] @param rim [m]
 */
export const noiseOf = (image: Volume, bright: Float32Array, depth: ArrayLike<number>, rim: number): number => {
  const differences = new Float32Array(depth.length)
  let count = 0
  for (let i = 0; i < depth.length; i++)
    if (depth[i] > rim) differences[count++] = Math.abs(image.values[i] - bright[i])
  return count === 0 ? 0 : kthSmallest(differences.subarray(0, count), count >> 1) / normalQuartile
}

/**
 * Gray value of each particle by itself, for a first look: next to that of most particles a dim one would be all crack.
 * @param depth [voxel] [m] @param rim [m]
 * @returns [label] between the means; that of particles where too little of one is deeper than the rim
 */
export const particleGray = (
  labels: Labels,
  calm: Volume,
  depth: ArrayLike<number>,
  rim: number,
  { matrix, particle }: Means,
): Float64Array => {
  const inner = grayBy(calm, labels.values, labels.count + 1, (i) => depth[i] > rim)
  return Float64Array.from(inner, (values) =>
    values.length < leastKnown
      ? particle
      : Math.max(matrix, Math.min(particle, kthSmallest(values, Math.floor(ownShare * values.length)))),
  )
}
