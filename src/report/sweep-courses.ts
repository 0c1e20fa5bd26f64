import { axisOfCycles, axisOver } from "./axis.ts"
import { chartDrawing } from "./chart.ts"
import { colourAt, hex, ink, viridis } from "./colour.ts"
import { type Drawing, label, px } from "./drawing.ts"
import { significant } from "./number.ts"
import { extent } from "./series.ts"
import type { ShownFactor } from "./sweep-factor.ts"
import { titleOf } from "./sweep-factor.ts"
import { curveIn, dotIn, frameOf, leftRoom, linearScale } from "./sweep-frame.ts"
import type { SweepCourse, SweepReportInput } from "./sweep-input.ts"
import { markupToPlain, textWidth } from "./text.ts"

/** What is shown cycle by cycle. */
const quantities: readonly {
  readonly heading: string
  readonly title: string
  readonly of: (course: SweepCourse) => Float64Array
  readonly include: readonly number[]
}[] = [
  {
    heading: "Spread at end of charge",
    title: "Spread of *c*/*c*_max",
    of: ({ spread }) => spread,
    include: [0],
  },
  { heading: "Mean damage", title: "Mean damage *d*", of: ({ meanDamage }) => meanDamage, include: [0] },
  { heading: "Spread of damage", title: "Spread of *d*", of: ({ spreadDamage }) => spreadDamage, include: [0] },
  {
    heading: "Discharge capacity",
    title: "Capacity (mAh/g)",
    of: ({ dischargeCapacity }) => dischargeCapacity,
    include: [],
  },
]

/** Runs that are named under the pointer; more would hide the plot. */
const mostNamed = 12

const cyclesOf = ({ runs }: SweepReportInput): readonly [number, number] | null =>
  extent(runs.flatMap(({ course }) => (course === null ? [] : [course.cycle])))

/** One chart a quantity with a curve for each run, coloured by the value of a factor. */
export const courseCharts = (input: SweepReportInput, factor: ShownFactor, width: number): readonly Drawing[] => {
  const cycles = cyclesOf(input)
  if (cycles === null) return []
  const { runs } = input
  return quantities.flatMap(({ heading, title, of, include }) => {
    const lines = runs.flatMap(({ course }, run) =>
      course === null || course.cycle.length === 0
        ? []
        : [
            {
              name: factor.texts[run],
              colour: factor.colours[run],
              x: course.cycle,
              y: of(course),
              width: runs.length > mostNamed ? 1.2 : 1.8,
              opacity: runs.length > mostNamed ? 0.8 : 1,
              dots: cycles[1] - cycles[0] < 12 && runs.length <= mostNamed,
              quiet: runs.length > mostNamed,
            },
          ],
    )
    if (!lines.some(({ y }) => y.some(Number.isFinite))) return []
    return [
      chartDrawing({
        width,
        height: 230,
        heading,
        x: axisOfCycles("Cycle", cycles[0], cycles[1]),
        y: axisOver(
          title,
          lines.map(({ y }) => y),
          { include, spans: 4 },
        ),
        lines,
      }),
    ]
  })
}

