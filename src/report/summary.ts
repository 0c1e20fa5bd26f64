import { cellCount } from "../mesh/mesh.ts"
import type { ReportContext } from "./context.ts"
import { fixed, likewise, magnitude, percent, significant, timeSpan } from "./number.ts"
import { blockEnds } from "./series.ts"
import { counted, literal } from "./text.ts"

/** A number worth standing alone, as mark-up. */
export interface KeyFigure {
  readonly title: string
  readonly value: string
  readonly note: string
}

/** The numbers a summary is written from; NaN where the run did not record them. */
export interface RunNumbers {
  readonly cycles: number
  /** First and last numbered cycle */
  readonly firstCycle: number
  readonly lastCycle: number
  readonly dischargeCapacity: readonly [number, number]
  readonly endOfChargeVoltage: readonly [number, number]
  readonly spread: readonly [number, number]
  readonly largestSpread: { readonly value: number; readonly cycle: number }
  readonly meanDamage: readonly [number, number]
  readonly damageSpread: readonly [number, number]
  readonly largestDamageSpread: { readonly value: number; readonly cycle: number }
  readonly lithiumError: number
  readonly chargeError: number
  /** Viscous part of all mechanical dissipation */
  readonly viscousShare: number
}

const firstFinite = (values: readonly number[]): number => values.find(Number.isFinite) ?? Number.NaN
const lastFinite = (values: readonly number[]): number => firstFinite([...values].reverse())
const ends = (values: readonly number[]): readonly [number, number] => [firstFinite(values), lastFinite(values)]

const worst = (values: readonly number[]): number => {
  const sizes = values.filter(Number.isFinite).map(Math.abs)
  return sizes.length === 0 ? Number.NaN : Math.max(...sizes)
}

const peak = (
  values: readonly number[],
  cycles: readonly number[],
): { readonly value: number; readonly cycle: number } => {
  const finite = values.filter(Number.isFinite)
  if (finite.length === 0) return { value: Number.NaN, cycle: Number.NaN }
  const value = Math.max(...finite)
  return { value, cycle: cycles[values.indexOf(value)] }
}

export const runNumbers = (context: ReportContext): RunNumbers => {
  const { cycles: table, history, manifest, mechanicalEnergy } = context.input
  const rows = [...table.cycle.keys()].filter((row) => table.cycle[row] > 0)
  const take = (column: Float64Array) => rows.map((row) => column[row])
  // One particle does not differ from itself.
  const between = (column: Float64Array) => (context.particleCount > 1 ? take(column) : [])
  const damage = (column: Float64Array) => (context.hasDamage ? column : column.map(() => Number.NaN))
  const numbers = rows.map((row) => table.cycle[row])
  const charged = blockEnds(history, "charge", manifest.status === "done").filter(({ cycle }) => cycle > 0)
  const dissipation = mechanicalEnergy === null ? 0 : mechanicalEnergy.dissipated + mechanicalEnergy.viscous
  return {
    cycles: rows.length,
    firstCycle: numbers[0] ?? Number.NaN,
    lastCycle: numbers[numbers.length - 1] ?? Number.NaN,
    dischargeCapacity: ends(take(table.dischargeCapacity)),
    endOfChargeVoltage: ends(charged.map(({ row }) => history.voltage[row])),
    spread: ends(between(table.spreadStoichiometryCharge)),
    largestSpread: peak(between(table.spreadStoichiometryCharge), numbers),
    meanDamage: ends(take(damage(table.meanDamage))),
    damageSpread: ends(between(damage(table.spreadDamage))),
    largestDamageSpread: peak(between(damage(table.spreadDamage)), numbers),
    lithiumError: worst([...table.lithiumBalanceError]),
    chargeError: worst([...table.chargeBalanceError]),
    viscousShare: mechanicalEnergy === null || dissipation <= 0 ? Number.NaN : mechanicalEnergy.viscous / dissipation,
  }
}

const statusWords = {
  done: "ran to its end",
  running: "is still running",
  interrupted: "was interrupted",
  failed: "failed",
} as const

/** What was run and what came out, as sentences in mark-up; only what the data hold. */
export const summarySentences = (context: ReportContext): readonly string[] => {
  const { manifest, mesh, history } = context.input
  const numbers = runNumbers(context)
  const span = (history.time[history.time.length - 1] ?? 0) - (history.time[0] ?? 0)
  const sentences: string[] = []
  const formation = context.spans.some(({ cycle }) => cycle === 0)
  const cells =
    mesh === null
      ? ""
      : ` on ${cellCount(mesh).toLocaleString("en-GB")} ${mesh.dimension === 2 ? "triangles" : "tetrahedra"}`
  const computing = Number.isFinite(manifest.wallTime)
    ? `; computing took ${timeSpan(manifest.wallTime)} on ${counted(manifest.threads, "thread")}`
    : ""
  const outcome = `It ${statusWords[manifest.status]}${manifest.reason === "" ? "" : ` (${literal(manifest.reason)})`}${computing}.`
  if (history.time.length === 0) {
    return [
      `Of the twin $${literal(manifest.twin)}$ under the scenario $${literal(manifest.scenario)}$ no step was recorded. ${outcome.replace(/^It/, "The run")}`,
    ]
  }
  sentences.push(
    `The twin $${literal(manifest.twin)}$, ${counted(context.particleCount, "particle")}${cells}, went through ` +
      `${formation ? "formation and " : ""}${counted(numbers.cycles, "cycle")} of the scenario $${literal(manifest.scenario)}$, ${timeSpan(span)} of cell time. ${outcome}`,
  )
  sentences.push(...cellSentences(numbers), ...spreadSentences(numbers), ...damageSentences(numbers))
  if (Number.isFinite(numbers.lithiumError) && Number.isFinite(numbers.chargeError)) {
    sentences.push(
      `Lithium is conserved to ${magnitude(numbers.lithiumError)} and charge to ${magnitude(numbers.chargeError)} (largest relative errors of the run).`,
    )
  }
  if (Number.isFinite(numbers.viscousShare)) {
    sentences.push(
      `Of the mechanical dissipation ${percent(numbers.viscousShare)} is viscous, from the delay of damage.`,
    )
  }
  return sentences
}

