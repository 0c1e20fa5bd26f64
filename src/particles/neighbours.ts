import type { TableColumn } from "./table.ts"

/** Neighbours that the attributes look at. */
export const neighbourCount = 6

/** What the neighbour attributes need to know of every particle; arrays are [particle]. */
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
const deviationOf = (values: readonly number[]): number => {
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

/**
 * Columns of the six nearest neighbours. Where there are fewer other particles, all of them count; a single particle
 * has NaN.
 */
export const neighbourColumns = (input: NeighbourInput): readonly TableColumn[] => {
  const count = input.x.length
  const nearest = nearestParticles(input)
  const over = (quantity: (i: number, near: readonly number[]) => number): Float64Array =>
    Float64Array.from(nearest, (near, i) => (near.length === 0 ? Number.NaN : quantity(i, near)))
  const spread = (values: Float64Array): Float64Array =>
    over((_, near) => deviationOf(near.map((neighbour) => values[neighbour])))
  return [
    { name: "SphericityStd", unit: "", values: spread(input.sphericity), planeAnalogue: "of the plane sphericity" },
    {
      name: "DistNearest",
      unit: "m",
      values: over((i, near) => meanOf(near.map((j) => input.surfaceDistance[i * count + j]))),
      planeAnalogue: "neighbours within the plane",
    },
    {
      name: "DistNearestCentre",
      unit: "m",
      values: over((i, near) => meanOf(near.map((j) => Math.hypot(input.x[i] - input.x[j], input.z[i] - input.z[j])))),
      planeAnalogue: "neighbours within the plane",
    },
    { name: "ElongStd", unit: "", values: spread(input.elongation), planeAnalogue: "of the plane elongation" },
    { name: "VolumeStd", unit: "m^2", values: spread(input.volume), planeAnalogue: "of the area" },
    {
      name: "OrienIso",
      unit: "",
      values: over((i, near) => planeAlignment([i, ...near].map((j) => input.angle[j]))),
      planeAnalogue: "2λ − 1 of the plane orientation tensor",
    },
  ]
}
