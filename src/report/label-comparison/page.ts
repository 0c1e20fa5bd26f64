import type { ObjectMatch } from "../../image/label-agreement.ts"
import type { DistributionError, MatchedError } from "../../image/score-errors.ts"
import { axisOver } from "../axis.ts"
import { chartDrawing } from "../chart.ts"
import type { ChartLine } from "../chart-spec.ts"
import { type Drawing, svgDocument } from "../drawing.ts"
import { pageWidth } from "../figures.ts"
import { readableUnit } from "../histograms.ts"
import { fixed, percent, quantity, significant } from "../number.ts"
import { pageHead } from "../page-head.ts"
import { type FontFace, fontFaceRules, hoverScript } from "../style.ts"
import { htmlTable } from "../table.ts"
import { counted, escaped, literal, markupToHtml } from "../text.ts"
import type { LabelComparisonInput } from "./input.ts"
import { comparedDrawing, planeKey } from "./plane.ts"

/** Rows of the table of worst matches */
const worstRows = 40

/** How well found labels agree with true ones, as one HTML document that needs nothing else. */
export const renderLabelComparison = (
  input: LabelComparisonInput,
  options: { readonly fonts?: readonly FontFace[] } = {},
): string => {
  const { truthFile, foundFile, programVersion, shape, spacing } = input
  const edge = spacing.map((each) => significant(each * 1e9, 4)).join(" × ")
  return `${pageHead({ title: `${foundFile} against ${truthFile}`, programVersion, fontRules: fontFaceRules(options.fonts ?? []), hasScripts: true })}
<body>
<header>
<p class="kicker">Labels compared</p>
<h1>${escaped(foundFile)}</h1>
<p class="facts">held against ${escaped(truthFile)} · ${shape.join(" × ")} voxels of ${markupToHtml(edge)} nm · synchrode ${escaped(programVersion)}</p>
</header>
<main>
<section class="summary"><p>${sentences(input).map(markupToHtml).join(" ")}</p></section>
${keys(input)}
<section><h2>Scores over overlap</h2>
<p>Two objects match where intersection over union reaches the overlap. Precision is the share of found objects that match, recall that of true ones, average precision (as StarDist defines it) the share of matches among matches, misses and false finds; panoptic quality is the mean overlap of the matches times F1.</p>
<div class="row"><div style="--share:56">${figure("scores", scoreChart(input, Math.round(0.56 * (pageWidth - 20))))}</div><div style="--share:44">${scoreTable(input)}</div></div></section>
${planeSection(input)}
<section><h2>Splits, merges, misses</h2><p>A found object is a piece of the true one in which more than half of it lies; a true object is held by the found one in which more than half of it lies. Missed are true objects that have no piece and are not held. Split and merge information are the two halves of the variation of information.</p>${errorTable(input)}</section>
<section><h2>Statistics</h2><p>Over objects that the border of the volume does not cut. The Wasserstein distance says how far values must be moved on average to make one distribution of the other; Kolmogorov's is the largest difference of the distribution functions. Matched are pairs of an overlap of one half or more.</p>${statisticsTable(input)}</section>
<section><h2>Worst matches</h2><p>${worstWords(input)}</p>${worstTable(input)}</section>
</main>
<footer>Made by synchrode ${escaped(programVersion)}. Scores after U. Schmidt et al., MICCAI (2018) 265–273, and A. Kirillov et al., CVPR (2019) 9404.</footer>
<script>${hoverScript}</script>
</body>
</html>
`
}

const at = ({ agreement }: LabelComparisonInput, overlap: number) =>
  agreement.scores.reduce((best, each) =>
    Math.abs(each.overlap - overlap) < Math.abs(best.overlap - overlap) ? each : best,
  )