const cellSentences = (numbers: RunNumbers): readonly string[] => {
  const [first, last] = numbers.dischargeCapacity
  if (!Number.isFinite(first)) return []
  const [given, givenLast] = likewise([first, last], 4)
  const [low, high] = numbers.endOfChargeVoltage
  const voltage = Number.isFinite(low) ? `, the charge ended at ${fixed(low, 2)} V` : ""
  if (numbers.cycles < 2) return [`The cell gave ${given} mAh/g on discharge${voltage}.`]
  const then = Number.isFinite(high)
    ? `; the charge ended at ${fixed(low, 2)} V in the first and ${fixed(high, 2)} V in the last cycle`
    : ""
  return [
    `The discharge gave ${given} mAh/g in cycle ${numbers.firstCycle} and ${givenLast} mAh/g ` +
      `in cycle ${numbers.lastCycle}${then}.`,
  ]
}

const spreadSentences = (numbers: RunNumbers): readonly string[] => {
  const [first, last] = numbers.spread
  if (!Number.isFinite(first)) return []
  if (numbers.cycles < 2)
    return [`At the end of charge the particles' mean lithium contents *c*/*c*_max lay ${significant(first, 2)} apart.`]
  const { value, cycle } = numbers.largestSpread
  const [apart, apartLast] = likewise([first, last], 2)
  const change = last / first - 1
  const verdict = !(Math.abs(first) > 0)
    ? ""
    : Math.abs(change) < 0.1
      ? ", nearly the same"
      : change < 0
        ? `, ${percent(-change)} less`
        : `, ${percent(change)} more`
  const most =
    cycle !== numbers.firstCycle && cycle !== numbers.lastCycle
      ? `; they were farthest apart in cycle ${cycle} (${significant(value, 2)})`
      : ""
  return [
    `At the end of charge the particles' mean lithium contents *c*/*c*_max lay ${apart} apart in cycle ` +
      `${numbers.firstCycle} and ${apartLast} in cycle ${numbers.lastCycle}${verdict}${most}.`,
  ]
}

const damageSentences = (numbers: RunNumbers): readonly string[] => {
  const [, last] = numbers.meanDamage
  if (!Number.isFinite(last)) return []
  if (last === 0 && !(numbers.largestDamageSpread.value > 0)) return ["No interface was damaged."]
  const { value, cycle } = numbers.largestDamageSpread
  const [, spread] = numbers.damageSpread
  const apart = `the particles differ by ${fixed(spread, 2)}`
  if (!Number.isFinite(spread)) return [`The mean interface damage reached ${fixed(last, 2)}.`]
  const between =
    numbers.cycles < 2 || !Number.isFinite(value)
      ? apart
      : cycle === numbers.lastCycle
        ? `${apart}, more than ever before`
        : spread > 0.95 * value
          ? `${apart}, nearly the most they ever did (cycle ${cycle})`
          : `${apart}, after at most ${fixed(value, 2)} in cycle ${cycle}`
  return [`The mean interface damage reached ${fixed(last, 2)}; ${between}.`]
}

const arrow = (values: readonly [number, number], digits: number, single: boolean): string => {
  const [first, last] = likewise(values, digits)
  return single || first === last ? last : `${first} → ${last}`
}

/** The strip of numbers under the summary; entries without data are left out. */
export const keyFigures = (context: ReportContext): readonly KeyFigure[] => {
  const numbers = runNumbers(context)
  const single = numbers.cycles < 2
  const when = single ? "" : `cycle ${numbers.firstCycle} → ${numbers.lastCycle}`
  const entries: (KeyFigure & { readonly present: number })[] = [
    {
      title: "Discharge capacity",
      value: arrow(numbers.dischargeCapacity, 3, single),
      note: ["mAh/g", when].filter(Boolean).join(", "),
      present: numbers.dischargeCapacity[1],
    },
    {
      title: "End of charge",
      value: arrow(numbers.endOfChargeVoltage, 3, single),
      note: ["V", when].filter(Boolean).join(", "),
      present: numbers.endOfChargeVoltage[1],
    },
    {
      title: "Spread of *c*/*c*_max",
      value: arrow(numbers.spread, 2, single),
      note: ["end of charge", when].filter(Boolean).join(", "),
      present: numbers.spread[1],
    },
    {
      title: "Mean damage",
      value: arrow(numbers.meanDamage, 2, single),
      note: ["end of cycle", when].filter(Boolean).join(", "),
      present: numbers.meanDamage[1],
    },
    {
      title: "Lithium balance",
      value: magnitude(numbers.lithiumError),
      note: "largest relative error",
      present: numbers.lithiumError,
    },
  ]
  return entries
    .filter(({ present }) => Number.isFinite(present))
    .map(({ title, value, note }) => ({ title, value, note }))
}
