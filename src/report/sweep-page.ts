import { type Drawing, svgDocument } from "./drawing.ts"
import { pageWidth } from "./figures.ts"
import { fixed, percent, readableDate, significant } from "./number.ts"
import { pageHead } from "./page-head.ts"
import { type FontFace, fontFaceRules, hoverScript } from "./style.ts"
import { colourKey, courseCharts, runPanels } from "./sweep-courses.ts"
import { type ShownFactor, shownFactors, titleOf } from "./sweep-factor.ts"
import { assertSweepInput, type SweepMeasures, type SweepReportInput } from "./sweep-input.ts"
import { correlationTable, effectTable, sensitivityRow } from "./sweep-sensitivity.ts"
import { runWords, sweepKeys, sweepSentences } from "./sweep-summary.ts"
import { type Cell, htmlTable } from "./table.ts"
import { escaped, markupToHtml, markupToPlain } from "./text.ts"

/** The report of a sweep as one HTML document that needs nothing else; links lead to the reports of its runs. */
export const renderSweep = (
  input: SweepReportInput,
  options: { readonly fonts?: readonly FontFace[] } = {},
): string => {
  assertSweepInput(input)
  const factors = shownFactors(input)
  const { title, description, programVersion, started } = input
  return `${pageHead({ title, programVersion, fontRules: fontFaceRules(options.fonts ?? []), hasScripts: true })}
<body>
<header>
<p class="kicker">Report of a sweep</p>
<h1>${escaped(title)}</h1>
<p class="facts">${started === "" ? "" : `started ${escaped(readableDate(started))} · `}synchrode ${escaped(programVersion)}</p>
</header>
<main>
${description === "" ? "" : `<p class="lead">${escaped(description)}</p>`}
<section class="summary"><p>${sweepSentences(input, factors).map(markupToHtml).join(" ")}</p></section>
${keyList(input, factors)}
${courseSection(input, factors)}
${sensitivitySection(input, factors)}
${panelSection(input, factors)}
<section><h2>All runs</h2>${runTable(input, factors)}<p class="facts">Spread is largest less smallest mean lithium content of the particles at the end of charge. The contraction factor is that of the spread from cycle to cycle after its peak; its confidence interval and the grounds of the verdict appear under the pointer. Severe is the share of particles that are severely damaged at the sync cycle.</p></section>
</main>
<footer>Made by synchrode ${escaped(programVersion)} from the directories of the runs. All pictures are drawn from the numbers of these runs.</footer>
<script>${hoverScript}</script>
</body>
</html>
`
}

const keyList = (input: SweepReportInput, factors: readonly ShownFactor[]): string =>
  `<dl class="keys">${sweepKeys(input, factors)
    .map(
      ({ title, value, note }) =>
        `<div><dt>${markupToHtml(title)}</dt><dd>${markupToHtml(value)}<small>${markupToHtml(note)}</small></dd></div>`,
    )
    .join("")}</dl>`

/** A picture; where its curves are few their values can be read under the pointer. */
const figure = (id: string, drawing: Drawing, title: string, style: string): string => {
  const isReadable = drawing.plots.some(({ curves }) => curves.length > 0)
  const data = isReadable
    ? `<script type="application/json" id="hover-${id}">${JSON.stringify(drawing.plots).replace(/</g, "\\u003c")}</script>`
    : ""
  return `<figure id="figure-${id}"${isReadable ? ` data-hover="hover-${id}"` : ""} style="${style}">${svgDocument(drawing, title)}${data}</figure>`
}

const grid = (id: string, drawings: readonly Drawing[], title: string): string =>
  `<div class="grid" style="gap:10px 12px">${drawings
    .map((drawing, at) => figure(`${id}-${at}`, drawing, title, `--width:${Math.ceil(drawing.width)}`))
    .join("")}</div>`

/** A picture as wide as it is drawn, however wide the page. */
const key = (factor: ShownFactor): string => {
  const drawing = colourKey(factor)
  return `<div class="grid" style="margin:22px 0 0">${`<figure style="--width:${Math.ceil(drawing.width)}">${svgDocument(drawing, `Colours: ${markupToPlain(titleOf(factor))}`)}</figure>`}</div>`
}

const courseSection = (input: SweepReportInput, factors: readonly ShownFactor[]): string => {
  const width = Math.floor((pageWidth - 3 * 12) / 4)
  const rows = factors.map((factor, at) => {
    const charts = courseCharts(input, factor, width)
    return charts.length === 0 ? "" : key(factor) + grid(`course-${at}`, charts, markupToPlain(factor.name))
  })
  if (rows.every((row) => row === "")) return ""
  const words =
    factors.length > 1
      ? "<p>The same runs in each row, coloured by another of the varied values.</p>"
      : "<p>One curve a run.</p>"
  return `<section><h2>Cycle by cycle</h2>${words}${rows.join("")}</section>`
}

