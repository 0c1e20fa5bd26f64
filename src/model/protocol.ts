/** What the cycler imposes during a step; charge is positive. */
export type Control =
  | { readonly kind: "rest" }
  /** Multiple of the 1C current, > 0 on charge. */
  | { readonly kind: "c-rate"; readonly rate: number }
  /** Current over collector area [A/m²], > 0 on charge. */
  | { readonly kind: "current"; readonly density: number }
  /** Cell voltage [V] */
  | { readonly kind: "voltage"; readonly voltage: number }
  /** Multiple of the 1C current at given times: piecewise linear, times ascending from 0 [s]. */
  | { readonly kind: "profile"; readonly time: Float64Array; readonly rate: Float64Array }

/** Ends a step before its duration is over; located to 1 ms. */
export type Limit =
  | { readonly kind: "voltage-above"; readonly voltage: number }
  | { readonly kind: "voltage-below"; readonly voltage: number }
  /** |current| falls below this multiple of the 1C current. */
  | { readonly kind: "c-rate-below"; readonly rate: number }

/** One thing the cycler does, until its duration is over or a limit is met. */
export interface ProtocolStep {
  /** The phrase the user wrote. */
  readonly phrase: string
  /** 1 for the first cycle; formation steps before the first cycle carry 0. */
  readonly cycle: number
  readonly control: Control
  /** Longest time the step may last, Infinity when only limits end it [s]. */
  readonly duration: number
  readonly limits: readonly Limit[]
}

/** A cycling scenario with its repetitions written out. */
export interface Protocol {
  readonly name: string
  readonly steps: readonly ProtocolStep[]
}

/** How a step ended. */
export type StepEnd = "duration" | "voltage-above" | "voltage-below" | "c-rate-below" | "cannot carry the current"
