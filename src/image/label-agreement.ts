import type { Contingency } from "../statistics/contingency.ts"
import { type Box, boxShape } from "./brick.ts"
import { type DetectionScore, matchedPairs, objectSizes, overlappingPairs, scoresOf } from "./score.ts"
import {
  type DistributionError,
  distributionError,
  type MatchedError,
  matchedError,
  type ObjectErrors,
  objectErrors,
} from "./score-errors.ts"
import type { Grid } from "./volume.ts"

/** Where an object lies. */
export interface ObjectExtent {
  /** First voxel along x, y and z, and the last */
  readonly from: [number, number, number]
  readonly last: [number, number, number]
  /** Whether a voxel of it lies at the border of the volume */
  isCut: boolean
}

/**
 * Adds a brick to the extents of the objects of a volume, each brick once in any order.
 * @param labels [voxel] of the box, x fastest, 0 no object
 * @param out    by label, accumulated into
 */
export const addExtents = (
  { shape }: Grid,
  box: Box,
  labels: ArrayLike<number>,
  out: Map<number, ObjectExtent>,
): void => {
  const [nx, ny, nz] = boxShape(box)
  const isBorder = (at: number, axis: 0 | 1 | 2): boolean => shape[axis] > 1 && (at === 0 || at === shape[axis] - 1)
  let known = 0
  let extent: ObjectExtent | undefined
  for (let z = box.from[2], i = 0; z < box.from[2] + nz; z++)
    for (let y = box.from[1]; y < box.from[1] + ny; y++)
      for (let x = box.from[0]; x < box.from[0] + nx; x++, i++) {
        const label = labels[i]
        if (label === 0) continue
        if (label !== known || extent === undefined) {
          known = label
          extent = out.get(label)
          if (extent === undefined) {
            extent = { from: [x, y, z], last: [x, y, z], isCut: false }
            out.set(label, extent)
          }
        }
        const { from, last } = extent
        if (x < from[0]) from[0] = x
        if (y < from[1]) from[1] = y
        if (z < from[2]) from[2] = z
        if (x > last[0]) last[0] = x
        if (y > last[1]) last[1] = y
        if (z > last[2]) last[2] = z
        if (isBorder(x, 0) || isBorder(y, 1) || isBorder(z, 2)) extent.isCut = true
      }
}

/** What is known of the objects of one label volume. */
export interface ObjectFacts {
  readonly extents: ReadonlyMap<number, ObjectExtent>
  /** Share of cracks and inner voids in the envelope, by label; absent where it was not measured */
  readonly damage?: ReadonlyMap<number, number>
}

/** A true object with the found one that overlaps it most; `found` or `truth` is 0 where there is none. */
export interface ObjectMatch {
  readonly truth: number
  readonly found: number
  readonly overlap: number
  /** [voxel] */
  readonly trueSize: number
  readonly foundSize: number
  /** Middle of the object's bounds [voxel] */
  readonly place: readonly [number, number, number]
}

/** How well two label volumes agree. */
export interface LabelAgreement {
  readonly trueCount: number
  readonly foundCount: number
  readonly scores: readonly DetectionScore[]
  readonly errors: ObjectErrors
  /** Over objects that the border does not cut; volumes of voxels [m³] */
  readonly volumes: DistributionError
  /** Of pairs that match at one half and are whole, relative to the true volume */
  readonly matchedVolume: MatchedError
  /** The same for damage, in shares of the envelope; null where damage was not measured */
  readonly damage: { readonly distribution: DistributionError; readonly matched: MatchedError } | null
  /** One for each true object, and one for each found object that matches none; least overlap first */
  readonly matches: readonly ObjectMatch[]
}

const middle = (extent: ObjectExtent | undefined): readonly [number, number, number] =>
  extent === undefined
    ? [0, 0, 0]
    : ([0, 1, 2].map((axis) => (extent.from[axis] + extent.last[axis]) / 2) as unknown as readonly [
        number,
        number,
        number,
      ])

