import { assertLength } from "../array/assert.ts"
import type { Box, Triple } from "../image/brick.ts"
import type { Grid } from "../image/volume.ts"
import { describeColumns } from "./attribute-columns.ts"
import { boxWidenedBy, cubeAround } from "./density-windows.ts"
import { densityWindow } from "./geometry-columns.ts"
import type { ParticleMeasures } from "./measure-particle.ts"
import { nearestCentres } from "./nearest-centres.ts"
import { deviationOf, neighbourAttributes, neighbourCount, overNearest } from "./neighbours.ts"
import {
  type Attitude,
  attitudeOf,
  longDirection,
  principalAxes,
  type SymmetricTensor,
  spatialAlignment,
} from "./orientation.ts"
import { marginFor } from "./sighted-neighbours.ts"
import type { ParticleTable, TableColumn } from "./table.ts"

/** Whose definitions hold: those of the table of attributes, or what the authors' code computes. */
export type Estimator = { readonly kind: "geometric" } | { readonly kind: "published" }

/** Which way the depth Z runs; X and Y follow in cyclic order. */
export interface DepthAxis {
  /** Axis of the volume */
  readonly axis: 0 | 1 | 2
  /** 1 where the current collector lies at the low end of the axis, −1 where at its high end */
  readonly growing: 1 | -1
}

/** The current collector lies at the first layer. */
export const defaultDepthAxis: DepthAxis = { axis: 2, growing: 1 }

/** What no crop tells. */
export interface VolumeContext {
  /** The whole volume */
  readonly grid: Grid
  readonly depth?: DepthAxis
  /** [particle] share of particles in the boxes of `densityBoxes` for the same estimator */
  readonly density: Float64Array
}

/** By how much the published code widens bounding boxes for PDensity [m]. */
const widening = 10e-6

/** [particle] boxes in which the particles are to be counted for PDensity; they may reach beyond the volume [voxel]. */
export const densityBoxes = (measures: readonly ParticleMeasures[], estimator: Estimator): readonly Box[] =>
  measures.map(({ centroid, bounds, spacing }) =>
    estimator.kind === "geometric"
      ? cubeAround(centroid, densityWindow, spacing)
      : boxWidenedBy(bounds, widening, spacing),
  )

/** Whether the crop of a particle was wide enough to show its six nearest neighbours, or all there are. */
export const seesNeighbours = ({ neighbours, sight }: ParticleMeasures): boolean =>
  sight === Number.POSITIVE_INFINITY || (neighbours[neighbourCount - 1]?.distance ?? Number.POSITIVE_INFINITY) <= sight

/**
 * Margin of a crop that shows the six nearest neighbours: where it has six in sight the distance of the sixth is enough,
 * otherwise twice what there was is worth trying [voxel].
 * @returns undefined where the crop was wide enough
 */
export const widerMargin = (measures: ParticleMeasures): number | undefined => {
  if (seesNeighbours(measures)) return undefined
  const sixth = measures.neighbours[neighbourCount - 1]
  return marginFor(sixth ? sixth.distance : 2 * measures.sight, measures.spacing) + 1
}

/** Position and tensor in the axes of the table. */
const turned = (measures: ParticleMeasures, grid: Grid, { axis, growing }: DepthAxis) => {
  const axes = [(axis + 1) % 3, (axis + 2) % 3, axis] as const
  const extent = grid.shape[axis] * grid.spacing[axis]
  const [x, y, along] = axes.map((a) => measures.centroid[a])
  const [xx, yy, zz, xy, xz, yz] = measures.tensor
  const full = [
    [xx, xy, xz],
    [xy, yy, yz],
    [xz, yz, zz],
  ]
  const entry = (i: number, j: number): number => full[axes[i]][axes[j]]
  const tensor: SymmetricTensor = [
    entry(0, 0),
    entry(1, 1),
    entry(2, 2),
    entry(0, 1),
    growing * entry(0, 2),
    growing * entry(1, 2),
  ]
  return { place: [x, y, growing === 1 ? along : extent - along] as Triple, axes: principalAxes(tensor) }
}

