import { rankCorrelation } from "../../statistics/rank-correlation.ts"
import { axisOver } from "../axis.ts"
import { colourAt, hex, ink, viridis } from "../colour.ts"
import { type Drawing, label, svgDocument } from "../drawing.ts"
import { fixed, percent, readableDate, significant } from "../number.ts"
import { pageHead } from "../page-head.ts"
import { type FontFace, fontFaceRules } from "../style.ts"
import { curveIn, dotIn, frameOf, linearScale } from "../sweep-frame.ts"
import { type Cell, htmlTable } from "../table.ts"
import { escaped } from "../text.ts"
import type { DesignReportInput, LayoutMeasures, RankedLayout } from "./input.ts"

type Measured = RankedLayout & { readonly measures: LayoutMeasures }

const measured = ({ layouts }: DesignReportInput): readonly Measured[] =>
  layouts.filter((layout): layout is Measured => layout.measures !== null && layout.front > 0)

/** `geometry.conductor.coverage-scatter` → `coverage scatter` */
const knobName = (path: string): string =>
  (path.split(".").findLast((key) => key !== "value") ?? path).replaceAll("-", " ")

/** Dark where the electrode comes into step early; hollow where it does not. */
const colourOf = ({ measures: { syncCycle } }: Measured, cycles: number): string =>
  hex(colourAt(viridis, Math.min(1, (syncCycle - 1) / Math.max(1, cycles - 1)) * 0.9))

/** Severely damaged share against capacity: the lower and the further right, the better; the first front is joined. */
export const tradeOff = (input: DesignReportInput, width = 640, height = 420): Drawing => {
  const layouts = measured(input)
  const [capacity, severe] = [
    Float64Array.from(layouts, ({ measures }) => measures.capacity),
    Float64Array.from(layouts, ({ measures }) => 100 * measures.severeShare),
  ]
  const frame = frameOf({
    width,
    height,
    x: linearScale(axisOver("Last discharge (mAh/g)", [capacity], { spans: 6 })),
    y: linearScale(axisOver("Severely damaged when in step, or at the end (%)", [severe], { spans: 5, include: [0] })),
  })
  const best = [...layouts.keys()].filter((at) => layouts[at].front === 1).sort((a, b) => capacity[a] - capacity[b])
  const line = curveIn(
    frame,
    best.map((at) => capacity[at]),
    best.map((at) => severe[at]),
    ink.axis,
    1.2,
  )
  const dots = layouts.map((layout, at) => {
    const [x, y] = [frame.x(capacity[at]), frame.y(severe[at])]
    const isHollow = !Number.isFinite(layout.measures.syncCycle)
    const number = layout.rank <= 10 ? label(x + 6, y - 5, String(layout.rank), { size: 10.5, colour: ink.soft }) : ""
    return dotIn(x, y, isHollow ? ink.soft : colourOf(layout, input.cycles), isHollow) + number
  })
  return { width, height, body: frame.body + line + dots.join(""), plots: [] }
}

const objectives: readonly { readonly title: string; readonly of: (measures: LayoutMeasures) => number }[] = [
  { title: "Sync cycle", of: ({ syncCycle }) => syncCycle },
  { title: "Severely damaged", of: ({ severeShare }) => severeShare },
  { title: "Capacity", of: ({ capacity }) => capacity },
  { title: "Energy", of: ({ energy }) => energy },
  { title: "Mean damage", of: ({ meanDamage }) => meanDamage },
  { title: "Scatter of contents", of: ({ deviation }) => deviation },
]

/** A layout that does not come into step counts as one that would, a cycle after its last. */
const finite = (value: number, cycles: number): number => (value === Number.POSITIVE_INFINITY ? cycles + 1 : value)

/** [layout] of a measure */
const valuesOf = (input: DesignReportInput, { of }: (typeof objectives)[number]): Float64Array =>
  Float64Array.from(measured(input), ({ measures }) => finite(of(measures), input.cycles))

/** Measures that differ from layout to layout; nothing correlates with the others. */
const telling = (input: DesignReportInput): typeof objectives =>
  objectives.filter((objective) => valuesOf(input, objective).some((value, _, values) => value !== values[0]))

/** Which measures are left out, if any. */
const leftOut = (input: DesignReportInput): string => {
  const shown = telling(input)
  const titles = objectives.filter((objective) => !shown.includes(objective)).map(({ title }) => title.toLowerCase())
  return titles.length === 0 ? "" : ` The same for all layouts, and left out: ${titles.join(", ")}.`
}

/** Small plots of every measure against every knob. */
const whyPanels = (input: DesignReportInput): string => {
  const layouts = measured(input)
  const shown = telling(input)
  const [width, height] = [184, 170]
  return input.factors
    .map(({ path, unit }, factor) => {
      const knob = Float64Array.from(layouts, ({ values }) => values[factor])
      if (knob.some(Number.isNaN)) return ""
      const panels = shown.map((objective) => {
        const { title } = objective
        const values = valuesOf(input, objective)
        const frame = frameOf({
          width,
          height,
          x: linearScale(axisOver("", [knob], { spans: 3, snug: true })),
          y: linearScale(axisOver("", [values], { spans: 3 })),
          heading: title,
        })
        const dots = layouts.map((layout, at) => {
          const isHollow = !Number.isFinite(layout.measures.syncCycle)
          return dotIn(
            frame.x(knob[at]),
            frame.y(values[at]),
            isHollow ? ink.soft : colourOf(layout, input.cycles),
            isHollow,
          )
        })
        const drawing: Drawing = { width, height, body: frame.body + dots.join(""), plots: [] }
        return `<figure style="--width:${width}">${svgDocument(drawing, `${title} against ${knobName(path)}`)}</figure>`
      })
      const heading = escaped(`Against ${knobName(path)}${unit === "" ? "" : ` (${unit})`}`)
      return `<h3>${heading}</h3><div class="grid" style="gap:10px 8px">${panels.join("")}</div>`
    })
    .join("")
}

