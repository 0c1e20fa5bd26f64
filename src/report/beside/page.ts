import type { LabelAgreement } from "../../image/label-agreement.ts"
import { quantile, sampleOf } from "../../statistics/sample.ts"
import { axisOver } from "../axis.ts"
import { chartDrawing } from "../chart.ts"
import type { ChartLine } from "../chart-spec.ts"
import { type Drawing, svgDocument } from "../drawing.ts"
import { pageWidth } from "../figures.ts"
import { fixed, percent, significant } from "../number.ts"
import { pageHead } from "../page-head.ts"
import { type FontFace, fontFaceRules, hoverScript } from "../style.ts"
import { htmlTable } from "../table.ts"
import { counted, escaped, literal, markupToHtml } from "../text.ts"
import type { BesideInput, FoundObjects, HardCase } from "./input.ts"
import { besideDrawing, lines } from "./picture.ts"

/** Overlaps that tables show */
const shownOverlaps = [0.5, 0.6, 0.7, 0.8, 0.9]

/** Two ways of finding particles side by side, and against the truth where there is one, as one HTML document. */
export const renderBeside = (input: BesideInput, options: { readonly fonts?: readonly FontFace[] } = {}): string => {
  const { title, programVersion, shape, spacing } = input
  const edge = spacing.map((each) => significant(each * 1e9, 4)).join(" × ")
  const extent = shape[2] === 1 ? `${shape[0]} × ${shape[1]} pixels` : `${shape.join(" × ")} voxels`
  return `${pageHead({ title: `${title}: two ways of finding particles`, programVersion, fontRules: fontFaceRules(options.fonts ?? []), hasScripts: true })}
<body>
<header>
<p class="kicker">Two ways of finding particles</p>
<h1>${escaped(title)}</h1>
<p class="facts">${escaped(input.first.name)} beside ${escaped(input.second.name)} · ${extent} of ${markupToHtml(edge)} nm · synchrode ${escaped(programVersion)}</p>
</header>
<main>
<section class="summary"><p>${sentences(input).map(markupToHtml).join(" ")}</p></section>
<section><h2>Outlines</h2><p style="max-width:none">${lineKey(input)}</p>${pictures(input)}</section>
${scoreSection(input)}
<section><h2>Counts and sizes</h2><p>Over particles that the border does not cut${shape[2] === 1 ? "; diameters are those of discs of equal area" : "; diameters are those of balls of equal volume"}.</p>
<div class="row"><div style="--share:56">${figure("sizes", sizeChart(input, Math.round(0.56 * (pageWidth - 20))))}</div><div style="--share:44">${sizeTable(input)}</div></div></section>
${caseSection(input)}
</main>
<footer>Made by synchrode ${escaped(programVersion)}. Scores after U. Schmidt et al., MICCAI (2018) 265–273.</footer>
<script>${hoverScript}</script>
</body>
</html>
`
}

const at = ({ scores }: LabelAgreement, overlap: number) =>
  scores.reduce((best, each) => (Math.abs(each.overlap - overlap) < Math.abs(best.overlap - overlap) ? each : best))

const sentences = ({ first, second, between, truth }: BesideInput): readonly string[] => {
  const common = [
    `${literal(first.name)} finds ${counted(first.count, "particle")}, ${literal(second.name)} ${second.count.toLocaleString("en-GB")}; ${at(between, 0.5).matched.toLocaleString("en-GB")} are the same to an overlap of one half.`,
  ]
  if (truth === null) return common
  const [one, other] = [at(truth.first, 0.5), at(truth.second, 0.5)]
  return [
    `${counted(truth.objects.count, "particle")} in truth.`,
    ...common,
    `F1 at an overlap of one half: ${fixed(one.f1, 3)} and ${fixed(other.f1, 3)}; at nine tenths ${fixed(at(truth.first, 0.9).f1, 3)} and ${fixed(at(truth.second, 0.9).f1, 3)}.`,
  ]
}