const sentences = (input: LabelComparisonInput): readonly string[] => {
  const { agreement } = input
  const { errors, trueCount, foundCount } = agreement
  const half = at(input, 0.5)
  const rest = [
    errors.splitTruths > 0 ? `${counted(errors.splitTruths, "true object")} split` : "",
    errors.mergedFinds > 0
      ? `${counted(errors.mergedAway + errors.mergedFinds, "true object")} merged into ${errors.mergedFinds}`
      : "",
    errors.missed > 0 ? `${errors.missed} missed` : "",
    errors.spurious > 0 ? `${errors.spurious} found where there is none` : "",
  ].filter((part) => part !== "")
  return [
    `${counted(trueCount, "true object")}, ${foundCount.toLocaleString("en-GB")} found; ${half.matched.toLocaleString("en-GB")} match at an overlap of one half.`,
    rest.length === 0 ? "None is split, merged, missed or made up." : `${rest.join(", ")}.`,
  ]
}

const keys = (input: LabelComparisonInput): string => {
  const { matchedVolume, damage } = input.agreement
  const entries: readonly (readonly [string, string, string])[] = [
    ["F1", fixed(at(input, 0.5).f1, 3), "overlap 0.5"],
    ["F1", fixed(at(input, 0.9).f1, 3), "overlap 0.9"],
    ["Panoptic quality", fixed(at(input, 0.5).panopticQuality, 3), "overlap 0.5"],
    ["Volume error", percent(matchedVolume.bias), `matched objects; rms ${percent(matchedVolume.deviation)}`],
    ...(damage === null
      ? []
      : [
          [
            "Damage error",
            fixed(damage.matched.bias, 4),
            `matched objects; rms ${fixed(damage.matched.deviation, 4)}`,
          ] as const,
        ]),
  ]
  return `<dl class="keys">${entries
    .map(([title, value, note]) => `<div><dt>${title}</dt><dd>${value}<small>${note}</small></dd></div>`)
    .join("")}</dl>`
}

const figure = (id: string, drawing: Drawing): string =>
  `<figure id="figure-${id}" data-hover="hover-${id}">${svgDocument(drawing, id)}<script type="application/json" id="hover-${id}">${JSON.stringify(drawing.plots).replace(/</g, "\\u003c")}</script></figure>`

const scoreChart = ({ agreement: { scores } }: LabelComparisonInput, width: number): Drawing => {
  const x = Float64Array.from(scores, ({ overlap }) => overlap)
  const line = (name: string, colour: string, of: (score: (typeof scores)[number]) => number): ChartLine => ({
    name,
    colour,
    x,
    y: Float64Array.from(scores, of),
    dots: true,
  })
  const lines = [
    line("Precision", "#0072b2", ({ precision }) => precision),
    line("Recall", "#d55e00", ({ recall }) => recall),
    line("F1", "#1f2430", ({ f1 }) => f1),
    line("Average precision", "#009e73", ({ averagePrecision }) => averagePrecision),
    line("Panoptic quality", "#7b3f9e", ({ panopticQuality }) => panopticQuality),
  ]
  return chartDrawing({
    width,
    height: 320,
    x: axisOver("Overlap (intersection over union)", [x], { tight: true }),
    y: { title: "Score", minimum: 0, maximum: 1, step: 0.2 },
    lines,
    names: "above",
  })
}

const numeric = (title: string) => ({ title, numeric: true })
const words = (title: string) => ({ title, numeric: false })

const scoreTable = ({ agreement: { scores } }: LabelComparisonInput): string =>
  htmlTable(
    ["Overlap", "Matched", "Precision", "Recall", "F1", "AP", "PQ"].map(numeric),
    scores.map((score) => [
      fixed(score.overlap, 2),
      score.matched.toLocaleString("en-GB"),
      ...[score.precision, score.recall, score.f1, score.averagePrecision, score.panopticQuality].map((v) =>
        fixed(v, 3),
      ),
    ]),
  )

const planeSection = ({ planes }: LabelComparisonInput): string => {
  if (planes.length === 0) return ""
  const room = (pageWidth - 20 * (planes.length - 1)) / planes.length
  const widest = Math.max(...planes.map(({ width, pixel }) => width * pixel[0]))
  const drawings = planes.map((plane) =>
    comparedDrawing(plane, Math.floor((room * plane.width * plane.pixel[0]) / widest)),
  )
  return `<section><h2>Planes</h2><p style="max-width:none">${planeKey()}</p><div class="grid">${drawings
    .map(
      (drawing, k) =>
        `<figure style="--width:${Math.ceil(drawing.width)}">${svgDocument(drawing, planes[k].name)}</figure>`,
    )
    .join("")}</div></section>`
}