const sensitivitySection = (input: SweepReportInput, factors: readonly ShownFactor[]): string => {
  const rows = factors.map((factor, at) => {
    const panels = sensitivityRow(input, factor)
    return panels.length === 0
      ? ""
      : `<h3>Against ${markupToHtml(titleOf(factor))}</h3>${grid(`sensitivity-${at}`, panels, markupToPlain(factor.name))}`
  })
  if (rows.every((row) => row === "")) return ""
  const correlations = correlationTable(input, factors)
  const numbers = input.isSampled
    ? correlations === ""
      ? ""
      : `<h3>Rank correlations</h3><p>Spearman's coefficient: 1 rises always, −1 falls always, 0 neither; in brackets the runs that have both values.</p>${correlations}`
    : `<h3>Means by value</h3>${effectTable(input, factors)}`
  const line = input.isSampled ? "" : "; the line goes through the means of each value"
  return `<section><h2>What depends on what</h2><p>A dot a run${line}. Hollow dots at “none”: runs that do not come into step within their cycles. Runs that did not come to their end are left out.</p>${rows.join("")}${numbers}</section>`
}

const panelSection = (input: SweepReportInput, factors: readonly ShownFactor[]): string => {
  const headings = input.runs.map((_, run) => factors.map(({ shortTexts }) => shortTexts[run]).join(" · "))
  const panels = runPanels(
    input,
    headings.map((heading) => (markupToPlain(heading).length > 24 ? "" : heading)),
  )
  if (panels.length < 2) return ""
  return `<section><h2>Each run</h2><p>Spread of the lithium content at the end of charge, cycle by cycle, before the range of all runs; the dot marks the sync cycle.</p>${`<div class="grid" style="gap:6px 10px">${panels
    .map(({ run, drawing }) =>
      figure(`run-${run}`, drawing, markupToPlain(runWords(factors, run)), `--width:${drawing.width}`),
    )
    .join("")}</div>`}</section>`
}

/** A word, with what it is short for under the pointer. */
const wordCell = (short: string, whole: string): Cell =>
  short === whole ? short : { html: `<span title="${escaped(markupToPlain(whole))}">${markupToHtml(short)}</span>` }

/** Every run with its values, what came out, and a link to its page; why some stopped stands below. */
const runTable = ({ runs }: SweepReportInput, factors: readonly ShownFactor[]): string => {
  const rows = runs.map(({ name, link, status, measures }, run): readonly Cell[] => {
    const number = String(run + 1)
    return [
      {
        html: link === null ? number : `<a href="${escaped(encodeURI(link))}" title="${escaped(name)}">${number}</a>`,
      },
      ...factors.map(({ isNumeric, values, texts, shortTexts }) =>
        isNumeric ? significant(values[run], 4) : wordCell(shortTexts[run], texts[run]),
      ),
      { html: `<span class="status ${status}">${status}</span>` },
      ...(measures === null ? measureCells.map(() => "") : measureCells.map(({ of }) => of(measures))),
    ]
  })
  const table = htmlTable(
    [
      { title: "Run", numeric: true },
      ...factors.map((factor) => ({
        title: factor.isNumeric ? titleOf(factor) : factor.name,
        numeric: factor.isNumeric,
      })),
      { title: "Status", numeric: false },
      ...measureCells.map(({ title, isWord }) => ({ title, numeric: isWord !== true })),
    ],
    rows,
  )
  const reasons = runs.flatMap(({ reason }, run) =>
    reason === "" ? [] : [`<p class="notice error"><b>Run ${run + 1}</b>${escaped(reason)}</p>`],
  )
  return table + reasons.join("")
}

const measureCells: readonly {
  readonly title: string
  readonly isWord?: boolean
  readonly of: (measures: SweepMeasures) => Cell
}[] = [
  { title: "Cycles", of: ({ cycles }) => String(cycles) },
  {
    title: "Verdict",
    isWord: true,
    of: ({ verdict, verdictReason }) => ({ html: `<span title="${escaped(verdictReason)}">${verdict}</span>` }),
  },
  { title: "Sync cycle", of: ({ syncCycle }) => fixed(syncCycle, 0) },
  {
    title: "Contrac­tion",
    of: ({ contraction, contractionLow, contractionHigh }) => ({
      html: `<span title="${fixed(contractionLow, 3)} to ${fixed(contractionHigh, 3)}">${fixed(contraction, 3)}</span>`,
    }),
  },
  { title: "Peak spread", of: ({ peakSpread }) => fixed(peakSpread, 4) },
  { title: "Last spread", of: ({ finalSpread }) => fixed(finalSpread, 4) },
  { title: "Mean damage", of: ({ meanDamage }) => fixed(meanDamage, 3) },
  { title: "Spread of damage", of: ({ spreadDamage }) => fixed(spreadDamage, 3) },
  { title: "Severe at sync", of: ({ severeShare }) => percent(severeShare) },
  { title: "First discharge (mAh/g)", of: ({ firstDischarge }) => fixed(firstDischarge, 1) },
  { title: "Last", of: ({ lastDischarge }) => fixed(lastDischarge, 1) },
  { title: "Reten­tion", of: ({ retention }) => percent(retention) },
]
