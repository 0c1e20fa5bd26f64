import type { Observation } from "../../learning/observations.ts"
import type { Agreement } from "../../learning/published-scores.ts"
import { type Drawing, svgDocument } from "../drawing.ts"
import { readableDate, significant } from "../number.ts"
import { pageHead } from "../page-head.ts"
import type { ParticleFigure } from "../particles/figures.ts"
import { type FontFace, fontFaceRules, hoverScript } from "../style.ts"
import { counted, escaped, inWords, literal, markupToHtml, markupToPlain } from "../text.ts"
import type { learningFigures } from "./figures.ts"
import type { LearningReportInput, StudyShown } from "./input.ts"
import { passesChance } from "./scores.ts"

const section = (heading: string, words: string, body: string): string =>
  body === ""
    ? ""
    : `<section><h2>${heading}</h2>${words === "" ? "" : `<p>${markupToHtml(words)}</p>`}${body}</section>`

/** Data that a script reads; text in it can never end the element. */
const jsonElement = (id: string, data: unknown): string =>
  `<script type="application/json" id="${escaped(id)}">${JSON.stringify(data).replace(/</g, "\\u003c")}</script>`

const pictureOf = (name: string, drawing: Drawing, title: string, caption: string): string => {
  const isReadable = drawing.plots.some(({ curves }) => curves.length > 0)
  const id = `hover-${name}`
  return (
    `<figure id="figure-${escaped(name)}"${isReadable ? ` data-hover="${escaped(id)}"` : ""} style="--width:${Math.ceil(drawing.width)}">` +
    svgDocument(drawing, title) +
    (caption === "" ? "" : `<figcaption>${markupToHtml(caption)}</figcaption>`) +
    (isReadable ? jsonElement(id, drawing.plots) : "") +
    "</figure>"
  )
}

/** Figures in a grid. */
export const figureGrid = (figures: readonly ParticleFigure[]): string =>
  figures.length === 0
    ? ""
    : `<div class="grid">${figures.map(({ name, title, caption, drawing }) => pictureOf(name, drawing, markupToPlain(title), caption)).join("")}</div>`

/** A table of words. */
export const wordTable = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const cells = (row: readonly string[], element: string): string =>
    `<tr>${row.map((cell) => `<${element}>${markupToHtml(cell)}</${element}>`).join("")}</tr>`
  const body = rows.map((row) => cells(row, "td")).join("")
  return `<div class="scroll"><table><thead>${cells(head, "th")}</thead><tbody>${body}</tbody></table></div>`
}

/** What all pages of tables are made of. */
export const learningDocument = (page: {
  readonly kicker: string
  readonly title: string
  readonly started: string
  readonly programVersion: string
  /** Mark-up */
  readonly summary: string
  readonly warnings: readonly string[]
  readonly sections: readonly (readonly [heading: string, words: string, body: string])[]
  readonly fonts: readonly FontFace[]
}): string => `${pageHead({ title: page.title, programVersion: page.programVersion, fontRules: fontFaceRules(page.fonts), hasScripts: true })}
<body>
<header>
<p class="kicker">${escaped(page.kicker)}</p>
<h1>${escaped(page.title)}</h1>
<p class="facts">${escaped(readableDate(page.started))} · synchrode ${escaped(page.programVersion)}</p>
</header>
<main>
<section class="summary"><p>${markupToHtml(page.summary)}</p></section>
${page.warnings.map((text) => `<p class="notice note"><b>Note</b>${escaped(text)}</p>`).join("")}
${page.sections.map((each) => section(...each)).join("\n")}
</main>
<footer>Made by synchrode ${escaped(page.programVersion)}. All pictures are drawn from the numbers of these tables. Method after J. Li et al., Science 376, 517–521 (2022), doi:10.1126/science.abm8962.</footer>
<script>${hoverScript}</script>
</body>
</html>
`

const leading = ({ names, scores }: StudyShown, count: number): readonly string[] =>
  [...names.keys()]
    .filter((k) => scores.mean[k] > 0)
    .sort((a, b) => scores.mean[b] - scores.mean[a])
    .slice(0, count)
    .map((k) => `${literal(names[k])} (${significant(100 * scores.mean[k], 2)} %)`)

const summaryOf = ({ studies, differences, permutations }: LearningReportInput): string => {
  const found = studies.map((study) => {
    const first = leading(study, 3)
    const names = first.length === 0 ? "no column tells anything" : `${inWords(first)} tell most`
    return `In ${literal(study.title)} (${counted(study.rowCount, "row")}) ${names} of ${literal(study.target.name)}.`
  })
  if (differences.length === 0) return found.join(" ")
  const chance = permutations === 0 ? "what the runs alone give" : "what rows give that change tables"
  const passing = differences.filter(passesChance).sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference))
  const named = passing
    .slice(0, 6)
    .map(
      ({ name, difference }) =>
        `${literal(name)} (${difference >= 0 ? "+" : "−"}${significant(100 * Math.abs(difference), 2)} %)`,
    )
  const between =
    passing.length === 0
      ? `No score differs between the tables beyond ${chance}.`
      : `Of ${counted(differences.length, "score")}, ${passing.length} differ${passing.length === 1 ? "s" : ""} beyond ${chance}: ${inWords(named)}${passing.length > 6 ? " and others" : ""}.`
  return [...found, between].join(" ")
}

