import { Effect } from "effect"
import { wholeOf } from "../../image/brick.ts"
import { addExtents, type ObjectExtent } from "../../image/label-agreement.ts"
import { healedLabels } from "../../image/outlines.ts"
import type { SegmentSettings } from "../../image/settings.ts"
import { cropped, type Grid, gridOf, type Identify, type Labels, type Seen } from "../../image/volume.ts"
import type { Side } from "./compared.ts"

/** Labels of the rows that were looked at, in the whole image. */
const placed = (grid: Grid, labels: Int32Array, firstRow: number): Int32Array => {
  const out = new Int32Array(grid.shape[0] * grid.shape[1])
  out.set(labels, grid.shape[0] * firstRow)
  return out
}

/** Share of each label that is dark. @param bright [pixel] */
const darkShares = (labels: Int32Array, bright: Uint8Array): ReadonlyMap<number, number> => {
  const counts = new Map<number, [all: number, dark: number]>()
  labels.forEach((label, p) => {
    if (label === 0) return
    const count = counts.get(label) ?? [0, 0]
    count[0]++
    if (bright[p] === 0) count[1]++
    counts.set(label, count)
  })
  return new Map([...counts].map(([label, [all, dark]]) => [label, dark / all]))
}

/** A side of a slice from labels that hold their cracks. */
export const planeSide = (name: string, grid: Grid, labels: Int32Array, bright: Uint8Array): Side<never> => {
  const extents = new Map<number, ObjectExtent>()
  addExtents(grid, wholeOf(grid), labels, extents)
  const values = labels.map((label, p) => (bright[p] === 0 ? 0 : label))
  const solid: Labels = { ...grid, values, count: labels.reduce((most, label) => Math.max(most, label), 0) }
  return {
    name,
    read: ({ from, to }) => Effect.sync(() => cropped(solid, from, to).values),
    extents,
    damage: darkShares(labels, bright),
  }
}

/** What two ways have found in the same rows of an image, with the same threshold. */
export interface SeenBoth {
  readonly first: Int32Array
  readonly second: Int32Array
  /** [pixel] 1 above the threshold in the rows that were looked at */
  readonly bright: Uint8Array
  readonly firstRow: number
  readonly endRow: number
}

/**
 * A way of finding particles that has a second one look at the same, and keeps what both find: with mouths of cracks
 * closed and holes filled, and with the particles that the border cuts.
 * @param grid of the whole image
 */
export const watched = (
  grid: Grid,
  first: Identify,
  second: Identify,
  settings: SegmentSettings,
): { readonly identify: Identify; readonly seen: () => SeenBoth | undefined } => {
  let kept: SeenBoth | undefined
  const whole = (labels: Labels, firstRow: number): Int32Array =>
    placed(grid, healedLabels(labels, settings.crackMouth).values, firstRow)
  const identify: Identify = (seen: Seen) => {
    const found = first(seen)
    const { firstRow } = seen
    const bright = new Uint8Array(grid.shape[0] * grid.shape[1])
    bright.set(seen.bright.values, grid.shape[0] * firstRow)
    kept = {
      first: whole(found, firstRow),
      second: whole(second(seen), firstRow),
      bright,
      firstRow,
      endRow: firstRow + gridOf(seen.gray).shape[1],
    }
    return found
  }
  return { identify, seen: () => kept }
}