/** Largest of the standard deviations of three angles, each over those who have it; NaN where nobody has any [deg]. */
const largestSpread = (attitudes: readonly Attitude[]): number => {
  const spreads = (["yaw", "pitch", "roll"] as const)
    .map((name) => attitudes.map((attitude) => attitude[name]).filter((angle) => !Number.isNaN(angle)))
    .filter((angles) => angles.length > 0)
    .map(deviationOf)
  return spreads.length > 0 ? Math.max(...spreads) : Number.NaN
}

/** One number a particle. */
const columnFrom = (measures: readonly ParticleMeasures[], value: (m: ParticleMeasures, row: number) => number) =>
  Float64Array.from(measures, value)

/** Volumes, surfaces and all that the two estimators measure differently; arrays are [particle]. */
const estimated = (measures: readonly ParticleMeasures[], estimator: Estimator) => {
  const from = (value: (m: ParticleMeasures, row: number) => number) => columnFrom(measures, value)
  if (estimator.kind === "geometric") {
    return {
      Homogeneity: from(({ gray }) => (gray && gray.deviation > 0 ? 1 / gray.deviation : Number.NaN)),
      SurfaceInner: from(({ surfaceInner }) => surfaceInner),
      SurfaceOuter: from(({ surfaceOuter }) => surfaceOuter),
      Volume: from(({ volume }) => volume),
      Damage: from(({ damage }) => damage),
      RoughInner: from(({ roughInner }) => roughInner),
      RoughOuter: from(({ roughOuter }) => roughOuter),
      Contact: from(({ contact }) => contact),
      formSurface: from(({ surfaceOuter }) => surfaceOuter),
    }
  }
  const published = measures.map(({ label, published }) => {
    if (published === undefined) throw new RangeError(`particle ${label} was not measured as the published code does`)
    return published
  })
  const voxel = (m: ParticleMeasures): number => m.spacing[0] * m.spacing[1] * m.spacing[2]
  const face = (m: ParticleMeasures): number => Math.cbrt(voxel(m)) ** 2
  return {
    Homogeneity: from(({ gray }) => gray?.deviation ?? Number.NaN),
    SurfaceInner: from((m, row) => published[row].surfaceInner * face(m)),
    SurfaceOuter: from((m, row) => published[row].surfaceOuter * face(m)),
    Volume: from((m, row) => published[row].filledCount * voxel(m)),
    Damage: from((_, row) => published[row].damage),
    RoughInner: from((_, row) => published[row].roughInner),
    RoughOuter: from((_, row) => published[row].roughOuter),
    Contact: from((_, row) => published[row].contact),
    formSurface: from((m, row) => (published[row].surfaceInner + published[row].surfaceOuter) * face(m)),
  }
}

/**
 * The table of particles in space: the twenty-four attributes and those kept beside, as `describeColumns` lists them.
 * Row k is the k-th particle given. Particles that the border cuts are flagged, so that statistics leave them out;
 * neighbours see them all the same. A neighbour in a crop that has no row of its own counts for nothing.
 * @throws RangeError where two particles have the same label, or one was not measured by the estimator
 */