const lineKey = ({ first, second, truth }: BesideInput): string =>
  [
    [first.name, lines.first],
    [second.name, lines.second],
    ["both", lines.both],
    ...(truth === null ? [] : [["truth", lines.truth] as const]),
  ]
    .map(
      ([name, colour]) =>
        `<span style="white-space:nowrap;margin-right:18px"><span class="mark" style="background:${colour};outline:1px solid #999"></span>${escaped(name)}</span>`,
    )
    .join(" ")

const figure = (id: string, drawing: Drawing): string =>
  `<figure id="figure-${id}" data-hover="hover-${id}">${svgDocument(drawing, id)}<script type="application/json" id="hover-${id}">${JSON.stringify(drawing.plots).replace(/</g, "\\u003c")}</script></figure>`

const grid = (drawings: readonly Drawing[], names: readonly string[]): string =>
  `<div class="grid">${drawings.map((drawing, k) => `<figure style="--width:${Math.ceil(drawing.width)}">${svgDocument(drawing, names[k])}</figure>`).join("")}</div>`

const pictures = ({ planes }: BesideInput): string => {
  // Two in a row at the most: outlines want room.
  const columns = Math.min(2, planes.length)
  const room = (pageWidth - 20 * (columns - 1)) / columns
  const widest = Math.max(...planes.map(({ width, pixel }) => width * pixel[0]))
  return grid(
    planes.map((plane) => besideDrawing(plane, Math.floor((room * plane.width * plane.pixel[0]) / widest))),
    planes.map(({ name }) => name),
  )
}

const numeric = (title: string) => ({ title, numeric: true })
const words = (title: string) => ({ title, numeric: false })

const scoreSection = (input: BesideInput): string => {
  const { truth } = input
  if (truth === null) return ""
  const both = [truth.first, truth.second]
  const cells = (name: string, of: (agreement: LabelAgreement) => string) => [name, ...both.map(of)]
  const scores = htmlTable(
    [words("F1 at overlap"), numeric(literal(input.first.name)), numeric(literal(input.second.name))],
    shownOverlaps.map((overlap) => cells(fixed(overlap, 1), (agreement) => fixed(at(agreement, overlap).f1, 3))),
  )
  const errors = htmlTable(
    [words("Errors"), numeric(literal(input.first.name)), numeric(literal(input.second.name))],
    [
      cells("Count, against the truth", ({ foundCount, trueCount }) => percent((foundCount - trueCount) / trueCount)),
      cells("True particles split", ({ errors: { splitTruths } }) => String(splitTruths)),
      cells("True particles lost in others", ({ errors: { mergedAway } }) => String(mergedAway)),
      cells("Missed", ({ errors: { missed } }) => String(missed)),
      cells("Made up", ({ errors: { spurious } }) => String(spurious)),
      cells("Volume of matched ones: bias", ({ matchedVolume }) => percent(matchedVolume.bias)),
      cells("… and rms", ({ matchedVolume }) => percent(matchedVolume.deviation)),
      cells("Mean volume", ({ volumes }) => percent(volumes.foundMean / volumes.trueMean - 1)),
      cells("Damage of matched ones: bias", ({ damage }) => fixed(damage?.matched.bias ?? Number.NaN, 4)),
      cells("… and rms", ({ damage }) => fixed(damage?.matched.deviation ?? Number.NaN, 4)),
      cells("Mean damage", ({ damage }) =>
        fixed((damage?.distribution.foundMean ?? Number.NaN) - (damage?.distribution.trueMean ?? Number.NaN), 4),
      ),
    ],
  )
  return `<section><h2>Against the truth</h2><p>Two particles match where intersection over union reaches the overlap. Found and true particles are compared without their cracks.</p>
<div class="row"><div style="--share:56">${figure("scores", scoreChart(input, Math.round(0.56 * (pageWidth - 20))))}</div><div style="--share:44">${scores}</div></div>${errors}</section>`
}

