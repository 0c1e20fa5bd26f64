import type { Observation } from "./observation.ts"
import type { Control } from "./protocol.ts"

/** What the cycler imposes at a moment: total current or voltage. */
export type Imposed =
  | { readonly kind: "current"; readonly total: number }
  | { readonly kind: "voltage"; readonly voltage: number }

/**
 * Drive at a time since the step's start.
 * @param time          [s]
 * @param oneC          current of 1C [A], [A/m] in 2-D
 * @param collectorArea [m²], [m] in 2-D
 */
export const driveAt = (control: Control, time: number, oneC: number, collectorArea: number): Imposed => {
  switch (control.kind) {
    case "rest":
      return { kind: "current", total: 0 }
    case "c-rate":
      return { kind: "current", total: control.rate * oneC }
    case "current":
      return { kind: "current", total: control.density * collectorArea }
    case "voltage":
      return { kind: "voltage", voltage: control.voltage }
    case "profile":
      return { kind: "current", total: profileRate(control, time) * oneC }
  }
}

/** Linear interpolation; constant outside the profile's times. */
const profileRate = ({ time, rate }: Extract<Control, { kind: "profile" }>, at: number): number => {
  const after = time.findIndex((known) => known >= at)
  if (after === 0) return rate[0]
  if (after < 0) return rate[rate.length - 1]
  const share = (at - time[after - 1]) / (time[after] - time[after - 1])
  return rate[after - 1] + share * (rate[after] - rate[after - 1])
}

/** Next time since the step's start at which the drive has a kink, Infinity when there is none [s]. */
export const nextBreak = (control: Control, time: number): number =>
  control.kind === "profile"
    ? (control.time.find((known) => known > time + 1e-9) ?? Number.POSITIVE_INFINITY)
    : Number.POSITIVE_INFINITY

export const stepType = (control: Control): Observation["stepType"] => {
  switch (control.kind) {
    case "rest":
      return "rest"
    case "voltage":
      return "hold"
    case "c-rate":
      return control.rate >= 0 ? "charge" : "discharge"
    case "current":
      return control.density >= 0 ? "charge" : "discharge"
    case "profile":
      return control.rate.reduce((sum, rate) => sum + rate, 0) >= 0 ? "charge" : "discharge"
  }
}
