import type { Column, Table } from "../../formats/table.ts"
import type { Grid } from "../../formats/vtu.ts"
import type { ParticleMeasures } from "../../particles/measure-particle.ts"
import { neighbourCount } from "../../particles/neighbours.ts"
import type { ParticleTable } from "../../particles/table.ts"

/** Two particles that touch, or of which one is among the six nearest of the other. */
export interface NeighbourPair {
  /** Rows of the table, the lower first */
  readonly first: number
  readonly second: number
  /** Area of contact, the mean of what both sides see; 0 where they do not touch [m²] */
  readonly area: number
  /** Between the surfaces, the mean of what both sides see [m] */
  readonly distance: number
  /** Between the centres [m] */
  readonly centreDistance: number
}

/**
 * All pairs of neighbours, in order.
 * @param measures [particle] in the order of the table
 */
export const neighbourPairs = (measures: readonly ParticleMeasures[]): readonly NeighbourPair[] => {
  const rowOf = new Map(measures.map(({ label }, row) => [label, row]))
  const seen = new Map<number, { areas: number[]; distances: number[] }>()
  const count = measures.length
  for (const [row, { neighbours }] of measures.entries()) {
    for (const [rank, { label, distance, contactArea }] of neighbours.entries()) {
      const other = rowOf.get(label)
      if (other === undefined || (rank >= neighbourCount && contactArea === 0)) continue
      const key = Math.min(row, other) * count + Math.max(row, other)
      const pair = seen.get(key) ?? { areas: [], distances: [] }
      pair.areas.push(contactArea)
      pair.distances.push(distance)
      seen.set(key, pair)
    }
  }
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  return [...seen]
    .sort(([a], [b]) => a - b)
    .map(([key, { areas, distances }]) => {
      const [first, second] = [Math.floor(key / count), key % count]
      const [a, b] = [measures[first].centroid, measures[second].centroid]
      return {
        first,
        second,
        // A side that sees no contact where the other sees some still counts: both are one facet.
        area: areas.reduce((sum, area) => sum + area, 0) / 2,
        distance: mean(distances),
        centreDistance: Math.hypot(...a.map((x, axis) => x - b[axis])),
      }
    })
}

/** neighbours.csv: one row a pair; particles by their row in particles.csv, from 1. */
export const neighbourTable = (pairs: readonly NeighbourPair[], measures: readonly ParticleMeasures[]): Table => {
  const column = (name: string, unit: string, of: (pair: NeighbourPair) => number): Column => ({
    name,
    unit,
    values: Float64Array.from(pairs, of),
  })
  return {
    columns: [
      column("label_a", "", ({ first }) => measures[first].label),
      column("label_b", "", ({ second }) => measures[second].label),
      column("contact_area", "m^2", ({ area }) => area),
      column("distance", "m", ({ distance }) => distance),
      column("centre_distance", "m", ({ centreDistance }) => centreDistance),
    ],
  }
}

/**
 * The network of particles that touch, in the axes of the volume: points are centres with all attributes, lines are
 * contacts.
 */
export const contactNetwork = (
  pairs: readonly NeighbourPair[],
  measures: readonly ParticleMeasures[],
  table: ParticleTable,
): Grid => {
  const touching = pairs.filter(({ area }) => area > 0)
  const field = (name: string, unit: string, values: Float64Array) => ({ name, unit, components: 1, values })
  return {
    dimension: 3,
    points: Float64Array.from(measures.flatMap(({ centroid }) => centroid)),
    cell: "line",
    cellToPoint: Int32Array.from(touching.flatMap(({ first, second }) => [first, second])),
    pointData: [
      ...table.columns.map(({ name, unit, values }) => field(name, unit, values)),
      field("Cut", "", Float64Array.from(table.cut)),
    ],
    cellData: [
      field(
        "contact_area",
        "m^2",
        Float64Array.from(touching, ({ area }) => area),
      ),
      field(
        "centre_distance",
        "m",
        Float64Array.from(touching, ({ centreDistance }) => centreDistance),
      ),
    ],
  }
}
