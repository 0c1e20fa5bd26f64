import type { Mask, Volume } from "./volume.ts"

/** How often each gray value occurs, in equal bins between the smallest and the largest one. */
export interface Histogram {
  readonly lowest: number
  readonly highest: number
  /** [bin] */
  readonly counts: Float64Array
}

/** Histogram of the voxels inside a mask (all where there is none). */
export const histogramOf = (volume: Volume, inside?: Mask, bins = 256): Histogram => {
  let lowest = Number.POSITIVE_INFINITY
  let highest = Number.NEGATIVE_INFINITY
  const { values } = volume
  for (let i = 0; i < values.length; i++) {
    if (inside && inside.values[i] === 0) continue
    if (values[i] < lowest) lowest = values[i]
    if (values[i] > highest) highest = values[i]
  }
  const counts = new Float64Array(bins)
  const scale = highest > lowest ? bins / (highest - lowest) : 0
  for (let i = 0; i < values.length; i++) {
    if (inside && inside.values[i] === 0) continue
    counts[Math.min(bins - 1, Math.floor((values[i] - lowest) * scale))]++
  }
  return { lowest, highest, counts }
}

/**
 * Thresholds that part a histogram in `classes` classes of greatest between-class variance, exactly (dynamic
 * programming over bins).
 * @returns [classes − 1] rising; fewer where the histogram has fewer filled bins than classes
 * @source N. Otsu, IEEE Trans. SMC 9 (1979) 62–66; P.-S. Liao, T.-S. Chen, P.-C. Chung, J. Inf. Sci. Eng. 17 (2001) 713–727
 */
export const otsu = (histogram: Histogram, classes = 2): readonly number[] => {
  const { lowest, highest, counts } = histogram
  const bins = counts.length
  const filled = counts.reduce((n, count) => n + (count > 0 ? 1 : 0), 0)
  const parts = Math.min(classes, filled)
  if (parts < 2) return []
  const mass = new Float64Array(bins + 1)
  const moment = new Float64Array(bins + 1)
  for (let b = 0; b < bins; b++) {
    mass[b + 1] = mass[b] + counts[b]
    moment[b + 1] = moment[b] + counts[b] * b
  }
  /** Share of bins [from, to) in the between-class variance. */
  const gain = (from: number, to: number): number => {
    const m = mass[to] - mass[from]
    return m > 0 ? (moment[to] - moment[from]) ** 2 / m : Number.NEGATIVE_INFINITY
  }
  let best = Float64Array.from({ length: bins + 1 }, (_, to) => gain(0, to))
  const cuts: Int32Array[] = []
  for (let part = 1; part < parts; part++) {
    const next = new Float64Array(bins + 1).fill(Number.NEGATIVE_INFINITY)
    const cut = new Int32Array(bins + 1)
    for (let to = part + 1; to <= bins; to++)
      for (let from = part; from < to; from++) {
        const value = best[from] + gain(from, to)
        if (value > next[to]) {
          next[to] = value
          cut[to] = from
        }
      }
    best = next
    cuts.push(cut)
  }
  const width = (highest - lowest) / bins
  const thresholds: number[] = []
  for (let part = parts - 2, end = bins; part >= 0; part--) {
    const start = cuts[part][end]
    // Empty bins on both sides of a cut change nothing: the middle of the gap is taken.
    let [from, to] = [start, start]
    while (from > 1 && counts[from - 1] === 0) from--
    while (to < bins - 1 && counts[to] === 0) to++
    thresholds.unshift(lowest + (width * (from + to)) / 2)
    end = start
  }
  return thresholds
}

/** Gray value below which a share of the masked voxels lies, within one bin; 0 ≤ share ≤ 1. */
export const quantileOf = (histogram: Histogram, share: number): number => {
  const { lowest, highest, counts } = histogram
  const total = counts.reduce((sum, count) => sum + count, 0)
  const width = (highest - lowest) / counts.length
  let below = 0
  for (let b = 0; b < counts.length; b++) {
    if (counts[b] > 0 && below + counts[b] >= share * total) {
      return lowest + width * (b + Math.max(0, share * total - below) / counts[b])
    }
    below += counts[b]
  }
  return highest
}