const errorTable = ({ agreement: { errors, trueCount, foundCount } }: LabelComparisonInput): string => {
  const of = (count: number, all: number): readonly string[] => [
    count.toLocaleString("en-GB"),
    percent(all > 0 ? count / all : Number.NaN),
  ]
  return htmlTable(
    [words("What"), numeric("Count"), numeric("Share")],
    [
      ["True objects that are split", ...of(errors.splitTruths, trueCount)],
      ["Pieces too many", ...of(errors.surplusPieces, foundCount)],
      ["Found objects that merge true ones", ...of(errors.mergedFinds, foundCount)],
      ["True objects lost in them", ...of(errors.mergedAway, trueCount)],
      ["True objects missed", ...of(errors.missed, trueCount)],
      ["Found objects that are none", ...of(errors.spurious, foundCount)],
      ["Split information (bit)", fixed(errors.splitInformation, 4), ""],
      ["Merge information (bit)", fixed(errors.mergeInformation, 4), ""],
    ],
  )
}

const statisticsTable = ({ agreement: { volumes, matchedVolume, damage } }: LabelComparisonInput): string => {
  const { unit, factor } = readableUnit("m^3", [volumes.trueMean, volumes.foundMean].filter(Number.isFinite))
  const row = (
    name: string,
    suffix: string,
    scale: number,
    error: DistributionError,
    matched: MatchedError,
    isRelative: boolean,
  ) => [
    name,
    error.trueCount.toLocaleString("en-GB"),
    error.foundCount.toLocaleString("en-GB"),
    ...[error.trueMean, error.foundMean, error.trueMedian, error.foundMedian, error.wasserstein].map((value) =>
      quantity(value * scale, Number.isFinite(value) ? suffix : "", 4),
    ),
    fixed(error.kolmogorov, 3),
    isRelative ? percent(matched.bias) : fixed(matched.bias, 4),
    isRelative ? percent(matched.deviation) : fixed(matched.deviation, 4),
  ]
  return htmlTable(
    [
      words(""),
      ...["True", "Found", "True mean", "Found mean", "True median", "Found median", "Wasserstein", "Kolmogorov"].map(
        numeric,
      ),
      numeric("Matched: bias"),
      numeric("Matched: rms"),
    ],
    [
      row("Volume", unit, factor, volumes, matchedVolume, true),
      ...(damage === null ? [] : [row("Damage", "", 1, damage.distribution, damage.matched, false)]),
    ],
  )
}

const worstWords = ({ agreement: { matches } }: LabelComparisonInput): string =>
  matches.length > worstRows
    ? `The first ${worstRows} of ${matches.length.toLocaleString("en-GB")}; objects.csv has all.`
    : "Every true object with the found one that overlaps it most, and found ones that match none."

const worstTable = ({ agreement: { matches }, spacing }: LabelComparisonInput): string => {
  const voxel = spacing[0] * spacing[1] * spacing[2]
  const { unit, factor } = readableUnit(
    "m^3",
    matches.map(({ trueSize }) => trueSize * voxel),
  )
  const cells = ({ truth, found, overlap, trueSize, foundSize, place }: ObjectMatch): readonly string[] => [
    truth === 0 ? "–" : literal(String(truth)),
    found === 0 ? "–" : literal(String(found)),
    fixed(overlap, 3),
    truth === 0 ? "–" : significant(trueSize * voxel * factor, 3),
    found === 0 ? "–" : significant(foundSize * voxel * factor, 3),
    place.map((each) => fixed(each, 0)).join(", "),
  ]
  return htmlTable(
    [
      numeric("True label"),
      numeric("Found label"),
      numeric("Overlap"),
      numeric(`True volume (${unit})`),
      numeric(`Found volume (${unit})`),
      numeric("Middle of the bounds (voxel x, y, z)"),
    ],
    matches.slice(0, worstRows).map(cells),
  )
}
