import { distanceInside } from "../distance.ts"
import { fieldOfView } from "../field-of-view.ts"
import type { Segmentation } from "../segment.ts"
import { assertFills, type Mask, maskWhere, planeGrid, type Volume } from "../volume.ts"
import { type WindowSpectrum, windowSpectrum } from "./spectrum.ts"

/** Mean and deviation of gray values. */
export interface Spread {
  readonly mean: number
  readonly deviation: number
}

/** What a slice shows, whether a tomograph or a generator made it. */
export interface SliceStatistics {
  /** Edge of a pixel [m] */
  readonly pixel: number
  /** [gray value 0 … 255] share of the pixels in view between collector and separator */
  readonly histogram: Float64Array
  /** [−reach … reach] mean gray value by the distance from the nearest outline, negative in particles [pixel]; NaN for 0 */
  readonly profile: Float64Array
  /** Sound particles and matrix, all far from outlines; of the matrix by its quartiles */
  readonly particle: Spread
  readonly matrix: Spread
  /** Deviation of the means of particles */
  readonly particleMeans: number
  readonly collector: Spread
  readonly separator: Spread
  readonly particlePower: WindowSpectrum
  readonly matrixPower: WindowSpectrum
  readonly bandPower: WindowSpectrum
  /** Share of the electrode's area */
  readonly particleShare: number
  /** [particle] of discs of equal area [m], and the share of cracks */
  readonly diameters: Float64Array
  readonly crackShares: Float64Array
}

/** Distances from outlines up to which profiles go [pixel] */
export const profileReach = 30

/** What lies as far from outlines or cracks as this is undisturbed by them; windows of spectra may come nearer [pixel] */
const apart = 8
const crackReach = 6
const windowReach = 5

/** Particles with fewer sound pixels do not count among the means */
const leastSound = 2000

const spreadOf = (values: ArrayLike<number>, take: (pixel: number) => boolean): Spread => {
  let [count, sum, square] = [0, 0, 0]
  for (let i = 0; i < values.length; i++) {
    if (!take(i)) continue
    count++
    sum += values[i]
    square += values[i] ** 2
  }
  const mean = count > 0 ? sum / count : Number.NaN
  return { mean, deviation: Math.sqrt(Math.max(0, square / count - mean * mean)) }
}

/** Quartiles of a normal distribution are so many deviations apart. */
const quartileDistance = 1.349

/** Median, and deviation by the quartiles: debris that was not found as particles hardly moves them. */
const steadySpread = (values: Float32Array, take: (pixel: number) => boolean): Spread => {
  const some = values.filter((_, i) => take(i)).sort()
  const at = (share: number): number => some[Math.round(share * (some.length - 1))]
  return { mean: at(0.5), deviation: (at(0.75) - at(0.25)) / quartileDistance }
}

/**
 * Statistics of a slice by the particles and cracks that a segmentation found in it: histogram, gray values across
 * outlines, power spectra of regions free of particles and of particles free of cracks, sizes.
 * @param gray plane, 0 … 255; the segmentation is of this image
 */
export const sliceStatistics = (gray: Volume, found: Segmentation): SliceStatistics => {
  assertFills("gray", gray, gray.values)
  const { width, height, labels, crackMask, pixel } = found
  const grid = planeGrid(width, height, pixel)
  const view = fieldOfView(gray)
  const full = gray.shape[0]
  const stored = (i: number): number => {
    const row = Math.floor(i / width)
    const y = found.separator === "top" ? row : height - 1 - row
    return found.crop.x + (i % width) + full * (found.crop.y + y)
  }
  const isParticle: Mask = maskWhere({ ...grid, values: labels }, (label) => label > 0)
  const values = found.gray
  const seen = Uint8Array.from(values, (_, i) => view.values[stored(i)])
  const far = (mask: Mask): Float64Array =>
    Float64Array.from(distanceInside(mask).values, (distance) => distance / pixel)
  const depth = far(isParticle)
  const away = far(maskWhere(isParticle, (inside) => inside === 0))
  const fromCracks = far(maskWhere({ ...grid, values: crackMask }, (crack) => crack === 0))
  const isSound = (i: number): boolean => depth[i] > apart && fromCracks[i] > crackReach
  const isBare = (i: number): boolean => away[i] > apart && seen[i] === 1

  const histogram = new Float64Array(256)
  let inView = 0
  const profile = new Float64Array(2 * profileReach + 1)
  const counts = new Float64Array(profile.length)
  const areas = new Float64Array(found.particleCount)
  const cracks = new Float64Array(found.particleCount)
  const sums = new Float64Array(found.particleCount)
  const sound = new Float64Array(found.particleCount)
  for (let i = 0; i < values.length; i++) {
    if (seen[i] === 0) continue
    inView++
    histogram[Math.min(255, Math.max(0, Math.round(values[i])))]++
    const label = labels[i]
    const at = label > 0 ? -Math.round(depth[i]) : Math.round(away[i])
    if (Math.abs(at) <= profileReach && fromCracks[i] > crackReach) {
      profile[at + profileReach] += values[i]
      counts[at + profileReach]++
    }
    if (label === 0) continue
    areas[label - 1]++
    if (crackMask[i] !== 0) cracks[label - 1]++
    if (!isSound(i)) continue
    sums[label - 1] += values[i]
    sound[label - 1]++
  }
  const wide = [...sums.keys()].filter((k) => sound[k] > leastSound)
  const means = wide.map((k) => sums[k] / sound[k])

  const [first, end] = [found.crop.y, found.crop.y + height]
  const band = (from: number, to: number) => (i: number) => i >= full * from && i < full * to && view.values[i] === 1
  const [above, below] = [band(0, first), band(end, gray.shape[1])]
  const [collector, separator] = found.separator === "top" ? [below, above] : [above, below]
  const bands = Uint8Array.from(gray.values, (_, i) => (above(i) || below(i) ? 1 : 0))
  const window = (take: (i: number) => boolean): WindowSpectrum =>
    windowSpectrum(
      values,
      Uint8Array.from(values, (_, i) => (take(i) ? 1 : 0)),
      width,
      height,
    )
  return {
    pixel,
    histogram: histogram.map((count) => count / inView),
    profile: profile.map((sum, k) => (counts[k] > 0 ? sum / counts[k] : Number.NaN)),
    particle: spreadOf(values, isSound),
    matrix: steadySpread(values, isBare),
    particleMeans: spreadOf(means, () => true).deviation,
    collector: spreadOf(gray.values, collector),
    separator: spreadOf(gray.values, separator),
    particlePower: window((i) => depth[i] > windowReach - 1 && fromCracks[i] > windowReach),
    matrixPower: window((i) => away[i] > windowReach && seen[i] === 1),
    bandPower: windowSpectrum(gray.values, bands, full, gray.shape[1]),
    particleShare: areas.reduce((sum, area) => sum + area, 0) / inView,
    diameters: areas.map((area) => 2 * pixel * Math.sqrt(area / Math.PI)),
    crackShares: cracks.map((count, k) => count / Math.max(1, areas[k])),
  }
}