export const particleTable3d = (
  measures: readonly ParticleMeasures[],
  context: VolumeContext,
  estimator: Estimator = { kind: "geometric" },
): ParticleTable => {
  const count = measures.length
  assertLength("density", context.density, count)
  const rowOf = new Map(measures.map(({ label }, row) => [label, row]))
  if (rowOf.size !== count) throw new RangeError("two particles have the same label")
  const from = (value: (m: ParticleMeasures, row: number) => number) => columnFrom(measures, value)
  const placed = measures.map((m) => turned(m, context.grid, context.depth ?? defaultDepthAxis))
  const attitudes = placed.map(({ axes }) => attitudeOf(axes))
  const own = estimated(measures, estimator)
  const sphericity = own.Volume.map((v, row) => (36 * Math.PI * v * v) / own.formSurface[row] ** 3)
  const elongation = from((m) => m.elongation)

  // By surface and only where six are surely seen; by centre among all.
  const sighted = measures.map((m) =>
    m.neighbours.flatMap(({ label, distance }) => {
      const row = rowOf.get(label)
      return row === undefined ? [] : [{ row, distance }]
    }),
  )
  const centreDistance = (i: number, j: number): number =>
    Math.hypot(...placed[i].place.map((value, a) => value - placed[j].place[a]))
  const nearestBySurface = measures.map((m, i) =>
    seesNeighbours(m)
      ? [...sighted[i]]
          .sort(
            (a, b) => a.distance - b.distance || centreDistance(i, a.row) - centreDistance(i, b.row) || a.row - b.row,
          )
          .slice(0, neighbourCount)
          .map(({ row }) => row)
      : [],
  )
  const nearestByCentre = nearestCentres(Float64Array.from(placed.flatMap(({ place }) => place)), neighbourCount)
  const geometric = estimator.kind === "geometric"
  const nearest = geometric ? nearestBySurface : nearestByCentre
  const near = neighbourAttributes({
    nearest,
    surfaceDistance: (i, j) => sighted[i].find(({ row }) => row === j)?.distance ?? Number.NaN,
    centreDistance,
    volume: own.Volume,
    elongation,
    sphericity,
    alignment: (rows) => spatialAlignment(rows.map((row) => longDirection(placed[row].axes))),
  })

  const values: Readonly<Record<string, Float64Array>> = {
    X: from((_, row) => placed[row].place[0]),
    Y: from((_, row) => placed[row].place[1]),
    Z: from((_, row) => placed[row].place[2]),
    Yaw: from((_, row) => attitudes[row].yaw),
    Pitch: from((_, row) => attitudes[row].pitch),
    Roll: from((_, row) => attitudes[row].roll),
    EDensity: from(({ gray }) => gray?.mean ?? Number.NaN),
    Homogeneity: own.Homogeneity,
    SurfaceInner: own.SurfaceInner,
    SurfaceOuter: own.SurfaceOuter,
    Volume: own.Volume,
    Damage: own.Damage,
    Elongation: elongation,
    Sphericity: sphericity,
    VSratio: own.Volume.map((v, row) => Math.cbrt(v) / Math.sqrt(own.formSurface[row])),
    RoughInner: own.RoughInner,
    RoughOuter: own.RoughOuter,
    SphericityStd: near.sphericityStd,
    Contact: own.Contact,
    PDensity: context.density,
    DistNearest: geometric ? near.distNearest : near.distNearestCentre,
    ElongStd: near.elongStd,
    VolumeStd: near.volumeStd,
    OrienIso: geometric
      ? near.orienIso
      : overNearest(nearest, (_, rows) => largestSpread(rows.map((row) => attitudes[row]))),
    Label: from(({ label }) => label),
    DistNearestCentre: near.distNearestCentre,
    ContactCB: from((m) => m.contactCarbonBinder),
    ContactVoid: from((m) => m.contactVoid),
    ContactBorder: from((m) => m.contactBorder),
    Coordination: from(({ neighbours }) => neighbours.filter(({ contactArea }) => contactArea > 0).length),
    CrackCount: from(({ cracks }) => cracks.count),
    CrackLargest: from(({ cracks }) => cracks.largest),
    CrackOpen: from(({ cracks }) => cracks.open),
    DamageCore: from(({ cracks }) => cracks.core),
  }
  const unknown = new Map<string, string>()
  if (count > 0 && measures.every(({ gray }) => gray === undefined))
    for (const name of ["EDensity", "Homogeneity"])
      unknown.set(name, "there are no gray values of electron density (phase contrast)")
  if (count > 0 && measures.every(({ contactVoid }) => Number.isNaN(contactVoid)))
    for (const name of ["ContactCB", "ContactVoid"]) unknown.set(name, "carbon/binder and void are not told apart")
  const described = describeColumns()
  return {
    particleCount: count,
    columns: described
      .filter(({ name }) => !unknown.has(name))
      .map(
        (column): TableColumn => ({
          name: column.name,
          unit: column[estimator.kind].unit,
          values: values[column.name],
        }),
      ),
    missing: [...unknown].map(([name, reason]) => ({ name, reason })),
    cut: Uint8Array.from(measures, ({ cut }) => (cut ? 1 : 0)),
  }
}