const scoreChart = ({ truth, first, second }: BesideInput, width: number): Drawing => {
  const ofLine = (name: string, colour: string, agreement: LabelAgreement): ChartLine => ({
    name: literal(name),
    colour,
    x: Float64Array.from(agreement.scores, ({ overlap }) => overlap),
    y: Float64Array.from(agreement.scores, ({ f1 }) => f1),
    dots: true,
  })
  const drawn =
    truth === null
      ? []
      : [ofLine(first.name, inkOf.first, truth.first), ofLine(second.name, inkOf.second, truth.second)]
  return chartDrawing({
    width,
    height: 300,
    x: axisOver(
      "Overlap (intersection over union)",
      drawn.map(({ x }) => x),
      { tight: true },
    ),
    y: { title: "F1", minimum: 0, maximum: 1, step: 0.2 },
    lines: drawn,
    names: "above",
  })
}

/** Colours on white paper. */
const inkOf = { first: "#0072b2", second: "#d55e00", truth: "#1f2430" } as const

/** Diameters [µm] of discs or balls, ascending. */
const diameters = ({ volumes }: FoundObjects, isPlane: boolean): Float64Array =>
  volumes
    .map((size) => 1e6 * (isPlane ? 2 * Math.sqrt(size / Math.PI) : 2 * Math.cbrt((3 * size) / (4 * Math.PI))))
    .sort()

const named = (input: BesideInput): readonly (readonly [FoundObjects, string])[] => [
  [input.first, inkOf.first],
  [input.second, inkOf.second],
  ...(input.truth === null ? [] : [[input.truth.objects, inkOf.truth] as const]),
]

const sizeChart = (input: BesideInput, width: number): Drawing => {
  const isPlane = input.shape[2] === 1
  const drawn = named(input)
    .map(([objects, colour]): ChartLine => {
      const x = diameters(objects, isPlane)
      return { name: literal(objects.name), colour, x, y: x.map((_, k) => (k + 1) / x.length) }
    })
    .filter(({ x }) => x.length > 0)
  return chartDrawing({
    width,
    height: 300,
    x: axisOver(
      "Diameter (µm)",
      drawn.map(({ x }) => x),
    ),
    y: { title: "Share of the particles that are no larger", minimum: 0, maximum: 1, step: 0.2 },
    lines: drawn,
    names: "above",
  })
}

const sizeTable = (input: BesideInput): string => {
  const isPlane = input.shape[2] === 1
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length
  return htmlTable(
    [words(""), ...["Particles", "Whole", "Median (µm)", "10 % (µm)", "90 % (µm)", "Mean damage"].map(numeric)],
    named(input).map(([objects]) => {
      const sizes = sampleOf(diameters(objects, isPlane))
      const known = objects.damage.filter(Number.isFinite)
      const at = (share: number): string =>
        objects.volumes.length === 0 ? "–" : significant(quantile(sizes, share), 3)
      return [
        literal(objects.name),
        objects.count.toLocaleString("en-GB"),
        objects.volumes.length.toLocaleString("en-GB"),
        at(0.5),
        at(0.1),
        at(0.9),
        known.length === 0 ? "–" : fixed(mean(known), 4),
      ]
    }),
  )
}

const caseSection = (input: BesideInput): string => {
  const { cases, truth } = input
  if (cases.length === 0) return ""
  const whose =
    truth === null
      ? `Particles on which both ways agree least, each in the plane through its middle; those found alone are of ${escaped(input.second.name)}.`
      : `True particles that overlap least with any of ${escaped(input.first.name)}, and those that it finds alone, each in the plane through its middle.`
  const room = Math.floor((pageWidth - 40) / 3)
  const drawings = cases.map(({ plane }) => besideDrawing(plane, room))
  return `<section><h2>Hardest cases</h2><p>${whose}</p><p style="max-width:none">${lineKey(input)}</p>${grid(drawings, cases.map(caseName))}</section>`
}

const caseName = ({ plane }: HardCase): string => plane.name
