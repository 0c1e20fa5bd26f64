import { tmpdir } from "node:os"
import { Effect } from "effect"
import { volumeInMemory } from "../../../src/formats/volume-in-memory.ts"
import { wholeOf } from "../../../src/image/brick.ts"
import {
  addExtents,
  type LabelAgreement,
  labelAgreement,
  type ObjectExtent,
} from "../../../src/image/label-agreement.ts"
import type { PhantomVolumeSettings } from "../../../src/image/phantom-volume/settings.ts"
import { addTally, emptyTally, particleTruths, solidLabels } from "../../../src/image/phantom-volume/truth.ts"
import { phantomBox, phantomVolume } from "../../../src/image/phantom-volume/volume.ts"
import { scoresOf } from "../../../src/image/score.ts"
import { type MatchedError, matchedError } from "../../../src/image/score-errors.ts"
import { type Grid, gridOf } from "../../../src/image/volume.ts"
import { measureParticle } from "../../../src/particles/measure-particle.ts"
import { defaultParticleSettings, leastMargin } from "../../../src/particles/particle-settings.ts"
import type { LabelledVolume } from "../../../src/pipeline/segmentation/labelled-volume.ts"
import { segmentVolume } from "../../../src/pipeline/segmentation/segment-volume.ts"
import { defaultVolumeSettings, type VolumeSettings } from "../../../src/pipeline/segmentation/settings.ts"
import { contingencyMonoid, contingencyOf } from "../../../src/statistics/contingency.ts"

/** Phantoms of one kind segmented and compared with their truth, all particles taken together. */
export interface PhantomStudy {
  readonly agreement: LabelAgreement
  /** F1 at an overlap of one half, volume by volume */
  readonly f1: readonly number[]
  /** Damage that the table finds on the true labels less that of the phantom's own voxels, over whole particles */
  readonly measuringError: MatchedError
  /** Mean damage of whole particles by the phantom's own voxels */
  readonly trueDamage: number
}

/** Damage of every whole particle, as the particle table has it. */
const damages = Effect.fnUntraced(function* (volume: LabelledVolume) {
  const { published: _, ...settings } = defaultParticleSettings(volume.grid.spacing)
  const margin = Math.max(leastMargin(settings), Math.ceil(settings.closingRadius / volume.grid.spacing[0]) + 2)
  const out = new Map<number, number>()
  for (let label = 1; label <= volume.count; label++) {
    if (volume.sizes[label - 1] === 0 || volume.touchesBorder[label - 1] === 1) continue
    out.set(label, measureParticle(yield* volume.cropOf(label, margin), settings).damage)
  }
  return out
})

/** Labels without objects of fewer voxels: slivers that the border leaves of particles are nobody's find. */
const withoutSlivers = (labels: Int32Array, least: number): Int32Array => {
  const size = new Map<number, number>()
  for (const label of labels) size.set(label, (size.get(label) ?? 0) + 1)
  return labels.map((label) => ((size.get(label) ?? 0) < least ? 0 : label))
}

/** One side of a comparison, numbered on from the volumes before it. */
interface Side {
  readonly labels: Int32Array
  readonly extents: ReadonlyMap<number, ObjectExtent>
  readonly damage: ReadonlyMap<number, number>
}

const sideOf = (grid: Grid, labels: Int32Array, damage: ReadonlyMap<number, number>, offset: number): Side => {
  const shifted = labels.map((label) => (label === 0 ? 0 : label + offset))
  const extents = new Map<number, ObjectExtent>()
  addExtents(grid, wholeOf(grid), shifted, extents)
  return {
    labels: shifted,
    extents,
    damage: new Map(Array.from(damage, ([label, value]) => [label + offset, value])),
  }
}

/** Keeps the labels of each volume apart. */
const labelsPerVolume = 1e5

interface MadePhantom {
  readonly grid: Grid
  readonly gray: Uint16Array
  readonly phases: Uint8Array
  readonly truth: Side
  /** Damage of whole particles, by the phantom's own voxels and by the table on the true labels */
  readonly damages: readonly (readonly [number, number])[]
}

