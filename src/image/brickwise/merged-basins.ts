import { assertLength } from "../../array/assert.ts"
import type { Saddles } from "./basins.ts"
import { Union } from "./union.ts"

/** Peaks of a field, one for each basin. */
export interface Peaks {
  /** [basin] value on the peak, > 0 */
  readonly height: Float32Array
  /** [basin] voxel of the volume: orders peaks of equal height */
  readonly place: Float64Array
}

/** Passes from the highest to the lowest; among equals the one of the later voxels first. */
const fallingOrder = ({ height, place }: Saddles): Uint32Array =>
  Uint32Array.from({ length: height.length }, (_, k) => k).sort((a, b) => height[b] - height[a] || place[b] - place[a])

/**
 * How far each peak stands out: its height over the highest pass that leads to a higher peak; infinite for the highest
 * of a connected region.
 * @param order passes, falling
 */
const dynamicsOf = (peaks: Peaks, { basins, height }: Saddles, order: Uint32Array): Float64Array => {
  const count = peaks.height.length
  const out = new Float64Array(count).fill(Number.POSITIVE_INFINITY)
  const union = new Union(count)
  /** [set] its highest peak */
  const highest = Int32Array.from({ length: count }, (_, basin) => basin)
  const isLower = (a: number, b: number): boolean =>
    peaks.height[a] < peaks.height[b] || (peaks.height[a] === peaks.height[b] && peaks.place[a] < peaks.place[b])
  for (const pass of order) {
    const [a, b] = [union.find(basins[2 * pass]), union.find(basins[2 * pass + 1])]
    if (a === b) continue
    const [one, other] = [highest[a], highest[b]]
    const [lower, higher] = isLower(one, other) ? [one, other] : [other, one]
    out[lower] = peaks.height[lower] - height[pass]
    highest[union.unite(a, b)] = higher
  }
  return out
}

/**
 * Basins merged to particles: those whose peak stands out enough are markers, and every other basin goes where the flood
 * from the markers, downhill over the highest passes, reaches it first: watershed from h-maxima, on the graph of basins.
 *
 * The order of passes and peaks is total and made of values and places in the volume: the result does not depend on how
 * basins are numbered.
 *
 * @param saddles  highest pass between each pair of basins that touch, numbered from 0
 * @param relevance least dynamics of a marker, from the height of its peak, > 0
 * @returns [basin] the basin of its marker
 * @source P. Soille, Morphological Image Analysis (2003), §6.3.4 and §9.2; M. Grimaud, Proc. SPIE 1769 (1992) 292–305
 *   (dynamics); F. Meyer, in Mathematical Morphology and its Applications (1994) 77–84 (minimum spanning forest)
 */
export const mergedBasins = (peaks: Peaks, saddles: Saddles, relevance: (height: number) => number): Int32Array => {
  const count = peaks.height.length
  assertLength("places of peaks", peaks.place, count)
  const order = fallingOrder(saddles)
  const dynamics = dynamicsOf(peaks, saddles, order)
  const union = new Union(count)
  /** [set] its marker, −1 while it has none */
  const marker = new Int32Array(count)
  for (let basin = 0; basin < count; basin++)
    marker[basin] = dynamics[basin] >= relevance(peaks.height[basin]) ? basin : -1
  for (const pass of order) {
    const [a, b] = [union.find(saddles.basins[2 * pass]), union.find(saddles.basins[2 * pass + 1])]
    if (a === b || (marker[a] >= 0 && marker[b] >= 0)) continue
    marker[union.unite(a, b)] = Math.max(marker[a], marker[b])
  }
  return Int32Array.from({ length: count }, (_, basin) => marker[union.find(basin)])
}
