import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { Effect } from "effect"
import { readCsv } from "../formats/csv.ts"
import { numbersOf } from "../formats/table.ts"
import type { SweepCourse, SweepMeasures } from "../report/sweep-input.ts"
import { readManifest } from "../store/manifest.ts"
import { runFiles } from "../store/run-directory.ts"
import { analyseSynchronisation } from "../synchronisation/analysis.ts"
import type { Synchronisation } from "../synchronisation/ensemble.ts"
import { readRunEnsemble } from "./run-ensemble.ts"

/** What a run of a sweep came to. */
export interface SweepRunData {
  readonly course: SweepCourse
  readonly measures: SweepMeasures
}

const first = (values: Float64Array): number => values.find(Number.isFinite) ?? Number.NaN
const last = (values: Float64Array): number => values.findLast(Number.isFinite) ?? Number.NaN

const measuresOf = (
  { cycle, spread, meanDamage, spreadDamage, chargeCapacity, dischargeCapacity }: SweepCourse,
  { peak, syncCycle, contraction, verdict, reason, severeShareAtSync }: Synchronisation,
  wallTime: number,
): SweepMeasures => ({
  cycles: cycle.length,
  syncCycle: syncCycle ?? Number.NaN,
  verdict,
  verdictReason: reason,
  contraction: contraction?.factor ?? Number.NaN,
  contractionLow: contraction?.low ?? Number.NaN,
  contractionHigh: contraction?.high ?? Number.NaN,
  peakSpread: peak?.spread ?? Number.NaN,
  peakCycle: peak?.cycle ?? Number.NaN,
  finalSpread: last(spread),
  meanDamage: last(meanDamage),
  spreadDamage: last(spreadDamage),
  firstCharge: first(chargeCapacity),
  lastCharge: last(chargeCapacity),
  firstDischarge: first(dischargeCapacity),
  lastDischarge: last(dischargeCapacity),
  retention: last(dischargeCapacity) / first(dischargeCapacity),
  severeShare: severeShareAtSync ?? Number.NaN,
  wallTime,
})

const read = Effect.fnUntraced(function* (folder: string) {
  const file = join(folder, runFiles.cycles)
  if (!existsSync(file) || !existsSync(join(folder, runFiles.mesh))) return null
  const { wallTime } = yield* readManifest(folder)
  const table = readCsv(readFileSync(file, "utf8"))
  const numbers = numbersOf(table, "cycle")
  const rows = [...numbers.keys()].filter((row) => numbers[row] > 0)
  const column = (name: string): Float64Array => {
    const values = numbersOf(table, name)
    return Float64Array.from(rows, (row) => values[row])
  }
  const course: SweepCourse = {
    cycle: column("cycle"),
    spread: column("spread_stoichiometry_charge"),
    meanDamage: column("mean_damage"),
    spreadDamage: column("spread_damage"),
    chargeCapacity: column("charge_capacity"),
    dischargeCapacity: column("discharge_capacity"),
  }
  const synchronisation = analyseSynchronisation(yield* readRunEnsemble(folder))
  return { course, measures: measuresOf(course, synchronisation, wallTime) }
})

/** Course and measures of a run, from its directory; null where it has not begun or cannot be read. */
export const readSweepRun = (folder: string): Effect.Effect<SweepRunData | null> =>
  Effect.orElseSucceed(read(folder), () => null)
