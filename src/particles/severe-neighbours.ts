import { type CurveSet, type Envelope, envelopeOf } from "../statistics/envelope.ts"
import { type Window, windowSize } from "../statistics/pair-correlation.ts"
import {
  type MarkedCurve,
  type MarkedPoints,
  markedOf,
  markedPairCurve,
  nearestCurves,
  randomLabellings,
} from "../statistics/random-labelling.ts"
import type { PopulationSettings } from "./population.ts"
import { columnOf, type ParticleTable, wholeParticles } from "./table.ts"

/** Where severely damaged particles are among all: by chance, or together. */
export type SevereNeighbours =
  | { readonly kind: "unknown damage" }
  | { readonly kind: "too few"; readonly count: number; readonly needed: number }
  | {
      readonly kind: "measured"
      readonly count: number
      /** [place] [m] */
      readonly distances: Float64Array
      /** Share of the severely damaged particles with another one no further than each distance */
      readonly nearest: Envelope
      /** Mean distance to the nearest other severely damaged one, a single place [m] */
      readonly meanNearest: Envelope
      /** [bin + 1] [m] */
      readonly edges: Float64Array
      /** Pair correlation among them [bin] */
      readonly pairs: Envelope
    }

/** Fewer marks than this say nothing about where they are. */
export const leastMarks = 6
const places = 40
/** Few, as pairs are few. */
const pairBins = 12

/** [particle, 3] centres [m]; in a plane X and Z with nothing along the third axis. */
export const centresOf = (table: ParticleTable, window: Window): Float64Array => {
  const isPlane = window[2] === 0
  const along = (name: string): Float64Array => {
    const column = columnOf(table, name)
    if (column === undefined) throw new RangeError(`a table without ${name} has no places of particles`)
    return column.values
  }
  const columns = isPlane ? [along("X"), along("Z")] : [along("X"), along("Y"), along("Z")]
  const out = new Float64Array(3 * table.particleCount)
  for (const [axis, values] of columns.entries())
    for (let particle = 0; particle < values.length; particle++) out[3 * particle + axis] = values[particle]
  return out
}

/** Mean distance of particles, as if each had a cell of its own [m]. */
const meanSpacing = (count: number, window: Window): number =>
  (windowSize(window) / Math.max(1, count)) ** (1 / (window[2] === 0 ? 2 : 3))

/** Equal bins up to a quarter of the window's shortest edge, or three spacings where that is less. */
export const distanceEdges = (count: number, window: Window, binCount: number): Float64Array => {
  const shortest = Math.min(...window.filter((edge) => edge > 0))
  const reach = Math.min(shortest / 4, 3 * meanSpacing(count, window))
  return Float64Array.from({ length: binCount + 1 }, (_, bin) => (reach * bin) / binCount)
}

/** What is asked of severely damaged particles: a plain record, so that relabellings may be done anywhere. */
export interface SevereQuestion {
  readonly kind: "question"
  readonly marked: MarkedPoints
  readonly window: Window
  readonly distances: Float64Array
  readonly edges: Float64Array
}

/** The question, or the answer where there is nothing to ask. Particles that the border cuts are left out. */
export const severeQuestion = (
  table: ParticleTable,
  window: Window,
  settings: PopulationSettings,
): SevereQuestion | Exclude<SevereNeighbours, { readonly kind: "measured" }> => {
  const whole = wholeParticles(table)
  const damage = columnOf(whole, "Damage")?.values
  if (damage === undefined || !damage.some(Number.isFinite)) return { kind: "unknown damage" }
  const marks = Uint8Array.from(damage, (value) => (value >= settings.damage.severe ? 1 : 0))
  const count = marks.reduce((sum, mark) => sum + mark, 0)
  if (count < leastMarks || count === damage.length) return { kind: "too few", count, needed: leastMarks }
  const reach = 2.5 * meanSpacing(count, window)
  return {
    kind: "question",
    marked: { points: centresOf(whole, window), marks },
    window,
    distances: Float64Array.from({ length: places }, (_, place) => (reach * (place + 1)) / places),
    edges: distanceEdges(count, window, pairBins),
  }
}

/** All that is measured of a labelling, one after the other: mean of the nearest, G(r), g(r). */
const curveOf = ({ marked, window, distances, edges }: SevereQuestion): MarkedCurve => {
  const [nearest, pairs] = [nearestCurves(marked, distances), markedPairCurve(marked, window, edges)]
  return (indices) => Float64Array.of(...nearest(indices), ...pairs(indices))
}

/** Relabellings begin … end − 1; any division of them among workers is joined by `curveSetMonoid`. */
export const relabelled = (question: SevereQuestion, seed: number, begin: number, end: number): CurveSet =>
  randomLabellings(curveOf(question), question.marked, seed, begin, end)

/** What the relabellings say of the damage as it is. */
export const severeAnswer = (question: SevereQuestion, curves: CurveSet, confidence: number): SevereNeighbours => {
  const severe = markedOf(question.marked)
  const observed = curveOf(question)(severe)
  const { distances, edges } = question
  const part = (begin: number, end: number): Envelope =>
    envelopeOf(
      observed.slice(begin, end),
      { numbers: curves.numbers, curves: curves.curves.map((curve) => curve.slice(begin, end)) },
      confidence,
    )
  const afterNearest = 1 + distances.length
  return {
    kind: "measured",
    count: severe.length,
    distances,
    nearest: part(1, afterNearest),
    meanNearest: part(0, 1),
    edges,
    pairs: part(afterNearest, observed.length),
  }
}

/** Where the severely damaged among the whole particles of a table are. */
export const severeNeighbours = (
  table: ParticleTable,
  window: Window,
  settings: PopulationSettings,
): SevereNeighbours => {
  const question = severeQuestion(table, window, settings)
  if (question.kind !== "question") return question
  return severeAnswer(question, relabelled(question, settings.seed, 0, settings.simulations), settings.confidence)
}
