import { type CsvColumn, csvHeader, csvLine } from "../formats/csv.ts"
import type { SweepMeasures } from "../report/sweep-input.ts"
import type { SweepRecord } from "../store/sweep-record.ts"

/** Columns of what is compared; the computing time stands apart, as it alone differs from machine to machine. */
const measureColumns: readonly (CsvColumn & { readonly of: (measures: SweepMeasures) => number | string })[] = [
  { name: "cycles", unit: "", of: ({ cycles }) => cycles },
  { name: "sync_cycle", unit: "", of: ({ syncCycle }) => syncCycle },
  { name: "verdict", unit: "", of: ({ verdict }) => verdict },
  { name: "contraction_factor", unit: "", of: ({ contraction }) => contraction },
  { name: "contraction_low", unit: "", of: ({ contractionLow }) => contractionLow },
  { name: "contraction_high", unit: "", of: ({ contractionHigh }) => contractionHigh },
  { name: "peak_spread", unit: "", of: ({ peakSpread }) => peakSpread },
  { name: "peak_cycle", unit: "", of: ({ peakCycle }) => peakCycle },
  { name: "final_spread", unit: "", of: ({ finalSpread }) => finalSpread },
  { name: "mean_damage", unit: "", of: ({ meanDamage }) => meanDamage },
  { name: "spread_damage", unit: "", of: ({ spreadDamage }) => spreadDamage },
  { name: "first_charge_capacity", unit: "mAh/g", of: ({ firstCharge }) => firstCharge },
  { name: "last_charge_capacity", unit: "mAh/g", of: ({ lastCharge }) => lastCharge },
  { name: "first_discharge_capacity", unit: "mAh/g", of: ({ firstDischarge }) => firstDischarge },
  { name: "last_discharge_capacity", unit: "mAh/g", of: ({ lastDischarge }) => lastDischarge },
  { name: "retention", unit: "", of: ({ retention }) => retention },
  { name: "severe_share_at_sync", unit: "", of: ({ severeShare }) => severeShare },
]

/**
 * sweep.csv: one row a run, in the order of the design: what was varied, in SI where it has a number and as written,
 * then what came out.
 * @param measures [point] null where a run has not begun
 */
export const sweepTable = ({ factors, points }: SweepRecord, measures: readonly (SweepMeasures | null)[]): string => {
  const numeric = factors.map((_, factor) => points.some(({ values }) => values[factor] !== null))
  const header = csvHeader([
    { name: "run", unit: "" },
    ...factors.flatMap(({ path, unit }, factor): CsvColumn[] => [
      ...(numeric[factor] ? [{ name: path, unit }] : []),
      { name: `${path}_written`, unit: "" },
    ]),
    ...measureColumns,
    { name: "status", unit: "" },
    { name: "reason", unit: "" },
    { name: "wall_time", unit: "s" },
  ])
  const rows = points.map(({ name, choices, values, status, reason }, point) => {
    const found = measures[point]
    return csvLine([
      name,
      ...factors.flatMap(({ path }, factor) => [
        ...(numeric[factor] ? [values[factor] ?? Number.NaN] : []),
        choices.find((choice) => choice.path === path)?.text ?? "",
      ]),
      ...measureColumns.map(({ of }) => (found === null ? "" : of(found))),
      status,
      reason.replaceAll(/\s*\n\s*/g, " "),
      found === null ? "" : found.wallTime,
    ])
  })
  return header + rows.join("")
}