/** What the colours of a factor mean: swatches for few values, a bar from the least to the largest for many. */
export const colourKey = (factor: ShownFactor): Drawing => {
  const { levels, texts, colours, values, isNumeric } = factor
  const height = 20
  const title = `${titleOf(factor)}:`
  let x = Math.ceil(textWidth(markupToPlain(title), 13)) + 12
  const parts = [label(0, 14, title, { size: 13, weight: 600 })]
  const ends = extent([values])
  if (isNumeric && levels.length > 8 && ends !== null) {
    const [low, high] = [significant(ends[0], 3), significant(ends[1], 3)]
    parts.push(label(x, 14, low, { size: 12, colour: ink.soft }))
    x += Math.ceil(textWidth(markupToPlain(low), 12)) + 8
    const steps = 40
    for (let step = 0; step < steps; step++) {
      const fill = hex(colourAt(viridis, (0.9 * step) / (steps - 1)))
      parts.push(`<rect x="${px(x + 4 * step)}" y="3" width="4.5" height="14" fill="${fill}"/>`)
    }
    x += 4 * steps + 8
    const words = `${high}${factor.isLogarithmic ? " (logarithmic)" : ""}`
    parts.push(label(x, 14, words, { size: 12, colour: ink.soft }))
    x += Math.ceil(textWidth(markupToPlain(words), 12)) + 8
    return { width: x, height, body: parts.join(""), plots: [] }
  }
  for (const level of levels) {
    const colour = colours[texts.indexOf(level)]
    parts.push(`<path d="M${px(x)} 10h18" stroke="${colour}" stroke-width="3"/>`)
    parts.push(label(x + 24, 14, level, { size: 12, colour: ink.soft }))
    x += 24 + Math.ceil(textWidth(markupToPlain(level), 12)) + 18
  }
  return { width: x, height, body: parts.join(""), plots: [] }
}

/** Largest and smallest over all runs at each cycle, as a path to fill. */
const envelope = (
  input: SweepReportInput,
  [from, to]: readonly [number, number],
  of: (course: SweepCourse) => Float64Array,
): { readonly cycle: number; readonly low: number; readonly high: number }[] => {
  const rows: { cycle: number; low: number; high: number }[] = []
  for (let cycle = from; cycle <= to; cycle++) {
    const here = input.runs.flatMap(({ course }) =>
      course === null ? [] : [of(course)[course.cycle.indexOf(cycle)]].filter(Number.isFinite),
    )
    if (here.length > 0) rows.push({ cycle, low: Math.min(...here), high: Math.max(...here) })
  }
  return rows
}

const panelSize = { width: 182, height: 150 } as const

/**
 * One small panel a run: its spread at the end of charge in front of the range of all runs, all on the same axes; a dot
 * where it is synchronous.
 */
export const runPanels = (
  input: SweepReportInput,
  headings: readonly string[],
): readonly { readonly run: number; readonly drawing: Drawing }[] => {
  const cycles = cyclesOf(input)
  if (cycles === null || cycles[0] === cycles[1]) return []
  const of = ({ spread }: SweepCourse) => spread
  const band = envelope(input, cycles, of)
  const y = linearScale(
    axisOver(
      "",
      band.map(({ high }) => [high]),
      { include: [0], spans: 3 },
    ),
  )
  const x = linearScale({ ...axisOfCycles("", cycles[0], cycles[1]), step: Math.ceil((cycles[1] - cycles[0] + 1) / 5) })
  return input.runs.flatMap(({ course, measures, status }, run) => {
    if (course === null) return []
    const isFailed = status === "failed"
    const frame = frameOf({
      ...panelSize,
      x,
      y,
      left: leftRoom(y),
      heading: `${run + 1}${isFailed ? " (failed)" : ""}${headings[run] === "" ? "" : ` · ${headings[run]}`}`,
      headingColour: isFailed ? "#a32020" : ink.text,
    })
    const ring = [
      ...band.map(({ cycle, high }) => `${px(frame.x(cycle))} ${px(frame.y(high))}`),
      ...band.toReversed().map(({ cycle, low }) => `${px(frame.x(cycle))} ${px(frame.y(low))}`),
    ]
    const syncRow = course.cycle.indexOf(measures?.syncCycle ?? Number.NaN)
    const body = [
      `<path d="M${ring.join("L")}Z" fill="#eceef2"/>`,
      frame.body,
      curveIn(frame, course.cycle, course.spread, ink.accent, 1.8),
      syncRow < 0 ? "" : dotIn(frame.x(course.cycle[syncRow]), frame.y(course.spread[syncRow]), ink.charge),
    ]
    return [{ run, drawing: { width: panelSize.width, height: panelSize.height, body: body.join(""), plots: [] } }]
  })
}