/** Rank correlation of each knob with each measure. */
const whyTable = (input: DesignReportInput): string => {
  const layouts = measured(input)
  const shown = telling(input)
  const rows = input.factors.flatMap(({ path }, factor): (readonly Cell[])[] => {
    const knob = Float64Array.from(layouts, ({ values }) => values[factor])
    if (knob.every(Number.isNaN)) return []
    return [
      [
        knobName(path),
        ...shown.map((objective) => fixed(rankCorrelation(knob, valuesOf(input, objective)).coefficient, 2)),
      ],
    ]
  })
  return htmlTable([{ title: "", numeric: false }, ...shown.map(({ title }) => ({ title, numeric: true }))], rows)
}

const layoutTable = ({ layouts, factors }: DesignReportInput): string =>
  htmlTable(
    [
      { title: "Rank", numeric: true },
      { title: "Front", numeric: true },
      ...factors.map(({ path }) => ({ title: knobName(path), numeric: true })),
      { title: "Sync cycle", numeric: true },
      { title: "Severe", numeric: true },
      { title: "Capacity (mAh/g)", numeric: true },
      { title: "Energy (mWh/g)", numeric: true },
      { title: "Mean damage", numeric: true },
      { title: "Status", numeric: false },
    ],
    layouts.map(({ rank, front, link, name, texts, values, status, measures }): readonly Cell[] => [
      {
        html:
          link === null ? String(rank) : `<a href="${escaped(encodeURI(link))}" title="${escaped(name)}">${rank}</a>`,
      },
      front === 0 ? "" : String(front),
      ...factors.map((_, factor) => (Number.isFinite(values[factor]) ? significant(values[factor], 3) : texts[factor])),
      measures === null ? "" : Number.isFinite(measures.syncCycle) ? fixed(measures.syncCycle, 0) : "none",
      measures === null ? "" : percent(measures.severeShare),
      measures === null ? "" : fixed(measures.capacity, 1),
      measures === null ? "" : fixed(measures.energy, 1),
      measures === null ? "" : fixed(measures.meanDamage, 3),
      status,
    ]),
  )

const words = (input: DesignReportInput): string => {
  const layouts = measured(input)
  const inStep = layouts.filter(({ measures }) => Number.isFinite(measures.syncCycle))
  const [best] = layouts
  if (best === undefined) return "No layout has come to its end."
  const { measures } = best
  const knobs = input.factors.map(({ path }, factor) => `${knobName(path)} ${best.texts[factor]}`).join(", ")
  const when = Number.isFinite(measures.syncCycle)
    ? `in step from cycle ${measures.syncCycle} on with ${percent(measures.severeShare)} of its particles severely damaged`
    : `not in step within its cycles, ${percent(measures.severeShare)} of its particles severely damaged at the end`
  const count = inStep.length === 0 ? "none comes" : inStep.length === 1 ? "one comes" : `${inStep.length} come`
  const unbeaten = layouts.filter(({ front }) => front === 1).length
  return (
    `Of ${layouts.length} layouts on the same packing ${count} into step within ${input.cycles} cycles. ` +
    `The first in rank (${knobs}) is ${when}; its last discharge gives ${fixed(measures.capacity, 1)} mAh/g. ` +
    `${unbeaten === 1 ? "One layout is" : `${unbeaten} layouts are`} beaten by no other in sync cycle, severe share, capacity and energy together.`
  )
}

/** The report of a design as one HTML document that needs nothing else; links lead to the reports of its runs. */
export const renderDesign = (
  input: DesignReportInput,
  options: { readonly fonts?: readonly FontFace[] } = {},
): string => `${pageHead({ title: input.title, programVersion: input.programVersion, fontRules: fontFaceRules(options.fonts ?? []), hasScripts: false })}
<body>
<header>
<p class="kicker">Layouts of the conductive network</p>
<h1>${escaped(input.title)}</h1>
<p class="facts">${input.started === "" ? "" : `started ${escaped(readableDate(input.started))} · `}synchrode ${escaped(input.programVersion)}</p>
</header>
<main>
<section class="summary"><p>${escaped(words(input))}</p></section>
<section><h2>What is to be had for what</h2>
<p>A dot a layout, dark where it comes into step early, hollow where it does not within its cycles; numbers are ranks. The line joins the layouts of the first front.</p>
<div class="grid"><figure style="--width:640">${svgDocument(tradeOff(input), "Severely damaged share against capacity")}</figure></div></section>
<section><h2>Why</h2>
<p>Spearman's rank correlation of each knob with what comes out: 1 rises always, −1 falls always, 0 neither. A layout that does not come into step counts as one that would, a cycle after its last.${leftOut(input)}</p>
${whyTable(input)}${whyPanels(input)}</section>
<section><h2>All layouts</h2>
<p>Ranked by fronts, and within a front by the mean of the ranks in sync cycle, severe share, capacity and energy. Every rank leads to the report of its run.</p>
${layoutTable(input)}</section>
</main>
<footer>Made by synchrode ${escaped(input.programVersion)} from the directories of the runs.</footer>
</body>
</html>
`
