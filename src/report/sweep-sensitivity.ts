import { rankCorrelation } from "../statistics/rank-correlation.ts"
import { axisOver } from "./axis.ts"
import { ink } from "./colour.ts"
import { type Drawing, label } from "./drawing.ts"
import { fixed, percent } from "./number.ts"
import { extent } from "./series.ts"
import { type ShownFactor, titleOf } from "./sweep-factor.ts"
import { curveIn, dotIn, frameOf, linearScale, logarithmicScale, type Scale, wordScale } from "./sweep-frame.ts"
import type { SweepMeasures, SweepReportInput } from "./sweep-input.ts"
import { type Cell, htmlTable } from "./table.ts"

/** What is held against the varied values. */
export interface Response {
  /** Mark-up */
  readonly name: string
  readonly of: (measures: SweepMeasures) => number
  readonly shown: (value: number) => string
  readonly wishes: { readonly include?: readonly number[]; readonly whole?: boolean }
}

export const responses: readonly Response[] = [
  { name: "Sync cycle", of: ({ syncCycle }) => syncCycle, shown: (value) => fixed(value, 1), wishes: { whole: true } },
  {
    name: "Last spread",
    of: ({ finalSpread }) => finalSpread,
    shown: (value) => fixed(value, 4),
    wishes: { include: [0] },
  },
  {
    name: "Mean damage",
    of: ({ meanDamage }) => meanDamage,
    shown: (value) => fixed(value, 3),
    wishes: { include: [0] },
  },
  {
    name: "Spread of damage",
    of: ({ spreadDamage }) => spreadDamage,
    shown: (value) => fixed(value, 3),
    wishes: { include: [0] },
  },
  {
    name: "Last discharge (mAh/g)",
    of: ({ lastDischarge }) => lastDischarge,
    shown: (value) => fixed(value, 1),
    wishes: {},
  },
  { name: "Retention", of: ({ retention }) => retention, shown: percent, wishes: {} },
]

/** [run] NaN where a run has none; a run that did not come to its end is no match for the others */
const columnOf = ({ runs }: SweepReportInput, { of }: Response): Float64Array =>
  Float64Array.from(runs, ({ measures, status }) =>
    measures === null || status !== "done" ? Number.NaN : of(measures),
  )

/** [run] place on the axis of a factor. */
const placesOf = ({ isNumeric, values, texts, levels }: ShownFactor): Float64Array =>
  isNumeric ? values : Float64Array.from(texts, (text) => levels.indexOf(text))

const scaleOf = (factor: ShownFactor, width: number): Scale => {
  const { values, isNumeric, isLogarithmic, levels, texts, shortTexts } = factor
  const ends = extent([values])
  if (!isNumeric || ends === null) {
    const words = levels.map((level) => shortTexts[texts.indexOf(level)])
    return wordScale(factor.name, words, Math.max(4, Math.floor(width / levels.length / 6.5)))
  }
  if (isLogarithmic) return logarithmicScale(titleOf(factor), ends[0], ends[1])
  return linearScale(axisOver(titleOf(factor), [values], { snug: true, spans: 3 }))
}

/** Mean of a response at each level of a factor, with the runs that it rests on. */
export const meansByLevel = (
  { levels, texts }: ShownFactor,
  column: Float64Array,
): readonly { readonly mean: number; readonly count: number }[] =>
  levels.map((level) => {
    const values = [...column].filter((value, run) => texts[run] === level && Number.isFinite(value))
    return { mean: values.reduce((sum, value) => sum + value, 0) / values.length, count: values.length }
  })

const size = { width: 180, height: 176 } as const
const attic = 24

/** A response against a factor: a dot a run, a line through the means of levels that several runs share. */
const sensitivityPanel = (input: SweepReportInput, factor: ShownFactor, response: Response): Drawing | undefined => {
  const column = columnOf(input, response)
  const ends = extent([column])
  const places = placesOf(factor)
  // A sync cycle that never came is a result; other measures are missing only where a run is.
  const isCensored = response === responses[0]
  const missing = [...input.runs.keys()].filter(
    (run) => isCensored && input.runs[run].status === "done" && Number.isNaN(column[run]),
  )
  if (ends === null && missing.length === 0) return undefined
  const y = linearScale(axisOver("", [column], { spans: 4, ...response.wishes }))
  const frame = frameOf({
    ...size,
    x: scaleOf(factor, size.width - 40),
    y: ends === null ? { ...y, ticks: [] } : y,
    heading: response.name,
    attic: isCensored ? attic : 0,
  })
  const means = meansByLevel(factor, column)
  const isShared = means.some(({ count }) => count > 1)
  const at = factor.levels.map((level) => places[factor.texts.indexOf(level)])
  const parts = [
    frame.body,
    !input.isSampled && (isShared || factor.isNumeric)
      ? curveIn(
          frame,
          at,
          means.map(({ mean }) => mean),
          ink.axis,
          1.4,
        )
      : "",
    ...[...column.keys()].map((run) =>
      Number.isFinite(column[run]) ? dotIn(frame.x(places[run]), frame.y(column[run]), factor.colours[run]) : "",
    ),
    ...missing.map((run) => dotIn(frame.x(places[run]), frame.box[1] - 15, factor.colours[run], true)),
    missing.length === 0
      ? ""
      : label(frame.box[0] - 4, frame.box[1] - 15 + 3.6, "none", {
          size: 10.5,
          colour: ink.soft,
          anchor: "end",
        }),
  ]
  return { ...size, body: parts.join(""), plots: [] }
}

/** One row of panels a factor: every response against it. */
export const sensitivityRow = (input: SweepReportInput, factor: ShownFactor): readonly Drawing[] =>
  responses.flatMap((response) => sensitivityPanel(input, factor, response) ?? [])

/** Means by level, one group a factor: the main effects of a grid. */
export const effectTable = (input: SweepReportInput, factors: readonly ShownFactor[]): string => {
  const columns = responses.map((response) => columnOf(input, response))
  const rows = factors.flatMap((factor): (readonly Cell[])[] => {
    const means = columns.map((column) => meansByLevel(factor, column))
    const runs = meansByLevel(factor, columns[2])
    return [
      [titleOf(factor)],
      ...factor.levels.map((level, at): readonly Cell[] => [
        level,
        String(runs[at].count),
        ...means.map((each, response) => {
          const { mean, count } = each[at]
          const text = responses[response].shown(mean)
          return response === 0 && count < runs[at].count ? `${text} (${count} of ${runs[at].count})` : text
        }),
      ]),
    ]
  })
  return htmlTable(
    [
      { title: "Value", numeric: false },
      { title: "Runs", numeric: true },
      ...responses.map(({ name }) => ({ title: name, numeric: true })),
    ],
    rows,
  )
}

/** Spearman's rank correlations of numeric factors with every response, and the runs that each rests on. */
export const correlationTable = (input: SweepReportInput, factors: readonly ShownFactor[]): string => {
  const columns = responses.map((response) => columnOf(input, response))
  const rows = factors
    .filter(({ isNumeric }) => isNumeric)
    .map((factor): readonly Cell[] => [
      factor.name,
      ...columns.map((column) => {
        const { coefficient, count } = rankCorrelation(factor.values, column)
        return count < 3 || Number.isNaN(coefficient) ? `– (${count})` : `${fixed(coefficient, 2)} (${count})`
      }),
    ])
  if (rows.length === 0) return ""
  return htmlTable(
    [{ title: "Varied", numeric: false }, ...responses.map(({ name }) => ({ title: name, numeric: true }))],
    rows,
  )
}