const resources = { memory: 2e9, threads: 1, scratch: tmpdir() }
const silent = () => Effect.void

/** A phantom with its truth measured as the particle table measures. */
const made = Effect.fnUntraced(function* (settings: PhantomVolumeSettings, smallest: number, offset: number) {
  const phantom = phantomVolume(settings)
  const part = phantomBox(phantom, wholeOf(phantom))
  const tally = emptyTally(phantom)
  addTally(phantom, part, tally)
  const solid = withoutSlivers(solidLabels(part), ((Math.PI / 6) * smallest ** 3) / settings.voxel ** 3)
  const asTrue: VolumeSettings = { ...defaultVolumeSettings, meaning: { kind: "labels" } }
  const truth = yield* segmentVolume(volumeInMemory(phantom, solid), asTrue, resources, silent)
  const measured = yield* damages(truth)
  const phantomMade: MadePhantom = {
    grid: gridOf(phantom),
    gray: part.gray,
    phases: part.phases,
    truth: sideOf(phantom, solid, measured, offset),
    damages: particleTruths(phantom, tally).flatMap(({ label, damage }) => {
      const own = measured.get(label)
      return own === undefined ? [] : [[damage, own] as const]
    }),
  }
  return phantomMade
}, Effect.scoped)

/** What a segmentation finds in a phantom. */
const foundIn = Effect.fnUntraced(function* (
  { grid, gray, phases }: MadePhantom,
  segmentation: VolumeSettings,
  offset: number,
) {
  const values = segmentation.meaning.kind === "gray" ? gray : phases
  const volume = yield* segmentVolume(volumeInMemory(grid, values), segmentation, resources, silent)
  return sideOf(grid, yield* volume.readLabels(wholeOf(grid)), yield* damages(volume), offset)
}, Effect.scoped)

/** What is gathered of one segmentation over all volumes. */
const gathering = () => ({
  contingency: contingencyMonoid.empty,
  f1: [] as number[],
  facts: [0, 1].map(() => ({ extents: new Map<number, ObjectExtent>(), damage: new Map<number, number>() })),
})

/**
 * Segments phantoms in several ways, from their gray values or their phases, and compares the labels with the true ones,
 * which like the found ones hold no cracks.
 * @returns one study for each way
 */
export const phantomStudies = Effect.fn("phantomStudies")(function* (
  phantoms: readonly PhantomVolumeSettings[],
  segmentations: readonly VolumeSettings[],
) {
  const gathered = segmentations.map(gathering)
  const pairs: (readonly [number, number])[] = []
  const smallest = Math.min(...segmentations.map(({ smallestDiameter }) => smallestDiameter))
  for (const [at, settings] of phantoms.entries()) {
    const offset = labelsPerVolume * at
    const phantom = yield* made(settings, smallest, offset)
    pairs.push(...phantom.damages)
    for (const [way, segmentation] of segmentations.entries()) {
      const found = yield* foundIn(phantom, segmentation, offset)
      const own = contingencyOf(phantom.truth.labels, found.labels)
      const { facts, f1 } = gathered[way]
      f1.push(scoresOf(own, [0.5])[0].f1)
      gathered[way].contingency = contingencyMonoid.concat(gathered[way].contingency, own)
      for (const [k, side] of [phantom.truth, found].entries()) {
        for (const [label, extent] of side.extents) facts[k].extents.set(label, extent)
        for (const [label, damage] of side.damage) facts[k].damage.set(label, damage)
      }
    }
  }
  const digitised = Float64Array.from(pairs, ([damage]) => damage)
  const measured = Float64Array.from(pairs, ([, damage]) => damage)
  return gathered.map(
    ({ contingency, facts, f1 }): PhantomStudy => ({
      agreement: labelAgreement(contingency, facts[0], facts[1], phantoms[0].voxel ** 3),
      f1,
      measuringError: matchedError(digitised, measured),
      trueDamage: digitised.reduce((sum, each) => sum + each, 0) / digitised.length,
    }),
  )
})
