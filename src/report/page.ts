import type { ReportContext } from "./context.ts"
import { type Drawing, svgDocument } from "./drawing.ts"
import { framesShown } from "./field.ts"
import { type PageFigure, pageWidth, type ReportFigures } from "./figures.ts"
import { readableDate, timeSpan } from "./number.ts"
import { pageHead } from "./page-head.ts"
import { panelGap } from "./panels.ts"
import type { Replay } from "./replay-drawing.ts"
import { replayScript } from "./replay-script.ts"
import { hoverScript } from "./style.ts"
import { type KeyFigure, keyFigures, summarySentences } from "./summary.ts"
import { verdictWords } from "./synchrony.ts"
import { attributeTable, cycleTable, parameterTable, particleTable, particleTableNote, solverTable } from "./tables.ts"
import { counted, escaped, markupToHtml, markupToPlain } from "./text.ts"

/** The page of a report. */
export const pageOf = (context: ReportContext, figures: ReportFigures, fontFaces: string): string => {
  const { manifest, warnings } = context.input
  const title = `${manifest.twin} · ${manifest.scenario}`
  return `${pageHead({ title, programVersion: manifest.programVersion, fontRules: fontFaces, hasScripts: true })}
<body>
<header>
<p class="kicker">Report of a run</p>
<h1>${escaped(manifest.twin)}</h1>
<p class="facts"><span class="status ${manifest.status}">${manifest.status}</span> scenario ${escaped(manifest.scenario)}${
    manifest.started === "" ? "" : ` · started ${escaped(readableDate(manifest.started))}`
  } · ${Number.isFinite(manifest.wallTime) ? `computed in ${timeSpan(manifest.wallTime)} · ` : ""}synchrode ${escaped(manifest.programVersion)}</p>
</header>
<main>
${summarySection(context)}
${warnings.length === 0 ? "" : warningList(context)}
${synchronisationSection(context, figures)}
${replaySection(figures.replay)}
${section("The cell", "", cellRows(figures.cell))}
${section("Inside the particles", "", pairs(figures.particles))}
${section("Fields on the mesh", fieldWords(context), gridOf(figures.fields))}
${section("Mesh", "", gridOf(figures.mesh))}
${section("Attributes of the particles", `Distributions over ${counted(context.particleCount, "particle")}.`, gridOf(figures.attributes))}
${tablesSection(context)}
</main>
<footer>Made by synchrode ${escaped(manifest.programVersion)} from the files of the run directory. Model after J. Li et al., Science 376, 517–521 (2022), doi:10.1126/science.abm8962. All pictures are drawn from the numbers of this run.</footer>
<script>${hoverScript}</script>
${figures.replay === null ? "" : `<script>${replayScript}</script>`}
</body>
</html>
`
}

const section = (heading: string, words: string, body: string): string =>
  body === "" ? "" : `<section><h2>${heading}</h2>${words === "" ? "" : `<p>${words}</p>`}${body}</section>`

/** A strip of numbers. */
const keysHtml = (keys: readonly KeyFigure[]): string =>
  keys.length === 0
    ? ""
    : `<dl class="keys">${keys
        .map(
          ({ title, value, note }) =>
            `<div><dt>${markupToHtml(title)}</dt><dd>${markupToHtml(value)}<small>${markupToHtml(note)}</small></dd></div>`,
        )
        .join("")}</dl>`

const verdictHtml = (context: ReportContext): string => {
  const words = verdictWords(context)
  if (words === null) return ""
  const { verdict, reason, keys, note } = words
  return (
    `<p class="verdict"><span class="status ${verdict}">${verdict}</span>${markupToHtml(reason)}</p>` +
    `${keysHtml(keys)}<p class="facts">${markupToHtml(note)}</p>`
  )
}

const summarySection = (context: ReportContext): string => {
  const { description, scenarioSteps } = context.input.manifest
  return (
    (description === "" ? "" : `<p class="lead">${escaped(description)}</p>`) +
    `<section class="summary"><p>${summarySentences(context).map(markupToHtml).join(" ")}</p></section>` +
    keysHtml(keyFigures(context)) +
    (scenarioSteps.length === 0
      ? ""
      : `<p class="facts">A cycle of ${escaped(context.input.manifest.scenario)}: ${escaped(scenarioSteps.join(" · "))}</p>`)
  )
}

const warningList = (context: ReportContext): string =>
  `<section aria-label="Warnings">${context.input.warnings
    .map(
      ({ severity, message }) =>
        `<p class="notice ${severity}"><b>${severity === "note" ? "Note" : severity === "warning" ? "Warning" : "Error"}</b>${escaped(message)}</p>`,
    )
    .join("")}</section>`