const errorTable = ({ studies }: LearningReportInput): string =>
  wordTable(
    ["Table", "Rows", "Held out, mean absolute error", "Cross-validated", "Out of bag", "*R*^2, cross-validated"],
    studies.map(({ title, rowCount, errors }) => [
      literal(title),
      String(rowCount),
      ...[errors.heldOut, errors.crossValidated, errors.outOfBag, errors.determination].map((value) =>
        significant(value, 3),
      ),
    ]),
  )

const latentTable = ({ studies }: LearningReportInput): string =>
  wordTable(
    ["Table", "Latent values", "Autoencoder", "Without regularisation", "Principal components"],
    studies.map(({ title, latent: { latentCount, errors } }) => [
      literal(title),
      String(latentCount),
      ...[errors.regularised, errors.unregularised, errors.principal].map((value) => significant(value, 3)),
    ]),
  )

/** Verdict with its statistic and probability, in words. */
export const verdictText = ({ verdict, statistic, probability }: Observation): string =>
  verdict.kind === "not known"
    ? `not known: ${literal(verdict.reason)}`
    : `${verdict.kind} (${significant(statistic, 3)}${probability === null ? "" : `, *p* = ${significant(probability, 2)}`})`

const observationTable = ({ observations }: LearningReportInput): string =>
  observations.length === 0
    ? ""
    : wordTable(
        ["Observation", "Measure", "Verdict"],
        observations.map((each) => [literal(each.statement), literal(each.measure), verdictText(each)]),
      )

const correlationText = ({ coefficient, interval: [low, high] }: Agreement): string =>
  Number.isNaN(coefficient)
    ? "not known"
    : `${significant(coefficient, 2)} (95 % interval ${significant(low, 2)} … ${significant(high, 2)})`

/** What the scores have to do with published ones. */
const publishedWords = ({ studies, published }: LearningReportInput): string => {
  if (published === null) return ""
  const { comparison, names } = published
  const tables = comparison.tables.map(
    ({ early, late }, at) =>
      `${literal(studies[at].title)}: ${correlationText(early)} with the early ones, ${correlationText(late)} with the late ones.`,
  )
  const gains =
    comparison.gains === null
      ? ""
      : ` Gains from the first table to the second with the published gains: ${correlationText(comparison.gains)}.`
  return `Rank correlations of the scores with those of ${literal(published.file)}, over ${counted(names.length, "attribute")} that both have. ${tables.join(" ")}${gains}`
}

const publishedTable = ({ studies, published }: LearningReportInput): string => {
  if (published === null) return ""
  const percent = (values: Float64Array, k: number): string => significant(100 * values[k], 2)
  const order = [...published.names.keys()].sort((a, b) => published.published[0][b] - published.published[0][a])
  return wordTable(
    [
      "Attribute",
      "Published, early (%)",
      "Published, late (%)",
      ...published.own.map((_, at) => `${literal(studies[at].title)} (%)`),
    ],
    order.map((k) => [
      literal(published.names[k]),
      ...[...published.published, ...published.own].map((values) => percent(values, k)),
    ]),
  )
}

/** Every difference with the probabilities of both tests. */
const differenceTable = ({ differences, permutations }: LearningReportInput): string => {
  if (differences.length === 0) return ""
  const percent = (value: number): string => significant(100 * value, 2)
  const ordered = [...differences].sort((a, b) => b.difference - a.difference)
  const withRows = permutations > 0
  return wordTable(
    [
      "Attribute",
      "Difference of the shares (%)",
      "Deviation of single runs (%)",
      "Runs: *p*, any attribute",
      ...(withRows ? ["Rows: difference (%)", "Rows: *p*", "Rows: *p*, any attribute"] : []),
    ],
    ordered.map(({ name, difference, deviation, familyProbability, rows }) => [
      literal(name),
      percent(difference),
      percent(deviation),
      significant(familyProbability, 2),
      ...(rows === null
        ? []
        : [percent(rows.difference), significant(rows.probability, 2), significant(rows.familyProbability, 2)]),
    ]),
  )
}

/** The report of what was learnt as one HTML document that needs nothing else. */
export const renderLearning = (
  input: LearningReportInput,
  figures: ReturnType<typeof learningFigures>,
  options: { readonly fonts?: readonly FontFace[] } = {},
): string =>
  learningDocument({
    kicker: "Learning from attributes",
    title: input.studies.map(({ title }) => title).join(" and "),
    started: input.started,
    programVersion: input.programVersion,
    summary: summaryOf(input),
    warnings: input.warnings,
    fonts: options.fonts ?? [],
    sections: [
      [
        "What tells of the target",
        `Scores by a random forest after ${literal(input.preset)} and its exact Shapley values. Importance says what the forest uses, not what causes damage.`,
        figureGrid(figures.scores) + differenceTable(input),
      ],
      [
        "How good the forest is",
        "A score says little where the forest foretells little: *R*^2 near 0 is no better than the mean.",
        errorTable(input) + figureGrid(figures.predictions),
      ],
      [
        "Published observations",
        `Taking ${literal(input.studies[0].title)} for the early state and ${literal(input.studies[1]?.title ?? "")} for the later one.`,
        observationTable(input),
      ],
      ["Beside the published scores", publishedWords(input), publishedTable(input) + figureGrid(figures.published)],
      ["Row by row", "", figureGrid(figures.rows)],
      ["What goes with what", "", figureGrid(figures.correlations)],
      [
        "Latent values",
        "Errors of rows held out: mean square of a standardised column, 1 where nothing is given back but the mean.",
        latentTable(input) + figureGrid(figures.latent),
      ],
    ],
  })
