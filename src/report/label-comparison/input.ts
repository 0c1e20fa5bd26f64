import type { LabelAgreement } from "../../image/label-agreement.ts"

/** A plane through both label volumes, perhaps thinned. */
export interface ComparedPlane {
  /** Such as "xy, z = 40.2 µm" */
  readonly name: string
  readonly width: number
  readonly height: number
  /** Edges of a pixel across and down [m] */
  readonly pixel: readonly [number, number]
  /** [pixel] row by row, 0 no object */
  readonly truth: Int32Array
  readonly found: Int32Array
}

/** What the report of a comparison of labels is made from. */
export interface LabelComparisonInput {
  readonly truthFile: string
  readonly foundFile: string
  readonly programVersion: string
  /** Voxels along x, y and z, and their edges [m] */
  readonly shape: readonly [number, number, number]
  readonly spacing: readonly [number, number, number]
  readonly agreement: LabelAgreement
  readonly planes: readonly ComparedPlane[]
}
