import type { LabelAgreement, ObjectMatch } from "../../image/label-agreement.ts"

/** A plane of gray values with the objects that two ways of finding particles, and the truth, have in it. */
export interface BesidePlane {
  /** Such as "xy, z = 40.2 µm" */
  readonly name: string
  readonly width: number
  readonly height: number
  /** Edges of a pixel across and down [m] */
  readonly pixel: readonly [number, number]
  /** [row, column] 0 … 255 */
  readonly gray: Uint8Array
  /** [row, column] 0 no object */
  readonly first: Int32Array
  readonly second: Int32Array
  readonly truth: Int32Array | null
}

/** Objects that one way of finding particles has found, or the true ones. */
export interface FoundObjects {
  /** Such as "the network segmenter.onnx" */
  readonly name: string
  /** [object] that the border does not cut: volumes, areas in a plane [m³, m²], and damage, NaN where not known */
  readonly volumes: Float64Array
  readonly damage: Float64Array
  /** With those that the border cuts */
  readonly count: number
}

/** An object on which the ways disagree with the truth, or with one another. */
export interface HardCase {
  readonly match: ObjectMatch
  readonly plane: BesidePlane
}

/** What the report of two ways of finding particles is made from. */
export interface BesideInput {
  readonly title: string
  readonly programVersion: string
  readonly shape: readonly [number, number, number]
  /** [m] */
  readonly spacing: readonly [number, number, number]
  readonly first: FoundObjects
  readonly second: FoundObjects
  /** The second against the first */
  readonly between: LabelAgreement
  readonly truth: {
    readonly objects: FoundObjects
    /** Each against the truth */
    readonly first: LabelAgreement
    readonly second: LabelAgreement
  } | null
  readonly planes: readonly BesidePlane[]
  /** Hardest first */
  readonly cases: readonly HardCase[]
}
