import type { Observation } from "../model/observation.ts"
import { momentsOf, standardDeviation } from "../statistics/moments.ts"

/** Mean, extremes and population standard deviation over the particles. */
export interface Spread {
  readonly mean: number
  readonly minimum: number
  readonly maximum: number
  readonly deviation: number
}

export const spreadOf = (values: Float64Array): Spread => {
  const moments = momentsOf(values)
  return { mean: moments.mean, minimum: moments.min, maximum: moments.max, deviation: standardDeviation(moments) }
}

/** What one cycle has brought so far: a plain record that goes into snapshots. */
export interface CycleAccount {
  readonly cycle: number
  /** Passed on charge and on discharge, per mass of active material [C/kg] */
  readonly charged: number
  readonly discharged: number
  /** Charge of the run when last seen [C/kg] */
  readonly charge: number
  /** Stoichiometry over the particles at the ends; null until they come */
  readonly endOfCharge: Spread | null
  readonly endOfDischarge: Spread | null
  readonly lithiumError: number
  readonly chargeError: number
}

export const openAccount = (cycle: number, charge: number): CycleAccount => ({
  cycle,
  charged: 0,
  discharged: 0,
  charge,
  endOfCharge: null,
  endOfDischarge: null,
  lithiumError: 0,
  chargeError: 0,
})

/** The account with one more accepted time step. */
export const booked = (account: CycleAccount, { charge, balance }: Observation): CycleAccount => {
  const passed = charge - account.charge
  return {
    ...account,
    charge,
    charged: account.charged + Math.max(0, passed),
    discharged: account.discharged + Math.max(0, -passed),
    lithiumError: Math.max(account.lithiumError, Math.abs(balance.lithium)),
    chargeError: Math.max(account.chargeError, Math.abs(balance.charge)),
  }
}

/** Columns of cycles.csv. */
export const cycleColumns = [
  { name: "cycle", unit: "" },
  { name: "charge_capacity", unit: "mAh/g" },
  { name: "discharge_capacity", unit: "mAh/g" },
  { name: "spread_stoichiometry_charge", unit: "" },
  { name: "spread_stoichiometry_discharge", unit: "" },
  { name: "std_stoichiometry_charge", unit: "" },
  { name: "std_stoichiometry_discharge", unit: "" },
  { name: "spread_damage", unit: "" },
  { name: "mean_damage", unit: "" },
  { name: "lithium_balance_error", unit: "" },
  { name: "charge_balance_error", unit: "" },
] as const

/** 1 mAh/g = 3600 C/kg */
export const milliampereHoursPerGram = (coulombPerKilogram: number): number => coulombPerKilogram / 3600

/** The row of a finished cycle. */
export const cycleRow = (account: CycleAccount, { particles }: Observation): number[] => {
  const width = (spread: Spread | null): number => (spread === null ? Number.NaN : spread.maximum - spread.minimum)
  const damage = spreadOf(particles.damage)
  return [
    account.cycle,
    milliampereHoursPerGram(account.charged),
    milliampereHoursPerGram(account.discharged),
    width(account.endOfCharge),
    width(account.endOfDischarge),
    account.endOfCharge?.deviation ?? Number.NaN,
    account.endOfDischarge?.deviation ?? Number.NaN,
    damage.maximum - damage.minimum,
    damage.mean,
    account.lithiumError,
    account.chargeError,
  ]
}
