import { blockEnd, type Direction } from "../model/blocks.ts"
import type { Observation } from "../model/observation.ts"
import type { HistoryTable, ParticleHistoryTable } from "./input.ts"
import type { CycleSpan } from "./run-axis.ts"

/** A column of the tidy particle table, one curve a particle over common times. */
export interface ParticleCurves {
  /** [time], ascending [s] */
  readonly time: Float64Array
  /** [time] */
  readonly cycle: Int32Array
  /** [particle][time]; NaN where a particle was not recorded at a time */
  readonly values: readonly Float64Array[]
}

/** Where each particle's row stands at each time. */
export interface ParticleIndex {
  readonly time: Float64Array
  readonly cycle: Int32Array
  readonly particleCount: number
  /** [time, particle] row of the table, −1 where there is none */
  readonly row: Int32Array
}

/** Groups the rows of a tidy table by time; rows come in order of time. */
export const particleIndex = (table: ParticleHistoryTable): ParticleIndex => {
  const rows = table.time.length
  let particleCount = 0
  let timeCount = 0
  for (let row = 0; row < rows; row++) {
    if (table.particle[row] < 0) throw new RangeError(`row ${row} is of particle ${table.particle[row]}`)
    particleCount = Math.max(particleCount, table.particle[row] + 1)
    if (row > 0 && table.time[row] < table.time[row - 1]) throw new RangeError(`row ${row} goes back in time`)
    if (startsGroup(table, row)) timeCount++
  }
  const time = new Float64Array(timeCount)
  const cycle = new Int32Array(timeCount)
  const index = new Int32Array(timeCount * particleCount).fill(-1)
  let here = -1
  for (let row = 0; row < rows; row++) {
    if (startsGroup(table, row)) {
      here++
      time[here] = table.time[row]
      cycle[here] = table.cycle[row]
    }
    index[here * particleCount + table.particle[row]] = row
  }
  return { time, cycle, particleCount, row: index }
}

/** A new cycle starts a new group even at the same time. */
const startsGroup = (table: ParticleHistoryTable, row: number): boolean =>
  row === 0 || table.time[row] !== table.time[row - 1] || table.cycle[row] !== table.cycle[row - 1]

/** One curve a particle from a column of the tidy table. */
export const curvesOf = (index: ParticleIndex, column: Float64Array): ParticleCurves => {
  const { time, cycle, particleCount, row } = index
  const values = Array.from({ length: particleCount }, (_, particle) => {
    const curve = new Float64Array(time.length)
    for (let here = 0; here < time.length; here++) {
      const from = row[here * particleCount + particle]
      curve[here] = from < 0 ? Number.NaN : column[from]
    }
    return curve
  })
  return { time, cycle, values }
}

/** Only the times of one cycle, counted from its first time. */
export const withinCycle = (curves: ParticleCurves, cycle: number): ParticleCurves => {
  const first = curves.cycle.indexOf(cycle)
  if (first < 0)
    return { time: new Float64Array(0), cycle: new Int32Array(0), values: curves.values.map(() => new Float64Array(0)) }
  let end = first
  while (end < curves.cycle.length && curves.cycle[end] === cycle) end++
  // The last moment of the cycle before is where this one starts.
  const start = first > 0 ? first - 1 : first
  const origin = curves.time[start]
  return {
    time: curves.time.slice(start, end).map((time) => time - origin),
    cycle: curves.cycle.slice(start, end).fill(cycle),
    values: curves.values.map((curve) => curve.slice(start, end)),
  }
}

/** Smallest, mean and largest over the curves at each time; NaN only where every curve has none. */
export const envelopeOf = (
  curves: readonly Float64Array[],
  length: number,
): { readonly low: Float64Array; readonly mean: Float64Array; readonly high: Float64Array } => {
  const low = new Float64Array(length)
  const mean = new Float64Array(length)
  const high = new Float64Array(length)
  for (let here = 0; here < length; here++) {
    let least = Number.POSITIVE_INFINITY
    let most = Number.NEGATIVE_INFINITY
    let sum = 0
    let count = 0
    for (const curve of curves) {
      const value = curve[here]
      if (Number.isNaN(value)) continue
      least = Math.min(least, value)
      most = Math.max(most, value)
      sum += value
      count++
    }
    low[here] = count > 0 ? least : Number.NaN
    mean[here] = count > 0 ? sum / count : Number.NaN
    high[here] = count > 0 ? most : Number.NaN
  }
  return { low, mean, high }
}

/** Smallest and largest finite value; null where there is none. */
export const extent = (columns: Iterable<ArrayLike<number>>): readonly [number, number] | null => {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const column of columns) {
    for (let here = 0; here < column.length; here++) {
      const value = column[here]
      if (!Number.isFinite(value)) continue
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  return low <= high ? [low, high] : null
}

/**
 * Rows of a curve worth drawing: in each of `buckets` equal spans of x the first, lowest, highest and last one.
 * Peaks survive; at most 4 · buckets rows remain. Rows before and after a gap (NaN) are kept.
 * @param x  [row], ascending
 * @param y  [row]
 */
export const thinned = (x: Float64Array, y: Float64Array, buckets: number): Int32Array => {
  const rows = x.length
  if (rows <= 4 * buckets) return Int32Array.from({ length: rows }, (_, row) => row)
  const width = (x[rows - 1] - x[0]) / buckets || 1
  const kept: number[] = []
  let start = 0
  while (start < rows) {
    const bucket = Math.floor((x[start] - x[0]) / width)
    let end = start + 1
    while (end < rows && Math.floor((x[end] - x[0]) / width) === bucket) end++
    let lowest = -1
    let highest = -1
    const chosen = new Set<number>([start, end - 1])
    for (let row = start; row < end; row++) {
      if (Number.isNaN(y[row])) {
        if (row === start || !Number.isNaN(y[row - 1])) chosen.add(row)
        continue
      }
      if (lowest < 0 || y[row] < y[lowest]) lowest = row
      if (highest < 0 || y[row] > y[highest]) highest = row
    }
    if (lowest >= 0) chosen.add(lowest).add(highest)
    kept.push(...[...chosen].sort((a, b) => a - b))
    start = end
  }
  return Int32Array.from(kept)
}

/** First and last time of each cycle, in order [s]. */
export const cycleSpans = (history: HistoryTable): readonly CycleSpan[] => {
  const spans: { cycle: number; from: number; to: number }[] = []
  for (let row = 0; row < history.time.length; row++) {
    const last = spans[spans.length - 1]
    if (last === undefined || last.cycle !== history.cycle[row]) {
      spans.push({ cycle: history.cycle[row], from: last?.to ?? history.time[row], to: history.time[row] })
    } else last.to = history.time[row]
  }
  return spans
}

/**
 * Rows where the charge (its hold included) or the discharge of each cycle ends, in order of cycles.
 * @param isDone whether the last row ends its step; it does not where a run broke off
 */
export const blockEnds = (
  { time, cycle, stepType, current }: HistoryTable,
  direction: Direction,
  isDone: boolean,
): readonly { readonly cycle: number; readonly row: number }[] => {
  const ends: { cycle: number; row: number }[] = []
  for (let row = 0; row < time.length; row++) {
    const [type, next] = [stepType[row], stepType[row + 1]] as readonly Observation["stepType"][]
    if (row + 1 === time.length ? !isDone : next === type) continue
    if (blockEnd(type, current[row], next) !== direction) continue
    const last = ends[ends.length - 1]
    if (last !== undefined && last.cycle === cycle[row]) last.row = row
    else ends.push({ cycle: cycle[row], row })
  }
  return ends
}
