import { fixed, percent, timeSpan } from "./number.ts"
import type { ShownFactor } from "./sweep-factor.ts"
import type { SweepMeasures, SweepReportInput } from "./sweep-input.ts"
import { counted, inWords } from "./text.ts"

/** What a run differs in, in a few words of mark-up. */
export const runWords = (factors: readonly ShownFactor[], run: number): string =>
  factors.map(({ name, shortTexts: texts }) => (factors.length === 1 ? texts[run] : `${name} ${texts[run]}`)).join(", ")

interface Best {
  readonly run: number
  readonly measures: SweepMeasures
}

/** The run with the least of a measure among those that came to their end; none where no run has it. */
const leastBy = ({ runs }: SweepReportInput, of: (measures: SweepMeasures) => number): Best | undefined => {
  let best: Best | undefined
  for (const [run, { measures, status }] of runs.entries()) {
    if (measures === null || status !== "done" || Number.isNaN(of(measures))) continue
    if (best === undefined || of(measures) < of(best.measures)) best = { run, measures }
  }
  return best
}

/** Numbers worth standing alone. */
export const sweepKeys = (
  input: SweepReportInput,
  factors: readonly ShownFactor[],
): readonly { readonly title: string; readonly value: string; readonly note: string }[] => {
  const { runs } = input
  const done = runs.filter(({ status }) => status === "done").length
  const failed = runs.filter(({ status }) => status === "failed").length
  const open = runs.length - done - failed
  const synchronous = runs.filter(({ measures }) => measures?.verdict === "synchronises").length
  const judged = runs.filter(({ measures }) => measures !== null && measures.verdict !== "undecided").length
  const notes = [...(failed > 0 ? [`${failed} failed`] : []), ...(open > 0 ? [`${open} not finished`] : [])]
  const note = (best: Best): string => `run ${best.run + 1}: ${runWords(factors, best.run)}`
  const soonest = leastBy(input, ({ syncCycle }) => syncCycle)
  const intact = leastBy(input, ({ meanDamage }) => meanDamage)
  const largest = leastBy(input, ({ lastDischarge }) => -lastDischarge)
  return [
    { title: "Runs done", value: `${done} of ${runs.length}`, note: notes.join(", ") || "all of them" },
    {
      title: "Synchronise",
      value: `${synchronous} of ${runs.length}`,
      note: `${counted(judged, "run")} with a verdict, the others undecided`,
    },
    ...(soonest === undefined
      ? []
      : [{ title: "Soonest in step", value: `cycle ${soonest.measures.syncCycle}`, note: note(soonest) }]),
    ...(intact === undefined
      ? []
      : [{ title: "Least damage", value: fixed(intact.measures.meanDamage, 3), note: note(intact) }]),
    ...(largest === undefined
      ? []
      : [
          {
            title: "Most capacity at the end",
            value: `${fixed(largest.measures.lastDischarge, 1)} mAh/g`,
            note: note(largest),
          },
        ]),
  ]
}

const shareRange = (shares: readonly number[]): string => {
  const [low, high] = [percent(Math.min(...shares)), percent(Math.max(...shares))]
  return low === high ? low : `${low} to ${high}`
}

/** What was varied and how the runs ended, in sentences of mark-up. */
export const sweepSentences = (input: SweepReportInput, factors: readonly ShownFactor[]): readonly string[] => {
  const { runs, design } = input
  const measured = runs.flatMap(({ measures }) => (measures === null ? [] : [measures]))
  const verdicts = ["synchronises", "saturates", "diverges", "undecided"] as const
  const words = { synchronises: "synchronise", saturates: "saturate", diverges: "diverge", undecided: "are undecided" }
  const counts = verdicts
    .map((verdict) => [measured.filter((each) => each.verdict === verdict).length, words[verdict]] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
  const time = measured.reduce((sum, { wallTime }) => sum + wallTime, 0)
  const severe = measured.map(({ severeShare }) => severeShare).filter(Number.isFinite)
  return [
    `${counted(runs.length, "run")}: ${design} over ${inWords(factors.map(({ name }) => `$${name}$`))}.`,
    ...(counts.length === 0 ? [] : [`Of those with cycles to judge ${inWords(counts)}.`]),
    ...(severe.length === 0
      ? []
      : [`When they come into step, ${shareRange(severe)} of the particles are severely damaged.`]),
    ...(time > 0 ? [`Computing took ${timeSpan(time)}, all runs together.`] : []),
  ]
}
