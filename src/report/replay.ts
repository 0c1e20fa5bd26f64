import type { ReportContext } from "./context.ts"
import type { Layout } from "./layout.ts"
import { blockEnds, envelopeOf, type ParticleCurves, thinned, withinCycle } from "./series.ts"

/** A cycle sampled for replaying; the script of the page reads it as JSON, hence the plain arrays. */
export interface ReplayTrack {
  readonly cycle: number
  /** [moment] since the cycle began, ascending [s] */
  readonly time: readonly number[]
  /** [moment][particle] mean c/c_max in thousandths */
  readonly content: readonly (readonly (number | null)[])[]
  /** [moment][particle] damage in thousandths; no moments without mechanics */
  readonly damage: readonly (readonly (number | null)[])[]
  /** [moment] largest less smallest mean c/c_max */
  readonly spread: readonly (number | null)[]
  /** [moment] */
  readonly meanDamage: readonly (number | null)[]
  readonly voltage: VoltageTrack
  /** Damage along the interfaces at recorded moments, ascending in time; may be empty. */
  readonly keys: readonly FacetKey[]
  /** When the cycle ends, since it began [s] */
  readonly end: number
  /** When its charge ends; the end of the cycle where it was not charged to the end [s] */
  readonly endOfCharge: number
}

/** The cell's voltage in a cycle, finer in time than what is recorded of particles; no rows where it is not known. */
export interface VoltageTrack {
  /** [row] since the cycle began [s] */
  readonly time: readonly number[]
  /** [row] [V] */
  readonly value: readonly number[]
  /** [row] what is done up to the row: "charge", "rest", … */
  readonly step: readonly string[]
}

/** Damage along the interfaces at one moment. */
export interface FacetKey {
  /** [particle] recorded damage, 0…1 */
  readonly mean: readonly number[]
  /** [facet] per cent */
  readonly facet: readonly number[]
}

/** Values in a replay stay below this many (moments × particles), so that a page stays small. */
const mostValues = 12_000
/** More facets than these are not drawn one by one. */
const mostFacets = 6000
const [fewestMoments, mostMoments] = [16, 150]

/** The compared cycles sampled for replaying; none where no row of them was recorded or nothing could be drawn. */
export const replayTracks = (context: ReportContext): readonly ReplayTrack[] => {
  const { layout } = context
  return layout === null
    ? []
    : context.compared.flatMap((cycle) => {
        const track = trackOf(context, layout, cycle)
        return track === null ? [] : [track]
      })
}

const trackOf = (context: ReportContext, layout: Layout, cycle: number): ReplayTrack | null => {
  const { input, particleCount } = context
  const content = withinCycle(context.stoichiometry, cycle)
  const span = context.spans.find((candidate) => candidate.cycle === cycle)
  if (content.time.length < 2 || span === undefined) return null
  const { low, mean, high } = envelopeOf(content.values, content.time.length)
  const limit = Math.min(mostMoments, Math.max(fewestMoments, Math.floor(mostValues / particleCount)))
  // The extremes that thinning keeps are the ends of charge and discharge.
  const rows = [...thinned(content.time, mean, Math.floor(limit / 4))]
  const damage = withinCycle(context.damage, cycle)
  const { hasDamage } = context
  const meanDamage = envelopeOf(damage.values, damage.time.length).mean
  const { history } = input
  const ended = blockEnds(history, "charge", input.manifest.status === "done").find((end) => end.cycle === cycle)
  return {
    cycle,
    time: rows.map((row) => rounded(content.time[row], 2)),
    content: rows.map((row) => thousandths(content, row)),
    damage: hasDamage ? rows.map((row) => thousandths(damage, row)) : [],
    spread: rows.map((row) => finite(high[row] - low[row], 4)),
    meanDamage: hasDamage ? rows.map((row) => finite(meanDamage[row], 4)) : [],
    voltage: voltageOf(context, cycle, span.from),
    keys: hasDamage ? facetKeys(context, layout, span) : [],
    end: rounded(span.to - span.from, 2),
    endOfCharge: rounded((ended === undefined ? span.to : history.time[ended.row]) - span.from, 2),
  }
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits))
const finite = (value: number, digits: number): number | null =>
  Number.isFinite(value) ? rounded(value, digits) : null

const thousandths = (curves: ParticleCurves, row: number): readonly (number | null)[] =>
  curves.values.map((curve) => finite(1000 * curve[row], 0))

const voltageOf = (context: ReportContext, cycle: number, origin: number): VoltageTrack => {
  const { history } = context.input
  const first = history.cycle.indexOf(cycle)
  const end = history.cycle.lastIndexOf(cycle) + 1
  const time = history.time.slice(first, end).map((value) => value - origin)
  const voltage = history.voltage.slice(first, end)
  const rows = [...thinned(time, voltage, 80)].filter((row) => Number.isFinite(voltage[row]))
  return {
    time: rows.map((row) => rounded(time[row], 2)),
    value: rows.map((row) => rounded(voltage[row], 4)),
    step: rows.map((row) => history.stepType[first + row]),
  }
}

/** Facets that can be drawn one by one: all of them, or none where they are too many. */
export const replayFacets = (layout: Layout): number => {
  const count = layout.mesh.interfaces.innerCell.length
  return count <= mostFacets ? count : 0
}

/** Frames of a cycle with the one before and the one after, between which damage along an interface grows. */
const facetKeys = (
  context: ReportContext,
  layout: Layout,
  span: { readonly from: number; readonly to: number },
): readonly FacetKey[] => {
  if (replayFacets(layout) === 0) return []
  const known = context.input.frames.filter(({ interfaceDamage }) => interfaceDamage !== null)
  const before = known.findLastIndex(({ time }) => time <= span.from)
  const after = known.findIndex(({ time }) => time > span.to)
  return known
    .slice(Math.max(0, before), after < 0 ? known.length : after + 1)
    .flatMap(({ time, interfaceDamage }) =>
      interfaceDamage === null
        ? []
        : [{ mean: recordedDamage(context.damage, time), facet: percentages(interfaceDamage) }],
    )
}

/** Damage of each particle in the last row up to a time; 0 before the first. */
const recordedDamage = ({ time, values }: ParticleCurves, moment: number): readonly number[] => {
  const row = time.findLastIndex((value) => value <= moment + sameMoment)
  return values.map((curve) => (row < 0 || Number.isNaN(curve[row]) ? 0 : rounded(curve[row], 4)))
}

/** Times of fields and of rows are the same when they differ by less [s]. */
const sameMoment = 1e-3

/** @param damage [facet, 2] at the ends of each facet, 0…1 */
const percentages = (damage: Float64Array): readonly number[] =>
  Array.from({ length: damage.length / 2 }, (_, facet) => Math.round(50 * (damage[2 * facet] + damage[2 * facet + 1])))
