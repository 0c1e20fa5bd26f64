import { neighbourColumns } from "./neighbours.ts"
import type { PlaneMoments } from "./plane-moments.ts"
import type { TableColumn } from "./table.ts"

/** Geometry of plane particles from whatever source; arrays are [particle]. */
export interface PlaneGeometry extends PlaneMoments {
  /** Of the outer envelope [m] */
  readonly perimeter: Float64Array
  /** Area that belongs to this perimeter, for the form factors [m²] */
  readonly enclosed: Float64Array
  readonly contact: Float64Array
  readonly contactMatrix: Float64Array
  /** Share of particles in the window of 100 µm */
  readonly density: Float64Array
  /** [particle, particle] [m] */
  readonly surfaceDistance: Float64Array
}

/** Edge of the window of PDensity [m] */
export const densityWindow = 100e-6

/** Columns that follow from geometry alone, in the order of the table of attributes. */
export const geometryColumns = (geometry: PlaneGeometry): readonly TableColumn[] => {
  const { perimeter, enclosed, area, elongation, angle } = geometry
  const sphericity = enclosed.map((a, k) => (4 * Math.PI * a) / perimeter[k] ** 2)
  const neighbours = neighbourColumns({ ...geometry, volume: area, sphericity })
  const [sphericityStd, ...rest] = neighbours
  return [
    { name: "X", unit: "m", values: geometry.x },
    { name: "Z", unit: "m", values: geometry.z },
    {
      name: "Yaw",
      unit: "deg",
      values: angle.map((a) => (a * 180) / Math.PI),
      planeAnalogue: "long axis against X, towards Z",
    },
    { name: "SurfaceOuter", unit: "m", values: perimeter, planeAnalogue: "perimeter: surface per depth" },
    { name: "Volume", unit: "m^2", values: area, planeAnalogue: "area: volume per depth" },
    { name: "Elongation", unit: "", values: elongation, planeAnalogue: "of the section" },
    { name: "Sphericity", unit: "", values: sphericity, planeAnalogue: "4πA/P²" },
    {
      name: "VSratio",
      unit: "",
      values: enclosed.map((a, k) => Math.sqrt(a) / perimeter[k]),
      planeAnalogue: "A^(1/2) / P",
    },
    sphericityStd,
    { name: "Contact", unit: "", values: geometry.contact, planeAnalogue: "share of the perimeter" },
    { name: "ContactCB", unit: "", values: geometry.contactMatrix, planeAnalogue: "share of the perimeter" },
    { name: "PDensity", unit: "", values: geometry.density, planeAnalogue: "in a square of 100 µm" },
    ...rest,
  ]
}

/** Attributes that no plane can give. */
export const outOfPlane = [
  { name: "Y", reason: "lies out of the plane" },
  { name: "Pitch", reason: "turns out of the plane" },
  { name: "Roll", reason: "turns out of the plane" },
] as const