/** A figure with its caption; the curves for reading values stand beside it as data. */
const figureHtml = ({ name, title, caption, drawing }: PageFigure, style = ""): string => {
  const readable = drawing.plots.some(({ curves }) => curves.length > 0)
  const id = `hover-${name}`
  return (
    `<figure id="figure-${escaped(name)}"${readable ? ` data-hover="${escaped(id)}"` : ""}${style === "" ? "" : ` style="${style}"`}>` +
    svgDocument(drawing, markupToPlain(title)) +
    (caption === "" ? "" : `<figcaption>${markupToHtml(caption)}</figcaption>`) +
    (readable ? jsonElement(id, drawing.plots) : "") +
    `</figure>`
  )
}

/** Data that a script reads; text in it can never end the element. */
const jsonElement = (id: string, data: unknown): string =>
  `<script type="application/json" id="${escaped(id)}">${JSON.stringify(data).replace(/</g, "\\u003c")}</script>`

const replaySection = (replay: Replay | null): string => {
  if (replay === null) return ""
  const { stills, legend, data, caption } = replay
  const still = (drawing: Drawing, at: number) =>
    `<div class="still" style="--share:${Math.round(drawing.width)};max-width:${Math.round(drawing.width)}px">${svgDocument(drawing, `Cycle ${data.tracks[at].cycle} at the end of charge`)}</div>`
  const body =
    `<figure id="figure-replay">` +
    `<div class="controls" hidden><button type="button">Play</button><input type="range" min="0" step="any" aria-label="Time in the cycle"><output></output></div>` +
    `<div class="row">${stills.map(still).join("")}</div>` +
    `<div class="bars" style="max-width:${legend.width}px">${svgDocument(legend, "Colours of lithium content and damage")}</div>` +
    `<figcaption>${markupToHtml(caption)}</figcaption>${jsonElement("replay-data", data)}</figure>`
  return section(stills.length > 1 ? "The first and the last cycle, replayed" : "The cycle, replayed", "", body)
}

const rowOf = (figures: readonly PageFigure[]): string =>
  figures.length === 0
    ? ""
    : `<div class="row">${figures.map((figure) => figureHtml(figure, `--share:${Math.round(figure.drawing.width)}`)).join("")}</div>`

const gridOf = (figures: readonly PageFigure[]): string =>
  figures.length === 0
    ? ""
    : `<div class="grid">${figures.map((figure) => figureHtml(figure, `--width:${Math.ceil(figure.drawing.width)}`)).join("")}</div>`

/** Two figures a row; the odd one out keeps its size. */
const pairs = (figures: readonly PageFigure[]): string => {
  const rows: string[] = []
  for (let at = 0; at < figures.length; at += 2) {
    rows.push(at + 1 < figures.length ? rowOf(figures.slice(at, at + 2)) : gridOf(figures.slice(at)))
  }
  return rows.join("")
}

const cellRows = (figures: readonly PageFigure[]): string => rowOf(figures.slice(0, 1)) + rowOf(figures.slice(1))

const synchronisationSection = (
  context: ReportContext,
  { arrangement, synchronisation, byCycle }: ReportFigures,
): string => {
  if (synchronisation.length === 0) return ""
  const only = (...names: readonly string[]) => synchronisation.filter(({ name }) => names.includes(name))
  const layout = only("layout")
  const lower = only("damage", "damage-deviation")
  const beside = arrangement === "beside" && layout.length > 0
  const charts =
    arrangement === "corner"
      ? rowOf(only("layout", "lithium-content")) + rowOf([...only("spread"), ...lower])
      : rowOf(only("lithium-content", "spread")) + rowOf(lower)
  const body = beside
    ? `<div class="row">${figureHtml(layout[0], `--share:${Math.round(layout[0].drawing.width)}`)}` +
      `<div style="--share:${Math.round(pageWidth - layout[0].drawing.width - panelGap)}">${charts}</div></div>`
    : (arrangement === "above" ? rowOf(layout) : "") + charts
  const words =
    context.particleCount > 1
      ? "Particles that touch the conductive network differently drift apart while charging; whether the differences then shrink from cycle to cycle is what panels B to E show (arranged as Fig. 3 of Li et al. 2022)."
      : "With one particle there is nothing to compare."
  return section("Do the particles move together?", words, verdictHtml(context) + body + pairs(byCycle))
}

const fieldWords = (context: ReportContext): string =>
  framesShown(context.input.frames).length > 1
    ? "The first and the last recorded end of charge on one colour scale."
    : ""

const tablesSection = (context: ReportContext): string => {
  const { manifest, cycles } = context.input
  return [
    context.particleCount === 0
      ? ""
      : section("Particles", escaped(particleTableNote(context)), particleTable(context) + attributeTable(context)),
    cycles.cycle.length === 0 ? "" : section("Cycles", "", cycleTable(context)),
    manifest.parameters.length === 0
      ? ""
      : section("Parameters and their sources", "", parameterTable(manifest.parameters)),
    section("How it was computed", "", solverTable(context)),
  ].join("\n")
}