/** Overlaps from one half to nine tenths, fine enough for a curve. */
export const curveOverlaps: readonly number[] = Array.from({ length: 9 }, (_, k) => (50 + 5 * k) / 100)

const objectMatches = (contingency: Contingency, truth: ObjectFacts, found: ObjectFacts): readonly ObjectMatch[] => {
  const sizes = objectSizes(contingency)
  const pairs = overlappingPairs(contingency, sizes)
  const best = new Map<number, { readonly found: number; readonly overlap: number }>()
  for (const pair of pairs) if (!best.has(pair.truth)) best.set(pair.truth, pair)
  const matched = new Set(matchedPairs(pairs, 0.5).map((pair) => pair.found))
  const rows: ObjectMatch[] = []
  for (const [label, trueSize] of sizes.truth) {
    const pair = best.get(label) ?? { found: 0, overlap: 0 }
    const foundSize = sizes.found.get(pair.found) ?? 0
    rows.push({ truth: label, ...pair, trueSize, foundSize, place: middle(truth.extents.get(label)) })
  }
  for (const [label, foundSize] of sizes.found) {
    if (matched.has(label)) continue
    rows.push({ truth: 0, found: label, overlap: 0, trueSize: 0, foundSize, place: middle(found.extents.get(label)) })
  }
  return rows
    .map(({ truth, found, overlap, ...rest }) => ({ truth, found, overlap, ...rest }))
    .sort((a, b) => a.overlap - b.overlap || b.trueSize + b.foundSize - a.trueSize - a.foundSize)
}

/**
 * Everything that is said of how found labels agree with true ones.
 * @param contingency voxels that labels share, truth first
 * @param voxel       volume of a voxel [m³]
 */
export const labelAgreement = (
  contingency: Contingency,
  truth: ObjectFacts,
  found: ObjectFacts,
  voxel: number,
): LabelAgreement => {
  const sizes = objectSizes(contingency)
  const isWhole = ({ extents }: ObjectFacts, label: number): boolean => extents.get(label)?.isCut === false
  const wholeOf = (counts: ReadonlyMap<number, number>, facts: ObjectFacts): readonly number[] =>
    [...counts.keys()].filter((label) => isWhole(facts, label))
  const [trueWhole, foundWhole] = [wholeOf(sizes.truth, truth), wholeOf(sizes.found, found)]
  const volumesOf = (counts: ReadonlyMap<number, number>, labels: readonly number[]): Float64Array =>
    Float64Array.from(labels, (label) => voxel * (counts.get(label) ?? 0))
  const matched = matchedPairs(overlappingPairs(contingency, sizes), 0.5).filter(
    (pair) => isWhole(truth, pair.truth) && isWhole(found, pair.found),
  )
  const known = (facts: ObjectFacts, labels: readonly number[]): Float64Array =>
    Float64Array.from(labels, (label) => facts.damage?.get(label) ?? Number.NaN)
  return {
    trueCount: sizes.truth.size,
    foundCount: sizes.found.size,
    scores: scoresOf(contingency, curveOverlaps),
    errors: objectErrors(contingency, sizes),
    volumes: distributionError(volumesOf(sizes.truth, trueWhole), volumesOf(sizes.found, foundWhole)),
    matchedVolume: matchedError(
      new Float64Array(matched.length).fill(1),
      Float64Array.from(matched, (pair) => (sizes.found.get(pair.found) ?? 0) / (sizes.truth.get(pair.truth) ?? 0)),
    ),
    damage:
      truth.damage === undefined || found.damage === undefined
        ? null
        : {
            distribution: distributionError(known(truth, trueWhole), known(found, foundWhole)),
            matched: matchedError(
              known(
                truth,
                matched.map((pair) => pair.truth),
              ),
              known(
                found,
                matched.map((pair) => pair.found),
              ),
            ),
          },
    matches: objectMatches(contingency, truth, found),
  }
}
