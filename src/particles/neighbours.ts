import type { TableColumn } from "./table.ts"

/** Neighbours that the attributes look at. */
export const neighbourCount = 6

/** What the neighbour attributes need to know of every particle in a plane; arrays are [particle]. */
export interface NeighbourInput {
  /** Centres [m] */
  readonly x: Float64Array
  readonly z: Float64Array
  /** Area (volume per depth) [m²] */
  readonly volume: Float64Array
  readonly elongation: Float64Array
  readonly sphericity: Float64Array
  /** Direction of the long axis, NaN where there is none [rad] */
  readonly angle: Float64Array
  /** [particle, particle] distance between the surfaces, 0 where they touch [m] */
  readonly surfaceDistance: Float64Array
}

/** [particle] the nearest others by surface distance, at most six; ties go to the nearer centre, then the lower number. */
export const nearestParticles = (input: NeighbourInput): readonly (readonly number[])[] => {
  const count = input.x.length
  const centre = (i: number, j: number): number => Math.hypot(input.x[i] - input.x[j], input.z[i] - input.z[j])
  return Array.from({ length: count }, (_, i) => {
    const others = Array.from({ length: count }, (_, j) => j).filter((j) => j !== i)
    const distance = (j: number): number => input.surfaceDistance[i * count + j]
    others.sort((a, b) => distance(a) - distance(b) || centre(i, a) - centre(i, b) || a - b)
    return others.slice(0, neighbourCount)
  })
}

const meanOf = (values: readonly number[]): number =>
  values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : Number.NaN

/** Population standard deviation; NaN of nothing. */
export const deviationOf = (values: readonly number[]): number => {
  const mean = meanOf(values)
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)))
}

/**
 * Degree of alignment of headless directions in the plane: the larger eigenvalue of the mean of a ⊗ a, rescaled from
 * ½ … 1 to 0 (isotropic) … 1 (parallel), which is |mean exp(2iα)|. Particles without a direction (NaN) count as isotropic.
 */
export const planeAlignment = (angles: readonly number[]): number =>
  Math.hypot(
    meanOf(angles.map((a) => (Number.isNaN(a) ? 0 : Math.cos(2 * a)))),
    meanOf(angles.map((a) => (Number.isNaN(a) ? 0 : Math.sin(2 * a)))),
  )

/** What the neighbour attributes read, in the plane and in space alike; arrays are [particle]. */
export interface NeighbourRelations {
  /** [particle] the nearest others, at most six */
  readonly nearest: readonly (readonly number[])[]
  /** Between the surfaces of a particle and one of its nearest [m] */
  readonly surfaceDistance: (particle: number, neighbour: number) => number
  /** Between their centres [m] */
  readonly centreDistance: (particle: number, neighbour: number) => number
  /** Volume, in the plane area */
  readonly volume: Float64Array
  readonly elongation: Float64Array
  readonly sphericity: Float64Array
  /** Degree of alignment, 0 … 1, of the long axes of some particles */
  readonly alignment: (particles: readonly number[]) => number
}

/** Attributes of the nearest neighbours; arrays are [particle]. */
export interface NeighbourAttributes {
  readonly sphericityStd: Float64Array
  readonly distNearest: Float64Array
  readonly distNearestCentre: Float64Array
  readonly elongStd: Float64Array
  readonly volumeStd: Float64Array
  readonly orienIso: Float64Array
}

/** [particle] a quantity of each and its nearest; NaN where a particle has none. */
export const overNearest = (
  nearest: readonly (readonly number[])[],
  quantity: (particle: number, near: readonly number[]) => number,
): Float64Array => Float64Array.from(nearest, (near, i) => (near.length === 0 ? Number.NaN : quantity(i, near)))

/** [particle] standard deviation of values over the nearest, without the particle itself. */
export const spreadOverNearest = (nearest: readonly (readonly number[])[], values: Float64Array): Float64Array =>
  overNearest(nearest, (_, near) => deviationOf(near.map((neighbour) => values[neighbour])))

/**
 * Attributes of the six nearest neighbours. Where there are fewer other particles, all of them count; a single particle
 * has NaN. The alignment is that of a particle with its nearest.
 */
export const neighbourAttributes = (relations: NeighbourRelations): NeighbourAttributes => {
  const { nearest, surfaceDistance, centreDistance, alignment } = relations
  const meanOver = (distance: (particle: number, neighbour: number) => number): Float64Array =>
    overNearest(nearest, (i, near) => meanOf(near.map((j) => distance(i, j))))
  return {
    sphericityStd: spreadOverNearest(nearest, relations.sphericity),
    distNearest: meanOver(surfaceDistance),
    distNearestCentre: meanOver(centreDistance),
    elongStd: spreadOverNearest(nearest, relations.elongation),
    volumeStd: spreadOverNearest(nearest, relations.volume),
    orienIso: overNearest(nearest, (i, near) => alignment([i, ...near])),
  }
}

/** Columns of the six nearest neighbours in the plane. */
export const neighbourColumns = (input: NeighbourInput): readonly TableColumn[] => {
  const count = input.x.length
  const found = neighbourAttributes({
    ...input,
    nearest: nearestParticles(input),
    surfaceDistance: (i, j) => input.surfaceDistance[i * count + j],
    centreDistance: (i, j) => Math.hypot(input.x[i] - input.x[j], input.z[i] - input.z[j]),
    alignment: (particles) => planeAlignment(particles.map((j) => input.angle[j])),
  })
  const column = (name: string, unit: string, values: Float64Array, planeAnalogue: string): TableColumn => ({
    name,
    unit,
    values,
    planeAnalogue,
  })
  return [
    column("SphericityStd", "", found.sphericityStd, "of the plane sphericity"),
    column("DistNearest", "m", found.distNearest, "neighbours within the plane"),
    column("DistNearestCentre", "m", found.distNearestCentre, "neighbours within the plane"),
    column("ElongStd", "", found.elongStd, "of the plane elongation"),
    column("VolumeStd", "m^2", found.volumeStd, "of the area"),
    column("OrienIso", "", found.orienIso, "2λ − 1 of the plane orientation tensor"),
  ]
}
