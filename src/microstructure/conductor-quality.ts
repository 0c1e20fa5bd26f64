import { seededRandom } from "../array/random.ts"
import type { ConductorVoxels } from "./conductor-voxels.ts"

/** Which carbon/binder conducts well, piece by piece. */
export type ConductorQuality =
  /** All of it */
  | { readonly kind: "all" }
  /** [voxel] share of well-conducting carbon/binder in parts of 255; pieces above one half conduct well */
  | { readonly kind: "measured"; readonly share: Uint8Array }
  /**
   * The thickest pieces, until they hold the share of the carbon/binder: dense clusters hold more conducting additive than
   * thin films (a choice; nothing in a phase map tells).
   */
  | { readonly kind: "thickest"; readonly share: number }
  /** Pieces at random, until they hold the share of the carbon/binder */
  | { readonly kind: "random"; readonly share: number; readonly seed: number }

/** [piece] 1 where it conducts well; 0 is the collector. @param piece [cell] from 1 */
export const wellConducting = (cells: ConductorVoxels, piece: Int32Array, quality: ConductorQuality): Uint8Array => {
  const pieces = piece.reduce((most, each) => Math.max(most, each), 0) + 1
  const size = new Float64Array(pieces)
  for (const each of piece) size[each]++
  switch (quality.kind) {
    case "all":
      return new Uint8Array(pieces).fill(1)
    case "measured": {
      const sum = new Float64Array(pieces)
      for (let cell = 0; cell < cells.count; cell++) sum[piece[cell]] += quality.share[cells.voxel[cell]] / 255
      return Uint8Array.from(sum, (each, p) => (each > size[p] / 2 ? 1 : 0))
    }
    case "thickest": {
      // Faces that are open for each voxel: few where a piece is thick.
      const open = new Float64Array(pieces)
      for (let cell = 0; cell < cells.count; cell++)
        for (let d = 0; d < 6; d++) if (cells.neighbour[6 * cell + d] < 0) open[piece[cell]]++
      return untilShare(size, quality.share, (a, b) => open[a] / size[a] - open[b] / size[b])
    }
    case "random": {
      const rank = seededRandom(quality.seed).permutation(pieces)
      return untilShare(size, quality.share, (a, b) => rank[a] - rank[b])
    }
  }
}

/** The first pieces in an order, as many as bring their volume nearest to a share of the whole. */
const untilShare = (size: Float64Array, share: number, order: (a: number, b: number) => number): Uint8Array => {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`the share of well-conducting carbon/binder is ${share}`)
  const out = new Uint8Array(size.length)
  let rest = share * size.reduce((sum, each) => sum + each, 0)
  const pieces = Array.from({ length: size.length - 1 }, (_, k) => k + 1).sort((a, b) => order(a, b) || a - b)
  for (const p of pieces) {
    if (rest < size[p] / 2) break
    out[p] = 1
    rest -= size[p]
  }
  return out
}
